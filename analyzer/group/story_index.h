#pragma once
// The stories that are awake, each with its centroid as numbers, and the inverted index that finds those
// which share the telling terms of a document. Knows similarity and nothing of what a story counts.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/group/gathered.h"
#include "analyzer/group/held.h"
#include "analyzer/group/telling.h"
#include "core/story.h"
#include "core/time.h"

namespace tingchao::analyzer {

class StoryIndex {
 public:
  struct Options {
    Seconds active;
    std::size_t stories_max;
    std::size_t candidates_max;
  };
  explicit StoryIndex(Options options) : options_(options) {}

  struct Match {
    Held* held = nullptr;
    double score = 0;
  };
  // The best story for a document first seen `now`, and its score; null: none shares a term.
  Match best(const TermVector& document, Time at, Time now) const;
  // The same among some of its stories.
  Match best_of(const TellingTerms& stories, const TermVector& document, Time at, Time now) const;
  double score(const TermVector& document, const Held& held, Time at, Time now) const;

  Held& add(Story story, Time now);
  // A story as another index holds it.
  Held& adopt(const Held& held);
  // Also by an id that was merged away.
  Held* find(const std::string& id);
  const Held* find(const std::string& id) const;
  // Those awake that a document joined since the last call, the oldest first.
  std::vector<Held*> take_unreviewed();
  // Others that share one of its rarer telling terms, in no order.
  std::vector<Held*> neighbours(const Held& held) const;
  // `from` leaves; its id and those it had stay good for `into`.
  void forward(Held& from, Held& into);
  // An id under which nothing is held finds the story, too.
  void alias(const std::string& id, Held& held);
  // After the centroid or the times of a story changed; wakes it.
  void changed(Held& held, Time now);
  // Puts to sleep, or drops, what has been idle too long, and the oldest above the bound; `leaves` is shown
  // each.
  void expire(Time now, const std::function<void(const Held&)>& leaves);
  // Those awake, the last touched first.
  void each_awake(const std::function<void(const Held&)>& visit) const;
  std::size_t awake() const { return awake_.size(); }
  void clear();

 private:
  // By Held::entered, of equals by id.
  struct ByAge {
    bool operator()(const Held* a, const Held* b) const;
  };
  using Ages = std::set<Held*, ByAge>;
  void unpost(Held& held);
  void drop(std::string id);  // by value: callers pass what it erases

  Options options_;
  std::unordered_map<std::string, std::unique_ptr<Held>> stories_;
  std::unordered_map<std::string, std::string> aliases_;  // of those held
  std::vector<std::string> unreviewed_;
  Ages awake_, asleep_;
  TellingTerms listed_;
  mutable Gathered gathered_;  // of best_of()
};

}  // namespace tingchao::analyzer
