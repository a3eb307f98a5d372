#pragma once
// The memory of stories that had a warning and that nobody speaks of any more: what tells them again when they come
// back. Of each only id, title, centroid and the ids merged into it are kept, a few kilobytes, for 90 days after its
// newest document, the newest 5,000. Owns its index of their anchors.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/group/story_index.h"
#include "core/story.h"
#include "core/time.h"

namespace tingchao::analyzer {

inline constexpr std::chrono::days slept_kept{90};
inline constexpr std::size_t slept_stories_max = 5'000;

class SleptStories {
 public:
  void add(const Story& story);
  void erase(const std::string& id);
  // The one that a document takes up again, the most like it. The two must name a common school, place, body or number
  // and no different school or place; one school in the same kind of trouble needs little more, all else must be told
  // in like words.
  const Story* like(const TermVector& document, Time now) const;
  const Story* find(const std::string& id) const;
  void forget(Time now);
  std::size_t size() const { return stories_.size(); }

 private:
  struct Kept {
    Story story;
    TermVector vector;
  };
  std::unordered_map<std::string, Kept> stories_;
  std::unordered_map<std::uint64_t, std::set<std::string>> by_anchor_;
  std::set<std::pair<Time, std::string>> by_age_;
};

}  // namespace tingchao::analyzer
