// What `rules check` tells beyond mistakes: conditions that cannot hold, arms and conditions without effect, rules
// that another one swallows or that match nearly everything. What it calls certain must hold in every text.
#include <catch2/catch.hpp>

#include <algorithm>
#include <bitset>
#include <set>

#include <fmt/format.h>

#include "analyzer/analyze.h"
#include "analyzer/rules/lint.h"
#include "shipped.h"
#include "tests/analyzer/random_rules.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::string rule_text(int number, const std::string& expression, const std::string& more = {}) {
  return fmt::format("  - {{id: r{}, name: 试, topic: 试, severity: C, match: '{}'{}}}\n", number, expression, more);
}

Compiled compile_rules(const std::string& list) {
  Compiled out = compile({{"试.yaml", "pack: try\nversion: '1'\ntitle: 试\nrules:\n" + list}}, {{"类.txt", "甲乙\n丁\n"}});
  for (const Diagnostic& one : out.diagnostics) UNSCOPED_INFO(describe(one));
  REQUIRE_FALSE(out.has_errors());
  return out;
}

// "kind@column", of rules told apart by their number when there is more than one.
std::string found_in(const std::string& list) {
  const Compiled compiled = compile_rules(list);
  std::string out;
  for (const LintFinding& one : lint(*compiled.rules, nullptr, {})) {
    CHECK_FALSE(one.message.empty());
    CHECK_FALSE(one.mend.empty());
    CHECK((one.kind == "never") == (one.grade == Diagnostic::Grade::error));
    out += fmt::format("{}{}{}@{}", out.empty() ? "" : " ",
                       compiled.rules->rules.size() > 1 ? compiled.rules->rules[one.rule].id + ":" : "", one.kind,
                       one.column);
  }
  return out;
}

}  // namespace

TEST_CASE("conditions without sense are told where they stand", "[rules][lint]") {
  struct Case { const char* expression; const char* want; };
  const Case cases[] = {
      {"甲乙 AND 丙丁", ""},
      {"(甲乙 OR 丙丁) AND NOT 戊己", ""},
      {"甲乙 AND NOT 甲乙", "never@12"},
      {"~甲乙丙 AND NOT ~甲乙", "never@14"},
      {"甲乙丙 AND NOT 甲乙", ""},  // 甲乙 need not be a word there
      {"title:甲乙 AND NOT 甲乙", "never@18"},
      {"甲乙 AND NOT title:甲乙", ""},
      {"title:(body:甲乙)", "never@13"},
      {"COUNT(甲乙) > 3 AND COUNT(甲乙) < 2", "never@1"},
      {"COUNT(甲乙) > 3 AND COUNT(甲乙) < 9", ""},
      {"甲乙 AND kind:forum AND kind:news", "never@8"},
      {"甲乙 AND (kind:forum OR kind:news)", ""},
      {"SENT(甲乙 AND NOT 甲乙)", "never@17"},
      {"3 OF (甲乙, 丙丁, NOT 甲乙)", "never@19"},
      {"2 OF (甲乙, 丙丁, NOT 甲乙)", ""},
      {"(甲乙 OR 戊己) AND NOT 甲乙", "branch@2"},
      {"甲乙 OR 丙丁 OR 甲乙", "branch@13"},
      {"~甲乙 OR ~甲乙丙", "branch@8"},
      {"甲乙 OR 甲乙丙", ""},  // a longer word beside a shorter one is good style
      {"@words(类) OR 丁", "branch@14"},
      {"=甲乙 OR ~甲乙", "branch@1"},
      {"(甲乙 OR 丁 OR 甲乙) NEAR/5 丙丁", "branch@13"},
      {"甲乙 NEAR/5 丙丁 OR 甲乙 NEAR/9 丙丁", "branch@1"},
      {"甲乙 ONEAR/5 丙丁 OR 丙丁 NEAR/5 甲乙", "branch@1"},
      {"甲乙 AND (甲乙 OR 丙丁)", "condition@9"},
      {"甲乙 NEAR/5 丙丁 AND 丙丁", "condition@18"},
      {"SENT(甲乙 AND 丙丁) AND 甲乙", "condition@21"},
      {"SENT(甲乙 AND 丙丁) AND PARA(甲乙 AND 丙丁)", "condition@21"},
      {"COUNT(甲乙) >= 2 AND 甲乙", "condition@20"},
      {"COUNT(甲乙) >= 1 AND 丙丁", ""},
      {"甲乙 AND NOT ~丙丁 AND NOT ~丙丁戊", "condition@20"},
      {"甲乙 UNLESS negated", ""},
  };
  for (const Case& one : cases) {
    INFO(one.expression);
    CHECK(found_in(rule_text(0, one.expression)) == one.want);
  }
}

