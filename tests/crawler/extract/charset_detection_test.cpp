// Charsets that nobody declares, told from the bytes: the labelled texts of the project as they would come
// in UTF-8, GB18030 and (written in traditional characters) Big5, cut wherever 60 or 400 bytes end.
#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <unicode/translit.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "core/hash.h"
#include "crawler/extract.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/legacy_decoder.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

std::vector<std::string> labelled_texts() {
  std::vector<std::string> texts;
  for (const char* const name : {"education.tsv", "stream.tsv"}) {
    std::ifstream file(std::string(TINGCHAO_SOURCE_DIR) + "/tests/data/labels/" + name);
    for (std::string line; std::getline(file, line);) {
      const std::string text = line.substr(0, line.find('\t'));
      if (!text.empty() && text[0] != '#') texts.push_back(text);
    }
  }
  return texts;
}

// Empty when the charset lacks one of the characters.
std::string encoded(const icu::UnicodeString& text, const char* charset) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* const converter = ucnv_open(charset, &status);
  REQUIRE(U_SUCCESS(status));
  ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::string out(std::size_t(text.length()) * 4 + 16, '\0');
  const int length =
      ucnv_fromUChars(converter, out.data(), int(out.size()), text.getBuffer(), text.length(), &status);
  ucnv_close(converter);
  out.resize(U_SUCCESS(status) ? std::size_t(length) : 0);
  return out;
}

// The texts in that charset, those it cannot write left out.
std::vector<std::string> texts_in(const std::string& charset, const std::vector<std::string>& texts) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> traditional(
      icu::Transliterator::createInstance("Simplified-Traditional", UTRANS_FORWARD, status));
  REQUIRE(U_SUCCESS(status));
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    if (charset == "utf-8") {
      out.push_back(text);
      continue;
    }
    icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
    if (charset == "big5") traditional->transliterate(wide);
    const std::string bytes = encoded(wide, charset.c_str());
    if (!bytes.empty()) out.push_back(bytes);
  }
  return out;
}

// Text after text until there are so many bytes, cut where they end.
std::vector<std::string> samples_of(const std::vector<std::string>& texts, std::size_t bytes) {
  std::vector<std::string> samples;
  std::string sample;
  for (const std::string& text : texts) {
    sample += (sample.empty() ? "" : "\n") + text;
    if (sample.size() < bytes) continue;
    samples.push_back(sample.substr(0, bytes));
    sample.clear();
  }
  return samples;
}

std::string noise() {
  std::string bytes;
  std::uint32_t state = 20260415;
  for (int i = 0; i < 1 << 20; ++i) {
    state = state * 1103515245u + 12345u;
    const unsigned value = (state >> 16) & 0xFF;
    bytes.push_back(char(state >> 30 == 0 ? 0x20 + value % 0x5F : 0x80 | value));
  }
  return bytes;
}

}  // namespace

TEST_CASE("charsets that nobody declares", "[extract][charset]") {
  const std::vector<std::string> texts = labelled_texts();
  REQUIRE(texts.size() > 2000);
  for (const auto& [bytes, share_min] : std::map<std::size_t, double>{{60, 0.99}, {400, 1.0}}) {
    std::size_t all = 0, right = 0;
    for (const std::string charset : {"utf-8", "gb18030", "big5"}) {
      std::size_t wrong = 0;
      const std::vector<std::string> samples = samples_of(texts_in(charset, texts), bytes);
      for (const std::string& sample : samples) {
        const bool found = decode(sample, "").charset.name == charset;
        if (!found && ++wrong <= 3) UNSCOPED_INFO(charset << " taken for " << decode(sample, "").charset.name);
        right += found;
        ++all;
      }
      CHECK(samples.size() > 100);
      WARN(charset << " at " << bytes << " bytes: " << samples.size() - wrong << " of " << samples.size());
    }
    CHECK(double(right) >= share_min * double(all));
  }
}

TEST_CASE("what is broken or written in four bytes decodes as the standard says", "[extract][charset]") {
  // The digests are of an implementation of the WHATWG standard: charset_oracle.mjs.
  CHECK(sha256_hex(decode_gb18030(noise()).text) == "acce6ec62c798f1ee612d223a53b3d67d4d3afe1568981d892075509485de53a");
  CHECK(sha256_hex(decode_big5(noise()).text) == "4c5b9021f459f9f7115d7d81ca32c3920aaa83e59144dd8d0d001a171e88644e");
  std::string all;
  for (int a = 0x81; a <= 0xFE; ++a)
    for (int b = 0x30; b <= 0x39; ++b)
      for (int c = 0x81; c <= 0xFE; ++c)
        for (int d = 0x30; d <= 0x39; ++d)
          for (const int byte : {a, b, c, d}) all.push_back(char(byte));
  CHECK(sha256_hex(decode_gb18030(all).text) == "92bdae0e6267fb861bec922a5f0e694c423ffbf74eaa2931dc880e8226b2ba86");
}
