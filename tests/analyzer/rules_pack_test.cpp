#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "analyzer/rules.h"
#include "analyzer/rules/match.h"
#include "core/hash.h"
#include "tests/analyzer/prepared_text.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

const char* const head = "pack: canteen\nversion: \"1\"\ntitle: 食堂\nrules:\n";

std::string rule(const std::string& lines) { return head + lines; }

// "5:12 message; …", errors and warnings alike.
std::string told(const Compiled& compiled) {
  std::string out;
  for (const Diagnostic& d : compiled.diagnostics)
    out += fmt::format("{}{}:{} {}", out.empty() ? "" : "; ", d.line, d.column, d.message);
  return out;
}

}  // namespace

TEST_CASE("a pack becomes rules", "[rules]") {
  const std::string text = rule(
      "  - id: poisoning\n    name: 食物中毒\n    topic: 校园安全/食品安全\n    severity: A\n"
      "    match: (食物中毒 OR 集体腹泻) AND (@school OR 食堂)\n    unless: [negated, drill]\n    note: 例\n"
      "    examples:\n      match:\n        - 食堂发生食物中毒\n        - |\n          某校通报\n          多名学生食物中毒，食堂停业\n"
      "      no_match: [学校未发现食物中毒]\n");
  const Compiled compiled = compile({{"education/canteen.yaml", text}}, {});
  CHECK(told(compiled) == "");
  REQUIRE(rules_of(*compiled.rules).size() == 1);
  const Rule& found = rules_of(*compiled.rules).front();
  CHECK(found.id == "poisoning");
  CHECK(found.name == "食物中毒");
  CHECK(found.topic == "校园安全/食品安全");
  CHECK(found.severity == Severity::a);
  CHECK(found.unless == "negated | drill");
  CHECK(found.line == 5);
  CHECK(found.file == "education/canteen.yaml");
  CHECK(found.version == "1+" + sha256_hex(text).substr(0, 8));
  REQUIRE(found.examples.size() == 3);
  CHECK(found.examples[1].text == "某校通报\n多名学生食物中毒，食堂停业");
  CHECK(found.examples[1].must_match);
  CHECK_FALSE(found.examples[2].must_match);
  const PreparedText document = prepare_text("", "食堂食物中毒");
  REQUIRE(match(*compiled.rules, document.prepared).size() == 1);
  CHECK(match(*compiled.rules, document.prepared).front().version == found.version);
}

