// Everything that is not markup is text. An end tag closes the nearest open element of its name and
// whatever is open inside; one that nobody opened is passed over. Namespaces are turned into the
// prefixes that everybody uses; a prefix that was never declared stands for itself.

#include "crawler/extract/xml_reader.h"

#include <algorithm>
#include <array>

#include "core/utf8.h"
#include "crawler/extract/html_tokens.h"

namespace tingchao::crawler {
namespace {

// More attributes than any feed's element has; the rest is dropped.
constexpr std::size_t attributes_kept_max = 64;
constexpr std::size_t namespaces_max = 256;  // in force at once

struct Known {
  std::string_view uri, prefix;  // lower-case
};
constexpr Known known_namespaces[] = {
    {"http://www.w3.org/2005/atom", ""},
    {"http://purl.org/atom/ns#", ""},
    {"http://purl.org/rss/1.0/", ""},
    {"http://my.netscape.com/rdf/simple/0.9/", ""},
    {"http://channel.netscape.com/rdf/simple/0.9/", ""},
    {"http://backend.userland.com/rss", ""},
    {"http://backend.userland.com/rss2", ""},
    {"http://blogs.law.harvard.edu/tech/rss", ""},
    {"http://www.sitemaps.org/schemas/sitemap/0.9", ""},
    {"http://www.google.com/schemas/sitemap/0.84", ""},
    {"http://www.google.com/schemas/sitemap/0.9", ""},
    {"http://www.google.com/schemas/sitemap-news/0.9", "news"},
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"},
    {"http://purl.org/dc/elements/1.0/", "dc"},
    {"http://purl.org/dc/elements/1.1/", "dc"},
    {"http://purl.org/dc/terms/", "dcterms"},
    {"http://purl.org/rss/1.0/modules/content/", "content"},
    {"http://purl.org/rss/1.0/modules/syndication/", "sy"},
    {"http://www.w3.org/1999/xhtml", "xhtml"},
    {"http://search.yahoo.com/mrss/", "media"},
    {"http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"},
    {"http://www.w3.org/xml/1998/namespace", "xml"},
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_name_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte >= 0x80 || c == ':' ||
         c == '_' || c == '-' || c == '.';
}
bool is_name_start(char c) { return is_name_char(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.'; }

// Control characters have no place in XML, yet databases are full of them.
std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\n' || c == '\r') out.push_back(c);
  return out;
}

std::string resolved(std::string_view text) {
  std::string out = without_controls(text);
  // As in attributes of HTML, so that ?a=1&copy=2 stays an address.
  out.resize(resolve_references(out.data(), out.size(), true).size());
  return out;
}

// The rest behind `mark`, or nothing when it never comes.
std::string_view behind(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == text.npos ? std::string_view() : text.substr(at + mark.size());
}

}  // namespace

XmlReader::XmlReader(std::string_view utf8, int depth_max) : all_(utf8), rest_(utf8), depth_max_(depth_max) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

std::string_view XmlReader::attribute(std::string_view name) const {
  for (const Attribute& a : attributes_)
    if (a.name == name) return a.value;
  return {};
}

int XmlReader::line() const {
  const auto read = all_.substr(0, all_.size() - rest_.size());
  return 1 + static_cast<int>(std::count(read.begin(), read.end(), '\n'));
}

void XmlReader::fault(std::string what) {
  if (broken_.empty()) broken_ = "line " + std::to_string(line()) + ": " + std::move(what);
}

void XmlReader::close_one() {
  name_ = std::move(open_.back().name);
  namespaces_.resize(open_.back().namespaces);
  open_.pop_back();
}

XmlReader::Event XmlReader::next() {
  while (!finished_) {
    if (ends_due_ > 0) {
      --ends_due_;
      close_one();
      return Event::end;
    }
    if (rest_.empty()) {
      if (!open_.empty()) fault("ends inside <" + std::string(open_.back().raw.substr(0, 40)) + ">");
      break;
    }
    const bool markup = rest_[0] == '<' && rest_.size() > 1 &&
                        (rest_[1] == '!' || rest_[1] == '?' || rest_[1] == '/' || is_name_start(rest_[1]));
    const Event event = markup ? read_markup() : read_text();
    if (event != Event::finish) return event;  // finish: nothing to tell, go on
  }
  finished_ = true;
  return Event::finish;
}

// Finish stands for markup that says nothing.
XmlReader::Event XmlReader::read_markup() {
  if (rest_.starts_with("<![CDATA[")) {
    const auto end = rest_.find("]]>");
    if (end == rest_.npos) fault("a CDATA section without its end");
    text_ = without_controls(rest_.substr(9, end == rest_.npos ? end : end - 9));
    rest_ = end == rest_.npos ? std::string_view() : rest_.substr(end + 3);
    return Event::text;
  }
  if (rest_.starts_with("<!--")) {
    if (rest_.find("-->", 4) == rest_.npos) fault("a comment without its end");
    rest_ = behind(rest_.substr(4), "-->");
    return Event::finish;
  }
  if (rest_.starts_with("<?")) {
    rest_ = behind(rest_, ">");
    return Event::finish;
  }
  if (rest_.starts_with("<!")) {
    if (!skip_declaration()) fault("a declaration without its end");
    return Event::finish;
  }
  return rest_[1] == '/' ? read_end() : read_start();
}

// <!DOCTYPE … [ … ]>, with quoted strings and comments inside that may hold '>' or ']'.
bool XmlReader::skip_declaration() {
  int brackets = 0;
  for (std::size_t i = 2; i < rest_.size(); ++i) {
    const char c = rest_[i];
    if (c == '"' || c == '\'') {
      i = rest_.find(c, i + 1);
    } else if (c == '<' && rest_.substr(i, 4) == "<!--") {
      i = rest_.find("-->", i + 4);
    } else if (c == '[') {
      ++brackets;
    } else if (c == ']') {
      --brackets;
    } else if (c == '>' && brackets <= 0) {
      rest_.remove_prefix(i + 1);
      return true;
    }
    if (i == rest_.npos) break;
  }
  rest_ = {};
  return false;
}

XmlReader::Event XmlReader::read_text() {
  auto end = rest_.find('<', 1);
  if (end == rest_.npos) end = rest_.size();
  text_ = resolved(rest_.substr(0, end));
  rest_.remove_prefix(end);
  return Event::text;
}

XmlReader::Event XmlReader::read_end() {
  rest_.remove_prefix(2);
  const auto name_end = std::find_if_not(rest_.begin(), rest_.end(), is_name_char);
  const std::string_view raw = rest_.substr(0, static_cast<std::size_t>(name_end - rest_.begin()));
  rest_ = behind(rest_, ">");
  const auto open = std::find_if(open_.rbegin(), open_.rend(), [&](const Open& o) { return o.raw == raw; });
  if (open == open_.rend()) return Event::finish;
  ends_due_ = static_cast<int>(open - open_.rbegin()) + 1;
  if (ends_due_ > 1) fault("</" + std::string(raw.substr(0, 40)) + "> closes more than its own");
  --ends_due_;
  close_one();
  return Event::end;
}

XmlReader::Event XmlReader::read_start() {
  rest_.remove_prefix(1);
  const auto name_end = std::find_if_not(rest_.begin(), rest_.end(), is_name_char);
  const std::string_view raw = rest_.substr(0, static_cast<std::size_t>(name_end - rest_.begin()));
  rest_.remove_prefix(raw.size());
  const std::size_t namespaces = namespaces_.size();
  read_attributes();
  const bool self_closing = rest_.starts_with('/');
  rest_ = behind(rest_, ">");

  if (depth() >= depth_max_) {
    fault("elements nested deeper than " + std::to_string(depth_max_));
    too_deep_ = true;
    rest_ = {};
    return Event::finish;
  }
  name_ = given_name(raw, true);
  for (Attribute& a : attributes_) a.name = given_name(a.name, false);
  open_.push_back({name_, raw, namespaces});
  if (self_closing) ends_due_ = 1;
  return Event::start;
}

// Up to the '>' or "/>", which stay.
void XmlReader::read_attributes() {
  attributes_.clear();
  while (!rest_.empty() && rest_[0] != '>' && !rest_.starts_with("/>") && rest_[0] != '<') {
    if (!is_name_start(rest_[0])) {
      rest_.remove_prefix(1);
      continue;
    }
    const auto name_end = std::find_if_not(rest_.begin(), rest_.end(), is_name_char);
    const std::string_view name = rest_.substr(0, static_cast<std::size_t>(name_end - rest_.begin()));
    rest_.remove_prefix(name.size());
    while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
    std::string_view value;
    if (rest_.starts_with('=')) {
      rest_.remove_prefix(1);
      while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
      if (rest_.starts_with('"') || rest_.starts_with('\'')) {
        const auto end = rest_.find(rest_[0], 1);
        value = rest_.substr(1, end == rest_.npos ? end : end - 1);
        rest_ = end == rest_.npos ? std::string_view() : rest_.substr(end + 1);
      } else {
        value = rest_.substr(0, rest_.find_first_of(" \t\r\n>"));
        if (value.ends_with('/') && rest_.substr(value.size()).starts_with('>')) value.remove_suffix(1);
        rest_.remove_prefix(value.size());
      }
    }
    const bool is_namespace = name == "xmlns" || name.starts_with("xmlns:");
    if (is_namespace && namespaces_.size() < namespaces_max)
      namespaces_.push_back({name.substr(std::min<std::size_t>(name.size(), 6)), ascii_lower(trim(value))});
    else if (!is_namespace && attributes_.size() < attributes_kept_max)
      attributes_.push_back({std::string(name), resolved(value)});
  }
}

std::string XmlReader::given_name(std::string_view raw, bool is_element) const {
  const auto colon = raw.find(':');
  const std::string_view prefix = colon == raw.npos ? std::string_view() : raw.substr(0, colon);
  const std::string local = ascii_lower(raw.substr(colon == raw.npos ? 0 : colon + 1));
  if (prefix.empty() && !is_element) return local;  // attributes take no default namespace
  for (auto n = namespaces_.rbegin(); n != namespaces_.rend(); ++n) {
    if (n->prefix != prefix) continue;
    for (const Known& known : known_namespaces)
      if (n->uri == known.uri) return known.prefix.empty() ? local : std::string(known.prefix) + ":" + local;
    break;
  }
  return prefix.empty() ? local : ascii_lower(prefix) + ":" + local;
}

}  // namespace tingchao::crawler
