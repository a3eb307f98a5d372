#pragma once
// Finds what reads as a school in a text, without knowing any: a place or a name, then 小学, 中学,
// 幼儿园 …; and tells the names (唐山一中) from the generic (某中学, 全区中小学).

#include <cstddef>
#include <vector>

#include "analyzer/entity/gazetteer.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

struct SchoolPattern {
  std::size_t begin = 0, end = 0;  // folded; of a generic one: its type word alone
  std::size_t core = 0;            // where the name begins behind its place; begin when it has none
  std::int32_t place = -1;         // named directly before
  bool generic = false;
  // No place and no name, but a number: 二中. A name only where a roster or a district knows it.
  bool numbered_only = false;
  bool place_is_name = false;  // nothing but a place before the type word: 萧山中学
};

// Of the tables only the one of this name is read: the words that end a name (stop), that tell only its kind
// (kind), that many schools have in their name and that name one only with a place (shared).
inline constexpr std::string_view school_words_stem = "school-words";

class SchoolPatterns {
 public:
  explicit SchoolPatterns(const std::vector<NamedText>& tables);
  // `places`: the resolved mentions of this field, left to right.
  std::vector<SchoolPattern> find(const TextView& view, const std::vector<PlaceMention>& places,
                                  const Gazetteer& gazetteer) const;

 private:
  WordTrie stops_, kinds_, shared_;
};

}  // namespace tingchao::analyzer
