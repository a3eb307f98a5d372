#pragma once
// "Not found" said with status 200: pages that are no documents though the server calls them fine. Told by
// what they say, and by being what the server answers for an address that cannot exist. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"

namespace tingchao::crawler {

// The page says that what was asked for is gone: in its title, or in a body too short to say anything else.
bool says_gone(std::string_view title, std::string_view body);
bool says_not_found(const Document& document);

// An address of that origin that nobody can have made. The same for the same origin and day.
std::string impossible_url(std::string_view origin, std::string_view day);

// What a server answered for an impossible address with status 200.
class NotFoundPage {
 public:
  NotFoundPage() = default;  // an honest server: resembles nothing
  NotFoundPage(std::string final_url, const std::vector<Document>& documents);
  // Same place after redirects, or a text nine parts of ten the same.
  bool resembles(std::string_view final_url, const Document& document) const;
  bool honest() const { return url_.empty(); }
  // A line for the address, a line for the rest; an honest server's when the text is none of ours.
  std::string to_text() const;
  static NotFoundPage from_text(std::string_view text);

 private:
  std::string url_;
  std::vector<std::uint64_t> grams_;  // sorted
};

}  // namespace tingchao::crawler
