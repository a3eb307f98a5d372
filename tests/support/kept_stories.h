#pragma once
// What a store keeps of grouping, in memory: enough to end a grouper before any document and to resume it as the
// daemon does. Documents and analyses must outlive it.

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/group.h"

namespace tingchao {

class KeptStories {
 public:
  enum class Keep { placements, all };  // the former where nothing is resumed
  explicit KeptStories(Keep what = Keep::all) : what_(what) {}

  void note(const analyzer::Grouper& grouper, const analyzer::Grouper::Settled& settled) {
    for (const StoryMerge& merge : settled.merges) {
      alias_[merge.from] = merge.into;
      stories_.erase(merge.from);
    }
    for (const StoryMove& move : settled.moves) placements_[move.placement.document] = move.placement;
    moves_ += settled.moves.size();
    splits_.insert(splits_.end(), settled.splits.begin(), settled.splits.end());
    if (!settled.any || what_ == Keep::placements) return;
    until_ = settled.until;
    for (const std::string& id : settled.changed)
      if (const Story* story = grouper.find(id)) stories_[story->id] = *story;
    open_.clear();
    for (const std::string& id : settled.open) note_open(grouper, id);
  }
  void note(const analyzer::Grouper& grouper, const Document& document, const Analysis& analysis,
            const analyzer::Grouper::Placed& placed) {
    placements_[document.id] = placed.placement;
    if (what_ == Keep::placements) return;
    documents_.push_back({&document, &analysis});
    stories_[placed.story.id] = placed.story;
    if (placed.opened) note_open(grouper, placed.story.id);
  }
  void save_frequencies(const analyzer::Grouper& grouper) { frequencies_ = grouper.frequencies(); }

  analyzer::Grouper resume(Time now, analyzer::Grouper::Options options = {}) {
    constexpr std::chrono::days remembered{14};
    std::erase_if(stories_, [&](const auto& each) { return each.second.newest < now - remembered; });
    while (!documents_.empty() && documents_.front().document->fetched_at < now - remembered) documents_.pop_front();
    analyzer::Grouper grouper(options);
    grouper.settled_until(until_);
    for (const auto& [id, story] : stories_) {
      const auto open = open_.find(id);
      if (open == open_.end()) grouper.restore(story);
      if (open != open_.end() && open->second) grouper.restore(*open->second);
    }
    if (!frequencies_.empty() && !grouper.adopt_frequencies(frequencies_))
      throw std::runtime_error("saved frequencies are refused");
    for (const auto& [document, analysis] : documents_)
      grouper.remember(*document, *analysis, placements_.at(document->id));
    return grouper;
  }

  // Where the document is now, aliases followed.
  std::string story_of(const std::string& document) const { return resolve(placements_.at(document).story); }
  std::string resolve(std::string story) const {
    for (auto next = alias_.find(story); next != alias_.end(); next = alias_.find(story)) story = next->second;
    return story;
  }
  std::size_t merges() const { return alias_.size(); }
  std::size_t moves() const { return moves_; }
  const std::vector<StorySplit>& splits() const { return splits_; }

 private:
  struct Taken {
    const Document* document;
    const Analysis* analysis;
  };
  void note_open(const analyzer::Grouper& grouper, const std::string& id) {
    const Story* before = grouper.settled(id);
    open_[id] = before ? std::optional(*before) : std::nullopt;
  }

  Keep what_;
  std::map<std::string, Story> stories_;
  std::map<std::string, std::optional<Story>> open_;
  std::map<std::string, std::string> alias_;
  std::unordered_map<std::string, Placement> placements_;
  std::string frequencies_;
  Time until_{};
  std::deque<Taken> documents_;
  std::size_t moves_ = 0;
  std::vector<StorySplit> splits_;
};

}  // namespace tingchao
