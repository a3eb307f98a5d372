#pragma once
// Many literal strings looked for in one pass: a bitmap of the pairs of characters that begin a
// literal lets almost every position go after one test; the others walk a double-array trie (Aoe
// 1989). Work is at most text × longest literal; memory is fixed once built. Immutable, shareable.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::analyzer {

// Longer ones are refused by whoever reads them; it bounds the walk at one position.
inline constexpr std::size_t literal_chars_max = 64;

class Literals {
 public:
  Literals() = default;
  // Keys are folded, not empty, distinct, and at most literal_chars_max long; a literal's number is
  // its place in the list.
  explicit Literals(const std::vector<std::u32string>& keys);

  std::size_t size() const { return count_; }
  std::size_t bytes() const;  // of memory held
  // The number of the literal that is exactly `text`, or -1.
  std::int32_t find(std::u32string_view text) const;

  // Calls on_hit(begin, end, number) for every occurrence, overlapping ones too, by begin, then end.
  template <class OnHit>
  void scan(std::u32string_view text, OnHit on_hit) const {
    if (count_ == 0 || text.empty()) return;
    // Plain values: the compiler cannot know that on_hit leaves the tables alone.
    const std::uint64_t* const pairs = pairs_.data();
    const std::uint32_t shift = pair_shift_;
    const bool singles = has_single_;
    const char32_t* const characters = text.data();
    const std::size_t last = text.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
      if (singles) single(text, i, on_hit);
      if (i == last) return;
      const std::uint32_t bit = pair_bit(characters[i], characters[i + 1], shift);
      if (pairs[bit >> 6] >> (bit & 63) & 1) walk(text, i, on_hit);
    }
  }

 private:
  struct Cell {
    std::int32_t base = 0;
    std::int32_t check = -1;   // the parent's cell; -1 free
    std::int32_t number = -1;  // of the literal that ends here
  };
  class Builder;

  std::uint32_t code(char32_t c) const {
    return c < 0x110000 ? codes_[(std::size_t(code_page_[c >> 8]) << 8) | (c & 255)] : 0;
  }
  // Hashed from the characters as they are, so that most positions cost one multiplication and one bit.
  static std::uint32_t pair_bit(char32_t a, char32_t b, std::uint32_t shift) {
    return (std::uint32_t(a) * 0x9E3779B1u + std::uint32_t(b) * 0x85EBCA6Bu) >> shift;
  }
  std::int32_t child(std::int32_t cell, std::uint32_t by) const {
    const std::size_t to = std::size_t(cells_[std::size_t(cell)].base) + by;
    return to < cells_.size() && cells_[to].check == cell ? std::int32_t(to) : -1;
  }
  template <class OnHit>
  void single(std::u32string_view text, std::size_t at, OnHit& on_hit) const {
    const std::int32_t number = of_first_[code(text[at])];
    if (number >= 0) on_hit(at, at + 1, number);
  }
  template <class OnHit>
  void walk(std::u32string_view text, std::size_t begin, OnHit& on_hit) const {
    std::int32_t cell = 0;
    for (std::size_t at = begin; at < text.size(); ++at) {
      const std::uint32_t by = code(text[at]);
      cell = by == 0 ? -1 : child(cell, by);
      if (cell < 0) return;
      const std::int32_t number = cells_[std::size_t(cell)].number;
      if (number >= 0 && at > begin) on_hit(begin, at + 1, number);
    }
  }

  std::size_t count_ = 0;
  std::vector<std::uint16_t> code_page_;          // character → page of codes_
  std::vector<std::uint32_t> codes_;              // → dense code; 0: in no literal
  std::vector<std::int32_t> of_first_;            // by code: the literal of that one character
  bool has_single_ = false;
  std::vector<std::uint64_t> pairs_;
  std::uint32_t pair_shift_ = 0;
  std::vector<Cell> cells_;  // cell 0 is the root
};

}  // namespace tingchao::analyzer
