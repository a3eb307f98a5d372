// Likeness is a mean of two things, times a Gaussian of the time between the document and the story's newest:
// the weighted sum of two cosines, of text and of anchors (after Miranda et al., "Multilingual Clustering of
// Streaming News", EMNLP 2018), and how much of the document is the story's own: the share of its terms, by
// weight, that lately stand in documents of that story rather than in others. A name that came up with an
// event tells it alone, however little else two titles share; a word that is used everywhere is nobody's own.
// A document's terms carry the idf of its own day, and a centroid is the plain sum of its documents, so a
// story's vector needs no recomputation and survives a restart exactly.
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
constexpr std::size_t uses_max = 256;
constexpr std::string_view topic_term = "topic:", topic_at_large = "topic:基础教育";
constexpr double sigma_days = 3;
constexpr std::size_t telling_max = 16;        // text terms of a document that are looked up
constexpr std::size_t telling_story_max = 24;  // and under which a story is listed
constexpr std::size_t centroid_text_max = 44, centroid_anchors_max = 20;
constexpr std::size_t posting_max = 4000;  // a term of so many stories tells none apart
constexpr std::size_t neighbour_posting_max = 64;

bool older(const Held* a, const Held* b) {
  return std::pair(a->story.first_seen, std::string_view(a->story.id)) <
         std::pair(b->story.first_seen, std::string_view(b->story.id));
}

float norm(const std::vector<WeightedTerm>& terms) {
  double sum = 0;
  for (const WeightedTerm& term : terms) sum += static_cast<double>(term.weight) * term.weight;
  return static_cast<float>(std::sqrt(sum));
}

// Without a branch on what the lists hold: which goes on next cannot be foretold.
double dot(const std::vector<WeightedTerm>& a, const std::vector<WeightedTerm>& b) {
  double sum = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint64_t x = a[i].term, y = b[j].term;
    const double product = static_cast<double>(a[i].weight) * b[j].weight;
    sum += x == y ? product : 0.0;
    i += x <= y;
    j += y <= x;
  }
  return sum;
}

// Sorts, measures and indexes what text, anchors, schools and places already hold.
void finish(TermVector& vector, std::size_t telling) {
  const auto by_term = [](const WeightedTerm& a, const WeightedTerm& b) { return a.term < b.term; };
  const auto heavier = [](const WeightedTerm& a, const WeightedTerm& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  };
  std::sort(vector.text.begin(), vector.text.end(), heavier);
  vector.telling.clear();
  for (std::size_t i = 0; i < std::min(telling, vector.text.size()); ++i)
    vector.telling.push_back(vector.text[i].term);
  for (const WeightedTerm& anchor : vector.anchors) vector.telling.push_back(anchor.term);
  std::sort(vector.telling.begin(), vector.telling.end());
  std::sort(vector.text.begin(), vector.text.end(), by_term);
  std::sort(vector.anchors.begin(), vector.anchors.end(), by_term);
  std::sort(vector.schools.begin(), vector.schools.end());
  std::sort(vector.places.begin(), vector.places.end());
  std::sort(vector.concerns.begin(), vector.concerns.end());
  vector.text_norm = norm(vector.text);
  vector.anchors_norm = norm(vector.anchors);
}

void note_kind(TermVector& vector, const TermWeight& term, std::uint64_t number) {
  if (term.term.starts_with(school_anchor)) vector.schools.push_back(number);
  if (term.term.starts_with(place_anchor)) vector.places.push_back(number);
  if (term.term.starts_with(topic_term) && !term.term.starts_with(topic_at_large))
    vector.concerns.push_back(number);
}

}  // namespace

bool share(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) return true;
    if (*x < *y)
      ++x;
    else
      ++y;
  }
  return false;
}

TermVector vector_of(const std::vector<TermWeight>& terms, Vocabulary& vocabulary, Time now) {
  TermVector vector;
  vector.sureness = vocabulary.sureness(now);
  for (const TermWeight& term : terms) vocabulary.fetch(hash64(term.term));
  for (const TermWeight& term : terms) {
    const std::uint64_t number = hash64(term.term);
    const auto weight = static_cast<float>(term.weight * vocabulary.usual.idf(number, now));
    const auto spread = static_cast<float>(vocabulary.spread(number, now));
    (term.anchor ? vector.anchors : vector.text).push_back({number, weight, spread});
    note_kind(vector, term, number);
  }
  const auto to_one = [](std::vector<WeightedTerm>& list) {
    const float length = norm(list);
    for (WeightedTerm& term : list) term.weight /= length;
  };
  to_one(vector.text);
  to_one(vector.anchors);
  finish(vector, telling_max);
  return vector;
}

