#pragma once
// Pages that are drawn by a script often carry their text as data of that script.

#include <string>

#include "crawler/extract/dom.h"

namespace tingchao::crawler {

// The longest Chinese prose among the string literals of the page's scripts, markup in it rendered;
// empty when none is worth it.
std::string embedded_text(const Dom& dom);

}  // namespace tingchao::crawler
