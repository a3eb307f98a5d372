// See the header: bookkeeping only.
#include "alerting/warn/told.h"

#include <fmt/format.h>

#include "core/hash.h"

namespace tingchao::alerting {
namespace {

constexpr Seconds id_period{std::chrono::days{14}};

}  // namespace

Raised tell(Warning& warning, Telling telling, Time now) {
  warning.changed_at = now;
  ++warning.changes;
  WarningChange change;
  change.warning = warning.id;
  change.seq = warning.changes;
  change.at = now;
  change.event = telling.event;
  change.level = warning.level;
  change.level_before = std::move(telling.level_before);
  change.state = warning.state;
  change.actor = "measure";
  change.note = std::move(telling.note);
  if (telling.with_reasons) change.reasons = warning.reasons;
  Raised raised{warning, std::move(change), {}};
  ++warning.version;
  return raised;
}

std::string level_text(const Level& level, bool needs_confirmation) {
  return fmt::format("{}{}级（{}）", needs_confirmation ? "拟" : "", level.code, level.colour);
}

std::string warning_id(const Story& story, Time now) {
  if (story.woken_at) return stable_id(fmt::format("warning:{}:woken:{}", story.id, to_rfc3339(*story.woken_at)));
  const auto period = now > story.first_seen ? (now - story.first_seen) / id_period : 0;
  return stable_id(period == 0 ? "warning:" + story.id : fmt::format("warning:{}:{}", story.id, period));
}

std::string burst_id(const std::string& stream, Time since) {
  return stable_id(fmt::format("burst:{}:{}", stream, to_rfc3339(since)));
}

}  // namespace tingchao::alerting
