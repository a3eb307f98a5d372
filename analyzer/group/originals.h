#pragma once
// The texts that copies are looked for among, as far as comparing needs them, in the order in which they came; they
// leave in the same order. Each lies in one piece, and pieces that come together lie together, so that comparing
// waits for memory once and what has left gives its memory back whole.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/similarity/bands.h"
#include "core/large_pages.h"
#include "core/time.h"

namespace tingchao::analyzer {

// What is compared of a text.
struct CopySketch {
  std::uint64_t exact = 0;
  std::size_t letters = 0;
  bool is_long = false;
  BandKeys keys{};  // of long texts
  Outline outline;
  std::vector<std::uint32_t> bigrams;  // hashes, sorted, distinct
  std::vector<std::uint64_t> schools;  // hashes of the school anchors, sorted
  std::uint64_t figures = 0;           // hash of the digits of short texts: 第29天 is no copy of 第30天
};

struct Original {
  std::string document, story;
  Time at{};
};

class Originals {
 public:
  // A look at one that is kept; valid until the next push() or pop().
  struct Kept {
    std::uint64_t exact = 0, figures = 0;
    std::size_t letters = 0;
    bool is_long = false;
    std::span<const std::uint32_t> keys, bigrams;
    std::span<const std::uint64_t> schools;
    std::string_view document, story;
  };

  std::uint32_t push(const CopySketch& sketch, const Original& original);  // its number
  void pop();
  std::uint32_t first() const { return first_; }
  std::size_t size() const { return size_; }
  std::size_t long_ones() const { return long_ones_; }
  bool holds(std::uint32_t number) const { return number - first_ < size_; }

  // Of a number that it holds.
  Kept at(std::uint32_t number) const;
  Original original(std::uint32_t number) const;
  Time time(std::uint32_t number) const { return place(number).at; }
  const Outline& outline(std::uint32_t number) const { return place(number).outline; }
  void fetch_outline(std::uint32_t number) const { __builtin_prefetch(&place(number)); }
  void fetch(std::uint32_t number) const;

  // Held for what is kept; some MB more until the oldest of a piece of memory have all left.
  std::size_t bytes() const { return bytes_ + places_.size() * sizeof(Place); }

 private:
  struct alignas(64) Place {
    Outline outline;
    const std::byte* record = nullptr;
    Time at{};
  };
  struct Head;
  struct Chunk {
    LargeVector<std::byte> memory;
    std::size_t used = 0, records = 0;
  };
  const Place& place(std::uint32_t number) const { return places_[number & (places_.size() - 1)]; }
  std::byte* room(std::size_t bytes);
  void widen();

  LargeVector<Place> places_;  // a ring with a power of two of places; by number
  std::deque<Chunk> chunks_;
  Chunk spare_;  // the last that was emptied
  std::uint32_t first_ = 1;  // number of the oldest; an empty place of a table is 0
  std::size_t size_ = 0, long_ones_ = 0, bytes_ = 0;
};

}  // namespace tingchao::analyzer
