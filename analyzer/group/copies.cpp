// Long texts that share a band of their sketches (similarity/bands.h) meet; their outlines turn most of them away,
// and the rest is compared in full, the likeliest first. Short texts that share a given part of their bigrams must
// share one of any few of them (Chaudhuri, Ganti, Kaushik, "A Primitive Operator for Similarity Joins", 2006): the
// rarest are looked up. Memory is the slow part, so each step first asks for all that it will read.
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
// So many that a form has brought together are compared in full, the likeliest.
constexpr int compared_max = 64;

bool disjoint(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  for (const std::uint64_t x : a)
    if (std::binary_search(b.begin(), b.end(), x)) return false;
  return !a.empty() && !b.empty();
}

// Keys of the postings; the kinds lie apart.
std::uint32_t key_of(std::uint64_t kind, std::uint64_t value) {
  std::uint64_t key = (value + kind) * 0x9e3779b97f4a7c15ULL;
  key = (key ^ key >> 31) * 0xbf58476d1ce4e5b9ULL;
  return static_cast<std::uint32_t>(key >> 32);
}
constexpr std::uint64_t exact_kind = 1u << 20, bigram_kind = 2u << 20;

// The share of slots that are equal is the Jaccard of the bigrams, and a seventh of what lacks to 1 at most by
// chance; its standard deviation is at most half of the root of the slots.
double deviations(int slots, double number) { return number * 0.5 / std::sqrt(std::max(1, slots)); }
// Two deviations below what an excerpt has that is hardly one.
bool may_be_alike(Agreement of) { return 100 * of.equal >= 27 * of.used - 200; }

