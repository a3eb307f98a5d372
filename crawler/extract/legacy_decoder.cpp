// A two-byte code is a pointer into a table: lead and trail byte give its index. The table is filled
// once from ICU's converter and then patched where the WHATWG standard says otherwise; the walk over
// the bytes follows the standard's decoders, so that a broken pair never swallows the ASCII character
// behind it (a '<' eaten by half a character would take the markup with it).

#include "crawler/extract/legacy_decoder.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <unicode/ucnv.h>

#include "core/utf8.h"
#include "crawler/extract/charset.h"

namespace tingchao::crawler {
namespace {

constexpr char32_t unreadable = 0xFFFD;
constexpr int lead_min = 0x81, lead_max = 0xFE;

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &status));
  TINGCHAO_ASSERT(U_SUCCESS(status));
  return converter;
}

// What ICU makes of one code; U+FFFD when it is none.
char32_t icu_char(UConverter* converter, const char* bytes, int count) {
  UErrorCode status = U_ZERO_ERROR;
  std::array<UChar, 8> out;
  ucnv_reset(converter);
  const int length = ucnv_toUChars(converter, out.data(), int(out.size()), bytes, count, &status);
  if (U_FAILURE(status)) return unreadable;
  if (length == 1) return out[0];
  if (length == 2 && U16_IS_SURROGATE_LEAD(out[0])) return U16_GET_SUPPLEMENTARY(out[0], out[1]);
  return unreadable;
}

// A lead byte has `row` trail bytes: 0x40–0x7E, then from `second_half` to 0xFE.
struct Layout {
  int row;
  int second_half;

  bool is_trail(unsigned char b) const { return (b >= 0x40 && b <= 0x7E) || (b >= second_half && b <= 0xFE); }
  std::size_t pointer(int lead, int trail) const {
    return std::size_t((lead - lead_min) * row + (trail < 0x7F ? trail - 0x40 : trail - second_half + 0x3F));
  }
};
constexpr Layout gb_layout{190, 0x80};
constexpr Layout big5_layout{157, 0xA1};

std::vector<char32_t> table_of(const char* charset, const Layout& layout) {
  std::vector<char32_t> table(std::size_t((lead_max - lead_min + 1) * layout.row), unreadable);
  const Converter converter = open_converter(charset);
  for (int lead = lead_min; lead <= lead_max; ++lead) {
    for (int trail = 0x40; trail <= 0xFE; ++trail) {
      if (!layout.is_trail(static_cast<unsigned char>(trail))) continue;
      const char bytes[2] = {char(lead), char(trail)};
      table[layout.pointer(lead, trail)] = icu_char(converter.get(), bytes, 2);
    }
  }
  return table;
}

struct Run {
  std::uint16_t code;   // of the first character
  std::uint16_t first;  // code point; the following ones count up with the codes
  int length;
};

void patch(std::vector<char32_t>& table, const Layout& layout, const Run& run) {
  const std::size_t start = layout.pointer(run.code >> 8, run.code & 0xFF);
  for (int i = 0; i < run.length; ++i) table[start + std::size_t(i)] = char32_t(run.first + i);
}

// U+3000 where GBK typists left A3A0, and the 18 codes that GB 18030-2022 moved out of private use.
constexpr Run gb_differences[] = {
    {0xA3A0, 0x3000, 1}, {0xA6D9, 0xFE10, 1}, {0xA6DA, 0xFE12, 1}, {0xA6DB, 0xFE11, 1},
    {0xA6DC, 0xFE13, 4}, {0xA6EC, 0xFE17, 2}, {0xA6F3, 0xFE19, 1}, {0xFE59, 0x9FB4, 1},
    {0xFE61, 0x9FB5, 1}, {0xFE66, 0x9FB6, 2}, {0xFE6D, 0x9FB8, 1}, {0xFE7E, 0x9FB9, 1},
    {0xFE90, 0x9FBA, 1}, {0xFEA0, 0x9FBB, 1},
};

