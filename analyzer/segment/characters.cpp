#include "analyzer/segment/characters.h"

#include <string_view>

#include <unicode/uchar.h>

#include "analyzer/text/fold_table.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::u32string_view numerals = U"〇零一二三四五六七八九十百千万亿两";

CharType type_of(char32_t c) {
  if (numerals.find(c) != numerals.npos) return CharType::numeral;
  if (is_han(c)) return CharType::han;
  const auto code = static_cast<UChar32>(c);
  if (u_isdigit(code)) return CharType::digit;
  if (c < 0x80 && u_isalpha(code)) return CharType::latin;
  if (u_isWhitespace(code)) return CharType::space;
  return u_isalpha(code) ? CharType::other : CharType::mark;
}

}  // namespace

const CharShapes& CharShapes::instance() {
  static const CharShapes shapes;
  return shapes;
}

CharShapes::CharShapes() : shapes_(0x10000) {
  const FoldTable& fold = FoldTable::instance();
  for (char32_t c = 0; c < 0x10000; ++c) {
    const FoldTable::Entry entry = fold.entry(c);
    char32_t folded = entry.single() ? entry.character() : c;
    folded = fold.simplified(folded);
    if (folded >= 0x10000) folded = c;
    const CharType type = type_of(folded);
    // One digit and one letter are as good as another.
    if (type == CharType::digit) folded = U'0';
    if (type == CharType::latin) folded = U'a';
    shapes_[c] = {static_cast<std::uint16_t>(folded == 0 ? 0xFFFD : folded), type};
  }
}

}  // namespace tingchao::analyzer
