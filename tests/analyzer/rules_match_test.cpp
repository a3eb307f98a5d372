#include <catch2/catch.hpp>

#include "analyzer/rules.h"
#include "analyzer/rules/match.h"
#include "tests/analyzer/prepared_text.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

const std::vector<NamedText> words{{"rules/words/丧事.txt", "出殡\n吊唁 # 追悼\n设灵堂\n"}};

// The stored texts that matched, joined by '|'; "✗" when the rule does not hold.
std::string hits(std::string_view expression, const PreparedText& text) {
  const auto rules = compile_query(expression, words);
  if (!rules) return describe(rules.error());
  const std::vector<RuleMatch> found = match(**rules, text.prepared);
  if (found.empty()) return "✗";
  std::string out;
  for (const Hit& hit : found.front().hits) {
    const std::string& stored = hit.field == Field::title ? text.document->title : text.document->body;
    out += (out.empty() ? "" : "|") + stored.substr(hit.span.begin, hit.span.end - hit.span.begin);
  }
  return out;
}

}  // namespace

TEST_CASE("a term counts as whole words or inside one word, never across a border", "[rules]") {
  struct Case { const char* name; const char* rule; const char* body; const char* want; };
  const Case cases[] = {
      {"校服在学校服务里", "校服", "学校/服务/周到", "✗"},
      {"校服质量差", "校服", "校服/质量/差", "校服"},
      {"我校服务于", "校服", "我/校/服务/于/社区", "✗"},
      {"学校服装", "校服", "学校/服装/统一", "✗"},
      {"小学校服采购", "校服", "小学/校服/采购", "校服"},
      {"质量在服务质量里", "质量", "服务质量/下降", "质量"},
      {"中国在高中国文化课里", "中国", "高中/国/文化课", "✗"},
      {"两个整词的并", "食物中毒", "食物/中毒/事件", "食物中毒"},
      {"生物在中学生物教师里", "生物", "中学/生物/教师", "生物"},
      {"北京大学生前来", "北京大学", "北京/大学生/前来/应聘", "✗"},
      {"教育局长期", "局长", "教育局/长期/不作为", "✗"},
      {"~ 取任何字串", "~校服", "学校/服务", "校服"},
      {"= 只认整词：嵌在词里", "=质量", "服务质量/下降", "✗"},
      {"= 只认整词：整词", "=质量", "产品/质量/下降", "质量"},
      {"= 整词的并", "=食物中毒", "食物/中毒/了", "食物中毒"},
      {"拉丁字母不取词的一截", "ai", "said/he", "✗"},
      {"拉丁字母整词", "AI", "用/Ai/批改", "Ai"},
      {"数字不取一截", "110", "拨打/2110/号", "✗"},
      {"数字与汉字相连", "3班", "三年级/13班", "✗"},
      {"~ 也取一截", "~110", "拨打/2110/号", "110"},
  };
  for (const Case& c : cases)
    DYNAMIC_SECTION(c.name) { CHECK(hits(c.rule, prepare_text("", c.body)) == c.want); }
}

