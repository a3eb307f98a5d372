#pragma once
// From bytes to text: which charset a page is in, and its decoding as browsers do it (WHATWG
// Encoding). A declaration is a claim, the bytes are the evidence: where they contradict each other
// the bytes win. Decoding never fails; what cannot be read becomes U+FFFD and is counted.

#include <cstddef>
#include <string>
#include <string_view>

#include "crawler/extract.h"

namespace tingchao::crawler {

// How far into a page a <meta> or an XML declaration is looked for. Browsers stop at 1024 bytes, but
// one Chinese page of five puts its declaration behind a longer run of scripts.
inline constexpr std::size_t prescan_bytes = 8192;

// The label after "charset=" in a Content-Type value, or empty.
std::string_view charset_of_content_type(std::string_view value);

// The label of the first <meta charset>, <meta http-equiv=content-type> or XML declaration, or empty.
std::string charset_of_markup(std::string_view bytes);

// A label as found in the wild to the charset that is meant: gb2312, gbk and x-gbk are gb18030,
// latin1 is windows-1252. Empty when nobody knows the label.
std::string charset_of_label(std::string_view label);

struct DecodedBytes {
  std::string text;
  std::size_t errors = 0;  // sequences that became U+FFFD
};

// `charset` as charset_of_label() gives it; an unknown one is read as UTF-8.
DecodedBytes decode_as(std::string_view bytes, std::string_view charset);

// How much a text reads like everyday Chinese, per character above ASCII: the share of very common
// characters, minus the unreadable ones. About 0.4 for prose, near 0 for the wrong charset.
double chinese_score(std::string_view text);

}  // namespace tingchao::crawler
