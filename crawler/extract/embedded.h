#pragma once
// Pages that are drawn by a script often carry their text as data of that script.

#include <initializer_list>
#include <string>
#include <string_view>

#include "crawler/extract/dom.h"

namespace tingchao::crawler {

struct Embedded {
  std::string text;       // markup in it rendered; empty: none is worth it
  std::string published;  // what the same script says of its time, as it says it; or empty
};

// The longest Chinese prose among the string literals of the page's scripts. A script that is all percent
// escapes (the state of some portals) is read behind them.
Embedded embedded_article(const Dom& dom);

// The value that a script gives the first of these names that it has: `var ct = "1776262800"`,
// `"publishTime": "2026-04-15 08:30"`, `create_time: 1776262800`. Empty when it has none of them.
std::string_view script_value(std::string_view script, std::initializer_list<std::string_view> names);

// The moment of publication by such names, anywhere in the page's scripts; or empty.
std::string_view script_time(std::string_view script);

}  // namespace tingchao::crawler
