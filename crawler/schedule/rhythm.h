#pragma once
// When a source publishes, learnt from its visits, and the gaps between visits that follow from it. Pure.
//
// Rate: items come as a Poisson process whose rate depends on the hour. Time is cut into 48 bins: the hours
// of a working day and of a day off, in China. A visit that found k new items after a gap spreads them over
// the bins of that gap in proportion to the rate believed so far. With C items in E hours, old ones fading
// by half in four weeks, the mean rate is (a + C) / (b + E): the posterior of a Gamma(a, b) prior, which
// also gives an answer where nothing changed yet, as Cho and Garcia-Molina's estimator does (Estimating
// Frequency of Change, 2003); a single page tells only "changed", k = 0 or 1, so that changes which hid one
// another count once. Each bin's share is drawn towards the mean by a prior.
//
// Gaps: with rate l(t) and visits at rate r(t), items wait on average the integral of l/(2r). For a fixed
// number of visits that is least when r(t) is proportional to sqrt(l(t)) — over hours and over all sources
// that share a budget. A next visit is due when the integral of r since the last one reaches 1.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace tingchao::crawler {

inline constexpr std::size_t rhythm_bins = 48;
// The bin of a moment: 0–23 on working days, 24–47 on Saturdays and Sundays, +08:00.
std::size_t rhythm_bin(Time at);

class Rhythm {
 public:
  // What a visit at `now` found since the one at `before`. Gaps over a week count as a week.
  void observe(Time before, Time now, int items);
  // Items an hour in each bin, never 0.
  std::array<double, rhythm_bins> rates() const;
  double mean_rate() const;  // of a whole week
  double hours_seen() const { return hours_; }

  // One line for the store, and back; nothing for what is no such line.
  std::string to_text() const;
  static std::optional<Rhythm> from_text(std::string_view text);

 private:
  std::array<double, rhythm_bins> items_{}, hours_in_{};
  double hours_ = 0;  // ever seen, not faded
};

// A source that shares its host's budget.
struct Revisited {
  const Rhythm* rhythm = nullptr;
  Seconds gap_max{};    // the source's interval: never a longer gap
  Seconds gap_min{};    // never a shorter one
  double weight = 1.0;  // of an hour's delay here
};

// The shortest gap of a source: a sixteenth of its interval, at least a minute.
constexpr Seconds revisit_gap_min(Seconds interval) {
  const Seconds gap = interval / 16;
  return gap < Seconds(60) ? Seconds(60) : gap;
}

// The factor f of r(t) = f · sqrt(weight · rate(t)), each source's r held between 1/gap_max and 1/gap_min,
// that spends `visits_an_hour` over a week for all of them together.
double revisit_factor(const std::vector<Revisited>& sources, double visits_an_hour);
// When the source is due next.
Time revisit_at(const Revisited& source, double factor, Time last);

}  // namespace tingchao::crawler
