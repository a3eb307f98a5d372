// Bytes of unknown charset: the text is always UTF-8, says why, and text that is UTF-8 already and says
// nothing else comes through as it is. The input: a Content-Type value, a NUL, the bytes.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/extract/charset.h"

using namespace tingchao;
using namespace tingchao::crawler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view type = input.substr(0, input.find('\0'));
  const std::string_view bytes = type.size() == size ? input : input.substr(type.size() + 1);
  const Decoded decoded = decode(bytes, type);
  TINGCHAO_ASSERT(is_utf8(decoded.text));
  TINGCHAO_ASSERT(!decoded.charset.why.empty());
  TINGCHAO_ASSERT(decode(bytes, type).text == decoded.text);
  for (const char* charset : {"gb18030", "big5", "utf-8", "windows-1252", "utf-16le", "nobody-knows"})
    TINGCHAO_ASSERT(is_utf8(decode_as(bytes, charset).text));
  static_cast<void>(charset_of_markup(bytes));
  static_cast<void>(charset_of_label(type));
  const double score = chinese_score(decoded.text);
  TINGCHAO_ASSERT(score >= -2 && score <= 1);
  return 0;
}
