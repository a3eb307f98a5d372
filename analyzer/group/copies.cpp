// Locality-sensitive hashing by bands of a MinHash sketch (Broder 1997; Leskovec, Rajaraman, Ullman,
// "Mining of Massive Datasets", ch. 3): long texts that agree in all slots of one of the bands meet and are
// then compared in full. Short texts that share a given part of their bigrams must share one of any few of
// them (Chaudhuri, Ganti, Kaushik, "A Primitive Operator for Similarity Joins", 2006): the rarest are looked
// up.
#include "analyzer/group/copies.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "analyzer/group/terms.h"
#include "analyzer/similarity/fingerprint.h"
#include "analyzer/text/prepared.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr double long_alike = 0.45, short_alike = 0.75;
// An excerpt: less alike, but nearly all of the shorter one stands in the longer one.
constexpr double excerpt_alike = 0.3, excerpt_share = 0.8;
// Below so many letters equal texts say nothing (顶, 求助), below so many only equal ones are copies.
constexpr std::size_t letters_min = 5, letters_min_alike = 8;
// Of one key at most so many are looked at, the newest: forms that are filled in a thousand times.
constexpr std::size_t chain_max = 64, short_chain_max = 1024;
constexpr std::size_t bands = 32, rows = 4;
// A sketch of so few in common cannot come from texts that are alike enough (five standard deviations).
constexpr double sketch_alike = 0.15;
constexpr std::size_t sketch_telling = 64;  // bigrams that make a sketch say something

// Two standard deviations below what an excerpt has (0.3 + 0.7/4 of 128), five below what a copy has.
constexpr int brief_equal_min = 50;

constexpr std::uint16_t empty_half = 0xFFFF;

bool disjoint(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  for (const std::uint64_t x : a)
    if (std::binary_search(b.begin(), b.end(), x)) return false;
  return !a.empty() && !b.empty();
}

std::vector<std::uint16_t> halves(const std::vector<std::uint32_t>& slots) {
  std::vector<std::uint16_t> out;
  out.reserve(slots.size());
  for (const std::uint32_t slot : slots)
    out.push_back(slot == minhash_empty ? empty_half
                                        : static_cast<std::uint16_t>(std::min(slot & 0xFFFF, 0xFFFEu)));
  return out;
}

// About the Jaccard of the sets behind two sketches. Without a branch, so that it is done sixteen at a time.
double share_of_equal(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  if (a.size() != minhash_slots || b.size() != minhash_slots) return 0;
  const std::uint16_t *x = a.data(), *y = b.data();
  std::uint16_t equal = 0, both_empty = 0;
  for (std::size_t i = 0; i < minhash_slots; ++i) {
    equal = static_cast<std::uint16_t>(equal + (x[i] == y[i]));
    both_empty = static_cast<std::uint16_t>(both_empty + ((x[i] & y[i]) == empty_half));
  }
  const int used = static_cast<int>(minhash_slots) - both_empty;
  return used == 0 ? 0 : static_cast<double>(equal - both_empty) / used;
}

// Keys of the index; the kinds lie apart.
std::uint32_t key_of(std::uint64_t kind, std::uint64_t value) {
  std::uint64_t key = (value + kind) * 0x9e3779b97f4a7c15ULL;
  key = (key ^ key >> 31) * 0xbf58476d1ce4e5b9ULL;
  return static_cast<std::uint32_t>(key >> 32);
}
constexpr std::uint64_t exact_kind = 1u << 20, bigram_kind = 2u << 20;  // below: the bands

template <class Visit>
void each_band(const std::vector<std::uint16_t>& slots, Visit visit) {
  for (std::size_t band = 0; band < bands && slots.size() >= bands * rows; ++band) {
    std::uint64_t value = 0;
    bool any = false;
    for (std::size_t i = band * rows; i < (band + 1) * rows; ++i) {
      any = any || slots[i] != empty_half;
      value = value << 16 | slots[i];
    }
    if (any) visit(key_of(band << 48, value));
  }
}

