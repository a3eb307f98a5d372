#include <catch2/catch.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/rules/match.h"
#include "core/utf8.h"
#include "tests/analyzer/naive_rules.h"
#include "tests/analyzer/prepared_text.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::string random_text(std::mt19937& random, std::size_t size_max) {
  static const std::u32string letters = U"甲乙丙丁甲乙丙ab12 。\n，x";
  std::string out;
  for (std::size_t i = random() % (size_max + 1); i > 0; --i) append_char(out, letters[random() % letters.size()]);
  return out;
}

void give_borders(TextView& view, std::mt19937& random) {
  view.border.assign(view.folded.size() + 1, 1);
  for (std::size_t i = 1; i < view.folded.size(); ++i) view.border[i] = random() % 2;
}

std::vector<SentenceContext> random_contexts(const TextView& view, std::mt19937& random) {
  std::vector<SentenceContext> out;
  for (std::size_t i = 0; i + 1 < view.sentences.size(); ++i) {
    SentenceContext context;
    context.begin = view.sentences[i];
    context.end = view.sentences[i + 1];
    context.marks.refuted = random() % 3 == 0;
    context.marks.drill = random() % 3 == 0;
    if (random() % 2) {
      const std::uint32_t from = context.begin + std::uint32_t(random() % (context.end - context.begin));
      context.negated.emplace_back(from, from + std::uint32_t(random() % (context.end - from + 1)));
    }
    out.push_back(context);
  }
  return out;
}

PreparedText random_document(std::mt19937& random) {
  PreparedText out = prepare_text(random_text(random, 8), random_text(random, 40));
  for (const Field field : {Field::title, Field::body}) {
    TextView& view = field == Field::title ? out.prepared.title : out.prepared.body;
    give_borders(view, random);
    (field == Field::title ? out.prepared.title_context : out.prepared.body_context) = random_contexts(view, random);
    for (std::size_t i = random() % 3; i > 0 && view.folded.size() > 2; --i) {
      const std::size_t begin = random() % (view.folded.size() - 1);
      Entity entity;
      entity.kind = random() % 4 ? EntityKind::school : EntityKind::place;
      entity.field = field;
      entity.span = view.bytes(begin, begin + 1 + random() % std::min<std::size_t>(3, view.folded.size() - begin));
      out.prepared.entities.push_back(entity);
    }
  }
  return out;
}

std::set<naive::Hit> hits_of(const RuleMatch& match, const Prepared& prepared) {
  std::set<naive::Hit> out;
  for (const Hit& hit : match.hits) {
    const TextView& view = prepared.view(hit.field);
    out.emplace(hit.field, view.at_byte(hit.span.begin), view.at_byte(hit.span.end), hit.term);
  }
  return out;
}

struct Rules {
  std::vector<naive::Expr> exprs;  // by number in the id
  std::shared_ptr<const RuleSet> compiled;
  std::vector<std::shared_ptr<const RuleSet>> alone;
};

Rules random_rules(std::mt19937& random, std::size_t wanted) {
  Rules out;
  std::string list;
  for (const std::string& word : naive::words_in_class) list += word + "\n";
  const std::vector<NamedText> words{{naive::words_class + ".txt", list}};
  std::string pack = "pack: random\nversion: '1'\ntitle: 随机\nrules:\n";
  while (out.exprs.size() < wanted) {
    naive::Expr expr = naive::random_expr(random, 3);
    auto alone = compile_query(naive::to_text(expr), words);
    if (!alone) continue;  // nothing to hold on to
    pack += fmt::format("  - {{id: r{:04}, name: 随机, topic: 随机, severity: D, match: '{}'}}\n", out.exprs.size(),
                        naive::to_text(expr));
    out.exprs.push_back(std::move(expr));
    out.alone.push_back(std::move(*alone));
  }
  Compiled compiled = compile({{"random.yaml", pack}}, words);
  REQUIRE_FALSE(compiled.has_errors());
  out.compiled = compiled.rules;
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
  const Rules rules = random_rules(random, 1000);
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
