// Pages of every kind through the public extract(): whatever the bytes, an answer within the limits and
// in well-formed UTF-8, twice the same; links are addresses; a post has its floor. The first byte chooses
// the kind of source, the second whether it has selectors and a declared charset.

#include <cstdint>
#include <string_view>

#include "core/utf8.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

void check(const Extracted& got) {
  for (const Document& document : got.documents) {
    TINGCHAO_ASSERT(is_utf8(document.title) && is_utf8(document.body));
    TINGCHAO_ASSERT(document.body.size() <= body_bytes_max);
    TINGCHAO_ASSERT(!document.id.empty());
    TINGCHAO_ASSERT(document.confidence >= 0 && document.confidence <= 1);
    if (document.thread) TINGCHAO_ASSERT(document.thread->floor >= 1);
    if (document.published_at) TINGCHAO_ASSERT(document.published_by != DateOrigin::none);
  }
  for (const Link& link : got.links) {
    TINGCHAO_ASSERT(is_utf8(link.title));
    TINGCHAO_ASSERT(link.url.starts_with("http://") || link.url.starts_with("https://"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Page page;
  page.source = "s";
  page.url = page.requested_url = "http://www.example.cn/2026/0415/list_1.html";
  page.status = 200;
  page.fetched_at = Time(Seconds(1'776'300'000));
  page.body.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (data[1] & 1) page.headers.emplace_back("content-type", "text/html; charset=gb2312");

  Source source;
  source.id = "s";
  constexpr SourceKind kinds[] = {SourceKind::page, SourceKind::list, SourceKind::board};
  source.kind = kinds[data[0] % 3];
  if (data[1] & 2) {
    source.selectors = {.item = "li, tr",
                        .link = "a@href",
                        .title = "h1",
                        .time = "//span[1]",
                        .body = "div > p",
                        .next = "a:contains(\"下一页\")",
                        .post = "div",
                        .author = ".author"};
  }
  const Role role = data[0] & 8 ? Role::entry : Role::content;
  const auto got = extract(page, source, role, "salt");
  if (got) check(*got);
  const auto again = extract(page, source, role, "salt");
  TINGCHAO_ASSERT(got.has_value() == again.has_value());
  if (got) {
    TINGCHAO_ASSERT(got->documents.size() == again->documents.size() &&
                    got->links.size() == again->links.size());
    for (std::size_t i = 0; i < got->documents.size(); ++i)
      TINGCHAO_ASSERT(got->documents[i].body == again->documents[i].body);
  }
  return 0;
}
