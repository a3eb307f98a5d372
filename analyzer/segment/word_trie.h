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
  // The node that two characters lead to from the root. Most places of a text are done with the bitmap.
  struct Pair {
    std::uint64_t key = 0;  // 0: free
    std::uint32_t node = 0;
  };
  void index_pairs();
  std::uint32_t child(std::uint32_t node, char32_t c) const;
  static std::uint32_t hash_of(char32_t a, char32_t b) {
    return static_cast<std::uint32_t>(a) * 0x9E3779B1u + static_cast<std::uint32_t>(b) * 0x85EBCA6Bu;
  }
  static std::uint64_t key_of(char32_t a, char32_t b) { return static_cast<std::uint64_t>(a) << 32 | b; }
  std::uint32_t pair_node(char32_t a, char32_t b) const {
    const std::uint32_t hash = hash_of(a, b), bit = hash >> filter_shift_;
    if (!((filter_[bit >> 6] >> (bit & 63)) & 1)) return none;
    const std::uint64_t key = key_of(a, b);
    for (std::size_t i = hash >> pair_shift_;; i = (i + 1) & (pairs_.size() - 1)) {
      if (pairs_[i].key == key) return pairs_[i].node;
      if (pairs_[i].key == 0) return none;
    }
  }

  template <class Visit>
  void walk(std::u32string_view text, std::size_t at, Visit visit) const {
    if (nodes_.empty() || at >= text.size()) return;
    const char32_t c = text[at];
    if ((singles_[(c >> 6) & 1023] >> (c & 63)) & 1) {
      const std::uint32_t node = child(0, c);
      if (node != none && nodes_[node].value != none) visit(Found{1, nodes_[node].value});
    }
    if (at + 1 >= text.size()) return;
    std::uint32_t node = pair_node(c, text[at + 1]);
    for (std::size_t i = at + 2; node != none; ++i) {
      if (nodes_[node].value != none) visit(Found{i - at, nodes_[node].value});
      if (i >= text.size()) return;
      node = child(node, text[i]);
    }
  }

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;             // of one node: together, by character
  std::vector<std::uint64_t> singles_;  // a bit for each word of one character (modulo 2^16)
  std::vector<std::uint64_t> filter_;   // a bit for the first two characters of the others, hashed
  std::uint32_t filter_shift_ = 0;      // of the hash; a sixteenth of the bits is set at most, up to 32 KiB
  std::vector<Pair> pairs_;             // a power of two of them, at most half of them taken
  unsigned pair_shift_ = 31;
};

}  // namespace tingchao::analyzer
