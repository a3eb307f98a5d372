#pragma once
// Two warnings whose stories turned out to be one become one: the graver leads, of equals the older. What persons did
// to either stays done, and every deadline is the stricter of the two.

#include <vector>

#include "alerting/warn.h"
#include "alerting/warn/measure.h"

namespace tingchao::alerting {

bool leads(const Warning& warning, const Warning& other);
// A person opened one of them again after it had been closed for the other: they are left as they are.
bool are_apart(const Warning& a, const Warning& b);

// Of one clock in both, the duty that nobody met, and of two such the earlier deadline, with what was told of it. A
// clock that replaces another takes over its deadline when that is earlier. None is ever lost or made longer.
void join_clocks(std::vector<Clock>& lead, const std::vector<Clock>& other, const Measure& measure);

// `other` is closed as a duplicate of `lead`, which goes on for both: two changes, in that order. Both stand at the
// same story already, and neither is closed. The state further on stays, since when it was reached first.
void join(Warning& lead, Warning& other, const Measure& measure, Time now, std::vector<Raised>& out);

}  // namespace tingchao::alerting
