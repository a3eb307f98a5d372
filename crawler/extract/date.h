#pragma once
// When a page was published, and how surely that is known: the source's own selector, what the page
// says to machines, what it shows near its title, its address, and the server's word as a last resort.

#include <optional>
#include <string_view>

#include "core/document.h"
#include "crawler/extract/article.h"
#include "crawler/extract/date_text.h"

namespace tingchao::crawler {

struct PublishedDate {
  Time at{};
  DateOrigin origin = DateOrigin::none;
  bool to_the_minute = false;
};

struct DateSources {
  const PageView& page;
  const PageMeta& meta;
  const StructuredArticle& structured;
  const Article& article;
  std::string_view url;
  std::string_view last_modified;  // the header's value
  Time fetched_at{};
};

// `by_rule` is the text that the source's time selector gave, or empty.
std::optional<PublishedDate> published_date(const DateSources& sources, std::string_view by_rule);

// When it was last changed, where the page says so.
std::optional<Time> modified_date(const DateSources& sources);

}  // namespace tingchao::crawler
