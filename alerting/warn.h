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
const std::string& text_of(const Measure& measure);           // the file as it was read
// What a checked measure says that can hardly be meant: a level that nothing reaches, a word list that nothing asks
// for, a level without a clock. Chinese, one a line.
std::vector<std::string> doubts_about(const Measure& measure);
std::string summary_of(const Measure& measure);               // Chinese, a few lines
double score_of(const Measure& measure, const Level& level);  // from which the level is reached
double burst_threshold_of(const Measure& measure);            // of the stream of everything
// The same measure with one burst level, reached at `surprise`, of the stream of everything alone: for curves.
std::shared_ptr<const Measure> with_burst_threshold(const Measure& measure, double surprise);

// A warning after a change, and the change. Its version is the one before the change, as a store's
// optimistic lock wants it; the Warner takes the change for stored.
struct Raised {
  Warning warning;
  WarningChange change;
  // Of a change of level by the measure: what the judgement saw besides the story's documents, as text, so that
  // rederive() (alerting/explain.h) can give the reasons again. Empty else.
  std::string judgement = {};
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

  // One document has joined a story. Bursts are told here too, with the document that makes one.
  std::vector<Raised> observe(const Story& story, const Document& document, const Analysis& analysis,
                              const Placement& placement, Time now);
  // History that is imported: counted for what is normal, judged by nobody. `seen`: when it was, then.
  void learn(const Document& document, const Analysis& analysis, Time seen);
  // Time has passed: slow downgrades, clocks at 50/80/100 %, acknowledgements that lapse. Call each
  // minute in the daemon, each simulated hour in replay; needs the stories of open warnings.
  using StoryLookup = const Story* (*)(const void* context, const std::string& id);
  std::vector<Raised> tick(Time now, StoryLookup find, const void* context);

  // A story became another: what was remembered of it goes over, and so does its open warning where the other has
  // none. Warnings that are adopted later name stories by the id that stayed.
  void follow(const StoryMerge& merge);

  // Stream counts that changed since the last call, absolute, to be stored with the batch. Besides the
  // streams of warnings there are "全部" (every document, so that silence of the input is known) and
  // "缺测" (hours declared missing).
  std::vector<StreamCount> take_counts();
  // What is normal heat at each age, as text of a few kilobytes, to be stored now and then.
  std::string heat_ranks() const;

  // After a restart: counts of the last 400 days, heat ranks, then the recent documents, oldest first,
  // each with its story as it is now; and the warnings that are open or were closed in the last 14
  // days. Nothing is raised. A warning also when a person changed it meanwhile, with its new version.
  void adopt(StreamCount count);
  void adopt_heat_ranks(std::string_view text);
  void remember(const Story& story, const Document& document, const Analysis& analysis, const Placement& placement,
                Time seen);
  void adopt(Warning warning);
  // A new measure takes effect with the next observation.
  void replace(std::shared_ptr<const Measure> measure);

  // Streams whose data is missing for an hour (an outage of all its sources) are not counted as zero.
  void mark_missing(Time hour);

  // The score that a story was last judged at; 0 when it deserves no warning or is not known.
  double score_of(const std::string& story) const;
  // Not closed or dismissed, by id; as they were last told.
  const std::map<std::string, Warning>& open() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What a person does to a warning: acknowledged, assigned, responded, closed, dismissed, reopened,
// commented, confirmed, or upgraded and downgraded to a level of their own choice.
struct Action {
  WarningEvent event = WarningEvent::acknowledged;
  std::string actor;    // name as given; required
  std::string note;     // comment or reason; required for dismissed, closed, commented, up- and downgraded
  std::string unit;     // assigned: to whom; required
  std::string url;      // responded: the public answer, http or https; required
  std::string clock;    // responded: the one clock that this meets; empty: all that run
  std::string verdict;  // closed: handled, false_alarm, duplicate, out_of_scope; required
  std::optional<Level> level;  // upgraded, downgraded: to which, of levels_of(measure); required
};
// The life cycle (docs/measure.md): which event may follow which state, what it needs and does. The
// warning it returns has the version that it came with, as Store::commit wants it.
// Fails with bad_argument (what is missing) or conflict (the state does not allow it, with what does);
// details are Chinese, for the desk.
// With the measure, the clocks of a level that a person raised to start at once; without, when the Warner adopts it.
Result<Raised> apply(Warning warning, const Action& action, Time now, const Measure* measure = nullptr);

}  // namespace tingchao::alerting
