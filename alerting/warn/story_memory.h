#pragma once
// What the Warner remembers of a story beyond the Story itself: how many documents affirm, deny or
// demand, which words fell, and the sentences that will be the evidence if it comes to a warning.

#include <array>
#include <string>
#include <vector>

#include "alerting/warn/facts.h"
#include "alerting/warn/heat_rank.h"
#include "alerting/warn/measure.h"
#include "core/analysis.h"
#include "core/document.h"
#include "core/story.h"

namespace tingchao::alerting {

// One document of a story, as far as reasons need it.
struct Note {
  std::string document;
  Time at{};
  char severity = 0;  // of its gravest rule, affirmed; 0 none
  bool damped = false, negative = false, demands = false, press = false, hot = false, words = false;
};
inline constexpr std::size_t notes_max = 64;

struct StoryMemory {
  double severity = 0;
  int documents = 0, affirmed = 0, damped = 0, refuted = 0, demands = 0, press = 0;
  bool officially_refuted = false, ours = false, school = false;
  std::array<int, word_lists_max> words{};
  std::vector<Note> notes;         // oldest first, the newest notes_max
  std::vector<Evidence> evidence;  // gravest first, then oldest
  std::vector<char> evidence_severity;  // parallel to it
  HeatRank::Place place;
  Time touched{};
};

void remember(StoryMemory& memory, const Document& document, const Analysis& analysis, const Measure& measure,
              Time now);

// What was remembered of a story that became another.
void absorb(StoryMemory& into, StoryMemory from);

// Everything the measure may ask. `memory` may be empty (after a restart without its documents): then
// the Story's own counts must do.
Facts facts_of(const Story& story, const StoryMemory& memory, const Measure& measure, const HeatRank& ranks, Time now);

// Of the growth: the window with the greatest surprise.
struct Growth {
  int hours = 0, observed = 0;
  double expected = 0, surprise = 0;
};
Growth growth_of(const Story& story, const GrowthRule& rule, Time now);

// The sentence around a span, byte-exact: up to the marks that end sentences, or line breaks.
std::string_view sentence_around(std::string_view text, Span span);

}  // namespace tingchao::alerting
