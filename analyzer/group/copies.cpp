// Locality-sensitive hashing by bands of a MinHash sketch (Broder 1997; Leskovec, Rajaraman, Ullman,
// "Mining of Massive Datasets", ch. 3): texts that agree in the three slots of one of forty-two bands
// meet in a bucket and are then compared in full. A bucket is a chain of entry numbers from new to old,
// and numbers only grow, so an entry is forgotten by dropping it: a chain ends where it gets too old.
#include "analyzer/group/copies.h"

#include <algorithm>

#include "analyzer/group/terms.h"
#include "analyzer/similarity/fingerprint.h"
#include "analyzer/text/prepared.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr double long_alike = 0.5, short_alike = 0.75;
// An excerpt: less alike, but nearly all of the shorter one stands in the longer one.
constexpr double excerpt_alike = 0.3, excerpt_share = 0.8;
// Below so many letters equal texts say nothing (顶, 求助), below so many only equal ones are copies.
constexpr std::size_t letters_min = 5, letters_min_alike = 8;
constexpr std::size_t chain_max = 32;

bool disjoint(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  for (const std::uint64_t x : a)
    if (std::binary_search(b.begin(), b.end(), x)) return false;
  return !a.empty() && !b.empty();
}

constexpr std::uint16_t empty_half = 0xFFFF;

std::vector<std::uint16_t> halves(const std::vector<std::uint32_t>& slots) {
  std::vector<std::uint16_t> out;
  out.reserve(slots.size());
  for (const std::uint32_t slot : slots)
    out.push_back(slot == minhash_empty ? empty_half
                                        : static_cast<std::uint16_t>(std::min(slot & 0xFFFF, 0xFFFEu)));
  return out;
}

// The least of many random numbers tells how many there were: of n in a slot it is 1/(n+1) on average.
float size_of_set(const std::vector<std::uint32_t>& slots) {
  double sum = 0;
  for (const std::uint32_t slot : slots) sum += slot == minhash_empty ? 1 : slot / 2147483648.0;
  const double mean = std::max(sum / static_cast<double>(slots.size()), 1e-6);
  return static_cast<float>(static_cast<double>(slots.size()) * (1 / mean - 1));
}

double share_of_equal(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  if (a.size() != b.size()) return 0;
  int equal = 0, used = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    used += a[i] != empty_half || b[i] != empty_half;
    equal += a[i] == b[i] && a[i] != empty_half;
  }
  return used == 0 ? 0 : static_cast<double>(equal) / used;
}

}  // namespace

CopyIndex::Sketch CopyIndex::sketch(const Document& document, const Analysis& analysis) {
  Sketch sketch;
  sketch.exact = analysis.fingerprint.exact;
  if (!analysis.fingerprint.minhash.empty()) {
    sketch.slots = halves(analysis.fingerprint.minhash);
    sketch.size = size_of_set(analysis.fingerprint.minhash);
    sketch.letters = minhash_han_min;
  } else {
    const std::u32string letters =
        letters_of(fold(document.title).folded) + letters_of(fold(document.body).folded);
    sketch.letters = letters.size();
    sketch.bigrams = bigram_hashes(letters);
    sketch.slots = halves(minhash(sketch.bigrams));
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

double CopyIndex::likeness(const Sketch& a, const Sketch& b) const {
  // The same notice for another school is another matter, however alike the words.
  if (disjoint(a.schools, b.schools)) return 0;
  if (a.exact == b.exact) return 1;
  if (a.bigrams.empty() != b.bigrams.empty()) return 0;
  if (a.bigrams.empty()) {
    const double alike = share_of_equal(a.slots, b.slots);
    if (alike >= long_alike) return alike;
    if (alike < excerpt_alike) return 0;
    const double common = alike / (1 + alike) * static_cast<double>(a.size + b.size);
    return common >= excerpt_share * static_cast<double>(std::min(a.size, b.size)) ? alike : 0;
  }
  if (a.figures != b.figures || a.letters < letters_min_alike || b.letters < letters_min_alike) return 0;
  const double alike = jaccard_of_sets(a.bigrams, b.bigrams);
  return alike >= short_alike ? alike : 0;
}

std::uint32_t CopyIndex::bucket(const Sketch& sketch, std::size_t band) const {
  if (band == bands) return static_cast<std::uint32_t>(bands * buckets + sketch.exact % buckets);
  std::uint64_t key = band;
  bool any = false;
  for (std::size_t i = band * rows; i < (band + 1) * rows; ++i) {
    any = any || sketch.slots[i] != empty_half;
    key = (key ^ sketch.slots[i]) * 0x9e3779b97f4a7c15ULL;
    key ^= key >> 29;
  }
  return any ? static_cast<std::uint32_t>(band * buckets + key % buckets) : 0xffffffff;
}

const CopyIndex::Entry* CopyIndex::entry(std::uint32_t number) const {
  return number >= first_ && number - first_ < entries_.size() ? &entries_[number - first_] : nullptr;
}

const CopyIndex::Original* CopyIndex::find(const Sketch& sketch, Time now) const {
  if (sketch.letters < letters_min || heads_.empty()) return nullptr;
  const Entry* best = nullptr;
  double best_alike = 0;
  std::uint32_t best_number = 0;
  for (std::size_t band = bands + 1; band-- > 0;) {
    const std::uint32_t at = bucket(sketch, band);
    if (at == 0xffffffff) continue;
    std::uint32_t number = heads_[at];
    for (std::size_t seen = 0; seen < chain_max; ++seen) {
      const Entry* candidate = entry(number);
      if (!candidate || candidate->original.at + window_ < now) break;
      const double alike = likeness(sketch, candidate->sketch);
      if (alike > best_alike || (alike == best_alike && alike > 0 && number > best_number)) {
        best = candidate;
        best_alike = alike;
        best_number = number;
      }
      number = candidate->next[band];
    }
    if (best_alike == 1) break;  // the chain of equal texts comes first
  }
  return best ? &best->original : nullptr;
}

void CopyIndex::add(Sketch sketch, Original original) {
  if (sketch.letters < letters_min || entries_max_ == 0) return;
  if (heads_.empty()) heads_.assign((bands + 1) * buckets, 0);
  Entry added{.sketch = std::move(sketch), .original = std::move(original)};
  const auto number = static_cast<std::uint32_t>(first_ + entries_.size());
  for (std::size_t band = 0; band <= bands; ++band) {
    const std::uint32_t at = bucket(added.sketch, band);
    if (at == 0xffffffff) continue;
    added.next[band] = heads_[at];
    heads_[at] = number;
  }
  entries_.push_back(std::move(added));
  if (entries_.size() > entries_max_) entries_.pop_front(), ++first_;
}

void CopyIndex::forget(Time now) {
  while (!entries_.empty() && entries_.front().original.at + window_ < now) entries_.pop_front(), ++first_;
}

}  // namespace tingchao::analyzer
