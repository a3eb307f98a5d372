// One walk over the elements: an address is a <url> or <sitemap> with its direct children; the news
// extension lies one deeper. A gzip stream is unpacked first, never past the protocol's own limit.

#include "crawler/extract/sitemap.h"

#include <algorithm>

#include <zlib.h>

#include "core/markup.h"
#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/extract/feed_date.h"
#include "crawler/extract/feed_forms.h"
#include "crawler/extract/xml_reader.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t children_max = 1000;
constexpr std::size_t text_bytes_max = 10'000;

struct Unpacked {
  std::string text;
  bool cut = false;     // at the limit
  bool broken = false;  // the stream ends early or is damaged
};

Unpacked gunzip(std::string_view bytes) {
  Unpacked out;
  z_stream z{};
  if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) return out;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1u << 30));
  char block[64 << 10];
  int state = Z_OK;
  while (state == Z_OK && out.text.size() < sitemap_bytes_max) {
    z.next_out = reinterpret_cast<Bytef*>(block);
    z.avail_out = sizeof block;
    state = inflate(&z, Z_NO_FLUSH);
    out.text.append(block, std::min(sizeof block - z.avail_out, sitemap_bytes_max - out.text.size()));
    if (state == Z_STREAM_END && z.avail_in > 0) state = inflateReset(&z);  // another member follows
  }
  inflateEnd(&z);
  out.cut = out.text.size() >= sitemap_bytes_max;
  out.broken = !out.cut && state != Z_STREAM_END;
  return out;
}

class SitemapReader {
 public:
  SitemapReader(std::string_view utf8, std::string_view base_url) : xml_(utf8), base_url_(base_url) {}
  Result<Sitemap> read();

 private:
  void start();
  void end();
  void keep();
  Error not_a_sitemap() const;

  XmlReader xml_;
  std::string base_url_, root_, text_;
  Sitemap sitemap_;
  SitemapUrl url_;
  int entry_depth_ = 0;  // of the <url> or <sitemap> being read; 0: none
  bool child_ = false;
  int left_out_ = 0;
};

Result<Sitemap> SitemapReader::read() {
  for (;;) {
    switch (xml_.next()) {
      case XmlReader::Event::start: start(); break;
      case XmlReader::Event::end: end(); break;
      case XmlReader::Event::text:
        if (text_.size() < text_bytes_max) text_ += cut_bytes(xml_.text(), text_bytes_max);
        break;
      case XmlReader::Event::finish:
        if (root_ != "urlset" && root_ != "sitemapindex") return not_a_sitemap();
        if (!xml_.broken().empty()) add_note(sitemap_.note, xml_.broken());
        if (left_out_ > 0) add_note(sitemap_.note, std::to_string(left_out_) + " addresses over the limit left out");
        return std::move(sitemap_);
    }
  }
}

Error SitemapReader::not_a_sitemap() const {
  if (root_ == "rss" || root_ == "feed" || root_ == "rdf:rdf")
    return {Errc::bad_markup, base_url_ + ": a feed, not a sitemap", "make it a source of kind feed"};
  if (root_ == "html" || root_ == "xhtml:html")
    return {Errc::bad_markup, base_url_ + ": a web page, not a sitemap",
            "robots.txt often names the sitemap's address"};
  return {Errc::bad_markup, base_url_ + ": no sitemap: its root is <" + root_.substr(0, 40) + ">",
          "check the address in a browser"};
}

void SitemapReader::start() {
  if (root_.empty()) root_ = xml_.name();
  text_.clear();
  if (entry_depth_ == 0 && (xml_.name() == "url" || xml_.name() == "sitemap")) {
    entry_depth_ = xml_.depth();
    child_ = xml_.name() == "sitemap";
    url_ = SitemapUrl();
  }
}

void SitemapReader::end() {
  const int depth = xml_.depth() + 1;
  const std::string& name = xml_.name();
  if (entry_depth_ == 0) return;
  if (depth == entry_depth_) {
    keep();
    entry_depth_ = 0;
  } else if (depth == entry_depth_ + 1 && name == "loc") {
    if (!trim(text_).empty()) url_.loc = resolve_reference(text_, base_url_).value_or("");
  } else if (depth == entry_depth_ + 1 && name == "lastmod") {
    if (const auto date = parse_feed_date(text_)) url_.lastmod = date->at;
  } else if (name == "news:title") {
    url_.news_title = plain_line(escape_markup(text_));
  } else if (name == "news:publication_date") {
    if (const auto date = parse_feed_date(text_)) url_.publication_date = date->at;
  }
  text_.clear();
}

