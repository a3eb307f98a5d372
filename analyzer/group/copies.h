#pragma once
// Remembers the originals of the last days and finds which of them a new text repeats. Candidates come from a
// sketch (long texts) or from the rarest bigrams (short ones) and are then compared bigram by bigram. Bounded
// in time, number and memory; the oldest leave first.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/group/originals.h"
#include "analyzer/similarity/bands.h"
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
    std::size_t bytes_max = 512u << 20;  // an article of 500 characters takes some 3 KB, a title 0.4 KB
  };
  explicit CopyIndex(Limits limits) : limits_(limits) {}

  using Sketch = CopySketch;
  static Sketch sketch(const Document& document, const Analysis& analysis);

  // The most alike original, the latest of equals; empty: none. O(bigrams) a candidate; of short texts every
  // original that is alike enough is a candidate.
  std::optional<Original> find(const Sketch& sketch, Time now) const;
  void add(const Sketch& sketch, const Original& original);
  void forget(Time now);
  void clear();  // keeps its room
  std::size_t size() const { return originals_.size(); }
  std::size_t bytes() const { return originals_.bytes() + postings_.bytes() + bands_.bytes(); }

 private:
  using Numbers = std::vector<std::uint32_t>;
  bool is_recent(std::uint32_t number, Time now) const { return originals_.time(number) + limits_.window >= now; }
  std::optional<std::uint32_t> find_equal(const Sketch& sketch, Time now) const;
  std::optional<std::uint32_t> find_long(const Sketch& sketch, Time now) const;
  std::optional<std::uint32_t> find_short(const Sketch& sketch, Time now) const;
  Numbers short_candidates(const Sketch& sketch) const;
  void index_bands(const Sketch& sketch, std::uint32_t number);
  void drop_oldest();

  Limits limits_;
  Originals originals_;
  BandTable bands_;    // of long texts
  Postings postings_;  // by exact hash, bigram of a short text
};

}  // namespace tingchao::analyzer
