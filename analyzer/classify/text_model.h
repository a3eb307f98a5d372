#pragma once
// A linear model over hashed character n-grams for one question (a "head"): which of a few labels fits a
// text, how surely, and which stretches of the text say so. Immutable; may be shared between threads.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tingchao::analyzer {

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
  // O(characters × labels). Text without a known n-gram gets the bias alone.
  Answer classify(std::u32string_view folded) const;
  // Of all labels; they sum up to 1.
  std::vector<double> probabilities(const Answer& answer) const;
  // The stretches that speak most for the answer's label and against the next best, at most `count`, best
  // first.
  std::vector<Reason> reasons(std::u32string_view folded, const Answer& answer, std::size_t count) const;

  std::string to_bytes() const;
  // Fails with bad_markup naming `name` and the byte.
  static Result<TextModel> parse(std::string_view bytes, std::string_view name);

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;
  Weights weights_;
  // Most n-grams of a text are unknown: a bit tells, before anything larger is touched.
  std::uint32_t row_of(std::uint32_t bucket) const {
    return known_[bucket >> 6] >> (bucket & 63) & 1 ? row_of_[bucket] : none;
  }
  std::vector<std::uint64_t> known_;
  std::vector<std::uint32_t> row_of_;  // by bucket
};

}  // namespace tingchao::analyzer
