// The seasonal baseline; scan and sum are in scan.cpp.
//   level   L(d) = max(slow, fast, last year, usual): slow is an exponential mean over 7 days that ends two
//           days before, fast one over 2 days that ends the day before, last year the mean of the 15
//           days around the same day, usual the mean of the last year's days beside their weights in the
//           measure's season, times the day's own. The lags keep a rising wave from hiding itself; the maximum
//           keeps June from alarming every year. Days above 2.5 (3) times the mean enter it clipped. Every mean is
//           of working days: a weekend or holiday is divided by the measure's weight of its kind, and the day's own
//           weight multiplies what is expected of it and, hour by hour, of the days before.
//   share   of each hour of the day, from 56 days, smoothed by one document an hour.
//   size    of the negative binomial by moments over the same 56 days (variance = μ + μ²/r), 0.3 … 20.
//   scan    T = max over windows W ending now of −log10 P(NB(μ_W, r·√W) ≥ x_W).
//   story   the same of one story's documents, with mean share·μ_W and a size of its own. A story that was loud
//           before the window already is no news.
// The current hour counts in full in μ however little of it has passed. So T of this hour only rises
// with each document, and alarming at the first that reaches the threshold gives exactly the alarms of
// a test at each hour's end, only earlier.
// Scan statistics: Kulldorff 1997; size by moments and seasonal level after Farrington et al. 1996.
#include "alerting/warn/stream.h"

#include <algorithm>
#include <cmath>

namespace tingchao::alerting {
namespace {

constexpr int shares_days = 56;          // for shares and size
constexpr double share_smoothing = 1;    // documents an hour over shares_days
constexpr int level_days = 120;          // of the exponential means: older days weigh below 1e-7
constexpr double slow_days = 7, fast_days = 2;
constexpr int slow_lag = 2, fast_lag = 1;
constexpr double slow_clip = 2.5, fast_clip = 3;
constexpr double clip_days_min = 3;
constexpr double clip_level_min = 1;     // documents a day under which nothing is clipped
constexpr int season_days = 364;         // 52 weeks: the same weekday last year
constexpr int season_reach = 7;          // days on either side
constexpr int season_days_min = 8;
constexpr double covered_min = 0.3;      // share of a day that must have data for the day to count
constexpr double size_min = 0.3, size_max = 20, size_unknown = 1.5;
constexpr int size_hours_min = 24 * 14;
constexpr double level_min = 0.05;       // documents a day: nothing is impossible

// 0 for the first fifteen days of January … 23 for the last of December.
std::size_t half_month(Time at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at + china_offset)};
  return 2 * (static_cast<unsigned>(date.month()) - 1) + (static_cast<unsigned>(date.day()) > 15 ? 1 : 0);
}

// A day's count made whole, or nothing when too much of it is missing.
using Days = std::vector<std::optional<double>>;

// Exponential mean day by day: entry i is the mean after days[0 … i], each clipped to what came before.
std::vector<double> exponential_mean(const Days& days, double span, double clip) {
  const double weight = 1 - std::exp(-1 / span);
  std::vector<double> means(days.size(), 0);
  double mean = 0, seen = 0;  // the first days are averaged plainly
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (days[i]) {
      const double bound = seen >= clip_days_min ? clip * std::max(mean, clip_level_min) : *days[i];
      const double gain = std::max(weight, 1 / (seen + 1));
      mean += gain * (std::min(*days[i], bound) - mean);
      seen += 1;
    }
    means[i] = mean;
  }
  return means;
}

}  // namespace

void Stream::set(HourNumber hour, int count) {
  counts_.set(hour, count);
  if (day_number(hour) < kept_day_) kept_day_ = no_day;  // a baseline looks at the days before its own only
}

const Baseline& Stream::baseline(int day, const Coverage& coverage, const Measure& measure) const {
  if (kept_day_ != day || kept_coverage_ != coverage.edition()) {
    kept_ = make_baseline(day, coverage, measure);
    kept_day_ = day;
    kept_coverage_ = coverage.edition();
  }
  return kept_;
}

namespace {

// The steps of one baseline, so that each reads on its own.
class BaselineWork {
 public:
  BaselineWork(const HourCounts& counts, const Coverage& coverage, const Measure& measure, int day)
      : counts_(counts),
        coverage_(coverage),
        measure_(measure),
        day_(day),
        outage_(static_cast<int>(measure.bursts.outage.count() / 3600)) {}

  Baseline make() {
    Baseline baseline;
    baseline.share = share_ = shares();
    const int first = day_ - HourCounts::days_kept;
    for (int day = first; day < day_; ++day) days_.push_back(whole_day(day));
    if (const auto begin = counts_.first()) {
      const int first_day = std::max(first, day_number(*begin));
      for (int day = first_day; day < day_; ++day) baseline.history_days += days_[index(day)].has_value();
    }
    for (int day = first; day <= day_; ++day) kinds_.push_back(kind_weight(measure_, day));
    Days recent(days_.end() - level_days, days_.end());  // as working days
    for (int day = day_ - level_days; day < day_; ++day)
      if (auto& count = recent[static_cast<std::size_t>(day - (day_ - level_days))]) *count /= kinds_[index(day)];
    slow_ = exponential_mean(recent, slow_days, slow_clip);
    fast_ = exponential_mean(recent, fast_days, fast_clip);
    weights_ = weights();
    long_mean_ = long_mean();
    baseline.level = level(day_);
    baseline.day = day_;
    for (int back = 0; back <= Baseline::days_back; ++back)
      baseline.beside[static_cast<std::size_t>(back)] = kinds_[index(day_ - back)] / kinds_[index(day_)];
    baseline.size = size();
    return baseline;
  }

