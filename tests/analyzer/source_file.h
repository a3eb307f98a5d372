#pragma once
// Files of the source tree that tests read: shipped data and documentation.

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace tingchao {

inline std::string source_file(const std::string& path) {
  std::ifstream in(std::string(TINGCHAO_SOURCE_DIR) + "/" + path, std::ios::binary);
  if (!in) throw std::runtime_error("no such file: " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace tingchao
