#pragma once
// What a document is about, as weighted terms for grouping: words, the title's character pairs, topics,
// and anchors (schools, places, public bodies, numbers with units), which tell one event from another
// of its kind. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/segment/word_trie.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"

namespace tingchao::analyzer {

// How anchors begin, by what they are.
inline constexpr std::string_view school_anchor = "school:", place_anchor = "place:", body_anchor = "body:",
                                  number_anchor = "number:";

class TermReader {
 public:
  // Of the lexicons only the one named stopwords is read: words that say nothing of the matter.
  // Fails with bad_config naming file and line.
  static Result<TermReader> build(const std::vector<NamedText>& lexicons);
  static constexpr std::string_view stopwords_stem = "stopwords";

  // At most analysis_terms_max, heaviest first. `topics`: of the rules that matched.
  std::vector<TermWeight> read(const Prepared& prepared, const std::vector<std::string>& topics) const;

 private:
  struct Sums;
  void add_words(const TextView& view, const std::vector<std::uint8_t>& taken, float weight,
                 Sums& sums) const;
  WordTrie stopwords_;
};

}  // namespace tingchao::analyzer
