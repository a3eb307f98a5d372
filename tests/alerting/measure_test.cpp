// The shipped measure reads as intended, and every mistake is told with its line and mend.
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

int line_of_text(const std::string& yaml, const std::string& text) {
  const auto found = yaml.find(text);
  REQUIRE(found != std::string::npos);
  return 1 + static_cast<int>(std::count(yaml.begin(), yaml.begin() + static_cast<std::ptrdiff_t>(found), '\n'));
}

}  // namespace

TEST_CASE("the shipped measure has the four levels and the clocks of the clauses", "[warn][measure]") {
  const auto measure = shipped();
  REQUIRE(measure->levels.size() == 4);
  struct Row { const char* code; const char* colour; const char* name; int rank; double score; };
  const Row rows[] = {{"Ⅰ", "红", "特别重大", 1, 90}, {"Ⅱ", "橙", "重大", 2, 75}, {"Ⅲ", "黄", "较大", 3, 55},
                      {"Ⅳ", "蓝", "一般", 4, 35}};
  for (std::size_t i = 0; i < 4; ++i) {
    const LevelRule& rule = measure->levels[i];
    CHECK(rule.level == Level{rows[i].code, rows[i].colour, rows[i].name, rows[i].rank});
    CHECK(rule.score == rows[i].score);
    CHECK(rule.confirm == (i == 0));
    CHECK(rule.person_lowers == (i < 2));
  }
  CHECK(levels_of(*measure).front().code == "Ⅰ");
  REQUIRE(measure->clocks.size() == 3);
  CHECK(measure->clocks[0].within == hours{5});
  CHECK(measure->clocks[0].clause == "国办发〔2016〕80号");
  CHECK(measure->clocks[0].ranks == std::vector<int>{1, 2});
  CHECK(measure->clocks[1].within == hours{24});
  CHECK(measure->clocks[2].within == hours{48});
  CHECK(measure->clocks[2].clause == "国办发〔2016〕61号");
  CHECK(measure->tell_percent == std::vector<int>{50, 80, 100});
  CHECK(measure->notice.find("需经本单位审定") != std::string::npos);
  CHECK(measure->bursts.windows == std::vector<int>{1, 3, 6, 12, 24});
  CHECK(measure->bursts.refractory == hours{24});
  CHECK(measure->bursts.story.fresh == 0.7);
  CHECK(measure->bursts.season.size() == 24);
  CHECK(measure->bursts.weekend < 1);
  CHECK(measure->bursts.holiday < measure->bursts.weekend);
  CHECK(measure->day_kinds.holidays() >= 40);
}

TEST_CASE("the version is the declared one and a hash of the text", "[warn][measure]") {
  const std::string yaml = shipped_yaml();
  const auto one = measure_of(yaml), same = measure_of(yaml), other = measure_of(yaml + "# 审定稿\n");
  CHECK(version_of(*one).starts_with("1-"));
  CHECK(version_of(*one).size() == 10);
  CHECK(version_of(*one) == version_of(*same));
  CHECK(version_of(*one) != version_of(*other));
}

