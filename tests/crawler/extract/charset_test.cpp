// Charsets: who is believed, and what the bytes become.
#include <catch2/catch.hpp>

#include <string>

#include "core/hash.h"
#include "core/utf8.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/legacy_decoder.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

// 教育局回应食堂饭菜问题，家长要求公开合同。 and 學校營養午餐的問題，家長要求公布合約。
const std::string gbk_text =
    "\xBD\xCC\xD3\xFD\xBE\xD6\xBB\xD8\xD3\xA6\xCA\xB3\xCC\xC3\xB7\xB9\xB2\xCB\xCE\xCA\xCC\xE2\xA3\xAC\xBC\xD2\xB3\xA4"
    "\xD2\xAA\xC7\xF3\xB9\xAB\xBF\xAA\xBA\xCF\xCD\xAC\xA1\xA3";
const std::string gbk_meaning = "教育局回应食堂饭菜问题，家长要求公开合同。";
const std::string big5_text =
    "\xBE\xC7\xAE\xD5\xC0\xE7\xBE\x69\xA4\xC8\xC0\x5C\xAA\xBA\xB0\xDD\xC3\x44\xA1\x41\xAE\x61\xAA\xF8\xAD\x6E\xA8\x44"
    "\xA4\xBD\xA5\xAC\xA6\x58\xAC\xF9\xA1\x43";
const std::string big5_meaning = "學校營養午餐的問題，家長要求公布合約。";

std::string with_meta(std::string_view charset, const std::string& text, std::size_t before = 0) {
  return "<html><head>" + std::string(before, ' ') + "<meta charset=\"" + std::string(charset) +
         "\"></head><body>" + text + "</body></html>";
}

// Every two-byte code with a trail of 0x40…0xFE without 0x7F, one line each, decoded.
std::string whole_table(DecodedBytes (*decode)(std::string_view)) {
  std::string all;
  for (int lead = 0x81; lead <= 0xFE; ++lead) {
    for (int trail = 0x40; trail <= 0xFE; ++trail) {
      if (trail == 0x7F) continue;
      const char code[2] = {char(lead), char(trail)};
      all += decode(std::string_view(code, 2)).text + "\n";
    }
  }
  return all;
}

}  // namespace

TEST_CASE("the charset of a page is found, and why it is that one", "[extract][charset]") {
  struct Case {
    const char* name;
    std::string bytes;
    const char* content_type;
    const char* charset;
    const char* why;
    std::string contains;
  };
  const std::string utf8 = "学校食堂的饭菜问题";
  const Case cases[] = {
      {"字节顺序标记胜过一切", "\xEF\xBB\xBF" + utf8, "text/html; charset=gbk", "utf-8", "bom", utf8},
      {"UTF-16 有标记", std::string("\xFF\xFE\x66\x5B\x21\x68", 6), "", "utf-16le", "bom", "学校"},
      {"响应头", gbk_text, "text/html; charset=GB2312", "gb18030", "header", gbk_meaning},
      {"响应头带引号", gbk_text, "text/html;charset=\"gbk\"", "gb18030", "header", gbk_meaning},
      {"meta charset", with_meta("gbk", gbk_text), "text/html", "gb18030", "meta", gbk_meaning},
      {"meta 在千字节之后", with_meta("gb2312", gbk_text, 5000), "", "gb18030", "meta", gbk_meaning},
      {"meta 在八千字节之后不再找", with_meta("big5", gbk_text, 9000), "", "gb18030", "gb18030 against big5",
       gbk_meaning},
      {"XML 声明", "<?xml version=\"1.0\" encoding=\"gbk\"?><a>" + gbk_text + "</a>", "", "gb18030", "meta",
       gbk_meaning},
      {"注释里的声明不算", "<!-- <meta charset=big5> -->" + with_meta("gbk", gbk_text), "", "gb18030", "meta",
       gbk_meaning},
      {"未声明的 UTF-8", utf8, "", "utf-8", "strict utf-8", utf8},
      {"未声明的 GBK", gbk_text, "", "gb18030", "gb18030 against big5", gbk_meaning},
      {"未声明的 Big5", big5_text, "", "big5", "gb18030 against big5", big5_meaning},
      {"声明 GBK 实为 UTF-8", with_meta("gbk", utf8), "", "utf-8", "meta overruled", utf8},
      {"响应头说 UTF-8 实为 GBK", gbk_text, "text/html; charset=utf-8", "gb18030", "header overruled", gbk_meaning},
      {"声明 UTF-8 实为 Big5", big5_text, "text/html; charset=utf-8", "big5", "header overruled", big5_meaning},
      {"响应头说 GBK 实为 Big5", big5_text, "text/html; charset=gbk", "big5", "header overruled", big5_meaning},
      {"服务器的 Latin-1 让位于 meta", with_meta("gbk", gbk_text), "text/html; charset=ISO-8859-1", "gb18030",
       "meta", gbk_meaning},
      {"声明与字节都可疑时以声明为准", "\xC1\xAA\xCD\xA8", "text/html; charset=gbk", "gb18030", "header", "联通"},
      {"纯 ASCII", "<p>hello</p>", "", "utf-8", "strict utf-8", "hello"},
      {"不认得的标签", utf8, "text/html; charset=no-such-thing", "utf-8", "strict utf-8", utf8},
      {"日文", "\x93\xFA\x96\x7B", "text/html; charset=shift_jis", "shift_jis", "header", "日本"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const Decoded decoded = decode(c.bytes, c.content_type);
      CHECK(decoded.charset.name == c.charset);
      CHECK(decoded.charset.why == c.why);
      CHECK(decoded.text.find(c.contains) != std::string::npos);
      CHECK(is_utf8(decoded.text));
    }
  }
}

