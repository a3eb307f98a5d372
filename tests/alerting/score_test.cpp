// Score, levels, floors and ceilings as tables over facts.
#include "tests/alerting/warn_support.h"

#include "alerting/warn/score.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;
using enum Quantity;

namespace {

struct Given { Quantity of; double value; };

Facts facts(std::initializer_list<Given> given) {
  Facts facts;
  facts[ours] = 1;
  facts[documents] = facts[origins] = facts[origins_24h] = facts[sources] = facts[media] = 1;
  for (const Given& g : given) facts[g.of] = g.value;
  return facts;
}

std::string level_of(const Measure& measure, const Verdict& verdict) {
  return verdict.level ? measure.levels[*verdict.level].level.code : "无";
}

constexpr double A = 4, B = 3, C = 2, D = 1;

}  // namespace

TEST_CASE("facts lead to levels", "[warn][score]") {
  const auto measure = shipped();
  struct Case { const char* name; Facts facts; const char* level; double score; };
  const Case cases[] = {
      {"无命中", facts({}), "无", 0},
      {"D 类不预警", facts({{severity, D}, {affirmed, 1}, {hot_rank, 1}, {hot_list, 1}}), "无", 100 * (1 - .945 * .65)},
      {"C 类单条", facts({{severity, C}, {affirmed, 1}}), "无", 22},
      {"C 类单条且有诉求", facts({{severity, C}, {affirmed, 1}, {demands, 3}}), "Ⅳ", 100 * (1 - .78 * .8)},
      {"C 类单条且负面，不预警", facts({{severity, C}, {affirmed, 1}, {negative, 1}, {negative_share, 1}}), "无",
       100 * (1 - .78 * .85)},
      {"B 类单条", facts({{severity, B}, {affirmed, 1}}), "Ⅳ", 38.5},
      {"B 类热榜第三", facts({{severity, B}, {affirmed, 1}, {hot_list, 1}, {hot_rank, 3}, {press, 1}}), "Ⅲ",
       100 * (1 - .615 * .65)},
      {"热榜无名次只计两成", facts({{severity, B}, {affirmed, 1}, {hot_list, 1}}), "Ⅳ", 100 * (1 - .615 * .93)},
      {"A 类首报即Ⅲ", facts({{severity, A}, {affirmed, 1}}), "Ⅲ", 55},
      {"A 类多方印证即Ⅱ",
       facts({{severity, A}, {affirmed, 3}, {origins, 5}, {origins_24h, 5}, {sources, 2}}), "Ⅱ", 75},
      {"A 类差一个来源",
       facts({{severity, A}, {affirmed, 3}, {origins, 4}, {origins_24h, 4}, {sources, 1}}), "Ⅲ", 55},
      {"五项俱满达Ⅰ", facts({{severity, A}, {affirmed, 9}, {heat_percentile, 1}, {growth, 6}, {hot_rank, 1},
                             {negative_share, 1}, {season, 1}}), "Ⅰ", 100 * (1 - .45 * .6 * .6 * .65 * .85 * .925)},
      {"演练不预警", facts({{severity, A}, {damped, 1}, {affirmed, 0}}), "无", 34.9},
      {"官方辟谣封顶Ⅳ", facts({{severity, A}, {affirmed, 4}, {officially_refuted, 1}}), "Ⅳ", 54.9},
      {"不涉本地封顶Ⅳ", facts({{severity, A}, {affirmed, 1}, {ours, 0}}), "Ⅳ", 54.9},
      {"不涉本地且较轻", facts({{severity, C}, {affirmed, 1}, {ours, 0}, {demands, 9}, {growth, 6}}), "无", 34.9},
      {"单一未核实封顶Ⅲ", facts({{severity, B}, {affirmed, 1}, {growth, 6}, {heat_percentile, 1}, {demands, 3}}), "Ⅲ",
       74.9},
      {"有媒体即不封顶",
       facts({{severity, B}, {affirmed, 1}, {press, 1}, {growth, 6}, {heat_percentile, 1}, {demands, 3}}), "Ⅱ",
       100 * (1 - .615 * .6 * .6 * .8 * .93)},
      {"无规则但负面集中", facts({{education, 6}, {negative, 5}, {negative_share, .9}, {growth, 4}, {origins, 5}}), "Ⅳ",
       100 * (1 - .85 * (1 - .4 * .6))},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const Verdict verdict = judge(*measure, c.facts);
    CHECK(level_of(*measure, verdict) == c.level);
    CHECK(verdict.score == Approx(c.score).margin(1e-6));
  }
}

