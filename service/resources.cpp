// A binary search would be quicker than this walk over a few dozen names, and would not be noticed.
#include "service/resources.h"

#include "service/embedded.h"

namespace tingchao::service {

std::optional<std::string_view> resource(std::string_view name) {
  std::size_t count = 0;
  const Embedded* table = embedded_table(count);
  for (std::size_t i = 0; i < count; ++i)
    if (table[i].name == name)
      return std::string_view(table[i].begin, static_cast<std::size_t>(table[i].end - table[i].begin));
  return std::nullopt;
}

std::vector<std::string> resource_names(std::string_view prefix, std::string_view suffix) {
  std::size_t count = 0;
  const Embedded* table = embedded_table(count);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = table[i].name;
    if (name.starts_with(prefix) && name.ends_with(suffix)) names.emplace_back(name);
  }
  return names;
}

}  // namespace tingchao::service
