#pragma once
// The two notations of feeds, and what these and the other entry formats share. Private to
// feed*.cpp, sitemap.cpp and hotlist.cpp.

#include <string>
#include <string_view>

#include "core/result.h"
#include "crawler/extract/feed.h"

namespace tingchao::crawler {

// `utf8` is well-formed; `base_url` as for parse_feed().
Result<Feed> parse_xml_feed(std::string_view utf8, std::string_view base_url);
Result<Feed> parse_json_feed(std::string_view utf8, std::string_view base_url);

// Well-formed UTF-8 without byte order mark: the bytes themselves where they are that already, but for
// a last character that was cut; else decoded as a page would be.
std::string utf8_of(std::string_view bytes, std::string_view content_type);

// Appends to an operator's note.
void add_note(std::string& note, std::string_view more);

// Markup as one line of plain text: tags dropped, scripts and styles with their content, character
// references resolved, white space folded, cut to a title's size.
std::string plain_line(std::string html);

// What no entry can be used for: neither an address nor a title. Drops it; else completes the id.
void add_entry(Feed& feed, Entry entry);

}  // namespace tingchao::crawler
