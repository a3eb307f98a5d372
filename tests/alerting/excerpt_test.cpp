#include <catch2/catch.hpp>

#include "alerting/digest/excerpt.h"
#include "core/result.h"

using namespace tingchao;
using namespace tingchao::alerting;

namespace {

Span span(std::string_view text, std::string_view part) {
  const std::size_t begin = text.find(part);
  TINGCHAO_ASSERT(begin != text.npos);
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + part.size())};
}

Hit hit(Field field, Span sentence) {
  Hit made;
  made.field = field;
  made.sentence = made.span = sentence;
  return made;
}

const char* const body = "开学第一天。\n家长反映，食堂饭菜有异味！\n学校说正在核实；希望教育局介入。";

}  // namespace

TEST_CASE("the sentence that a reader should see", "[alerting][excerpt]") {
  Document document;
  document.title = "食堂的事";
  document.body = body;
  Analysis analysis;
  SECTION("没有命中也没有情感：正文第一句够长的话") { CHECK(telling_sentence(document, analysis) == "开学第一天。"); }
  SECTION("情感所在的句子") {
    StanceReason reason;
    reason.span = span(body, "希望");
    analysis.stance.reasons = {reason};
    CHECK(telling_sentence(document, analysis) == "希望教育局介入。");
  }
  SECTION("规则命中的句子最先") {
    RuleMatch match;
    match.hits = {hit(Field::title, {0, 12}), hit(Field::body, span(body, "家长反映，食堂饭菜有异味！"))};
    analysis.matches = {match};
    CHECK(telling_sentence(document, analysis) == "家长反映，食堂饭菜有异味！");
  }
  SECTION("只有标题") {
    document.body.clear();
    CHECK(telling_sentence(document, analysis) == "食堂的事");
  }
  SECTION("正文太短就整段引用") {
    document.body = "太差";
    CHECK(telling_sentence(document, analysis) == "太差");
  }
}

TEST_CASE("spans of another text are not trusted", "[alerting][excerpt]") {
  Document document;
  document.body = body;
  const auto size = static_cast<std::uint32_t>(document.body.size());
  for (const Span bad : {Span{1, 9}, Span{0, size + 1}, Span{9, 3}, Span{size, size}, Span{0xFFFFFFF0, 0xFFFFFFFF},
                         Span{0, 1}}) {
    Analysis analysis;
    RuleMatch match;
    match.hits = {hit(Field::body, bad)};
    analysis.matches = {match};
    StanceReason reason;
    reason.span = bad;
    analysis.stance.reasons = {reason};
    CHECK(telling_sentence(document, analysis) == "开学第一天。");
  }
  document.body = "\xE9\xA3\xFF";
  document.title = "标题";
  CHECK(telling_sentence(document, {}) == "标题");
}

TEST_CASE("an excerpt is always bytes of the document", "[alerting][excerpt]") {
  const char* const bodies[] = {"", "。", "。。。。。。。。", "\n\n\n", "没有标点的一段话一直写下去", "　　段首空格的句子。", "a. b? c! d"};
  for (const char* text : bodies) {
    Document document;
    document.body = text;
    const std::string_view excerpt = telling_sentence(document, {});
    CHECK((excerpt.empty() || document.body.find(excerpt) != std::string::npos));
  }
  Document endless;
  for (int i = 0; i < 100'000; ++i) endless.body += "长";
  CHECK(telling_sentence(endless, {}).size() <= 1300);
}
