#pragma once
// The files of store/migrations in their order, as SQL. Append only: a file that was released never
// changes.

#include <cstddef>
#include <string_view>

namespace tingchao::store {

std::size_t migration_count();
std::string_view migration(std::size_t index);

}  // namespace tingchao::store
