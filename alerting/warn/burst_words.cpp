// Says a burst in words: how much, against what, and which documents make it up.
#include <fmt/format.h>

#include "alerting/warn/bursts.h"

namespace tingchao::alerting {

namespace {

std::string threshold_text(const Alarm& alarm, const BurstRule& rule) {
  std::string text;
  switch (alarm.found) {
    case Alarm::Found::window: text = fmt::format("异常度 {:.1f}，门槛 {:g}", alarm.scan.surprise, alarm.threshold); break;
    case Alarm::Found::story:
      text = fmt::format("单一事件异常度 {:.1f}，门槛 {:g}", alarm.scan.surprise, alarm.threshold);
      break;
    case Alarm::Found::sum: text = fmt::format("累积偏高 {:.1f}，门槛 {:g}", alarm.sum, alarm.threshold); break;
  }
  if (alarm.stream == rule.all_stream && rule.alarms_per_30d > 0)
    text += fmt::format("（各项最低门槛合计，实测每 30 天约 {:g} 次）", rule.alarms_per_30d);
  return text;
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
  reason.threshold = threshold_text(alarm, measure.bursts);
  reason.points = alarm.score;
  reason.lowers = "后续条数回到预期水平；已发出的由人办结";
  warning.evidence.clear();
  for (const Evidence& evidence : alarm.documents) {
    reason.documents.push_back(evidence.document);
    if (warning.evidence.size() < warning_evidence_max) warning.evidence.push_back(evidence);
  }
  warning.reasons = {std::move(reason)};
}

}  // namespace tingchao::alerting
