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
  bool may_begin(char32_t c) const { return (first_[(c >> 6) & 1023] >> (c & 63)) & 1; }

  template <class Visit>
  void walk(std::u32string_view text, std::size_t at, Visit visit) const {
    if (nodes_.empty() || at >= text.size() || !may_begin(text[at])) return;
    std::uint32_t node = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
      node = child(node, text[i]);
      if (node == none) return;
      if (nodes_[node].value != none) visit(Found{i + 1 - at, nodes_[node].value});
    }
  }

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;           // of one node: together, by character
  std::vector<std::uint64_t> first_;  // a bit for each first character (modulo 2^16): most texts stop here
};

}  // namespace tingchao::analyzer
