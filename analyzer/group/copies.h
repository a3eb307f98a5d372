#pragma once
// Remembers the originals of the last days and finds which of them a new text repeats. Candidates come from a
// sketch (long texts) or from the rarest bigrams (short ones) and are then compared bigram by bigram. Bounded
// in time, number and memory; the oldest leave first.

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "analyzer/similarity/postings.h"
#include "core/analysis.h"
#include "core/document.h"
#include "core/time.h"

namespace tingchao::analyzer {

class CopyIndex {
 public:
  struct Limits {
    Seconds window{std::chrono::days{14}};
    std::size_t entries_max = 500'000;
    std::size_t bytes_max = 512u << 20;  // an article of 500 characters takes some 4 KB, a title 0.6 KB
  };
  explicit CopyIndex(Limits limits) : limits_(limits) {}

  // What is compared of a text.
  struct Sketch {
    std::uint64_t exact = 0;
    std::size_t letters = 0;
    bool is_long = false;
    std::vector<std::uint16_t>
        slots;  // of the MinHash of long texts, their low halves: enough to tell unequal ones
    std::vector<std::uint32_t> bigrams;  // hashes, sorted, distinct
    std::vector<std::uint64_t> schools;  // hashes of the school anchors, sorted
    std::uint64_t figures = 0;           // hash of the digits of short texts: 第29天 is no copy of 第30天
  };
  static Sketch sketch(const Document& document, const Analysis& analysis);

  struct Original {
    std::string document, story;
    Time at{};
  };
  // The most alike original, the latest of equals; null: none. Valid until the next add() or forget().
  // O(bigrams) a candidate; of short texts every original that is alike enough is a candidate.
  const Original* find(const Sketch& sketch, Time now) const;
  void add(Sketch sketch, Original original);
  void forget(Time now);
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_ + postings_.bytes() + briefs_.size() * sizeof(Brief); }

 private:
  // Two bits of each slot: enough to turn most candidates away without a look at their entries.
  struct Brief {
    std::array<std::uint64_t, 4> words{};
  };
  static Brief brief_of(const Sketch& sketch);
  const Brief& brief(std::uint32_t number) const { return briefs_[number & (briefs_.size() - 1)]; }
  void keep_brief(std::uint32_t number, const Brief& brief);
  struct Entry {
    Sketch sketch;
    Original original;
  };
  const Entry& entry(std::uint32_t number) const { return entries_[number - first_]; }
  std::vector<std::uint32_t> candidates(const Sketch& sketch) const;
  void fetch(const std::vector<std::uint32_t>& numbers) const;
  void drop_unlike(const Sketch& sketch, std::vector<std::uint32_t>& numbers) const;
  const Original* find_equal(const Sketch& sketch, Time now) const;
  void drop_oldest();

  Limits limits_;
  std::deque<Entry> entries_;
  std::vector<Brief> briefs_;  // a ring with a power of two of places; by number
  std::uint32_t first_ = 0;    // the number of entries_.front()
  std::size_t bytes_ = 0;      // of the entries
  Postings postings_;          // by exact hash, band of a long text, bigram of a short one
};

}  // namespace tingchao::analyzer
