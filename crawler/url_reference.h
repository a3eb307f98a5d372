#pragma once
// Web addresses as they are sent: a reference found in a Location header, a feed or a sitemap turned
// into an absolute http(s) URL of plain ASCII, and such a URL taken apart for politeness and robots.
// Keeps every parameter, unlike canonical_url(), which names a document. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace tingchao::crawler {

inline constexpr std::size_t reference_bytes_max = 8192;

// Resolved as RFC 3986 §5 says, with what browsers forgive: white space around and line breaks
// within, backslashes for slashes, bytes that should have been percent-encoded, Chinese host names.
// The fragment is dropped. Nothing for other schemes, user names, bad hosts or ports, or a length
// past reference_bytes_max.
std::optional<std::string> resolve_reference(std::string_view reference, std::string_view base = {});

// Of a URL that resolve_reference() gave.
struct WebAddress {
  std::string origin;  // "https://www.example.com:8443", the port only where it is not the default
  std::string host;    // "www.example.com:8443", the port always
  std::string target;  // "/path?query"
};
WebAddress web_address(std::string_view url);

}  // namespace tingchao::crawler
