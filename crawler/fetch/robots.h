#pragma once
// A robots.txt as it binds one crawler: RFC 9309, and Crawl-delay as most of the web means it. Pure.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::crawler {

// RFC 9309 asks for 500 KiB at least; what comes after is not read.
inline constexpr std::size_t robots_bytes_max = 512u << 10;
// A longer Crawl-delay is read as this.
inline constexpr std::chrono::hours crawl_delay_max{24};

class Robots {
 public:
  Robots() = default;  // allows everything
  // Keeps the rules of the groups for `product` (a product token, any case), else of those for "*".
  // Whatever the bytes are, there is an answer: lines that are no rules are passed over.
  static Robots parse(std::string_view bytes, std::string_view product);

  struct Verdict {
    bool allowed = true;
    std::string rule;  // "Disallow: /search (line 12)"; empty: no rule speaks of it
  };
  // `target` is path and query of the URL. The longest matching pattern decides, Allow on a tie.
  Verdict check(std::string_view target) const;

  std::optional<std::chrono::milliseconds> crawl_delay() const { return crawl_delay_; }
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }
  std::size_t rules() const { return rules_.size(); }

 private:
  struct Rule {
    std::string pattern;  // normalised; '*' any run, '$' the end when last
    bool allow = false;
    int line = 0;
  };
  std::vector<Rule> rules_;  // longest pattern first, Allow before Disallow
  std::optional<std::chrono::milliseconds> crawl_delay_;
  std::vector<std::string> sitemaps_;
};

}  // namespace tingchao::crawler
