// Every noun, full of odd values, must come back from JSON as it went in.
#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "core/analysis.h"
#include "core/document.h"
#include "core/json.h"
#include "core/story.h"
#include "core/warning.h"

using namespace tingchao;

namespace {

const Time at = *parse_time("2026-04-15T22:40:00+08:00");

template <class T, class F>
void returns(const T& noun, F from_json) {
  const std::string line = to_line(to_json(noun));
  const auto value = parse_json(line);
  REQUIRE(value);
  const auto again = from_json(*value);
  REQUIRE(again);
  CHECK(to_line(to_json(*again)) == line);
}

Document full_document() {
  Document d;
  d.id = "0011223344556677";
  d.url = "http://a.example/帖子?x=\"1\"";
  d.source = "forum";
  d.title = "标题 \"引号\" \\ 😀";
  d.body = "第一行\n第二行\t\x01";
  d.published_at = at;
  d.published_by = DateOrigin::relative;
  d.published_to_the_minute = true;
  d.modified_at = at + Seconds{60};
  d.fetched_at = at + Seconds{90};
  d.thread = ThreadPosition{"http://a.example/t", 7, 2};
  d.reach = {1, 2, 3, 4, 5};
  d.author_hash = "ab";
  d.weight = 0.3;
  return d;
}

}  // namespace

TEST_CASE("nouns survive JSON", "[core][json]") {
  returns(full_document(), document_from_json);
  returns(Document{}, document_from_json);

  Analysis analysis;
  analysis.document = "d";
  analysis.matches = {{"r",
                       "名",
                       "校园安全/食品安全",
                       Severity::a,
                       "1-ab",
                       {{Field::title, {0, 6}, {0, 9}, "食堂", "繁→简"}}}};
  analysis.topics = {"校园安全/食品安全"};
  analysis.stance = {-0.7, StanceLabel::negative, true, {{"变质", -1.5, Field::body, {3, 9}}}};
  analysis.entities = {{EntityKind::school, "s1", "望山路小学", Field::body, {0, 15}, 0.9, true}};
  analysis.context.refuted = true;
  analysis.judgements = {{"relevance", "1", 0.9375, {"食堂", "变质"}}, {"topic", "校园安全", 0.5, {}}};
  analysis.terms = {{"食堂", 1.25F, false}, {"望山路小学", 3.F, true}};
  analysis.fingerprint = {0xFFFFFFFFFFFFFFFFull, {1u, 0xFFFFFFFFu}};
  returns(analysis, analysis_from_json);

  Story story;
  story.id = "s";
  story.origins = {{"d", {7, {1, 2}}, at, 3}};
  story.media = {{"forum", 3}, {"news", 1}};
  story.hourly = {{at, 2}};
  story.centroid = analysis.terms;
  story.heat = 1.0 / 3;
  story.severity_best = 'A';
  returns(story, story_from_json);

  Warning warning;
  warning.id = "w";
  warning.level = {"Ⅱ", "橙", "重大", 2};
  warning.level_peak = warning.level;
  warning.reasons = {{"severity", "性质", "A", "", "B", 55, "辟谣", {"d"}}};
  warning.evidence = {{"d", "http://a", "论坛", "题", "句。", "r", "名", "1", "ff", at, at}};
  warning.clocks = {
      {"information", "发布权威信息", "国办发〔2016〕80号", at, at + Seconds{18000}, std::nullopt, 50}};
  warning.state = WarningState::assigned;
  warning.below_since = at;
  warning.version = 4;
  returns(warning, warning_from_json);

  WarningChange change;
  change.warning = "w";
  change.event = WarningEvent::confirmed;
  change.level_before = warning.level;
  change.reasons = warning.reasons;
  returns(change, warning_change_from_json);
}

TEST_CASE("wrong members are named", "[core][json]") {
  struct Case {
    const char* line;
    const char* names;
  };
  const Case cases[] = {{R"({"id": 5})", "id"},          {R"({"fetched_at": "yesterday"})", "fetched_at"},
                        {R"({"thread": []})", "thread"}, {R"({"published_by": "guess"})", "published_by"},
                        {R"([])", "no object"},          {R"({"reach": {"views": "many"}})", "views"}};
  for (const Case& c : cases) {
    CAPTURE(c.line);
    const auto value = parse_json(c.line);
    REQUIRE(value);
    const auto document = document_from_json(*value);
    REQUIRE_FALSE(document);
    CHECK_THAT(document.error().detail, Catch::Contains(c.names));
  }
  CHECK_FALSE(parse_json("{"));
  CHECK_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
}

TEST_CASE("lines of replay and import", "[core][json]") {
  const auto good = document_from_import(
      R"({"title":"题","published_at":"2026-04-15T22:40:00+08:00","source":"weibo-hot","kind":"hotlist","rank":3})");
  REQUIRE(good);
  CHECK(good->medium == "hotlist");
  CHECK(good->reach.rank == 3);
  CHECK(good->published_at == at);
  CHECK(good->fetched_at == at);
  const auto next_day = document_from_import(
      R"({"title":"题","published_at":"2026-04-16T22:40:00+08:00","source":"weibo-hot"})");
  REQUIRE(next_day);
  CHECK(next_day->id != good->id);
  struct Case {
    const char* line;
    const char* says;
  };
  const Case cases[] = {{R"({"published_at":"2026-04-15"})", "neither title nor text"},
                        {R"({"title":"x"})", "published_at is missing"},
                        {R"({"title":"x","published_at":"soon"})", "published_at"},
                        {"nonsense", "not JSON"}};
  for (const Case& c : cases) {
    const auto wrong = document_from_import(c.line);
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error().detail, Catch::Contains(c.says));
  }
}

TEST_CASE("numbers are written as people write them", "[json]") {
  CHECK(to_line(boost::json::value{0.9, 1.0, 1e-9, -2.5, 7, "一\n"}) == R"([0.9,1.0,1e-09,-2.5,7,"一\n"])");
  CHECK(to_line(boost::json::object{{"a", nullptr}, {"b", {{"c", true}}}}) == R"({"a":null,"b":{"c":true}})");
}
