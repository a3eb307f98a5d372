// A document finds its story in this order: the thread it replies to, the original it copies, the story
// most like it if like enough, else a new one. The threshold grows with the story (the idea of
// Telegram's tgcontest clusterers), so that big stories do not swallow what merely resembles them.
#include "analyzer/group.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <unordered_set>

#include "analyzer/group/account.h"
#include "analyzer/group/copies.h"
#include "analyzer/group/frequencies.h"
#include "analyzer/group/merging.h"
#include "analyzer/group/saved.h"
#include "analyzer/group/story_index.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t threads_max = 200'000;
constexpr double growth = 0.0066, growth_from = 10;

std::int64_t span_of(Time now) { return now.time_since_epoch() / std::chrono::minutes{10}; }

Time first_sight(const Document& document) {
  return document.fetched_at == Time{} ? effective_time(document) : document.fetched_at;
}

}  // namespace

struct Grouper::Impl {
  explicit Impl(Options given)
      : options(given),
        index({.active = given.active,
               .stories_max = given.stories_max,
               .candidates_max = given.candidates_max}),
        copies({.window = given.copies_window, .entries_max = given.copies_max}) {}

  Options options;
  StoryIndex index;
  CopyIndex copies;
  Vocabulary vocabulary{vocabulary_terms_max};
  std::unordered_map<std::uint64_t, std::string> threads;  // hash of the thread's URL → story
  std::deque<std::uint64_t> threads_by_age;
  std::int64_t looked = 0;  // the ten minutes of the last look for stories to merge

  double threshold(const Story& story) const {
    return options.join_threshold + growth * std::log2(std::max(1.0, story.documents / growth_from));
  }

  Held* thread_story(const Document& document) {
    if (!document.thread) return nullptr;
    const auto found = threads.find(hash64(document.thread->thread));
    return found == threads.end() ? nullptr : index.find(found->second);
  }
  void note_thread(const Document& document, Held& held) {
    if (!document.thread) return;
    held.has_thread = true;
    const std::uint64_t thread = hash64(document.thread->thread);
    if (!threads.insert_or_assign(thread, held.story.id).second) return;
    threads_by_age.push_back(thread);
    if (threads_by_age.size() > threads_max) {
      threads.erase(threads_by_age.front());
      threads_by_age.pop_front();
    }
  }
  // While documents are remembered: stories were looked at with the first document of each ten minutes.
  void reviewed_before(Time now) {
    if (span_of(now) <= looked) return;
    looked = span_of(now);
    index.take_unreviewed();
  }

  Counted counted;       // documents whose terms are in the vocabulary
  Time adopted_until{};  // of those that adopted frequencies know: all until then,
  std::unordered_set<std::uint64_t> adopted_later;  // and these

  bool knows_terms_of(const Document& document) const {
    return first_sight(document) <= adopted_until || adopted_later.contains(hash64(document.id));
  }

  void count_terms(const Document& document, const Analysis& analysis, Time now) {
    counted.add(first_sight(document), hash64(document.id));
    std::vector<std::uint64_t> terms;
    for (const TermWeight& term : analysis.terms) terms.push_back(hash64(term.term));
    vocabulary.add(terms, now);
  }
};

Grouper::Grouper() : Grouper(Options{}) {}
Grouper::Grouper(Options options) : impl_(std::make_unique<Impl>(options)) {}
Grouper::~Grouper() = default;
Grouper::Grouper(Grouper&&) noexcept = default;
Grouper& Grouper::operator=(Grouper&&) noexcept = default;

