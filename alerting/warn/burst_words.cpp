// Says a burst in words: how much, against what, and which documents make it up.
#include <fmt/format.h>

#include "alerting/warn/bursts.h"
#include "alerting/wording.h"

namespace tingchao::alerting {

namespace {

std::string threshold_text(const Alarm& alarm, const BurstRule& rule) {
  const bool is_sum = alarm.found == Alarm::Found::sum;
  const std::string_view name = is_sum                               ? found_by_sum
                                : alarm.found == Alarm::Found::story ? found_by_story
                                                                     : found_by_window;
  std::string text =
      fmt::format("{} {:.1f}，门槛 {:g}", name, is_sum ? alarm.sum : alarm.scan.surprise, alarm.threshold);
  if (alarm.stream == rule.all_stream && rule.alarms_per_30d > 0)
    text += fmt::format("（各项最低门槛合计，实测每 30 天约 {:g} 次）", rule.alarms_per_30d);
  else
    text += "（此门槛未实测预警频度）";
  return text;
}

// "近 6 小时不多于 4 条", "近 1、3 小时分别不多于 3、5 条".
std::string limits_text(const std::vector<Limit>& limits) {
  std::string hours, most;
  bool equal = true;
  for (const Limit& limit : limits) {
    hours += fmt::format("{}{}", hours.empty() ? "" : "、", limit.hours);
    most += fmt::format("{}{}", most.empty() ? "" : "、", limit.most);
    equal = equal && limit.most == limits.front().most;
  }
  if (limits.size() == 1) return fmt::format("近 {} 小时不多于 {} 条", hours, most);
  if (equal) return fmt::format("近 {} 小时均不多于 {} 条", hours, limits.front().most);
  return fmt::format("近 {} 小时分别不多于 {} 条", hours, most);
}

// In counts. What was published stays published: an hour that passes without more is what lowers a window.
std::string lowering_text(const Alarm& alarm, const Measure& measure) {
  const Alarm::Lower& lower = alarm.lower;
  std::string text;
  if (!lower.under_level.empty() && lower.under_level != lower.windows)
    text = fmt::format("{}即低于{}级门槛；", limits_text(lower.under_level), measure.levels[alarm.level].level.code);
  std::vector<std::string> all;
  if (!lower.windows.empty()) all.push_back(limits_text(lower.windows));
  if (!lower.story.empty()) all.push_back("同一事件" + limits_text(lower.story));
  if (lower.sum)
    all.push_back(fmt::format("近 {} 小时累计不多于 {} 条（不计最近 {} 条）", lower.sum->hours, lower.sum->most,
                              lower.sum->observed - lower.sum->most));
  for (std::size_t i = 0; i < all.size(); ++i) text += (i == 0 ? "" : "，且") + all[i];
  text += all.size() > 1 ? "，即低于预警线" : "即低于预警线";
  if (lower.sum) text += fmt::format("；此后每天不多于 {} 条，累积值即回落", lower.steady);
  return text + "；已发出的由人办结";
}

// "（国庆节假期，按工作日的 0.8 倍计）"; nothing where kinds of days make no difference.
std::string kind_text(const Measure& measure, Time now) {
  const int day = day_number(hour_number(now));
  if (measure.bursts.weekend == 1 && measure.bursts.holiday == 1) return {};
  if (measure.day_kinds.is_made_up(day)) return "（调休上班，按工作日计）";
  const double weight = kind_weight(measure, day);
  if (weight == 1) return {};
  const Holiday* holiday = measure.day_kinds.holiday_at(day);
  return fmt::format("（{}，按工作日的 {:g} 倍计）", holiday ? holiday->name + "假期" : "周末", weight);
}

}  // namespace

void describe_burst(Warning& warning, const Alarm& alarm, const Measure& measure, Time now) {
  const Scan& scan = alarm.scan;
  const bool one_story = alarm.found == Alarm::Found::story;
  warning.title = fmt::format("“{}”话题量异常升高：{}{} 小时 {} 条（预期 {:.1f}）", alarm.stream,
                              one_story ? "同一事件 " : "", scan.hours, scan.observed, scan.expected);
  if (one_story && !alarm.documents.empty()) warning.title += "：" + alarm.documents.front().title;
  warning.score = alarm.score;
  warning.measure_version = measure.version;

  Reason reason;
  reason.criterion = "burst";
  reason.name = "话题量异常";
  reason.observed = fmt::format("{}{} 小时 {} 条", one_story ? "同一事件 " : "", scan.hours, scan.observed);
  reason.expected = fmt::format("{:.1f} 条", scan.expected);
  if (const CalendarDay* day = day_of(measure.calendar, now); day && day->factor > 1)
    reason.expected += fmt::format("（{}期间，已按 {:g} 倍上调）", day->name, day->factor);
  reason.expected += kind_text(measure, now);
  reason.threshold = threshold_text(alarm, measure.bursts);
  reason.points = alarm.score;
  reason.lowers = lowering_text(alarm, measure);
  warning.evidence.clear();
  for (const Evidence& evidence : alarm.documents) {
    reason.documents.push_back(evidence.document);
    if (warning.evidence.size() < warning_evidence_max) warning.evidence.push_back(evidence);
  }
  warning.reasons = {std::move(reason)};
}

}  // namespace tingchao::alerting
