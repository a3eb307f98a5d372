// What would take a warning down: the words name numbers, and the numbers hold when the measure judges them.
#include "alerting/warn/lowering.h"
#include "alerting/warn/tail.h"
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;
using enum Quantity;

namespace {

Facts facts_of(std::initializer_list<std::pair<Quantity, double>> values) {
  Facts facts;
  facts[ours] = 1;
  for (const auto& [quantity, value] : values) facts[quantity] = value;
  return facts;
}

std::size_t criterion(const Measure& measure, const std::string& id) {
  for (std::size_t i = 0; i < measure.criteria.size(); ++i)
    if (measure.criteria[i].id == id) return i;
  FAIL("no criterion " + id);
  return 0;
}

double score(const Measure& measure, Facts facts, Quantity quantity, double value) {
  facts[quantity] = value;
  return judge(measure, facts).score;
}

}  // namespace

TEST_CASE("one quantity: the number named leaves the level, the next one does not", "[warn][lowering]") {
  const auto measure = shipped();
  // Ⅲ: left below 55 − 10.
  const Facts facts = facts_of({{severity, 3}, {affirmed, 5}, {origins, 9}, {press, 0}, {sources, 8}, {documents, 20},
                                {negative, 5}, {negative_share, .25}});
  const Verdict verdict = judge(*measure, facts);
  REQUIRE(measure->levels[*verdict.level].level.code == "Ⅲ");
  const std::string text = lowering(*measure, verdict, facts, {}, criterion(*measure, "reach"));
  int named = -1;
  for (int n = 0; n < 8; ++n)
    if (score(*measure, facts, sources, n) < 45) named = n;
  REQUIRE(named > 0);
  CHECK(score(*measure, facts, sources, named + 1) >= 45);
  CHECK(text == "降为Ⅳ级：发布网站由 8 家降到 " + std::to_string(named) + " 家及以下");
}

TEST_CASE("several quantities of one criterion are named together", "[warn][lowering]") {
  const auto measure = shipped();
  const Facts facts = facts_of({{severity, 3}, {affirmed, 5}, {origins, 9}, {sources, 8}, {media, 4}, {documents, 20}});
  const Verdict verdict = judge(*measure, facts);
  const std::string text = lowering(*measure, verdict, facts, {}, criterion(*measure, "reach"));
  CHECK(text.find("发布网站由 8 家降到") != std::string::npos);
  CHECK(text.find("，且媒体类型由 4 种降到") != std::string::npos);
}

TEST_CASE("what does not carry the level says what is left without it", "[warn][lowering]") {
  const auto measure = shipped();
  const Facts facts = facts_of({{severity, 4}, {affirmed, 1}, {origins, 9}, {sources, 3}, {documents, 20}});
  const Verdict verdict = judge(*measure, facts);
  CHECK(lowering(*measure, verdict, facts, {}, criterion(*measure, "reach")) ==
        "仅此项回落不够：其余仍有 55.0 分，须低于 45 分");  // the floor holds
}

TEST_CASE("shares in whole per cent, severity by its class", "[warn][lowering]") {
  const auto measure = shipped();
  Facts facts = facts_of({{severity, 3}, {affirmed, 5}, {origins, 9}, {press, 1}, {sources, 5}, {documents, 50},
                          {negative, 31}, {negative_share, .62}, {growth, 1.9}});
  const Verdict verdict = judge(*measure, facts);
  REQUIRE(verdict.level);
  const LevelRule& level = measure->levels[*verdict.level];
  REQUIRE(level.level.code == "Ⅲ");
  const std::string text = lowering(*measure, verdict, facts, {}, criterion(*measure, "stance"));
  int named = -1;
  for (int n = 0; n < 62; ++n)
    if (score(*measure, facts, negative_share, n / 100.0) < level.score - measure->margin) named = n;
  if (named < 0) {
    CHECK(text.find("仅此项回落不够") == 0);
  } else {
    CHECK(text == "降为Ⅳ级：负面占比由 62% 降到 " + std::to_string(named) + "% 及以下");
  }
  const std::string grave = lowering(*measure, verdict, facts, {}, criterion(*measure, "severity"));
  CHECK(grave.find("规则命中的最重等次由 B 类改判为") != std::string::npos);
}

