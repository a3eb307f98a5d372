#pragma once
// One stream of documents counted by the hour, what is normal for it, and how far the last hours are
// from that. The counts are the whole state: baseline and scan are functions of them, so a restart
// that reads the counts back continues exactly.

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "alerting/warn/measure.h"
#include "core/time.h"

namespace tingchao::alerting {

// Hours and days as numbers since 1970 in China, so that a day is 24 consecutive hours from midnight.
using HourNumber = int;
HourNumber hour_number(Time at);
Time hour_begin(HourNumber hour);
inline int day_number(HourNumber hour) { return hour >= 0 ? hour / 24 : (hour - 23) / 24; }

// Counts of the last `days_kept` days; older ones are dropped. A day without any costs four bytes, one with
// some 100, so that ten thousand mostly idle streams stay within some 20 MB.
class HourCounts {
 public:
  static constexpr int days_kept = 400;  // a year for the season, and its week on either side

  void set(HourNumber hour, int count);
  int at(HourNumber hour) const;
  std::optional<HourNumber> first() const;  // the oldest counted hour that is not 0
  bool keeps(HourNumber hour) const;        // not older than what has been dropped
  int first_day() const { return first_day_; }
  int end_day() const { return first_day_ + static_cast<int>(days_.size()); }

 private:
  using Day = std::array<std::int32_t, 24>;
  static constexpr std::int32_t idle = -1;
  void drop_oldest();

  std::deque<std::int32_t> days_;  // where in busy_, from first_day_ on
  std::vector<Day> busy_;
  std::vector<std::int32_t> free_;  // places in busy_ that may be used again
  int first_day_ = 0;
};

// Which hours say nothing: the input was silent too long, or was declared missing.
class Coverage {
 public:
  void set_alive(HourNumber hour, int documents);  // documents of any kind first seen in that hour
  void set_missing(HourNumber hour);
  int alive(HourNumber hour) const { return alive_.at(hour); }
  bool declared_missing(HourNumber hour) const { return declared_.at(hour) != 0; }
  // A run of silent hours that must lie in a gap of `outage`, an hour before the first document, or a
  // declared one. The hours since the last document count as silent only when enough of them passed.
  bool missing(HourNumber hour, int outage_hours) const;
  long edition() const { return edition_; }  // changes whenever what it says of past days may have

 private:
  void find_gaps(int outage_hours) const;
  HourCounts alive_, declared_;
  long edition_ = 0;
  mutable std::vector<bool> missing_;  // from the first kept day on
  mutable int missing_day_ = 0;
  mutable int found_outage_ = 0;  // for which missing_ holds; 0: for none
  HourNumber newest_ = std::numeric_limits<HourNumber>::min();
};

// What is normal on a day.
struct Baseline {
  double level = 0;                 // documents a day
  std::array<double, 24> share{};   // of the day by hour; sums to 1
  double size = 1;                  // of the negative binomial, for one hour
  int history_days = 0;             // days with data before this one
  int day = 0;                      // its own
  // What this day and those before it bring by their kinds, as shares of its own; as far back as anybody looks.
  static constexpr int days_back = 14;
  std::array<double, days_back + 1> beside{};

  // Documents expected in an hour of its day or of those before.
  double expected_in(HourNumber hour) const {
    const int of = day_number(hour);
    return level * share[static_cast<std::size_t>(hour - of * 24)] * beside[static_cast<std::size_t>(day - of)];
  }
};

struct Scan {
  int hours = 0, observed = 0;
  double expected = 0, surprise = 0;
};

// Evidence for a raised level, summed by the hour since it last was nothing.
struct Sum {
  int hours = 0, observed = 0;
  double expected = 0, value = 0;
};

// The last hours with so many documents reach a threshold; with `most` or fewer they would not.
struct Limit {
  int hours = 0, observed = 0, most = 0;
  bool operator==(const Limit&) const = default;
};

class StoryHours;

class Stream {
 public:
  void set(HourNumber hour, int count);
  int at(HourNumber hour) const { return counts_.at(hour); }
  bool keeps(HourNumber hour) const { return counts_.keeps(hour); }

  const Baseline& baseline(int day, const Coverage& coverage, const Measure& measure) const;
  void forget_baseline() { kept_day_ = no_day; }  // another measure holds from now on
  // The window ending with this hour that surprises most; hours == 0 when none holds enough.
  Scan scan(HourNumber hour, const Coverage& coverage, const Measure& measure) const;
  // The same of one story's documents, of which the measure expects a share of the stream's.
  Scan scan_story(HourNumber hour, const StoryHours& told, const std::string& story, const Coverage& coverage,
                  const Measure& measure) const;
  // The sum as of this hour, begun anew after `alarmed`; looks back 14 days at most. The hour counts in full, so
  // within it the sum only rises. `left_out`: of the newest documents so many are taken for not said.
  Sum cusum(HourNumber hour, std::optional<HourNumber> alarmed, const Coverage& coverage, const Measure& measure,
            int left_out = 0) const;

  // What would keep each under `threshold`: windows as of scan() and scan_story(), shortest first, those that reach it
  // alone; of the sum its newest documents left out, nothing when it does not reach it.
  std::vector<Limit> limits(double threshold, HourNumber hour, const Coverage& coverage, const Measure& measure) const;
  std::vector<Limit> story_limits(HourNumber hour, const StoryHours& told, const std::string& story,
                                  const Coverage& coverage, const Measure& measure) const;
  std::optional<Limit> sum_limit(double threshold, HourNumber hour, std::optional<HourNumber> alarmed,
                                 const Coverage& coverage, const Measure& measure) const;
  // So many documents a day, spread over its hours as usual, bring the sum down, one more does not.
  int steady(HourNumber hour, const Coverage& coverage, const Measure& measure) const;

 private:
  std::vector<Scan> windows(HourNumber hour, const Coverage& coverage, const Measure& measure) const;
  std::vector<Scan> story_windows(HourNumber hour, const StoryHours& told, const std::string& story,
                                  const Coverage& coverage, const Measure& measure) const;
  Baseline make_baseline(int day, const Coverage& coverage, const Measure& measure) const;
  static constexpr int no_day = std::numeric_limits<int>::min();
  HourCounts counts_;
  mutable Baseline kept_;  // of kept_day_, while nothing before that day changes
  mutable int kept_day_ = no_day;
  mutable long kept_coverage_ = -1;
};

}  // namespace tingchao::alerting