TEST_CASE("a rule that another one swallows is told, unless it is meant so or graver", "[rules][lint]") {
  const auto two = [](const char* first, const char* second, const char* more = "") {
    return found_in(rule_text(0, first) + rule_text(1, second, more));
  };
  CHECK(two("甲乙", "甲乙 AND 丙丁") == "r1:shadowed@1");
  CHECK(two("甲乙 AND 丙丁", "甲乙") == "r0:shadowed@1");
  CHECK(two("甲乙 OR 丙丁", "SENT(丙丁 AND 甲乙)") == "r1:shadowed@1");
  CHECK(two("甲乙", "甲乙") == "r1:shadowed@1");
  CHECK(two("甲乙 NEAR/9 丙丁", "丙丁 NEAR/3 甲乙") == "r1:shadowed@1");
  CHECK(two("甲乙", "甲乙 AND 丙丁", ", accept: [shadowed]").empty());
  CHECK(two("甲乙 AND NOT 丙丁", "甲乙 AND 戊己").empty());
  CHECK(two("甲乙 UNLESS negated", "甲乙 AND 戊己").empty());
  CHECK(two("甲乙 NEAR/3 丙丁", "丙丁 NEAR/9 甲乙") == "r0:shadowed@1");
  CHECK(two("甲乙 ONEAR/3 丙丁", "丙丁 ONEAR/3 甲乙").empty());
  const std::string grave = "  - {id: r1, name: 试, topic: 试, severity: A, match: '甲乙 AND 丙丁'}\n";
  const std::string other = "  - {id: r1, name: 试, topic: 别的, severity: C, match: '甲乙 AND 丙丁'}\n";
  CHECK(found_in(rule_text(0, "甲乙") + grave).empty());
  CHECK(found_in(rule_text(0, "甲乙") + other).empty());
}

TEST_CASE("findings have file, line, column and rule in the pack", "[rules][lint]") {
  const std::string pack =
      "pack: try\nversion: '1'\ntitle: 试\nrules:\n  - id: 乙\n    name: 试\n    topic: 试\n    severity: C\n"
      "    match: >-\n      (甲乙 OR 丙丁)\n      AND NOT 甲乙\n";
  const std::vector<NamedText> packs{{"试.yaml", pack}};
  const Compiled compiled = compile(packs, {});
  REQUIRE_FALSE(compiled.has_errors());
  const auto told = placed(*compiled.rules, packs, lint(*compiled.rules, nullptr, {}));
  REQUIRE(told.size() == 1);
  CHECK(describe(told[0]).starts_with("试.yaml:10:8: warning: [乙] OR 的这一支“甲乙”永远不会成立"));
  CHECK(told[0].kind == "branch");
}

TEST_CASE("what a pack accepts must be a kind of finding", "[rules][lint]") {
  const Compiled compiled = compile(
      {{"试.yaml", "pack: try\nversion: '1'\ntitle: 试\nrules:\n" + rule_text(0, "甲乙", ", accept: [wide]")}}, {});
  const auto is_told = [](const Diagnostic& one) { return one.message == "accept 不认识“wide”"; };
  CHECK(std::count_if(compiled.diagnostics.begin(), compiled.diagnostics.end(), is_told) == 1);
}

TEST_CASE("the words' own sense is asked: a common word alone, a term that is its own context", "[rules][lint]") {
  const auto told = [](const std::string& expression) {
    const std::vector<NamedText> packs{
        {"试.yaml", "pack: try\nversion: '1'\ntitle: 试\nrules:\n" + rule_text(0, expression)}};
    const Compiled compiled = compile(packs, {});
    REQUIRE_FALSE(compiled.has_errors());
    Materials materials;
    materials.rules = compiled.rules;
    materials.context = {{"context.yaml", shipped_file("context.yaml")}};
    auto built = Analyzer::build(std::move(materials));
    REQUIRE(built);
    std::string out;
    for (const Diagnostic& one : (*built)->lint(packs)) out += one.kind + " ";
    return out;
  };
  CHECK(told("学生") == "broad ");
  CHECK(told("学生 OR 食堂异物") == "broad ");
  CHECK(told("学生 AND NOT 大学") == "broad ");
  CHECK(told("学生 AND 食堂异物").empty());
  CHECK(told("食堂异物").empty());
  CHECK(told("~堂") == "broad ");
  CHECK(told("辟谣 UNLESS refuted") == "never ");
  CHECK(told("中毒 UNLESS refuted").empty());
}

TEST_CASE("the shipped packs have no findings", "[packs][lint]") {
  const auto analyzer = shipped_analyzer();
  for (const Diagnostic& one : analyzer->lint(shipped_folder("education", ".yaml"))) FAIL_CHECK(describe(one));
}

// 200 random expressions, each with each, on 2,000 random texts: no text may gainsay a proof.
TEST_CASE("what is proven holds in every text", "[rules][lint][oracle]") {
  constexpr std::size_t rules_wanted = 200, texts = 2000;
  std::mt19937 random(20260417);
  const RandomRules rules = random_rules(random, rules_wanted, 2);
  std::vector<std::bitset<texts>> holds(rules_wanted);
  for (std::size_t t = 0; t < texts; ++t) {
    const PreparedText text = random_document(random);
    for (std::size_t i = 0; i < rules_wanted; ++i) holds[i][t] = naive::holds(rules.exprs[i], text.prepared);
  }
  LeafOrder order(*rules.compiled, nullptr);
  Implication implication(order);
  long follow = 0, exclude = 0;
  for (std::size_t a = 0; a < rules_wanted; ++a) {
    const Fact first{&rules.compiled->roots[a], {}, false};
    for (std::size_t b = 0; b < rules_wanted; ++b) {
      if (a == b) continue;
      const Fact second{&rules.compiled->roots[b], {}, false};
      INFO(naive::to_text(rules.exprs[a]) << "  and  " << naive::to_text(rules.exprs[b]));
      if (implication.follows({first}, second) == Proof::certain) {
        ++follow;
        CHECK((holds[a] & ~holds[b]).none());
      }
      if (implication.impossible({first, second}) == Proof::certain) {
        ++exclude;
        CHECK((holds[a] & holds[b]).none());
      }
    }
  }
  CHECK(follow > 200);
  CHECK(exclude > 200);
}
