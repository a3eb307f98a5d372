// A document finds its story in this order: the thread it replies to, the original it copies, the story
// most like it if like enough, else a new one. The threshold grows with the story (the idea of
// Telegram's tgcontest clusterers), so that big stories do not swallow what merely resembles them.
#include "analyzer/group.h"

#include <algorithm>
#include <utility>

#include "analyzer/group/saved.h"
#include "analyzer/group/stories.h"
#include "core/hash.h"

namespace tingchao::analyzer {

struct Grouper::Impl : Stories {
  using Stories::Stories;
};

Grouper::Grouper() : Grouper(Options{}) {}
Grouper::Grouper(Options options) : impl_(std::make_unique<Impl>(options)) {}
Grouper::~Grouper() = default;
Grouper::Grouper(Grouper&&) noexcept = default;
Grouper& Grouper::operator=(Grouper&&) noexcept = default;

Grouper::Placed Grouper::place(const Document& document, const Analysis& analysis, Time now) {
  Impl& self = *impl_;
  self.settle_due(now);
  Arrived each = arrived(document, analysis);
  Placement& placement = each.placement;
  placement.turn = std::max(turn_of(document), self.until);
  Choice choice = self.choose(each, View::live);
  bool opened = false;
  Held* story = nullptr;
  if (choice.held == nullptr) {
    Story begins = self.begun(self.id_for(each, choice, stable_id("story " + document.id)), each);
    placement.created = !begins.slept_at;
    story = &self.fresh.index.add(std::move(begins), placement.turn);
    opened = true;
  } else {
    story = &self.own_copy(*choice.held, opened);
  }
  placement.story = story->story.id;
  placement.copy_of = choice.copy_of;
  placement.similarity = choice.similarity;
  self.fresh.put(*story, each, choice);
  if (choice.vector) self.vocabulary.add_open(each.numbers);
  self.open.push_back(std::move(each));
  return {self.open.back().placement, story->story, opened};
}

Grouper::Settled Grouper::reconcile(Time now) {
  impl_->settle_due(now);
  return std::exchange(impl_->outcome, {});
}

void Grouper::note_warning(const std::string& story) { impl_->warned.insert(story); }

void Grouper::settled_until(Time until) { impl_->until = until; }

void Grouper::restore(Story story) {
  const Time newest = story.newest;
  impl_->settled.index.add(std::move(story), newest);
}

void Grouper::restore_warned(const Story& story, Time now) {
  Impl& self = *impl_;
  if (self.settled.index.find(story.id)) return note_warning(story.id);
  // Not awake where documents are settled: open ones hold it, or it sleeps, or both.
  const bool woken = story.slept_at && story.woken_at && *story.woken_at >= self.until;
  if (!woken && story.newest + self.options.active >= now) return note_warning(story.id);
  Story before = story;
  if (woken) before.newest = *story.slept_at;
  if (before.newest + slept_kept >= now) self.slept.add(before);
}

void Grouper::remember(const Document& document, const Analysis& analysis, const Placement& placement) {
  Impl& self = *impl_;
  self.resumed = true;
  Arrived each = arrived(document, analysis);
  const bool open = placement.turn >= self.until && placement.turn != Time{};
  each.placement = placement;
  if (open) {
    self.reopen(each);
    self.open.push_back(std::move(each));
    return;
  }
  if (placement.turn == Time{}) each.placement.turn = first_sight(document);
  const Time now = each.placement.turn;
  Held* story = self.settled.index.find(placement.story);
  const bool is_reply = self.thread_story(each, View::settled) != nullptr;
  if (story) {
    remember_parts(*story, each.part);
    if (each.thread) {
      story->has_thread = true;
      self.settled.threads.note(*each.thread, story->story.id);
    }
    story->touched = std::max(story->touched, now);
    self.settled.index.changed(*story, now);
    each.is_reply = is_reply;
    self.note_recent(*story, each);
  }
  if (is_reply || !placement.copy_of.empty()) return;
  const bool known = placement.turn < self.counted_until;
  if (story && !(known && story->uses_adopted)) add_uses(*story, each.numbers, now);
  if (!known) self.vocabulary.add(each.numbers, now);
  self.settled.copies.add(std::move(each.sketch), {.document = document.id, .story = placement.story, .at = now});
}

std::string Grouper::frequencies() const {
  return write_frequencies(impl_->vocabulary, impl_->settled.index, impl_->until);
}

bool Grouper::adopt_frequencies(std::string_view text) {
  const auto until = read_frequencies(text, impl_->vocabulary, impl_->settled.index);
  if (!until) return false;
  impl_->counted_until = *until;
  impl_->until = std::max(impl_->until, *until);  // nothing that was open then is counted
  return true;
}

void Grouper::forget(Time now) {
  impl_->fall_asleep(std::min(now, impl_->until));
}

const Story* Grouper::find(const std::string& id) const {
  const Held* held = impl_->held(id, View::live);
  return held ? &held->story : nullptr;
}

const Story* Grouper::settled(const std::string& id) const {
  const Held* held = impl_->settled.index.find(id);
  return held ? &held->story : nullptr;
}

std::size_t Grouper::active() const {
  std::size_t born = 0;
  impl_->fresh.index.each_awake([&](const Held& held) { born += !impl_->settled.index.find(held.story.id); });
  return impl_->settled.index.awake() + born;
}

}  // namespace tingchao::analyzer
