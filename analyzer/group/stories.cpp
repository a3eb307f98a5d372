// Which story a document is most like depends on all that came before, and a small difference grows: two orders of
// the same hour end in other stories by the next day. So what stays is made of settled documents alone, by their turns
// and not by their arrival; the fresh layer is thrown away whenever documents are settled, and made anew of those that
// are still open. Stories are merged and divided right after.
#include "analyzer/group/stories.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "analyzer/group/merging.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr double growth = 0.0066, growth_from = 10;
constexpr std::chrono::minutes slot{10}, grace{10};
constexpr std::size_t open_max = 20'000;  // more are settled early
constexpr std::size_t recent_max = 20'000, parted_originals_max = 100'000;

// The stories that took documents of a slot: no other takes now what it did not take before.
class Changed {
 public:
  void note(Held& held) {
    std::unordered_set<std::uint64_t>& under = listed_[&held];
    for (const std::uint64_t term : held.vector.telling)
      if (under.insert(term).second) stories_.list(term, held);
  }
  const TellingTerms& stories() const { return stories_; }

 private:
  TellingTerms stories_;
  std::unordered_map<const Held*, std::unordered_set<std::uint64_t>> listed_;
};

Time slot_of(Time at) { return Time(at.time_since_epoch() / Seconds{slot} * Seconds{slot}); }

bool earlier(const Arrived& a, const Arrived& b) {
  return a.placement.turn != b.placement.turn ? a.placement.turn < b.placement.turn : a.part.document < b.part.document;
}

}  // namespace

Time turn_of(const Document& document) {
  const Time seen = first_sight(document);
  const bool known = document.published_at && document.published_to_the_minute && *document.published_at <= seen;
  return known && seen - *document.published_at < grace ? *document.published_at : slot_of(seen);
}

Stories::Stories(Grouper::Options given)
    : options(given), settled(empty_layer()), fresh(empty_layer()), recent(recent_max) {}

Layer Stories::empty_layer() const {
  return {StoryIndex({.active = options.active,
                      .stories_max = options.stories_max,
                      .candidates_max = options.candidates_max}),
          CopyIndex({.window = options.copies_window, .entries_max = options.copies_max}),
          {}};
}

double Stories::threshold(const Story& story) const {
  return options.join_threshold + growth * std::log2(std::max(1.0, story.documents / growth_from));
}

Held* Stories::held(const std::string& id, View view) {
  if (view == View::live)
    if (Held* own = fresh.index.find(id)) return own;
  return settled.index.find(id);
}

Held* Stories::thread_story(const Arrived& document, View view) {
  if (!document.thread) return nullptr;
  const std::string* story = view == View::live ? fresh.threads.story(*document.thread) : nullptr;
  if (!story) story = settled.threads.story(*document.thread);
  return story ? held(*story, view) : nullptr;
}

StoryIndex::Match Stories::most_like(const Arrived& document, const TermVector& vector, View view) {
  const Time at = document.part.at, now = document.placement.turn;
  StoryIndex::Match match = settled.index.best(vector, at, now);
  if (view == View::settled) return match;
  if (match.held)
    if (Held* own = fresh.index.find(match.held->story.id))
      match = {own, fresh.index.score(vector, *own, at, now)};
  const StoryIndex::Match other = fresh.index.best(vector, at, now);
  return other.score > match.score ? other : match;
}

bool Stories::follow(const Arrived& document, View view, Choice& choice) {
  const Time now = document.placement.turn;
  choice.held = thread_story(document, view);
  choice.is_reply = choice.held != nullptr;
  if (choice.is_reply) return true;
  std::optional<Original> original = settled.copies.find(document.sketch, now);
  if (!original && view == View::live) original = fresh.copies.find(document.sketch, now);
  const auto left = original ? parted.find(original->document) : parted.end();
  const std::string& with = left != parted.end() ? left->second : original ? original->story : document.part.document;
  if (Held* story = original ? held(with, view) : nullptr; story && !story->asleep) {
    // An old text that turns up after its story ended is news again.
    choice.held = story;
    choice.copy_of = original->document;
    choice.similarity = 1;
    return true;
  }
  return false;
}

void Stories::join(StoryIndex::Match match, Choice& choice) const {
  if (!match.held || match.score < threshold(match.held->story)) return;
  choice.held = match.held;
  choice.similarity = match.score;
}

Choice Stories::choose(const Arrived& document, View view) {
  Choice choice;
  if (follow(document, view, choice)) return choice;
  choice.vector = vector_of(document.terms, document.numbers, vocabulary, document.placement.turn);
  join(most_like(document, *choice.vector, view), choice);
  return choice;
}

Choice Stories::choose_again(const Arrived& document, TermVector vector, const TellingTerms& changed) {
  Choice choice;
  if (follow(document, View::settled, choice)) return choice;
  const StoryIndex::Match best =
      settled.index.best_of(changed, vector, document.part.at, document.placement.turn);
  choice.vector = std::move(vector);
  join(best, choice);
  return choice;
}

