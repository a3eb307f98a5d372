#pragma once
// The table that cmake/embed.py generates: name and bytes of each embedded file, sorted by name.

#include <cstddef>

namespace tingchao::service {

struct Embedded {
  const char* name;
  const char* begin;
  const char* end;
};
const Embedded* embedded_table(std::size_t& count);

}  // namespace tingchao::service
