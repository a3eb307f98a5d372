// A rule's clauses in the form of a full-text index: literals only. A clause that an entity could
// satisfy says nothing about letters and is left out. For several rules the text must satisfy one
// clause of at least one of them, so their cheapest ones are joined.

#include <algorithm>

#include "analyzer/rules/rule_set.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {
namespace {

// Of a phrase its longest part: the others stand there too.
const std::u32string& telling_part(const Leaf& leaf, const std::u32string& first) {
  const std::u32string* best = &first;
  for (const std::u32string& part : leaf.rest)
    if (part.size() > best->size()) best = &part;
  return *best;
}

// False when the clause can hold without any literal.
bool add_literals(const RuleSet& rules, const Clause& clause, std::vector<std::string>& out) {
  for (const std::int32_t number : clause) {
    const Leaf& leaf = rules.leaves[std::size_t(number)];
    if (leaf.literals.empty() || !leaf.disguises.empty()) return false;
    for (const std::uint32_t literal : leaf.literals)
      out.push_back(to_utf8(telling_part(leaf, rules.literals[literal])));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return true;
}

}  // namespace

std::vector<std::vector<std::string>> needles(const RuleSet& rules) {
  std::vector<std::vector<std::string>> out;
  if (rules.rules.size() == 1) {
    for (const Clause& clause : rules.clauses.front()) {
      std::vector<std::string> literals;
      if (add_literals(rules, clause, literals)) out.push_back(std::move(literals));
    }
    return out;
  }
  std::vector<std::string> any;
  for (const auto& clauses : rules.clauses) {
    const bool told = std::any_of(clauses.begin(), clauses.end(), [&](const Clause& clause) {
      std::vector<std::string> literals;
      if (!add_literals(rules, clause, literals)) return false;
      any.insert(any.end(), literals.begin(), literals.end());
      return true;
    });
    if (!told) return {};
  }
  std::sort(any.begin(), any.end());
  any.erase(std::unique(any.begin(), any.end()), any.end());
  if (!any.empty()) out.push_back(std::move(any));
  return out;
}

}  // namespace tingchao::analyzer
