#pragma once
// What compile() makes: rules as trees whose leaves are numbered, all literals in one matcher, and
// for each rule the clause that lets a document skip it. Private to analyzer/rules; immutable.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/rules/disguise.h"
#include "analyzer/rules/pattern.h"
#include "analyzer/rules/syntax.h"
#include "analyzer/text/literals.h"

namespace tingchao::analyzer {

// Something that stands at places of a text; the same leaf serves every rule that uses it.
struct Leaf {
  NodeKind kind = NodeKind::term;
  TermMode mode = TermMode::word;
  std::vector<std::uint32_t> literals;  // term: one; words, minor: each; pattern: its atoms
  // By literal: how it hides a word, 0 for words as they are, and that word's number. Empty: none is disguised.
  std::vector<Disguise> disguises;
  std::vector<std::uint32_t> hidden;
  std::vector<std::u32string> rest;     // of a phrase: the parts behind the first, white space between
  std::shared_ptr<const Pattern> pattern;
};

// At least one of these leaves stands in every text that the rule can match.
using Clause = std::vector<std::int32_t>;

class RuleSet {
 public:
  std::vector<Rule> rules;
  std::vector<Node> roots;                    // by rule
  std::vector<std::vector<Clause>> clauses;   // by rule; the first is the one that it is filed under
  std::vector<Leaf> leaves;
  std::vector<std::u32string> literals;       // by number
  Literals matcher;
  std::vector<std::vector<std::uint32_t>> rules_of_literal;
  // By literal: the number that stands for it with signs between its characters; 0: nobody asks for that.
  // Empty when no rule has DISGUISED.
  std::vector<std::uint32_t> with_signs;
  std::vector<std::uint32_t> rules_of_school, rules_of_place;
  // The clauses once more, of all rules one behind the other, for the question whether each has a leaf in the
  // text: for each clause a head, the number of literals that follow it with gate_school and gate_place added.
  // Rule r's stand in [gate_begins[r], gate_begins[r + 1]).
  std::vector<std::uint32_t> gates, gate_begins;
  static constexpr std::uint32_t gate_school = 1u << 31, gate_place = 1u << 30;
  std::string version;
};

// Grows a RuleSet rule by rule.
class Assembly {
 public:
  // Word classes by name, folded words in order.
  using Classes = std::unordered_map<std::string, std::vector<std::u32string>>;
  explicit Assembly(Classes classes);

  // Adds the rule unless its expression has errors or lacks an anchor; issues are appended.
  bool add(Rule rule, Expression expression);
  std::shared_ptr<const RuleSet> finish(std::string version);

 private:
  bool number_leaves(Node& node, std::vector<Issue>& issues);
  std::int32_t term_leaf(const Node& node, std::vector<Issue>& issues);
  std::int32_t pattern_leaf(const Node& node, std::vector<Issue>& issues);
  std::int32_t words_leaf(const Node& node, std::vector<Issue>& issues);
  std::int32_t keep(std::string key, Leaf leaf);
  std::uint32_t literal(const std::u32string& text);
  // Adds the disguised forms of the words that the leaf has already.
  void add_disguises(Leaf& leaf);
  void make_gates();

  Classes classes_;
  std::shared_ptr<RuleSet> out_;
  std::unordered_map<std::string, std::int32_t> leaf_of_;
  std::unordered_map<std::u32string, std::uint32_t> literal_of_;
  std::size_t patterns_ = 0;

 public:
  std::vector<Issue> issues;  // of the last add()
};

// The AND of ORs that any matching text must satisfy; empty when nothing need stand in it.
std::vector<Clause> clauses_of(const Node& node, const std::vector<Leaf>& leaves,
                               const std::vector<std::u32string>& literals);
// The part of the tree that has nothing to hold on to, for the message.
const Node& loose_part(const Node& node, const std::vector<Leaf>& leaves,
                       const std::vector<std::u32string>& literals);

}  // namespace tingchao::analyzer
