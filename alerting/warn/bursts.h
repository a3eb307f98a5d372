#pragma once
// Watches how much is said: one stream of all that speaks of basic education, one per top-level topic,
// and where the measure wants them one per school that is named and one per topic × district × medium.
// A stream that rises far above its season becomes a warning of kind "burst".

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "alerting/warn/story_hours.h"
#include "alerting/warn/stream.h"
#include "core/analysis.h"
#include "core/document.h"

namespace tingchao::alerting {

// Names among the stream counts that are no topics: every document first seen in the hour, and hours
// declared missing (count 1).
inline constexpr const char* alive_stream = "全部";
inline constexpr const char* missing_stream = "缺测";

// A stream has passed a threshold for the first time in its refractory span, or a higher one since.
struct Alarm {
  std::string stream;
  Scan scan;                  // what the reader is told: the window of the stream or of the story, or the sum's span
  enum class Found { window, story, sum };
  Found found = Found::window;  // what found it; a story or the sum only where no window of the stream did
  double sum = 0;             // its value, when it found it
  std::size_t level = 0;      // index into the measure's levels
  double threshold = 0;       // of the level
  double score = 0;           // where T stands on the measure's scale of 0…100
  bool first = true;          // else it rose within the same burst
  Time since{};               // of the burst
  // What would keep it under the level, and under all levels: windows, the story's windows, the sum. Only those that
  // reach their threshold now; of an alarm that rose, its windows alone.
  struct Lower {
    std::vector<Limit> under_level, windows, story;
    std::optional<Limit> sum;
    int steady = 0;  // documents a day that bring the sum down
  } lower;
  std::vector<Evidence> documents;  // of the window, newest first, at most burst_documents_max
};
inline constexpr std::size_t burst_documents_max = 50;
inline constexpr std::size_t streams_max = 20'000;

// What kind of stream a name is, told by its beginning: "学校·…", "分区·…", else a topic or the stream of all.
bool is_school_stream(const std::string& stream);
bool is_cell_stream(const std::string& stream);

// Title, score, reason and evidence of the alarm's warning.
void describe_burst(Warning& warning, const Alarm& alarm, const Measure& measure, Time now);

// The topics and schools of a burst's warning, by its stream.
void name_stream(Warning& warning, const Measure& measure);

class Bursts {
 public:
  // A document as it was read, and the story that it joined when it came; empty: of none.
  struct Told {
    const Document& document;
    const Analysis& analysis;
    const std::string& story;
  };
  // Counts the document and says in which streams.
  std::vector<std::string> count(const Told& told, const Measure& measure, Time now);
  // Counts it, and the alarms that it makes.
  std::vector<Alarm> observe(const Told& told, const Measure& measure, Time now);
  // The document counts already; what names it in a warning is restored, and its story's count.
  void remember(const Told& told, const Measure& measure, Time now);

  void measure_changed();
  void mark_missing(Time hour);
  std::vector<StreamCount> take_counts();
  void adopt(const StreamCount& count);
  // There was an alarm of the stream: nothing new within the refractory span.
  void adopt_alarm(const std::string& stream, std::size_t level, Time since);

 private:
  struct Watched {
    Stream counts;
    struct Recent {
      Time at{};  // effective
      std::string story;
      Evidence evidence;
    };
    std::deque<Recent> recent;  // the newest burst_documents_max
    std::optional<Time> alarmed;
    std::size_t alarmed_level = 0;
  };
  using Key = std::pair<std::string, HourNumber>;
  struct Listed { int first_day = 0, last_day = 0; };

  std::vector<std::string> streams_of(const Document& document, const Analysis& analysis, const Measure& measure) const;
  // A hot list shows this entry on from an earlier day.
  bool is_listed_on(const Document& document, HourNumber hour);
  Watched* watch(const std::string& stream);
  static void remember_in(Watched& watched, const Told& told, Time now);
  bool parent_rests(const std::string& cell, const BurstRule& rule, Time now) const;
  // The alarm that is due at `now`, of the stream's volume or of the story; notes it in `watched`.
  std::optional<Alarm> alarm_due(const std::string& stream, Watched& watched, const std::string& story,
                                 const Measure& measure, Time now) const;
  std::optional<Alarm> detect(const std::string& stream, const Watched& watched, const std::string& story,
                              const Measure& measure, Time now) const;
  Alarm::Lower lower_of(const Alarm& alarm, const Watched& watched, const std::string& story, const Measure& measure,
                        Time now) const;

  Coverage coverage_;
  StoryHours stories_;  // of the stream of all
  std::map<std::string, Watched> streams_;
  std::set<Key> changed_;
  std::unordered_map<std::uint64_t, Listed> listed_;  // hot-list entries of the last two days
};

}  // namespace tingchao::alerting