// 1: the same letters; 0: no copy.
double likeness(const CopyIndex::Sketch& a, const CopyIndex::Sketch& b) {
  // The same notice for another school is another matter, however alike the words.
  if (a.exact != b.exact && a.is_long != b.is_long) return 0;
  const std::size_t least = std::min(a.bigrams.size(), b.bigrams.size());
  if (a.exact != b.exact && a.is_long && least >= sketch_telling &&
      share_of_equal(a.slots, b.slots) < sketch_alike)
    return 0;
  if (disjoint(a.schools, b.schools)) return 0;
  if (a.exact == b.exact) return 1;
  if (!a.is_long) {
    if (a.figures != b.figures || a.letters < letters_min_alike || b.letters < letters_min_alike) return 0;
    const double alike = jaccard_of_sets(a.bigrams, b.bigrams);
    return alike >= short_alike ? alike : 0;
  }
  const double alike = jaccard_of_sets(a.bigrams, b.bigrams);
  if (alike >= long_alike) return alike;
  if (alike < excerpt_alike) return 0;
  const double common = alike / (1 + alike) * static_cast<double>(a.bigrams.size() + b.bigrams.size());
  return common >= excerpt_share * static_cast<double>(least) ? alike : 0;
}

std::size_t bytes_of(const CopyIndex::Sketch& sketch, const CopyIndex::Original& original) {
  return sizeof sketch + sizeof original + 2 * sketch.slots.size() + 4 * sketch.bigrams.size() +
         8 * sketch.schools.size() + original.document.size() + original.story.size();
}

}  // namespace

CopyIndex::Sketch CopyIndex::sketch(const Document& document, const Analysis& analysis) {
  Sketch sketch;
  sketch.exact = analysis.fingerprint.exact;
  sketch.is_long = !analysis.fingerprint.minhash.empty();
  const std::u32string letters = letters_compared(fold(document.title).folded, fold(document.body).folded);
  sketch.letters = letters.size();
  sketch.bigrams = bigram_hashes(letters);
  if (sketch.is_long) {
    sketch.slots = halves(analysis.fingerprint.minhash);
  } else {
    std::string figures;
    for (const char32_t c : letters)
      if (c >= U'0' && c <= U'9') figures.push_back(static_cast<char>(c));
    sketch.figures = hash64(figures);
  }
  for (const TermWeight& term : analysis.terms)
    if (term.anchor && term.term.starts_with(school_anchor)) sketch.schools.push_back(hash64(term.term));
  std::sort(sketch.schools.begin(), sketch.schools.end());
  return sketch;
}

const CopyIndex::Original* CopyIndex::find_equal(const Sketch& sketch, Time now) const {
  const Original* found = nullptr;
  std::size_t seen = 0;
  postings_.each(key_of(exact_kind, sketch.exact), [&](std::uint32_t number) {
    const Entry& candidate = entry(number);
    if (candidate.original.at + limits_.window < now) return false;
    if (candidate.sketch.exact == sketch.exact && !disjoint(candidate.sketch.schools, sketch.schools))
      found = &candidate.original;
    return !found && ++seen < chain_max;
  });
  return found;
}

