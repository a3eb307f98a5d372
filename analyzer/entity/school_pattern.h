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
};

// Of the tables only the one of this name is read: the words that end a name or tell only its kind.
inline constexpr std::string_view school_words_stem = "school-words";

class SchoolPatterns {
 public:
  explicit SchoolPatterns(const std::vector<NamedText>& tables);
  // `places`: the resolved mentions of this field, left to right.
  std::vector<SchoolPattern> find(const TextView& view, const std::vector<PlaceMention>& places) const;

 private:
  WordTrie stops_, kinds_;
};

}  // namespace tingchao::analyzer
