#pragma once
// Addresses in one form, so that the same page is known by the same address however it was linked; and
// what can be read off them. canonical_url() and document_url() themselves are in extract.h.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tingchao::crawler {

// Longer ones are no addresses that a person could have followed.
inline constexpr std::size_t url_bytes_max = 4096;

// Views into a canonical address.
struct UrlParts {
  std::string_view scheme, host, port, path, query;  // path with its '/', query without its '?'
};
UrlParts url_parts(std::string_view canonical);

// The raw value of a query parameter of a canonical address; nullopt when it has none.
std::optional<std::string_view> query_value(std::string_view canonical, std::string_view name);

// What <link rel=canonical> told, where it can be believed: the same site, and the same number or file name
// as the page's own address (many sites name one address, often the front page, on all their pages).
// Empty: it is not to be followed, or says nothing new.
std::string canonical_hint(std::string_view page_url, std::string_view told);

// The last two labels of the host, or three below com.cn, gov.cn and the like; an IP address whole.
std::string_view site_of(std::string_view canonical);

}  // namespace tingchao::crawler
