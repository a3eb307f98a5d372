#pragma once
// How the segmenter sees a character: one of its look-alikes (full width, case, traditional forms are one)
// and the type that it is of. Computed once from the folding table; afterwards a lookup.

#include <array>
#include <cstdint>
#include <vector>

namespace tingchao::analyzer {

enum class CharType : std::uint8_t { none, han, digit, latin, mark, numeral, other, space };

struct CharShape {
  std::uint16_t code = 0;  // 0: before the first and behind the last character
  CharType type = CharType::none;
};

class CharShapes {
 public:
  static const CharShapes& instance();
  CharShape of(char32_t c) const {
    if (c < shapes_.size()) return shapes_[c];
    return {0xFFFD, c >= 0x20000 && c < 0x32000 ? CharType::han : CharType::other};
  }

 private:
  CharShapes();
  std::vector<CharShape> shapes_;  // of the basic plane
};

}  // namespace tingchao::analyzer
