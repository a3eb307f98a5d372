#pragma once
// What a judgement of a story rests on, and how it is kept: the documents are in the store, the measure is kept by its
// version; this is the rest. From the three the reasons come out again, byte for byte.

#include <optional>
#include <string>
#include <string_view>

#include "alerting/warn/score.h"
#include "core/result.h"

namespace tingchao::alerting {

// A story as judged now; the references live as long as the call.
struct Judged {
  const Story& story;
  const StoryMemory& memory;
  const Facts& facts;
  const Verdict& verdict;
};

struct Judgement {
  Time at{};
  std::string measure_version, rules_version;
  double heat_percentile = 0;  // of other stories, which the documents of this one do not tell
  int remembered = 0;          // documents that the memory had seen: the last of the story up to `last`
  std::string last;            // the newest document that it had seen
  bool asleep = false;         // no new document: the reasons are made of those before
  Story story;                 // as it was; without members and word weights
};

std::string judgement_text(const Judged& judged, const Measure& measure, Time now);
std::string asleep_judgement(Time now);
// Fails with bad_markup.
Result<Judgement> judgement_from(std::string_view text);

}  // namespace tingchao::alerting