TEST_CASE("mistakes of a pack are told with line and column", "[rules]") {
  const std::string good = "    name: 名\n    topic: 题\n    severity: B\n    examples: {match: [例]}\n";
  struct Case { const char* name; std::string text; const char* want; };
  const Case cases[] = {
      {"空文件", "", "1:1 规则包是空的"},
      {"不是键值", "- a\n", "1:1 规则包应当是“键: 值”的列表"},
      {"缺少抬头", "pack: a\nrules: []\n", "1:1 规则包缺少“title”; 1:1 规则包缺少“version”"},
      {"不认识的键", std::string(head) + "  []\nauthor: 我\n", "6:1 不认识的键“author”"},
      {"YAML 写错", "pack: [\n", "2:1 YAML 语法错误：end of sequence flow not found"},
      {"@ 开头没放引号", rule("  - id: a\n    match: @school\n"), "6:12 YAML 语法错误：unknown token"},
      {"规则不是列表", "pack: a\nversion: 1\ntitle: 题\nrules: 无\n", "4:8 “rules”应当是列表"},
      {"规则缺键", rule("  - id: a\n    match: 坠楼\n"),
       "5:5 规则没有应当命中的例句; 5:5 规则缺少“name”; 5:5 规则缺少“severity”; 5:5 规则缺少“topic”"},
      {"规则多键", rule("  - id: a\n    match: 坠楼\n    level: 1\n" + good), "7:5 不认识的键“level”"},
      {"键写两次", rule("  - id: a\n    match: 坠楼\n    match: 跳楼\n" + good), "7:5 键“match”写了两次"},
      {"严重程度", rule("  - id: a\n    match: 坠楼\n    name: 名\n    topic: 题\n    severity: 高\n"
                       "    examples: {match: [例]}\n"),
       "9:15 严重程度“高”不认识"},
      {"类型不对", rule("  - id: a\n    match: [坠楼]\n" + good), "6:12 “match”应当是一段文字"},
      {"id 不合格", rule("  - id: a b\n    match: 坠楼\n" + good), "5:9 id“a b”不合格"},
      {"id 重复", rule("  - id: a\n    match: 坠楼\n" + good + "  - id: a\n    match: 跳楼\n" + good),
       "11:9 规则 “a”已在 p.yaml:5 用过"},
      {"unless 写错", rule("  - id: a\n    match: 坠楼\n    unless: [negated, dril]\n" + good),
       "7:23 UNLESS 不认识“dril”"},
      {"unless 串里写错", rule("  - id: a\n    match: 坠楼\n    unless: negated | dril\n" + good),
       "7:23 UNLESS 不认识“dril”"},
      {"没有例句", rule("  - id: a\n    match: 坠楼\n    name: 名\n    topic: 题\n    severity: B\n"),
       "5:5 规则没有应当命中的例句"},
      {"例句不是列表", rule("  - id: a\n    match: 坠楼\n    name: 名\n    topic: 题\n    severity: B\n"
                           "    examples: {match: 例}\n"),
       "5:5 规则没有应当命中的例句; 10:23 例句应当是列表"},
      {"例句里有冒号", rule("  - id: a\n    match: 坠楼\n    name: 名\n    topic: 题\n    severity: B\n    examples:\n"
                       "      match:\n        - 通报: 有人坠楼\n        - 有人坠楼\n"),
       "12:11 例句应当是一段文字"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const Compiled compiled = compile({{"p.yaml", c.text}}, {});
      CHECK(told(compiled) == c.want);
      for (const Diagnostic& d : compiled.diagnostics) {
        CHECK(d.file == "p.yaml");
        CHECK_FALSE(d.mend.empty());
      }
    }
}

TEST_CASE("mistakes of an expression are told where they stand in the file", "[rules]") {
  const std::string rest = "\n    name: 名\n    topic: 题\n    severity: B\n    examples: {match: [例]}\n";
  struct Case { const char* name; std::string match; const char* want; };
  const Case cases[] = {
      {"直接写", "match: 坠楼 AND AND 学生", "6:19 “AND”前面缺少要找的词"},
      {"单引号", "match: '坠楼 AND AND 学生'", "6:20 “AND”前面缺少要找的词"},
      {"单引号里的单引号", "match: '\"it''s\" AND AND 学生'", "6:25 “AND”前面缺少要找的词"},
      {"双引号里的转义", "match: \"\\\"坠 楼\\\" AND AND 学生\"", "6:25 “AND”前面缺少要找的词"},
      {"竖线块", "match: |\n      坠楼 OR\n      跳楼 AND AND 学生", "8:14 “AND”前面缺少要找的词"},
      {"尖括号块", "match: >-\n      坠楼 OR\n      跳楼 AND AND 学生", "8:14 “AND”前面缺少要找的词"},
      {"折行", "match: 坠楼 OR\n      跳楼 AND AND 学生", "7:14 “AND”前面缺少要找的词"},
      {"行末", "match: 坠楼 OR", "6:17 “OR”后面缺少要找的词"},
      {"没有依托", "match: 坠楼 OR @number", "6:18 规则没有可依托的字样：只有 @number，几乎每篇都有数字"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const Compiled compiled = compile({{"p.yaml", rule("  - id: a\n    " + c.match + rest)}}, {});
      CHECK(told(compiled) == c.want);
      CHECK(compiled.has_errors());
      CHECK(rules_of(*compiled.rules).empty());
    }
}

TEST_CASE("one rule's mistake leaves the others working", "[rules]") {
  const std::string rest = "\n    name: 名\n    topic: 题\n    severity: B\n    examples: {match: [例]}\n";
  const std::string two = rule("  - id: a\n    match: (坠楼" + rest + "  - id: b\n    match: 跳楼" + rest);
  const Compiled compiled =
      compile({{"p.yaml", two}, {"q.yaml", "pack: canteen\nversion: 2\ntitle: 题\nrules: []\n"}}, {});
  CHECK(compiled.has_errors());
  CHECK(rules_of(*compiled.rules).size() == 1);
  REQUIRE(compiled.diagnostics.size() == 2);
  CHECK(describe(compiled.diagnostics[0]) ==
        "p.yaml:6:15: error: [a] 第 1 列的左括号没有配对（在这里补上右括号）");
  CHECK(describe(compiled.diagnostics[1]) ==
        "q.yaml:1:7: error: [canteen] 规则包 “canteen”已在 p.yaml:1 用过（改成别的 id）");
}

TEST_CASE("a byte order mark and Windows line ends are fine", "[rules]") {
  const Compiled compiled = compile(
      {{"p.yaml", "\xEF\xBB\xBFpack: a\r\nversion: 1\r\ntitle: 题\r\nrules:\r\n  - id: a\r\n    match: 坠楼 AND AND 学生\r\n"
                  "    name: 名\r\n    topic: 题\r\n    severity: B\r\n    examples: {match: [例]}\r\n"}},
      {});
  CHECK(told(compiled) == "6:19 “AND”前面缺少要找的词");
}

TEST_CASE("a file full of mistakes tells the first ones and counts the rest", "[rules]") {
  std::string text = head;
  for (int i = 0; i < 500; ++i)
    text += fmt::format("  - {{id: r{}, name: 名, topic: 题, severity: B, match: (坠楼, examples: {{match: [例]}}}}\n", i);
  const Compiled compiled = compile({{"p.yaml", text}}, {});
  REQUIRE(compiled.diagnostics.size() == 201);
  CHECK(compiled.diagnostics.back().message == "另有 300 处错误没有列出");
  CHECK(rules_of(*compiled.rules).empty());
}

TEST_CASE("word lists", "[rules]") {
  const std::vector<NamedText> words{{"rules/words/丧事.txt", "# 丧事用语\n出殡\n\n吊唁 # 追悼\n有 空格\n出殡\n"}};
  const Compiled compiled = compile({}, words);
  CHECK(told(compiled) == "5:1 词表里的“有 空格”不能用");
  CHECK(compile_query("@words(丧事)", words));
  CHECK_FALSE(compile_query("@words(空)", {{"空.txt", "# 没有\n"}}));
}

TEST_CASE("the version changes with any text that matters", "[rules]") {
  const std::string text = rule("  []\n");
  const auto version = [](const std::string& pack, const std::string& word) {
    return version_of(*compile({{"p.yaml", pack}}, {{"丧事.txt", word}}).rules);
  };
  CHECK(version(text, "出殡") == version(text, "出殡"));
  CHECK(version(text, "出殡") != version(text + "\n", "出殡"));
  CHECK(version(text, "出殡") != version(text, "吊唁"));
}

TEST_CASE("needles are what any matching text must contain", "[rules]") {
  struct Case { const char* rule; const char* want; };
  const Case cases[] = {
      {"食物中毒 AND 食堂", "食物中毒 & 食堂"},
      {"(食物中毒 OR 集体腹泻) AND (@school OR 食堂)", "集体腹泻|食物中毒"},
      {"殴打 NEAR/10 學生", "殴打 & 学生"},
      {"坠楼 NOT 电影", "坠楼"},
      {"title:停课 source:forum", "停课"},
      {"\"new york\" ＡＢＣ", "york & abc"},
      {"\"a 西湖小学\"", "西湖小学"},
      {"2 OF (家长, 维权, 聚集)", "家长|维权"},
      {"COUNT(投诉) >= 3", "投诉"},
      {"学生 COUNT(投诉) < 3", "学生"},
      {"/退(费|款)难/", "退款难|退费难"},
      {"@words(丧事)", "出殡|吊唁"},
      {"@school", ""},
      {"坠楼 OR @school", ""},
      {"SENT(坠楼 学生) UNLESS drill", "坠楼 & 学生"},
      {"(坠楼 学生) OR (跳楼 学生)", "学生 & 坠楼|跳楼"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.rule) {
      const auto rules = compile_query(c.rule, {{"丧事.txt", "出殡\n吊唁"}});
      REQUIRE(rules);
      std::string out;
      for (const auto& clause : needles(**rules)) {
        if (!out.empty()) out += " & ";
        for (std::size_t i = 0; i < clause.size(); ++i) out += (i ? "|" : "") + clause[i];
      }
      CHECK(out == c.want);
    }
}
