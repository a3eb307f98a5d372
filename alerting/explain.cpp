// The memory of the story is built anew from its documents, the facts from memory and story, then the very
// functions of the daemon judge them. What the story counted is held against the documents first: a story
// that the documents do not bear out is no proof.
#include "alerting/explain.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "alerting/warn/desk.h"
#include "alerting/warn/judgement.h"

namespace tingchao::alerting {
namespace {

void compare(std::vector<std::string>& gaps, const char* what, long story, long documents) {
  if (story != documents)
    gaps.push_back(fmt::format("{}：判定时记为 {}，按存档文档数得 {}", what, story, documents));
}

void recount(std::vector<std::string>& gaps, const Story& story, const std::vector<ReadDocument>& documents) {
  long negative = 0, education = 0;
  std::set<std::string> media;
  for (const ReadDocument& each : documents) {
    negative += each.analysis.stance.label == StanceLabel::negative;
    education += each.analysis.education;
    media.insert(each.document.medium);
  }
  compare(gaps, "文档数", story.documents, static_cast<long>(documents.size()));
  compare(gaps, "负面文档数", story.negative, negative);
  compare(gaps, "涉基础教育文档数", story.education, education);
  compare(gaps, "媒体类型数", static_cast<long>(story.media.size()), static_cast<long>(media.size()));
}

// Whether it was the story's at the judgement: others became the story later, and a story that slept counts anew.
bool was_of(const Story& story, const ReadDocument& each) {
  if (story.woken_at && each.document.fetched_at < *story.woken_at) return false;
  return each.story.empty() || each.story == story.id ||
         std::find(story.merged.begin(), story.merged.end(), each.story) != story.merged.end();
}

}  // namespace

Result<JudgementHead> head_of(std::string_view text) {
  auto judgement = judgement_from(text);
  if (!judgement) return judgement.error();
  return JudgementHead{judgement->at, judgement->measure_version, judgement->rules_version,
                       judgement->asleep};
}

Result<Rederived> rederive(std::string_view text, const std::vector<ReadDocument>& documents,
                           const Measure& measure, const std::vector<Reason>& before) {
  auto judgement = judgement_from(text);
  if (!judgement) return judgement.error();
  Rederived result;
  if (judgement->asleep) {
    result.reasons = {quiet_reason(before, measure.hold)};
    return result;
  }
  std::vector<ReadDocument> seen;
  for (const ReadDocument& each : documents) {
    if (!was_of(judgement->story, each)) continue;
    seen.push_back(each);
    if (each.document.id == judgement->last) break;
  }
  if (seen.empty() || seen.back().document.id != judgement->last)
    result.gaps.push_back(fmt::format("引起判定的文档 {} 不在存档中", judgement->last));
  recount(result.gaps, judgement->story, seen);
  const std::size_t remembered =
      std::min(seen.size(), static_cast<std::size_t>(std::max(0, judgement->remembered)));
  StoryMemory memory;
  for (std::size_t i = seen.size() - remembered; i < seen.size(); ++i)
    remember(memory, seen[i].document, seen[i].analysis, measure, seen[i].document.fetched_at);
  const Facts facts = facts_of(judgement->story, memory, measure, judgement->heat_percentile, judgement->at);
  const Verdict verdict = judge(measure, facts);
  result.reasons =
      reasons_of(measure, verdict, facts, memory, growth_of(judgement->story, measure.growth, judgement->at));
  result.score = verdict.score;
  if (verdict.level) result.level = measure.levels[*verdict.level].level;
  return result;
}

std::vector<SpreadStep> spread_of(const std::vector<ReadDocument>& documents) {
  std::vector<SpreadStep> spread;
  for (const ReadDocument& each : documents) enter(spread, spread_step(each.document, each.is_copy));
  return spread;
}

}  // namespace tingchao::alerting
