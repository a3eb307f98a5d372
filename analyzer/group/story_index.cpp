// Likeness is a mean of two things, times a Gaussian of the time between the document and the story's newest:
// the weighted sum of two cosines, of text and of anchors (after Miranda et al., "Multilingual Clustering of
// Streaming News", EMNLP 2018), and how much of the document is the story's own: the share of its terms, by
// weight, that lately stand in documents of that story rather than in others. A name that came up with an
// event tells it alone, however little else two titles share; a word that is used everywhere is nobody's own.
#include "analyzer/group/story_index.h"

#include <algorithm>
#include <cmath>

#include "analyzer/group/terms.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr double text_share = 0.6, anchor_share = 0.4;  // of the cosines
constexpr double own_text_share = 0.5, own_anchor_share = 0.5;
constexpr double cosine_share = 1.0 / 3, own_share = 2.0 / 3;
constexpr double other_place_factor = 0.5;
// A shared school or place alone does not make the same matter: the texts must touch, too, unless the place
// is in everybody's mouth for this matter.
constexpr double text_min = 0.08, own_anchors_min = 0.4;
// One school in trouble twice over the same thing within days is one trouble, told in other words.
constexpr double same_matter_min = 0.13;
constexpr double sigma_days = 3;
constexpr std::size_t neighbours_of_term_max = 64;

// The share of the terms, by the roots of their weights, that stand in the story's documents rather than in
// others.
double own(const std::vector<WeightedTerm>& terms, const std::vector<WeightedTerm>& uses, double fade) {
  double sum = 0, all = 0;
  auto use = uses.begin();
  for (const WeightedTerm& term : terms) {
    const double weight = std::sqrt(term.weight);
    all += weight;
    while (use != uses.end() && use->term < term.term) ++use;
    if (use != uses.end() && use->term == term.term)
      sum += weight * std::min(1.0, use->weight * fade / term.spread);
  }
  return all > 0 ? sum / all : 0;
}

}  // namespace

double StoryIndex::score(const TermVector& document, const Held& held, Time at, Time now) const {
  const TermVector& story = held.vector;
  // Two schools, two matters.
  if (!document.schools.empty() && !story.schools.empty() && !share(document.schools, story.schools))
    return 0;
  const double fade = faded(held.uses_at, now);
  const double own_anchors = document.sureness * own(document.anchors, held.uses, fade);
  const double text = cosine(document.text, document.text_norm, story.text, story.text_norm);
  const bool same_matter = share(document.schools, story.schools) && share(document.concerns, story.concerns);
  if (text < text_min && !same_matter && own_anchors < own_anchors_min) return 0;
  const double anchors = cosine(document.anchors, document.anchors_norm, story.anchors, story.anchors_norm);
  double owned = document.sureness * own(document.text, held.uses, fade);
  if (!document.anchors.empty()) owned = own_text_share * owned + own_anchor_share * own_anchors;
  double score = cosine_share * (text_share * text + anchor_share * anchors) + own_share * owned;
  if (same_matter) score = std::max(score, same_matter_min);
  if (!document.places.empty() && !story.places.empty() && !share(document.places, story.places))
    score *= other_place_factor;
  // Between the first and the newest document no time has passed.
  Seconds apart{0};
  if (at > held.story.newest) apart = at - held.story.newest;
  if (at < held.story.first_seen) apart = held.story.first_seen - at;
  if (apart > options_.active) return 0;
  const double days = static_cast<double>(apart.count()) / 86'400;
  return score * std::exp(-days * days / (2 * sigma_days * sigma_days));
}

StoryIndex::Match StoryIndex::best(const TermVector& document, Time at, Time now) const {
  return best_of(listed_, document, at, now);
}

StoryIndex::Match StoryIndex::best_of(const TellingTerms& stories, const TermVector& document, Time at,
                                      Time now) const {
  stories.gather(document, gathered_);
  auto& candidates = gathered_.all();
  const std::size_t kept = std::min(candidates.size(), options_.candidates_max);
  to_front(candidates, kept);
  Match match;
  for (std::size_t i = 0; i < kept; ++i) {
    fetch_ahead(i, kept, [&](std::size_t k) -> const Held& { return *candidates[k].held; });
    const Held* held = candidates[i].held;
    const double scored = score(document, *held, at, now);
    if (scored > match.score ||
        (scored == match.score && match.held && opener_of(held->story) < opener_of(match.held->story)))
      match = {const_cast<Held*>(held), scored};
  }
  return match;
}

bool StoryIndex::ByAge::operator()(const Held* a, const Held* b) const {
  return a->entered != b->entered ? a->entered < b->entered : a->story.id < b->story.id;
}

Held& StoryIndex::add(Story story, Time now) {
  const std::string id = story.id;
  auto held = std::make_unique<Held>();
  held->story = std::move(story);
  read_centroid(*held);
  drop(id);
  for (const std::string& alias : held->story.merged) aliases_[alias] = id;
  Held& added = *(stories_[id] = std::move(held));
  changed(added, now);
  return added;
}

