#pragma once
// Which entries hold a key: the inverted index behind the search for copies. Entries are numbered in the order
// in which they come and leave in the same order, so postings are a queue: each names the one before it of its
// bucket, and a chain ends where it leads to what has left. The buckets double as the queue grows.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

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
    std::uint64_t at = heads_[key & (heads_.size() - 1)].newest;
    while (at >= first_) {
      const Posting& posting = postings_[at - first_];
      if (posting.key == key && !visit(posting.entry)) return;
      if (posting.back == 0) return;
      at -= posting.back;
    }
  }
  // At least how many hold it; a bucket's keys are counted together.
  std::size_t about(std::uint32_t key) const {
    return heads_.empty() ? 0 : heads_[key & (heads_.size() - 1)].count;
  }
  // Held memory, some bytes more or less.
  std::size_t bytes() const { return postings_.size() * sizeof(Posting) + heads_.size() * sizeof(Head); }

 private:
  struct Posting {
    std::uint32_t key, entry, back;  // back: how many postings before this one; 0: none
  };
  struct Head {
    std::uint64_t newest = 0;
    std::uint32_t count = 0;
  };
  void link(Posting& posting, std::uint64_t number);
  void grow();

  std::deque<Posting> postings_;
  std::uint64_t first_ = 1;  // the number of postings_.front(); 0 is no posting
  std::vector<Head> heads_;  // a power of two of them
};

}  // namespace tingchao::analyzer
