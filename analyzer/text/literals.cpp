// Building: characters get dense codes, the commonest first, so that siblings lie close together;
// the trie is then laid out from sorted keys, each node at the first place where all its children
// fit into free cells. Free cells are a list in order; a search that meets only crowded ones gives
// up on the head of the list, as darts does, which keeps the whole near linear.

#include "analyzer/text/literals.h"

#include <algorithm>
#include <unordered_map>

#include "core/result.h"

namespace tingchao::analyzer {
namespace {

using Codes = std::u32string;

// The bitmap of pairs: 2^10 … 2^20 bits, 128 KiB at most, so that it stays in the second cache.
constexpr std::uint32_t pair_bits_min = 10, pair_bits_max = 20;

}  // namespace

class Literals::Builder {
 public:
  explicit Builder(Literals& out) : out_(out) {}

  void run(const std::vector<std::u32string>& keys) {
    give_codes(keys);
    std::vector<std::pair<Codes, std::int32_t>> sorted;
    sorted.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      TINGCHAO_ASSERT(!keys[i].empty() && keys[i].size() <= literal_chars_max);
      Codes codes;
      for (const char32_t c : keys[i]) codes += char32_t(out_.code(c));
      if (codes.size() == 1) out_.of_first_[codes[0]] = std::int32_t(i), out_.has_single_ = true;
      sorted.emplace_back(std::move(codes), std::int32_t(i));
    }
    std::sort(sorted.begin(), sorted.end());
    mark_pairs(keys);
    lay_out(sorted);
  }

 private:
  struct Node {
    std::size_t begin, end;  // of the sorted keys below it
    std::size_t depth;
    std::int32_t cell;
  };

  void give_codes(const std::vector<std::u32string>& keys) {
    std::unordered_map<char32_t, std::uint32_t> uses;
    for (const auto& key : keys)
      for (const char32_t c : key) ++uses[c];
    std::vector<std::pair<std::uint32_t, char32_t>> order;
    for (const auto& [c, count] : uses) order.emplace_back(count, c);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    out_.code_page_.assign(0x1100, 0);
    out_.codes_.assign(256, 0);  // page 0: nothing known
    for (std::size_t i = 0; i < order.size(); ++i) {
      const char32_t c = order[i].second;
      std::uint16_t& page = out_.code_page_[c >> 8];
      if (page == 0) {
        page = std::uint16_t(out_.codes_.size() >> 8);
        out_.codes_.resize(out_.codes_.size() + 256, 0);
      }
      out_.codes_[(std::size_t(page) << 8) | (c & 255)] = std::uint32_t(i + 1);
    }
    out_.of_first_.assign(order.size() + 1, -1);
  }

  void mark_pairs(const std::vector<std::u32string>& keys) {
    std::uint32_t bits = pair_bits_min;
    while (bits < pair_bits_max && (std::size_t(1) << bits) < keys.size() * 64) ++bits;
    out_.pair_shift_ = 32 - bits;
    out_.pairs_.assign((std::size_t(1) << bits) / 64, 0);
    for (const auto& key : keys) {
      if (key.size() < 2) continue;
      const std::uint32_t bit = pair_bit(key[0], key[1], out_.pair_shift_);
      out_.pairs_[bit >> 6] |= std::uint64_t(1) << (bit & 63);
    }
  }

  void lay_out(const std::vector<std::pair<Codes, std::int32_t>>& keys) {
    grow(1024);
    take(0, 0);
    std::vector<Node> waiting{{0, keys.size(), 0, 0}};
    std::vector<Node> children;
    std::vector<std::uint32_t> codes;
    while (!waiting.empty()) {
      const Node node = waiting.back();
      waiting.pop_back();
      children.clear();
      codes.clear();
      for (std::size_t i = node.begin; i < node.end; ++i) {
        if (keys[i].first.size() == node.depth) {
          out_.cells_[std::size_t(node.cell)].number = keys[i].second;
          continue;
        }
        const std::uint32_t by = keys[i].first[node.depth];
        if (codes.empty() || codes.back() != by) {
          codes.push_back(by);
          children.push_back({i, i, node.depth + 1, 0});
        }
        children.back().end = i + 1;
      }
      if (codes.empty()) continue;
      const std::size_t base = place_for(codes);
      out_.cells_[std::size_t(node.cell)].base = std::int32_t(base);
      for (std::size_t k = 0; k < codes.size(); ++k) {
        children[k].cell = std::int32_t(base + codes[k]);
        take(base + codes[k], node.cell);
      }
      waiting.insert(waiting.end(), children.rbegin(), children.rend());
    }
    out_.cells_.resize(last_taken_ + 1);
    out_.cells_.shrink_to_fit();
  }

  std::size_t place_for(const std::vector<std::uint32_t>& codes) {
    std::size_t tried = 0;
    for (std::size_t slot = std::max<std::size_t>(first_free_, codes.front());; ++slot) {
      if (slot + out_.codes_.size() >= out_.cells_.size()) grow(out_.cells_.size() * 2);
      if (out_.cells_[slot].check >= 0) continue;
      const std::size_t base = slot - codes.front();
      const bool fits = std::all_of(codes.begin(), codes.end(), [&](std::uint32_t by) {
        return base + by >= out_.cells_.size() || out_.cells_[base + by].check < 0;
      });
      if (fits) {
        if (base + codes.back() >= out_.cells_.size()) grow(base + codes.back() + 1);
        return base;
      }
      // Wide nodes skip the crowded head for good after enough failures; few cells are lost.
      if (++tried == 4096) first_free_ = slot;
    }
  }

  void take(std::size_t cell, std::int32_t parent) {
    out_.cells_[cell].check = parent;
    last_taken_ = std::max(last_taken_, cell);
    while (first_free_ < out_.cells_.size() && out_.cells_[first_free_].check >= 0) ++first_free_;
  }

  void grow(std::size_t cells) { out_.cells_.resize(std::max(cells, out_.cells_.size())); }

  Literals& out_;
  std::size_t first_free_ = 0;
  std::size_t last_taken_ = 0;
};

Literals::Literals(const std::vector<std::u32string>& keys) : count_(keys.size()) {
  if (!keys.empty()) Builder(*this).run(keys);
}

std::size_t Literals::bytes() const {
  return code_page_.size() * sizeof(std::uint16_t) + codes_.size() * sizeof(std::uint32_t) +
         of_first_.size() * sizeof(std::int32_t) + pairs_.size() * sizeof(std::uint64_t) +
         cells_.size() * sizeof(Cell);
}

std::int32_t Literals::find(std::u32string_view text) const {
  if (count_ == 0) return -1;
  std::int32_t cell = 0;
  for (const char32_t c : text) {
    const std::uint32_t by = code(c);
    cell = by == 0 ? -1 : child(cell, by);
    if (cell < 0) return -1;
  }
  return cells_[std::size_t(cell)].number;
}

}  // namespace tingchao::analyzer
