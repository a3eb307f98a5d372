#pragma once
// Decides which concerns deserve a warning, at which level, and why. Pure: the measure is data, `now`
// is a parameter, the same input gives the same bytes. Up at once, down slowly, never down from the
// two highest levels without a person.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis.h"
#include "core/document.h"
#include "core/result.h"
#include "core/story.h"
#include "core/warning.h"

namespace tingchao::alerting {

class Measure;  // rules/measure.yaml, compiled; immutable
// Fails with bad_config naming line and mend.
Result<std::shared_ptr<const Measure>> parse_measure(std::string_view yaml, std::string_view file);
const std::string& version_of(const Measure& measure);
const std::vector<Level>& levels_of(const Measure& measure);  // gravest first

// A warning after a change, and the change.
struct Raised {
  Warning warning;
  WarningChange change;
};

// Hourly counts of a stream, so that a restart knows the season: (stream, hour) → documents.
struct StreamCount {
  std::string stream;
  Time hour{};
  int documents = 0;
};

class Warner {
 public:
  explicit Warner(std::shared_ptr<const Measure> measure);
  ~Warner();
  Warner(Warner&&) noexcept;
  Warner& operator=(Warner&&) noexcept;

  // One document has joined a story.
  std::vector<Raised> observe(const Story& story, const Document& document, const Analysis& analysis,
                              const Placement& placement, Time now);
  // Time has passed: bursts of closed hours, slow downgrades, clocks at 50/80/100 %. Call each
  // minute in the daemon, each simulated hour in replay; needs the stories of open warnings.
  using StoryLookup = const Story* (*)(const void* context, const std::string& id);
  std::vector<Raised> tick(Time now, StoryLookup find, const void* context);

  // Stream counts that changed since the last call, to be stored with the batch.
  std::vector<StreamCount> take_counts();

  // After a restart, or when a person changed a warning meanwhile.
  void adopt(Warning warning);
  void adopt(StreamCount count);
  // A new measure takes effect with the next observation.
  void replace(std::shared_ptr<const Measure> measure);

  // Streams whose data is missing for an hour (an outage of all its sources) are not counted as zero.
  void mark_missing(Time hour);

  const std::map<std::string, Warning>& open() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What a person does to a warning.
struct Action {
  WarningEvent event = WarningEvent::acknowledged;
  std::string actor;    // name as given; required
  std::string note;     // comment or reason; required for dismiss and close
  std::string unit;     // assign: to whom
  std::string url;      // respond: the public answer; required
  std::string verdict;  // close: handled, false_alarm, duplicate, out_of_scope; required
};
// Fails with bad_argument (what is missing) or conflict (the state does not allow it, with what does).
Result<Raised> apply(Warning warning, const Action& action, Time now);

}  // namespace tingchao::alerting