TEST_CASE("operators", "[rules]") {
  struct Case { const char* name; const char* rule; const char* title; const char* body; const char* want; };
  const Case cases[] = {
      {"与", "食堂 AND 中毒", "", "食堂里有人中毒", "食堂|中毒"},
      {"隐含的与", "食堂 中毒", "", "食堂里有人中毒", "食堂|中毒"},
      {"或", "坠楼 OR 跳楼", "", "有人跳楼", "跳楼"},
      {"非", "坠楼 NOT 电影", "", "电影里有人坠楼", "✗"},
      {"非，不含", "坠楼 NOT 电影", "", "有人坠楼", "坠楼"},
      {"括号", "(坠楼 OR 跳楼) (学生 OR 老师)", "", "老师跳楼", "老师|跳楼"},
      {"与先于或", "甲方 OR 乙方 丙方", "", "甲方", "甲方"},
      {"NEAR 恰好", "殴打 NEAR/3 学生", "", "殴打了一名学生", "殴打|学生"},
      {"NEAR 差一", "殴打 NEAR/2 学生", "", "殴打了一名学生", "✗"},
      {"NEAR 不分先后", "学生 NEAR/3 殴打", "", "殴打了一名学生", "殴打|学生"},
      {"ONEAR 分先后", "学生 ONEAR/3 殴打", "", "殴打了一名学生", "✗"},
      {"NEAR 里字母和数字算一个", "殴打 NEAR/3 学生", "", "殴打abc、2026学生", "殴打|学生"},
      {"NEAR 不数空白", "殴打 NEAR/1 学生", "", "殴打  了\n 学生", "殴打|学生"},
      {"NEAR 不跨标题与正文", "殴打 NEAR/9 学生", "殴打", "学生", "✗"},
      {"NEAR 的一组词", "(殴打 OR 围殴) NEAR/2 (学生 OR 同学)", "", "围殴同学；后来老师殴打老师", "围殴|同学"},
      {"NEAR 连写", "老师 NEAR/2 殴打 NEAR/2 学生", "", "老师殴打学生", "老师|殴打|学生"},
      {"同一句", "SENT(坠楼 学生)", "", "有人坠楼。学生安全。", "✗"},
      {"同一句成立", "SENT(坠楼 学生)", "", "放假了。一名学生坠楼。", "学生|坠楼"},
      {"同一句不含", "SENT(坠楼 NOT 模型)", "", "模型坠楼。学生坠楼。", "坠楼"},
      {"同一段", "PARA(退费 培训)", "", "退费难。\n培训班。", "✗"},
      {"同一段成立", "PARA(退费 培训)", "", "退费难。培训班跑路。", "退费|培训"},
      {"标题", "title:停课", "停课通知", "停课", "停课"},
      {"标题里没有", "title:停课", "通知", "停课", "✗"},
      {"正文", "body:停课", "停课", "通知", "✗"},
      {"字段管一组", "title:(停课 OR 停电)", "停电通知", "停课", "停电"},
      {"正则", "/退(费|款)(难|无门)/", "", "家长反映退费无门", "退费无门"},
      {"正则遇繁体和大写", "/退(費|款).{0,4}app/", "", "退费：ＡＰＰ闪退", "退费：ＡＰＰ"},
      {"短语里的空白", "\"new york\"", "", "in New\u3000 York", "New\u3000 York"},
      {"N OF", "2 OF (家长, 维权, 拉横幅, 聚集)", "", "家长聚集在校门口", "家长|聚集"},
      {"N OF 不够", "3 OF (家长, 维权, 拉横幅, 聚集)", "", "家长聚集在校门口", "✗"},
      {"COUNT", "COUNT(投诉) >= 3", "", "投诉，投诉，还是投诉", "投诉|投诉|投诉"},
      {"COUNT 不够", "COUNT(投诉) > 3", "", "投诉，投诉，还是投诉", "✗"},
      {"COUNT 等于", "COUNT(投诉) = 3", "", "投诉，投诉，还是投诉", "投诉|投诉|投诉"},
      {"COUNT 上限", "学校 COUNT(投诉) <= 1", "", "学校收到投诉", "学校|投诉"},
      {"COUNT 重叠只算一次", "COUNT(投诉 OR 投诉信) >= 2", "", "一封投诉信", "✗"},
      {"词表", "@words(丧事)", "", "当日出殡", "出殡"},
      {"未成年：年龄", "坠楼 @minor", "", "8岁男孩坠楼", "8岁|男孩|坠楼"},
      {"未成年：十七周岁", "坠楼 @minor", "", "十七周岁者坠楼", "十七周岁|坠楼"},
      {"成年", "坠楼 @minor", "", "18岁者坠楼", "✗"},
      {"数", "中毒 NEAR/5 @number", "", "30多名学生中毒", "30多名|中毒"},
      {"数，太远", "中毒 NEAR/2 @number", "", "30多名住校学生中毒", "✗"},
      {"数，汉字", "中毒 NEAR/5 @number", "", "中毒学生三十余名", "中毒|三十余名"},
      {"一起不是数", "中毒 NEAR/5 @number", "", "一起中毒", "✗"},
      {"全角标点", "（坠楼　OR　跳楼）", "", "坠楼", "坠楼"},
      {"全角引号", "“坠楼”", "", "坠楼", "坠楼"},
      {"繁体的正文", "校园", "", "校園安全", "校園"},
      {"繁体的规则", "校園", "", "校园安全", "校园"},
      {"全角字母", "abc", "", "ＡＢＣ", "ＡＢＣ"},
      {"零宽字符", "中毒", "", "中\u200b毒", "中\u200b毒"},
  };
  for (const Case& c : cases)
    DYNAMIC_SECTION(c.name) { CHECK(hits(c.rule, prepare_text(c.title, c.body)) == c.want); }
}
