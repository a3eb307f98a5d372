#pragma once
// A table from hashes of terms to counts: open addressing in one piece of memory, half full at most, so that a look
// reads one line of the cache.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/large_pages.h"

namespace tingchao::analyzer {

class TermCounts {
 public:
  std::size_t size() const { return size_; }
  void fetch(std::uint64_t term) const {
    if (!cells_.empty()) __builtin_prefetch(&cells_[place_of(term)]);
  }
  // Null: not counted.
  const float* find(std::uint64_t term) const {
    if (cells_.empty()) return nullptr;
    const std::uint64_t key = key_of(term);
    for (std::size_t at = place_of(term);; at = (at + 1) & (cells_.size() - 1)) {
      if (cells_[at].key == key) return &cells_[at].count;
      if (cells_[at].key == 0) return nullptr;
    }
  }
  // 0 when it is new. Valid until the next call.
  float& operator[](std::uint64_t term) {
    if (2 * (size_ + 1) > cells_.size()) resize(cells_.empty() ? 1024 : 2 * cells_.size());
    Cell& cell = cell_of(term);
    if (cell.key == 0) cell.key = key_of(term), ++size_;
    return cell.count;
  }
  template <class Visit>
  void each(Visit visit) const {
    for (const Cell& cell : cells_)
      if (cell.key != 0) visit(cell.key, cell.count);
  }
  template <class Change>
  void change(Change change) {
    for (Cell& cell : cells_)
      if (cell.key != 0) cell.count = change(cell.count);
  }
  void drop_below(float limit) {
    LargeVector<Cell> before(cells_.size());
    before.swap(cells_);
    size_ = 0;
    for (const Cell& cell : before)
      if (cell.key != 0 && cell.count >= limit) cell_of(cell.key) = cell, ++size_;
  }

 private:
  struct Cell {
    std::uint64_t key = 0;  // 0: empty
    float count = 0;
  };
  static std::uint64_t key_of(std::uint64_t term) { return term == 0 ? 1 : term; }
  // Terms are hashes already.
  std::size_t place_of(std::uint64_t term) const { return key_of(term) >> 7 & (cells_.size() - 1); }
  Cell& cell_of(std::uint64_t term) {
    const std::uint64_t key = key_of(term);
    std::size_t at = place_of(term);
    while (cells_[at].key != key && cells_[at].key != 0) at = (at + 1) & (cells_.size() - 1);
    return cells_[at];
  }
  void resize(std::size_t places) {
    LargeVector<Cell> before(places);
    before.swap(cells_);
    for (const Cell& cell : before)
      if (cell.key != 0) cell_of(cell.key) = cell;
  }

  LargeVector<Cell> cells_;  // a power of two of them
  std::size_t size_ = 0;
};

}  // namespace tingchao::analyzer
