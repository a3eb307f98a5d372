#pragma once
// Remembers the originals of the last days and finds which of them a new text repeats. Bounded in number
// and in time; the oldest leave first.

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/analysis.h"
#include "core/document.h"
#include "core/time.h"

namespace tingchao::analyzer {

class CopyIndex {
 public:
  CopyIndex(Seconds window, std::size_t entries_max) : window_(window), entries_max_(entries_max) {}

  // What is compared of a text.
  struct Sketch {
    std::uint64_t exact = 0;
    std::size_t letters = 0;
    float size = 0;                      // about how many distinct bigrams, of long texts
    std::vector<std::uint16_t> slots;    // of the MinHash, their low halves: enough to tell unequal ones
    std::vector<std::uint32_t> bigrams;  // of short texts only: compared one by one
    std::vector<std::uint64_t> schools;  // hashes of the school anchors, sorted
    std::uint64_t figures = 0;           // hash of the digits: 第29天 is no copy of 第30天
  };
  static Sketch sketch(const Document& document, const Analysis& analysis);

  struct Original {
    std::string document, story;
    Time at{};
  };
  // The most alike original, the latest of equals; null: none.
  const Original* find(const Sketch& sketch, Time now) const;
  void add(Sketch sketch, Original original);
  void forget(Time now);
  std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::size_t bands = 42, rows = 3, buckets = 1 << 14;
  struct Entry {
    Sketch sketch;
    Original original;
    std::array<std::uint32_t, bands + 1>
        next{};  // the older entry of the same bucket; the last: of the exact hash
  };
  std::uint32_t bucket(const Sketch& sketch, std::size_t band) const;
  const Entry* entry(std::uint32_t number) const;
  double likeness(const Sketch& a, const Sketch& b) const;

  Seconds window_;
  std::size_t entries_max_;
  std::deque<Entry> entries_;
  std::uint32_t first_ = 1;           // the number of entries_.front(); 0 is no entry
  std::vector<std::uint32_t> heads_;  // (bands + 1) × buckets: the newest entry
};

}  // namespace tingchao::analyzer
