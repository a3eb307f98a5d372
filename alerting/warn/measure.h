#pragma once
// The early-warning measure as the program holds it: what rules/measure.yaml says, checked. Nothing
// here knows a threshold of its own; docs/measure.md explains every key.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "alerting/warn.h"
#include "alerting/warn/day_kinds.h"
#include "alerting/warn/facts.h"
#include "core/time.h"
#include "core/warning.h"

namespace tingchao::alerting {

struct LevelRule {
  Level level;
  double score = 0;                     // reached from here on
  bool confirm = false;                 // a person confirms it: 拟Ⅰ级
  bool person_lowers = false;           // the measure never takes it down by itself
  std::optional<Seconds> acknowledged;  // an acknowledgement without a next step lapses after this
  std::optional<double> alarms_per_30d;  // warnings raised at it, measured by replay; empty: not measured
  std::vector<std::string> to;          // who hears of it, by name, group or roster; empty: by their own `levels`
};

// Compares a quantity with a value.
struct Condition {
  enum class Comparison { at_least, at_most, more, less, equal };
  Measured of;
  Comparison comparison = Comparison::at_least;
  double value = 0;
  std::string written;  // as the file has it, for reasons: ">= 3"
};
bool holds(const Condition& condition, const Facts& facts);
bool all_hold(const std::vector<Condition>& conditions, const Facts& facts);

// One way to earn a criterion's points: x grows from 0 at `from` to 1 at `to` (either may be the
// larger), or is looked up by severity class.
struct Part {
  Measured of;
  double from = 0, to = 1;
  std::optional<std::array<double, 5>> by_severity;  // index 0 none, 1 D … 4 A
  double most = 1;                                   // x of this part never exceeds it
};
double share_of(const Part& part, const Facts& facts);  // x in 0…1

// A criterion earns weight × the best x of its parts.
struct Criterion {
  std::string id, name, lowers;
  double weight = 0;
  std::optional<double> alarms_per_30d;  // warnings of stories with this among their reasons, measured; or empty
  std::vector<Part> parts;
};

// A floor lifts to at least its level, a ceiling holds down to at most its level.
struct Bound {
  std::string id, name, lowers;
  std::optional<std::size_t> level;  // index into levels; empty: no warning at all (ceilings only)
  std::optional<double> alarms_per_30d;  // as of a criterion
  std::vector<Condition> when;
};

struct ClockRule {
  std::string id, name, clause, replaces;
  Seconds within{};
  std::vector<int> ranks;
};

// A day of the year that is expected to be loud.
struct CalendarDay {
  std::string name;
  int from = 0, to = 0;  // month × 100 + day, both included; from > to runs over new year
  double factor = 1;     // of the expected volume
  bool sensitive = false;  // counts as season
};

struct BurstLevel {
  std::size_t level = 0;  // index into levels
  double surprise = 0;    // T from here on
};

// One story within all_stream: documents enough within a window are an alarm of the first level.
struct StoryBurstRule {
  double surprise = 0;  // from here on; 0: stories are not looked at
  double share = 0;     // of the stream's volume that an ordinary story is expected to have
  double size = 0;      // of the negative binomial
  double fresh = 0;     // share of the story's documents of three days that must lie in the window
};

struct BurstRule {
  std::string all_stream;             // 基础教育
  bool topics = true;                 // a stream per top-level topic too
  std::vector<int> windows;           // hours
  std::vector<BurstLevel> levels;     // of all_stream, least grave first; the first is the threshold
  std::vector<BurstLevel> topic_levels;
  bool schools = false;  // a stream per named school
  bool cells = false;    // a stream per topic × district × medium
  std::vector<BurstLevel> cell_levels;  // of either
  // The cumulative sum that reaches its threshold is an alarm of the first level; 0: none is kept.
  double cusum_ratio = 0;             // the raised level that it looks for, in times of the expected one
  double cusum = 0, topic_cusum = 0;  // thresholds
  StoryBurstRule story;
  double weekend = 1, holiday = 1;  // what such a day brings beside a working day of the same time
  std::vector<double> season;  // half months beside the year's mean, from January on, loud days apart; or empty
  Seconds refractory{};
  Seconds outage{};                   // no document at all for so long: missing, not zero
  Seconds history{};                  // no alarm before so much of it
  Seconds late{};                     // documents older than this when first seen are not counted
  int observed_min = 0;
  double alarms_per_30d = 0;          // measured at the threshold of all_stream, for the reasons
};

struct GrowthRule {
  std::vector<int> windows;  // hours
  double typical = 0;        // documents that an ordinary story gets in the longest window
  double size = 0;           // of the negative binomial
};

struct NamedWords {
  std::string name;
  std::vector<std::string> words;
};

class Measure {
 public:
  std::string measured;               // where and how the rates of alarms were measured; may be empty
  std::string name, notice, version;  // version: as declared and a hash of the text
  std::string text;                   // as it was read
  std::vector<LevelRule> levels;      // gravest first
  std::vector<Level> plain_levels;
  double margin = 0;                  // down only when this far under the level's score …
  Seconds hold{};                     // … for so long
  Seconds relapse_within{}, relapse_after{};
  double relapse_heat = 0;            // share of the story's peak
  double percentile_stories_min = 0;  // stories of an age bucket before percentiles mean anything
  GrowthRule growth;
  std::vector<NamedWords> words;
  std::vector<CalendarDay> calendar;
  DayKinds day_kinds;
  std::vector<std::vector<Condition>> qualify;  // any of them, each all of its conditions
  std::vector<Criterion> criteria;
  std::vector<Bound> floors, ceilings;
  std::vector<ClockRule> clocks;
  std::vector<int> tell_percent;
  BurstRule bursts;

  // Index of the level that a score reaches; empty below all of them.
  std::optional<std::size_t> level_at(double score) const;
  std::optional<std::size_t> index_of(const Level& level) const;  // by rank
  // The highest score that is still of this level; of no level when empty.
  double score_below_next(std::optional<std::size_t> level) const;
};

// What a day (since 1970) brings by its kind beside a working day.
double kind_weight(const Measure& measure, int day);

// The calendar's day that holds at that time, or nullptr.
const CalendarDay* day_of(const std::vector<CalendarDay>& calendar, Time at);

}  // namespace tingchao::alerting
