// A trie laid out breadth first: the children of a node are one sorted stretch of `edges_`, found by
// bisection. The words are sorted once, so a node is simply a range of them that share a prefix.
#include "analyzer/segment/word_trie.h"

#include <algorithm>

namespace tingchao::analyzer {
namespace {

// The words [begin, end) share their first `depth` characters; they hang under `node`.
struct Range {
  std::size_t begin, end, depth;
  std::uint32_t node;
};

}  // namespace

WordTrie::WordTrie(std::vector<std::pair<std::u32string, std::uint32_t>> words) {
  std::sort(words.begin(), words.end());
  std::erase_if(words, [](const auto& word) { return word.first.empty(); });
  if (words.empty()) return;
  singles_.assign(1024, 0);
  pairs_.assign((std::size_t{1} << pair_bits) / 64, 0);
  for (const auto& [word, value] : words) {
    if (word.size() == 1) {
      singles_[(word[0] >> 6) & 1023] |= std::uint64_t{1} << (word[0] & 63);
    } else {
      const std::uint32_t bit = pair_bit(word[0], word[1]);
      pairs_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
    }
  }

  nodes_.emplace_back();
  std::vector<Range> ranges{{0, words.size(), 0, 0}};
  for (std::size_t r = 0; r < ranges.size(); ++r) {
    Range range = ranges[r];
    while (range.begin < range.end && words[range.begin].first.size() == range.depth)
      nodes_[range.node].value = words[range.begin++].second;
    nodes_[range.node].edges_begin = static_cast<std::uint32_t>(edges_.size());
    while (range.begin < range.end) {
      const char32_t c = words[range.begin].first[range.depth];
      std::size_t end = range.begin;
      while (end < range.end && words[end].first[range.depth] == c) ++end;
      const auto node = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
      edges_.push_back({c, node});
      ranges.push_back({range.begin, end, range.depth + 1, node});
      range.begin = end;
    }
    nodes_[range.node].edges_end = static_cast<std::uint32_t>(edges_.size());
  }
  nodes_.shrink_to_fit();
  edges_.shrink_to_fit();
}

std::uint32_t WordTrie::child(std::uint32_t node, char32_t c) const {
  const auto begin = edges_.begin() + nodes_[node].edges_begin, end = edges_.begin() + nodes_[node].edges_end;
  const auto edge =
      std::lower_bound(begin, end, c, [](const Edge& e, char32_t wanted) { return e.c < wanted; });
  return edge != end && edge->c == c ? edge->node : none;
}

WordTrie::Found WordTrie::longest(std::u32string_view text, std::size_t at) const {
  Found best;
  walk(text, at, [&](Found found) { best = found; });
  return best;
}

bool WordTrie::contains(std::u32string_view word) const {
  return !word.empty() && longest(word, 0).length == word.size();
}

}  // namespace tingchao::analyzer
