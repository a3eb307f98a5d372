// Says a burst in words: how much, against what, and which documents make it up.
#include <fmt/format.h>

#include "alerting/warn/bursts.h"

namespace tingchao::alerting {

void describe_burst(Warning& warning, const Alarm& alarm, const Measure& measure, Time now) {
  const Scan& scan = alarm.scan;
  warning.title = fmt::format("“{}”话题量异常升高：{} 小时 {} 条（预期 {:.1f}）", alarm.stream, scan.hours, scan.observed,
                              scan.expected);
  warning.score = alarm.score;
  warning.measure_version = measure.version;

  Reason reason;
  reason.criterion = "burst";
  reason.name = "话题量异常";
  reason.observed = fmt::format("{} 小时 {} 条", scan.hours, scan.observed);
  reason.expected = fmt::format("{:.1f} 条", scan.expected);
  if (const CalendarDay* day = day_of(measure.calendar, now); day && day->factor > 1)
    reason.expected += fmt::format("（{}期间，已按 {:g} 倍上调）", day->name, day->factor);
  reason.threshold = alarm.by_sum ? fmt::format("累积偏高 {:.1f}，门槛 {:g}", alarm.sum, alarm.threshold)
                                  : fmt::format("异常度 {:.1f}，门槛 {:g}", scan.surprise, alarm.threshold);
  if (alarm.stream == measure.bursts.all_stream && measure.bursts.alarms_per_30d > 0)
    reason.threshold += fmt::format("（最低门槛实测每 30 天约 {:g} 次）", measure.bursts.alarms_per_30d);
  else
    reason.threshold += "（此门槛未实测预警频度）";
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