TEST_CASE("a few broken bytes do not make it another charset", "[extract][charset]") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "学校食堂";
  const std::string cut = text.substr(0, text.size() - 1);
  const Decoded decoded = decode(cut, "text/html; charset=utf-8");
  CHECK(decoded.charset.name == "utf-8");
  CHECK(decoded.text.ends_with("\xEF\xBF\xBD"));
}

TEST_CASE("broken codes never swallow the markup behind them", "[extract][charset]") {
  struct Case {
    const char* name;
    DecodedBytes (*decode)(std::string_view);
    std::string bytes, text;
    std::size_t errors;
  };
  // As the WHATWG standard's decoders answer, checked against a browser.
  const Case cases[] = {
      {"半个汉字后接标签", decode_gb18030, "\xB0<p>", "\uFFFD<p>", 1},
      {"四字节断开", decode_gb18030, "\x81\x30\x41\x81", "\uFFFD0A\uFFFD", 2},
      {"欧元单字节", decode_gb18030, "\x80", "€", 0},
      {"无此字节", decode_gb18030, "\xFF", "\uFFFD", 1},
      {"末尾半个汉字", decode_gb18030, "a\xB0", "a\uFFFD", 1},
      {"四字节汉字", decode_gb18030, "\x81\x30\x81\x30", "\u0080", 0},
      {"增补平面", decode_gb18030, "\x95\x32\x82\x36", "\U00020000", 0},
      {"空字节", decode_gb18030, std::string("a\0b", 3), "a\uFFFD" "b", 1},
      {"大五码半个字后接标签", decode_big5, "\xA4<p>", "\uFFFD<p>", 1},
      {"大五码的两字符码", decode_big5, "\x88\x62\x88\xA5", "\u00CA\u0304\u00EA\u030C", 0},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const DecodedBytes decoded = c.decode(c.bytes);
      CHECK(decoded.text == c.text);
      CHECK(decoded.errors == c.errors);
    }
  }
}

TEST_CASE("codes where ICU and browsers differ are read as browsers do", "[extract][charset]") {
  struct Case {
    const char* bytes;
    const char* text;
  };
  const Case gb[] = {{"\xA3\xA0", "\u3000"}, {"\xA6\xD9", "\uFE10"}, {"\xA6\xDA", "\uFE12"}, {"\xA6\xDF", "\uFE16"},
                     {"\xFE\x59", "\u9FB4"}, {"\xFE\xA0", "\u9FBB"}, {"\xB0\xA1", "啊"}};
  for (const Case& c : gb) CHECK(decode_gb18030(c.bytes).text == c.text);
  const Case big5[] = {{"\x87\xA4", "\u9F97"}, {"\x8E\x69", "\u7BB8"}, {"\xA3\xE0", "\u2421"}, {"\xFE\xDD", "\u7809"},
                       {"\xA4\x40", "一"}};
  for (const Case& c : big5) CHECK(decode_big5(c.bytes).text == c.text);
}

TEST_CASE("all two-byte codes decode as in a browser", "[extract][charset]") {
  // The digests are of an implementation of the WHATWG standard (charset_oracle.mjs) over the same codes, and a
  // browser agrees.
  CHECK(sha256_hex(whole_table(decode_gb18030)) == "15e545f4b91e0eaf41cdae5cc7b70dd4bf6767f035ccf6938e02b478d6445267");
  CHECK(sha256_hex(whole_table(decode_big5)) == "e0b2931f8fe77aef91fbaa47dc3ce50778e46551bb167e645a7690c6465bd606");
}

TEST_CASE("labels of the wild", "[extract][charset]") {
  struct Case {
    const char* label;
    const char* charset;
  };
  const Case cases[] = {{"GB2312", "gb18030"}, {" gbk ", "gb18030"}, {"x-gbk", "gb18030"}, {"UTF8", "utf-8"},
                        {"Big5-HKSCS", "big5"}, {"latin1", "windows-1252"}, {"utf-16", "utf-8"}, {"", ""},
                        {"nonsense-8", ""}, {"euc-kr", "euc-kr"}, {"%00", ""}};
  for (const Case& c : cases) CHECK(charset_of_label(c.label) == c.charset);
}
