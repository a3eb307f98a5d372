#pragma once
// A text as the classifiers see it: its character n-grams of one to three characters, hashed. No words are
// cut, so nothing is lost by cutting them wrongly.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tingchao::analyzer {

inline constexpr unsigned gram_bits = 20;
inline constexpr std::size_t gram_length_max = 3;

// Visits (bucket below 2^gram_bits, begin, length) of every n-gram of folded text. The ends of the text take
// part as a character of their own. White space is one character, however long; O(text).
template <class Visit>
void each_gram(std::u32string_view folded, Visit visit) {
  const auto mix = [](std::uint64_t h) {
    return static_cast<std::uint32_t>((h * 0x9E3779B97F4A7C15u) >> (64 - gram_bits));
  };
  std::uint64_t two = 1, three = 1;  // the characters before, as keys; 1 stands for the begin
  std::size_t two_at = 0, three_at = 0;
  bool was_space = false;
  for (std::size_t i = 0; i <= folded.size(); ++i) {
    char32_t c = i < folded.size() ? folded[i] : U'\2';
    if (c <= U' ' && i < folded.size()) {
      if (was_space) continue;
      c = U' ';
      was_space = true;
    } else {
      was_space = false;
    }
    const std::size_t end = i < folded.size() ? i + 1 : i;
    const std::uint64_t one = c;
    if (i < folded.size()) visit(mix(one << 2 | 1), i, end - i);
    visit(mix((two << 21 | one) << 2 | 2), two_at, end - two_at);
    if (i > 0) visit(mix(((three << 21 | two) << 21 | one) * 4 + 3), three_at, end - three_at);
    three = two;
    three_at = two_at;
    two = one;
    two_at = i;
  }
}

}  // namespace tingchao::analyzer
