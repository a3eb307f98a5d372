#pragma once
// A text as the classifiers see it: its character n-grams of one to three characters, hashed. No words are
// cut, so nothing is lost by cutting them wrongly.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tingchao::analyzer {

inline constexpr unsigned gram_bits = 22;
inline constexpr std::size_t gram_buckets = std::size_t{1} << gram_bits;

// Which buckets any model has weights for: n-grams that none knows need not be kept. 512 KB.
class GramFilter {
 public:
  GramFilter() : bits_(gram_buckets / 64) {}
  void add(std::span<const std::uint64_t> known) {
    for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= known[i];
  }
  bool has(std::uint32_t bucket) const { return bits_[bucket >> 6] >> (bucket & 63) & 1; }

 private:
  std::vector<std::uint64_t> bits_;
};

struct HashedGram {
  std::uint32_t bucket = 0;             // below 2^gram_bits
  std::uint32_t begin = 0, length = 0;  // in the text; the ends of the text have no length
  std::uint16_t before = 0;             // how often it stood in the text before, as hashed_grams() counts
  std::uint8_t characters = 0;          // one to three, the ends of the text among them
};

// Visits every n-gram of folded text. The ends of the text take part as a character of their own. White space
// is one character, however long, and all ASCII digits are the same one; O(text). Texts below 2^32 characters.
template <class Visit>
void each_gram(std::u32string_view folded, Visit visit) {
  const auto at = [](std::size_t place) { return static_cast<std::uint32_t>(place); };
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
    if (i < folded.size()) visit(HashedGram{mix(one << 2 | 1), at(i), at(end - i), 0, 1});
    visit(HashedGram{mix((two << 21 | one) << 2 | 2), at(two_at), at(end - two_at), 0, 2});
    if (i > 0)
      visit(HashedGram{mix(((three << 21 | two) << 21 | one) * 4 + 3), at(three_at), at(end - three_at), 0, 3});
    three = two;
    three_at = two_at;
    two = one;
    two_at = i;
  }
}

// All of them, or those of the filter, in the text's order; O(text).
std::vector<HashedGram> hashed_grams(std::u32string_view folded, const GramFilter* filter = nullptr);

}  // namespace tingchao::analyzer
