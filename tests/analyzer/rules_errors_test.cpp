#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "analyzer/rules.h"
#include "analyzer/rules/syntax.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

// "8 “AND”前面缺少要找的词; 12 …", one an issue.
std::string issues_of(std::string_view expression) {
  std::string out;
  for (const Issue& issue : parse_expression(expression).issues) {
    CHECK_FALSE(issue.mend.empty());
    out += fmt::format("{}{} {}", out.empty() ? "" : "; ", issue.column, issue.message);
  }
  return out;
}

}  // namespace

TEST_CASE("mistakes of an expression are told with their column", "[rules]") {
  struct Case { const char* rule; const char* want; };
  const Case cases[] = {
      {"", "1 表达式是空的"},
      {"殴打 NEAR 学生", "4 NEAR 后面要有字数"},
      {"殴打 NEAR / 10 学生", "4 NEAR 后面要有字数"},
      {"殴打 ONEAR/ 学生", "4 ONEAR 后面要有字数"},
      {"殴打 NEAR/5000 学生", "4 NEAR 的字数最多 1000"},
      {"殴打 NEAR/10", "11 “NEAR/10”后面缺少要找的词"},
      {"(坠楼 OR 跳楼", "10 第 1 列的左括号没有配对"},
      {"坠楼 OR 跳楼)", "9 多余的右括号"},
      {"坠楼 OR", "6 “OR”后面缺少要找的词"},
      {"OR 坠楼", "1 “OR”前面缺少要找的词"},
      {"坠楼 AND AND 学生", "8 “AND”前面缺少要找的词"},
      {"()", "2 “)”前面缺少要找的词"},
      {"\"坠楼", "1 引号没有配对"},
      {"\"\"", "1 引号里是空的"},
      {"坠楼 /退费", "4 正则没有结束的“/”"},
      {"//", "1 正则是空的"},
      {"titel:停课", "1 没有“titel”这个字段"},
      {"停课：通知", "1 没有“停课”这个字段"},
      {":停课", "1 冒号前面要有字段名"},
      {"title:", "7 “:”后面缺少要找的词"},
      {"坠楼 @scool", "4 没有 @scool 这一类"},
      {"@", "1 “@”后面要有名字"},
      {"@words", "1 @words 后面要有词表的名字"},
      {"@words(丧事", "1 @words 后面要有词表的名字"},
      {"2 OF (家长)", "1 “2 OF”：括号里有 1 项"},
      {"2 OF 家长", "5 OF 后面要有括号"},
      {"0 OF (家长, 维权)", "1 “0 OF”：括号里有 2 项"},
      {"OF (家长, 维权)", "1 OF 前面要有个数"},
      {"COUNT(投诉)", "10 COUNT(…) 要和次数比较"},
      {"COUNT(投诉) >=", "13 COUNT(…) 要和次数比较"},
      {"COUNT(投诉) >= 0", "11 “>= 0”总是成立"},
      {"COUNT(投诉) < 0", "11 “< 0”永不成立"},
      {"COUNT(投诉) > 99999", "11 次数最多 10000"},
      {"COUNT(a b) > 3", "7 COUNT 只能数词、正则、@类、NEAR，或用 OR 连起来的这些"},
      {"COUNT 投诉", "6 COUNT 后面要有括号"},
      {"(a AND b) NEAR/3 c", "2 NEAR/3 的两边只能是词、正则、@类，或用 OR 连起来的这些"},
      {"坠楼 NEAR/5 NOT 学生", "11 这里不能用 NOT"},
      {"坠楼 UNLESS", "10 UNLESS 后面要写语境"},
      {"坠楼 UNLESS negatd", "11 UNLESS 不认识“negatd”"},
      {"坠楼 UNLESS negated AND 学生", "19 UNLESS 要写在最后，它管前面的全部"},
      {"坠楼 | 跳楼", "4 “|”只用在 UNLESS 里"},
      {"坠楼 && 学生", "4 这里的“&”"},
      {"坠楼 -电影", "4 “-”不表示排除"},
      {"坠楼 !电影", "4 这里的“!”"},
      {"退费*", "3 没有通配符"},
      {"谁是凶手？", "5 “？”不能直接写在这里"},
      {"坠楼。", "3 “。”不能直接写在这里"},
      {"坠楼, 学生", "3 逗号只能用来隔开 N OF (…) 的各项"},
      {"坠楼 and 学生", "4 小写的 and 会当作要找的词"},
      {"a=b", "2 “=”紧跟在词后面"},
      {"~", "1 “~”后面要紧跟一个词"},
      {"SENT 坠楼", "5 SENT 后面要有括号"},
      {"source:@school 坠楼", "1 source: 后面要有值"},
      {"source:(forum AND board) 坠楼", "9 source: 的值只能是词，或用 OR 连起来的词"},
      {"titel:停课 (坠楼 OR", "1 没有“titel”这个字段; 16 “OR”后面缺少要找的词; 16 第 10 列的左括号没有配对"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.rule) { CHECK(issues_of(c.rule) == c.want); }
}

TEST_CASE("a rule that any text could match is refused, with the reason at its part", "[rules]") {
  struct Case { const char* rule; const char* want; };
  const char* all = "规则没有可依托的字样：";
  const Case cases[] = {
      {"NOT 坠楼", "第 1 列：{}只有 NOT（不含什么），没有要找的词"},
      {"NOT NOT 坠楼", "第 1 列：{}只有 NOT（不含什么），没有要找的词"},
      {"@number", "第 1 列：{}只有 @number，几乎每篇都有数字"},
      {"@minor", "第 1 列：{}只有 @minor，范围太宽"},
      {"坠楼 OR @number", "第 7 列：{}只有 @number，几乎每篇都有数字"},
      {"坠楼 OR (学生 OR source:forum)", "第 14 列：{}只限定了来源，没有要找的词"},
      {"COUNT(投诉) < 3", "第 1 列：{}COUNT 的条件在一次也不出现时也成立"},
      {"source:forum lang:zh", "第 1 列：{}这里没有要找的词"},
      {"SENT(NOT 坠楼)", "第 6 列：{}只有 NOT（不含什么），没有要找的词"},
      {"2 OF (坠楼, @number, @minor)", "第 1 列：{}这里没有要找的词"},
      {"/[0-9]+/", "第 1 列：正则里没有必然出现的字样（至少两个字连着）"},
      {"/退.费/", "第 1 列：正则里没有必然出现的字样（至少两个字连着）"},
      {"/退费|.*/", "第 1 列：正则里没有必然出现的字样（至少两个字连着）"},
      {"学生 /退(费/", "第 4 列：正则写错：括号没有配对"},
      {"/退费(?=难)/", "第 1 列：正则写错：不支持的写法（没有环视和反向引用）"},
      {"/退费\\C/", "第 1 列：正则写错：不支持 \\C 和 \\Q"},
      {"/(退费.{1,900}){1,900}/", "第 1 列：正则写错：重复次数太大"},
      {"/((退费.{1,30}){1,30}){1,30}/", "第 1 列：正则写错：重复次数太大"},
      {"@words(婚事)", "第 1 列：没有叫“婚事”的词表"},
      {"\"\u200b\"", "第 1 列：这个词里没有可见的字"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.rule) {
      const auto rules = compile_query(c.rule, {{"rules/words/丧事.txt", "出殡"}});
      REQUIRE_FALSE(rules);
      CHECK(rules.error().code == Errc::bad_rule);
      CHECK(rules.error().detail == fmt::format(fmt::runtime(c.want), all));
      CHECK_FALSE(rules.error().mend.empty());
    }
}

TEST_CASE("what holds on to something compiles", "[rules]") {
  for (const char* rule :
       {"坠楼", "@school", "@place", "@words(丧事)", "坠楼 @number", "坠楼 NOT 电影", "(坠楼 OR @school) COUNT(投诉) < 3",
        "2 OF (坠楼, 学生, @number)", "SENT(坠楼 NOT 电影)", "\"AND\"", "24/7", "C++ 50%", "~\"短 语\"", "/退.费难/",
        "/(a|b)退费/", "坠楼 UNLESS negated | 辟谣", "(坠楼 UNLESS fiction) AND 学校",
        "（坠楼　ＯＲ　跳楼） ＡＮＤ　２ ＯＦ（家长，维权、聚集） COUNT（投诉）≥ ３ ＵＮＬＥＳＳ negated",
        "title：停课 “短 语” ～校服 ＝质量 ＠school", "source:(forum OR NOT board) 坠楼"})
    DYNAMIC_SECTION(rule) {
      const auto rules = compile_query(rule, {{"rules/words/丧事.txt", "出殡"}});
      INFO((rules ? std::string() : describe(rules.error())));
      CHECK(rules);
    }
}

TEST_CASE("no expression is too much for the reader", "[rules]") {
  std::string deep, negated, fields, near = "a", wide, nested_of;
  for (int i = 0; i < 6000; ++i) {
    deep += "(";
    negated += "NOT ";
    fields += "title:";
    if (i < 2000) near += " NEAR/1 a";
    wide += "ab" + std::to_string(i % 10) + " ";
    if (i < 2000) nested_of += "1 OF (";
  }
  for (const std::string& rule : {deep, negated + "x", fields + "x", near, wide, nested_of, std::string(30'000, '('),
                                  std::string(19'000, '~'), std::string("\xFF\xFE"), std::string(1, '\0')}) {
    const Expression expression = parse_expression(rule);
    CHECK_FALSE(expression.usable());
    CHECK(expression.issues.size() <= 20);
  }
}
