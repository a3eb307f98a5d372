// A story that slept is compared as a whole with the one document that may begin it anew, so the likeness asked for is
// higher than for joining a story that is awake. A mistake costs little: the wave is counted and judged on its own, and
// only says that it has been there before.
#include "analyzer/group/slept.h"

#include <algorithm>

namespace tingchao::analyzer {
namespace {

constexpr double text_share = 0.6, anchor_share = 0.4;
constexpr double same_matter_text_min = 0.12;
constexpr double text_min = 0.25, likeness_min = 0.45;
constexpr std::size_t anchor_stories_max = 200;  // an anchor of so many tells none apart

// 0: not the same.
double likeness(const TermVector& document, const TermVector& story) {
  if (!document.schools.empty() && !story.schools.empty() && !share(document.schools, story.schools)) return 0;
  const bool same_school = share(document.schools, story.schools);
  if (!same_school && !document.places.empty() && !story.places.empty() && !share(document.places, story.places))
    return 0;
  const double text = cosine(document.text, document.text_norm, story.text, story.text_norm);
  const double anchors = cosine(document.anchors, document.anchors_norm, story.anchors, story.anchors_norm);
  const double all = text_share * text + anchor_share * anchors;
  if (same_school && share(document.concerns, story.concerns)) return text >= same_matter_text_min ? all : 0;
  return text >= text_min && all >= likeness_min ? all : 0;
}

}  // namespace

void SleptStories::add(const Story& story) {
  erase(story.id);
  Held held;
  held.story.id = story.id;
  held.story.title = story.title;
  held.story.newest = story.newest;
  held.story.centroid = story.centroid;
  held.story.merged = story.merged;
  read_centroid(held);
  for (const WeightedTerm& anchor : held.vector.anchors) by_anchor_[anchor.term].insert(story.id);
  by_age_.insert({story.newest, story.id});
  stories_[story.id] = {std::move(held.story), std::move(held.vector)};
  while (stories_.size() > slept_stories_max) erase(std::string(by_age_.begin()->second));
}

void SleptStories::erase(const std::string& id) {
  const auto found = stories_.find(id);
  if (found == stories_.end()) return;
  for (const WeightedTerm& anchor : found->second.vector.anchors) {
    auto& stories = by_anchor_[anchor.term];
    stories.erase(id);
    if (stories.empty()) by_anchor_.erase(anchor.term);
  }
  by_age_.erase({found->second.story.newest, id});
  stories_.erase(found);
}

const Story* SleptStories::like(const TermVector& document, Time now) const {
  std::set<std::string> candidates;
  for (const WeightedTerm& anchor : document.anchors)
    if (const auto found = by_anchor_.find(anchor.term);
        found != by_anchor_.end() && found->second.size() <= anchor_stories_max)
      candidates.insert(found->second.begin(), found->second.end());
  double best = 0;
  const Story* most_like = nullptr;
  for (const std::string& id : candidates) {
    const Kept& kept = stories_.at(id);
    if (kept.story.newest + slept_kept < now) continue;
    if (const double like = likeness(document, kept.vector); like > best) best = like, most_like = &kept.story;
  }
  return most_like;
}

const Story* SleptStories::find(const std::string& id) const {
  const auto found = stories_.find(id);
  return found == stories_.end() ? nullptr : &found->second.story;
}

void SleptStories::forget(Time now) {
  while (!by_age_.empty() && by_age_.begin()->first + slept_kept < now) erase(std::string(by_age_.begin()->second));
}

}  // namespace tingchao::analyzer
