#pragma once
// What a story counts of its documents: when, where, how hot, how grave, and whether it was answered.

#include <string>

#include "analyzer/group/story_index.h"
#include "core/document.h"

namespace tingchao::analyzer {

// What a story keeps at most of its origins, sources, hours and speakers.
inline constexpr std::size_t story_origins_max = 64, story_sources_max = 64, story_hours_max = 72,
                             story_speakers_max = 4096;

// How a document came into its story.
struct Joining {
  std::string copy_of;    // not empty: a copy of that document
  bool is_reply = false;  // of a thread that the story holds
};

// Enters a document that was placed. Does not touch the centroid.
void enter(Held& held, const Document& document, const Analysis& analysis, const Joining& joining);
// What enter() remembers beside the story itself, for a story that came from a store.
void remember_parts(Held& held, const Document& document, const Analysis& analysis);

// Puts the story's topics into the order of their counts.
void sort_topics(Held& held);

// The story that a document begins: its id and its title, nothing counted yet.
Story begin_story(const Document& document);

// How much a document adds to the heat: weight × ln(2 + engagement), a quarter for a copy and for a text
// of unknown date, which may be old.
double heat_of(const Document& document, bool is_copy);

// A public body that answers says so: 通报, 回应, 情况说明, 调查结果 …
bool is_response(const Document& document);

}  // namespace tingchao::analyzer
