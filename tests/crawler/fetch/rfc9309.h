#pragma once
// A second reader of robots.txt, written from the grammar of RFC 9309 §2.2 production by production and
// sharing no line with the program's own: slow, and only for files that the grammar describes (plus
// records that it does not know, §2.2.4). What the program forgives beyond that has tests of its own.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::tests {

class Rfc9309 {
 public:
  Rfc9309(std::string_view file, std::string_view product_token);
  // `path` is path and query of a URL.
  bool allows(std::string_view path) const;

 private:
  // An octet of a path as it is compared (§2.2.2): raw, or one that only its escape may stand for.
  struct Octet {
    std::uint8_t value = 0;
    bool escaped = false;
    bool operator==(const Octet&) const = default;
  };
  struct Rule {
    bool allow = false;
    std::vector<Octet> octets;
    std::vector<bool> is_star;  // beside `octets`
    bool anchored = false;      // ends with '$'
    std::size_t length() const;
  };
  struct Group {
    std::vector<std::string> agents;
    std::vector<Rule> rules;
  };
  static Rule rule_of(bool allow, std::string_view pattern);
  static std::vector<Octet> path_of(std::string_view path);
  static bool matches(const Rule& rule, const std::vector<Octet>& path);

  std::vector<Rule> rules_;
};

}  // namespace tingchao::tests