Held& Stories::own_copy(Held& story, bool& opened) {
  if (Held* own = fresh.index.find(story.story.id)) return *own;
  opened = true;
  return fresh.index.adopt(story);
}

void Stories::reopen(const Arrived& document) {
  bool opened = false;
  Choice choice;
  choice.is_reply = thread_story(document, View::live) != nullptr;
  choice.copy_of = document.placement.copy_of;
  if (!choice.is_reply && choice.copy_of.empty()) {
    choice.vector = vector_of(document.terms, document.numbers, vocabulary, document.placement.turn);
    vocabulary.add_open(document.numbers);
  }
  Held* story = held(document.placement.story, View::live);
  Held& own = story ? own_copy(*story, opened)
                    : fresh.index.add(begun(document.placement.story, document), document.placement.turn);
  fresh.put(own, document, choice);
}

Story Stories::begun(const std::string& id, const Arrived& document) const {
  Story story = begin_story(id, document.part);
  if (const Story* before = slept.find(id)) {
    story.merged = before->merged;
    story.centroid = before->centroid;
    story.slept_at = before->newest;
    story.woken_at = document.seen;
  }
  return story;
}

std::string Stories::id_for(const Arrived& document, const Choice& choice, const std::string& otherwise) const {
  const Story* before = choice.vector ? slept.like(*choice.vector, document.placement.turn) : nullptr;
  return before ? before->id : otherwise;
}

void Stories::fall_asleep(Time now) {
  settled.index.expire(now, [this](const Held& held) {
    if (warned.erase(held.story.id) > 0) slept.add(held.story);
  });
  settled.copies.forget(now);
  slept.forget(now);
}

void Stories::close_all() {
  if (fresh.index.awake() == 0) return;
  fresh.clear();
  vocabulary.take_back_open();
}

void Stories::reopen_all() {
  for (const Arrived& document : open) reopen(document);
}

// The id by which people may know the document's story, or else one of its own.
std::string Stories::free_id(const Arrived& document) {
  if (!settled.index.find(document.placement.story)) return document.placement.story;
  std::string id = stable_id("story " + document.part.document);
  return settled.index.find(id) ? stable_id("story again " + document.part.document) : id;
}

// Those first that a known story takes: it is surer of them than what the others begin.
void Stories::settle_slot(std::vector<Arrived>& due, std::size_t begin, std::size_t end,
                          std::vector<Placement>& after) {
  fall_asleep(due[begin].placement.turn);
  std::vector<std::pair<std::size_t, TermVector>> others;
  std::vector<Held*> changed;
  const auto settle_one = [&](std::size_t i, Choice choice) {
    after[i] = settle(std::move(due[i]), choice);
    return choice.held;
  };
  for (std::size_t i = begin; i < end; ++i) {
    Choice choice = choose(due[i], View::settled);
    if (choice.held)
      changed.push_back(settle_one(i, std::move(choice)));
    else
      others.emplace_back(i, std::move(*choice.vector));
  }
  if (others.empty()) return;
  Changed among;
  for (Held* const held : changed) among.note(*held);
  for (auto& [i, vector] : others)
    among.note(*settle_one(i, choose_again(due[i], std::move(vector), among.stories())));
}

Placement Stories::settle(Arrived document, Choice& choice) {
  Placement& placement = document.placement;
  if (choice.held == nullptr) {
    Story story = begun(id_for(document, choice, free_id(document)), document);
    placement.created = !story.slept_at;
    choice.held = &settled.index.add(std::move(story), placement.turn);
  } else {
    placement.created = false;
  }
  placement.story = choice.held->story.id;
  if (slept.find(placement.story)) {  // awake, be it by a reply to its thread
    slept.erase(placement.story);
    warned.insert(placement.story);
  }
  placement.copy_of = choice.copy_of;
  placement.similarity = choice.similarity;
  document.is_reply = choice.is_reply;
  settled.put(*choice.held, document, choice);
  if (choice.vector) vocabulary.add(document.numbers, placement.turn);
  Placement settled_as = placement;
  note_recent(*choice.held, std::move(document));
  return settled_as;
}

void Stories::note_recent(Held& held, Arrived document) {
  held.recent.push_back(recent.add(std::move(document)));
  if (held.recent.size() > recent_members_max) held.recent.erase(held.recent.begin());
}

