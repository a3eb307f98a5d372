#pragma once
// Random rules and random documents over a handful of letters, so that rules often match: what the tests of the
// matcher and of the lint try their subjects on.

#include <memory>
#include <random>
#include <vector>

#include "analyzer/rules/match.h"
#include "tests/analyzer/naive_rules.h"
#include "tests/analyzer/prepared_text.h"

namespace tingchao::analyzer {

PreparedText random_document(std::mt19937& random);

struct RandomRules {
  std::vector<naive::Expr> exprs;  // by number in the id: r0007
  std::shared_ptr<const RuleSet> compiled;
  std::vector<std::shared_ptr<const RuleSet>> alone;
};

RandomRules random_rules(std::mt19937& random, std::size_t wanted, int depth);

}  // namespace tingchao::analyzer
