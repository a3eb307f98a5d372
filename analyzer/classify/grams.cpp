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

void count_repeats(std::vector<HashedGram>& grams) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
  Repeats repeats(grams.size());
  for (HashedGram& gram : grams)
    gram.before = static_cast<std::uint16_t>(std::min(repeats.count(gram.bucket), most));
}

}  // namespace

NumberedSet::NumberedSet(std::size_t limit, std::span<const std::uint32_t> members) : NumberedSet(limit) {
  for (const std::uint32_t member : members) bits_[member >> 6] |= std::uint64_t{1} << (member & 63);
  count();
}

void NumberedSet::add(const NumberedSet& other) {
  for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= other.bits_[i];
  count();
}

void NumberedSet::count() {
  size_ = 0;
  for (std::size_t i = 0; i < bits_.size(); ++i) {
    before_[i] = static_cast<std::uint32_t>(size_);
    size_ += static_cast<std::size_t>(std::popcount(bits_[i]));
  }
}

std::vector<std::uint32_t> NumberedSet::members() const {
  std::vector<std::uint32_t> out;
  out.reserve(size_);
  for (std::size_t i = 0; i < bits_.size(); ++i)
    for (std::uint64_t bits = bits_[i]; bits != 0; bits &= bits - 1)
      out.push_back(static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(bits))));
  return out;
}

std::vector<HashedGram> hashed_grams(std::u32string_view folded) {
  std::vector<HashedGram> grams;
  grams.reserve(3 * folded.size() + 2);
  each_gram(folded, [&](const HashedGram& gram) { grams.push_back(gram); });
  count_repeats(grams);
  return grams;
}

std::vector<HashedGram> hashed_grams(std::u32string_view folded, const NumberedSet& known) {
  std::vector<HashedGram> grams(3 * folded.size() + 2);
  std::size_t all = 0;
  each_gram(folded, [&](const HashedGram& gram) {
    known.prefetch(gram.bucket);
    grams[all++] = gram;
  });
  std::size_t kept = 0;  // written first, counted then: no processor foresees which are known
  for (std::size_t i = 0; i < all; ++i) {
    const HashedGram gram = grams[i];
    grams[kept] = gram;
    grams[kept].bucket = known.number(gram.bucket);
    kept += known.has(gram.bucket);
  }
  grams.resize(kept);
  count_repeats(grams);
  return grams;
}

}  // namespace tingchao::analyzer
