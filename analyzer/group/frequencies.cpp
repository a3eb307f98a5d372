// Instead of shrinking every count as time goes by, what is added grows: a document now weighs twice what
// one weighed a half-life ago, and only ratios are ever read. When the weights get large, all are
// divided once. The order in which the table is walked plays no part in any result.
#include "analyzer/group/frequencies.h"

#include <algorithm>
#include <cmath>

namespace tingchao::analyzer {

double TermFrequencies::grown(Time now) {
  if (!begun_) origin_ = now, begun_ = true;
  const double half_lives =
      static_cast<double>((now - origin_).count()) / static_cast<double>(half_life_.count());
  const double one = std::exp2(std::clamp(half_lives, -40.0, 400.0));
  if (one < 1e12) return one;
  for (auto& [term, count] : counts_) count = static_cast<float>(count / one);
  documents_ /= one;
  origin_ = now;
  return 1;
}

double TermFrequencies::idf(std::uint64_t term, Time now) {
  const double one = grown(now);
  const auto found = counts_.find(term);
  const double count = std::max(0.5 * one, found == counts_.end() ? 0.0 : static_cast<double>(found->second));
  return std::log1p(std::max(documents_, one) / count);
}

double TermFrequencies::count(std::uint64_t term, Time now) {
  const double one = grown(now);
  const auto found = counts_.find(term);
  return found == counts_.end() ? 0.0 : static_cast<double>(found->second) / one;
}

void TermFrequencies::drop_faded(double one) {
  // A quarter more each round until enough is gone: the rarest and longest unseen go first.
  for (double limit = 0.1; counts_.size() > terms_max_ * 3 / 4; limit *= 1.25)
    std::erase_if(counts_, [&](const auto& entry) { return entry.second < static_cast<float>(limit * one); });
}

}  // namespace tingchao::analyzer
