#pragma once
// A linear model over hashed character n-grams for one question (a "head"): which of a few labels fits a
// text, how surely, and which stretches of the text say so. Immutable; may be shared between threads.

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/classify/grams.h"
#include "core/result.h"

namespace tingchao::analyzer {

// What `count` occurrences of an n-gram in one text are worth: 1 + ln(count).
float term_frequency(std::size_t count);
// The file keeps importance in thousandths.
inline constexpr float importance_scale = 1000;

class TextModel {
 public:
  struct Weights {
    std::string head;
    std::vector<std::string> labels;     // at least two
    std::vector<std::uint32_t> buckets;  // ascending; those that have weights
    std::vector<float> importance;       // by bucket in that order: what one occurrence counts (idf)
    std::vector<std::int16_t> numbers;   // buckets × labels, in 1/scale
    std::vector<float> bias;             // by label
    float scale = 1;
    float sharpness = 1;  // margins × this are the logits of a softmax
  };
  struct Answer {
    std::size_t label = 0;
    double probability = 0;      // of that label, calibrated on held-out folds
    std::vector<float> margins;  // by label
  };
  // A stretch of the folded text with what it adds to the label's margin.
  struct Reason {
    std::size_t begin = 0, end = 0;
    float worth = 0;
  };

  explicit TextModel(Weights weights);

  const std::string& head() const { return weights_.head; }
  const std::vector<std::string>& labels() const { return weights_.labels; }
  // An n-gram of a text that the model knows: characters [begin, begin + length).
  struct Gram {
    std::uint32_t row = 0;  // the model's own number of it
    std::uint32_t begin = 0, length = 0;
    std::uint32_t before = 0;  // how often it stood in the text before
  };
  // Those of hashed_grams(), in their order; texts below 2^32 characters.
  std::vector<Gram> grams(std::span<const HashedGram> hashed) const;
  std::vector<Gram> grams(std::u32string_view folded) const { return grams(hashed_grams(folded)); }
  // O(n-grams × labels). Text without a known n-gram gets the bias alone.
  Answer classify(std::span<const Gram> grams) const;
  Answer classify(std::u32string_view folded) const { return classify(grams(folded)); }
  // Of all labels; they sum up to 1.
  std::vector<double> probabilities(const Answer& answer) const;
  // The stretches that speak most for the answer's label and against the next best, at most `count`, best
  // first. `grams` and `answer` are those of `folded`.
  std::vector<Reason> reasons(std::u32string_view folded, std::span<const Gram> grams, const Answer& answer,
                              std::size_t count) const;

  // The buckets that have weights.
  const NumberedSet& known() const { return known_; }
  // From now on n-grams come with the numbers that `all`, which has every known() of this model, gives their
  // buckets: models that share one set share the look-up. No to_bytes() after that.
  void renumber(const NumberedSet& all);

  std::string to_bytes() const;
  // Fails with bad_markup naming `name` and the byte.
  static Result<TextModel> parse(std::string_view bytes, std::string_view name);

 private:
  static constexpr std::size_t group = 4;  // numbers of a row that are added at once
  std::size_t stride() const { return (weights_.labels.size() + group) / group * group; }
  const std::int16_t* row(const Gram& gram) const { return &rows_[gram.row * stride()]; }
  static float importance_of(const std::int16_t* row) {
    return static_cast<float>(static_cast<std::uint16_t>(row[0])) * (1 / importance_scale);
  }

  Weights weights_;    // without buckets, importance and numbers, which the members below hold
  NumberedSet known_;  // by its numbers:
  // Importance in thousandths (unsigned), then the number of each label, as the file has them, zeros up to
  // whole groups.
  LargeVector<std::int16_t> rows_;
};

}  // namespace tingchao::analyzer
