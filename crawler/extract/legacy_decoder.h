#pragma once
// The two legacy Chinese charsets as the WHATWG Encoding standard decodes them. ICU's converters
// give the bulk of the tables; the codes where they differ from what browsers show are listed here
// and were found by comparing every two-byte code with a browser's own TextDecoder.

#include <cstddef>
#include <string>
#include <string_view>

namespace tingchao::crawler {

struct DecodedBytes;

DecodedBytes decode_gb18030(std::string_view bytes);
DecodedBytes decode_big5(std::string_view bytes);

}  // namespace tingchao::crawler
