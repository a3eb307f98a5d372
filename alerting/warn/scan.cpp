// Observed against expected over the last hours, and how few documents would have been no news. Each limit is found by
// asking the test itself with one document fewer, so that it says what the test would say.
#include <algorithm>
#include <cmath>
#include <utility>

#include "alerting/warn/cusum.h"
#include "alerting/warn/story_hours.h"
#include "alerting/warn/stream.h"
#include "alerting/warn/tail.h"

namespace tingchao::alerting {
namespace {

int outage_hours(const BurstRule& rule) { return static_cast<int>(rule.outage.count() / 3600); }

Scan most_surprising(const std::vector<Scan>& windows) {
  Scan best;
  for (const Scan& window : windows)
    if (best.hours == 0 || window.surprise > best.surprise) best = window;
  return best;
}

// Observed and expected of each window that has enough; of_hour(hour) answers both of one that is known.
template <class OfHour>
std::vector<Scan> sums(HourNumber hour, const Coverage& coverage, const BurstRule& rule, OfHour of_hour) {
  const int outage = outage_hours(rule);
  std::vector<Scan> windows;
  Scan window;
  for (int wanted : rule.windows) {
    for (; window.hours < wanted; ++window.hours) {
      const HourNumber at = hour - window.hours;
      if (coverage.missing(at, outage)) continue;
      const auto [observed, expected] = of_hour(at);
      window.observed += observed;
      window.expected += expected;
    }
    if (window.observed >= rule.observed_min) windows.push_back(window);
  }
  return windows;
}

double window_surprise(const Baseline& normal, const Scan& window, int count) {
  return surprise(count, window.expected, normal.size * std::sqrt(window.hours));
}

int told_lately(const StoryHours& told, const std::string& story, HourNumber hour) {
  int lately = 0;
  for (int back = 0; back < StoryHours::hours_kept; ++back) lately += told.at(story, hour - back);
  return lately;
}

// Of three days' documents enough lie in the window.
bool is_fresh(const StoryBurstRule& rule, int count, int lately) { return count >= rule.fresh * lately; }

// The sum's gain of an hour is linear in its count: what a document adds, and what the hour takes.
struct Step {
  double gain = 0, loss = 0;
};
Step step_of(double mean, double size, double ratio) {
  const double log_odds = std::log((size + ratio * mean) / (size + mean));
  return {std::log(ratio) - log_odds, size * log_odds};
}

}  // namespace

std::vector<Scan> Stream::windows(HourNumber hour, const Coverage& coverage, const Measure& measure) const {
  const Baseline& normal = baseline(day_number(hour), coverage, measure);
  std::vector<Scan> windows = sums(hour, coverage, measure.bursts, [&](HourNumber at) {
    return std::pair(counts_.at(at), normal.expected_in(at));
  });
  for (Scan& window : windows) window.surprise = window_surprise(normal, window, window.observed);
  return windows;
}

std::vector<Scan> Stream::story_windows(HourNumber hour, const StoryHours& told, const std::string& story,
                                        const Coverage& coverage, const Measure& measure) const {
  const StoryBurstRule& rule = measure.bursts.story;
  const Baseline& normal = baseline(day_number(hour), coverage, measure);
  const int lately = told_lately(told, story, hour);
  std::vector<Scan> windows = sums(hour, coverage, measure.bursts, [&](HourNumber at) {
    return std::pair(told.at(story, at), rule.share * normal.expected_in(at));
  });
  std::erase_if(windows, [&](const Scan& window) { return !is_fresh(rule, window.observed, lately); });
  for (Scan& window : windows) window.surprise = surprise(window.observed, window.expected, rule.size);
  return windows;
}

Scan Stream::scan(HourNumber hour, const Coverage& coverage, const Measure& measure) const {
  return most_surprising(windows(hour, coverage, measure));
}

Scan Stream::scan_story(HourNumber hour, const StoryHours& told, const std::string& story, const Coverage& coverage,
                        const Measure& measure) const {
  return most_surprising(story_windows(hour, told, story, coverage, measure));
}

std::vector<Limit> Stream::limits(double threshold, HourNumber hour, const Coverage& coverage,
                                  const Measure& measure) const {
  const Baseline& normal = baseline(day_number(hour), coverage, measure);
  std::vector<Limit> limits;
  for (const Scan& window : windows(hour, coverage, measure)) {
    if (window.surprise < threshold) continue;
    int most = window.observed;
    while (most >= measure.bursts.observed_min && window_surprise(normal, window, most) >= threshold) --most;
    limits.push_back({window.hours, window.observed, most});
  }
  return limits;
}

std::vector<Limit> Stream::story_limits(HourNumber hour, const StoryHours& told, const std::string& story,
                                        const Coverage& coverage, const Measure& measure) const {
  const BurstRule& rule = measure.bursts;
  const int lately = told_lately(told, story, hour);
  std::vector<Limit> limits;
  for (const Scan& window : story_windows(hour, told, story, coverage, measure)) {
    if (window.surprise < rule.story.surprise) continue;
    int most = window.observed;
    while (most >= rule.observed_min && is_fresh(rule.story, most, lately - (window.observed - most)) &&
           surprise(most, window.expected, rule.story.size) >= rule.story.surprise)
      --most;
    limits.push_back({window.hours, window.observed, most});
  }
  return limits;
}

// With the baseline of the hour's own day throughout: what was normal then is not kept, and a level that
// changed within days is what the sum is to find.
Sum Stream::cusum(HourNumber hour, std::optional<HourNumber> alarmed, const Coverage& coverage,
                  const Measure& measure, int left_out) const {
  constexpr HourNumber back = Baseline::days_back * 24;
  const Baseline& normal = baseline(day_number(hour), coverage, measure);
  const int outage = outage_hours(measure.bursts);
  HourNumber from = hour - back;
  if (alarmed) from = std::max(from, *alarmed + 1);
  HourNumber cut = hour;  // hours after it are taken for empty, and of its own documents left_out
  for (; left_out > 0 && cut > from; --cut) {
    const int count = coverage.missing(cut, outage) ? 0 : counts_.at(cut);
    if (count > left_out) break;
    left_out -= count;
  }
  Sum sum;
  for (HourNumber at = from; at <= hour; ++at) {
    if (coverage.missing(at, outage)) {  // what was before a gap is not summed with what comes after
      sum = {};
      continue;
    }
    const double mean = normal.expected_in(at);
    const int count = at < cut ? counts_.at(at) : at > cut ? 0 : std::max(0, counts_.at(at) - left_out);
    sum.value =
        cusum_step(sum.value, raised_level_gain(count, mean, normal.size, measure.bursts.cusum_ratio));
    if (sum.value == 0) {
      sum = {};
      continue;
    }
    ++sum.hours;
    sum.observed += count;
    sum.expected += mean;
  }
  return sum;
}

std::optional<Limit> Stream::sum_limit(double threshold, HourNumber hour, std::optional<HourNumber> alarmed,
                                       const Coverage& coverage, const Measure& measure) const {
  const auto reaches = [&](const Sum& sum) {
    return sum.value >= threshold && sum.observed >= measure.bursts.observed_min;
  };
  const Sum whole = cusum(hour, alarmed, coverage, measure);
  if (!reaches(whole)) return std::nullopt;
  int left_out = 1;
  while (left_out < whole.observed && reaches(cusum(hour, alarmed, coverage, measure, left_out))) ++left_out;
  return Limit{whole.hours, whole.observed, whole.observed - left_out};
}

int Stream::steady(HourNumber hour, const Coverage& coverage, const Measure& measure) const {
  const Baseline& normal = baseline(day_number(hour), coverage, measure);
  double gain = 0, loss = 0;  // of one document and of none in that day
  for (const double share : normal.share) {
    const Step step = step_of(normal.level * share, normal.size, measure.bursts.cusum_ratio);
    gain += share * step.gain;
    loss += step.loss;
  }
  return static_cast<int>(std::ceil(loss / gain)) - 1;
}

}  // namespace tingchao::alerting
