#pragma once
// What the Warner remembers of a story beyond the Story itself: how many documents affirm, deny or
// demand, which words fell, and the sentences that will be the evidence if it comes to a warning.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerting/warn/facts.h"
#include "alerting/warn/heat_rank.h"
#include "alerting/warn/measure.h"
#include "core/analysis.h"
#include "core/document.h"
#include "core/story.h"
#include "core/warning.h"

namespace tingchao::alerting {

// One document of a story, as far as reasons need it.
struct Note {
  std::string document;
  Time at{};
  char severity = 0;  // of its gravest rule, affirmed; 0 none
  bool damped = false, negative = false, demands = false, press = false, hot = false;
  bool matched = false, refuted = false, official = false, ours = false, school = false;
  unsigned words = 0;  // a bit for each of the measure's lists that it uses
  std::uint64_t source = 0, medium = 0;  // hashes
  std::uint64_t turn = 0;  // among all documents of all stories, as they were taken in
};
inline constexpr std::size_t notes_max = story_members_max;

struct StoryMemory {
  double severity = 0;
  double score = 0;  // of the last judgement
  int documents = 0, affirmed = 0, damped = 0, refuted = 0, demands = 0, press = 0;
  bool officially_refuted = false, ours = false, school = false;
  std::array<int, word_lists_max> words{};
  std::vector<Note> notes;         // oldest first, the newest notes_max
  std::vector<Evidence> evidence;  // gravest first, then oldest
  std::vector<char> evidence_severity;  // parallel to it
  std::vector<SpreadStep> spread;  // oldest first, the first of each source
  std::string official_url;        // of Story::official_answer
  std::string rules_version;       // that read the last document
  HeatRank::Place place;
  Time touched{};
};

void remember(StoryMemory& memory, const Document& document, const Analysis& analysis, const Measure& measure,
              Time now);
// The same for what only the story knows of the document: whether it copies or answers.
void remember_place(StoryMemory& memory, const Story& story, const Document& document);
// Enters a step in its place: a source's first document, the first warning_spread_max sources.
void enter(std::vector<SpreadStep>& spread, SpreadStep step);
SpreadStep spread_step(const Document& document, bool copy);

// What was remembered of one document, for the story that holds it now; null: nothing. The gravest rule is that of the
// others afterwards, where all are remembered.
std::optional<StoryMemory> take_out(StoryMemory& memory, const std::string& document);
// What was remembered of a story that became another.
void absorb(StoryMemory& into, StoryMemory from);

// Everything the measure may ask. `memory` may be empty (after a restart without its documents): then
// the Story's own counts must do.
Facts facts_of(const Story& story, const StoryMemory& memory, const Measure& measure, const HeatRank& ranks, Time now);
// With the one number that the story's own documents do not give: the share of stories that are cooler.
Facts facts_of(const Story& story, const StoryMemory& memory, const Measure& measure, double cooler, Time now);

// Of the growth: the window with the greatest surprise, and each of them.
struct Growth {
  int hours = 0, observed = 0;
  double expected = 0, surprise = 0;
  std::vector<Growth> windows = {};
};
Growth growth_of(const Story& story, const GrowthRule& rule, Time now);

// The sentence around a span, byte-exact: up to the marks that end sentences, or line breaks.
std::string_view sentence_around(std::string_view text, Span span);

}  // namespace tingchao::alerting
