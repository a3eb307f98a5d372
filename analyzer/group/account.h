#pragma once
// What a story counts of its documents: when, where, how hot, how grave, and whether it was answered.

#include <string>
#include <utility>
#include <vector>

#include "analyzer/group/story_index.h"
#include "core/document.h"

namespace tingchao::analyzer {

// What a story keeps at most of its origins, sources, hours and speakers.
inline constexpr std::size_t story_origins_max = 64, story_sources_max = 64, story_hours_max = 72,
                             story_speakers_max = 4096;

// What a story counts of a document, some hundred bytes; the document itself may be gone by then.
struct Part {
  std::string document, title, source, medium;
  std::string heading;    // what a story that it begins is called
  std::uint64_t speaker = 0;  // hash of the author's; 0: unknown
  Time at{};              // effective_time
  bool dated = false, official = false, answers = false, negative = false, education = false;
  int hot_rank = 0;       // 0: on no hot list
  char severity = 'D';    // of its gravest rule
  double heat = 0;        // as an original
  std::uint64_t exact = 0;  // hash of its text
  std::vector<std::string> topics, schools;  // of ours
  std::vector<std::pair<std::string, std::string>> names;  // of schools and places that it speaks of, by id
};
Part part_of(const Document& document, const Analysis& analysis);

// How a document came into its story.
struct Joining {
  std::string copy_of;    // not empty: a copy of that document
  bool is_reply = false;  // of a thread that the story holds
};

// Enters a document that was placed. Does not touch the centroid.
void enter(Held& held, const Part& part, const Joining& joining);
// What enter() remembers beside the story itself, for a story that came from a store.
void remember_parts(Held& held, const Part& part);

// Puts the story's topics into the order of their counts.
void sort_topics(Held& held);

// The story that a document begins: its title, nothing counted yet.
Story begin_story(std::string id, const Part& part);

// How much a document adds to the heat: weight × ln(2 + engagement), a quarter for a copy and for a text
// of unknown date, which may be old.
double heat_of(const Document& document);  // no copy

// A public body that answers says so: 通报, 回应, 情况说明, 调查结果 …
bool is_response(const Document& document);

}  // namespace tingchao::analyzer