void read_centroid(Held& held) {
  held.vector = {};
  for (const TermWeight& term : held.story.centroid) {
    const std::uint64_t number = hash64(term.term);
    (term.anchor ? held.vector.anchors : held.vector.text).push_back({number, term.weight});
    note_kind(held.vector, term, number);
  }
  finish(held.vector, telling_story_max);
}

void add_to_centroid(Held& held, const std::vector<TermWeight>& terms, const TermVector& document) {
  const auto weight_of = [&](const TermWeight& term) {
    const auto& list = term.anchor ? document.anchors : document.text;
    const std::uint64_t number = hash64(term.term);
    const auto found = std::lower_bound(list.begin(), list.end(), number,
                                        [](const WeightedTerm& t, std::uint64_t n) { return t.term < n; });
    return found != list.end() && found->term == number ? found->weight : 0.0f;
  };
  std::unordered_map<std::string_view, std::size_t> known;
  auto& centroid = held.story.centroid;
  centroid.reserve(centroid.size() + terms.size());  // the views in `known` must stay good
  for (std::size_t i = 0; i < centroid.size(); ++i) known.emplace(centroid[i].term, i);
  for (const TermWeight& term : terms) {
    const float weight = weight_of(term);
    const auto found = known.find(term.term);
    if (found != known.end())
      centroid[found->second].weight += weight;
    else
      centroid.push_back({term.term, weight, term.anchor});
  }
  cut_centroid(held);
}

void cut_centroid(Held& held) {
  auto& centroid = held.story.centroid;
  std::sort(centroid.begin(), centroid.end(), [](const TermWeight& a, const TermWeight& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  });
  std::size_t text = 0, anchors = 0;
  std::erase_if(centroid, [&](const TermWeight& term) {
    return term.anchor ? ++anchors > centroid_anchors_max : ++text > centroid_text_max;
  });
  read_centroid(held);
}

double faded(Time since, Time now) {
  const double half_lives = static_cast<double>((now - since).count()) / Vocabulary::recent_half_life.count();
  return std::exp2(-std::max(0.0, half_lives));
}

double cosine(const std::vector<WeightedTerm>& a, float a_norm, const std::vector<WeightedTerm>& b,
              float b_norm) {
  return a_norm > 0 && b_norm > 0 ? dot(a, b) / (a_norm * b_norm) : 0.0;
}

namespace {

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

void add_uses(Held& held, const std::vector<TermWeight>& terms, Time now) {
  const auto by_term = [](const WeightedTerm& a, const WeightedTerm& b) { return a.term < b.term; };
  const auto fade = static_cast<float>(faded(held.uses_at, now));
  for (WeightedTerm& use : held.uses) use.weight *= fade;
  held.uses_at = std::max(held.uses_at, now);
  const auto known = static_cast<std::ptrdiff_t>(held.uses.size());
  for (const TermWeight& term : terms) {
    const WeightedTerm fresh{.term = hash64(term.term), .weight = 1};
    const auto at = std::lower_bound(held.uses.begin(), held.uses.begin() + known, fresh, by_term);
    if (at != held.uses.begin() + known && at->term == fresh.term)
      at->weight += 1;
    else
      held.uses.push_back(fresh);
  }
  if (held.uses.size() > uses_max) {
    std::nth_element(held.uses.begin(), held.uses.begin() + uses_max, held.uses.end(),
                     [](const WeightedTerm& a, const WeightedTerm& b) {
                       return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
                     });
    held.uses.resize(uses_max);
  }
  std::sort(held.uses.begin(), held.uses.end(), by_term);
}

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
  gathered_.begin();
  const auto look_up = [&](std::uint64_t term, float weight) {
    const auto posting = postings_.find(term);
    if (posting == postings_.end() || posting->second.size() > posting_max) return;
    for (const Held* held : posting->second) gathered_.add(held, weight);
  };
  for (const WeightedTerm& term : document.text)
    if (std::binary_search(document.telling.begin(), document.telling.end(), term.term))
      look_up(term.term, term.weight * term.weight);
  for (const WeightedTerm& term : document.anchors) look_up(term.term, term.weight * term.weight);

