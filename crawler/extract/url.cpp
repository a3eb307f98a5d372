// Addresses on real pages are broken in the ways browsers forgive: blanks, Chinese characters,
// backslashes, no scheme. So they are taken apart leniently in the manner of the WHATWG URL standard,
// resolved as RFC 3986 §5.2 has it, and put together with every byte escaped that needs to be.

#include "crawler/extract/url.h"

#include <algorithm>
#include <array>
#include <vector>

#include <unicode/uidna.h>

#include "core/utf8.h"
#include "crawler/extract.h"

namespace tingchao::crawler {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
bool is_unreserved(unsigned char c) {
  return is_alpha(char(c)) || is_digit(char(c)) || c == '-' || c == '.' || c == '_' || c == '~';
}

struct Url {
  std::string scheme, host, port, path;
  std::optional<std::string> query;
};

// Without the white space and control characters that markup leaves around and inside addresses.
std::string cleaned(std::string_view url) {
  std::string out;
  for (const char c : trim(url)) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    out.push_back(c);
  }
  while (!out.empty() && static_cast<unsigned char>(out.back()) <= ' ') out.pop_back();
  const std::size_t first = std::size_t(std::find_if(out.begin(), out.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ';
  }) - out.begin());
  out.erase(0, first);
  out.resize(std::min(out.size(), out.find('#')));
  return out;
}

// Escapes what may not stand in a path or query; escapes that are there are kept in upper case, and
// undone where they stand for a character that needs none.
std::string escaped(std::string_view text, std::string_view forbidden) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      const auto byte = static_cast<unsigned char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      if (is_unreserved(byte)) {
        out.push_back(char(byte));
      } else {
        out += {'%', digits[byte >> 4], digits[byte & 15]};
      }
      i += 2;
    } else if (c <= ' ' || c >= 0x7F || forbidden.find(char(c)) != std::string_view::npos) {
      out += {'%', digits[c >> 4], digits[c & 15]};
    } else {
      out.push_back(char(c));
    }
  }
  return out;
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool open_end = false;  // the path ends in a directory
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, slash - at);
    open_end = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    at = slash + 1;
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (open_end || out.empty()) out.push_back('/');
  return out;
}

// Lower-case ASCII, Chinese names in their IDNA form; empty when it cannot be a host.
std::string host_name(std::string_view host) {
  const bool ascii = std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string name;
  if (ascii) {
    name = ascii_lower(host);
  } else {
    UErrorCode status = U_ZERO_ERROR;
    UIDNA* const idna = uidna_openUTS46(UIDNA_DEFAULT, &status);
    if (U_FAILURE(status)) return {};
    std::array<char, 256> out;
    UIDNAInfo outcome = UIDNA_INFO_INITIALIZER;
    const int length = uidna_nameToASCII_UTF8(idna, host.data(), int(host.size()), out.data(), int(out.size()),
                                              &outcome, &status);
    uidna_close(idna);
    if (U_FAILURE(status) || outcome.errors != 0 || length > int(out.size())) return {};
    name.assign(out.data(), std::size_t(length));
  }
  if (!name.empty() && name.back() == '.') name.pop_back();
  if (name.size() > 253 || name.find_first_of(" %<>\"'`{}|\\^,;!$&()*+=@/?#~") != std::string::npos) return {};
  return name;
}

// "user@host:port" into host and port.
bool read_authority(std::string_view text, Url& url) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  std::size_t colon = text.rfind(':');
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    if (colon != std::string_view::npos && colon < close) colon = std::string_view::npos;
  }
  if (colon != std::string_view::npos) {
    url.port = text.substr(colon + 1);
    if (url.port.size() > 5 || !std::all_of(url.port.begin(), url.port.end(), is_digit)) return false;
    if (!url.port.empty() && std::stoi(url.port) > 65535) return false;
    text = text.substr(0, colon);
  }
  if (url.port == (url.scheme == "https" ? "443" : "80")) url.port.clear();
  url.host = host_name(text);
  return !url.host.empty();
}

// The scheme's length when the text begins with one ("mailto:"), else 0.
std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':') return i;
    if (!is_alpha(text[i]) && !is_digit(text[i]) && text[i] != '+' && text[i] != '-' && text[i] != '.') return 0;
  }
  return 0;
}

void read_path_and_query(std::string_view text, Url& url) {
  const std::size_t mark = text.find('?');
  url.path = text.substr(0, mark);
  if (mark != std::string_view::npos) url.query = std::string(text.substr(mark + 1));
}

std::optional<Url> read_absolute(std::string_view text, std::string scheme) {
  Url url;
  url.scheme = std::move(scheme);
  if (!text.starts_with("//")) return std::nullopt;
  text.remove_prefix(2);
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  if (!read_authority(text.substr(0, end), url)) return std::nullopt;
  read_path_and_query(text.substr(end), url);
  return url;
}

// Backslashes before the query are typed for slashes.
void mend_slashes(std::string& text) {
  const std::size_t end = std::min(text.find('?'), text.size());
  std::replace(text.begin(), text.begin() + std::ptrdiff_t(end), '\\', '/');
}

std::optional<Url> resolve(std::string text, const std::optional<Url>& base) {
  mend_slashes(text);
  if (const std::size_t length = scheme_length(text)) {
    std::string scheme = ascii_lower(std::string_view(text).substr(0, length));
    if (scheme != "http" && scheme != "https") return std::nullopt;
    return read_absolute(std::string_view(text).substr(length + 1), std::move(scheme));
  }
  if (!base) return std::nullopt;
  if (text.starts_with("//")) return read_absolute(text, base->scheme);
  Url url = *base;
  if (text.empty()) return url;
  Url reference;
  read_path_and_query(text, reference);
  url.query = reference.query;
  if (reference.path.starts_with('/')) {
    url.path = reference.path;
  } else if (!reference.path.empty()) {
    url.path = url.path.substr(0, url.path.rfind('/') + 1) + reference.path;
    if (!url.path.starts_with('/')) url.path.insert(0, "/");
  }
  return url;
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
    out += escaped(pair, "\"<>'\\^`{|}");
  }
  return out;
}

std::string put_together(const Url& url) {
  std::string out = url.scheme + "://" + url.host;
  if (!url.port.empty()) out += ":" + url.port;
  const std::string path = escaped(url.path.empty() ? "/" : url.path, "\"<>\\^`{|}");
  out += without_dot_segments(path);
  if (url.query) {
    const std::string query = kept_query(*url.query, url.host);
    if (!query.empty()) out += "?" + query;
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
  if (url.size() > url_bytes_max || base.size() > url_bytes_max) return {};
  std::optional<Url> known_base;
  if (!base.empty()) known_base = resolve(cleaned(base), std::nullopt);
  const std::optional<Url> resolved = resolve(cleaned(url), known_base);
  if (!resolved) return {};
  std::string out = put_together(*resolved);
  return out.size() > 3 * url_bytes_max ? std::string() : out;
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
