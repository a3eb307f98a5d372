// Every document a story of its own, until the index is in.
#include "analyzer/group.h"

#include <map>

#include "core/hash.h"

namespace tingchao::analyzer {

struct Grouper::Impl {
  std::map<std::string, Story> stories;
};

Grouper::Grouper() : Grouper(Options{}) {}
Grouper::Grouper(Options) : impl_(std::make_unique<Impl>()) {}
Grouper::~Grouper() = default;
Grouper::Grouper(Grouper&&) noexcept = default;
Grouper& Grouper::operator=(Grouper&&) noexcept = default;

Grouper::Placed Grouper::place(const Document& document, const Analysis& analysis, Time) {
  Story story;
  story.id = stable_id("story " + document.id);
  story.title = document.title;
  story.topics = analysis.topics;
  story.first_seen = story.newest = effective_time(document);
  story.documents = 1;
  story.members = {document.id};
  impl_->stories[story.id] = story;
  return {Placement{.document = document.id, .story = story.id, .created = true, .copy_of = {}}, story};
}
void Grouper::restore(Story story) { impl_->stories[story.id] = std::move(story); }
void Grouper::remember(const Document&, const Analysis&, const Placement&) {}
void Grouper::forget(Time) {}
const Story* Grouper::find(const std::string& id) const {
  const auto found = impl_->stories.find(id);
  return found == impl_->stories.end() ? nullptr : &found->second;
}
std::size_t Grouper::active() const { return impl_->stories.size(); }

}  // namespace tingchao::analyzer