TEST_CASE("a level begins exactly at its score", "[warn][score]") {
  const auto measure = shipped();
  struct Case { const char* name; double score; const char* level; };
  const Case cases[] = {{"差一点到Ⅳ", 34.999, "无"}, {"恰到Ⅳ", 35, "Ⅳ"},   {"差一点到Ⅲ", 54.999, "Ⅳ"}, {"恰到Ⅲ", 55, "Ⅲ"},
                        {"恰到Ⅱ", 75, "Ⅱ"},          {"恰到Ⅰ", 90, "Ⅰ"},   {"满分", 100, "Ⅰ"}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const auto level = measure->level_at(c.score);
    CHECK((level ? measure->levels[*level].level.code : "无") == c.level);
  }
}

TEST_CASE("a condition holds from its value on", "[warn][score]") {
  struct Case { const char* written; double value; bool want; };
  const Case cases[] = {{">= 3", 3, true},  {">= 3", 2.9, false}, {"> 3", 3, false},  {"<= 3", 3, true},
                        {"< 3", 3, false},  {"3", 3, true},       {"= 3", 4, false},  {"<=3", 2, true}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.written << " " << c.value) {
    const std::string condition = std::string("{documents: \"") + c.written + "\"}";
    const auto measure = measure_of(replaced(shipped_yaml(), "{ours: no}", condition));
    Facts f;
    f[documents] = c.value;
    CHECK(all_hold(measure->ceilings[2].when, f) == c.want);
  }
}

TEST_CASE("points are what the score loses without the criterion", "[warn][score]") {
  const auto measure = shipped();
  const Facts f = facts({{severity, B}, {affirmed, 2}, {growth, 3.5}, {negative_share, .6}, {press, 2}});
  const Verdict verdict = judge(*measure, f);
  for (std::size_t i = 0; i < measure->criteria.size(); ++i) {
    Measure without = *measure;
    without.criteria[i].weight = 0;
    CHECK(points_of(*measure, verdict, i) == Approx(verdict.raw - judge(without, f).raw).margin(1e-9));
  }
}

TEST_CASE("more of anything never lowers the raw score", "[warn][score]") {
  const auto measure = shipped();
  const Facts base = facts({{severity, C}, {affirmed, 1}, {growth, 2}, {hot_list, 1}});
  for (Quantity q : {severity, heat_percentile, growth, sources, press, media, negative_share, demands, season}) {
    double last = 0;
    for (double value : {0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 10.0}) {
      if (q == severity && (value > 4 || value != static_cast<int>(value))) continue;
      Facts f = base;
      f[q] = value;
      const double raw = judge(*measure, f).raw;
      CHECK(raw >= last - 1e-9);
      last = raw;
    }
  }
}