// Those that grew are compared with those that share a telling term.
void Stories::look(Time at) {
  std::vector<std::string> ids;
  for (const Held* each : settled.index.take_unreviewed()) ids.push_back(each->story.id);
  for (const std::string& id : ids) {
    Held* story = settled.index.find(id);
    if (!story || story->story.id != id || story->asleep) continue;
    Held* other = nullptr;  // the oldest of those that are the same
    const std::vector<Held*> neighbours = settled.index.neighbours(*story);
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      fetch_ahead(i, neighbours.size(), [&](std::size_t k) -> const Held& { return *neighbours[k]; });
      Held* const each = neighbours[i];
      if (are_one(*story, *each, vocabulary, at) && (!other || older(each, other))) other = each;
    }
    if (!other) continue;
    Held &into = older(story, other) ? *story : *other, &from = &into == story ? *other : *story;
    outcome.merges.push_back({.from = from.story.id, .into = into.story.id, .at = at});
    absorb(into, from, at);
    settled.index.forward(from, into);
    settled.index.changed(into, into.touched);  // it is looked at again with the next ten minutes
  }
  divide(ids, at);
}

void Stories::divide(const std::vector<std::string>& ids, Time at) {
  for (const std::string& id : ids) {
    Held* story = settled.index.find(id);
    if (!story || story->story.id != id || story->asleep) continue;
    auto two = part(*story, settled, recent, vocabulary, at);
    if (!two) continue;
    if (parted.size() >= parted_originals_max) parted.clear();
    for (StoryMove& move : two->moves) {
      parted[move.placement.document] = move.placement.story;
      parting_moves_.push_back(std::move(move));
    }
    outcome.splits.push_back(std::move(two->split));
  }
}

std::vector<Arrived> Stories::take_due(Time now) {
  Time due_until = slot_of(now - grace);
  if (open.size() >= open_max)
    for (const Arrived& each : open) due_until = std::max(due_until, each.placement.turn + Seconds{1});
  std::vector<Arrived> due;
  if (due_until <= until) return due;
  until = due_until;
  const auto is_due = [&](const Arrived& each) { return each.placement.turn < until; };
  for (Arrived& each : open)
    if (is_due(each)) due.push_back(std::move(each));
  if (!due.empty()) std::erase_if(open, is_due);
  std::sort(due.begin(), due.end(), earlier);
  return due;
}

void Stories::settle_due(Time now) {
  if (resumed) {
    settled.index.take_unreviewed();  // were looked at when they were settled
    close_all();
    reopen_all();
    resumed = false;
  }
  std::vector<Arrived> due = take_due(now);
  if (due.empty()) return fall_asleep(until);
  close_all();
  std::vector<Placement> before, after(due.size());
  for (const Arrived& each : due) before.push_back(each.placement);
  for (std::size_t begin = 0, end = 0; begin < due.size(); begin = end) {
    const Time ends = slot_of(due[begin].placement.turn) + slot;
    while (end < due.size() && due[end].placement.turn < ends) ++end;
    settle_slot(due, begin, end, after);
    look(ends);
  }
  fall_asleep(until);
  reopen_all();
  report(before, after);
}

void Stories::report(const std::vector<Placement>& before, const std::vector<Placement>& after) {
  std::unordered_set<std::string> open_ids, changed;
  for (const Arrived& each : open) open_ids.insert(each.placement.story);
  // A story that nobody holds any more: what was said of it goes where its first document went.
  for (std::size_t i = 0; i < after.size(); ++i) {
    const std::string& gone = before[i].story;
    if (held(gone, View::live)) continue;
    Held* into = settled.index.find(after[i].story);
    if (!into) continue;
    settled.index.alias(gone, *into);
    outcome.merges.push_back({.from = gone, .into = into->story.id, .at = until});
  }
  for (std::size_t i = 0; i < after.size(); ++i) {
    StoryMove move{after[i], before[i].story};
    if (const Held* now = settled.index.find(move.placement.story)) move.placement.story = now->story.id;
    if (const Held* from = held(move.from, View::live)) move.from = from->story.id;
    changed.insert({move.placement.story, move.from});
    if (move.from != move.placement.story || before[i].copy_of != move.placement.copy_of ||
        before[i].created != move.placement.created)
      outcome.moves.push_back(std::move(move));
  }
  for (StoryMove& move : parting_moves_) {
    if (const Held* now = settled.index.find(move.placement.story)) move.placement.story = now->story.id;
    if (const Held* from = settled.index.find(move.from)) move.from = from->story.id;
    changed.insert({move.placement.story, move.from});
    outcome.moves.push_back(std::move(move));
  }
  parting_moves_.clear();
  for (const StoryMerge& merge : outcome.merges) {
    if (warned.erase(merge.from) > 0) warned.insert(merge.into);
    if (const Held* into = held(merge.into, View::live)) changed.insert(into->story.id);
  }
  changed.insert(open_ids.begin(), open_ids.end());
  outcome.any = true;
  outcome.until = until;
  outcome.changed.assign(changed.begin(), changed.end());
  outcome.open.assign(open_ids.begin(), open_ids.end());
  std::sort(outcome.changed.begin(), outcome.changed.end());
  std::sort(outcome.open.begin(), outcome.open.end());
}

}  // namespace tingchao::analyzer
