// The reference is cleaned and cut into scheme, authority, path and query (RFC 3986 appendix B by
// hand), completed from the base (§5.2.2), its dot segments removed (§5.2.4), and put together again
// from checked parts only, so that no other reader of the URL can see another host in it.

#include "crawler/url_reference.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <vector>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

struct Reference {
  std::optional<std::string_view> scheme, authority, query;
  std::string_view path;
};

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

// Without surrounding white space, inner line breaks and tabs, and fragment; '\' as '/' before '?'.
std::string cleaned(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  text = text.substr(0, text.find('#'));
  std::string out;
  bool in_query = false;
  for (const char c : text) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    in_query = in_query || c == '?';
    out.push_back(c == '\\' && !in_query ? '/' : c);
  }
  return out;
}

Reference cut(std::string_view text) {
  Reference parts;
  const auto colon = text.find(':');
  const std::string_view word = colon == text.npos ? std::string_view() : text.substr(0, colon);
  const auto in_scheme = [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; };
  if (!word.empty() && !(word[0] >= '0' && word[0] <= '9') && std::all_of(word.begin(), word.end(), in_scheme)) {
    parts.scheme = word;
    text.remove_prefix(colon + 1);
  }
  if (const auto mark = text.find('?'); mark != text.npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    const auto slash = text.find('/', 2);
    parts.authority = text.substr(2, slash == text.npos ? text.npos : slash - 2);
    text = slash == text.npos ? std::string_view() : text.substr(slash);
  }
  parts.path = text;
  return parts;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int value = 0;
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
      out.push_back(static_cast<char>(value));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// Printable ASCII stays; the rest, and what RFC 3986 excludes, is encoded. '%' stays as it is: who
// wrote "%zz" meant something by it that only the server knows.
std::string percent_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  static constexpr std::string_view excluded = "\"<>\\^`{|}";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && excluded.find(c) == excluded.npos) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
  return out;
}

// Chinese and other names in their "xn--" form (UTS 46); empty when there is none.
std::string ascii_host(const std::string& host) {
  if (std::all_of(host.begin(), host.end(), [](unsigned char c) { return c < 0x80; })) return ascii_lower(host);
  if (!is_utf8(host) || host.size() > 1000) return {};
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UIDNA, decltype(&uidna_close)> idna(
      uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &status), &uidna_close);
  std::array<char, 300> out;
  UIDNAInfo verdict = UIDNA_INFO_INITIALIZER;
  const auto size = uidna_nameToASCII_UTF8(idna.get(), host.data(), static_cast<int32_t>(host.size()), out.data(),
                                           static_cast<int32_t>(out.size()), &verdict, &status);
  if (U_FAILURE(status) || verdict.errors != 0) return {};
  return std::string(out.data(), static_cast<std::size_t>(size));
}

// "[::1]", "www.example.com", "127.0.0.1"; empty when it is no host.
std::string checked_host(std::string_view raw) {
  if (raw.starts_with('[')) {
    const std::string_view inner = raw.substr(1, raw.size() < 2 ? 0 : raw.size() - 2);
    const auto good = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
    if (!raw.ends_with(']') || inner.empty() || !std::all_of(inner.begin(), inner.end(), good)) return {};
    return ascii_lower(raw);
  }
  std::string host = ascii_host(percent_decoded(raw));
  const auto good = [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; };
  if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), good)) return {};
  return host;
}

// "host" or "host:port" with a port that is not the scheme's own; empty when it is wrong.
std::string checked_authority(std::string_view authority, bool tls) {
  if (authority.find('@') != authority.npos) return {};
  std::string_view port;
  const auto colon = authority.rfind(':');
  const bool has_port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  if (has_port) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  std::string host = checked_host(authority);
  if (host.empty() || port.empty()) return host;
  int number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number < 1 || number > 65535) return {};
  if (number == (tls ? 443 : 80)) return host;
  return host + ":" + std::to_string(number);
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool open_end = true;  // ends with '/'
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    path = slash == path.npos ? std::string_view() : path.substr(slash);
    const std::string plain = ascii_lower(segment);
    const bool one = plain == "." || plain == "%2e";
    const bool two = plain == ".." || plain == ".%2e" || plain == "%2e." || plain == "%2e%2e";
    if (two && !kept.empty()) kept.pop_back();
    if (!one && !two) kept.push_back(segment);
    open_end = one || two;
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  if (open_end || out.empty()) out.append("/");
  return out;
}

// RFC 3986 §5.2.3.
std::string merged(std::string_view base_path, std::string_view path) {
  const auto slash = base_path.rfind('/');
  return std::string(slash == base_path.npos ? "/" : base_path.substr(0, slash + 1)).append(path);
}

}  // namespace

std::optional<std::string> resolve_reference(std::string_view reference, std::string_view base) {
  if (reference.size() > reference_bytes_max || base.size() > reference_bytes_max) return {};
  const std::string text = cleaned(reference), base_text = cleaned(base);
  Reference r = cut(text);
  const Reference b = cut(base_text);
  // "http:page.html", an old way to write a relative reference, is read as browsers do.
  if (r.scheme && !r.authority && b.scheme && ascii_lower(*r.scheme) == ascii_lower(*b.scheme)) r.scheme.reset();

  const std::optional<std::string_view> scheme = r.scheme ? r.scheme : b.scheme;
  if (!scheme) return {};
  const std::string lower = ascii_lower(*scheme);
  if (lower != "http" && lower != "https") return {};

  const bool own_authority = r.authority.has_value();
  if (!own_authority && (r.scheme || !b.authority)) return {};
  const std::string authority = checked_authority(own_authority ? *r.authority : *b.authority, lower == "https");
  if (authority.empty()) return {};

  std::string path(r.path);
  std::optional<std::string_view> query = r.query;
  if (!own_authority) {
    if (path.empty()) {
      path = b.path;
      if (!query) query = b.query;
    } else if (path[0] != '/') {
      path = merged(b.path, path);
    }
  }
  if (path.empty() || path[0] != '/') path.insert(path.begin(), '/');

  std::string url = lower + "://" + authority + percent_encoded(without_dot_segments(path));
  if (query) url.append("?").append(percent_encoded(*query));
  if (url.size() > reference_bytes_max) return {};
  return url;
}

WebAddress web_address(std::string_view url) {
  WebAddress parts;
  const auto authority_at = url.find("://") + 3;
  const auto path_at = std::min(url.find_first_of("/?", authority_at), url.size());
  parts.origin = std::string(url.substr(0, path_at));
  parts.host = std::string(url.substr(authority_at, path_at - authority_at));
  parts.target = std::string(url.substr(path_at));
  const auto colon = parts.host.rfind(':');
  if (colon == std::string::npos || parts.host.find(']', colon) != std::string::npos)
    parts.host += url.starts_with("https:") ? ":443" : ":80";
  return parts;
}

}  // namespace tingchao::crawler
