#pragma once
// What would take a warning down from its level, in counts that a person can follow: one criterion's quantities, or one
// condition of a floor, are let fall until judge() itself says that the level is left. Pure.

#include <string>

#include "alerting/warn/score.h"

namespace tingchao::alerting {

// "降为Ⅲ级：负面占比由 62% 降到 40% 及以下". Several quantities of one criterion are joined by 且, for each alone would
// keep its points. When the criterion does not carry the level: what score is left without it. Empty where no level is
// reached.
std::string lowering(const Measure& measure, const Verdict& verdict, const Facts& facts, const Growth& growth,
                     std::size_t criterion);
// The same of a floor that lifted the score: any of its conditions, joined by 或.
std::string lowering(const Measure& measure, const Verdict& verdict, const Facts& facts, const Bound& floor);

}  // namespace tingchao::alerting