TEST_CASE("a mistake is told with its line and its mend", "[warn][measure]") {
  struct Case { const char* name; const char* from; const char* to; const char* detail; const char* mend; };
  const Case cases[] = {
      {"分值不是数", "rank: 2, score: 75", "rank: 2, score: 高", "levels[2].score: \"高\" is no number from 1 to 100",
       "write a number from 1 to 100"},
      {"分值越界", "rank: 2, score: 75", "rank: 2, score: 175", "\"175\" is no number from 1 to 100", "from 1 to 100"},
      {"分值不降", "rank: 2, score: 75", "rank: 2, score: 95", "is not below that of the level before", "scores fall"},
      {"序号颠倒", "rank: 2, score: 75", "rank: 3, score: 75", "rank 1, the next has rank 2", "renumber"},
      {"级别重名", "code: Ⅱ, colour", "code: Ⅰ, colour", "levels[2].code: stands twice", "its own"},
      {"未知键", "down: {margin: 10", "down: {margn: 10", "down knows no key \"margn\"", "did you mean \"margin\"?"},
      {"顶层未知键", "qualify:", "qualifies:", "the measure knows no key \"qualifies\"", "did you mean \"qualify\"?"},
      {"键重复", "weight: 0.55", "weight: 0.55\n    weight: 0.6", "weight stands twice in criteria[1]", "keep one"},
      {"权重越界", "weight: 0.55", "weight: 1.5", "criteria[1].weight: \"1.5\" is no number from 0 to 1", "from 0 to 1"},
      {"缺键", "    weight: 0.55\n", "", "criteria[1].weight is missing", "write a number from 0 to 1"},
      {"未知量", "of: growth,", "of: grwth,", "there is no quantity \"grwth\"", "did you mean \"growth\"?"},
      {"未知词表", "of: words.未成年人与弱势", "of: words.weak", "there is no word list \"weak\"", "under \"words:\""},
      {"未知级别", "level: Ⅱ\n", "level: Ⅴ\n", "there is no level \"Ⅴ\"", "one of Ⅰ, Ⅱ, Ⅲ, Ⅳ"},
      {"底线不得静默", "name: 重大伤害类首报即警\n    level: Ⅲ", "name: 重大伤害类首报即警\n    level: none",
       "a floor needs a level", "one of Ⅰ"},
      {"条件等次无效", "{severity: A, ours: yes, affirmed: \">= 1\"}", "{severity: E, ours: yes}",
       "severity: \"E\" cannot be compared with", "C or graver"},
      {"条件非数", "origins: \"<= 1\"", "origins: \"<= 一\"", "origins: \"<= 一\" cannot be compared with", ">= 3"},
      {"条件是否", "{ours: no}", "{ours: maybe}", "ours: \"maybe\"", "write yes or no"},
      {"时长缺单位", "within: 5h", "within: 5", "clocks[1].within: \"5\" is no span", "such as 6h"},
      {"提醒不递增", "[50, 80, 100]", "[80, 50]", "tell_percent: \"50\" does not fit", "rising"},
      {"窗口不整", "[1h, 3h, 6h, 12h, 24h]", "[1h, 90m]", "bursts.windows: \"90m\"", "[1h, 3h, 6h]"},
      {"窗口过长", "[1h, 3h, 6h, 12h, 24h]", "[1h, 48h]", "bursts.windows: \"48h\"", "[1h, 3h, 6h]"},
      {"放假日不存在", "to: \"2021-01-03\"", "to: \"2021-02-30\"", "holidays[1].to: \"2021-02-30\" is no date",
       "write year, month and day"},
      {"放假日缺年份", "from: \"2021-01-01\"", "from: \"01-01\"", "holidays[1].from: \"01-01\" is no date",
       "write year, month and day"},
      {"放假颠倒", "to: \"2021-01-03\"", "to: \"2020-12-31\"", "holidays[1].to: does not follow", "the last day off"},
      {"放假重叠", "from: \"2021-02-11\"", "from: \"2021-01-03\"", "holidays[2].to: does not follow", "the last day off"},
      {"放假不按先后", "from: \"2021-04-03\"", "from: \"2021-02-17\", to: \"2021-02-18\"} #",
       "holidays[3].from: is not after the holiday before it", "in order"},
      {"调休不在周末", "[\"2021-02-07\"", "[\"2021-02-08\"", "holidays[2].workdays: 2021-02-08 is no Saturday or Sunday",
       "name weekend days"},
      {"日别倍数越界", "{weekend: 0.9,", "{weekend: 0,", "bursts.days.weekend: \"0\" is no number", "from 0.05 to 20"},
      {"日别未知键", "{weekend: 0.9,", "{weekends: 0.9,", "bursts.days knows no key \"weekends\"", "\"weekend\""},
      {"半月缺一", "0.7, 0.5, 0.55,", "0.7, 0.5,", "bursts.season: is not 24 numbers", "one a half month"},
      {"半月非数", "0.7, 0.5, 0.55,", "0.7, 多, 0.55,", "bursts.season: is not 24 numbers", "one a half month"},
      {"单一事件份额越界", "share: 0.25", "share: 2.5", "bursts.story.share: \"2.5\" is no number", "from 0.01 to 1"},
      {"区间为零", "from: 0.80, to: 0.995", "from: 0.80, to: 0.80", "equals from", "x grows"},
      {"日子无效", "from: \"06-06\"", "from: \"13-06\"", "calendar[2].from: \"13-06\" is no day of the year", "06-05"},
      {"不是映射", "down: {margin: 10, hold: 6h}", "down: 10", "down is no mapping", "key: value"},
      {"不是列表", "words:\n  未成年人与弱势: [", "words:\n  未成年人与弱势: {a: ", "", ""},
      {"等次表缺一", "classes: {A: 1, B: 0.7, C: 0.4, D: 0.1}", "classes: {A: 1, B: 0.7, D: 0.1}",
       "classes.C is missing", "from 0 to 1"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const std::string yaml = replaced(shipped_yaml(), c.from, c.to);
    const auto measure = parse_measure(yaml, "rules/measure.yaml");
    REQUIRE_FALSE(measure);
    CHECK(measure.error().code == Errc::bad_config);
    CHECK(measure.error().detail.find(c.detail) != std::string::npos);
    CHECK(measure.error().mend.find(c.mend) != std::string::npos);
    INFO(measure.error().detail);
    CHECK(measure.error().detail.starts_with("rules/measure.yaml:"));
  }
}

TEST_CASE("the line told is the line of the mistake", "[warn][measure]") {
  struct Case { const char* from; const char* to; const char* place; };
  const Case cases[] = {{"rank: 3, score: 55", "rank: 3, score: x", "rank: 3, score: x"},
                        {"refractory: 24h", "refractory: forever", "refractory: forever"},
                        {"  observed_min: 4\n", "  observed_mn: 4\n", "observed_mn"},
                        {"  stream: 基础教育\n", "  stream: 基础教育\n\tx: 1\n", "\tx: 1"},
                        {"{ours: no, severity: \"< B\"}", "{ours: no, severity: \"< Z\"}", "severity: \"< Z\"}"}};
  for (const Case& c : cases) {
    const std::string yaml = replaced(shipped_yaml(), c.from, c.to);
    const auto measure = parse_measure(yaml, "m.yaml");
    REQUIRE_FALSE(measure);
    INFO(measure.error().detail);
    CHECK(measure.error().detail.starts_with("m.yaml:" + std::to_string(line_of_text(yaml, c.place)) + ":"));
  }
}

TEST_CASE("hostile bytes give an error, never more", "[warn][measure]") {
  std::string deep(20'000, '[');
  for (const std::string& yaml : {std::string("\xff\xfe"), std::string(), std::string("- 1"), std::string("a: &a [*a]"),
                                  deep, std::string("{"), std::string("? {a: b}\n: c"), std::string(2 << 20, 'x')}) {
    const auto measure = parse_measure(yaml, "m.yaml");
    CHECK_FALSE(measure);
  }
  // Every prefix of the shipped measure: an error or, for a few, a measure; no crash.
  const std::string yaml = shipped_yaml();
  for (std::size_t length = 0; length < yaml.size(); length += 97)
    (void)parse_measure(yaml.substr(0, length), "m.yaml");
}
