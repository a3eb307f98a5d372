// The order: byte order mark, HTTP header, <meta> or XML declaration, strict UTF-8, then whichever of
// gb18030 and Big5 reads more like everyday Chinese, and at last gb18030, which hardly any byte string
// breaks. A declared charset is then held against the bytes: UTF-8 is self-checking, so text that is
// well-formed UTF-8 above ASCII is UTF-8 whatever a server says, and text that is far from it is not.

#include "crawler/extract/charset.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_set>

#include <unicode/ucnv.h>

#include "core/utf8.h"
#include "crawler/extract/legacy_decoder.h"

namespace tingchao::crawler {
namespace {

// The characters that make up half of any Chinese text, and the traditional forms of those that
// have one. Order carries no meaning.
constexpr std::string_view everyday_characters =
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行"
    "所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力"
    "它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产"
    "或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口"
    "认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指许统区保"
    "至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该"
    "交规万取格望觉术领共确传师观清今切院让识候带导争运日期关于通知学校教育学生家长老师班级新闻网站首页论坛发布"
    "這個們來為國時說會對過發後種經麼學現當沒動還進樣裡於著與長機從實軍無關點業將兩間問應戰頭體見產話內門兒東聲"
    "員論處義幾條係氣題爾別變總電數報結場務計資統區隊決馬書則聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導"
    "爭運開給氏灣臺網聞壇佈級師園區縣";

std::unordered_set<char32_t> characters_of(std::string_view text) {
  std::unordered_set<char32_t> set;
  for (std::size_t at = 0; at < text.size();) set.insert(next_char(text, at));
  return set;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

// The value after "charset" and '=' in a lower-case text; browsers are as lax as this.
std::string_view value_after_charset(std::string_view text) {
  std::size_t at = 0;
  while ((at = text.find("charset", at)) != std::string_view::npos) {
    at += 7;
    while (at < text.size() && is_space(text[at])) ++at;
    if (at >= text.size() || text[at] != '=') continue;
    ++at;
    while (at < text.size() && (is_space(text[at]) || text[at] == '"' || text[at] == '\'')) ++at;
    const std::size_t end = text.find_first_of(" \t\r\n\f;\"'/>,", at);
    return text.substr(at, end == std::string_view::npos ? end : end - at);
  }
  return {};
}

struct Utf8Share {
  std::size_t good = 0;  // well-formed sequences above ASCII
  std::size_t bad = 0;
};
constexpr std::size_t good_enough = 20;  // so many prove it where none is bad: no need to count further

// Without a last character that the end of the bytes cut: that proves nothing.
std::string_view without_cut_character(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if (byte >= 0x80 && byte < 0xC0) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1;
    if (length > back) bytes.remove_suffix(back);
    break;
  }
  return bytes;
}

Utf8Share utf8_share(std::string_view bytes) {
  Utf8Share share;
  bytes = without_cut_character(bytes);
  if (is_utf8(bytes)) {  // the common case, and fast
    for (std::size_t at = 0; at < bytes.size() && share.good < good_enough; ++at)
      share.good += static_cast<unsigned char>(bytes[at]) >= 0xC2;
    return share;
  }
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead >= 0xC2 && is_utf8(bytes.substr(at, length)) && at + length <= bytes.size()) {
      ++share.good;
      at += length;
    } else {
      ++share.bad;
      ++at;
    }
  }
  return share;
}

// A few broken characters (a cut page, a binary joke in a signature) do not make it another charset.
bool mostly_utf8(const Utf8Share& share) { return share.good > 0 && share.bad * 20 <= share.good; }

// Only what is above ASCII tells charsets apart, and a sample of it is enough.
std::string sample_of(std::string_view bytes) {
  constexpr std::size_t sample_max = 16384;
  std::string sample;
  for (std::size_t at = 0; at < bytes.size() && sample.size() < sample_max; ++at) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) continue;
    std::size_t end = at;
    while (end < bytes.size() && static_cast<unsigned char>(bytes[end]) >= 0x80) end += 2;
    end = std::min({end, bytes.size(), at + sample_max});
    sample.append(bytes.substr(at, end - at)).push_back('\n');
    at = end;
  }
  return sample;
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