// Against ICU's Big5-HKSCS. What ICU maps to private use is unmapped in the standard.
constexpr Run big5_differences[] = {
    {0x87A4, 0x9F97, 1}, {0x87AC, 0x9F96, 1}, {0x8840, 0x31C0, 5}, {0x8846, 0x31C5, 1},
    {0x8849, 0x31C6, 2}, {0x884D, 0x31C8, 1}, {0x884F, 0x31C9, 4}, {0x8854, 0x31CD, 2},
    {0x88A9, 0x23DA, 2}, {0x8C43, 0x9FA6, 1}, {0x8C6D, 0x9FA7, 1}, {0x8C74, 0x9FA8, 1},
    {0x8CB7, 0x9FA9, 1}, {0x8CB9, 0x9FAA, 1}, {0x8CBB, 0x9FAB, 1}, {0x8CC0, 0x9FAC, 1},
    {0x8CD7, 0x9FAD, 2}, {0x8CDA, 0x9FAF, 1}, {0x8CED, 0x9FB2, 1}, {0x8D48, 0x9FB3, 1},
    {0x8E69, 0x7BB8, 1}, {0x8E6F, 0x7C06, 1}, {0x8E7E, 0x7CCE, 1}, {0x8EAB, 0x7DD2, 1},
    {0x8EB4, 0x7E1D, 1}, {0x8ECD, 0x8005, 1}, {0x8ED0, 0x8028, 1}, {0x8F57, 0x83C1, 1},
    {0x8F69, 0x84A8, 1}, {0x8F6E, 0x840F, 1}, {0x8FCB, 0x89A6, 1}, {0x8FCC, 0x89A9, 1},
    {0x8FFE, 0x8D77, 1}, {0x906D, 0x90FD, 1}, {0x907A, 0x92B9, 1}, {0x90DC, 0x975C, 1},
    {0x90F1, 0x97FF, 1}, {0x91BF, 0x9F16, 1}, {0x9244, 0x8503, 1}, {0x92AF, 0x5159, 1},
    {0x92B0, 0x515B, 1}, {0x92B1, 0x515D, 2}, {0x92C8, 0x936E, 1}, {0x92D1, 0x7479, 1},
    {0x9447, 0x6D67, 1}, {0x94CA, 0x799B, 1}, {0x95D9, 0x9097, 1}, {0x9644, 0x975D, 1},
    {0x96ED, 0x701E, 1}, {0x96FC, 0x5B28, 1}, {0x9B76, 0x7201, 1}, {0x9B78, 0x77D7, 1},
    {0x9B7B, 0x7E87, 1}, {0x9BC6, 0x99D6, 1}, {0x9BDE, 0x91D4, 1}, {0x9BEC, 0x60DE, 1},
    {0x9BF6, 0x6FB6, 1}, {0x9C42, 0x8F36, 1}, {0x9C53, 0x4FBB, 1}, {0x9C62, 0x71DF, 1},
    {0x9C68, 0x9104, 1}, {0x9C6B, 0x9DF0, 1}, {0x9C77, 0x83CF, 1}, {0x9CBC, 0x5C10, 1},
    {0x9CBD, 0x79E3, 1}, {0x9CD0, 0x5A67, 1}, {0x9D57, 0x8F0B, 1}, {0x9D5A, 0x7B51, 1},
    {0x9DC4, 0x62D0, 1}, {0x9EA9, 0x6062, 1}, {0x9EEF, 0x75F9, 1}, {0x9EFD, 0x6C4A, 1},
    {0x9F60, 0x9B2E, 1}, {0x9F66, 0x9F17, 1}, {0x9FCB, 0x50ED, 1}, {0x9FD8, 0x5F0C, 1},
    {0xA063, 0x880F, 1}, {0xA077, 0x62CE, 1}, {0xA0D5, 0x7468, 1}, {0xA0DF, 0x7162, 1},
    {0xA0E4, 0x7250, 1}, {0xA3C0, 0x2400, 32}, {0xA3E0, 0x2421, 1}, {0xC6CF, 0x5EF4, 1},
    {0xC6D3, 0x65E0, 1}, {0xC6D5, 0x7676, 1}, {0xC6D7, 0x96B6, 1}, {0xC6DE, 0x3003, 1},
    {0xC6DF, 0x4EDD, 1}, {0xC879, 0x31CF, 1}, {0xC8A1, 0x9FB0, 1}, {0xC8A3, 0x9FB1, 1},
    {0xFA5F, 0x5029, 1}, {0xFA66, 0x507D, 1}, {0xFABD, 0x5305, 1}, {0xFAC5, 0x5344, 1},
    {0xFAD5, 0x537F, 1}, {0xFB48, 0x5605, 1}, {0xFBB8, 0x5A77, 1}, {0xFBF3, 0x5E75, 1},
    {0xFBF9, 0x5ED0, 1}, {0xFC4F, 0x5F58, 1}, {0xFC6C, 0x60A4, 1}, {0xFCB9, 0x6490, 1},
    {0xFCE2, 0x6674, 1}, {0xFCF1, 0x675E, 1}, {0xFDB7, 0x6C9C, 1}, {0xFDB8, 0x6E1D, 1},
    {0xFDBB, 0x6E2F, 1}, {0xFDF1, 0x716E, 1}, {0xFE52, 0x732A, 1}, {0xFE6F, 0x745C, 1},
    {0xFEAA, 0x74E9, 1}, {0xFEDD, 0x7809, 1},
};

