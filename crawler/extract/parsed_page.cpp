#include "crawler/extract/parsed_page.h"

#include <algorithm>

#include "core/hash.h"
#include "core/markup.h"
#include "core/utf8.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

bool is_foreign_type(std::string_view content_type) {
  const std::string type = ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
  if (type.empty() || type.find("html") != std::string::npos || type.find("xml") != std::string::npos) return false;
  for (const char* const prefix : {"image/", "video/", "audio/", "font/", "application/pdf", "application/zip",
                                   "application/msword", "application/vnd.", "application/x-rar"}) {
    if (type.starts_with(prefix)) return true;
  }
  return false;
}

bool is_plain_text(std::string_view content_type, std::string_view text) {
  return ascii_lower(content_type).starts_with("text/plain") && text.find("</") == std::string_view::npos;
}

// Text that is shown as it is, made a page.
std::string as_page(std::string_view text) { return "<pre>" + escape_markup(text) + "</pre>"; }

// One character of twenty that cannot be read, of all above ASCII, is no text any more.
bool is_unreadable(std::string_view text) {
  if (text.find("\xEF\xBF\xBD") == std::string_view::npos) return false;
  std::size_t above_ascii = 0, broken = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    if (c >= 0x80) ++above_ascii;
    if (c == 0xFFFD) ++broken;
  }
  return broken > 60 && broken * 20 > above_ascii;
}

// Chinese as soon as there is a fair share of it; else the Latin script's lingua franca.
std::string language_of(const Document& document) {
  std::size_t han = 0, letters = 0;
  for (const std::string* const text : {&document.title, &document.body}) {
    for (std::size_t at = 0; at < text->size();) {
      const char32_t c = next_char(*text, at);
      if (is_han(c)) ++han;
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ++letters;
    }
  }
  if (han == 0 && letters == 0) return document.language;
  return han * 10 >= letters ? "zh" : "en";
}

}  // namespace

Result<ParsedPage> ParsedPage::parse(const Page& page) {
  const std::string_view content_type = header(page.headers, "content-type");
  if (is_foreign_type(content_type)) {
    return Error{Errc::bad_markup, page.url + ": " + std::string(content_type) + " is no page",
                 "leave such addresses out with the source's link_pattern"};
  }
  Decoded decoded = decode(page.body, content_type);
  if (is_unreadable(decoded.text)) {
    return Error{Errc::bad_encoding,
                 page.url + ": unreadable as " + decoded.charset.name + " (" + decoded.charset.why + ")",
                 "look at the page; it may be no text"};
  }
  ParsedPage parsed;
  parsed.page_ = &page;
  parsed.charset_ = std::move(decoded.charset);
  std::string html = is_plain_text(content_type, decoded.text) ? as_page(decoded.text) : std::move(decoded.text);
  parsed.dom_ = std::make_unique<Dom>(Dom::parse(std::move(html)));
  parsed.view_ = std::make_unique<PageView>(*parsed.dom_);
  parsed.meta_ = std::make_unique<PageMeta>(*parsed.dom_);
  parsed.snapshot_ = sha256_hex(page.body);
  parsed.base_ = canonical_url(page.url);
  const NodeId base = parsed.dom_->find(Tag::base);
  if (base != no_node) {
    const std::string told = canonical_url(parsed.dom_->attribute(base, "href"), parsed.base_);
    if (!told.empty()) parsed.base_ = told;
  }
  return parsed;
}

namespace {

Document blank(const Page& page, const Source& source, std::string url, std::string snapshot) {
  Document document;
  document.url = std::move(url);
  document.source = source.id;
  document.source_name = source.name;
  document.medium = source.medium;
  document.official = source.official;
  document.weight = source.weight;
  document.district = source.district;
  document.language = source.language;
  document.fetched_at = page.fetched_at;
  document.snapshot_hash = std::move(snapshot);
  return document;
}

}  // namespace

Document blank_document(const ParsedPage& parsed, const Source& source, std::string url) {
  return blank(parsed.page(), source, std::move(url), parsed.snapshot());
}

Document blank_document(const Page& page, const Source& source, std::string url) {
  return blank(page, source, std::move(url), sha256_hex(page.body));
}

void seal(Document& document) {
  if (document.body.size() > body_bytes_max) document.body.resize(cut_bytes(document.body, body_bytes_max).size());
  document.language = language_of(document);
  document.id = document_id(document.url, document.thread ? document.thread->floor : 0);
  document.content_hash = content_hash(document.title, document.body);
}

}  // namespace tingchao::crawler
