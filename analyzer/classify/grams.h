#pragma once
// A text as the classifiers see it: its character n-grams of one to three characters, hashed. No words are
// cut, so nothing is lost by cutting them wrongly.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tingchao::analyzer {

inline constexpr unsigned gram_bits = 22;

struct HashedGram {
  std::uint32_t bucket = 0;           // below 2^gram_bits
  std::size_t begin = 0, length = 0;  // in the text; the ends of the text have no length
  unsigned characters = 0;            // one to three, the ends of the text among them
};

// Visits every n-gram of folded text. The ends of the text take part as a character of their own. White space
// is one character, however long, and all ASCII digits are the same one; O(text).
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
      if (c - U'0' < 10) c = U'0';
    }
    const std::size_t end = i < folded.size() ? i + 1 : i;
    const std::uint64_t one = c;
    if (i < folded.size()) visit(HashedGram{mix(one << 2 | 1), i, end - i, 1});
    visit(HashedGram{mix((two << 21 | one) << 2 | 2), two_at, end - two_at, 2});
    if (i > 0) visit(HashedGram{mix(((three << 21 | two) << 21 | one) * 4 + 3), three_at, end - three_at, 3});
    three = two;
    three_at = two_at;
    two = one;
    two_at = i;
  }
}

// All of them, in the text's order.
inline std::vector<HashedGram> hashed_grams(std::u32string_view folded) {
  std::vector<HashedGram> grams;
  grams.reserve(3 * folded.size() + 2);
  each_gram(folded, [&](const HashedGram& gram) { grams.push_back(gram); });
  return grams;
}

}  // namespace tingchao::analyzer