TEST_CASE("reasons name what was seen, what counts and what would lower it", "[warn][score]") {
  const auto measure = shipped();
  StoryMemory memory;
  Evidence evidence;
  evidence.document = "d1";
  evidence.rule = "safety.food";
  evidence.rule_name = "食堂食物中毒";
  evidence.rule_version = "1-abcdef01";
  memory.evidence = {evidence};
  memory.notes = {Note{"d1", {}, 'A', false, false, false, false, false, false},
                  Note{"d2", {}, 0, false, true, false, false, true, false}};
  const Facts f = facts({{severity, A}, {affirmed, 1}, {hot_list, 1}, {hot_rank, 12}, {growth, 3}, {negative_share, .5},
                         {negative, 1}, {documents, 2}});
  const Verdict verdict = judge(*measure, f);
  const auto reasons = reasons_of(*measure, verdict, f, memory, Growth{6, 9, 1.5, 3, {}});
  REQUIRE(reasons.size() == 4);
  CHECK(reasons[0].criterion == "severity");
  CHECK(reasons[0].observed == "规则命中的最重等次 A 类：食堂食物中毒（规则 safety.food，版本 1-abcdef01）");
  CHECK(reasons[0].documents == std::vector<std::string>{"d1"});
  CHECK(reasons[0].lowers.find("经核实命中内容不实、属演练或与本地学校无关；") == 0);
  CHECK(reasons[0].lowers.find("改判为") != std::string::npos);
  CHECK(reasons[1].criterion == "reach");
  CHECK(reasons[1].observed == "热榜最高名次 第 12 位");
  CHECK(reasons[1].threshold.find("自 第 51 位 起计分，第 3 位 计满；") == 0);
  CHECK(reasons[1].documents == std::vector<std::string>{"d2"});
  CHECK(reasons[2].criterion == "growth");
  CHECK(reasons[2].observed == "6 小时 9 条");
  CHECK(reasons[2].expected == "1.5 条");
  CHECK(reasons[3].criterion == "stance");
  CHECK(reasons[3].observed == "负面 1 条，占 50%");
  for (std::size_t i = 1; i < reasons.size(); ++i) CHECK(reasons[i - 1].points >= reasons[i].points);
}

TEST_CASE("a reason says how often it was measured, or that it was not", "[warn][score]") {
  std::string yaml = shipped_yaml();
  const Facts f = facts({{severity, A}, {affirmed, 1}, {documents, 2}});
  for (const bool measured : {true, false}) {
    const auto place = yaml.find("    name: 性质严重程度\n");
    REQUIRE(place != std::string::npos);
    std::string text = yaml;
    const auto rate = text.find("alarms_per_30d", place);
    if (rate != std::string::npos && rate < text.find("  - id: heat"))
      text.erase(text.rfind('\n', rate), text.find('\n', rate) - text.rfind('\n', rate));
    if (measured) text.insert(place, "    alarms_per_30d: 2.5\n");
    const auto measure = measure_of(text);
    const auto reasons = reasons_of(*measure, judge(*measure, f), f, {}, {});
    const char* want = measured ? "；含此项的预警实测每 30 天 2.5 件" : "；此门槛未实测预警频度";
    CHECK(reasons.front().threshold.ends_with(want));
  }
}

TEST_CASE("floors and ceilings are reasons too", "[warn][score]") {
  const auto measure = shipped();
  StoryMemory memory;
  memory.notes = {Note{"d1", {}, 'A', false, false, false, false, false, false}};
  const Facts spreading = facts({{severity, A}, {affirmed, 3}, {origins, 5}, {origins_24h, 5}, {sources, 2}});
  auto reasons = reasons_of(*measure, judge(*measure, spreading), spreading, memory, {});
  CHECK(reasons.back().criterion == "grave_spreading");
  CHECK(reasons.back().threshold.find("不低于 Ⅱ 级（橙）；") == 0);
  CHECK(reasons.back().lowers.find("降为") != std::string::npos);
  CHECK(reasons.back().points > 0);
  CHECK(reasons.back().documents == std::vector<std::string>{"d1"});

  const Facts refuted_by_us = facts({{severity, A}, {affirmed, 4}, {officially_refuted, 1}});
  reasons = reasons_of(*measure, judge(*measure, refuted_by_us), refuted_by_us, memory, {});
  CHECK(reasons.back().criterion == "officially_refuted");
  CHECK(reasons.back().threshold.find("不高于 Ⅳ 级（蓝）；") == 0);
  CHECK(reasons.back().points < 0);
}

TEST_CASE("a sentence is cut out at its marks, byte-exact", "[warn][score]") {
  const std::string text = "第一句。家长说孩子吐了！\n第三句";
  struct Case { const char* name; const char* of; const char* want; };
  const Case cases[] = {{"句首", "第一", "第一句。"}, {"句中", "孩子", "家长说孩子吐了！"}, {"末句无标点", "三句", "第三句"}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const auto begin = static_cast<std::uint32_t>(text.find(c.of));
    CHECK(sentence_around(text, {begin, begin + 3}) == c.want);
  }
  CHECK(sentence_around(text, {9999, 99999}) == "第三句");
  CHECK(sentence_around("", {0, 4}).empty());
}
