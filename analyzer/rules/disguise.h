#pragma once
// How people write a word so that a filter does not see it: DISGUISED(…) looks for these forms as well.
// 自s (a letter for a character), gdss for 高度损伤 (all letters), zisha (spelt out), 马扁子 for 骗子 (a
// character taken apart); signs put between the characters (自*杀) are left out of the text instead. See
// docs/rules.md.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

// What was done to a word; bits, for several may be done at once.
using Disguise = std::uint8_t;
inline constexpr Disguise disguise_signs = 1, disguise_letters = 2, disguise_parts = 4;

struct DisguisedForm {
  std::u32string text;  // folded
  Disguise how = 0;
};

// Words of other lengths, or with other characters than Han, have no disguised forms.
inline constexpr std::size_t disguised_chars_min = 2, disguised_chars_max = 8;
// The forms of a folded word, itself left out, distinct, at most about forty; empty when it has none.
// Readings are the first that ICU's Han-Latin knows for each character; parts are from a table of our own.
std::vector<DisguisedForm> disguised_forms(std::u32string_view word);

// A field's folded text without the signs that stand between letters of any script: runs of one to three
// marks, symbols or blanks, but no mark that ends a clause or a line. Empty when there is nothing to leave
// out.
struct BareText {
  std::u32string text;
  std::vector<std::uint32_t> from;  // by character of text: its folded index
};
BareText without_signs(std::u32string_view folded);

// 夹符号、拼音字母、拆字
std::string describe_disguise(Disguise how);

}  // namespace tingchao::analyzer
