#pragma once
// Sitemaps and sitemap indexes (sitemaps.org), with the news extension; plain text lists of
// addresses too. A body that begins with gzip's magic is unpacked here, bounded. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/page.h"
#include "core/result.h"
#include "core/source.h"
#include "core/time.h"

namespace tingchao::crawler {

struct Extracted;

// The protocol's own limits: 50,000 addresses and 50 MB unpacked.
inline constexpr std::size_t sitemap_urls_max = 50'000;
inline constexpr std::size_t sitemap_bytes_max = 50u << 20;

struct SitemapUrl {
  std::string loc;  // absolute http(s)
  std::optional<Time> lastmod;
  std::string news_title;
  std::optional<Time> publication_date;  // news extension
};

struct Sitemap {
  std::vector<SitemapUrl> urls;      // of a urlset, in order
  std::vector<SitemapUrl> children;  // of a sitemapindex, in order
  std::string note;                  // what was cut or broken
};

// Fails with bad_markup when it is neither, too_large when gzip unpacks past sitemap_bytes_max
// before any address was read.
Result<Sitemap> parse_sitemap(std::string_view bytes, std::string_view content_type, std::string_view base_url);

// Addresses as Links, newest first where dated; children as next_pages, newest first.
Result<Extracted> extract_sitemap(const Page& page, const Source& source);

}  // namespace tingchao::crawler
