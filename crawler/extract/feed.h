#pragma once
// Feeds of every kind that the web still speaks: RSS 0.9x and 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0,
// JSON Feed. Pure and bounded: no network, no external entity, no entity expansion beyond the five
// of XML and HTML's named characters; a document that is broken in the middle keeps what came before.

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

// More items than any real feed has; the rest is dropped and Feed::note says so.
inline constexpr std::size_t feed_entries_max = 5000;
// Of one text field; longer ones are cut on a character border.
inline constexpr std::size_t feed_field_bytes_max = 1u << 20;
// Elements within one another; a deeper document is refused.
inline constexpr int feed_depth_max = 64;

struct Entry {
  std::string id;            // guid, atom:id, rdf:about; the link when the feed gives none
  std::string url;           // absolute http(s), or empty
  std::string title;         // plain text, tags and character references resolved, white space folded
  std::string summary_html;  // as the feed has it: may hold markup
  std::string content_html;  // the full text where the feed carries it
  std::string author;        // never stored; for the caller's salted hash
  std::optional<Time> published, updated;
  bool to_the_minute = false;  // of published, else of updated; false: only the day is known
};

struct Feed {
  std::string format;  // "rss 2.0", "rdf", "atom", "json feed"
  std::string title;
  std::optional<Seconds> ttl;  // how long the feed asks to be left alone (rss ttl, sy:updatePeriod)
  std::vector<Entry> entries;  // in the feed's order
  std::string note;            // what an operator should know: "broken at line 120: …"
};

// `bytes` as fetched or already UTF-8: valid UTF-8 is trusted over any declaration, else the charset
// is found as for pages. `content_type` is the header's value or empty; links are resolved against
// xml:base, else the feed's own address `base_url`. Fails with bad_markup when it is no feed at all
// (an HTML page is named as such) or nothing of it can be read. An empty feed is no failure.
Result<Feed> parse_feed(std::string_view bytes, std::string_view content_type, std::string_view base_url);

// The page's entries as Links with title and time for extract(). Role is always entry.
Result<Extracted> extract_feed(const Page& page, const Source& source);

}  // namespace tingchao::crawler
