#pragma once
// A text as the classifiers see it: its character n-grams of one to three characters, hashed. No words are
// cut, so nothing is lost by cutting them wrongly.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/large_pages.h"

namespace tingchao::analyzer {

inline constexpr unsigned gram_bits = 22;
inline constexpr std::size_t gram_buckets = std::size_t{1} << gram_bits;

// A set of numbers below `limit` that numbers its members in order: a bit for each, and how many stand before
// these 64. Two lists, for most n-grams are unknown and need the bits alone.
class NumberedSet {
 public:
  explicit NumberedSet(std::size_t limit) : bits_((limit + 63) / 64), before_(bits_.size()) {}
  // Of ascending members below the limit.
  NumberedSet(std::size_t limit, std::span<const std::uint32_t> members);
  void add(const NumberedSet& other);  // of the same limit; members have other numbers then
  bool has(std::uint32_t member) const { return bits_[member >> 6] >> (member & 63) & 1; }
  // How many members are smaller: of a member, its number.
  std::uint32_t number(std::uint32_t member) const {
    const std::uint64_t smaller = (std::uint64_t{1} << (member & 63)) - 1;
    return before_[member >> 6] + static_cast<std::uint32_t>(std::popcount(bits_[member >> 6] & smaller));
  }
  void prefetch(std::uint32_t member) const {
    __builtin_prefetch(&bits_[member >> 6]);
    __builtin_prefetch(&before_[member >> 6]);
  }
  std::size_t size() const { return size_; }
  std::vector<std::uint32_t> members() const;

 private:
  void count();
  LargeVector<std::uint64_t> bits_;
  LargeVector<std::uint32_t> before_;
  std::size_t size_ = 0;
};

// Small, for every text makes hundreds.
struct HashedGram {
  std::uint32_t bucket = 0;             // below 2^gram_bits; or its number in a set of them
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

// All of them, in the text's order; O(text).
std::vector<HashedGram> hashed_grams(std::u32string_view folded);
// Those whose buckets are in the set, and for the bucket its number there.
std::vector<HashedGram> hashed_grams(std::u32string_view folded, const NumberedSet& known);

}  // namespace tingchao::analyzer
