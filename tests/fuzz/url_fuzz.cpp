// References and headers: what resolve_reference() gives is plain, resolves to itself, and has a host
// without surprises; dates and spans in headers never go negative. Base and reference are split by NUL.
// Identities: the canonical address and the document's are fixed points, and no tail that names a reader changes
// a document's; traps and patterns come of any address, and a pattern is its own pattern.

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "crawler/extract.h"
#include "crawler/extract/url.h"
#include "crawler/schedule.h"
#include "crawler/schedule/url_traps.h"
#include "crawler/url_reference.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

void check_identity(std::string_view reference, std::string_view base) {
  const std::string canonical = canonical_url(reference, base);
  if (canonical.empty()) return;
  TINGCHAO_ASSERT(canonical_url(canonical) == canonical);
  const std::string document = document_url(canonical);
  TINGCHAO_ASSERT(!document.empty());
  TINGCHAO_ASSERT(document_url(document) == document);
  TINGCHAO_ASSERT(document_url(canonical_url(reference, base)) == document);
  const char* tail = canonical.find('?') == std::string::npos ? "?utm_source=a" : "&utm_source=a";
  TINGCHAO_ASSERT(canonical.size() + 16 > url_bytes_max || document_url(canonical + tail) == document);
  const Time now{std::chrono::hours(24 * 20'000)};
  const std::string trap = trap_in(canonical, now);
  TINGCHAO_ASSERT(trap_in(canonical, now) == trap);
  TINGCHAO_ASSERT(canonical.size() <= 1024 || !trap.empty());
  const std::string pattern = url_pattern(canonical);
  TINGCHAO_ASSERT(pattern.size() <= canonical.size());
  UrlYield yield;
  for (int i = 0; i < 30; ++i) {
    TINGCHAO_ASSERT(yield.worth_reading(pattern));
    yield.read(pattern, 0);
  }
  TINGCHAO_ASSERT(!yield.worth_reading(pattern));
  yield.read(pattern, 1);
  TINGCHAO_ASSERT(yield.worth_reading(pattern));
  TINGCHAO_ASSERT(yield.patterns() == 0);
}

}  // namespace

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
  check_identity(reference, base);
  trap_in(bytes, Time{});  // also what no address is
  const Headers headers = {{"retry-after", std::string(reference)}, {"cache-control", std::string(base)},
                           {"expires", std::string(reference)}};
  const Time now{std::chrono::hours(24 * 20'000)};
  if (const auto span = retry_after(headers, now)) TINGCHAO_ASSERT(span->count() >= 0);
  if (const auto span = freshness(headers, now)) TINGCHAO_ASSERT(span->count() >= 0);
  return 0;
}
