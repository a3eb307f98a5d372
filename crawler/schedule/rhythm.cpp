// Two passes of the same walk: over the hours of a gap that has passed (to spread what was found), and over
// hours to come (to find where the visits' rate has summed to one).
#include "crawler/schedule/rhythm.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace tingchao::crawler {
namespace {

using std::chrono::hours;

constexpr double prior_items = 0.5, prior_hours = 12;  // one item a day, and little sure of it
constexpr double share_prior = 3;                      // items that say "like the mean" in each bin
constexpr double half_life_hours = 28 * 24;
constexpr double hours_of_bin_max = 24 * 7 * 8;  // more is no number that to_text() wrote
constexpr Seconds gap_counted_max = hours(24 * 7);

constexpr double hours_of_week(std::size_t bin) { return bin < 24 ? 5 : 2; }

// Calls each(bin, hours) for the pieces of [from, to) that lie in one hour.
template <class Each>
void walk(Time from, Time to, const Each& each) {
  while (from < to) {
    const Time end = std::min<Time>(std::chrono::floor<hours>(from) + hours(1), to);
    if (!each(rhythm_bin(from), std::chrono::duration<double, std::ratio<3600>>(end - from).count())) return;
    from = end;
  }
}

// What a source would like, before the factor and the gaps' bounds.
struct Wish {
  explicit Wish(const Revisited& source)
      : least(an_hour(source.gap_max)), most(std::max(least, an_hour(source.gap_min))) {
    const std::array<double, rhythm_bins> rates = source.rhythm->rates();
    for (std::size_t bin = 0; bin < rhythm_bins; ++bin) root[bin] = std::sqrt(source.weight * rates[bin]);
  }
  static double an_hour(Seconds gap) {
    return 3600.0 / static_cast<double>(std::max<Seconds::rep>(gap.count(), 1));
  }
  double held(double factor, std::size_t bin) const { return std::clamp(factor * root[bin], least, most); }

  std::array<double, rhythm_bins> root{};
  double least, most;  // visits an hour
};

double visits_of(const std::vector<Wish>& wishes, double factor) {
  double sum = 0;
  for (const Wish& wish : wishes)
    for (std::size_t bin = 0; bin < rhythm_bins; ++bin) sum += wish.held(factor, bin) * hours_of_week(bin);
  return sum / (24 * 7);
}

}  // namespace

std::size_t rhythm_bin(Time at) {
  const Time local = at + hours(8);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::weekday weekday{std::chrono::sys_days(day)};
  const auto hour = static_cast<std::size_t>(std::chrono::floor<hours>(local - day).count());
  const bool off = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
  return hour + (off ? 24 : 0);
}

void Rhythm::observe(Time before, Time now, int items) {
  if (now <= before) return;
  before = std::max(before, now - gap_counted_max);
  const double span = std::chrono::duration<double, std::ratio<3600>>(now - before).count();
  const std::array<double, rhythm_bins> believed = rates();
  double expected = 0;
  walk(before, now, [&](std::size_t bin, double part) {
    expected += believed[bin] * part;
    return true;
  });
  std::array<double, rhythm_bins> share{};
  walk(before, now, [&](std::size_t bin, double part) {
    share[bin] += expected > 0 ? believed[bin] * part / expected : part / span;
    return true;
  });
  const double fade = std::exp2(-span / half_life_hours);
  for (std::size_t bin = 0; bin < rhythm_bins; ++bin) {
    items_[bin] = items_[bin] * fade + share[bin] * std::max(items, 0);
    hours_in_[bin] *= fade;
  }
  walk(before, now, [&](std::size_t bin, double part) {
    hours_in_[bin] += part;
    return true;
  });
  hours_ += span;
}

double Rhythm::mean_rate() const {
  double items = prior_items, seen = prior_hours;
  for (std::size_t bin = 0; bin < rhythm_bins; ++bin) {
    items += items_[bin];
    seen += hours_in_[bin];
  }
  return items / seen;
}

// The hour's neighbours say something about it, too; then the prior draws it towards the mean.
std::array<double, rhythm_bins> Rhythm::rates() const {
  std::array<double, rhythm_bins> rates;
  const double mean = mean_rate();
  for (std::size_t bin = 0; bin < rhythm_bins; ++bin) {
    const std::size_t day = bin / 24 * 24, before = day + (bin + 23) % 24, after = day + (bin + 1) % 24;
    const double items = items_[bin] + (items_[before] + items_[after]) / 2;
    const double seen = hours_in_[bin] + (hours_in_[before] + hours_in_[after]) / 2;
    rates[bin] = mean * (items + share_prior) / (mean * seen + share_prior);
  }
  return rates;
}

std::string Rhythm::to_text() const {
  std::string text = "1";
  char number[32];
  const auto add = [&](double value) {
    std::snprintf(number, sizeof number, " %.6g", value);
    text += number;
  };
  add(hours_);
  for (std::size_t bin = 0; bin < rhythm_bins; ++bin) {
    add(items_[bin]);
    add(hours_in_[bin]);
  }
  return text;
}

std::optional<Rhythm> Rhythm::from_text(std::string_view text) {
  const std::string copy(text);
  const char* at = copy.c_str();
  std::vector<double> numbers;
  while (numbers.size() < 2 + 2 * rhythm_bins) {
    char* end = nullptr;
    const double value = std::strtod(at, &end);
    if (end == at || !std::isfinite(value) || value < 0) return std::nullopt;
    numbers.push_back(value);
    at = end;
  }
  if (numbers[0] != 1 || *at != '\0') return std::nullopt;
  Rhythm rhythm;
  rhythm.hours_ = numbers[1];
  for (std::size_t bin = 0; bin < rhythm_bins; ++bin) {
    rhythm.items_[bin] = numbers[2 + 2 * bin];
    rhythm.hours_in_[bin] = numbers[3 + 2 * bin];
    if (rhythm.hours_in_[bin] > hours_of_bin_max) return std::nullopt;
  }
  return rhythm;
}

double revisit_factor(const std::vector<Revisited>& sources, double visits_an_hour) {
  std::vector<Wish> wishes;
  for (const Revisited& source : sources) wishes.emplace_back(source);
  double low = 0, high = 1;
  for (int i = 0; i < 40 && visits_of(wishes, high) < visits_an_hour; ++i) high *= 2;
  for (int i = 0; i < 24; ++i) {
    const double middle = (low + high) / 2;
    (visits_of(wishes, middle) < visits_an_hour ? low : high) = middle;
  }
  return low;
}

Time revisit_at(const Revisited& source, double factor, Time last) {
  const Wish wish(source);
  double sum = 0, waited = 0;  // visits, hours
  walk(last, last + source.gap_max, [&](std::size_t bin, double part) {
    const double visits = wish.held(factor, bin);
    if (sum + visits * part >= 1) {
      waited += (1 - sum) / visits;
      return false;
    }
    sum += visits * part;
    waited += part;
    return true;
  });
  const Seconds gap(static_cast<Seconds::rep>(std::llround(waited * 3600)));
  return last + std::clamp(gap, std::min(source.gap_min, source.gap_max), source.gap_max);
}

}  // namespace tingchao::crawler