// Numbers of entries that may be alike, the newest first.
std::vector<std::uint32_t> CopyIndex::candidates(const Sketch& sketch) const {
  std::vector<std::uint32_t> keys, out;
  std::size_t most = chain_max;
  if (sketch.is_long) {
    each_band(sketch.slots, [&](std::uint32_t key) { keys.push_back(key); });
  } else if (sketch.letters >= letters_min_alike) {
    for (const std::uint32_t bigram : sketch.bigrams) keys.push_back(key_of(bigram_kind, bigram));
    most = short_chain_max;
  }
  if (!sketch.is_long && !keys.empty()) {
    for (const std::uint32_t key : keys) postings_.fetch_bucket(key);
    std::vector<std::pair<std::size_t, std::uint32_t>> rarest;
    for (const std::uint32_t key : keys) rarest.emplace_back(postings_.about(key), key);
    std::sort(rarest.begin(), rarest.end());
    const auto shared = static_cast<std::size_t>(std::ceil(short_alike * static_cast<double>(keys.size())));
    keys.clear();
    for (std::size_t i = 0; i + shared <= rarest.size(); ++i) keys.push_back(rarest[i].second);
  }
  postings_.each_of(keys, most, [&](std::uint32_t number) { out.push_back(number); });
  drop_unlike(sketch, out);
  std::sort(out.begin(), out.end(), std::greater<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

CopyIndex::Brief CopyIndex::brief_of(const Sketch& sketch) {
  Brief brief;
  for (std::size_t i = 0; i < sketch.slots.size() && i < minhash_slots; ++i)
    for (std::size_t bit = 0; bit < 2; ++bit)
      brief.words[2 * bit + i / 64] |= static_cast<std::uint64_t>(sketch.slots[i] >> bit & 1) << (i % 64);
  return brief;
}

void CopyIndex::keep_brief(std::uint32_t number, const Brief& brief) {
  if (entries_.size() >= briefs_.size()) {
    std::vector<Brief> wider(std::max<std::size_t>(1024, 2 * briefs_.size()));
    for (std::uint32_t each = first_; each != number; ++each)
      wider[each & (wider.size() - 1)] = this->brief(each);
    briefs_ = std::move(wider);
  }
  briefs_[number & (briefs_.size() - 1)] = brief;
}

// Of unlike texts a quarter of the pairs of bits are equal, of texts that share 0.3 of their bigrams near
// half of them.
void CopyIndex::drop_unlike(const Sketch& sketch, std::vector<std::uint32_t>& numbers) const {
  if (!sketch.is_long || sketch.bigrams.size() < sketch_telling) return;
  for (const std::uint32_t number : numbers) __builtin_prefetch(&brief(number));
  const Brief own = brief_of(sketch);
  std::erase_if(numbers, [&](std::uint32_t number) {
    const auto &a = own.words, &b = brief(number).words;
    const int unequal =
        std::popcount((a[0] ^ b[0]) | (a[2] ^ b[2])) + std::popcount((a[1] ^ b[1]) | (a[3] ^ b[3]));
    return static_cast<int>(minhash_slots) - unequal < brief_equal_min;
  });
}

// What comparing will read first, fetched for all candidates side by side.
void CopyIndex::fetch(const std::vector<std::uint32_t>& numbers) const {
  for (const std::uint32_t number : numbers) __builtin_prefetch(&entry(number));
  for (const std::uint32_t number : numbers) {
    const Sketch& sketch = entry(number).sketch;
    const auto* from = sketch.is_long ? reinterpret_cast<const char*>(sketch.slots.data())
                                      : reinterpret_cast<const char*>(sketch.bigrams.data());
    for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(from + 64 * line);
  }
}

const CopyIndex::Original* CopyIndex::find(const Sketch& sketch, Time now) const {
  if (sketch.letters < letters_min || entries_.empty()) return nullptr;
  if (const Original* equal = find_equal(sketch, now)) return equal;
  const Entry* best = nullptr;
  double best_alike = 0;
  const std::vector<std::uint32_t> numbers = candidates(sketch);
  fetch(numbers);
  for (const std::uint32_t number : numbers) {
    const Entry& candidate = entry(number);
    if (candidate.original.at + limits_.window < now) continue;
    const double alike = likeness(sketch, candidate.sketch);
    if (alike > best_alike) best = &candidate, best_alike = alike;
  }
  return best ? &best->original : nullptr;
}

void CopyIndex::add(Sketch sketch, Original original) {
  if (sketch.letters < letters_min || limits_.entries_max == 0) return;
  const auto number = static_cast<std::uint32_t>(first_ + entries_.size());
  postings_.add(key_of(exact_kind, sketch.exact), number);
  if (sketch.is_long)
    each_band(sketch.slots, [&](std::uint32_t key) { postings_.add(key, number); });
  else
    for (const std::uint32_t bigram : sketch.bigrams) postings_.add(key_of(bigram_kind, bigram), number);
  keep_brief(number, brief_of(sketch));
  bytes_ += bytes_of(sketch, original);
  entries_.push_back({std::move(sketch), std::move(original)});
  while (entries_.size() > limits_.entries_max || (bytes() > limits_.bytes_max && entries_.size() > 1))
    drop_oldest();
}

void CopyIndex::drop_oldest() {
  bytes_ -= bytes_of(entries_.front().sketch, entries_.front().original);
  entries_.pop_front();
  postings_.drop_before(++first_);
}

void CopyIndex::forget(Time now) {
  while (!entries_.empty() && entries_.front().original.at + limits_.window < now) drop_oldest();
}

}  // namespace tingchao::analyzer
