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
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// Escapes in upper case, and undone where they stand for a character that needs none; a '%' that begins none is
// escaped itself, or what is undone after it could make it one.
std::string plainly_escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    if (!escape) {
      out += text[i] == '%' ? std::string_view("%25") : text.substr(i, 1);
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
bool is_session(std::string_view name, std::string_view value) {
  static constexpr std::string_view names[] = {"phpsessid",    "jsessionid", "sessionid", "session_id",
                                               "aspsessionid", "cfid",       "cftoken",   "sessid"};
  if (std::find(std::begin(names), std::end(names), name) != std::end(names)) return true;
  // phpBB's sid, vBulletin's s and others: only when it looks like one
  const bool hash =
      value.size() == 32 && std::all_of(value.begin(), value.end(), [](char c) { return hex_value(c) >= 0; });
  return hash && (name == "sid" || name == "s" || name == "session");
}

bool is_tracking(std::string_view name, std::string_view host) {
  static constexpr std::string_view everywhere[] = {
      "spm",          "scm",          "gclid",          "fbclid",    "yclid",
      "msclkid",      "dclid",        "igshid",         "mc_cid",    "mc_eid",
      "_ga",          "_gl",          "isappinstalled", "nsukey",    "share_token",
      "share_source", "share_medium", "share_from",     "sharefrom", "refer_flag",
      "bdinsight",    "hmsr",         "hmpl",           "hmcu",      "hmkw",
      "hmci",         "vd_source",    "from_source",    "s_trans"};
  static constexpr std::string_view wechat[] = {
      "chksm",      "scene",       "srcid",     "mpshare",  "sharer_sharetime", "sharer_shareid",
      "exportkey",  "pass_ticket", "wx_header", "key",      "ascene",           "uin",
      "devicetype", "version",     "lang",      "subscene", "clicktime",        "enterid"};
  if (name.starts_with("utm_")) return true;
  if (std::find(std::begin(everywhere), std::end(everywhere), name) != std::end(everywhere)) return true;
  return host == "mp.weixin.qq.com" &&
         std::find(std::begin(wechat), std::end(wechat), name) != std::end(wechat);
}

// WeChat and QQ mark the way a link was passed on; elsewhere "from" may mean anything.
bool is_shared_from(std::string_view pair) {
  return pair == "from=timeline" || pair == "from=singlemessage" || pair == "from=groupmessage";
}

std::string kept_query(std::string_view query, std::string_view host) {
  std::string out;
  for (std::size_t at = 0; at <= query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string pair = plainly_escaped(query.substr(at, end - at));
    at = end + 1;
    const std::string name = ascii_lower(pair.substr(0, pair.find('=')));
    if (pair.empty() || is_tracking(name, host) || is_shared_from(pair)) continue;
    if (is_session(name, std::string_view(pair).substr(std::min(pair.find('=') + 1, pair.size())))) continue;
    if (!out.empty()) out.push_back('&');
    out += pair;
  }
  return out;
}

// Java servers put it behind a semicolon: /a.do;jsessionid=0A1B
std::string_view without_session(std::string_view path) {
  for (;;) {
    const auto semicolon = path.rfind(';');
    if (semicolon == path.npos || !ascii_lower(path.substr(semicolon + 1)).starts_with("jsessionid="))
      return path;
    path = path.substr(0, semicolon);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 && std::all_of(text.begin(), text.end(), is_digit);
}

std::string discuz_address(std::string_view root, std::string_view thread, std::string_view page) {
  std::string out = std::string(root) + "forum.php?mod=viewthread&tid=" + std::string(thread);
  if (is_number(page) && page != "1" && page != "0") out += "&page=" + std::string(page);
  return out;
}

// Discuz!'s plain archive: archiver/?tid-12.html, archiver/tid-12-page-2.html
std::string archived_address(std::string_view root, std::string_view canonical) {
  if (!root.ends_with("/archiver/")) return {};
  const UrlParts parts = url_parts(canonical);
  std::string_view name = parts.query.empty() ? parts.path.substr(parts.path.rfind('/') + 1) : parts.query;
  if (!name.starts_with("tid-") || !name.ends_with(".html")) return {};
  name = name.substr(4, name.size() - 9);
  const auto page = name.find("-page-");
  const std::string_view thread = name.substr(0, page);
  if (!is_number(thread)) return {};
  root.remove_suffix(std::string_view("archiver/").size());
  return discuz_address(root, thread, page == name.npos ? std::string_view() : name.substr(page + 6));
}

// viewtopic.php?f=2&t=5&start=10: the board it stands in does not matter, nor how it is sorted.
std::string phpbb_address(std::string_view root, const std::string& canonical) {
  const std::string_view topic = query_value(canonical, "t").value_or("");
  if (!is_number(topic)) return canonical;
  std::string out = std::string(root) + "viewtopic.php?t=" + std::string(topic);
  const std::string_view start = query_value(canonical, "start").value_or("");
  if (is_number(start) && start != "0") out += "&start=" + std::string(start);
  return out;
}

// /p/123?pid=…&see_lz=1 and the old /f?kz=123 are /p/123, of several pages.
std::string tieba_address(const std::string& canonical) {
  const UrlParts parts = url_parts(canonical);
  std::string_view thread;
  if (parts.path.starts_with("/p/")) thread = parts.path.substr(3);
  if (parts.path == "/f" || parts.path == "/m") thread = query_value(canonical, "kz").value_or("");
  if (!is_number(thread)) return canonical;
  std::string out = std::string(parts.scheme) + "://" + std::string(parts.host) + "/p/" + std::string(thread);
  const std::string_view page = query_value(canonical, "pn").value_or("");
  if (is_number(page) && page != "0" && page != "1") out += "&pn=" + std::string(page);
  if (const auto first = out.find('&'); first != out.npos) out[first] = '?';
  return out;
}

// What an article's address shares with its other addresses: its longest number of four digits or more, else
// its file's name. Empty for a front page and its like.
std::string mark_of(std::string_view canonical) {
  const UrlParts parts = url_parts(canonical);
  const std::string_view all = canonical.substr(std::size_t(parts.path.data() - canonical.data()));
  std::string_view longest;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = at;
    while (end < all.size() && is_digit(all[end])) ++end;
    if (end - at >= 4 && end - at > longest.size()) longest = all.substr(at, end - at);
    at = end + 1;
  }
  if (!longest.empty()) return std::string(longest);
  const std::string_view file = parts.path.substr(parts.path.rfind('/') + 1);
  const std::string_view stem = file.substr(0, file.find('.'));
  return stem == "index" || stem == "default" ? std::string() : std::string(stem);
}

}  // namespace

