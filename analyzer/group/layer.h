#pragma once
// Stories with the originals and threads that lead to them. Grouping holds two: what is settled, and beside it the
// few stories that hold documents of the last minutes, which are made anew when those are settled.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/group/account.h"
#include "analyzer/group/copies.h"
#include "analyzer/group/story_index.h"
#include "core/story.h"

namespace tingchao::analyzer {

// A document as far as grouping reads it.
struct Arrived {
  Part part;
  std::vector<TermWeight> terms;
  std::vector<std::uint64_t> numbers;  // of the terms
  CopyIndex::Sketch sketch;
  std::optional<std::uint64_t> thread;  // hash of its address
  Time seen{};                          // first
  bool is_reply = false;  // as it was settled
  Placement placement;
};
Time first_sight(const Document& document);
Arrived arrived(const Document& document, const Analysis& analysis);

// Bounded: the oldest are forgotten.
class Threads {
 public:
  // The story of a thread; null: not known.
  const std::string* story(std::uint64_t thread) const;
  void note(std::uint64_t thread, const std::string& story);
  void clear();

 private:
  std::unordered_map<std::uint64_t, std::string> stories_;
  std::deque<std::uint64_t> by_age_;
};

// Which story a document goes to; none held: a new one.
struct Choice {
  Held* held = nullptr;
  bool is_reply = false;
  std::string copy_of;
  double similarity = 0;
  std::optional<TermVector> vector;  // of neither a reply nor a copy
};

struct Layer {
  StoryIndex index;
  CopyIndex copies;
  Threads threads;
  // Counts the document in the story, which must be of this layer; what it says, unless it is a reply or a copy.
  void put(Held& held, const Arrived& document, const Choice& choice);
  // The same of a document whose original the copies know already.
  void put_again(Held& held, const Arrived& document, const Choice& choice);
  void clear();
};

}  // namespace tingchao::analyzer
