#pragma once
// Turns a fetched page into what it carries: documents, and links to fetch next. Pure: looks at
// nothing but its arguments, so a saved page always gives the same answer.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"
#include "core/page.h"
#include "core/result.h"
#include "core/source.h"

namespace tingchao::crawler {

// The most text kept of one document; more is a broken page or an attack, and is cut.
inline constexpr std::size_t body_bytes_max = 1u << 20;

struct Charset {
  std::string name;    // "utf-8", "gb18030", "big5", or another that ICU knows
  std::string why;     // "bom", "header", "meta", "strict utf-8", "gb18030 against big5", "header overruled"
};

struct Extracted {
  std::vector<Document> documents;
  std::vector<Link> links;      // articles or threads offered by an entry page, in page order
  std::vector<std::string> next_pages;  // continuation of a list or thread
  std::string previous_page, last_page; // of a thread, where its pager says so; see thread_walk.h
  int posts = 0;                        // of a thread's page, with those that have no words
  Charset charset;
  std::string note;             // what an operator should know: "selector .news matched nothing"
  std::optional<Seconds> ttl;   // how long a feed asks to be left alone
};

enum class Role {
  entry,    // the source's own URL: feed, sitemap, list, hot list, board
  content,  // an article or thread found through an entry, or a page source
};

// `salt` makes author hashes (never stored itself). Fails with bad_encoding, bad_markup (naming what
// and where) or bad_rule (a selector that does not parse). An empty feed is no failure but no links.
Result<Extracted> extract(const Page& page, const Source& source, Role role, std::string_view salt);

// Merges what the entry page said of a document into it where the document itself is silent.
void complete(Document& document, const Link& hint);

// A selector's mistake, before any page was fetched: empty when fine. For configuration checks.
std::string selector_mistake(std::string_view selector);

// Canonical form: scheme and host lower-case, default port, fragment and tracking parameters
// dropped, dot segments resolved; relative to `base`. Empty when no http(s) URL results.
std::string canonical_url(std::string_view url, std::string_view base = {});

// The page's own address as a document of it carries it: canonical, and one form for what forum software
// shows under several addresses (see docs/crawling.md). The identity of a link.
std::string document_url(std::string_view url);

// Bytes to UTF-8, with why that charset. `content_type` is the header's value, or empty.
struct Decoded { std::string text; Charset charset; };
Decoded decode(std::string_view bytes, std::string_view content_type);

}  // namespace tingchao::crawler
