#pragma once
// Cuts text into words: ICU's breaks, corrected by the words of a lexicon. A lexicon word wins over
// ICU where it gains more than it breaks, so 小学校|服 becomes 小学|校服 and 学校|服务 stays.
// Immutable; may be shared between threads.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/segment/icu_words.h"
#include "analyzer/segment/word_trie.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"

namespace tingchao::analyzer {

class Segmenter {
 public:
  // `lexicons`: a word a line, optional weight 0…10 (1 when absent; 0 takes the word out again).
  // `words`: further words of weight 1, such as place names. Fails with bad_config, naming the line.
  static Result<std::unique_ptr<Segmenter>> build(const std::vector<NamedText>& lexicons,
                                                  const std::vector<std::string>& words);

  // Fills view.border.
  void mark(TextView& view) const;

 private:
  void apply_lexicon(TextView& view) const;

  std::unique_ptr<IcuWords> icu_;
  WordTrie lexicon_;
  std::vector<float> gains_;  // by value of the trie
};

}  // namespace tingchao::analyzer
