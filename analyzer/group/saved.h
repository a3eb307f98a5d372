#pragma once
// What a restart cannot learn again from the documents of the last days, as text: the frequencies of terms, and
// how many documents of a story hold them where the story is older than that or was merged.

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/group/frequencies.h"
#include "analyzer/group/story_index.h"

namespace tingchao::analyzer {

// Counted are all documents whose turn is before `settled`.
std::string write_frequencies(const Vocabulary& vocabulary, const StoryIndex& index, Time settled);
// Until when documents are counted in it; null, and nothing changed, when it is no such text. Stories that are not
// held are left out.
std::optional<Time> read_frequencies(std::string_view text, Vocabulary& vocabulary, StoryIndex& index);

}  // namespace tingchao::analyzer
