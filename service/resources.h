#pragma once
// The rules/ folder as it was at build time, inside the binary: the defaults need no file.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::service {

// "rules/measure.yaml"; empty when there is none of that name.
std::optional<std::string_view> resource(std::string_view name);
// Names that begin with `prefix` and end with `suffix`, sorted.
std::vector<std::string> resource_names(std::string_view prefix, std::string_view suffix);

}  // namespace tingchao::service
