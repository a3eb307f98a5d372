#pragma once
// A story as grouping holds it, and a document as it is compared with stories: their terms as numbers with weights.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/group/frequencies.h"
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
  std::vector<std::uint64_t> centroid_numbers;  // of the terms of story.centroid, in their order
  std::vector<WeightedTerm> uses;  // how many of its documents hold a term, faded to uses_at; sorted, bounded
  Time uses_at{};
  std::vector<std::uint64_t> posted;           // what the inverted index lists it under
  std::unordered_set<std::uint64_t> speakers;  // bounded
  std::unordered_map<std::string, int> topic_counts;
  bool has_thread = false;
  bool asleep = false;
  bool uses_adopted = false;  // they were saved, and know all documents up to then
  bool unreviewed = false;    // a document joined since the last look for stories to merge
  std::vector<std::uint64_t> recent;  // its documents in RecentMembers, in the order of their turns; the newest
  Time touched{};             // the last placement, as the clock of first sight goes
  Time entered{};             // the later of newest and touched, as the index of ages knows it
};

// Of two stories the one that opened earlier; the order of equals.
bool older(const Held* a, const Held* b);
const std::string& opener_of(const Story& story);
// The document's vector: weights × idf, each field of length 1. `numbers`: of the terms, their hashes.
TermVector vector_of(const std::vector<TermWeight>& terms, const std::vector<std::uint64_t>& numbers,
                     Vocabulary& vocabulary, Time now);
double cosine(const std::vector<WeightedTerm>& a, float a_norm, const std::vector<WeightedTerm>& b,
              float b_norm);
bool share(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b);  // sorted
// `since` in the vocabulary's recent half-lives.
double faded(Time since, Time now);
// Keeps the heaviest terms of a centroid and reads it anew.
void cut_centroid(Held& held);
// Counts the terms of a document that joined as the story's own.
void add_uses(Held& held, const std::vector<std::uint64_t>& numbers, Time now);
// Adds a document to a story's centroid and cuts it to its bound.
void add_to_centroid(Held& held, const std::vector<TermWeight>& terms, const std::vector<std::uint64_t>& numbers,
                     const TermVector& document);
// The numbers of a centroid that came from a store.
void read_centroid(Held& held);

}  // namespace tingchao::analyzer
