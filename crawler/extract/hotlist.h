#pragma once
// Hot lists: a JSON answer with titles, ranks and heat somewhere inside, found by JSON pointers
// (RFC 6901) from the source's configuration. Being on the list is itself the news, dated by the
// moment we saw it: each item is a Document of its own with a title and no body. Pure and bounded.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/page.h"
#include "core/result.h"
#include "core/source.h"

namespace tingchao::crawler {

struct Extracted;

inline constexpr std::size_t hotlist_items_max = 500;

struct HotItem {
  std::string title;
  std::string url;  // absolute; empty: the item has none
  int rank = 0;     // 1 the top
  std::optional<long> heat;
};

struct Hotlist {
  std::vector<HotItem> items;  // by position in the list
  std::string note;            // items left out and why
};

// `utf8` is the decoded body. Fails with bad_markup naming the pointer that leads nowhere.
Result<Hotlist> parse_hotlist(std::string_view utf8, const HotlistPointers& pointers, std::string_view base_url);

// "123", "1,234", "12.3万", "1.2亿", "热度 98.6w", 4567.8 → a number; nullopt when there is none.
std::optional<long> heat_number(std::string_view text);

// The list's items as Documents: id from the address, published_at the moment of fetching.
Result<Extracted> extract_hotlist(const Page& page, const Source& source);

// A pointer's mistake ("must be empty or start with '/'"), before any list was fetched; empty when fine.
std::string pointer_mistake(std::string_view pointer);

}  // namespace tingchao::crawler
