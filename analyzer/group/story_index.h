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
#include <unordered_set>
#include <vector>

#include "analyzer/group/frequencies.h"
#include "analyzer/group/gathered.h"
#include "core/analysis.h"
#include "core/story.h"
#include "core/time.h"

namespace tingchao::analyzer {

// A term as a number with its weight; vectors of them are sorted by the number.
struct WeightedTerm {
  std::uint64_t term = 0;
  float weight = 0;
  float spread = 0;  // of a document's term: Vocabulary::spread at its time
};

// A document or a story as grouping sees it.
struct TermVector {
  double sureness = 1;  // of a document: Vocabulary::sureness of its day
  std::vector<WeightedTerm> text, anchors;
  float text_norm = 0, anchors_norm = 0;
  std::vector<std::uint64_t> schools, places;  // anchors that tell events apart, sorted
  std::vector<std::uint64_t> concerns;         // topics but those of education at large, sorted
  std::vector<std::uint64_t> telling;          // the heaviest text terms and all anchors: looked up
};

struct Held {
  Story story;
  TermVector vector;
  std::vector<WeightedTerm> uses;  // how many of its documents hold a term, faded to uses_at; sorted, bounded
  Time uses_at{};
  std::vector<std::uint64_t> posted;           // what the inverted index lists it under
  std::unordered_set<std::uint64_t> speakers;  // bounded
  std::unordered_map<std::string, int> topic_counts;
  bool has_thread = false;
  bool asleep = false;
  bool uses_adopted = false;  // they were saved, and know all documents up to then
  bool unreviewed = false;    // a document joined since the last look for stories to merge
  Time touched{};             // the last placement, as the clock of first sight goes
};

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
  double score(const TermVector& document, const Held& held, Time at, Time now) const;

  Held& add(Story story, Time now);
  // Also by an id that was merged away.
  Held* find(const std::string& id);
  const Held* find(const std::string& id) const;
  // Those awake that a document joined since the last call, the oldest first.
  std::vector<Held*> take_unreviewed();
  // Others that share a telling term with it, by id; at most so many, of its rarest terms.
  std::vector<Held*> neighbours(const Held& held) const;
  // `from` leaves; its id and those it had stay good for `into`.
  void forward(Held& from, Held& into);
  // After the centroid or the times of a story changed; wakes it.
  void changed(Held& held, Time now);
  // Puts to sleep, or drops, what has been idle too long, and the oldest above the bound; `leaves` is shown
  // each.
  void expire(Time now, const std::function<void(const Held&)>& leaves);
  // Those awake, the last touched first.
  void each_awake(const std::function<void(const Held&)>& visit) const;
  std::size_t awake() const { return awake_.size(); }

 private:
  using Age = std::pair<Time, std::string>;  // the later of newest and touched, id
  static Age age(const Held& held);
  void unpost(Held& held);
  void drop(std::string id);  // by value: callers pass what it erases

  Options options_;
  std::unordered_map<std::string, std::unique_ptr<Held>> stories_;
  std::unordered_map<std::string, std::string> aliases_;  // of those held
  std::vector<std::string> unreviewed_;
  std::unordered_map<std::string, Time> ages_;  // as entered in awake_ or asleep_
  std::set<Age> awake_, asleep_;
  std::unordered_map<std::uint64_t, std::vector<Held*>> postings_;
  mutable Gathered gathered_;  // of best()
};

// The document's vector: weights × idf, each field of length 1.
TermVector vector_of(const std::vector<TermWeight>& terms, Vocabulary& vocabulary, Time now);
double cosine(const std::vector<WeightedTerm>& a, float a_norm, const std::vector<WeightedTerm>& b,
              float b_norm);
bool share(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b);  // sorted
// `since` in the vocabulary's recent half-lives.
double faded(Time since, Time now);
// Keeps the heaviest terms of a centroid and reads it anew.
void cut_centroid(Held& held);
// Counts the terms of a document that joined as the story's own.
void add_uses(Held& held, const std::vector<TermWeight>& terms, Time now);
// Adds a document to a story's centroid and cuts it to its bound.
void add_to_centroid(Held& held, const std::vector<TermWeight>& terms, const TermVector& document);
// The numbers of a centroid that came from a store.
void read_centroid(Held& held);

}  // namespace tingchao::analyzer
