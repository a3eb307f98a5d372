// The first character that is no white space tells the notation: '{' is JSON, '<' is XML. What the
// notations leave to be said the same way is done here.

#include "crawler/extract/feed.h"

#include "core/markup.h"
#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/extract/feed_forms.h"
#include "crawler/extract/html_tokens.h"
#include "crawler/extract/page_text.h"

namespace tingchao::crawler {

namespace {

constexpr std::size_t title_bytes_max = 2000;

bool is_block(std::string_view name) {
  for (const char* block : {"p", "br", "div", "li", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
    if (name == block) return true;
  return false;
}

// A cut answer may end within a character, which makes its other bytes no less UTF-8.
std::string_view without_cut_character(std::string_view bytes) {
  for (std::size_t n = 1; n <= 3 && n < bytes.size(); ++n) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - n]);
    if (byte >= 0xC0) return bytes.substr(0, bytes.size() - n);
    if (byte < 0x80) break;
  }
  return bytes;
}

}  // namespace

void add_note(std::string& note, std::string_view more) {
  if (!note.empty() && !more.empty()) note += "; ";
  note += more;
}

std::string utf8_of(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::string_view whole = without_cut_character(bytes);
  return is_utf8(whole) ? std::string(whole) : decode(bytes, content_type).text;
}

std::string plain_line(std::string html) {
  std::string out;
  std::string_view hidden;  // inside this raw element
  HtmlTokens tokens(html.data(), html.size());
  HtmlToken token;
  while (tokens.next(token)) {
    if (token.kind == HtmlToken::Kind::text) {
      if (hidden.empty()) out += token.text;
    } else {
      if (token.kind == HtmlToken::Kind::start && (token.name == "script" || token.name == "style"))
        hidden = token.name;
      else if (token.kind == HtmlToken::Kind::end && token.name == hidden)
        hidden = {};
      if (is_block(token.name)) out += ' ';
    }
  }
  return std::string(cut_bytes(folded(out), title_bytes_max));
}

void add_entry(Feed& feed, Entry entry) {
  if (entry.url.empty() && entry.title.empty()) return;
  if (feed.entries.size() >= feed_entries_max) {
    if (feed.entries.size() == feed_entries_max && feed.note.find("entries") == std::string::npos)
      add_note(feed.note, "more than " + std::to_string(feed_entries_max) + " entries; the rest is left out");
    return;
  }
  if (entry.id.empty()) entry.id = entry.url;
  feed.entries.push_back(std::move(entry));
}

Result<Feed> parse_feed(std::string_view bytes, std::string_view content_type, std::string_view base_url) {
  const std::string text = utf8_of(bytes, content_type);
  const std::string_view start = trim(text);
  if (start.starts_with('{')) return parse_json_feed(text, base_url);
  if (start.starts_with('<')) return parse_xml_feed(text, base_url);
  return Error{Errc::bad_markup,
               std::string(base_url) + ": no feed: " + (start.empty() ? "empty" : "neither XML nor JSON"),
               "check the address in a browser"};
}

Result<Extracted> extract_feed(const Page& page, const Source&) {
  const Result<Feed> feed = parse_feed(page.body, header(page.headers, "content-type"), page.url);
  if (!feed) return feed.error();
  Extracted out;
  out.note = feed->note;
  out.ttl = feed->ttl;
  if (page.truncated) add_note(out.note, "the answer was cut at " + std::to_string(page.body.size()) + " bytes");
  int without = 0;
  for (const Entry& entry : feed->entries) {
    Link link;
    link.url = canonical_url(entry.url);
    link.title = entry.title;
    link.published_at = entry.published ? entry.published : entry.updated;
    if (link.url.empty())
      ++without;
    else
      out.links.push_back(std::move(link));
  }
  if (without > 0) add_note(out.note, std::to_string(without) + " entries without an address");
  return out;
}

}  // namespace tingchao::crawler