Held& StoryIndex::adopt(const Held& held) {
  const std::string id = held.story.id;
  auto own = std::make_unique<Held>(held);
  own->posted.clear();
  own->asleep = own->unreviewed = false;
  drop(id);
  for (const std::string& alias : own->story.merged) aliases_[alias] = id;
  Held& added = *(stories_[id] = std::move(own));
  changed(added, added.touched);
  return added;
}

Held* StoryIndex::find(const std::string& id) {
  return const_cast<Held*>(static_cast<const StoryIndex*>(this)->find(id));
}
const Held* StoryIndex::find(const std::string& id) const {
  const auto alias = aliases_.find(id);
  const auto found = stories_.find(alias == aliases_.end() ? id : alias->second);
  return found == stories_.end() ? nullptr : found->second.get();
}

std::vector<Held*> StoryIndex::take_unreviewed() {
  std::vector<Held*> out;
  for (const std::string& id : unreviewed_)
    if (const auto found = stories_.find(id); found != stories_.end() && found->second->unreviewed) {
      found->second->unreviewed = false;
      if (!found->second->asleep) out.push_back(found->second.get());
    }
  unreviewed_.clear();
  std::sort(out.begin(), out.end(), older);
  return out;
}

std::vector<Held*> StoryIndex::neighbours(const Held& held) const {
  std::vector<Held*> out;
  for (const std::uint64_t term : held.posted) {
    const auto* stories = listed_.of(term);
    if (!stories || stories->size() > neighbours_of_term_max) continue;
    for (Held* other : *stories)
      if (other != &held) out.push_back(other);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void StoryIndex::each_awake(const std::function<void(const Held&)>& visit) const {
  for (auto held = awake_.rbegin(); held != awake_.rend(); ++held) visit(**held);
}

void StoryIndex::alias(const std::string& id, Held& held) {
  auto& merged = held.story.merged;
  merged.push_back(id);
  if (merged.size() > story_merged_max) merged.erase(merged.begin());
  aliases_[id] = held.story.id;
}

void StoryIndex::forward(Held& from, Held& into) {
  const std::vector<std::string> before = from.story.merged;
  const std::string id = from.story.id;
  drop(id);
  for (const std::string& each : before) alias(each, into);
  alias(id, into);
}

void StoryIndex::changed(Held& held, Time now) {
  auto place = (held.asleep ? asleep_ : awake_).extract(&held);
  held.asleep = false;
  if (!held.unreviewed) unreviewed_.push_back(held.story.id);
  held.unreviewed = true;
  held.touched = std::max(held.touched, now);
  held.entered = std::max(held.story.newest, held.touched);
  if (place)
    awake_.insert(std::move(place));
  else
    awake_.insert(&held);

  const std::vector<std::uint64_t>& wanted = held.vector.telling;
  if (held.posted == wanted) return;
  for (const std::uint64_t term : held.posted)
    if (!std::binary_search(wanted.begin(), wanted.end(), term)) listed_.strike(term, held);
  for (const std::uint64_t term : wanted)
    if (!std::binary_search(held.posted.begin(), held.posted.end(), term)) listed_.list(term, held);
  held.posted = wanted;
}

void StoryIndex::unpost(Held& held) {
  for (const std::uint64_t term : held.posted) listed_.strike(term, held);
  held.posted.clear();
}

void StoryIndex::drop(std::string id) {
  const auto found = stories_.find(id);
  if (found == stories_.end()) return;
  unpost(*found->second);
  (found->second->asleep ? asleep_ : awake_).erase(found->second.get());
  for (const std::string& alias : found->second->story.merged)
    if (const auto known = aliases_.find(alias); known != aliases_.end() && known->second == id)
      aliases_.erase(known);
  stories_.erase(found);
}

void StoryIndex::clear() {
  awake_.clear();
  asleep_.clear();
  listed_.clear();
  unreviewed_.clear();
  aliases_.clear();
  stories_.clear();
}

void StoryIndex::expire(Time now, const std::function<void(const Held&)>& leaves) {
  while (!awake_.empty()) {
    Held& held = **awake_.begin();
    const bool idle = held.entered + options_.active < now;
    if (!idle && stories_.size() <= options_.stories_max) break;
    if (!idle && !asleep_.empty()) {
      drop((*asleep_.begin())->story.id);
    } else if (idle && held.has_thread) {
      // A reply to its thread still belongs to it: it sleeps, and only its index entries go.
      leaves(held);
      auto place = awake_.extract(awake_.begin());
      unpost(held);
      held.asleep = true;
      asleep_.insert(std::move(place));
    } else {
      leaves(held);
      drop(held.story.id);
    }
  }
  while (stories_.size() > options_.stories_max && !asleep_.empty()) drop((*asleep_.begin())->story.id);
}

}  // namespace tingchao::analyzer
