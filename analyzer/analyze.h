#pragma once
// Reads a Document and says what is in it. Pure and deterministic: the same document, rules and
// lexicons always give the same Analysis. An Analyzer is immutable and may be used by many threads.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/new_words.h"
#include "analyzer/classify.h"
#include "analyzer/rules.h"
#include "core/analysis.h"
#include "core/document.h"
#include "core/result.h"

namespace tingchao::analyzer {

// Everything the analyzer reads, as text: nobody here opens a file.
struct Materials {
  std::shared_ptr<const RuleSet> rules;    // may be null: no rules
  std::vector<NamedText> lexicons;         // user words, a word a line, optional weight
  std::vector<NamedText> gazetteers;       // rules/gazetteer/*.tsv: code, level, name, short forms, parent
  std::vector<NamedText> rosters;          // the bureau's schools: CSV name, district, aliases…
  std::vector<NamedText> context;          // rules/context.yaml: negators, refutation, drill …
  std::vector<NamedText> stance;           // rules/stance/*.txt: negative, positive, negators, demands
  NamedText stance_model;                  // of `tingchao train --head stance`; empty: by words alone
  std::vector<NamedText> models;           // of `tingchao train`: relevance, topic, severity; may be empty
  NamedText borders;                       // a model of `tingchao train --head segment`; empty: the shipped one
  std::string region;                      // the bureau's place ("浙江省杭州市西湖区"); empty: all is ours
};

class Analyzer {
 public:
  // Fails with bad_config, naming file and line.
  static Result<std::shared_ptr<const Analyzer>> build(Materials materials);
  ~Analyzer();

  // Before anything is stored: valid UTF-8, phone numbers, ID-card numbers, e-mail and home
  // addresses masked (same kinds of characters, so that the sentence still reads), hash renewed.
  Document mask(Document document) const;

  Analysis analyze(const Document& document) const;

  // Why each rule (or the one named) matched or not: the evaluation tree as indented text with ✓ ✗
  // and the reason at each leaf. Unknown id: Errc::not_found with the nearest ids.
  Result<std::string> explain(const Document& document, std::string_view rule) const;

  const RuleSet* rules() const;
  // Changes with any text that it was built from, rules included: "analyzer-1f0c…".
  const std::string& version() const;

  // What is legal in the rules and yet hardly meant (docs/rules.md, "rules check"), placed in the packs that they
  // were compiled from. `uses`: what the rules matched elsewhere; their own examples are looked at here. Errors
  // only for rules that cannot match at all. Takes a second or two for hundreds of rules.
  std::vector<Diagnostic> lint(const std::vector<NamedText>& packs, std::vector<RuleUse> uses = {}) const;

  // Finds words that the lists lack; the analyzer must outlive it.
  NewWords new_words(NewWordLimits limits = {}) const;

  // See the free function below.
  std::vector<Span> segment(std::string_view text) const;

 private:
  struct Impl;
  explicit Analyzer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A failed example of a pack: which and what happened instead.
struct ExampleFailure { std::string rule, file; int line = 0; Example example; std::string explanation; };
// Runs every example of every rule; empty when all hold.
std::vector<ExampleFailure> test_examples(const Analyzer& analyzer);

// Words of a line of UTF-8 text, in order, covering it without gaps or overlap; white space is kept
// as tokens of its own. `segment` joins all but those.
std::vector<Span> segment(const Analyzer& analyzer, std::string_view text);

}  // namespace tingchao::analyzer
