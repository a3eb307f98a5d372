#include <catch2/catch.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/rules/match.h"
#include "tests/analyzer/random_rules.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::set<naive::Hit> hits_of(const RuleMatch& match, const Prepared& prepared) {
  std::set<naive::Hit> out;
  for (const Hit& hit : match.hits) {
    const TextView& view = prepared.view(hit.field);
    out.emplace(hit.field, view.at_byte(hit.span.begin), view.at_byte(hit.span.end), hit.term);
  }
  return out;
}

// Every clause has a literal that stands in the title or the body.
bool needles_stand(const RuleSet& rules, const Prepared& prepared) {
  for (const auto& clause : needles(rules)) {
    const bool any = std::any_of(clause.begin(), clause.end(), [&](const std::string& literal) {
      const std::u32string folded = fold_term(literal);
      return prepared.title.folded.find(folded) != folded.npos || prepared.body.folded.find(folded) != folded.npos;
    });
    if (!any) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the matcher decides as the naive reading of the language does", "[rules][oracle]") {
  std::mt19937 random(20260416);
  const RandomRules rules = random_rules(random, 1000, 3);
  long decisions = 0, matches = 0, differences = 0;
  std::string told;
  for (int round = 0; round < 1000; ++round) {
    const PreparedText text = random_document(random);
    const std::vector<RuleMatch> found = match(*rules.compiled, text.prepared);
    std::size_t next = 0;
    for (std::size_t i = 0; i < rules.exprs.size(); ++i, ++decisions) {
      const bool matched = next < found.size() && found[next].rule == fmt::format("r{:04}", i);
      const bool want = naive::holds(rules.exprs[i], text.prepared);
      bool agree = matched == want;
      if (matched) {
        agree = agree && hits_of(found[next], text.prepared) == naive::hits(rules.exprs[i], text.prepared) &&
                needles_stand(*rules.alone[i], text.prepared);
        ++next;
        ++matches;
      }
      if (agree) continue;
      if (++differences > 5) continue;
      told += fmt::format("rule {} wants {} got {}\ntitle {}\nbody {}\n{}\n", naive::to_text(rules.exprs[i]), want,
                          matched, text.document->title, text.document->body,
                          explain_rule(*rules.alone[i], rules_of(*rules.alone[i]).front(), text.prepared));
    }
    if (!found.empty()) CHECK(needles_stand(*rules.compiled, text.prepared));
  }
  INFO(told);
  CHECK(differences == 0);
  CHECK(decisions == 1'000'000);
  CHECK(matches > decisions / 20);
  CHECK(matches < decisions * 19 / 20);
}
