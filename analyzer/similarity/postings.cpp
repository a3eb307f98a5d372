#include "analyzer/similarity/postings.h"

#include <algorithm>
#include <limits>

namespace tingchao::analyzer {

void Postings::link(Posting& posting, std::uint64_t number) {
  Head& head = heads_[posting.key & (heads_.size() - 1)];
  const std::uint64_t newest = number_of(head), back = newest >= first_ && newest < number ? number - newest : 0;
  posting.back = back <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(back) : 0;
  head.newest = static_cast<std::uint32_t>(number);
  ++head.count;
}

void Postings::grow() {
  LargeVector<Posting> wider(std::max<std::size_t>(1024, ring_.size() * 2));
  for (std::uint64_t number = first_; number < next_; ++number)
    wider[number & (wider.size() - 1)] = place(number);
  ring_ = std::move(wider);
  heads_.assign(ring_.size(), {});
  for (std::uint64_t number = first_; number < next_; ++number) link(place(number), number);
}

void Postings::add(std::uint32_t key, std::uint32_t entry) {
  if (next_ - first_ >= ring_.size()) grow();
  place(next_) = {key, entry, 0};
  link(place(next_), next_);
  ++next_;
}

void Postings::drop_before(std::uint32_t first) {
  while (first_ < next_ && place(first_).entry < first) {
    --heads_[place(first_).key & (heads_.size() - 1)].count;
    ++first_;
  }
}

}  // namespace tingchao::analyzer
