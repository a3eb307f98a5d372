#pragma once
// The rule language (docs/rules.md): packs of named rules in YAML, and single queries, compiled into
// one immutable RuleSet. Pure; safe to share between threads.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis.h"
#include "core/document.h"
#include "core/result.h"

namespace tingchao::analyzer {

struct NamedText { std::string name, text; };  // a file's name, for messages, and its content

// Something about a rule that its author should know.
struct Diagnostic {
  enum class Grade { error, warning } grade = Grade::error;
  std::string file;
  int line = 0, column = 0;   // 1-based; column counts characters of the expression's line
  std::string rule;           // id, or empty
  std::string message, mend;
  std::string kind;           // of a lint's finding: never, branch, condition, shadowed, broad; else empty
};
// "education/canteen.yaml:12:7: error: … (mend)".
std::string describe(const Diagnostic& diagnostic);

struct Example {
  std::string text;           // "title\nbody" when it has a line break, else a body
  bool must_match = true;
};

struct Rule {
  std::string id, name, topic;
  Severity severity = Severity::d;
  std::string expression;
  std::string unless;         // "negated | refuted"; empty: never damped
  std::vector<Example> examples;
  std::vector<std::string> accept;  // kinds of lint findings that are meant so
  std::string file, version;
  int line = 0;
  std::size_t match_at = 0;   // byte of the file where the expression's scalar begins
};

class RuleSet;  // compiled; opaque outside analyzer/

struct Compiled {
  std::shared_ptr<const RuleSet> rules;  // without the rules that have errors
  std::vector<Diagnostic> diagnostics;
  bool has_errors() const;
};

// Packs of rules/education/*.yaml form. Also finds duplicate ids and rules without a literal.
// `words` are word classes: files of one word a line named for the class (@words(丧事)).
Compiled compile(const std::vector<NamedText>& packs, const std::vector<NamedText>& words);

// Some texts, and how many of them each rule matched: tells a rule that is too broad.
struct RuleUse {
  struct Count {
    long texts = 0, matched = 0;
  };
  std::string what;                            // for people: 其他话题的例句
  double share_max = 0.2;                      // from this share on a rule is too broad
  std::map<std::string, Count, std::less<>> of;  // by rule id
};
// A single expression as `scan --query` and `search` take it, as a rule with the id "query".
// Fails with bad_rule, the detail pointing at the column.
Result<std::shared_ptr<const RuleSet>> compile_query(std::string_view expression,
                                                     const std::vector<NamedText>& words);

const std::vector<Rule>& rules_of(const RuleSet& rules);
const std::string& version_of(const RuleSet& rules);

// What must stand in any text that can match: an AND of ORs of literals (after folding), a superset
// for the full-text index. Empty: nothing can be told (a pure NOT): scan all.
std::vector<std::vector<std::string>> needles(const RuleSet& rules);

}  // namespace tingchao::analyzer
