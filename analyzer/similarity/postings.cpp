#include "analyzer/similarity/postings.h"

#include <algorithm>
#include <limits>

namespace tingchao::analyzer {

void Postings::link(Posting& posting, std::uint64_t number) {
  Head& head = heads_[posting.key & (heads_.size() - 1)];
  const std::uint64_t back = head.newest >= first_ ? number - head.newest : 0;
  posting.back =
      back <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(back) : 0;
  head.newest = number;
  ++head.count;
}

void Postings::grow() {
  heads_.assign(std::max<std::size_t>(1024, heads_.size() * 2), {});
  std::uint64_t number = first_;
  for (Posting& posting : postings_) link(posting, number++);
}

void Postings::add(std::uint32_t key, std::uint32_t entry) {
  if (postings_.size() >= heads_.size()) grow();
  postings_.push_back({key, entry, 0});
  link(postings_.back(), first_ + postings_.size() - 1);
}

void Postings::drop_before(std::uint32_t first) {
  while (!postings_.empty() && postings_.front().entry < first) {
    --heads_[postings_.front().key & (heads_.size() - 1)].count;
    postings_.pop_front();
    ++first_;
  }
}

}  // namespace tingchao::analyzer
