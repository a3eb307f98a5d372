#pragma once
// Gives the reasons of a stored warning again, from what the store kept: the story's documents, the measure's text and
// the judgement. Pure. Equal bytes prove that nothing but these led to the level.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/warn.h"

namespace tingchao::alerting {

struct ReadDocument {
  Document document;
  Analysis analysis;
  bool is_copy = false;  // of another document of the story
  std::string story = {};  // that it was put into, by the id of then; empty: not known, taken for the judged one's
};

struct Rederived {
  std::vector<Reason> reasons;
  std::optional<Level> level;      // that the score reaches
  double score = 0;
  std::vector<std::string> gaps;   // Chinese: why the bytes may differ (documents gone, counts that do not agree)
};

// What a judgement says of itself: which measure and rules it was made with.
struct JudgementHead {
  Time at{};
  std::string measure_version, rules_version;
  bool asleep = false;
};
Result<JudgementHead> head_of(std::string_view judgement);

// `documents`: those of the story in the order in which they were taken in. `before`: the reasons of the change
// before, for a story that fell asleep. Fails with bad_markup.
Result<Rederived> rederive(std::string_view judgement, const std::vector<ReadDocument>& documents,
                           const Measure& measure, const std::vector<Reason>& before);

// The spread of a story by its documents: the first source, then who followed when.
std::vector<SpreadStep> spread_of(const std::vector<ReadDocument>& documents);

}  // namespace tingchao::alerting
