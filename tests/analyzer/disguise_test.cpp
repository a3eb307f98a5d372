// DISGUISED(…) over tests/data/disguise: words that are hidden are found and it is said how they were hidden;
// characters that merely come to stand side by side are not.
#include "analyzer/rules/disguise.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

#include "analyzer/rules/match.h"
#include "analyzer/segment/segmenter.h"
#include "shipped.h"
#include "source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::vector<Hit> hits(const std::string& expression, const std::string& text) {
  static const auto segmenter = Segmenter::build(shipped_folder("lexicon", ".txt"), {});
  REQUIRE(segmenter);
  const auto rules = compile_query(expression, {});
  INFO(expression << (rules ? "" : rules.error().detail));
  REQUIRE(rules);
  Document document;
  document.body = text;
  Prepared prepared;
  prepared.document = &document;
  prepared.body = fold(document.body);
  split(prepared.body);
  (*segmenter)->mark(prepared.body);
  prepared.title = fold("");
  (*segmenter)->mark(prepared.title);
  const std::vector<RuleMatch> matches = match(**rules, prepared);
  return matches.empty() ? std::vector<Hit>{} : matches.front().hits;
}

bool has_form(const std::vector<DisguisedForm>& forms, std::u32string_view text, Disguise how) {
  return std::any_of(forms.begin(), forms.end(),
                     [&](const DisguisedForm& form) { return form.text == text && form.how == how; });
}

}  // namespace

TEST_CASE("hidden words of the list are found, and chance neighbours are not", "[rules][disguise]") {
  std::istringstream in(source_file("tests/data/disguise/disguise.tsv"));
  std::size_t found = 0, hidden = 0, innocent = 0;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> columns;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) columns.push_back(cell);
    REQUIRE(columns.size() >= 3);
    std::string text = columns[2];
    if (const std::size_t at = text.find("\\n"); at != text.npos) text.replace(at, 2, "\n");
    const std::vector<Hit> seen = hits("DISGUISED(" + columns[1] + ")", text);
    INFO(line);
    if (columns[0] == "silent") {
      ++innocent;
      CHECK(seen.empty());
      continue;
    }
    REQUIRE(columns.size() == 4);
    ++hidden;
    const bool told = !seen.empty() && seen.front().folding == columns[3];
    found += told;
    if (!told) WARN("not found, or not told: " << line);
  }
  CHECK(hidden >= 55);
  CHECK(innocent >= 24);
  // A word whose neighbours are glued to it by the segmenter is missed now and then.
  CHECK(static_cast<double>(found) / static_cast<double>(hidden) >= 0.95);
}

TEST_CASE("without DISGUISED a hidden word stays hidden", "[rules][disguise]") {
  CHECK(hits("自杀", "有人自s了").empty());
  CHECK(hits("自杀", "有人自*杀").empty());
  CHECK(hits("DISGUISED(跳楼) OR 自杀", "有人自*杀").empty());
}

TEST_CASE("a disguised hit is told in bytes of the stored text", "[rules][disguise]") {
  const std::string text = "昨晚有人自 * 杀，送医";
  const std::vector<Hit> seen = hits("DISGUISED(自杀) NEAR/5 送医", text);
  REQUIRE(seen.size() == 2);
  CHECK(text.substr(seen[0].span.begin, seen[0].span.end - seen[0].span.begin) == "自 * 杀");
  CHECK(seen[0].folding == "夹符号");
  CHECK(seen[0].term == "自杀");
  CHECK(seen[1].folding.empty());
}

TEST_CASE("forms of a word", "[rules][disguise]") {
  const auto forms = disguised_forms(U"强奸");
  CHECK(has_form(forms, U"强j", disguise_letters));
  CHECK(has_form(forms, U"qiang奸", disguise_letters));
  CHECK(has_form(forms, U"弓虽女干", disguise_parts));
  CHECK(!has_form(forms, U"qj", disguise_letters));  // two letters may be anything
  CHECK(has_form(disguised_forms(U"性骚扰"), U"xsr", disguise_letters));
  CHECK(disguised_forms(U"杀").empty());
  CHECK(disguised_forms(U"nba").empty());
  CHECK(disguised_forms(std::u32string(9, U'杀')).empty());
  for (const char32_t* word : {U"扇耳光打人", U"骗补课费", U"霸凌欺侮殴打", U"教师贪污受贿"})
    CHECK(disguised_forms(word).size() <= 40);
}

TEST_CASE("signs are left out between letters alone", "[rules][disguise]") {
  CHECK(without_signs(U"体罚").text.empty());
  CHECK(without_signs(U"体,罚").text.empty());
  CHECK(without_signs(U"体\n罚").text.empty());
  CHECK(without_signs(U"体****罚").text.empty());
  const BareText bare = without_signs(U"*体*罚 a");
  CHECK(bare.text == U"*体罚a");
  CHECK(bare.from == std::vector<std::uint32_t>{0, 1, 3, 5});
}

TEST_CASE("DISGUISED wants parentheses and words", "[rules][disguise]") {
  CHECK(!compile_query("DISGUISED 自杀", {}));
  CHECK(!compile_query("DISGUISED(/自.杀/)", {}));
  CHECK(!compile_query("DISGUISED()", {}));
  CHECK(compile_query("\"DISGUISED\"", {}));
  const auto classes = compile_query("DISGUISED(@words(轻生))", {{"轻生.txt", "自杀\n跳楼\n"}});
  CHECK(classes);
}