DecodedBytes decode_by_icu(std::string_view bytes, const std::string& charset) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(charset.c_str(), &status));
  if (U_FAILURE(status)) return {to_valid_utf8(bytes), 0};
  std::u16string units;
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  std::array<UChar, 4096> buffer;
  do {
    UChar* target = buffer.data();
    status = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &target, buffer.data() + buffer.size(), &source, end, nullptr, true, &status);
    units.append(buffer.data(), target);
  } while (status == U_BUFFER_OVERFLOW_ERROR);

  DecodedBytes out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    if (U16_IS_LEAD(c) && i + 1 < units.size() && U16_IS_TRAIL(units[i + 1])) {
      c = char32_t(U16_GET_SUPPLEMENTARY(c, units[i + 1]));
      ++i;
    }
    if (U_IS_SURROGATE(c) || c == 0) c = 0xFFFD;
    if (c == 0xFFFD) ++out.errors;
    append_char(out.text, c);
  }
  return out;
}

// What the declarations say, before the bytes are asked.
Charset declared(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {"utf-8", "bom"};
  if (bytes.starts_with("\xFF\xFE")) return {"utf-16le", "bom"};
  if (bytes.starts_with("\xFE\xFF")) return {"utf-16be", "bom"};
  const std::string header = charset_of_label(charset_of_content_type(content_type));
  const std::string meta = charset_of_label(charset_of_markup(bytes));
  // Old servers say Latin-1 of everything; a page that names something better knows itself.
  if (!header.empty() && (header != "windows-1252" || meta.empty())) return {header, "header"};
  if (!meta.empty()) return {meta, "meta"};
  return {};
}

Charset by_score(std::string_view bytes) {
  const std::string sample = sample_of(bytes);
  const double gb = chinese_score(decode_gb18030(sample).text);
  const double big5 = chinese_score(decode_big5(sample).text);
  return {big5 > gb ? "big5" : "gb18030", "gb18030 against big5"};
}

bool is_double_byte_chinese(std::string_view name) { return name == "gb18030" || name == "big5"; }

// The declared charset where the bytes bear it out, else the one that they do.
Charset checked(Charset claim, std::string_view bytes) {
  if (claim.why == "bom") return claim;
  const Utf8Share share = utf8_share(bytes);
  if (share.good + share.bad == 0) return claim.name.empty() ? Charset{"utf-8", "strict utf-8"} : claim;
  const std::string overruled = claim.why + " overruled";
  if (claim.name == "utf-8") {
    if (share.bad == 0 || mostly_utf8(share)) return claim;
    return {by_score(bytes).name, overruled};
  }
  // One or two characters may be both valid UTF-8 and valid gb18030 (联通, famously): then a claim stands.
  const bool proof = share.bad == 0 && (claim.name.empty() || share.good >= 3);
  if (proof || (mostly_utf8(share) && share.good >= good_enough)) {
    return {"utf-8", claim.name.empty() ? "strict utf-8" : overruled};
  }
  if (claim.name.empty()) return by_score(bytes);
  if (is_double_byte_chinese(claim.name) || claim.name == "windows-1252") {
    const std::string sample = sample_of(bytes);
    const Charset better = by_score(bytes);
    const double declared_score = chinese_score(decode_as(sample, claim.name).text);
    const double better_score = chinese_score(decode_as(sample, better.name).text);
    if (better.name != claim.name && better_score > 0.2 && declared_score < better_score / 3) {
      return {better.name, overruled};
    }
  }
  return claim;
}

}  // namespace

std::string_view charset_of_content_type(std::string_view value) {
  const std::string lower = ascii_lower(value);
  const std::string_view found = value_after_charset(lower);
  if (found.empty()) return {};
  return value.substr(std::size_t(found.data() - lower.data()), found.size());
}

std::string charset_of_markup(std::string_view bytes) {
  const std::string head = ascii_lower(bytes.substr(0, prescan_bytes));
  const std::string_view view = head;
  if (view.starts_with("<?xml")) {
    const std::string_view declaration = view.substr(0, view.find('>'));
    if (const std::size_t at = declaration.find("encoding"); at != std::string_view::npos) {
      const std::size_t open = declaration.find_first_of("\"'", at);
      if (open != std::string_view::npos) {
        const std::size_t close = declaration.find(declaration[open], open + 1);
        if (close != std::string_view::npos) return std::string(declaration.substr(open + 1, close - open - 1));
      }
    }
  }
  for (std::size_t at = 0; (at = view.find('<', at)) != std::string_view::npos; ++at) {
    if (view.substr(at).starts_with("<!--")) {
      const std::size_t end = view.find("-->", at + 2);
      if (end == std::string_view::npos) return {};
      at = end;
    } else if (view.substr(at).starts_with("<meta") && at + 5 < view.size() &&
               (is_space(view[at + 5]) || view[at + 5] == '/')) {
      const std::string_view label = value_after_charset(view.substr(at, view.find('>', at) - at));
      if (!charset_of_label(label).empty()) return std::string(label);
    }
  }
  return {};
}

