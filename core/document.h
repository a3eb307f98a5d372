#pragma once
// A Document is one thing somebody published: an article, a post of a thread, an entry of a hot
// list. Texts are UTF-8 and are what is stored; every offset elsewhere counts bytes of them.

#include <optional>
#include <string>
#include <vector>

#include "core/source.h"
#include "core/time.h"

namespace tingchao {

// How the publication time was found, best first.
enum class DateOrigin { rule, meta, structured, feed, visible, url, relative, header, none };
const char* name(DateOrigin origin);

// Place in a thread; a document that is no post has none.
struct ThreadPosition {
  std::string thread;  // canonical URL of the thread
  int floor = 1;       // 1 is the opening post
  int page = 1;
};

// How far it went, as the page says; absent where it says nothing.
struct Reach {
  std::optional<long> views, replies, likes, heat;
  std::optional<int> rank;  // on a hot list, 1 the top
};

struct Document {
  std::string id;          // stable_id(url, and "#p<floor>" for a post without an address of its own)
  std::string url;         // canonical
  std::string source;      // Source::id
  std::string source_name; // for people
  Medium medium = "news";
  bool official = false;
  double weight = 1.0;
  std::string district;    // of the source

  std::string title;
  std::string body;

  std::optional<Time> published_at;
  DateOrigin published_by = DateOrigin::none;
  bool published_to_the_minute = false;  // false: only the day is known
  std::optional<Time> modified_at;
  Time fetched_at{};                     // first seen

  std::optional<ThreadPosition> thread;
  Reach reach;
  std::string author_hash;  // salted, per thread; only to count how many speak
  std::string language = "zh";

  std::string content_hash;   // sha256 of title, NUL, body
  std::string snapshot_hash;  // sha256 of the raw bytes it was extracted from; empty: imported
  std::string layer;          // which extraction layer gave the body: rule, meta, density …
  double confidence = 1.0;    // 0…1, of the extraction
};

// The time that counts for stories and bursts: published if known and not in the future of
// fetched_at, else first seen.
Time effective_time(const Document& document);
// An undated document must not make a burst on crawl day.
inline bool is_dated(const Document& d) { return d.published_at.has_value(); }

std::string document_id(std::string_view canonical_url, int floor = 0);
std::string content_hash(std::string_view title, std::string_view body);

// A link that an entry page offers, to be fetched later; what the entry said about it helps where
// the page itself is silent.
struct Link {
  std::string url;
  std::string title;
  std::optional<Time> published_at;
  Reach reach;
};

}  // namespace tingchao
