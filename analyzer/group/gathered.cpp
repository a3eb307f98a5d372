// Ids are looked at only where equals stand on both sides of the border: those of hundreds of stories that
// share one term with a document.
#include "analyzer/group/gathered.h"

#include "analyzer/group/story_index.h"

namespace tingchao::analyzer {
namespace {

void fetch(const void* from, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(from) + at);
}

}  // namespace

void to_front(std::vector<Gathered::Sum>& sums, std::size_t kept) {
  if (kept == 0 || kept >= sums.size()) return;
  const auto border = sums.begin() + static_cast<std::ptrdiff_t>(kept);
  std::nth_element(sums.begin(), border - 1, sums.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  const float least = (border - 1)->weight;
  const auto equals = std::partition(sums.begin(), border, [&](const auto& c) { return c.weight > least; });
  const auto end = std::partition(border, sums.end(), [&](const auto& c) { return c.weight == least; });
  if (end == border) return;
  const auto id = [](const Gathered::Sum& sum) -> const std::string& { return sum.held->story.id; };
  std::for_each(equals, end, [&](const auto& sum) { __builtin_prefetch(&id(sum)); });
  std::for_each(equals, end, [&](const auto& sum) { __builtin_prefetch(id(sum).data()); });
  struct Equal {
    std::uint64_t begin;  // of the id, so that it compares as the id does
    Gathered::Sum sum;
  };
  std::vector<Equal> all;
  all.reserve(static_cast<std::size_t>(end - equals));
  std::for_each(equals, end, [&](const auto& sum) {
    std::uint64_t begin = 0;
    for (std::size_t i = 0; i < sizeof begin; ++i)
      begin = begin << 8 | (i < id(sum).size() ? static_cast<unsigned char>(id(sum)[i]) : 0u);
    all.push_back({begin, sum});
  });
  std::nth_element(all.begin(), all.begin() + (border - equals), all.end(),
                   [&](const Equal& a, const Equal& b) {
                     return a.begin != b.begin ? a.begin < b.begin : id(a.sum) < id(b.sum);
                   });
  std::transform(all.begin(), all.end(), equals, [](const Equal& each) { return each.sum; });
}

void fetch_place(const Held& held) {
  fetch(&held.vector, sizeof held.vector + sizeof held.uses + 64);
  fetch(&held.story.first_seen, 64);
}
void fetch_lists(const Held& held) {
  fetch(held.vector.text.data(), held.vector.text.size() * sizeof(WeightedTerm));
  fetch(held.uses.data(), std::min<std::size_t>(512, held.uses.size() * sizeof(WeightedTerm)));
  fetch(held.vector.anchors.data(), held.vector.anchors.size() * sizeof(WeightedTerm));
  fetch(held.vector.schools.data(), 8);
  fetch(held.vector.places.data(), 8);
  fetch(held.vector.concerns.data(), 8);
}

}  // namespace tingchao::analyzer
