#pragma once
// The duties to answer: which run at a level, when they are due, and which of their steps (50, 80,
// 100 %) have come. All times are absolute, so a restart or a late tick changes no deadline.

#include <optional>
#include <string>
#include <vector>

#include "alerting/warn/measure.h"
#include "core/warning.h"

namespace tingchao::alerting {

// Starts what the warning's level demands and does not run yet. A clock that takes over another one,
// or runs already, keeps the earlier deadline; none is ever extended or removed without successor.
void start_clocks(Warning& warning, const Measure& measure, Time now);

// Only those that are not there; what runs keeps its deadline, for `now` may lie before its start when a clock was set
// back.
void start_missing_clocks(Warning& warning, const Measure& measure, Time now);

struct ClockStep {
  std::size_t clock = 0;  // index into Warning::clocks
  int percent = 0;
  Time at{};              // when it came
};
// Steps of clocks not met that have come by `now` and were not told, in the order of their times.
std::vector<ClockStep> steps_come(const Warning& warning, const Measure& measure, Time now);
// When the next one comes; empty when none will.
std::optional<Time> next_step(const Warning& warning, const Measure& measure);
// For the history: what has been used up, the deadline, and when this is told late.
std::string step_note(const Warning& warning, const ClockStep& step, Time now);

}  // namespace tingchao::alerting
