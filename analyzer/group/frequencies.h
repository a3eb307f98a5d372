#pragma once
// In how many documents a term stood lately: counts that fade with a half-life, kept so that nothing has
// to be touched for fading. Bounded: terms that have all but faded are dropped.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/group/term_counts.h"
#include "core/time.h"

namespace tingchao::analyzer {

class TermFrequencies {
 public:
  explicit TermFrequencies(Seconds half_life, std::size_t terms_max)
      : half_life_(half_life), terms_max_(terms_max) {}

  // A document with these terms was seen.
  template <class Terms>
  void add(const Terms& terms, Time now) {
    const double one = grown(now);
    documents_ += one;
    for (const std::uint64_t term : terms) counts_[term] += static_cast<float>(one);
    if (counts_.size() > terms_max_) drop_faded(one);
  }
  // A term that will be asked for soon.
  void fetch(std::uint64_t term) const { counts_.fetch(term); }
  // ln(1 + documents / documents with the term), both faded; a new term counts as half a document.
  double idf(std::uint64_t term, Time now);
  // Documents with the term, faded to `now`.
  double count(std::uint64_t term, Time now);
  // All documents, faded to `now`.
  double documents(Time now) { return documents_ / grown(now); }
  std::size_t size() const { return counts_.size(); }

  // As base64 of 20 bytes and 12 a term; only the `terms_max` most frequent terms, equal ones by their hash. load()
  // puts them back and says false, changing nothing, when it is no such text.
  std::string save(std::size_t terms_max) const;
  bool load(std::string_view text);

 private:
  double grown(Time now);
  void drop_faded(double one);

  Seconds half_life_;
  std::size_t terms_max_;
  Time origin_{};
  bool begun_ = false;
  double documents_ = 0;
  TermCounts counts_;
  Time grown_at_{};
  double grown_ = 0;  // at grown_at_; 0: not known
};

inline constexpr std::size_t vocabulary_terms_max = 600'000;

// What grouping knows of a language in use: how often terms stand in documents at large, and in the last
// days.
struct Vocabulary {
  static constexpr Seconds usual_half_life = std::chrono::days{30}, recent_half_life = std::chrono::days{3};
  explicit Vocabulary(std::size_t terms_max)
      : usual(usual_half_life, terms_max), recent(recent_half_life, terms_max) {}
  TermFrequencies usual, recent;

  template <class Terms>
  void add(const Terms& terms, Time now) {
    usual.add(terms, now);
    recent.add(terms, now);
  }
  void fetch(std::uint64_t term) const {
    usual.fetch(term);
    recent.fetch(term);
  }
  // 0…1: how far it may be told whose own a term is. Among a few documents every word is somebody's alone.
  double sureness(Time now) {
    constexpr double documents_enough = 600;
    return std::min(1.0, recent.documents(now) / documents_enough);
  }
  // Among how many documents a term must be shared lately: those that hold it, those that hold it in any such
  // span, and one that nobody has seen yet.
  double spread(std::uint64_t term, Time now) {
    constexpr double share = static_cast<double>(recent_half_life.count()) / usual_half_life.count();
    return recent.count(term, now) + share * usual.count(term, now) + 1;
  }
};

}  // namespace tingchao::analyzer