 private:
  bool missing(HourNumber hour) const { return coverage_.missing(hour, outage_); }
  std::size_t index(int day) const { return static_cast<std::size_t>(day - (day_ - HourCounts::days_kept)); }

  std::array<double, 24> shares() const {
    std::array<double, 24> rates{};
    double sum = 0;
    for (int hour = 0; hour < 24; ++hour) {
      double count = 0, days = 0;
      for (int day = day_ - shares_days; day < day_; ++day) {
        if (missing(day * 24 + hour)) continue;
        count += counts_.at(day * 24 + hour);
        days += 1;
      }
      // Smoothing counts as much as there are days, so an hour that never has data has no share.
      auto& rate = rates[static_cast<std::size_t>(hour)];
      rate = days > 0 ? (count * shares_days / days + share_smoothing) * std::min(1.0, days / 7) : 0;
      sum += rate;
    }
    for (double& rate : rates) rate = sum > 0 ? rate / sum : 1.0 / 24;
    return rates;
  }

  std::optional<double> whole_day(int day) const {
    double count = 0, covered = 0;
    for (int hour = 0; hour < 24; ++hour) {
      if (missing(day * 24 + hour)) continue;
      count += counts_.at(day * 24 + hour);
      covered += share_[static_cast<std::size_t>(hour)];
    }
    if (covered < covered_min) return std::nullopt;
    return count / covered;
  }

  std::optional<double> last_year(int day) const {
    double sum = 0;
    int days = 0;
    for (int d = day - season_days - season_reach; d <= day - season_days + season_reach; ++d) {
      if (d < day_ - HourCounts::days_kept || d >= day_ || !days_[index(d)]) continue;
      sum += *days_[index(d)] / kinds_[index(d)];
      ++days;
    }
    if (days < season_days_min) return std::nullopt;
    return sum / days * kinds_[index(day)];
  }

  // What each day brings beside the year's mean, as other years had it.
  std::vector<double> weights() const {
    std::vector<double> weights;
    if (measure_.bursts.season.empty()) return weights;
    for (int day = day_ - HourCounts::days_kept; day <= day_; ++day) {
      const Time noon = hour_begin(day * 24 + 12);
      const CalendarDay* loud = day_of(measure_.calendar, noon);
      weights.push_back(measure_.bursts.season[half_month(noon)] * (loud ? loud->factor : 1) * kinds_[index(day)]);
    }
    return weights;
  }

  // The mean of the last year's days, each beside its weight.
  double long_mean() const {
    double sum = 0;
    int days = 0;
    for (int day = day_ - season_days; !weights_.empty() && day < day_; ++day) {
      if (!days_[index(day)]) continue;
      sum += *days_[index(day)] / weights_[index(day)];
      ++days;
    }
    return days >= season_days_min ? sum / days : 0;
  }

  // Of any of the last days; the means of `recent` end level_days before day_.
  double level(int day) const {
    const int at = level_days - (day_ - day);
    const double slow = at >= slow_lag ? slow_[static_cast<std::size_t>(at - slow_lag)] : 0;
    const double fast = at >= fast_lag ? fast_[static_cast<std::size_t>(at - fast_lag)] : 0;
    const CalendarDay* loud = day_of(measure_.calendar, hour_begin(day * 24 + 12));
    const double recent = std::max(slow, fast) * (loud ? loud->factor : 1) * kinds_[index(day)];
    const double usual = weights_.empty() ? 0 : long_mean_ * weights_[index(day)];
    return std::max({recent, last_year(day).value_or(0), usual, level_min});
  }

  double size() const {
    double squares = 0, excess = 0;
    int hours = 0;
    for (int day = day_ - shares_days; day < day_; ++day) {
      if (!days_[index(day)]) continue;
      const double of_day = level(day);
      for (int hour = 0; hour < 24; ++hour) {
        if (missing(day * 24 + hour)) continue;
        const double mean = of_day * share_[static_cast<std::size_t>(hour)];
        const double off = counts_.at(day * 24 + hour) - mean;
        squares += mean * mean;
        excess += off * off - mean;
        ++hours;
      }
    }
    if (hours < size_hours_min) return size_unknown;
    return excess > 0 ? std::clamp(squares / excess, size_min, size_max) : size_max;
  }

  const HourCounts& counts_;
  const Coverage& coverage_;
  const Measure& measure_;
  const int day_, outage_;
  std::array<double, 24> share_{};
  Days days_;
  std::vector<double> kinds_;  // as of kind_weight
  std::vector<double> slow_, fast_;
  std::vector<double> weights_;
  double long_mean_ = 0;
};

}  // namespace

Baseline Stream::make_baseline(int day, const Coverage& coverage, const Measure& measure) const {
  return BaselineWork(counts_, coverage, measure, day).make();
}

}  // namespace tingchao::alerting