std::string canonical_url(std::string_view url, std::string_view base) {
  if (url.size() > url_bytes_max) return {};
  std::optional<std::string> resolved = resolve_reference(url, base);
  for (;;) {
    if (!resolved) return {};
    const UrlParts parts = url_parts(*resolved);
    const std::string path = plainly_escaped(parts.path), query = kept_query(parts.query, parts.host);
    const std::string_view kept = without_session(path);
    std::string canonical = resolved->substr(0, std::size_t(parts.path.data() - resolved->data()));
    canonical.append(kept).append(query.empty() ? "" : "?").append(query);
    if (canonical.size() > url_bytes_max) return {};
    if (kept.size() == path.size()) return canonical;
    resolved = resolve_reference(canonical);  // what was cut may leave a dot segment
  }
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
  if (country &&
      std::find(std::begin(second_levels), std::end(second_levels), second) != std::end(second_levels)) {
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
  if ((file == "forum.php" && query_value(canonical, "mod") == "viewthread") || file == "viewthread.php") {
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
  if (std::string other = archived_address(root, canonical); !other.empty()) return other;
  if (file == "viewtopic.php") return phpbb_address(root, canonical);
  if (parts.host == "tieba.baidu.com") return tieba_address(canonical);
  return canonical;
}

std::string canonical_hint(std::string_view page_url, std::string_view told) {
  const std::string hint = canonical_url(told, page_url), own = canonical_url(page_url);
  if (hint.empty() || hint == own || site_of(hint) != site_of(own)) return {};
  const std::string mark = mark_of(own);
  if (mark.empty() || mark_of(hint) != mark) return {};
  return hint;
}

}  // namespace tingchao::crawler
