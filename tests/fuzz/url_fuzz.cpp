// References and headers: what resolve_reference() gives is plain, resolves to itself, and has a host
// without surprises; dates and spans in headers never go negative. Base and reference are split by NUL.

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "crawler/schedule.h"
#include "crawler/url_reference.h"

using namespace tingchao;
using namespace tingchao::crawler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view reference = bytes.substr(0, bytes.find('\0'));
  const std::string_view base =
      reference.size() == size ? std::string_view("http://a.example:81/b/c?d") : bytes.substr(reference.size() + 1);
  if (const auto url = resolve_reference(reference, base)) {
    TINGCHAO_ASSERT(url->starts_with("http://") || url->starts_with("https://"));
    TINGCHAO_ASSERT(url->size() <= reference_bytes_max);
    for (const char c : *url) TINGCHAO_ASSERT(c > ' ' && c < 0x7f && c != '#');
    TINGCHAO_ASSERT(resolve_reference(*url) == url);
    const WebAddress address = web_address(*url);
    TINGCHAO_ASSERT(address.origin + address.target == *url);
    TINGCHAO_ASSERT(address.target.starts_with('/'));
    TINGCHAO_ASSERT(address.host.find_first_of("@/?#%\\ ") == std::string::npos);
  }
  const Headers headers = {{"retry-after", std::string(reference)}, {"cache-control", std::string(base)},
                           {"expires", std::string(reference)}};
  const Time now{std::chrono::hours(24 * 20'000)};
  if (const auto span = retry_after(headers, now)) TINGCHAO_ASSERT(span->count() >= 0);
  if (const auto span = freshness(headers, now)) TINGCHAO_ASSERT(span->count() >= 0);
  return 0;
}
