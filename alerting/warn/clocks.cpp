// A clock's step at p % lies at started + p % of its length, rounded up to the second. Telling is
// idempotent: told_percent says how far it got, so a step is told once however late the tick.
#include "alerting/warn/clocks.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace tingchao::alerting {
namespace {

constexpr Seconds late_after{std::chrono::hours{1}};  // told so long after its time counts as late

Time step_time(const Clock& clock, int percent) {
  const auto length = (clock.due - clock.started).count();
  return clock.started + Seconds{(length * percent + 99) / 100};
}

std::vector<Clock>::iterator find(std::vector<Clock>& clocks, const std::string& id) {
  return std::find_if(clocks.begin(), clocks.end(), [&id](const Clock& clock) { return clock.id == id; });
}

// A successor of that clock runs or was met, so it has nothing left to ask.
bool is_replaced(const std::string& id, const std::vector<Clock>& clocks, const Measure& measure) {
  return std::any_of(measure.clocks.begin(), measure.clocks.end(), [&](const ClockRule& rule) {
    return rule.replaces == id &&
           std::any_of(clocks.begin(), clocks.end(), [&rule](const Clock& clock) { return clock.id == rule.id; });
  });
}

}  // namespace

void start_clocks(Warning& warning, const Measure& measure, Time now) {
  std::vector<Clock>& clocks = warning.clocks;
  for (const ClockRule& rule : measure.clocks) {
    if (std::find(rule.ranks.begin(), rule.ranks.end(), warning.level.rank) == rule.ranks.end()) continue;
    if (is_replaced(rule.id, clocks, measure)) continue;
    Clock fresh{rule.id, rule.name, rule.clause, now, now + rule.within, {}, 0};
    if (const auto running = find(clocks, rule.id); running != clocks.end()) {
      if (!running->met_at) running->due = std::min(running->due, fresh.due);
      continue;
    }
    const auto before = rule.replaces.empty() ? clocks.end() : find(clocks, rule.replaces);
    if (before == clocks.end() || before->met_at) {
      clocks.push_back(std::move(fresh));
      continue;
    }
    fresh.due = std::min(fresh.due, before->due);
    if (fresh.due <= now) {  // overdue already: what was told stays told
      fresh.started = before->started;
      fresh.told_percent = before->told_percent;
    }
    *before = std::move(fresh);
  }
}

void start_missing_clocks(Warning& warning, const Measure& measure, Time now) {
  std::vector<Clock> before = warning.clocks;
  start_clocks(warning, measure, now);
  for (const Clock& clock : before)
    if (const auto kept = find(warning.clocks, clock.id); kept != warning.clocks.end()) *kept = clock;
}

std::vector<ClockStep> steps_come(const Warning& warning, const Measure& measure, Time now) {
  std::vector<ClockStep> steps;
  for (std::size_t i = 0; i < warning.clocks.size(); ++i) {
    const Clock& clock = warning.clocks[i];
    if (clock.met_at) continue;
    for (int percent : measure.tell_percent) {
      const Time at = step_time(clock, percent);
      if (percent > clock.told_percent && at <= now) steps.push_back({i, percent, at});
    }
  }
  std::sort(steps.begin(), steps.end(), [](const ClockStep& a, const ClockStep& b) {
    return std::tie(a.at, a.clock, a.percent) < std::tie(b.at, b.clock, b.percent);
  });
  return steps;
}

std::optional<Time> next_step(const Warning& warning, const Measure& measure) {
  std::optional<Time> next;
  for (const Clock& clock : warning.clocks) {
    if (clock.met_at) continue;
    for (int percent : measure.tell_percent) {
      if (percent <= clock.told_percent) continue;
      const Time at = step_time(clock, percent);
      if (!next || at < *next) next = at;
      break;
    }
  }
  return next;
}

std::string step_note(const Warning& warning, const ClockStep& step, Time now) {
  const Clock& clock = warning.clocks[step.clock];
  const std::string late = now - step.at >= late_after ? fmt::format("（迟报，应于 {} 提醒）", china_minute(step.at)) : "";
  if (now >= clock.due) {
    return fmt::format("“{}”已逾时限：截止 {}，已过 {}{}", clock.name, china_minute(clock.due),
                       to_chinese(now - clock.due), late);
  }
  return fmt::format("“{}”时限已用 {}%：截止 {}，还剩 {}{}", clock.name, step.percent, china_minute(clock.due),
                     to_chinese(clock.due - now), late);
}

}  // namespace tingchao::alerting
