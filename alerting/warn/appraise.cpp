// The Warner's judgement of a story, from documents read back instead of those it remembers.
#include "alerting/appraise.h"

#include "alerting/warn/heat_rank.h"
#include "alerting/warn/measure.h"
#include "alerting/warn/score.h"
#include "alerting/warn/story_memory.h"

namespace tingchao::alerting {

struct Appraiser::Memory {
  HeatRank ranks;
  StoryMemory story;
};

Appraiser::Appraiser(const Measure& measure, std::string_view heat_ranks)
    : measure_(measure), memory_(std::make_unique<Memory>()) {
  memory_->ranks.load(heat_ranks);
}

Appraiser::~Appraiser() = default;

void Appraiser::forget() { memory_->story = {}; }

void Appraiser::hear(const Document& document, const Analysis& analysis) {
  remember(memory_->story, document, analysis, measure_, document.fetched_at);
}

Appraisal Appraiser::appraise(const Story& story, Time now) const {
  const Measure& measure = measure_;
  const HeatRank& ranks = memory_->ranks;
  StoryMemory memory = memory_->story;
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
