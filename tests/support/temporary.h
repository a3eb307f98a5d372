#pragma once
// A directory that lives as long as the test that made it.

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tingchao::tests {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string path = "/tmp/tingchao-test-XXXXXX";
    path_ = ::mkdtemp(path.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace tingchao::tests