const std::vector<char32_t>& gb_table() {
  static const std::vector<char32_t> table = [] {
    std::vector<char32_t> filled = table_of("gb18030", gb_layout);
    for (const Run& run : gb_differences) patch(filled, gb_layout, run);
    return filled;
  }();
  return table;
}

const std::vector<char32_t>& big5_table() {
  static const std::vector<char32_t> table = [] {
    std::vector<char32_t> filled = table_of("Big5-HKSCS", big5_layout);
    for (char32_t& c : filled) {
      if (c >= 0xE000 && c <= 0xF8FF) c = unreadable;
    }
    for (const Run& run : big5_differences) patch(filled, big5_layout, run);
    return filled;
  }();
  return table;
}

// Four Big5 codes stand for a letter with a combining mark; no single code point can.
const char* big5_pair(int lead, int trail) {
  switch (lead << 8 | trail) {
    case 0x8862: return "\u00CA\u0304";
    case 0x8864: return "\u00CA\u030C";
    case 0x88A3: return "\u00EA\u0304";
    case 0x88A5: return "\u00EA\u030C";
    default: return nullptr;
  }
}

// Walks the bytes; what both charsets share: ASCII runs are copied whole, NUL is unreadable.
class Walk {
 public:
  explicit Walk(std::string_view bytes) : bytes_(bytes) { out_.text.reserve(bytes.size() + bytes.size() / 2); }

  bool more() {
    const std::size_t start = at_;
    while (at_ < bytes_.size() && byte(0) < 0x80 && byte(0) != 0) ++at_;
    out_.text.append(bytes_.substr(start, at_ - start));
    return at_ < bytes_.size();
  }
  unsigned char byte(std::size_t ahead) const { return static_cast<unsigned char>(bytes_[at_ + ahead]); }
  bool has(std::size_t count) const { return bytes_.size() - at_ >= count; }
  const char* here() const { return bytes_.data() + at_; }

  void take(char32_t c, std::size_t count) {
    append_char(out_.text, c);
    if (c == unreadable) ++out_.errors;
    at_ += count;
  }
  void take(const char* text, std::size_t count) {
    out_.text += text;
    at_ += count;
  }
  DecodedBytes done() { return std::move(out_); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  DecodedBytes out_;
};

bool is_digit(unsigned char b) { return b >= '0' && b <= '9'; }

}  // namespace

DecodedBytes decode_gb18030(std::string_view bytes) {
  Walk walk(bytes);
  Converter four_bytes;  // rare, so ICU does them one by one
  while (walk.more()) {
    const unsigned char lead = walk.byte(0);
    if (lead == 0x80) {
      walk.take(U'€', 1);
    } else if (lead < lead_min || lead > lead_max || !walk.has(2)) {
      walk.take(unreadable, 1);
    } else if (const unsigned char trail = walk.byte(1); gb_layout.is_trail(trail)) {
      const char32_t c = gb_table()[gb_layout.pointer(lead, trail)];
      walk.take(c, c == unreadable && trail < 0x80 ? 1 : 2);
    } else if (walk.has(4) && is_digit(trail) && walk.byte(2) >= lead_min && walk.byte(2) <= lead_max &&
               is_digit(walk.byte(3))) {
      if (!four_bytes) four_bytes = open_converter("gb18030");
      walk.take(icu_char(four_bytes.get(), walk.here(), 4), 4);
    } else {
      walk.take(unreadable, trail == 0xFF ? 2 : 1);
    }
  }
  return walk.done();
}

DecodedBytes decode_big5(std::string_view bytes) {
  Walk walk(bytes);
  while (walk.more()) {
    const unsigned char lead = walk.byte(0);
    if (lead < lead_min || lead > lead_max || !walk.has(2)) {
      walk.take(unreadable, 1);
      continue;
    }
    const unsigned char trail = walk.byte(1);
    if (const char* pair = big5_pair(lead, trail)) {
      walk.take(pair, 2);
      continue;
    }
    const char32_t c = big5_layout.is_trail(trail) ? big5_table()[big5_layout.pointer(lead, trail)] : unreadable;
    walk.take(c, c == unreadable && trail < 0x80 ? 1 : 2);
  }
  return walk.done();
}

}  // namespace tingchao::crawler
