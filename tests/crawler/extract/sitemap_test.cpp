#include "crawler/extract/sitemap.h"

#include <catch2/catch.hpp>
#include <zlib.h>

#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const char* const here = "http://www.example.cn/sitemap.xml";

std::string gzip(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 100, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Sitemap parse(std::string_view bytes) {
  const auto sitemap = parse_sitemap(bytes, "", here);
  INFO((sitemap ? "" : describe(sitemap.error())));
  REQUIRE(sitemap);
  return *sitemap;
}

std::string urlset(int n) {
  std::string xml = "<urlset>";
  for (int i = 0; i < n; ++i) xml += "<url><loc>http://www.example.cn/" + std::to_string(i) + "</loc></url>\n";
  return xml + "</urlset>";
}

}  // namespace

TEST_CASE("a sitemap with the news extension", "[crawler][sitemap]") {
  const Sitemap sitemap = parse(R"(<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> http://www.example.cn/1?a=1&amp;b=2 </loc><lastmod>2026-04-15T22:40:00+08:00</lastmod>
<image:image><image:loc>http://img/</image:loc></image:image>
<n:news><n:publication><n:name>报</n:name></n:publication>
<n:publication_date>2026-04-14</n:publication_date><n:title>教育 &amp; 体育</n:title></n:news></url>
<url><loc>/2</loc><lastmod>nonsense</lastmod></url>
<url><loc>mailto:a@b</loc></url><url></url></urlset>)");
  REQUIRE(sitemap.urls.size() == 2);
  CHECK(sitemap.urls[0].loc == "http://www.example.cn/1?a=1&b=2");
  CHECK(to_rfc3339(*sitemap.urls[0].lastmod) == "2026-04-15T22:40:00+08:00");
  CHECK(sitemap.urls[0].news_title == "教育 & 体育");
  CHECK(to_rfc3339(*sitemap.urls[0].publication_date) == "2026-04-14T00:00:00+08:00");
  CHECK(sitemap.urls[1].loc == "http://www.example.cn/2");
  CHECK_FALSE(sitemap.urls[1].lastmod);
  CHECK(sitemap.children.empty());
  CHECK(sitemap.note == "");
}

TEST_CASE("an index of sitemaps", "[crawler][sitemap]") {
  const Sitemap sitemap = parse(
      "<sitemapindex><sitemap><loc>http://a/1.xml.gz</loc><lastmod>2026-04-01</lastmod></sitemap>"
      "<sitemap><loc>2.xml</loc></sitemap></sitemapindex>");
  CHECK(sitemap.urls.empty());
  REQUIRE(sitemap.children.size() == 2);
  CHECK(sitemap.children[0].loc == "http://a/1.xml.gz");
  CHECK(to_rfc3339(*sitemap.children[0].lastmod) == "2026-04-01T00:00:00+08:00");
  CHECK(sitemap.children[1].loc == "http://www.example.cn/2.xml");
}

TEST_CASE("other forms of sitemaps", "[crawler][sitemap]") {
  CHECK(parse("http://a/1\r\nhttp://a/2\n\n  http://a/3  ").urls.size() == 3);
  CHECK(parse(gzip(urlset(100))).urls.size() == 100);
  CHECK(parse(gzip(urlset(3).substr(0, 100)) + gzip(urlset(3).substr(100))).urls.size() == 3);  // two members
  CHECK(parse("\xEF\xBB\xBF" + urlset(2)).urls.size() == 2);
  CHECK(parse("<urlset></urlset>").urls.empty());
}

TEST_CASE("broken sitemaps give what they can, and say so", "[crawler][sitemap]") {
  const Sitemap cut = parse(urlset(10).substr(0, 300));
  CHECK(cut.urls.size() >= 4);
  CHECK_THAT(cut.note, Catch::Contains("ends inside"));
  const std::string packed = gzip(urlset(5000));
  const Sitemap cut_gzip = parse(packed.substr(0, packed.size() / 2));
  CHECK(cut_gzip.urls.size() > 1000);
  CHECK(cut_gzip.urls.size() < 4000);
  CHECK_THAT(cut_gzip.note, Catch::Contains("gzip"));
  const Sitemap many = parse(urlset(50'010));
  CHECK(many.urls.size() == sitemap_urls_max);
  CHECK_THAT(many.note, Catch::Contains("10 addresses"));
}

TEST_CASE("what is no sitemap is named", "[crawler][sitemap]") {
  struct Case {
    std::string name, bytes;
    Errc code;
    const char* says;
  };
  const Case cases[] = {
      {"empty", "", Errc::bad_markup, "no sitemap"},
      {"a page", "<html><body></body></html>", Errc::bad_markup, "web page"},
      {"a feed", "<rss/>", Errc::bad_markup, "kind feed"},
      {"another XML", "<svg/>", Errc::bad_markup, "<svg>"},
      {"prose", "no addresses here", Errc::bad_markup, "no sitemap"},
      {"no gzip", "\x1f\x8bnonsense", Errc::bad_markup, "gzip"},
      {"a gzip bomb", gzip(std::string(80u << 20, ' ')), Errc::too_large, "50 MiB"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const auto sitemap = parse_sitemap(c.bytes, "", here);
    REQUIRE_FALSE(sitemap);
    CHECK(sitemap.error().code == c.code);
    CHECK_THAT(describe(sitemap.error()), Catch::Contains(c.says) && Catch::Contains(here));
  }
}

TEST_CASE("a gzip bomb behind a good beginning is cut", "[crawler][sitemap]") {
  const Sitemap sitemap = parse(gzip("<urlset><url><loc>http://a/1</loc></url>" + std::string(80u << 20, ' ')));
  CHECK(sitemap.urls.size() == 1);
  CHECK_THAT(sitemap.note, Catch::Contains("50 MiB"));
}

TEST_CASE("a sitemap's addresses become links, the newest first", "[crawler][sitemap]") {
  Page page;
  page.url = here;
  page.body =
      "<urlset><url><loc>/undated</loc></url><url><loc>/old</loc><lastmod>2026-01-01</lastmod></url><url><loc>/new</"
      "loc>"
      "<lastmod>2026-04-15</lastmod></url><url><loc>/undated2</loc></url>"
      "<url><loc>/news</loc><news:news><news:publication_date>2026-03-01</news:publication_date><news:title>标题</"
      "news:title></news:news></url></urlset>";
  const auto got = extract_sitemap(page, Source());
  REQUIRE(got);
  std::string order;
  for (const Link& link : got->links) order += link.url.substr(21) + " ";
  CHECK(order == "/new /news /old /undated /undated2 ");
  CHECK(got->links[1].title == "标题");
  CHECK(to_rfc3339(*got->links[1].published_at) == "2026-03-01T00:00:00+08:00");
  CHECK_FALSE(got->links[0].published_at);  // changed then, not published

  page.body =
      "<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>/2.xml</loc>"
      "<lastmod>2026-02-01</lastmod></sitemap></sitemapindex>";
  const auto index = extract_sitemap(page, Source());
  REQUIRE(index);
  CHECK(index->next_pages == std::vector<std::string>{"http://www.example.cn/2.xml", "http://www.example.cn/1.xml"});
}
