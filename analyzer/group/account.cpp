// Heat fades by half every six hours; half of what a concern ever gathers is out within five hours, so a
// longer half-life would still be hot when all is over. It is kept decayed to the newest document,
// and a late find is entered with what is left of it.
#include "analyzer/group/account.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr double heat_half_life_hours = 6;
constexpr double copy_share = 0.25, undated_share = 0.25;
constexpr std::size_t title_chars_min = 6;
constexpr std::size_t response_bytes_read = 600;

double faded(Seconds span) {
  return std::exp2(-static_cast<double>(span.count()) / 3600 / heat_half_life_hours);
}

char gravest(const Analysis& analysis) {
  char best = 'D';
  for (const RuleMatch& match : analysis.matches) best = std::min(best, static_cast<char>(match.severity));
  return best;
}

void count_time(Story& story, const Document& document, bool is_copy) {
  const Time at = effective_time(document);
  if (story.documents == 0) story.first_seen = story.newest = at;
  const double heat = heat_of(document, is_copy);
  if (at >= story.newest) {
    story.heat = story.heat * faded(at - story.newest) + heat;
    story.newest = at;
  } else {
    story.heat += heat * faded(story.newest - at);
  }
  story.first_seen = std::min(story.first_seen, at);
  story.heat_peak = std::max(story.heat_peak, story.heat);
  if (!is_dated(document)) return;  // or crawl day would look like a burst
  const Time hour = std::chrono::floor<std::chrono::hours>(at);
  auto& hourly = story.hourly;
  const auto place = std::lower_bound(hourly.begin(), hourly.end(), hour,
                                      [](const auto& entry, Time wanted) { return entry.first < wanted; });
  if (place != hourly.end() && place->first == hour)
    ++place->second;
  else
    hourly.insert(place, {hour, 1});
  if (hourly.size() > story_hours_max) hourly.erase(hourly.begin());
}

void count_origin(Story& story, const Document& document, const Analysis& analysis,
                  const std::string& copy_of) {
  if (!copy_of.empty()) {
    for (Origin& origin : story.origins)
      if (origin.document == copy_of) ++origin.copies;
    return;
  }
  ++story.origins_total;
  Origin& origin = story.origins.emplace_back();
  origin.document = document.id;
  origin.fingerprint.exact = analysis.fingerprint.exact;  // the sketch stands in the document's own analysis
  origin.at = effective_time(document);
  if (story.origins.size() > story_origins_max) story.origins.erase(story.origins.begin());
}

}  // namespace

void sort_topics(Held& held) {
  auto& topics = held.story.topics;
  for (const auto& [topic, count] : held.topic_counts)
    if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
  // By count, then by name: the order of a hash table must not show.
  std::sort(topics.begin(), topics.end(), [&](const std::string& a, const std::string& b) {
    const auto count = [&](const std::string& topic) {
      const auto found = held.topic_counts.find(topic);
      return found == held.topic_counts.end() ? 0 : found->second;
    };
    return count(a) != count(b) ? count(a) > count(b) : a < b;
  });
}

Story begin_story(const Document& document) {
  Story story;
  story.id = stable_id("story " + document.id);
  story.title = document.title.empty() ? std::string(cut_chars(trim(document.body), 30)) : document.title;
  return story;
}

double heat_of(const Document& document, bool is_copy) {
  const Reach& reach = document.reach;
  double engagement = static_cast<double>(reach.replies.value_or(0) + reach.likes.value_or(0)) +
                      static_cast<double>(reach.views.value_or(0)) / 100 +
                      static_cast<double>(reach.heat.value_or(0)) / 10'000;
  // The top of a hot list is seen by more people than its foot.
  if (reach.rank && *reach.rank >= 1 && *reach.rank <= 50) engagement += 51 - *reach.rank;
  return document.weight * std::log(2 + std::max(0.0, engagement)) * (is_copy ? copy_share : 1) *
         (is_dated(document) ? 1 : undated_share);
}

bool is_response(const Document& document) {
  static constexpr std::array words{"通报", "回应",   "情况说明", "说明", "调查结果", "处理结果",
                                    "答复", "回复",   "致歉",     "道歉", "辟谣",     "情况",
                                    "声明", "公开信", "告家长书", "澄清"};
  const std::string_view title = document.title, opening = cut_bytes(document.body, response_bytes_read);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    // 情况 and 说明 alone are everyday words in a body.
    return title.find(word) != title.npos || (word.size() > 6 && opening.find(word) != opening.npos) ||
           ((word == "通报" || word == "回应") && opening.find(word) != opening.npos);
  });
}

void enter(Held& held, const Document& document, const Analysis& analysis, const Joining& joining) {
  Story& story = held.story;
  const char severity = gravest(analysis);
  const bool of_concern = story.documents > 0 && (story.severity_best <= 'C' || story.negative > 0);
  if (document.official && of_concern && story.official_answer.empty() && is_response(document))
    story.official_answer = document.id;

  // The first title with something to say, and a graver one instead of it.
  const bool telling = !joining.is_reply && count_chars(document.title) >= title_chars_min;
  if (telling && story.documents > 0 &&
      (severity < story.severity_best || count_chars(story.title) < title_chars_min))
    story.title = document.title;
  story.severity_best = std::min(story.severity_best, severity);

  count_time(story, document, !joining.copy_of.empty());
  ++story.documents;
  count_origin(story, document, analysis, joining.copy_of);
  ++story.media[document.medium];
  if (std::find(story.sources.begin(), story.sources.end(), document.source) == story.sources.end() &&
      story.sources.size() < story_sources_max)
    story.sources.push_back(document.source);
  if (!document.author_hash.empty() && held.speakers.size() < story_speakers_max &&
      held.speakers.insert(hash64(document.author_hash)).second)
    ++story.speakers;
  story.negative += analysis.stance.label == StanceLabel::negative;
  story.education += analysis.education;
  if (document.reach.rank && *document.reach.rank > 0 && document.medium == "hotlist")
    story.hot_rank_best =
        story.hot_rank_best == 0 ? *document.reach.rank : std::min(story.hot_rank_best, *document.reach.rank);

  for (const std::string& topic : analysis.topics) ++held.topic_counts[topic];
  sort_topics(held);
  for (const Entity& entity : analysis.entities)
    if (entity.kind == EntityKind::school && entity.ours &&
        std::find(story.schools.begin(), story.schools.end(), entity.name) == story.schools.end() &&
        story.schools.size() < story_sources_max)
      story.schools.push_back(entity.name);
  story.members.push_back(document.id);
  if (story.members.size() > story_members_max) story.members.erase(story.members.begin());
}

void remember_parts(Held& held, const Document& document, const Analysis& analysis) {
  if (!document.author_hash.empty() && held.speakers.size() < story_speakers_max)
    held.speakers.insert(hash64(document.author_hash));
  for (const std::string& topic : analysis.topics) ++held.topic_counts[topic];
}

}  // namespace tingchao::analyzer
