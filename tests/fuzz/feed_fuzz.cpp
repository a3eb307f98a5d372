// The entry formats: whatever the bytes, an answer within the limits, in well-formed UTF-8, with
// addresses that are addresses. The first byte chooses the format.

#include <cstdint>
#include <string_view>

#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/feed_date.h"
#include "crawler/extract/hotlist.h"
#include "crawler/extract/sitemap.h"
#include "crawler/url_reference.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const char* const here = "http://www.example.cn/entry/list.xml";

void check_text(std::string_view text, std::size_t bytes_max) {
  TINGCHAO_ASSERT(text.size() <= bytes_max);
  TINGCHAO_ASSERT(is_utf8(text));
}

void check_url(const std::string& url) {
  if (!url.empty()) TINGCHAO_ASSERT(resolve_reference(url) == url);
}

void feed(std::string_view bytes) {
  const auto got = parse_feed(bytes, "text/xml", here);
  if (!got) return;
  TINGCHAO_ASSERT(got->entries.size() <= feed_entries_max);
  for (const Entry& entry : got->entries) {
    check_url(entry.url);
    TINGCHAO_ASSERT(!entry.url.empty() || !entry.title.empty());
    for (const std::string* text : {&entry.id, &entry.title, &entry.summary_html, &entry.content_html, &entry.author})
      check_text(*text, 8 * feed_field_bytes_max);
  }
}

void sitemap(std::string_view bytes) {
  const auto got = parse_sitemap(bytes, "", here);
  if (!got) return;
  TINGCHAO_ASSERT(got->urls.size() <= sitemap_urls_max);
  for (const auto* list : {&got->urls, &got->children})
    for (const SitemapUrl& url : *list) {
      TINGCHAO_ASSERT(!url.loc.empty());
      check_url(url.loc);
      check_text(url.news_title, 2000);
    }
}

// The pointers before the first NUL, one a line.
void hotlist(std::string_view bytes) {
  HotlistPointers pointers;
  std::string_view head = bytes.substr(0, bytes.find('\0'));
  const std::string_view body = head.size() == bytes.size() ? std::string_view() : bytes.substr(head.size() + 1);
  for (std::string* pointer : {&pointers.items, &pointers.title, &pointers.url, &pointers.rank, &pointers.heat}) {
    *pointer = head.substr(0, head.find('\n'));
    head.remove_prefix(std::min(head.size(), pointer->size() + 1));
  }
  const auto got = parse_hotlist(to_valid_utf8(body), pointers, here);
  if (!got) return;
  for (const HotItem& item : got->items) {
    TINGCHAO_ASSERT(!item.title.empty() && item.rank >= 1);
    check_text(item.title, 2000);
    check_url(item.url);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 's': sitemap(bytes); break;
    case 'h': hotlist(bytes); break;
    case 'd': static_cast<void>(parse_feed_date(bytes)); break;
    case 'n': static_cast<void>(heat_number(bytes)); break;
    default: feed(bytes);
  }
  return 0;
}
