// What a document brings to the story it goes to is the same in both layers.
#include "analyzer/group/layer.h"

#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t threads_max = 200'000;

}  // namespace

Time first_sight(const Document& document) {
  return document.fetched_at == Time{} ? effective_time(document) : document.fetched_at;
}

Arrived arrived(const Document& document, const Analysis& analysis) {
  Arrived out;
  out.part = part_of(document, analysis);
  out.terms = analysis.terms;
  out.numbers.reserve(analysis.terms.size());
  for (const TermWeight& term : analysis.terms) out.numbers.push_back(hash64(term.term));
  out.sketch = CopyIndex::sketch(document, analysis);
  if (document.thread) out.thread = hash64(document.thread->thread);
  out.seen = first_sight(document);
  out.placement.document = document.id;
  return out;
}

const std::string* Threads::story(std::uint64_t thread) const {
  const auto found = stories_.find(thread);
  return found == stories_.end() ? nullptr : &found->second;
}

void Threads::note(std::uint64_t thread, const std::string& story) {
  if (!stories_.insert_or_assign(thread, story).second) return;
  by_age_.push_back(thread);
  if (by_age_.size() <= threads_max) return;
  stories_.erase(by_age_.front());
  by_age_.pop_front();
}

void Threads::clear() {
  stories_.clear();
  by_age_.clear();
}

void Layer::put_again(Held& held, const Arrived& document, const Choice& choice) {
  const Time now = document.placement.turn;
  enter(held, document.part, {.copy_of = choice.copy_of, .is_reply = choice.is_reply});
  if (document.thread) {
    held.has_thread = true;
    threads.note(*document.thread, held.story.id);
  }
  if (choice.vector) {
    add_to_centroid(held, document.terms, document.numbers, *choice.vector);
    add_uses(held, document.numbers, now);
  }
  index.changed(held, now);
}

void Layer::put(Held& held, const Arrived& document, const Choice& choice) {
  put_again(held, document, choice);
  if (!choice.vector) return;
  const Time now = document.placement.turn;
  copies.add(document.sketch, {.document = document.part.document, .story = held.story.id, .at = now});
}

void Layer::clear() {
  index.clear();
  copies.clear();
  threads.clear();
}

}  // namespace tingchao::analyzer
