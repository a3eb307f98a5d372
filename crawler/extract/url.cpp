// resolve_reference() forgives what browsers forgive and gives a sound absolute address. Here it becomes
// canonical: escapes in one spelling, and no parameters that only say whence a reader came.

#include "crawler/extract/url.h"

#include <algorithm>

#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

// Escapes in upper case, and undone where they stand for a character that needs none.
std::string plainly_escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    if (!escape) {
      out.push_back(text[i]);
      continue;
    }
    const int byte = hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]);
    if (byte < 0x80 && is_unreserved(char(byte))) {
      out.push_back(char(byte));
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    i += 2;
  }
  return out;
}

// Parameters that say whence a reader came, never which page is shown.
bool is_tracking(std::string_view name, std::string_view host) {
  static constexpr std::string_view everywhere[] = {
      "spm", "scm", "gclid", "fbclid", "yclid", "msclkid", "dclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl",
      "isappinstalled", "nsukey", "share_token", "share_source", "share_medium", "share_from", "sharefrom",
      "refer_flag", "bdinsight", "hmsr", "hmpl", "hmcu", "hmkw", "hmci", "vd_source", "from_source", "s_trans"};
  static constexpr std::string_view wechat[] = {
      "chksm",      "scene",       "srcid",     "mpshare",  "sharer_sharetime", "sharer_shareid",
      "exportkey",  "pass_ticket", "wx_header", "key",      "ascene",           "uin",
      "devicetype", "version",     "lang",      "subscene", "clicktime",        "enterid"};
  if (name.starts_with("utm_")) return true;
  if (std::find(std::begin(everywhere), std::end(everywhere), name) != std::end(everywhere)) return true;
  return host == "mp.weixin.qq.com" && std::find(std::begin(wechat), std::end(wechat), name) != std::end(wechat);
}

// WeChat and QQ mark the way a link was passed on; elsewhere "from" may mean anything.
bool is_shared_from(std::string_view pair) {
  return pair == "from=timeline" || pair == "from=singlemessage" || pair == "from=groupmessage";
}

std::string kept_query(std::string_view query, std::string_view host) {
  std::string out;
  for (std::size_t at = 0; at <= query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view pair = query.substr(at, end - at);
    at = end + 1;
    const std::string name = ascii_lower(pair.substr(0, pair.find('=')));
    if (pair.empty() || is_tracking(name, host) || is_shared_from(pair)) continue;
    if (!out.empty()) out.push_back('&');
    out += plainly_escaped(pair);
  }
  return out;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 && std::all_of(text.begin(), text.end(), is_digit);
}

std::string discuz_address(std::string_view root, std::string_view thread, std::string_view page) {
  std::string out = std::string(root) + "forum.php?mod=viewthread&tid=" + std::string(thread);
  if (is_number(page) && page != "1" && page != "0") out += "&page=" + std::string(page);
  return out;
}

}  // namespace

std::string canonical_url(std::string_view url, std::string_view base) {
  if (url.size() > url_bytes_max) return {};
  const std::optional<std::string> resolved = resolve_reference(url, base);
  if (!resolved) return {};
  const UrlParts parts = url_parts(*resolved);
  const std::size_t path_at = std::size_t(parts.path.data() - resolved->data());
  const std::string query = kept_query(parts.query, parts.host);
  return resolved->substr(0, path_at) + plainly_escaped(parts.path) + (query.empty() ? "" : "?" + query);
}

UrlParts url_parts(std::string_view canonical) {
  UrlParts parts;
  const std::size_t scheme_end = canonical.find("://");
  if (scheme_end == std::string_view::npos) return parts;
  parts.scheme = canonical.substr(0, scheme_end);
  std::string_view rest = canonical.substr(scheme_end + 3);
  const std::size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, host_end);
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    parts.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  parts.host = authority;
  rest.remove_prefix(host_end);
  const std::size_t mark = std::min(rest.find('?'), rest.size());
  parts.path = rest.substr(0, mark);
  parts.query = mark < rest.size() ? rest.substr(mark + 1) : std::string_view();
  return parts;
}

std::optional<std::string_view> query_value(std::string_view canonical, std::string_view name) {
  const std::string_view query = url_parts(canonical).query;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view pair = query.substr(at, end - at);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) return pair.substr(std::min(equals + 1, pair.size()));
    at = end + 1;
  }
  return std::nullopt;
}

std::string_view site_of(std::string_view canonical) {
  const std::string_view host = url_parts(canonical).host;
  if (host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos) return host;
  static constexpr std::string_view second_levels[] = {"com", "net", "org", "gov", "edu", "ac", "mil", "co"};
  std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return host;
  std::size_t before = host.rfind('.', dot - 1);
  if (before == std::string_view::npos) return host;
  const std::string_view second = host.substr(before + 1, dot - before - 1);
  const bool country = host.size() - dot - 1 == 2;
  if (country && std::find(std::begin(second_levels), std::end(second_levels), second) != std::end(second_levels)) {
    if (before == 0) return host;
    before = host.rfind('.', before - 1);
    if (before == std::string_view::npos) return host;
  }
  return host.substr(before + 1);
}

std::string document_url(std::string_view url) {
  std::string canonical = canonical_url(url);
  const UrlParts parts = url_parts(canonical);
  const std::size_t slash = parts.path.rfind('/');
  if (slash == std::string_view::npos) return canonical;
  const std::string_view file = parts.path.substr(slash + 1);
  const std::string_view root(canonical.data(), std::size_t(file.data() - canonical.data()));
  if (file == "forum.php" && query_value(canonical, "mod") == "viewthread") {
    const std::string_view thread = query_value(canonical, "tid").value_or("");
    if (is_number(thread)) return discuz_address(root, thread, query_value(canonical, "page").value_or(""));
  }
  if (file.starts_with("thread-") && file.ends_with(".html")) {
    // thread-TID-PAGE-LISTPAGE.html
    const std::string_view numbers = file.substr(7, file.size() - 12);
    const std::size_t first = numbers.find('-');
    const std::size_t second = first == std::string_view::npos ? first : numbers.find('-', first + 1);
    if (second != std::string_view::npos && is_number(numbers.substr(0, first)) &&
        is_number(numbers.substr(second + 1))) {
      return discuz_address(root, numbers.substr(0, first), numbers.substr(first + 1, second - first - 1));
    }
  }
  return canonical;
}

}  // namespace tingchao::crawler
