// Looks at a measure that is well-formed and asks whether it can mean what it says: how high can the score
// get at all, who asks for each list, which level has no duty. Doubts are told, never refused: the bureau may
// have its reasons.
#include <algorithm>

#include <fmt/format.h>

#include "alerting/warn/measure.h"

namespace tingchao::alerting {
namespace {

double most_of(const Criterion& criterion) {
  double most = 0;
  for (const Part& part : criterion.parts)
    most = std::max(most, part.by_severity ? std::min(part.most, *std::max_element(part.by_severity->begin(),
                                                                                   part.by_severity->end()))
                                           : part.most);
  return most;
}

// The score when every criterion is full.
double highest_score(const Measure& measure) {
  double rest = 1;
  for (const Criterion& criterion : measure.criteria) rest *= 1 - criterion.weight * most_of(criterion);
  return 100 * (1 - rest);
}

bool has_floor(const Measure& measure, std::size_t level) {
  return std::any_of(measure.floors.begin(), measure.floors.end(),
                     [&](const Bound& floor) { return floor.level && *floor.level <= level; });
}

bool asks_for(const std::vector<Condition>& conditions, int words) {
  return std::any_of(conditions.begin(), conditions.end(),
                     [&](const Condition& c) { return c.of.words == words; });
}

bool is_asked_for(const Measure& measure, int words) {
  for (const Criterion& criterion : measure.criteria)
    for (const Part& part : criterion.parts)
      if (part.of.words == words) return true;
  for (const auto& conditions : measure.qualify)
    if (asks_for(conditions, words)) return true;
  for (const auto* bounds : {&measure.floors, &measure.ceilings})
    for (const Bound& bound : *bounds)
      if (asks_for(bound.when, words)) return true;
  return false;
}

bool has_clock(const Measure& measure, int rank) {
  return std::any_of(measure.clocks.begin(), measure.clocks.end(), [rank](const ClockRule& clock) {
    return std::find(clock.ranks.begin(), clock.ranks.end(), rank) != clock.ranks.end();
  });
}

void doubt_levels(const Measure& measure, std::vector<std::string>& doubts) {
  const double highest = highest_score(measure);
  for (std::size_t i = 0; i < measure.levels.size(); ++i) {
    const LevelRule& rule = measure.levels[i];
    if (rule.score > highest && !has_floor(measure, i))
      doubts.push_back(fmt::format("{}级（{} 分）达不到：各项全满也只有 {:.1f} 分，也没有底线通到该级",
                                   rule.level.code, rule.score, highest));
    if (!has_clock(measure, rule.level.rank))
      doubts.push_back(fmt::format("{}级没有任何时限", rule.level.code));
    if (i > 0 && measure.levels[i - 1].score - rule.score <= measure.margin)
      doubts.push_back(fmt::format("{}级与{}级只差 {:g} 分，不大于降级余量 {:g} 分：降级会一次越过整级",
                                   measure.levels[i - 1].level.code, rule.level.code,
                                   measure.levels[i - 1].score - rule.score, measure.margin));
  }
}

}  // namespace

std::vector<std::string> doubts_about(const Measure& measure) {
  std::vector<std::string> doubts;
  doubt_levels(measure, doubts);
  for (std::size_t i = 0; i < measure.words.size(); ++i)
    if (!is_asked_for(measure, static_cast<int>(i)))
      doubts.push_back(fmt::format("词表“{}”没有任何条件或计分用到", measure.words[i].name));
  for (const Criterion& criterion : measure.criteria)
    if (criterion.weight <= 0) doubts.push_back(fmt::format("指标“{}”权重为 0，不起作用", criterion.name));
  for (const Criterion& criterion : measure.criteria)
    if (criterion.lowers.empty())
      doubts.push_back(fmt::format("指标“{}”没有写明何时下降（lowers）", criterion.name));
  if (measure.notice.find("需经本单位审定") != std::string::npos)
    doubts.push_back("notice 仍是“需经本单位审定”：审定后请写明由谁、何时审定");
  if (measure.bursts.alarms_per_30d <= 0)
    doubts.push_back("bursts.alarms_per_30d 未填：话题量预警将不写明该门槛实测多少天报一次");
  if ((measure.bursts.weekend != 1 || measure.bursts.holiday != 1) && measure.day_kinds.holidays() == 0)
    doubts.push_back("bursts.days 区分周末与假日，但 holidays 没有列出任何法定节假日：调休上班的周末会当作周末");
  return doubts;
}

std::string summary_of(const Measure& measure) {
  std::string text = fmt::format("{}  版本 {}\n", measure.name, measure.version);
  for (const LevelRule& rule : measure.levels) {
    text += fmt::format("  {}级 {}  {}  {:g} 分起", rule.level.code, rule.level.colour, rule.level.name,
                        rule.score);
    for (const ClockRule& clock : measure.clocks)
      if (std::find(clock.ranks.begin(), clock.ranks.end(), rule.level.rank) != clock.ranks.end())
        text += fmt::format("，{} 内{}", to_chinese(clock.within), clock.name);
    if (rule.person_lowers) text += "，只由人降级";
    if (rule.alarms_per_30d) text += fmt::format("，实测每 30 天 {:g} 件", *rule.alarms_per_30d);
    for (std::size_t i = 0; i < rule.to.size(); ++i) text += (i == 0 ? "，发给 " : "、") + rule.to[i];
    text += '\n';
  }
  if (!measure.measured.empty()) text += "  实测：" + measure.measured + "\n";
  return text + fmt::format("  指标 {} 项，底线 {} 条，封顶 {} 条，入围条件 {} 组，特殊日期 {} 段，法定节假日 {} 个",
                            measure.criteria.size(), measure.floors.size(), measure.ceilings.size(),
                            measure.qualify.size(), measure.calendar.size(),
                            measure.day_kinds.holidays());
}

double score_of(const Measure& measure, const Level& level) {
  const auto index = measure.index_of(level);
  return index ? measure.levels[*index].score : 0;
}

double burst_threshold_of(const Measure& measure) {
  return measure.bursts.levels.empty() ? 0 : measure.bursts.levels.front().surprise;
}

std::shared_ptr<const Measure> with_burst_threshold(const Measure& measure, double surprise) {
  auto changed = std::make_shared<Measure>(measure);
  changed->bursts.topics = changed->bursts.schools = changed->bursts.cells = false;
  changed->bursts.cusum_ratio = changed->bursts.story.surprise = 0;
  changed->bursts.levels = {{changed->levels.size() - 1, surprise}};
  return changed;
}

}  // namespace tingchao::alerting
