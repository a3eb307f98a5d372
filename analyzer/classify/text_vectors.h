#pragma once
// Texts as sparse vectors over hashed n-grams, for learning: how often each n-gram stands in each text, and
// what an occurrence is worth.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/classify/text_model.h"

namespace tingchao::analyzer {

struct LabelledText {
  std::u32string folded;
  std::size_t label = 0;
};

// What an n-gram is worth: log(1 + texts / texts with it), to a power in quarters, times the weight of its
// length.
struct GramShape {
  unsigned rarity_quarters = 4;  // 2: the square root, 3, or 4: the logarithm itself
  float three = 1;               // the weight of three characters; one and two have 1
};

class TextVectors {
 public:
  struct Feature {
    std::uint32_t column = 0;
    float value = 0;
  };

  // O(n-grams · log n-grams of a text); 8 bytes an n-gram. N-grams of three characters that stand in fewer
  // than `triples_min` texts are left out: one that a single text has says what that text was, and nothing of
  // others.
  explicit TextVectors(const std::vector<LabelledText>& texts, std::size_t triples_min = 1);

  std::size_t texts() const { return begins_.size() - 1; }
  // Columns are the buckets that occur in the texts, ascending.
  const std::vector<std::uint32_t>& buckets() const { return buckets_; }
  float worth(std::size_t column, const GramShape& shape) const;
  // Values of all texts: term_frequency(count) × worth, each text of length 1; in place.
  void weigh(const GramShape& shape);

  // Of one text, as weigh() left them.
  template <class Visit>
  void each(std::size_t text, Visit visit) const {
    for (std::size_t i = begins_[text]; i < begins_[text + 1]; ++i) visit(features_[i]);
  }

 private:
  // Keeps those features, with their column still a bucket, whose n-gram is wanted.
  template <class Wanted>
  void keep(Wanted wanted);

  std::vector<std::uint32_t> buckets_;
  std::vector<std::uint32_t> texts_with_;  // by column
  std::vector<std::uint8_t> lengths_;      // by column: characters
  std::vector<Feature> features_;
  std::vector<std::uint16_t> counts_;  // by feature
  std::vector<std::size_t> begins_;    // by text, and the end
};

}  // namespace tingchao::analyzer