// How alike; 0: no copy.
double likeness(const CopySketch& a, const Originals::Kept& b) {
  const double alike = jaccard_of_sets(a.bigrams, b.bigrams);
  if (!a.is_long) return alike >= short_alike ? alike : 0;
  if (alike >= long_alike) return alike;
  if (alike < excerpt_alike) return 0;
  const double common = alike / (1 + alike) * static_cast<double>(a.bigrams.size() + b.bigrams.size());
  return common >= excerpt_share * static_cast<double>(std::min(a.bigrams.size(), b.bigrams.size())) ? alike : 0;
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
    sketch.keys = band_keys(letters);
    sketch.outline = outline_of_slots(analysis.fingerprint.minhash);
  } else {
    sketch.outline = outline_of_bigrams(sketch.bigrams);
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

// The same letters, and not of another school.
std::optional<std::uint32_t> CopyIndex::find_equal(const Sketch& sketch, Time now) const {
  std::optional<std::uint32_t> found;
  std::size_t seen = 0;
  postings_.each(key_of(exact_kind, sketch.exact), [&](std::uint32_t number) {
    if (!is_recent(number, now)) return false;
    const Originals::Kept candidate = originals_.at(number);
    if (candidate.exact == sketch.exact && !disjoint(candidate.schools, sketch.schools)) found = number;
    return !found && ++seen < chain_max;
  });
  return found;
}

std::optional<std::uint32_t> CopyIndex::find_long(const Sketch& sketch, Time now) const {
  Numbers numbers;
  bands_.each(sketch.keys, [&](std::uint32_t number) {
    if (!originals_.holds(number)) return;
    originals_.fetch_outline(number);
    numbers.push_back(number);
  });
  struct Likely {
    double estimate;
    std::uint32_t number;
    int slots;
  };
  std::vector<Likely> likely;
  for (const std::uint32_t number : numbers) {
    const Agreement of = agreement(sketch.outline, originals_.outline(number));
    if (!may_be_alike(of) || !is_recent(number, now)) continue;
    originals_.fetch(number);
    likely.push_back({static_cast<double>(of.equal) / std::max(1, of.used), number, of.used});
  }
  std::sort(likely.begin(), likely.end(), [](const Likely& a, const Likely& b) {
    return a.estimate != b.estimate ? a.estimate > b.estimate : a.number > b.number;
  });
  std::optional<std::uint32_t> best;
  double best_alike = 0;
  int compared = 0;
  std::uint32_t last = 0;
  for (const Likely& each : likely) {
    if (each.number == last) continue;  // it shares more than one band
    last = each.number;
    if (each.estimate + deviations(each.slots, 5) < best_alike) continue;
    const Originals::Kept candidate = originals_.at(each.number);
    // The same notice for another school is another matter, however alike the words.
    if (!candidate.is_long || disjoint(candidate.schools, sketch.schools)) continue;
    const double alike = likeness(sketch, candidate);
    if (alike > best_alike || (alike > 0 && alike == best_alike && each.number > *best))
      best = each.number, best_alike = alike;
    if (++compared == compared_max) break;
  }
  return best;
}

// Numbers of entries that may be alike, the newest first.
CopyIndex::Numbers CopyIndex::short_candidates(const Sketch& sketch) const {
  Numbers keys, out;
  for (const std::uint32_t bigram : sketch.bigrams) keys.push_back(key_of(bigram_kind, bigram));
  for (const std::uint32_t key : keys) postings_.fetch_bucket(key);
  std::vector<std::pair<std::size_t, std::uint32_t>> rarest;
  for (const std::uint32_t key : keys) rarest.emplace_back(postings_.about(key), key);
  std::sort(rarest.begin(), rarest.end());
  const auto shared = static_cast<std::size_t>(std::ceil(short_alike * static_cast<double>(keys.size())));
  keys.clear();
  for (std::size_t i = 0; i + shared <= rarest.size(); ++i) keys.push_back(rarest[i].second);
  postings_.each_of(keys, short_chain_max, [&](std::uint32_t number) {
    originals_.fetch_outline(number);
    out.push_back(number);
  });
  int own_bits = 0;
  for (const std::uint64_t word : sketch.outline.words) own_bits += std::popcount(word);
  // Bigrams that must be in common, less those of ours that share a bit.
  const int common_min = static_cast<int>(shared) - (static_cast<int>(sketch.bigrams.size()) - own_bits);
  std::erase_if(out, [&](std::uint32_t number) {
    return common_bits(sketch.outline, originals_.outline(number)) < common_min;
  });
  std::sort(out.begin(), out.end(), std::greater<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<std::uint32_t> CopyIndex::find_short(const Sketch& sketch, Time now) const {
  std::optional<std::uint32_t> best;
  if (sketch.letters < letters_min_alike) return best;
  double best_alike = 0;
  const Numbers numbers = short_candidates(sketch);
  for (const std::uint32_t number : numbers) originals_.fetch(number);
  for (const std::uint32_t number : numbers) {
    if (!is_recent(number, now)) continue;
    const Originals::Kept candidate = originals_.at(number);
    if (candidate.is_long || candidate.figures != sketch.figures || candidate.letters < letters_min_alike ||
        disjoint(candidate.schools, sketch.schools))
      continue;
    const double alike = likeness(sketch, candidate);
    if (alike > best_alike) best = number, best_alike = alike;
  }
  return best;
}

std::optional<Original> CopyIndex::find(const Sketch& sketch, Time now) const {
  if (sketch.letters < letters_min || originals_.size() == 0) return std::nullopt;
  if (sketch.is_long) bands_.fetch(sketch.keys);
  auto found = find_equal(sketch, now);
  if (!found) found = sketch.is_long ? find_long(sketch, now) : find_short(sketch, now);
  if (!found) return std::nullopt;
  return originals_.original(*found);
}

void CopyIndex::index_bands(const Sketch& sketch, std::uint32_t number) {
  if (bands_.has_room_for(originals_.long_ones())) return bands_.add(sketch.keys, number);
  bands_.grow_for(originals_.long_ones());
  BandKeys keys;
  for (std::uint32_t each = originals_.first(); originals_.holds(each); ++each) {
    const auto kept = originals_.at(each).keys;
    if (kept.size() != keys.size()) continue;
    std::copy(kept.begin(), kept.end(), keys.begin());
    bands_.add(keys, each);
  }
}

void CopyIndex::add(const Sketch& sketch, const Original& original) {
  if (sketch.letters < letters_min || limits_.entries_max == 0) return;
  const std::uint32_t number = originals_.push(sketch, original);
  postings_.add(key_of(exact_kind, sketch.exact), number);
  if (sketch.is_long)
    index_bands(sketch, number);
  else
    for (const std::uint32_t bigram : sketch.bigrams) postings_.add(key_of(bigram_kind, bigram), number);
  while (size() > limits_.entries_max || (bytes() > limits_.bytes_max && size() > 1)) drop_oldest();
}

void CopyIndex::drop_oldest() {
  originals_.pop();
  postings_.drop_before(originals_.first());
}

void CopyIndex::clear() {
  while (size() > 0) drop_oldest();
}

void CopyIndex::forget(Time now) {
  while (size() > 0 && !is_recent(originals_.first(), now)) drop_oldest();
}

}  // namespace tingchao::analyzer
