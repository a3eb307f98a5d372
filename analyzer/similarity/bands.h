#pragma once
// Finds texts that may be alike among many: of each text 48 keys of two shingles each, and a table that names the
// texts that hold a key. Made for memory that answers slowly: a look at a key reads one line of the cache, and the
// lines of all keys are asked for at once. The table forgets: where many texts meet in one place, the newest ten
// are known there. Beside it an outline of each text, 48 bytes, tells most of the unlike ones.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/large_pages.h"

namespace tingchao::analyzer {

inline constexpr std::size_t bands = 48;
using BandKeys = std::array<std::uint32_t, bands>;

// Of letters_of(); at least four letters, else all keys are 0.
BandKeys band_keys(std::u32string_view letters);

class BandTable {
 public:
  // Numbers come in rising order, and leave in the same.
  void add(const BandKeys& keys, std::uint32_t number);
  // For so many texts there is room; O(1). When there is not, grow() empties the table: add all again.
  bool has_room_for(std::size_t texts) const { return texts * bands <= lines_.size() * posts_a_line; }
  void grow_for(std::size_t texts);

  // Fetches what visiting will read.
  void fetch(const BandKeys& keys) const {
    if (lines_.empty()) return;
    for (const std::uint32_t key : keys) __builtin_prefetch(&line(key));
  }
  // Numbers of texts that share a key, in no order, some more than once; by chance also one that shares none, or
  // one that has left.
  template <class Visit>
  void each(const BandKeys& keys, Visit visit) const {
    if (lines_.empty()) return;
    for (const std::uint32_t key : keys) {
      const Line& at = line(key);
      const std::uint16_t tag = tag_of(key);
      unsigned hits = 0;
      for (unsigned i = 0; i < places; ++i) hits |= static_cast<unsigned>(at.tags[i] == tag) << i;
      for (; hits; hits &= hits - 1) visit(at.numbers[static_cast<std::size_t>(std::countr_zero(hits))]);
    }
  }
  std::size_t bytes() const { return lines_.size() * sizeof(Line); }

 private:
  static constexpr unsigned places = 10;
  static constexpr std::size_t posts_a_line = 6;  // on the average at most: one line in 25 then forgets some
  struct alignas(64) Line {
    std::array<std::uint32_t, places> numbers{};
    std::array<std::uint16_t, places> tags{};
    std::uint32_t next = 0;  // place of the oldest
  };
  static_assert(sizeof(Line) == 64);

  static std::uint16_t tag_of(std::uint32_t key) { return static_cast<std::uint16_t>(key * 0x9e3779b1U >> 16); }
  const Line& line(std::uint32_t key) const { return lines_[std::uint64_t{key} * lines_.size() >> 32]; }

  LargeVector<Line> lines_;
};

// What 48 bytes tell of a text: of a long one three bits of each MinHash slot (0: empty), of a short one which
// bigrams it holds, by a bit of their hash.
struct Outline {
  std::array<std::uint64_t, 6> words{};
};
Outline outline_of_slots(const std::vector<std::uint32_t>& minhash);
Outline outline_of_bigrams(const std::vector<std::uint32_t>& bigrams);

// Of two long texts: slots that are equal among those that at least one of them uses.
struct Agreement {
  int equal = 0, used = 0;
};
inline Agreement agreement(const Outline& a, const Outline& b) {
  Agreement all;
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t unequal = 0, used = 0;
    for (std::size_t bit = half; bit < 6; bit += 2) {
      unequal |= a.words[bit] ^ b.words[bit];
      used |= a.words[bit] | b.words[bit];
    }
    all.used += std::popcount(used);
    all.equal += std::popcount(used & ~unequal);
  }
  return all;
}
// Of two short texts: the bits they have in common. At least the bigrams in common less those of `a` that share a
// bit with another of `a`.
inline int common_bits(const Outline& a, const Outline& b) {
  int common = 0;
  for (std::size_t i = 0; i < a.words.size(); ++i) common += std::popcount(a.words[i] & b.words[i]);
  return common;
}

}  // namespace tingchao::analyzer
