#include <catch2/catch.hpp>

#include "analyzer/rules/match.h"
#include "tests/analyzer/prepared_text.h"
#include "tests/analyzer/source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::shared_ptr<const ContextWords> shipped() {
  auto words = parse_context({{"rules/context.yaml", source_file("rules/context.yaml")}});
  REQUIRE(words);
  return *words;
}

// The contexts that stand at the first occurrence of `term`, as the rules see them.
std::string contexts_at(const ContextWords& words, std::string_view title, std::string_view body, const char* term) {
  const PreparedText text = prepare_text(title, body, &words);
  std::string out;
  for (const char* mark : {"negated", "refuted", "drill", "fiction", "past"}) {
    const auto rule = compile_query(std::string("~") + term + " UNLESS " + mark, {});
    REQUIRE(rule);
    if (match(**rule, text.prepared).empty()) out += (out.empty() ? "" : " ") + std::string(mark);
  }
  return out;
}

}  // namespace

TEST_CASE("negation governs the rest of its clause", "[context]") {
  const auto words = shipped();
  struct Case { const char* name; const char* body; const char* term; const char* want; };
  const Case cases[] = {
      {"未发现", "经排查未发现学生食物中毒。", "食物中毒", "negated"},
      {"逗号之后不管", "未发现异常，但有学生食物中毒。", "食物中毒", ""},
      {"但之后不管", "没有停课但发生食物中毒", "食物中毒", ""},
      {"否定词之前不管", "学生食物中毒，原因未查明", "食物中毒", ""},
      {"有没有", "有没有人管管食物中毒", "食物中毒", ""},
      {"不排除", "不排除食物中毒的可能", "食物中毒", ""},
      {"排除", "已排除食物中毒", "食物中毒", "negated"},
      {"并未发生在句尾", "网传的食物中毒事件并未发生。", "食物中毒", "negated"},
      {"不存在在句尾", "食物中毒一事不存在。", "食物中毒", "negated"},
      {"预防", "开展预防溺水教育", "溺水", "negated"},
      {"严禁", "严禁教师体罚学生", "体罚", "negated"},
      {"防溺水", "暑期防溺水安全教育", "溺水", "negated"},
      {"消防不是防", "消防演示后学生溺水", "溺水", ""},
      {"假设", "如发生食物中毒，应立即报告", "食物中毒", "negated"},
      {"未成年不是否定", "未成年学生溺水", "溺水", ""},
      {"未来不是否定", "未来三天学生溺水", "溺水", ""},
      {"无锡不是否定", "无锡一学校食物中毒", "食物中毒", ""},
      {"无人机不是否定", "无人机拍到学生溺水", "溺水", ""},
      {"远处够不着", "没有提前告知家长也没有征求过任何人的意见就在昨天下午突然让全班都去了食堂吃饭结果食物中毒", "食物中毒", ""},
      {"导致之后不管", "未及时处理导致食物中毒", "食物中毒", ""},
      {"未能避免", "未能避免溺水", "溺水", ""},
      {"否认", "校方否认体罚", "体罚", "negated"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(contexts_at(*words, "", c.body, c.term) == c.want); }
}

TEST_CASE("a cue of one character counts only as a word", "[context]") {
  const auto words = shipped();
  CHECK(contexts_at(*words, "", "学生/未/中毒", "中毒") == "negated");
  CHECK(contexts_at(*words, "", "未央区/学生/中毒", "中毒") == "");
  CHECK(contexts_at(*words, "", "无良/商家/致/学生/中毒", "中毒") == "");
}

TEST_CASE("refutation, drill, fiction and past hold for the sentence", "[context]") {
  const auto words = shipped();
  struct Case { const char* name; const char* title; const char* body; const char* term; const char* want; };
  const Case cases[] = {
      {"辟谣", "", "网传学生坠楼系谣言。", "坠楼", "refuted"},
      {"不属实", "", "网传学生坠楼，经核实不属实。", "坠楼", "refuted"},
      {"下一句不管", "", "网传停课系谣言。学生坠楼。", "坠楼", ""},
      {"标题辟谣管全文", "辟谣！网传学生坠楼是假的", "有人说。学生坠楼。", "坠楼", "refuted"},
      {"不信谣不是辟谣", "", "学生坠楼一事正在调查，请不信谣、不传谣。", "坠楼", ""},
      {"不实施", "", "学校不实施收费后学生坠楼", "坠楼", ""},
      {"演练", "", "消防演练中，宿舍起火。", "起火", "drill"},
      {"标题演练管全文", "我校举行应急演练", "下午两点。宿舍起火。", "起火", "drill"},
      {"不是演练", "", "这不是演练，宿舍起火。", "起火", ""},
      {"模拟考试", "", "模拟考试期间学生坠楼", "坠楼", ""},
      {"电影", "", "电影《少年》里有学生坠楼的镜头。", "坠楼", "fiction"},
      {"看电影不是虚构", "", "看电影时学生坠楼", "坠楼", ""},
      {"玩游戏不是虚构", "", "因玩游戏被责骂，学生坠楼", "坠楼", ""},
      {"情节严重不是虚构", "", "体罚学生，情节严重。", "体罚", ""},
      {"十年前", "", "十年前，该校学生坠楼。", "坠楼", "past"},
      {"今天的事提到从前", "", "三年前转入的学生昨日坠楼。", "坠楼", ""},
      {"无数字的年前", "", "年前学生坠楼", "坠楼", ""},
      {"历史上的今天", "历史上的今天", "学生坠楼。", "坠楼", "past"},
  };
  for (const Case& c : cases)
    DYNAMIC_SECTION(c.name) { CHECK(contexts_at(*words, c.title, c.body, c.term) == c.want); }
}

TEST_CASE("a year long gone is past beside 当年, by the text's own date", "[context]") {
  const auto words = shipped();
  const auto rule = compile_query("坠楼 UNLESS past", {});
  const auto damped = [&](const char* body, const char* published) {
    PreparedText text = prepare_text("", body);
    if (published) text.document->published_at = parse_time(published);
    mark_context(text.prepared, *words);
    return match(**rule, text.prepared).empty();
  };
  CHECK(damped("2015年，时任校长说学生坠楼。", "2026-04-15"));
  CHECK_FALSE(damped("2015年建校的小学有学生坠楼。", "2026-04-15"));
  CHECK_FALSE(damped("2025年，时任校长说学生坠楼。", "2026-04-15"));
  CHECK_FALSE(damped("2015年，时任校长说学生坠楼。", nullptr));
  CHECK_FALSE(damped("2015年，时任校长说近日学生坠楼。", "2026-04-15"));
  CHECK_FALSE(damped("编号12015年，时任校长说学生坠楼。", "2026-04-15"));
}

TEST_CASE("mistakes in the context file are told with their place", "[context]") {
  struct Case { const char* name; const char* text; const char* want; };
  const Case cases[] = {
      {"不认识的语境", "negatd:\n  words: [未]\n", "c.yaml:1:1: 不认识的语境“negatd”"},
      {"不认识的词类", "drill:\n  stops: [但]\n", "c.yaml:2:3: 这里没有“stops”这种词"},
      {"不是列表", "drill:\n  words: 演练\n", "c.yaml:2:10: “words”应当是列表"},
      {"字数写错", "negated:\n  words:\n    - 防/x\n", "c.yaml:3:7: “防/x”的“/”后面应当是字数"},
      {"YAML 写错", "drill: [\n", "c.yaml:2:1: YAML 语法错误"},
      {"空词", "drill:\n  words: ['']\n", "c.yaml:2:11: 词是空的或太长"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const auto read = parse_context({{"c.yaml", c.text}});
      REQUIRE_FALSE(read);
      CHECK(read.error().code == Errc::bad_config);
      CHECK(read.error().detail.substr(0, std::string(c.want).size()) == c.want);
      CHECK(!read.error().mend.empty());
    }
  CHECK(parse_context({}));
  CHECK(parse_context({{"c.yaml", ""}}));
}
