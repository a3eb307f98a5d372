#pragma once
// What each code point becomes when text is folded for matching: NFKC and case folding, then
// traditional → simplified. Computed once from ICU; afterwards a lookup of two memory reads.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::analyzer {

class FoldTable {
 public:
  // The one table of the process: immutable, built at first use (some 40 ms).
  static const FoldTable& instance();

  // How a code point folds. Most do not change at all, so zero means "itself".
  struct Entry {
    std::uint32_t bits = 0;
    bool plain() const { return bits == 0; }               // itself, and nothing before it minds
    bool joins() const { return bits & joins_bit; }        // may compose with what stands before
    bool dropped() const { return bits & dropped_bit; }    // zero-width: no trace in folded text
    bool expands() const { return bits & expands_bit; }    // several characters: see expansion()
    bool single() const { return bits & single_bit; }
    char32_t character() const { return bits & value_mask; }
  };
  Entry entry(char32_t c) const {
    return c < code_points_ ? pages_[page_of_[c >> 8]][c & 255] : Entry{};
  }
  // Of an entry that expands.
  std::u32string_view expansion(Entry entry) const;
  char32_t simplified(char32_t c) const;

  // A base and the marks behind it, normalised together: e + ◌́ → é. Slow; such sequences are rare.
  std::u32string fold_cluster(std::u32string_view cluster) const;

 private:
  FoldTable();
  void set(char32_t c, std::uint32_t bits);
  void add_normalization(char32_t first, char32_t last);
  void read_simplification();
  void add_simplification();

  static constexpr std::uint32_t joins_bit = 1u << 31, dropped_bit = 1u << 30,
                                 expands_bit = 1u << 29, single_bit = 1u << 28,
                                 value_mask = (1u << 21) - 1;
  static constexpr char32_t code_points_ = 0x110000;
  std::array<std::uint16_t, code_points_ / 256> page_of_{};
  std::vector<std::array<Entry, 256>> pages_;
  std::vector<std::u32string> expansions_;
  std::vector<std::pair<char32_t, char32_t>> simplified_;  // sorted by the first
};

}  // namespace tingchao::analyzer
