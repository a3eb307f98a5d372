#pragma once
// What the border model knows, as numbers: for each gap between two characters the weights of the character
// n-grams around it, of the types of the characters, of the lexicon's words that end, stretch or begin there,
// and of how the longest of these agree with the characters beside the gap. A gap is a border when the sum is
// above 0. After Neubig et al., "Pointwise Prediction for Robust, Adaptable Japanese Morphological Analysis"
// (ACL 2011); the tables by Akabe et al., Vaporetto (2021).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/segment/word_array.h"
#include "core/result.h"

namespace tingchao::analyzer {

inline constexpr int window = 3;  // characters on either side of a gap
inline constexpr std::size_t one_gaps = 6, two_gaps = 5, three_gaps = 4;  // gaps that an n-gram speaks to
inline constexpr std::size_t length_classes = 5;                          // 1 … 4, longer
inline constexpr std::size_t type_windows = 1u << 18;

inline std::size_t length_class(std::size_t length) {
  return length < length_classes ? length - 1 : length_classes - 1;
}

// How long the longest word of a kind is at a gap: 0 none (or, where it ends or begins there, one character),
// else its length - 1, at most 4.
inline constexpr std::size_t reach_classes = 5;
inline std::size_t reach_class(std::size_t length) {
  return length < reach_classes ? length - 1 : reach_classes - 1;
}
inline constexpr std::size_t reach_joints = reach_classes * reach_classes * reach_classes;
inline std::size_t reach_joint(std::size_t ends, std::size_t inside, std::size_t begins) {
  return (begins * reach_classes + ends) * reach_classes + inside;
}
inline constexpr std::size_t type_pairs = 64;  // of the character before the gap and the one behind it

// In fixed point: 1/weight_scale of a logit.
inline constexpr double weight_scale = 128;

struct BorderWeights {
  using One = std::array<std::int16_t, one_gaps>;
  using Two = std::array<std::int16_t, two_gaps>;
  using Three = std::array<std::int16_t, three_gaps>;
  // By character codes, the first in the highest bits; the k-th number speaks to the k-th gap from the left.
  // Each list ascends by its keys.
  std::vector<std::pair<std::uint16_t, One>> ones;
  std::vector<std::pair<std::uint32_t, Two>> twos;
  std::vector<std::pair<std::uint64_t, Three>> threes;
  std::vector<std::pair<std::uint32_t, std::int16_t>>
      types;  // by the six types around a gap, three bits each
  // A word that begins at the gap, stretches over it, ends at it.
  enum Place { begins, inside, ends };
  std::int16_t words[3][length_classes][frequency_buckets] = {};
  // What a character says of the gap behind it by the longest word that stretches over that gap and by the
  // longest that begins there; then of the gap before it, by the longest inside and the longest that ends
  // there.
  using Beside = std::array<std::int16_t, 4 * reach_classes>;
  enum Side { left_inside, left_begins, right_inside, right_ends };
  std::vector<std::pair<std::uint16_t, Beside>> besides;
  // By reach_joint and the types of the two characters, three bits each.
  std::array<std::array<std::int16_t, type_pairs>, reach_joints> joints{};
  std::int16_t bias = 0;

  std::string to_bytes() const;
  // Fails with bad_markup, naming `name` and the byte.
  static Result<BorderWeights> parse(std::string_view bytes, std::string_view name);
};

}  // namespace tingchao::analyzer
