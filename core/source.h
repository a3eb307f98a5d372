#pragma once
// A Source is a place of the open web that is read again and again: a feed, a column, a board.
// It is configuration, never changed by the program; what happened to it is SourceHealth.

#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace tingchao {

enum class SourceKind {
  feed,     // RSS 0.9–2.0, RDF, Atom, JSON Feed
  sitemap,  // sitemap or sitemap index, with the news extension
  list,     // an HTML page that links to articles
  page,     // one page that is itself the document
  hotlist,  // a JSON list of titles with a rank
  board,    // a forum board: a list of threads, each with posts and pages
};
const char* name(SourceKind kind);
std::optional<SourceKind> source_kind(std::string_view name);

// What the place is, for reach and for the digest's grouping. Free text of a short list:
// news, official, forum, board, hotlist, blog, video, import.
using Medium = std::string;

// How to find things on a page. Each is a CSS selector, or an XPath when it starts with '/' or '('.
// An empty one means "find it yourself". A trailing "@attr" takes that attribute.
struct Selectors {
  std::string item;    // list, board: one entry
  std::string link;    // within an entry: its link (default: its first a@href)
  std::string title;   // within an entry or on the article page
  std::string time;
  std::string body;    // on the article page
  std::string next;    // link to the following page of a list or thread
  std::string post;    // board: one post of a thread
  std::string author;  // board: within a post; only ever stored as a salted hash
};

// Where the parts of a hot list lie, as JSON pointers (RFC 6901); `items` from the root, the others
// from an item. A `url` that is empty makes an address from the list's own and the title.
struct HotlistPointers {
  std::string items = "";
  std::string title = "/title";
  std::string url = "/url";
  std::string rank;  // empty: the position in the list
  std::string heat;
};

struct Source {
  std::string id;    // short, [a-z0-9-]+, unique
  std::string name;  // for people, Chinese
  SourceKind kind = SourceKind::feed;
  std::vector<std::string> urls;
  Seconds interval{std::chrono::minutes{15}};
  bool adaptive = false;  // read oftener than `interval` when there is likely something to find
  Medium medium = "news";
  double weight = 1.0;     // 0…1, how much an appearance here counts as reach
  bool official = false;   // the bureau or a government body speaks here: answers are recognised
  std::string district;    // the place that it speaks of when a text names none
  std::string language = "zh";
  Selectors selectors;
  HotlistPointers hotlist;
  std::string link_pattern;  // RE2 that an article link must match; empty: every link of an item
  int pages_max = 1;         // pages of a list or board read a visit
  int links_max = 50;        // new links followed a visit
  Seconds delay{2};          // at least so long between two requests to its host
};

// What is known of a source's life; the operator's view, kept by the store.
struct SourceHealth {
  std::string source;
  std::optional<Time> last_visit, last_success, last_document;
  int failures = 0;         // in a row
  std::string last_error;   // empty when the last visit was good
  long documents_total = 0;
  int documents_24h = 0;
  Time next_due{};
  std::string waits_for;    // why it is not being read now: "interval", "backoff", "robots", …
};

}  // namespace tingchao
