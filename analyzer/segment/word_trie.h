#pragma once
// A fixed set of words, each with a number, that finds which of them begin at a place of a text.
// Made once from a list; after that it never changes, so threads may share it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tingchao::analyzer {

class WordTrie {
 public:
  struct Found {
    std::size_t length = 0;  // in characters; 0: nothing begins here
    std::uint32_t value = 0;
  };

  WordTrie() = default;
  // Of two equal words the greater value stands. Empty words are left out.
  explicit WordTrie(std::vector<std::pair<std::u32string, std::uint32_t>> words);

  Found longest(std::u32string_view text, std::size_t at) const;
  // Every word that begins at `at`, shortest first.
  template <class Visit>
  void each(std::u32string_view text, std::size_t at, Visit visit) const {
    walk(text, at, [&](Found found) { visit(found); });
  }
  bool contains(std::u32string_view word) const;
  bool empty() const { return nodes_.empty(); }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  struct Node {
    std::uint32_t edges_begin = 0, edges_end = 0;
    std::uint32_t value = none;
  };
  struct Edge {
    char32_t c = 0;
    std::uint32_t node = 0;
  };
  std::uint32_t child(std::uint32_t node, char32_t c) const;
  static constexpr std::uint32_t pair_bits = 15;
  static std::uint32_t pair_bit(char32_t a, char32_t b) {
    return (static_cast<std::uint32_t>(a) * 0x9E3779B1u + static_cast<std::uint32_t>(b) * 0x85EBCA6Bu) >>
           (32 - pair_bits);
  }
  // Whether a word of one character, or one that goes on with the next, may begin there: most places of a
  // text are done with this.
  bool may_begin(std::u32string_view text, std::size_t at) const {
    const char32_t c = text[at];
    if ((singles_[(c >> 6) & 1023] >> (c & 63)) & 1) return true;
    if (at + 1 >= text.size()) return false;
    const std::uint32_t bit = pair_bit(c, text[at + 1]);
    return (pairs_[bit >> 6] >> (bit & 63)) & 1;
  }

  template <class Visit>
  void walk(std::u32string_view text, std::size_t at, Visit visit) const {
    if (nodes_.empty() || at >= text.size() || !may_begin(text, at)) return;
    std::uint32_t node = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
      node = child(node, text[i]);
      if (node == none) return;
      if (nodes_[node].value != none) visit(Found{i + 1 - at, nodes_[node].value});
    }
  }

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;             // of one node: together, by character
  std::vector<std::uint64_t> singles_;  // a bit for each word of one character (modulo 2^16)
  std::vector<std::uint64_t> pairs_;    // a bit for the first two characters of the others, hashed
};

}  // namespace tingchao::analyzer
