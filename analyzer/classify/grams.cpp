#include "analyzer/classify/grams.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace tingchao::analyzer {
namespace {

// How often each row came so far: an open hash table, at most half full.
class Repeats {
 public:
  explicit Repeats(std::size_t grams)
      : slots_(std::bit_ceil(2 * grams + 2)),
        shift_(static_cast<unsigned>(64 - std::countr_zero(slots_.size()))) {}
  // Before this time.
  std::uint32_t count(std::uint32_t bucket) {
    std::size_t at = (bucket * 0x9E3779B97F4A7C15u) >> shift_;
    while (slots_[at].count != 0 && slots_[at].bucket != bucket) at = (at + 1) & (slots_.size() - 1);
    slots_[at].bucket = bucket;
    return slots_[at].count++;
  }

 private:
  struct Slot {
    std::uint32_t bucket = 0, count = 0;
  };
  std::vector<Slot> slots_;
  unsigned shift_;
};

}  // namespace

std::vector<HashedGram> hashed_grams(std::u32string_view folded, const GramFilter* filter) {
  std::vector<HashedGram> grams(3 * folded.size() + 2);
  std::size_t kept = 0;  // written first, counted then: no processor foresees which are known
  each_gram(folded, [&](const HashedGram& gram) {
    grams[kept] = gram;
    kept += !filter || filter->has(gram.bucket);
  });
  grams.resize(kept);
  constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
  Repeats repeats(grams.size());
  for (HashedGram& gram : grams) gram.before = static_cast<std::uint16_t>(std::min(repeats.count(gram.bucket), most));
  return grams;
}

}  // namespace tingchao::analyzer
