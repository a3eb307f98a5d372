#pragma once
// Writes changes into a warning's history: the one place where seq, times, level_before and version
// are kept right.

#include <string>

#include "alerting/warn.h"

namespace tingchao::alerting {

struct Telling {
  WarningEvent event = WarningEvent::raised;
  std::optional<Level> level_before;
  std::string note;
  bool with_reasons = false;
};

// The change by the measure as of now; counts `warning`'s rows and version on.
Raised tell(Warning& warning, Telling telling, Time now);

// "Ⅲ级（黄）", "拟Ⅰ级（红）" while it waits for confirmation.
std::string level_text(const Level& level, bool needs_confirmation = false);

// A new id for a story's warning: stable for the story's first 14 days and per 14 days after, so that
// a relapse after the old warning was closed for good gets its own.
std::string warning_id(const Story& story, Time now);
std::string burst_id(const std::string& stream, Time since);

}  // namespace tingchao::alerting