void SitemapReader::keep() {
  if (url_.loc.empty()) return;
  auto& list = child_ ? sitemap_.children : sitemap_.urls;
  if (list.size() >= (child_ ? children_max : sitemap_urls_max))
    ++left_out_;
  else
    list.push_back(std::move(url_));
}

// The plain form: an address a line.
std::optional<Sitemap> parse_text(std::string_view utf8) {
  Sitemap sitemap;
  while (!utf8.empty() && sitemap.urls.size() < sitemap_urls_max) {
    const auto end = utf8.find('\n');
    const std::string_view line = trim(utf8.substr(0, end));
    utf8.remove_prefix(end == utf8.npos ? utf8.size() : end + 1);
    if (line.empty()) continue;
    SitemapUrl url;
    url.loc = resolve_reference(line).value_or("");
    if (url.loc.empty() && sitemap.urls.empty()) return {};  // the first line is none: no such list
    if (!url.loc.empty()) sitemap.urls.push_back(std::move(url));
  }
  if (sitemap.urls.empty()) return {};
  return sitemap;
}

std::optional<Time> date_of(const SitemapUrl& url) { return url.publication_date ? url.publication_date : url.lastmod; }

// Undated ones behind the dated; else in the sitemap's order.
std::vector<const SitemapUrl*> newest_first(const std::vector<SitemapUrl>& urls) {
  std::vector<const SitemapUrl*> order;
  for (const SitemapUrl& url : urls) order.push_back(&url);
  std::sort(order.begin(), order.end(), [](const SitemapUrl* a, const SitemapUrl* b) {
    const auto at_a = date_of(*a), at_b = date_of(*b);
    return at_a != at_b ? at_a > at_b : a < b;  // no date is less than any
  });
  return order;
}

}  // namespace

Result<Sitemap> parse_sitemap(std::string_view bytes, std::string_view content_type, std::string_view base_url) {
  const std::string place(base_url);
  Unpacked unpacked;
  if (bytes.starts_with("\x1f\x8b")) {
    unpacked = gunzip(bytes);
    bytes = unpacked.text;
    if (bytes.empty())
      return Error{Errc::bad_markup, place + ": its gzip cannot be unpacked", "check the address in a browser"};
  }
  const std::string text = utf8_of(bytes.substr(0, sitemap_bytes_max), content_type);
  if (!trim(std::string_view(text).substr(0, 1000)).starts_with('<')) {
    if (auto list = parse_text(text)) return *std::move(list);
  }
  Result<Sitemap> sitemap = SitemapReader(text, base_url).read();
  if (unpacked.cut && (!sitemap || (sitemap->urls.empty() && sitemap->children.empty())))
    return Error{Errc::too_large, place + ": unpacks to more than " + std::to_string(sitemap_bytes_max >> 20) + " MiB",
                 "this is no sitemap"};
  if (!sitemap) return sitemap;
  if (unpacked.cut) add_note(sitemap->note, "cut at " + std::to_string(sitemap_bytes_max >> 20) + " MiB");
  if (unpacked.broken) add_note(sitemap->note, "its gzip is damaged or ends early");
  return sitemap;
}

Result<Extracted> extract_sitemap(const Page& page, const Source&) {
  Result<Sitemap> sitemap = parse_sitemap(page.body, header(page.headers, "content-type"), page.url);
  if (!sitemap) return sitemap.error();
  Extracted out;
  out.note = sitemap->note;
  if (page.truncated) add_note(out.note, "the answer was cut at " + std::to_string(page.body.size()) + " bytes");
  for (const SitemapUrl* url : newest_first(sitemap->urls)) {
    Link link;
    link.url = canonical_url(url->loc);
    link.title = url->news_title;
    // When it was changed says little of when it was published; the news extension says it.
    link.published_at = url->publication_date;
    if (!link.url.empty()) out.links.push_back(std::move(link));
  }
  for (const SitemapUrl* child : newest_first(sitemap->children)) out.next_pages.push_back(child->loc);
  return out;
}

}  // namespace tingchao::crawler
