#pragma once
// Text on its way into HTML or XML.

#include <string>
#include <string_view>

namespace tingchao {

// & < > and " as character references: good between tags and within double-quoted attributes.
std::string escape_markup(std::string_view text);

}  // namespace tingchao