Grouper::Placed Grouper::place(const Document& document, const Analysis& analysis, Time now) {
  Impl& self = *impl_;
  forget(now);
  Placement placement{.document = document.id, .story = {}, .copy_of = {}};
  Held* held = self.thread_story(document);
  const bool is_reply = held != nullptr;
  TermVector vector;
  CopyIndex::Sketch sketch;
  if (!is_reply) {
    sketch = CopyIndex::sketch(document, analysis);
    if (const auto original = self.copies.find(sketch, now)) {
      held = self.index.find(original->story);
      // An old text that turns up after its story ended is news again.
      if (held && !held->asleep) {
        placement.copy_of = original->document;
        placement.similarity = 1;
      } else {
        held = nullptr;
      }
    }
    if (!held) {
      vector = vector_of(analysis.terms, self.vocabulary, now);
      const auto match = self.index.best(vector, effective_time(document), now);
      if (match.held && match.score >= self.threshold(match.held->story)) {
        held = match.held;
        placement.similarity = match.score;
      }
    }
  }
  if (!held) {
    held = &self.index.add(begin_story(document), now);
    placement.created = true;
  }
  placement.story = held->story.id;

  enter(*held, document, analysis, {.copy_of = placement.copy_of, .is_reply = is_reply});
  self.note_thread(document, *held);
  if (!is_reply && placement.copy_of.empty()) {
    add_to_centroid(*held, analysis.terms, vector);
    add_uses(*held, analysis.terms, now);
    self.count_terms(document, analysis, now);
    self.copies.add(sketch, {.document = document.id, .story = placement.story, .at = now});
  }
  self.index.changed(*held, now);
  return {std::move(placement), held->story};
}

std::vector<StoryMerge> Grouper::reconcile(Time now) {
  Impl& self = *impl_;
  const std::int64_t span = span_of(now);
  if (span <= self.looked) return {};
  self.looked = span;
  forget(now);  // what a restart brought back may be long idle
  std::vector<StoryMerge> merges;
  std::vector<std::string> ids;
  for (const Held* held : self.index.take_unreviewed()) ids.push_back(held->story.id);
  for (const std::string& id : ids) {
    Held* held = self.index.find(id);
    if (!held || held->story.id != id || held->asleep) continue;
    for (Held* other : self.index.neighbours(*held)) {
      if (!are_one(*held, *other, self.vocabulary, now)) continue;
      const bool is_older = std::pair(held->story.first_seen, held->story.id) <
                            std::pair(other->story.first_seen, other->story.id);
      Held &into = is_older ? *held : *other, &from = is_older ? *other : *held;
      merges.push_back({.from = from.story.id, .into = into.story.id, .at = now});
      absorb(into, from, now);
      self.index.forward(from, into);
      self.index.changed(into, into.touched);
      break;  // a merged one is looked at again with the next ten minutes
    }
  }
  return merges;
}

void Grouper::restore(Story story) {
  const Time newest = story.newest;
  impl_->index.add(std::move(story), newest);
}

void Grouper::remember(const Document& document, const Analysis& analysis, const Placement& placement) {
  Impl& self = *impl_;
  const Time now = first_sight(document);
  self.reviewed_before(now);
  Held* held = self.index.find(placement.story);
  const bool is_reply = self.thread_story(document) != nullptr;
  if (held) {
    remember_parts(*held, document, analysis);
    self.note_thread(document, *held);
    held->touched = std::max(held->touched, now);
    self.index.changed(*held, now);
  }
  if (is_reply || !placement.copy_of.empty()) return;
  const bool known = self.knows_terms_of(document);
  if (held && !(known && held->uses_adopted)) add_uses(*held, analysis.terms, now);
  if (!known) self.count_terms(document, analysis, now);
  self.copies.add(CopyIndex::sketch(document, analysis),
                  {.document = document.id, .story = placement.story, .at = now});
}

std::string Grouper::frequencies() const {
  return write_frequencies(impl_->vocabulary, impl_->index, impl_->counted);
}

bool Grouper::adopt_frequencies(std::string_view text) {
  auto counted = read_frequencies(text, impl_->vocabulary, impl_->index);
  if (!counted) return false;
  impl_->adopted_until = counted->settled;
  for (const auto& [at, document] : counted->later) impl_->adopted_later.insert(document);
  impl_->counted = std::move(*counted);
  return true;
}

void Grouper::forget(Time now) {
  impl_->index.expire(now, [](const Held&) {});
  impl_->copies.forget(now);
}

const Story* Grouper::find(const std::string& id) const {
  const Held* held = impl_->index.find(id);
  return held ? &held->story : nullptr;
}

std::size_t Grouper::active() const { return impl_->index.awake(); }

}  // namespace tingchao::analyzer
