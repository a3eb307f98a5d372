#pragma once
// From facts to a score, a level and the reasons for it.
//   R = 100·(1 − Π(1 − wᵢ·xᵢ)): any one grave thing can carry it, and many slight ones add up.
// Then floors lift and ceilings hold it down; a criterion's points are what R loses without it.

#include <optional>
#include <string>
#include <vector>

#include "alerting/warn/measure.h"
#include "alerting/warn/story_memory.h"
#include "core/story.h"
#include "core/warning.h"

namespace tingchao::alerting {

struct Verdict {
  bool qualifies = false;           // deserves a warning at all
  double raw = 0;                   // R
  double score = 0;                 // after floors and ceilings
  std::optional<std::size_t> level; // what the score reaches; empty when none or not qualified
  std::vector<double> shares;       // x of each criterion
  std::vector<std::size_t> parts;   // which part gave it
  std::vector<std::size_t> floors, ceilings;  // that changed the score, in the measure's order
};

Verdict judge(const Measure& measure, const Facts& facts);

// Points of criterion i: R − R without it.
double points_of(const Measure& measure, const Verdict& verdict, std::size_t criterion);

// Heaviest first; those that gave nothing are left out. A reason's documents are all that its quantity rests on
// (newest first, of the last notes_max): without them it would earn nothing.
std::vector<Reason> reasons_of(const Measure& measure, const Verdict& verdict, const Facts& facts,
                               const StoryMemory& memory, const Growth& growth);

}  // namespace tingchao::alerting
