#pragma once
// From an entry page to the definition of a source: which feeds it offers, which selector finds its items,
// which addresses its articles have. Pure; every answer is a guess that `source test` tries out.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"
#include "core/page.h"

namespace tingchao::crawler {

struct FeedOffer {
  std::string url;
  std::string title;  // as the page says; may be empty
};
// What the page links to as its feed (rel=alternate with a feed's type), then links that look like one; at
// most 8.
std::vector<FeedOffer> feeds_offered(const Page& page);
// Where a site of that address often has its feed, most frequent first.
std::vector<std::string> usual_feeds(std::string_view url);

// A selector whose elements hold one of the links each, and what share of them it finds (0…1).
struct ItemGuess {
  std::string selector;
  double share = 0;
};
std::optional<ItemGuess> guess_item(const Page& page, const std::vector<Link>& links);

// An RE2 that at least nine of ten links match and that names their host and path, digits left open; empty
// when they have no such form.
std::string guess_link_pattern(const std::vector<Link>& links);

}  // namespace tingchao::crawler
