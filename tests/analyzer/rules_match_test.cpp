#include <catch2/catch.hpp>

#include "analyzer/rules.h"
#include "analyzer/rules/match.h"
#include "tests/analyzer/prepared_text.h"
#include "tests/analyzer/source_file.h"

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

TEST_CASE("fields of the document", "[rules]") {
  PreparedText text = prepare_text("", "坠楼");
  text.document->source = "hz-bbs";
  text.document->medium = "forum";
  text.document->language = "zh-CN";
  struct Case { const char* rule; bool want; };
  const Case cases[] = {
      {"坠楼 source:forum", true},   {"坠楼 source:HZ-BBS", true},         {"坠楼 source:news", false},
      {"坠楼 kind:forum", true},     {"坠楼 kind:hz-bbs", false},          {"坠楼 lang:zh", true},
      {"坠楼 lang:zh-cn", true},     {"坠楼 lang:en", false},              {"坠楼 source:(news OR forum)", true},
      {"坠楼 NOT source:forum", false}, {"坠楼 source:(NOT forum)", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.rule) { CHECK((hits(c.rule, text) != "✗") == c.want); }
  text.prepared.document = nullptr;
  CHECK(hits("坠楼 source:forum", text) == "✗");
}

TEST_CASE("UNLESS: the rule must hold without the hits in those contexts", "[rules]") {
  const auto contexts = parse_context({{"rules/context.yaml", source_file("rules/context.yaml")}});
  REQUIRE(contexts);
  struct Case { const char* name; const char* rule; const char* title; const char* body; const char* want; };
  const Case cases[] = {
      {"唯一的命中被否定", "食物中毒 UNLESS negated", "", "未发现食物中毒。", "✗"},
      {"另有未被否定的命中", "食物中毒 UNLESS negated", "", "未发现食物中毒。次日食物中毒。", "食物中毒"},
      {"必要的词都被否定，旁的词没有", "食物中毒 AND 学生 UNLESS negated", "", "学生家长来电。未发现食物中毒。", "✗"},
      {"没写的语境不管", "食物中毒 UNLESS drill", "", "未发现食物中毒。", "食物中毒"},
      {"几种语境", "食物中毒 UNLESS negated | refuted", "", "食物中毒系谣言。", "✗"},
      {"学校名不受语境影响", "食物中毒 AND @school UNLESS negated", "", "未发现西湖小学停课。有人食物中毒。", "西湖小学|食物中毒"},
      {"只有学校名时受影响", "@school UNLESS negated", "", "未发现西湖小学停课。", "✗"},
      {"只管括号里", "(坠楼 UNLESS fiction) AND 学校", "", "学校组织看影片《少年》。有人坠楼。", "学校|坠楼"},
      {"管全部", "坠楼 AND 学校 UNLESS fiction", "", "学校组织看影片《少年》。有人坠楼。", "✗"},
      {"NOT 里的词照旧算", "坠楼 NOT 食物中毒 UNLESS negated", "", "未发现食物中毒。有人坠楼。", "✗"},
      {"COUNT 少算", "COUNT(食物中毒) >= 2 UNLESS negated", "", "未发现食物中毒。食物中毒！", "✗"},
      {"COUNT 上限照旧算", "坠楼 COUNT(食物中毒) < 2 UNLESS negated", "", "坠楼。未发现食物中毒。食物中毒！", "✗"},
      {"NEAR 里的一端被否定", "食堂 NEAR/20 食物中毒 UNLESS negated", "", "食堂未发现食物中毒", "✗"},
      {"标题辟谣管全文", "坠楼 UNLESS refuted", "【辟谣】网传不实", "有人说坠楼。", "✗"},
      {"中文名", "食物中毒 UNLESS 否定", "", "未发现食物中毒。", "✗"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      PreparedText text = prepare_text(c.title, c.body, contexts->get());
      add_entity(text, EntityKind::school, "西湖小学");
      CHECK(hits(c.rule, text) == c.want);
    }
}

TEST_CASE("a hit carries its sentence, its term and how it was read", "[rules]") {
  const PreparedText text = prepare_text("通報", "昨天。\n我們學校停課了！明天上學。");
  const auto rules = compile_query("学校 NEAR/2 \"停课\" OR title:通报", {});
  REQUIRE(rules);
  const std::vector<RuleMatch> found = match(**rules, text.prepared);
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "query");
  REQUIRE(found[0].hits.size() == 3);
  const auto cut = [&](Field field, Span span) {
    const std::string& stored = field == Field::title ? text.document->title : text.document->body;
    return stored.substr(span.begin, span.end - span.begin);
  };
  CHECK(found[0].hits[0].field == Field::title);
  CHECK(cut(Field::title, found[0].hits[0].sentence) == "通報");
  const Hit& hit = found[0].hits[2];
  CHECK(cut(Field::body, hit.span) == "停課");
  CHECK(cut(Field::body, hit.sentence) == "我們學校停課了！");
  CHECK(hit.term == "\"停课\"");
  CHECK(hit.folding == "繁→简");
}

TEST_CASE("matches come gravest first, then by id, and hits are bounded", "[rules]") {
  const char* pack = "pack: p\nversion: 1\ntitle: 题\nrules:\n"
      "  - {id: b, name: 名, topic: 题, severity: C, match: 坠楼}\n"
      "  - {id: c, name: 名, topic: 题, severity: A, match: 坠楼}\n"
      "  - {id: a, name: 名, topic: 题, severity: C, match: 坠楼}\n"
      "  - {id: d, name: 名, topic: 题, severity: A, match: 跳楼}\n";
  const Compiled compiled = compile({{"p.yaml", pack}}, {});
  std::string body;
  for (int i = 0; i < 1000; ++i) body += "坠楼";
  const PreparedText text = prepare_text("", body);
  std::string order;
  for (const RuleMatch& one : match(*compiled.rules, text.prepared)) {
    order += one.rule;
    CHECK(one.hits.size() == hits_of_rule_max);
  }
  CHECK(order == "cab");
}

TEST_CASE("a page that repeats itself is bounded work", "[rules]") {
  std::string body;
  for (int i = 0; i < 100'000; ++i) body += "坠";
  const PreparedText text = prepare_text("", body);
  const auto rules = compile_query(
      "(~坠 OR ~坠坠 OR ~坠坠坠) NEAR/1000 (~坠 OR ~坠坠) AND SENT(~坠 NEAR/3 ~坠坠) AND COUNT(~坠) >= 10000 /坠坠.*人?/", {});
  REQUIRE(rules);
  CHECK(match(**rules, text.prepared).size() == 1);
}
