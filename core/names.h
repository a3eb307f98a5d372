#pragma once
// Enumerations and their stable words, both ways, from one table each.

#include <optional>
#include <string_view>
#include <utility>

namespace tingchao {

template <class E, std::size_t N>
constexpr const char* word_of(const std::pair<E, const char*> (&table)[N], E value) {
  for (const auto& [known, word] : table)
    if (known == value) return word;
  return "unknown";
}

template <class E, std::size_t N>
constexpr std::optional<E> value_of(const std::pair<E, const char*> (&table)[N], std::string_view word) {
  for (const auto& [value, known] : table)
    if (word == known) return value;
  return std::nullopt;
}

}  // namespace tingchao
