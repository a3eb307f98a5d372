#pragma once
// A Warning is a proposal to a person: this concern has reached that level, for these reasons, with
// this evidence, and these clocks now run. A person confirms the highest level and closes every one.

#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace tingchao {

// From the measure, never compiled in; rank 1 is the gravest.
struct Level {
  std::string code;    // Ⅰ Ⅱ Ⅲ Ⅳ
  std::string colour;  // 红 橙 黄 蓝
  std::string name;    // 特别重大 …
  int rank = 0;
  bool operator==(const Level&) const = default;
};

// A document that a reason rests on, with the sentence and what was kept of it.
struct Evidence {
  std::string document, url, source_name, title;
  std::string sentence;       // byte-exact from the stored text
  std::string rule, rule_name, rule_version;
  std::string snapshot_hash;
  std::optional<Time> published_at;
  Time seen_at{};
};

struct Reason {
  std::string criterion;       // id in the measure
  std::string name;            // Chinese
  std::string observed, expected, threshold;  // with units, for people
  double points = 0;           // contribution to the score, 0…100
  std::string lowers;          // what would lower it, in Chinese
  std::vector<std::string> documents;
};

// How a story spread: a source's first document on it.
struct SpreadStep {
  std::string source_name, medium, document, url;
  Time at{};             // effective time
  bool copy = false;     // repeats another document
};

// A duty to answer with its deadline, stored as absolute time so that restarts change nothing.
struct Clock {
  std::string id;       // measure's: information, press, response
  std::string name;     // 发布权威信息
  std::string clause;   // 国办发〔2016〕80号
  Time started{}, due{};
  std::optional<Time> met_at;
  int told_percent = 0; // the last of 50/80/100 that was told
};

enum class WarningState { open, acknowledged, assigned, responded, closed, dismissed };
const char* name(WarningState state);
std::optional<WarningState> warning_state(std::string_view name);
const char* chinese_name(WarningState state);

enum class WarningEvent {
  raised, upgraded, downgraded,  // by the measure
  clock,                         // a clock reached 50, 80 or 100 %
  acknowledged, assigned, responded, closed, dismissed, reopened, commented, confirmed,  // by people
  escalated,                     // nobody took notice in time: the next of the chain is told
  answered,                      // an official source has published on it; this stops nothing
  merged,                        // its story became one with another's: it goes on for both
  returned,                      // its story slept and came back while it was not closed
};
const char* name(WarningEvent event);

// One row of the history: what happened, when, who, why. Never changed once written.
struct WarningChange {
  std::string warning;
  int seq = 0;             // 1, 2, … within the warning
  Time at{};
  WarningEvent event = WarningEvent::raised;
  Level level;             // after
  std::optional<Level> level_before;
  WarningState state = WarningState::open;  // after
  std::string actor;       // "measure", or a person's name as they gave it
  std::string note;        // comment, verdict, the public answer's URL
  std::vector<Reason> reasons;  // for raised, upgraded, downgraded
};

struct Warning {
  std::string id;
  std::string kind = "story";  // or "burst"
  std::string stream;          // of a burst: its stream's name
  std::string story;           // Story::id; empty for a burst
  std::string title;
  Level level;
  std::optional<Level> level_peak;
  double score = 0;            // 0…100
  bool needs_confirmation = false;  // 拟Ⅰ级: the highest level before a person confirmed it
  bool level_held = false;     // a person set the level: the measure never lowers it, and raises it only
                               // above level_peak
  WarningState state = WarningState::open;
  std::vector<std::string> topics, schools;
  std::vector<Reason> reasons;    // now, heaviest first
  std::vector<Evidence> evidence; // bounded by warning_evidence_max
  std::vector<Clock> clocks;
  std::vector<SpreadStep> spread;  // of a story: its first warning_spread_max sources, oldest first
  Time raised_at{}, changed_at{};
  Time state_since{};          // when it came into its state: acknowledgements lapse and chains run from here
  Seconds escalated{0};        // of the chain's steps since then, the last that was told, by its span
  std::optional<Time> below_since;  // since when the score has been under the level: down slowly
  std::string measure_version;
  std::string assignee;
  std::string answer_url;      // of the bureau's answer, as a person recorded it
  std::string official_answer, official_url;  // document and address of what an official source published
  std::string verdict;         // of a close: handled, false_alarm, duplicate, out_of_scope
  std::string merged_into;     // the warning that took this one over when their stories became one; it stays when a
                               // person reopens this one, and then says that the two were taken apart
  std::optional<Time> wave;    // Story::woken_at of the last return of its story that it tells of
  int changes = 0;             // rows of history so far
  long version = 0;            // optimistic lock
};
inline constexpr std::size_t warning_evidence_max = 20, warning_spread_max = 20;

}  // namespace tingchao
