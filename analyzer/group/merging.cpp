// Stories are compared by their centroids: what most of their documents say. A single document may open a
// story that only the next ones show to be part of another, so the look is repeated as stories grow.
#include "analyzer/group/merging.h"

#include <algorithm>
#include <map>

#include "analyzer/group/account.h"

namespace tingchao::analyzer {
namespace {

constexpr double text_share = 0.6, anchor_share = 0.4;
constexpr double cosine_min = 0.6;
// So much of what the smaller one says must lately be the larger one's; its own documents count against it.
constexpr double owned_min = 0.15;
constexpr int owned_documents_min = 2;

// 0 also where it can be told at once that it is less than owned_min.
double owned_by(const Held& large, const Held& small, Vocabulary& vocabulary, Time now) {
  if (small.story.documents < owned_documents_min) return 0;
  const double fade = faded(large.uses_at, now);
  struct Shared {
    std::uint64_t term;
    double used;
  };
  std::vector<Shared> both(small.vector.text.size() + small.vector.anchors.size() + 1);
  std::size_t shared = 0;
  double most = 0, all = 0;
  for (const auto* list : {&small.vector.text, &small.vector.anchors}) {
    for (const WeightedTerm& term : *list) all += term.weight;
    // Without a branch on what the lists hold.
    for (std::size_t i = 0, j = 0; i < list->size() && j < large.uses.size();) {
      const WeightedTerm &term = (*list)[i], &use = large.uses[j];
      both[shared] = {term.term, term.weight * use.weight * fade};
      shared += term.term == use.term;
      i += term.term <= use.term;
      j += use.term <= term.term;
    }
  }
  both.resize(shared);
  for (const Shared& each : both) most += each.used;
  if (most < owned_min * all) return 0;  // a term is spread over one document at least
  double sum = 0;
  for (const Shared& each : both) sum += each.used / vocabulary.spread(each.term, now);
  return all > 0 ? sum / all : 0;
}

void add_lists(std::vector<std::string>& into, const std::vector<std::string>& from, std::size_t most) {
  for (const std::string& each : from)
    if (into.size() < most && std::find(into.begin(), into.end(), each) == into.end()) into.push_back(each);
}

void add_hours(Story& into, const Story& from) {
  std::map<Time, int> hours(into.hourly.begin(), into.hourly.end());
  for (const auto& [hour, count] : from.hourly) hours[hour] += count;
  into.hourly.assign(hours.begin(), hours.end());
  if (into.hourly.size() > story_hours_max)
    into.hourly.erase(into.hourly.begin(), into.hourly.end() - static_cast<std::ptrdiff_t>(story_hours_max));
}

void add_origins(Story& into, const Story& from) {
  into.origins_total += from.origins_total;
  into.origins.insert(into.origins.end(), from.origins.begin(), from.origins.end());
  std::stable_sort(into.origins.begin(), into.origins.end(),
                   [](const Origin& a, const Origin& b) { return a.at < b.at; });
  if (into.origins.size() > story_origins_max)
    into.origins.erase(into.origins.begin(),
                       into.origins.end() - static_cast<std::ptrdiff_t>(story_origins_max));
}

void add_heat(Story& into, const Story& from) {
  const Time newest = std::max(into.newest, from.newest);
  into.heat = heat_at(into, newest) + heat_at(from, newest);
  into.heat_peak = std::max({into.heat_peak, from.heat_peak, into.heat});
  into.newest = newest;
  into.first_seen = std::min(into.first_seen, from.first_seen);
  if (from.hot_rank_best > 0)
    into.hot_rank_best =
        into.hot_rank_best == 0 ? from.hot_rank_best : std::min(into.hot_rank_best, from.hot_rank_best);
}

void add_terms(Held& into, const Held& from, Time now) {
  auto& centroid = into.story.centroid;
  for (const TermWeight& term : from.story.centroid) {
    const auto same = std::find_if(centroid.begin(), centroid.end(),
                                   [&](const TermWeight& known) { return known.term == term.term; });
    if (same == centroid.end())
      centroid.push_back(term);
    else
      same->weight += term.weight;
  }
  cut_centroid(into);
  std::map<std::uint64_t, float> uses;
  for (const Held* held : {static_cast<const Held*>(&into), &from})
    for (const WeightedTerm& use : held->uses)
      uses[use.term] += use.weight * static_cast<float>(faded(held->uses_at, now));
  into.uses.clear();
  for (const auto& [term, count] : uses) into.uses.push_back({.term = term, .weight = count});
  into.uses_at = now;
}

}  // namespace

bool are_one(const Held& a, const Held& b, Vocabulary& vocabulary, Time now) {
  const TermVector &x = a.vector, &y = b.vector;
  if (!x.schools.empty() && !y.schools.empty() && !share(x.schools, y.schools)) return false;
  if (!x.places.empty() && !y.places.empty() && !share(x.places, y.places)) return false;
  const bool a_is_small = std::pair(a.story.documents, std::string_view(b.story.id)) <
                          std::pair(b.story.documents, std::string_view(a.story.id));
  if (owned_by(a_is_small ? b : a, a_is_small ? a : b, vocabulary, now) >= owned_min) return true;
  const double anchors = cosine(x.anchors, x.anchors_norm, y.anchors, y.anchors_norm);
  return anchors > 0 &&
         text_share * cosine(x.text, x.text_norm, y.text, y.text_norm) + anchor_share * anchors >= cosine_min;
}

void absorb(Held& into, const Held& from, Time now) {
  Story& story = into.story;
  const Story& other = from.story;
  if (other.severity_best < story.severity_best) story.title = other.title;
  story.severity_best = std::min(story.severity_best, other.severity_best);
  add_heat(story, other);
  add_hours(story, other);
  add_origins(story, other);
  story.documents += other.documents;
  story.negative += other.negative;
  story.education += other.education;
  for (const auto& [medium, count] : other.media) story.media[medium] += count;
  add_lists(story.sources, other.sources, story_sources_max);
  add_lists(story.schools, other.schools, story_sources_max);
  const int most = std::max(story.speakers, other.speakers);
  for (const std::uint64_t speaker : from.speakers)
    if (into.speakers.size() < story_speakers_max) into.speakers.insert(speaker);
  story.speakers = std::max(most, static_cast<int>(into.speakers.size()));
  if (story.official_answer.empty()) story.official_answer = other.official_answer;
  for (const auto& [topic, count] : from.topic_counts) into.topic_counts[topic] += count;
  add_lists(story.topics, other.topics, story.topics.size() + other.topics.size());
  sort_topics(into);
  add_lists(story.members, other.members, story.members.size() + other.members.size());
  if (story.members.size() > story_members_max)
    story.members.erase(story.members.begin(),
                        story.members.end() - static_cast<std::ptrdiff_t>(story_members_max));
  if (story.returns.empty()) story.returns = other.returns;
  into.has_thread = into.has_thread || from.has_thread;
  add_terms(into, from, now);
}

}  // namespace tingchao::analyzer
