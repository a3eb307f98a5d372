// One-permutation MinHash (Li, Owen, Zhang, "One Permutation Hashing", 2012): each bigram is hashed once;
// the hash's low bits choose a slot, its other bits compete there for the minimum. Slots that stay
// empty in both sketches say nothing and are left out of the estimate, which keeps it unbiased for short
// texts, where most are empty.
#include "analyzer/similarity/fingerprint.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// The finalizer of MurmurHash3.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  if (is_han(c)) return true;
  // Punctuation and symbols of the blocks that folding leaves: general, CJK, half-width, arrows … emoji.
  return !(c <= 0xbf || (c >= 0x2000 && c <= 0x2bff) || (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) ||
           c == 0x30fb || (c >= 0xfe10 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xffef) || c >= 0x1f000);
}

std::vector<std::uint32_t> unsorted_bigrams(std::u32string_view letters) {
  std::vector<std::uint32_t> hashes;
  hashes.reserve(letters.size());
  if (letters.size() == 1) hashes.push_back(static_cast<std::uint32_t>(mix(letters[0])));
  for (std::size_t i = 0; i + 1 < letters.size(); ++i)
    hashes.push_back(static_cast<std::uint32_t>(mix(std::uint64_t{letters[i]} << 32 | letters[i + 1])));
  return hashes;
}

}  // namespace

std::u32string letters_of(std::u32string_view folded) {
  std::u32string letters;
  letters.reserve(folded.size());
  for (const char32_t c : folded)
    if (is_letter(c)) letters.push_back(c);
  return letters;
}

std::u32string letters_compared(std::u32string_view title, std::u32string_view body) {
  std::u32string letters = letters_of(body);
  if (letters.size() < minhash_han_min) letters.insert(0, letters_of(title));
  return letters;
}

Fingerprint fingerprint(std::u32string_view title, std::u32string_view body) {
  const std::u32string letters = letters_compared(title, body);
  Fingerprint print;
  std::string bytes;
  for (const char32_t c : letters) append_char(bytes, c);
  print.exact = hash64(bytes);
  const auto han = static_cast<std::size_t>(std::count_if(letters.begin(), letters.end(), is_han));
  if (han >= minhash_han_min) print.minhash = minhash(unsorted_bigrams(letters));
  return print;
}

namespace {

// By digits of eleven bits from the last to the first; hashes are spread evenly.
void sort_hashes(std::vector<std::uint32_t>& hashes) {
  constexpr std::size_t few = 256;  // below that a comparing sort is faster
  if (hashes.size() < few) return std::sort(hashes.begin(), hashes.end());
  std::vector<std::uint32_t> other(hashes.size());
  for (unsigned shift = 0; shift < 32; shift += 11) {
    std::array<std::uint32_t, 2048> places{};
    for (const std::uint32_t hash : hashes) ++places[hash >> shift & 2047];
    std::uint32_t before = 0;
    for (std::uint32_t& place : places) before += std::exchange(place, before);
    for (const std::uint32_t hash : hashes) other[places[hash >> shift & 2047]++] = hash;
    hashes.swap(other);
  }
}

}  // namespace

std::vector<std::uint32_t> bigram_hashes(std::u32string_view letters) {
  std::vector<std::uint32_t> hashes = unsorted_bigrams(letters);
  sort_hashes(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

std::vector<std::uint32_t> minhash(const std::vector<std::uint32_t>& bigrams) {
  std::vector<std::uint32_t> slots(minhash_slots, minhash_empty);
  for (const std::uint32_t bigram : bigrams) {
    const std::uint64_t hash = mix(bigram + 0x9e3779b97f4a7c15ULL);
    std::uint32_t& slot = slots[hash % minhash_slots];
    slot = std::min(slot, static_cast<std::uint32_t>(hash >> 32) & 0x7fffffff);
  }
  return slots;
}

// Without a branch on what the sets hold: which side goes on next cannot be foretold.
double jaccard_of_sets(std::span<const std::uint32_t> set, std::span<const std::uint32_t> other) {
  std::size_t common = 0, a = 0, b = 0;
  while (a < set.size() && b < other.size()) {
    const std::uint32_t x = set[a], y = other[b];
    common += x == y;
    a += x <= y;
    b += y <= x;
  }
  const std::size_t all = set.size() + other.size() - common;
  return all == 0 ? 0 : static_cast<double>(common) / static_cast<double>(all);
}

}  // namespace tingchao::analyzer
