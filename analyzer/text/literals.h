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
    std::uint16_t here = code(text[0]);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::uint16_t next = i + 1 < text.size() ? code(text[i + 1]) : std::uint16_t(0);
      if (here != 0) {
        const std::int32_t alone = of_first_[here];
        if (alone >= 0) on_hit(i, i + 1, alone);
        if (next != 0 && begins(here, next)) walk(text, i, here, on_hit);
      }
      here = next;
    }
  }

 private:
  struct Cell {
    std::int32_t base = 0;
    std::int32_t check = -1;   // the parent's cell; -1 free
    std::int32_t number = -1;  // of the literal that ends here
  };
  class Builder;

  std::uint16_t code(char32_t c) const {
    return c < 0x110000 ? codes_[(std::size_t(code_page_[c >> 8]) << 8) | (c & 255)] : std::uint16_t(0);
  }
  std::size_t pair_bit(std::uint16_t a, std::uint16_t b) const {
    return (std::size_t(a) * 0x9E3779B1u + std::size_t(b) * 0x85EBCA6Bu) >> 7 & pair_mask_;
  }
  bool begins(std::uint16_t a, std::uint16_t b) const {
    const std::size_t bit = pair_bit(a, b);
    return pairs_[bit >> 6] >> (bit & 63) & 1;
  }
  std::int32_t child(std::int32_t cell, std::uint16_t by) const {
    const std::size_t to = std::size_t(cells_[std::size_t(cell)].base) + by;
    return to < cells_.size() && cells_[to].check == cell ? std::int32_t(to) : -1;
  }
  template <class OnHit>
  void walk(std::u32string_view text, std::size_t begin, std::uint16_t first, OnHit& on_hit) const {
    std::int32_t cell = child(0, first);
    for (std::size_t at = begin + 1; cell >= 0 && at < text.size(); ++at) {
      const std::uint16_t by = code(text[at]);
      if (by == 0) return;
      cell = child(cell, by);
      if (cell >= 0 && cells_[std::size_t(cell)].number >= 0)
        on_hit(begin, at + 1, cells_[std::size_t(cell)].number);
    }
  }

  std::size_t count_ = 0;
  std::vector<std::uint16_t> code_page_, codes_;  // character → dense code; 0: in no literal
  std::vector<std::int32_t> of_first_;            // by code: the literal of that one character
  std::vector<std::uint64_t> pairs_;
  std::size_t pair_mask_ = 0;
  std::vector<Cell> cells_;  // cell 0 is the root
};

}  // namespace tingchao::analyzer
