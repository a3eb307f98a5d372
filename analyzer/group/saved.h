#pragma once
// What a restart cannot learn again from the documents of the last days, as text: the frequencies of terms, and
// how many documents of a story hold them where the story is older than that or was merged.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "analyzer/group/frequencies.h"
#include "analyzer/group/story_index.h"

namespace tingchao::analyzer {

// Which documents are counted: all that were first seen until `settled`, and of later ones those listed, since
// what was fetched earlier may be placed later. Bounded by ten minutes and by number.
struct Counted {
  Time settled{}, latest{};
  std::deque<std::pair<Time, std::uint64_t>> later;  // first sight, hash of the id; in the order of placing
  void add(Time first_sight, std::uint64_t document);
};

std::string write_frequencies(const Vocabulary& vocabulary, const StoryIndex& index, const Counted& counted);
// What it counts; null, and nothing changed, when it is no such text. Stories that are not held are left out.
std::optional<Counted> read_frequencies(std::string_view text, Vocabulary& vocabulary, StoryIndex& index);

}  // namespace tingchao::analyzer
