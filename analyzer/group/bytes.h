#pragma once
// Numbers in saved tables, the little end first.

#include <cstdint>
#include <string>
#include <string_view>

namespace tingchao::analyzer {

inline void put_number(std::string& bytes, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}
// Takes the first `size` bytes off; there must be so many.
inline std::uint64_t take_number(std::string_view& bytes, int size) {
  std::uint64_t value = 0;
  for (int i = 0; i < size; ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])) << (8 * i);
  bytes.remove_prefix(static_cast<std::size_t>(size));
  return value;
}

}  // namespace tingchao::analyzer
