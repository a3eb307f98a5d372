// The Warner's judgement of a story, from documents read back instead of those it remembers.
#include "alerting/appraise.h"

#include "alerting/warn/heat_rank.h"
#include "alerting/warn/measure.h"
#include "alerting/warn/score.h"
#include "alerting/warn/story_memory.h"

namespace tingchao::alerting {

Appraisal appraise(const Measure& measure, const Story& story, const std::vector<Heard>& heard,
                   std::string_view heat_ranks, Time now) {
  StoryMemory memory;
  for (const Heard& each : heard)
    if (each.document && each.analysis)
      remember(memory, *each.document, *each.analysis, measure, each.document->fetched_at);
  HeatRank ranks;
  ranks.load(heat_ranks);
  memory.place = HeatRank::place_of(std::max(Seconds{0}, now - story.first_seen), heat_at(story, now));
  const Facts facts = facts_of(story, memory, measure, ranks, now);
  const Verdict verdict = judge(measure, facts);
  Appraisal appraisal;
  appraisal.raw = verdict.raw;
  appraisal.score = verdict.score;
  appraisal.qualifies = verdict.qualifies;
  if (!measure.levels.empty()) appraisal.needed = measure.levels.back().score;
  if (verdict.level) appraisal.level = levels_of(measure)[*verdict.level];
  appraisal.reasons = reasons_of(measure, verdict, facts, memory, growth_of(story, measure.growth, now));
  return appraisal;
}

}  // namespace tingchao::alerting
