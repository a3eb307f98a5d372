// Looking things up in a measure that has been checked already.
#include "alerting/warn/measure.h"

#include <algorithm>
#include <cmath>

namespace tingchao::alerting {

bool holds(const Condition& condition, const Facts& facts) {
  const double value = facts.value(condition.of);
  switch (condition.comparison) {
    case Condition::Comparison::at_least: return value >= condition.value;
    case Condition::Comparison::at_most: return value <= condition.value;
    case Condition::Comparison::more: return value > condition.value;
    case Condition::Comparison::less: return value < condition.value;
    case Condition::Comparison::equal: return value == condition.value;
  }
  return false;
}

bool all_hold(const std::vector<Condition>& conditions, const Facts& facts) {
  return std::all_of(conditions.begin(), conditions.end(), [&facts](const Condition& c) { return holds(c, facts); });
}

double share_of(const Part& part, const Facts& facts) {
  const double value = facts.value(part.of);
  // No rank is not the best rank.
  if (part.of.words < 0 && part.of.quantity == Quantity::hot_rank && value == 0) return 0;
  if (part.by_severity) return std::min(part.most, (*part.by_severity)[static_cast<std::size_t>(value)]);
  return std::min(part.most, std::clamp((value - part.from) / (part.to - part.from), 0.0, 1.0));
}

std::optional<std::size_t> Measure::level_at(double score) const {
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (score >= levels[i].score) return i;
  return std::nullopt;
}

std::optional<std::size_t> Measure::index_of(const Level& level) const {
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (levels[i].level.rank == level.rank) return i;
  return std::nullopt;
}

double Measure::score_below_next(std::optional<std::size_t> level) const {
  if (level == std::size_t{0}) return 100;
  const std::size_t next = level ? *level - 1 : levels.size() - 1;
  return levels[next].score - 0.1;
}

double kind_weight(const Measure& measure, int day) {
  const BurstRule& rule = measure.bursts;
  if (rule.weekend == 1 && rule.holiday == 1) return 1;
  switch (measure.day_kinds.at(day)) {
    case DayKind::work: return 1;
    case DayKind::weekend: return rule.weekend;
    case DayKind::holiday: return rule.holiday;
  }
  return 1;
}

const CalendarDay* day_of(const std::vector<CalendarDay>& calendar, Time at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at + china_offset)};
  const int day = static_cast<int>(static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day()));
  for (const CalendarDay& entry : calendar) {
    const bool inside =
        entry.from <= entry.to ? day >= entry.from && day <= entry.to : day >= entry.from || day <= entry.to;
    if (inside) return &entry;
  }
  return nullptr;
}

const std::string& version_of(const Measure& measure) { return measure.version; }
const std::string& text_of(const Measure& measure) { return measure.text; }
Seconds closed_kept(const Measure& measure) {
  return std::max(measure.relapse_within, Seconds{std::chrono::days{90}});
}
std::map<int, std::vector<std::string>> audiences_of(const Measure& measure) {
  std::map<int, std::vector<std::string>> audiences;
  for (const LevelRule& rule : measure.levels)
    if (!rule.to.empty()) audiences[rule.level.rank] = rule.to;
  return audiences;
}
const std::vector<Level>& levels_of(const Measure& measure) { return measure.plain_levels; }

}  // namespace tingchao::alerting
