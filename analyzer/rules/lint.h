#pragma once
// What is legal in a rule and yet hardly meant: conditions that cannot hold together, arms of an OR and
// conditions of an AND that change nothing, rules that another rule swallows, rules that match nearly
// everything. Only what can be shown is told (implication.h).

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/rules/implication.h"

namespace tingchao::analyzer {

struct LintFinding {
  std::uint32_t rule = 0;    // in the set
  std::uint32_t column = 1;  // of its expression, in characters
  Diagnostic::Grade grade = Diagnostic::Grade::warning;
  std::string kind;  // never, branch, condition, shadowed, broad: what `accept:` of a pack names
  std::string message, mend;
};

// In order of rules and columns. `sense` may be null: then only what holds in every text is told. Work grows
// with the rules' sizes and with how many rules of a topic share words; bounded by steps.
std::vector<LintFinding> lint(const RuleSet& rules, TermSense* sense, const std::vector<RuleUse>& uses);

// The findings where they stand in the packs that the rules were compiled from.
std::vector<Diagnostic> placed(const RuleSet& rules, const std::vector<NamedText>& packs,
                               const std::vector<LintFinding>& findings);

// The parts, each adding to `out`.
class RuleLint {
 public:
  RuleLint(const RuleSet& rules, LeafOrder& order, std::vector<LintFinding>& out)
      : rules_(rules), implication_(order), out_(out) {}
  // One expression: contradictions, branches and conditions without effect.
  void expression(std::uint32_t rule);

 private:
  void walk(const Fact& at, const std::vector<Fact>& path);
  void arms(const Fact& at, const std::vector<Fact>& path);
  void conditions(const Fact& at, const std::vector<Fact>& path);
  void items(const Fact& at, const std::vector<Fact>& path);
  void positional(const Fact& at);
  std::string because(const Clash& clash) const;
  std::string mend_of(const Clash& clash) const;
  std::string shown(const Node& node) const;
  void tell(const Node& node, const char* kind, std::string message, std::string mend,
            Diagnostic::Grade grade = Diagnostic::Grade::warning);

  const RuleSet& rules_;
  Implication implication_;
  std::vector<LintFinding>& out_;
  std::uint32_t rule_ = 0;
};

// Rules whose matches another rule of the topic, no less grave, has all of.
void find_shadowed(const RuleSet& rules, LeafOrder& order, std::vector<LintFinding>& out);
// Rules that a very common word alone is enough for, and rules that matched too much of what they were run over.
void find_broad(const RuleSet& rules, TermSense* sense, const std::vector<RuleUse>& uses,
                std::vector<LintFinding>& out);

}  // namespace tingchao::analyzer
