#pragma once
// The page after this one, of a list or a thread.

#include <string>
#include <vector>

#include "crawler/extract/parsed_page.h"

namespace tingchao::crawler {

// By the selector when there is one, else by what pagers look like: rel=next, a link that says 下一页,
// the script that government sites draw their pager with. Absolute, same site, not the page itself;
// none or one, or as many as the selector gives. `note` tells when the selector matched nothing.
std::vector<std::string> next_pages(const ParsedPage& parsed, const std::string& selector, std::string& note);

// Where else a thread's pager leads: the page before this one, and its last page (a link that says so, or the
// greatest number among links to pages of this thread). Absolute, same site; empty where there is none.
struct PagerEnds {
  std::string previous, last;
};
PagerEnds pager_ends(const ParsedPage& parsed);

// Which page of a thread or list an address is, 1 when it does not say.
int page_number(std::string_view url);

}  // namespace tingchao::crawler
