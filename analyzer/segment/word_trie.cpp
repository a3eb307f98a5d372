// A trie laid out breadth first: the children of a node are one sorted stretch of `edges_`, found by
// bisection. The words are sorted once, so a node is simply a range of them that share a prefix.
#include "analyzer/segment/word_trie.h"

#include <algorithm>
#include <bit>
#include <span>

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
  std::uint32_t bits = 15;
  while (bits < 18 && (std::size_t{1} << bits) < 16 * words.size()) ++bits;
  filter_shift_ = 32 - bits;
  filter_.assign((std::size_t{1} << bits) / 64, 0);
  for (const auto& [word, value] : words) {
    if (word.size() == 1) {
      singles_[(word[0] >> 6) & 1023] |= std::uint64_t{1} << (word[0] & 63);
    } else {
      const std::uint32_t bit = hash_of(word[0], word[1]) >> filter_shift_;
      filter_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
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
  index_pairs();
}

void WordTrie::index_pairs() {
  std::size_t count = 0, size = 2;
  const auto edges_of = [&](std::uint32_t node) {
    return std::span(edges_).subspan(nodes_[node].edges_begin,
                                     nodes_[node].edges_end - nodes_[node].edges_begin);
  };
  for (const Edge& first : edges_of(0)) count += edges_of(first.node).size();
  while (size < 2 * count + 2) size *= 2;
  pair_shift_ = 32 - static_cast<unsigned>(std::countr_zero(size));
  pairs_.assign(size, {});
  for (const Edge& first : edges_of(0))
    for (const Edge& second : edges_of(first.node)) {
      std::size_t i = hash_of(first.c, second.c) >> pair_shift_;
      while (pairs_[i].key != 0) i = (i + 1) & (size - 1);
      pairs_[i] = {key_of(first.c, second.c), second.node};
    }
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
