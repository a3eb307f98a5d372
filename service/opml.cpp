// OPML is read by looking for outline tags and their attributes: real lists in the wild are often not
// well-formed XML, and nothing else of the file matters.
#include "service/opml.h"

#include <set>

#include "core/hash.h"
#include "core/markup.h"
#include "core/utf8.h"

namespace tingchao::service {
namespace {

constexpr std::size_t outlines_max = 20'000;

std::string unescape(std::string_view text) {
  static constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'},   {"&lt;", '<'},   {"&gt;", '>'}, {"&quot;", '"'},
      {"&apos;", '\''}, {"&#39;", '\''}, {"&#34;", '"'}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool found = false;
    for (const auto& [entity, c] : entities)
      if (text.substr(i).starts_with(entity)) {
        out += c;
        i += entity.size();
        found = true;
        break;
      }
    if (!found) out += text[i++];
  }
  return out;
}

// The value of an attribute of the tag text, names compared without case.
std::string attribute(std::string_view tag, std::string_view name) {
  const std::string lower = ascii_lower(tag), wanted = ascii_lower(name);
  for (std::size_t at = lower.find(wanted); at != std::string::npos; at = lower.find(wanted, at + 1)) {
    if (at == 0 || !std::isspace(static_cast<unsigned char>(lower[at - 1]))) continue;
    std::size_t i = at + wanted.size();
    while (i < lower.size() && std::isspace(static_cast<unsigned char>(lower[i]))) ++i;
    if (i >= lower.size() || lower[i] != '=') continue;
    ++i;
    while (i < lower.size() && std::isspace(static_cast<unsigned char>(lower[i]))) ++i;
    if (i >= lower.size() || (lower[i] != '"' && lower[i] != '\'')) continue;
    const std::size_t end = lower.find(lower[i], i + 1);
    if (end == std::string::npos) return "";
    return unescape(tag.substr(i + 1, end - i - 1));
  }
  return "";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n' || c == '\r')
      out += ' ';
    else
      out += c;
  }
  return out + "\"";
}

}  // namespace

std::string to_opml(const std::vector<Source>& sources, const std::string& title) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head><title>" +
                    escape_markup(title) + "</title></head>\n  <body>\n";
  for (const Source& source : sources) {
    if (source.kind != SourceKind::feed) continue;
    for (const std::string& url : source.urls)
      out += "    <outline type=\"rss\" text=\"" + escape_markup(source.name) + "\" title=\"" +
             escape_markup(source.name) + "\" xmlUrl=\"" + escape_markup(url) + "\"/>\n";
  }
  return out + "  </body>\n</opml>\n";
}

Result<std::vector<Source>> from_opml(std::string_view opml) {
  const std::string text = to_valid_utf8(opml);
  const std::string lower = ascii_lower(text);
  std::vector<Source> sources;
  std::set<std::string> urls;
  for (std::size_t at = lower.find("<outline"); at != std::string::npos && sources.size() < outlines_max;
       at = lower.find("<outline", at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string::npos) break;
    const std::string_view tag = std::string_view(text).substr(at, end - at);
    Source source;
    const std::string url = attribute(tag, "xmlUrl");
    if (url.empty() || !urls.insert(url).second) continue;
    source.urls = {url};
    source.name = attribute(tag, "text");
    if (source.name.empty()) source.name = attribute(tag, "title");
    source.id = "feed-" + stable_id(url).substr(0, 8);
    sources.push_back(std::move(source));
  }
  if (sources.empty())
    return Error{Errc::bad_markup, "no <outline … xmlUrl=\"…\"> in it",
                 "export the list as OPML from your feed reader"};
  return sources;
}

std::string to_yaml(const std::vector<Source>& sources) {
  std::string out = "sources:\n";
  for (const Source& source : sources) {
    out += "  - id: " + source.id + "\n    name: " + quoted(source.name.empty() ? source.id : source.name) +
           "\n    kind: " + name(source.kind) + "\n    urls: [" + quoted(source.urls.front()) +
           "]\n    interval: 30m\n";
  }
  return out;
}

}  // namespace tingchao::service