std::string charset_of_label(std::string_view label) {
  const std::string lower = ascii_lower(trim(label));
  static constexpr std::pair<std::string_view, std::string_view> meant[] = {
      {"utf-8", "utf-8"}, {"utf8", "utf-8"}, {"unicode-1-1-utf-8", "utf-8"}, {"utf_8", "utf-8"},
      {"gb2312", "gb18030"}, {"gbk", "gb18030"}, {"gb18030", "gb18030"}, {"x-gbk", "gb18030"},
      {"gb_2312-80", "gb18030"}, {"gb_2312", "gb18030"}, {"gb2312-80", "gb18030"}, {"chinese", "gb18030"},
      {"cp936", "gb18030"}, {"ms936", "gb18030"}, {"euc-cn", "gb18030"}, {"csgb2312", "gb18030"},
      {"iso-ir-58", "gb18030"}, {"big5", "big5"}, {"big5-hkscs", "big5"}, {"cn-big5", "big5"},
      {"csbig5", "big5"}, {"x-x-big5", "big5"}, {"cp950", "big5"}, {"big-5", "big5"},
      {"iso-8859-1", "windows-1252"}, {"iso8859-1", "windows-1252"}, {"latin1", "windows-1252"},
      {"l1", "windows-1252"}, {"ascii", "windows-1252"}, {"us-ascii", "windows-1252"},
      {"windows-1252", "windows-1252"}, {"cp1252", "windows-1252"},
      // A page that could be read far enough to find this in it is not UTF-16.
      {"utf-16", "utf-8"}, {"utf-16le", "utf-8"}, {"utf-16be", "utf-8"}, {"unicode", "utf-8"},
  };
  for (const auto& [name, charset] : meant) {
    if (name == lower) return std::string(charset);
  }
  if (lower.empty() || lower.size() > 40) return {};
  // ICU's names are lax ("u-t-f 8"); what it knows beyond the list above is used under the page's name.
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter(ucnv_open(lower.c_str(), &status));
  if (U_FAILURE(status) || !converter) return {};
  const UConverterType type = ucnv_getType(converter.get());
  const bool is_text = type == UCNV_MBCS || type == UCNV_SBCS || type == UCNV_LATIN_1 || type == UCNV_ISO_2022;
  return is_text ? lower : std::string();
}

DecodedBytes decode_as(std::string_view bytes, std::string_view charset) {
  if (charset == "gb18030") return decode_gb18030(bytes);
  if (charset == "big5") return decode_big5(bytes);
  if (!charset.empty() && charset != "utf-8") return decode_by_icu(bytes, std::string(charset));
  if (is_utf8(bytes) && bytes.find('\0') == std::string_view::npos) return {std::string(bytes), 0};
  return {to_valid_utf8(bytes), utf8_share(bytes).bad};
}

double chinese_score(std::string_view text) {
  static const std::unordered_set<char32_t> everyday = characters_of(everyday_characters);
  std::size_t above_ascii = 0, common = 0, broken = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    if (c < 0x80) continue;
    ++above_ascii;
    if (everyday.count(c) > 0 || c == U'，' || c == U'。') ++common;
    if (c == 0xFFFD || (c >= 0xE000 && c <= 0xF8FF)) ++broken;
  }
  if (above_ascii == 0) return 0.0;
  return (double(common) - 2.0 * double(broken)) / double(above_ascii);
}

Decoded decode(std::string_view bytes, std::string_view content_type) {
  Charset charset = checked(declared(bytes, content_type), bytes);
  if (charset.why == "bom") bytes.remove_prefix(charset.name == "utf-8" ? 3 : 2);
  std::string text = decode_as(bytes, charset.name).text;
  return {std::move(text), std::move(charset)};
}

}  // namespace tingchao::crawler
