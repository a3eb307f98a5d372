#pragma once
// Which entries hold a key: the inverted index behind the search for copies. Entries are numbered in the
// order in which they come and leave in the same order, so postings are a queue: each names the one before it
// of its bucket, and a chain ends where it leads to what has left. The buckets double as the queue grows.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/large_pages.h"

namespace tingchao::analyzer {

class Postings {
 public:
  // `entry` must not be below any that was added before. O(1) amortised.
  void add(std::uint32_t key, std::uint32_t entry);
  // Entries below `first` have left.
  void drop_before(std::uint32_t first);

  // The entries that hold `key`, the newest first, until `visit` answers false.
  template <class Visit>
  void each(std::uint32_t key, Visit visit) const {
    if (heads_.empty()) return;
    std::uint64_t at = number_of(heads_[key & (heads_.size() - 1)]);
    while (at >= first_ && at < next_) {
      const Posting& posting = place(at);
      if (posting.key == key && !visit(posting.entry)) return;
      if (posting.back == 0) return;
      at -= posting.back;
    }
  }
  // The entries that hold any of the keys, in no order, some of them more than once; of each key the newest
  // `most`. The chains are walked side by side, so that memory answers many at once instead of one after the
  // other.
  template <class Visit>
  void each_of(const std::vector<std::uint32_t>& keys, std::size_t most, Visit visit) const {
    if (heads_.empty()) return;
    struct Walk {
      std::uint32_t key;
      std::size_t left;
      std::uint64_t at;
    };
    std::vector<Walk> walks;
    walks.reserve(keys.size());
    for (const std::uint32_t key : keys) fetch_bucket(key);
    for (const std::uint32_t key : keys) {
      const std::uint64_t at = number_of(heads_[key & (heads_.size() - 1)]);
      if (at < first_ || at >= next_) continue;
      __builtin_prefetch(&place(at));
      walks.push_back({key, most, at});
    }
    while (!walks.empty()) {
      std::size_t kept = 0;
      for (Walk walk : walks) {
        const Posting& posting = place(walk.at);
        if (posting.key == walk.key) {
          visit(posting.entry);
          --walk.left;
        }
        if (posting.back == 0 || posting.back > walk.at || walk.at - posting.back < first_ || walk.left == 0)
          continue;
        walk.at -= posting.back;
        __builtin_prefetch(&place(walk.at));
        walks[kept++] = walk;
      }
      walks.resize(kept);
    }
  }
  // A key that will be asked for soon.
  void fetch_bucket(std::uint32_t key) const {
    if (!heads_.empty()) __builtin_prefetch(&heads_[key & (heads_.size() - 1)]);
  }
  // At least how many hold it; a bucket's keys are counted together.
  std::size_t about(std::uint32_t key) const {
    return heads_.empty() ? 0 : heads_[key & (heads_.size() - 1)].count;
  }
  // Held memory, some bytes more or less.
  std::size_t bytes() const { return ring_.size() * sizeof(Posting) + heads_.size() * sizeof(Head); }

 private:
  struct Posting {
    std::uint32_t key, entry, back;  // back: how many postings before this one; 0: none
  };
  struct Head {
    std::uint32_t newest = 0;  // the low half of its number
    std::uint32_t count = 0;
  };
  // Where nothing was added for 2^32 postings it may be another bucket's: its chain holds none of our keys.
  std::uint64_t number_of(const Head& head) const {
    return next_ - (static_cast<std::uint32_t>(next_) - head.newest);
  }
  void link(Posting& posting, std::uint64_t number);
  void grow();

  const Posting& place(std::uint64_t number) const { return ring_[number & (ring_.size() - 1)]; }
  Posting& place(std::uint64_t number) { return ring_[number & (ring_.size() - 1)]; }

  // A power of two of places; a posting's is its number's rest.
  LargeVector<Posting> ring_;
  std::uint64_t first_ = 1, next_ = 1;  // numbers of the oldest and of the one to come; 0 is no posting
  LargeVector<Head> heads_;             // a power of two of them
};

}  // namespace tingchao::analyzer
