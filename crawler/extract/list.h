#pragma once
// Entry pages made of links: a column of a news or government site, a board of a forum. By the source's
// selectors where it has some, by its link pattern, else by guessing: the links that people come for
// share one shape of address and one place in the markup, have titles of some length, and mostly a date.

#include <string>
#include <vector>

#include "crawler/extract/parsed_page.h"

namespace tingchao::crawler {

// More than any entry page offers.
inline constexpr std::size_t links_max_of_page = 2000;

Result<Extracted> extract_list(const ParsedPage& parsed, const Source& source);

}  // namespace tingchao::crawler
