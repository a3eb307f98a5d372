// Kept as one line of JSON beside the change that it led to.
#include "alerting/warn/judgement.h"

#include <boost/json.hpp>

#include "core/json.h"
#include "core/json_read.h"

namespace tingchao::alerting {

std::string judgement_text(const Judged& judged, const Measure& measure, Time now) {
  Story story = judged.story;
  story.members.clear();
  story.centroid.clear();
  for (Origin& origin : story.origins) origin.fingerprint = {};
  const StoryMemory& memory = judged.memory;
  return to_line({{"at", to_rfc3339(now)},
                  {"measure", measure.version},
                  {"rules", memory.rules_version},
                  {"heat_percentile", judged.facts[Quantity::heat_percentile]},
                  {"remembered", memory.documents},
                  {"last", memory.notes.empty() ? "" : memory.notes.back().document},
                  {"story", to_json(story)}});
}

std::string asleep_judgement(Time now) { return to_line({{"at", to_rfc3339(now)}, {"asleep", true}}); }

Result<Judgement> judgement_from(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return value.error();
  Members m(*value, "judgement");
  Judgement judgement;
  m.read("at", judgement.at);
  m.read("measure", judgement.measure_version);
  m.read("rules", judgement.rules_version);
  m.read("heat_percentile", judgement.heat_percentile);
  m.read("remembered", judgement.remembered);
  m.read("last", judgement.last);
  m.read("asleep", judgement.asleep);
  if (!m.good()) return m.error();
  if (const auto* story = m.find("story")) {
    auto read = story_from_json(*story);
    if (!read) return read.error();
    judgement.story = std::move(*read);
  }
  return judgement;
}

}  // namespace tingchao::alerting
