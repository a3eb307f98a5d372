#pragma once
// The expression of a rule as a tree, read from its text (grammar: docs/rules.md). Reading never
// throws and never gives up at the first mistake: it hands back what it could read and every issue.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "core/analysis.h"

namespace tingchao::analyzer {

// Bounds that keep any expression cheap to compile and to run.
inline constexpr std::size_t expression_chars_max = 20'000;
inline constexpr std::size_t expression_nodes_max = 4'000;
inline constexpr int expression_depth_max = 32;
inline constexpr int near_chars_max = 1'000;
inline constexpr int count_max = 10'000;
inline constexpr std::size_t pattern_chars_max = 1'000;

enum class NodeKind {
  term, pattern, school, place, minor, number, words,  // leaves that stand at places of the text
  source, kind, lang,                                  // leaves about the document
  all, any, none,                                      // AND, OR, NOT
  near, sentence, paragraph, in_field, at_least, count, unless,
};

enum class TermMode : std::uint8_t { word, raw, whole };  // 校服, ~校服, =校服
enum class Compare : std::uint8_t { ge, gt, eq, lt, le };

// Contexts that UNLESS names, as a set of bits.
using Marks = std::uint8_t;
inline constexpr Marks mark_negated = 1, mark_refuted = 2, mark_drill = 4, mark_fiction = 8, mark_past = 16;

struct Node {
  NodeKind kind = NodeKind::term;
  std::uint32_t column = 0;      // where it begins, counted in characters from 1
  std::uint32_t column_end = 0;  // behind its last character
  std::string text;              // as written: leaves and heads such as NEAR/10
  std::string value;             // term, pattern, class or metadata value without its signs
  TermMode mode = TermMode::word;
  Compare compare = Compare::ge;
  Field field = Field::body;     // in_field
  bool ordered = false;          // ONEAR
  int n = 0;                     // NEAR/n, n OF, COUNT … n
  Marks marks = 0;               // unless
  bool disguised = false;        // term, words: inside DISGUISED(…)
  bool entities_only = false;    // unless: nothing but @classes below it; given when compiled
  std::vector<Node> children;
  std::int32_t leaf = -1;        // number in the rule set, given when compiled
};

struct Issue {
  Diagnostic::Grade grade = Diagnostic::Grade::error;
  std::uint32_t column = 1;  // characters, from 1
  std::string message, mend;
};

struct Expression {
  Node root;
  std::vector<Issue> issues;  // in order of their columns; with an error among them root is unusable
  bool usable() const;
};

Expression parse_expression(std::string_view text);

// "negated | refuted", or one name of a YAML list. Unknown names become issues.
Marks parse_marks(std::string_view text, std::vector<Issue>& issues);
// "negated | past".
std::string to_text(Marks marks);
// 否定 for negated …
const char* chinese_mark(Marks one);

// True for what stands at places of the text: leaves but metadata, OR and NEAR of those.
bool is_positional(const Node& node);
// True for @school @place @minor @number: who and how many, not what happened.
bool is_entity(const Node& node);
bool holds_count(Compare compare, long count, int n);
const char* name(Compare compare);

}  // namespace tingchao::analyzer
