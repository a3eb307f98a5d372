#pragma once
// Runs compiled rules over a prepared document. One pass over the text finds every literal of every
// rule; then only the rules whose literals stand in the text are evaluated.

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

// Hits reported for one rule; a text that repeats itself does not need them all.
inline constexpr std::size_t hits_of_rule_max = 200;

// Rules that match, gravest first, then by id; each with the hits that made it true.
std::vector<RuleMatch> match(const RuleSet& rules, const Prepared& prepared);

// The evaluation tree of one rule as indented text, ✓ and ✗ with the reason at each leaf.
std::string explain_rule(const RuleSet& rules, const Rule& rule, const Prepared& prepared);

}  // namespace tingchao::analyzer
