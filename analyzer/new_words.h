#pragma once
// Proposes words for the lists that nobody thought of: strings that hold together, stand free, and are said more
// than before. For a person to accept; nothing here changes a rule or a lexicon.
//
// A candidate's cohesion is the smallest pointwise mutual information over its cuts in two (bits; Church & Hanks
// 1990), its freedom the smaller entropy of its neighbours on either side (bits; after Jin & Tanaka-Ishii 2006),
// its score Dunning's log-likelihood ratio (1993) of recent documents against earlier ones. What looks like a
// person's name is withheld: nobody is watched by name.

#include <memory>
#include <string>
#include <vector>

#include "core/analysis.h"
#include "core/document.h"

namespace tingchao::analyzer {

class Segmenter;
class RuleSet;

struct NewWordLimits {
  long documents_min = 3;      // recent ones, the same words around counted once
  long sources_min = 2;
  double cohesion_min = 3;     // bits
  double freedom_min = 1;      // bits
  double growth_min = 2;       // times as large a part of the documents as before
  std::size_t chars_max = 8'000'000;  // learnt from; of more text an even sample of documents is taken
};

struct NewWord {
  std::string word;
  bool known = false;  // the dictionary or a lexicon has it: not new, but said more
  long documents = 0, before = 0, sources = 0;
  double growth = 0;   // 0: there is nothing earlier to compare with
  double cohesion = 0, freedom = 0, score = 0;
  std::vector<std::string> topics;  // of its documents, commonest first, at most three
  struct Quote {
    std::string document, source_name, sentence;
    Span word;  // in the sentence
    Time time{};
  };
  std::vector<Quote> quotes;  // the latest, at most two
};

class NewWords {
 public:
  // Both outlive this; `rules` may be null. See Analyzer::new_words.
  NewWords(const Segmenter& segmenter, const RuleSet* rules, NewWordLimits limits);
  NewWords(NewWords&&) noexcept;
  ~NewWords();

  // First, of every recent document: what is a candidate at all.
  void learn(const Document& document);
  // Then, of every document, the earlier ones first.
  void weigh(const Document& document, const Analysis& analysis, bool recent);
  // By score, then by the word. Ends the work.
  std::vector<NewWord> best(std::size_t count);

  long withheld() const;  // candidates that look like a person's name
  long documents(bool recent) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::analyzer