TEST_CASE("growth is told in documents of each window", "[warn][lowering]") {
  const auto measure = shipped();
  const GrowthRule& rule = measure->growth;
  Growth growth{6, 18, 1.5, surprise(18, 1.5, rule.size), {}};
  growth.windows = {{3, 6, .75, surprise(6, .75, rule.size), {}}, {6, 18, 1.5, surprise(18, 1.5, rule.size), {}}};
  const Facts facts = facts_of({{severity, 3}, {affirmed, 9}, {origins, 9}, {sources, 2}, {documents, 30},
                                {Quantity::growth, growth.surprise}});
  const Verdict verdict = judge(*measure, facts);
  REQUIRE(measure->levels[*verdict.level].level.code == "Ⅲ");
  const std::string text = lowering(*measure, verdict, facts, growth, criterion(*measure, "growth"));
  int named = -1;
  for (int n = 0; n < 18; ++n)
    if (score(*measure, facts, Quantity::growth, surprise(n, 1.5, rule.size)) < 45) named = n;
  REQUIRE(named > 0);
  CHECK(text.find("6 小时内由 18 条降到 " + std::to_string(named) + " 条及以下") != std::string::npos);
}

TEST_CASE("a floor falls with any of its conditions", "[warn][lowering]") {
  const auto measure = shipped();
  const Facts facts =
      facts_of({{severity, 4}, {affirmed, 3}, {origins, 5}, {origins_24h, 5}, {sources, 2}, {documents, 5}});
  const Verdict verdict = judge(*measure, facts);
  REQUIRE(verdict.floors.size() == 1);
  const std::string text = lowering(*measure, verdict, facts, measure->floors[verdict.floors[0]]);
  CHECK(text.find("可由人降为Ⅲ级：") == 0);
  CHECK(text.find("24 小时内独立信源由 5 个降到 4 个及以下") != std::string::npos);
  CHECK(text.find("，或发布网站由 2 家降到 1 家及以下") != std::string::npos);
}

TEST_CASE("random facts: every way down that is named leaves the level", "[warn][lowering]") {
  const auto measure = shipped();
  std::uint64_t state = 7;
  const auto random = [&state](int below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(below));
  };
  int ways = 0, refused = 0;
  for (int n = 0; n < 3000; ++n) {
    const double share = random(101) / 100.0;
    Facts facts = facts_of({{documents, 30}, {education, 5}, {negative_share, share}});
    constexpr std::pair<Quantity, int> counts[] = {{severity, 5}, {affirmed, 9},  {origins_24h, 9}, {sources, 12},
                                                   {press, 6},    {media, 5},     {hot_rank, 60},   {negative, 30},
                                                   {demands, 5},  {origins, 13}};
    for (const auto& [quantity, below] : counts) facts[quantity] = random(below);
    facts[heat_percentile] = random(1001) / 1000.0;
    facts[hot_list] = facts[hot_rank] > 0;
    const Verdict verdict = judge(*measure, facts);
    if (!verdict.level) continue;
    const bool last = *verdict.level + 1 == measure->levels.size();
    const double below = measure->levels[*verdict.level].score - (last ? 0 : measure->margin);
    for (std::size_t i = 0; i < measure->criteria.size(); ++i) {
      if (verdict.shares[i] <= 0) continue;
      const std::string text = lowering(*measure, verdict, facts, {}, i);
      Facts without = facts;
      for (const Part& part : measure->criteria[i].parts)
        if (part.of.words < 0 && part.of.quantity != hot_rank) without[part.of.quantity] = 0;
        else if (part.of.words < 0) without[hot_rank] = 51;
      const bool possible = judge(*measure, without).score < below;
      CHECK((text.find("不够") == std::string::npos) == possible);
      ++(possible ? ways : refused);
    }
  }
  CHECK(ways > 100);
  CHECK(refused > 100);
}