  auto& candidates = gathered_.all();
  const std::size_t kept = std::min(candidates.size(), options_.candidates_max);
  to_front(candidates, kept);
  Match match;
  constexpr std::size_t places_ahead = 8, lists_ahead = 4;
  for (std::size_t i = 0; i < std::min(kept, places_ahead); ++i) fetch_place(*candidates[i].held);
  for (std::size_t i = 0; i < kept; ++i) {
    if (i + places_ahead < kept) fetch_place(*candidates[i + places_ahead].held);
    if (i + lists_ahead < kept) fetch_lists(*candidates[i + lists_ahead].held);
    const Held* held = candidates[i].held;
    const double scored = score(document, *held, at, now);
    if (scored > match.score ||
        (scored == match.score && match.held && held->story.id < match.held->story.id))
      match = {const_cast<Held*>(held), scored};
  }
  return match;
}

StoryIndex::Age StoryIndex::age(const Held& held) {
  return {std::max(held.story.newest, held.touched), held.story.id};
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
    const auto posting = postings_.find(term);
    if (posting == postings_.end() || posting->second.size() > neighbour_posting_max) continue;
    for (Held* other : posting->second)
      if (other != &held) out.push_back(other);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  std::sort(out.begin(), out.end(), older);
  return out;
}

void StoryIndex::each_awake(const std::function<void(const Held&)>& visit) const {
  for (auto entry = awake_.rbegin(); entry != awake_.rend(); ++entry) visit(*stories_.at(entry->second));
}

void StoryIndex::forward(Held& from, Held& into) {
  auto& merged = into.story.merged;
  merged.insert(merged.end(), from.story.merged.begin(), from.story.merged.end());
  merged.push_back(from.story.id);
  if (merged.size() > story_merged_max)
    merged.erase(merged.begin(), merged.end() - static_cast<std::ptrdiff_t>(story_merged_max));
  const std::string id = from.story.id;
  drop(id);
  for (const std::string& alias : merged) aliases_[alias] = into.story.id;
}

void StoryIndex::changed(Held& held, Time now) {
  if (const auto entered = ages_.find(held.story.id); entered != ages_.end())
    (held.asleep ? asleep_ : awake_).erase({entered->second, held.story.id});
  held.asleep = false;
  if (!held.unreviewed) unreviewed_.push_back(held.story.id);
  held.unreviewed = true;
  held.touched = std::max(held.touched, now);
  const Age entry = age(held);
  ages_[held.story.id] = entry.first;
  awake_.insert(entry);

  const std::vector<std::uint64_t>& wanted = held.vector.telling;
  if (held.posted == wanted) return;
  for (const std::uint64_t term : held.posted)
    if (!std::binary_search(wanted.begin(), wanted.end(), term)) {
      auto& posting = postings_[term];
      std::erase(posting, &held);
      if (posting.empty()) postings_.erase(term);
    }
  for (const std::uint64_t term : wanted)
    if (!std::binary_search(held.posted.begin(), held.posted.end(), term)) postings_[term].push_back(&held);
  held.posted = wanted;
}

void StoryIndex::unpost(Held& held) {
  for (const std::uint64_t term : held.posted) {
    auto& posting = postings_[term];
    std::erase(posting, &held);
    if (posting.empty()) postings_.erase(term);
  }
  held.posted.clear();
}

void StoryIndex::drop(std::string id) {
  const auto found = stories_.find(id);
  if (found == stories_.end()) return;
  unpost(*found->second);
  (found->second->asleep ? asleep_ : awake_).erase({ages_[id], id});
  ages_.erase(id);
  for (const std::string& alias : found->second->story.merged)
    if (const auto known = aliases_.find(alias); known != aliases_.end() && known->second == id)
      aliases_.erase(known);
  stories_.erase(found);
}

void StoryIndex::expire(Time now, const std::function<void(const Held&)>& leaves) {
  while (!awake_.empty()) {
    const auto [last, id] = *awake_.begin();
    const bool idle = last + options_.active < now;
    if (!idle && stories_.size() <= options_.stories_max) break;
    Held& held = *stories_[id];
    if (!idle && !asleep_.empty()) {
      drop(asleep_.begin()->second);
    } else if (idle && held.has_thread) {
      // A reply to its thread still belongs to it: it sleeps, and only its index entries go.
      leaves(held);
      awake_.erase(awake_.begin());
      unpost(held);
      held.asleep = true;
      asleep_.insert({last, id});
    } else {
      leaves(held);
      drop(id);
    }
  }
  while (stories_.size() > options_.stories_max && !asleep_.empty()) drop(asleep_.begin()->second);
}

}  // namespace tingchao::analyzer
