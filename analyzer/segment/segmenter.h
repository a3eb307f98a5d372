#pragma once
// Cuts text into words: a learnt model of word borders (border_model.h) that knows jieba's dictionary, and
// words of the user's own, which take effect without training. Immutable; may be shared between threads.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/segment/border_model.h"
#include "analyzer/segment/word_votes.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"

namespace tingchao::analyzer {

class Segmenter {
 public:
  // `lexicons`: a word a line, optional weight 0…10 (1 when absent; 0 takes the word out again).
  // `words`: names, such as those of our schools and places, of weight 3. `model`: as `tingchao train --head segment`
  // writes it, without a name for the shipped one; its text is used only here. Fails with bad_config or bad_markup,
  // naming file and line or byte.
  static Result<std::unique_ptr<Segmenter>> build(const std::vector<NamedText>& lexicons,
                                                  const std::vector<std::string>& words,
                                                  const NamedText& model = {});

  // Fills view.border and names the judges of terms; this must outlive the view.
  void mark(TextView& view) const {
    model_.mark(view.folded, own_, view.border);
    view.votes = votes_.get();
  }
  // The same of any text; border.size() becomes text.size() + 1.
  void mark(std::u32string_view text, std::vector<std::uint8_t>& border) const {
    model_.mark(text, own_, border);
  }
  // How common a folded word is: its part of all counts of the dictionary; 0 when that does not have it.
  double share(std::u32string_view word) const;
  // Whether the dictionary or a lexicon has it.
  bool knows(std::u32string_view word) const { return own_.trie.contains(word) || share(word) > 0; }

 private:
  explicit Segmenter(BorderModel model) : model_(std::move(model)) {}

  BorderModel model_;
  OwnWords own_;
  std::unique_ptr<WordVotes> votes_;
};

}  // namespace tingchao::analyzer
