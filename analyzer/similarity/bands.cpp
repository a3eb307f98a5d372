// Locality-sensitive hashing by bands of a MinHash sketch (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of
// Massive Datasets", ch. 3): texts that agree in both slots of a band meet. The slots are minima of shingles of
// three characters (16 bands) and of four (32): pairs of characters are shared by all texts of one trade, and would
// make hundreds of unlike ones meet; longer shingles do not survive edits. The sketch is a one-permutation MinHash;
// empty slots borrow from others (Shrivastava, "Optimal Densification for Fast and Accurate Minwise Hashing", 2017),
// so that a slot of two texts agrees about as often as their shingles do, however short they are.
#include "analyzer/similarity/bands.h"

#include <algorithm>
#include <span>

#include "analyzer/similarity/fingerprint.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t rows = 2, bands_of_three = 16, bands_of_four = bands - bands_of_three;
constexpr std::uint64_t empty = ~std::uint64_t{0};

// The finalizer of SplitMix64.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ x >> 31;
}

// The number of slots must be a power of two.
void compete(std::span<std::uint64_t> slots, std::uint64_t hash) {
  std::uint64_t& slot = slots[hash & (slots.size() - 1)];
  slot = std::min(slot, hash >> 8);
}

template <std::size_t count>
void borrow(std::array<std::uint64_t, count>& slots) {
  const auto own = slots;
  for (std::size_t i = 0; i < count; ++i)
    for (std::uint64_t attempt = 1; slots[i] == empty; ++attempt)
      slots[i] = own[mix(attempt << 32 | i) & (count - 1)];
}

}  // namespace

BandKeys band_keys(std::u32string_view letters) {
  BandKeys keys{};
  if (letters.size() < 4) return keys;
  std::array<std::uint64_t, rows * bands_of_three> of_three;
  std::array<std::uint64_t, rows * bands_of_four> of_four;
  of_three.fill(empty);
  of_four.fill(empty);
  std::uint64_t last = 0;  // the last three characters
  for (std::size_t i = 0; i < letters.size(); ++i) {
    constexpr std::uint64_t three = (std::uint64_t{1} << 63) - 1;
    const std::uint64_t before = last;
    last = (last << 21 | letters[i]) & three;
    if (i >= 2) compete(of_three, mix(last));
    if (i >= 3) compete(of_four, mix(before * 0x9e3779b97f4a7c15ULL + letters[i]));
  }
  borrow(of_three);
  borrow(of_four);
  for (std::size_t band = 0; band < bands; ++band) {
    const std::uint64_t* slot =
        band < bands_of_three ? &of_three[rows * band] : &of_four[rows * (band - bands_of_three)];
    keys[band] = static_cast<std::uint32_t>(mix(mix(slot[0] + band) + slot[1]) >> 32);
  }
  return keys;
}

void BandTable::add(const BandKeys& keys, std::uint32_t number) {
  fetch(keys);
  for (const std::uint32_t key : keys) {
    Line& at = lines_[std::uint64_t{key} * lines_.size() >> 32];
    at.numbers[at.next] = number;
    at.tags[at.next] = tag_of(key);
    at.next = at.next + 1 == places ? 0 : at.next + 1;
  }
}

void BandTable::grow_for(std::size_t texts) {
  std::size_t wanted = std::max<std::size_t>(64, lines_.size());
  while (wanted * posts_a_line < texts * bands) wanted *= 2;
  lines_ = {};  // the old ones go before the new ones come
  lines_.resize(wanted);
}

Outline outline_of_slots(const std::vector<std::uint32_t>& minhash) {
  Outline outline;
  for (std::size_t i = 0; i < minhash.size() && i < minhash_slots; ++i) {
    const std::uint64_t value = minhash[i] == minhash_empty ? 0 : 1 + minhash[i] % 7;
    for (std::size_t bit = 0; bit < 3; ++bit) outline.words[2 * bit + i / 64] |= (value >> bit & 1) << i % 64;
  }
  return outline;
}

Outline outline_of_bigrams(const std::vector<std::uint32_t>& bigrams) {
  Outline outline;
  for (const std::uint32_t bigram : bigrams) {
    const auto bit = static_cast<std::size_t>(std::uint64_t{bigram * 0x9e3779b1U} * 384 >> 32);
    outline.words[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
  return outline;
}

}  // namespace tingchao::analyzer
