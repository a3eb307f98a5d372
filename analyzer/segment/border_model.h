#pragma once
// The border model made ready to run: one table look-up and one vector addition a character, no search
// for a best path, no allocation. Immutable; may be shared between threads.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "analyzer/segment/border_weights.h"
#include "analyzer/segment/word_trie.h"

namespace tingchao::analyzer {

// Words of the user's own with how strongly they hold together; they need no training.
struct OwnWords {
  WordTrie trie;                 // over folded text; value: index into strengths
  std::vector<float> strengths;  // in logits at each end and against each gap inside
  bool empty() const { return trie.empty(); }
};

class BorderModel {
 public:
  BorderModel(const BorderWeights& weights, WordArray words);
  BorderModel(BorderModel&&) noexcept;
  BorderModel& operator=(BorderModel&&) noexcept;
  ~BorderModel();

  const WordArray& words() const;
  // border[i] = 1 where a word begins, of size text.size() + 1, first and last set. O(text).
  void mark(std::u32string_view text, const OwnWords& own, std::vector<std::uint8_t>& border) const;
  // How sure it is of each gap, in 1/weight_scale of a logit, of the same size: a border where above 0;
  // sum_max and -sum_max where no text could change its mind (the ends, blanks; inside a number).
  static constexpr int sum_max = 1 << 20;
  void weigh(std::u32string_view text, const OwnWords& own, std::vector<int>& sums) const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace tingchao::analyzer
