#pragma once
// In how many documents a term stood lately: counts that fade with a half-life, kept so that nothing has
// to be touched for fading. Bounded: terms that have all but faded are dropped.

#include <cstdint>
#include <unordered_map>

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
  // ln(1 + documents / documents with the term), both faded; a new term counts as half a document.
  double idf(std::uint64_t term, Time now);
  std::size_t size() const { return counts_.size(); }

 private:
  double grown(Time now);
  void drop_faded(double one);

  Seconds half_life_;
  std::size_t terms_max_;
  Time origin_{};
  bool begun_ = false;
  double documents_ = 0;
  std::unordered_map<std::uint64_t, float> counts_;
};

}  // namespace tingchao::analyzer
