// No script is understood, only its string literals are looked at: between two quotes of one kind, with
// the escapes of JSON and JavaScript. A literal counts by its Han characters; one with sentences in it is
// an article.

#include "crawler/extract/embedded.h"

#include <algorithm>
#include <string_view>

#include "core/utf8.h"
#include "crawler/extract/page_text.h"

namespace tingchao::crawler {
namespace {

constexpr int han_min = 80;
constexpr std::size_t literal_bytes_min = 160;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Four hex digits at `at`, or -1.
int code_unit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    if (hex_digit(text[i]) < 0) return -1;
    unit = unit * 16 + hex_digit(text[i]);
  }
  return unit;
}

std::string unescaped(std::string_view literal) {
  std::string out;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 >= literal.size()) {
      out.push_back(literal[i]);
      continue;
    }
    const char kind = literal[++i];
    if (kind == 'u') {
      int c = code_unit(literal, i + 1);
      if (c < 0) continue;
      i += 4;
      const int low =
          c >= 0xD800 && c < 0xDC00 && literal.substr(i + 1, 2) == "\\u" ? code_unit(literal, i + 3) : -1;
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 6;
      }
      append_char(out, c == 0 || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : char32_t(c));
    } else if (kind == 'x' && i + 2 < literal.size() && hex_digit(literal[i + 1]) >= 0 &&
               hex_digit(literal[i + 2]) >= 0) {
      const int c = hex_digit(literal[i + 1]) * 16 + hex_digit(literal[i + 2]);
      append_char(out, c == 0 ? 0xFFFD : char32_t(c));
      i += 2;
    } else if (kind == 'n' || kind == 'r' || kind == 't') {
      out.push_back(kind == 't' ? ' ' : '\n');
    } else {
      out.push_back(kind);
    }
  }
  return out;
}

struct Weight {
  int han = 0, marks = 0;
};

Weight weight_of(std::string_view text) {
  Weight weight;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    if (is_han(c)) ++weight.han;
    if (c == U'，' || c == U'。') ++weight.marks;
  }
  return weight;
}

// A literal is escaped anew for each layer of data that it went through; so is markup.
std::string plain(std::string_view literal) {
  std::string text = unescaped(literal);
  if (text.find("\\u") != std::string::npos && weight_of(text).han < han_min) text = unescaped(text);
  for (int layer = 0; layer < 2; ++layer) {
    const bool markup = text.find("</") != std::string::npos || text.find("<p") != std::string::npos ||
                        text.find("<br") != std::string::npos;
    if (!markup && text.find("&lt;") == std::string::npos) break;
    const Dom piece = Dom::parse(std::move(text));
    text = text_of(piece, hidden_nodes(piece), 0);
  }
  return text;
}

struct Best {
  std::string text;
  int han = han_min - 1;
};

// True when a better literal was found.
bool look_into(std::string_view script, char quote, Best& best) {
  bool found = false;
  for (std::size_t open = script.find(quote); open != std::string_view::npos;) {
    std::size_t close = open + 1;
    while (close < script.size() && script[close] != quote && script[close] != '\n')
      close += script[close] == '\\' ? 2 : 1;
    if (close >= script.size()) return found;
    // A line break ends no literal: that quote opened nothing.
    if (script[close] == quote && close - open > literal_bytes_min) {
      std::string text = plain(script.substr(open + 1, close - open - 1));
      const Weight weight = weight_of(text);
      if (weight.han > best.han && weight.marks * 60 >= weight.han) {
        best.han = weight.han;
        best.text = std::move(text);
        found = true;
      }
    }
    open = script.find(quote, close + 1);
  }
  return found;
}

std::string without_percent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out.push_back(char(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return to_valid_utf8(out);
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// What follows a name as its value; empty when nothing is given to it here.
std::string_view value_at(std::string_view rest) {
  std::size_t at = 0;
  const auto blanks = [&] {
    while (at < rest.size() && (rest[at] == ' ' || rest[at] == '\t' || rest[at] == '\\')) ++at;
  };
  blanks();
  if (at < rest.size() && (rest[at] == '"' || rest[at] == '\'')) ++at;
  blanks();
  if (at >= rest.size() || (rest[at] != ':' && rest[at] != '=')) return {};
  ++at;
  blanks();
  if (at < rest.size() && (rest[at] == '"' || rest[at] == '\'')) ++at;
  const std::size_t end = rest.find_first_of("\"'\\,;}|\n", at);
  return trim(rest.substr(at, (end == std::string_view::npos ? rest.size() : end) - at));
}

}  // namespace

std::string_view script_value(std::string_view script, std::initializer_list<std::string_view> names) {
  constexpr std::size_t window = 80;  // a name, its sign and a moment
  for (const std::string_view name : names) {
    for (std::size_t at = script.find(name); at != std::string_view::npos;
         at = script.find(name, at + name.size())) {
      const std::size_t end = at + name.size();
      if ((at > 0 && is_name_char(script[at - 1])) || (end < script.size() && is_name_char(script[end])))
        continue;
      const std::string_view value = value_at(script.substr(end, window));
      if (!value.empty() && value[0] >= '0' && value[0] <= '9') return value;
    }
  }
  return {};
}

std::string_view script_time(std::string_view script) {
  return script_value(
      script, {"ct", "oriCreateTime", "publish_time", "publishTime", "publishedTime", "published_time",
               "publishedAt", "pubTime", "pub_time", "pubDate", "publishDate", "publish_date",
               "datePublished", "createTime", "create_time", "createdAt", "ctime"});
}

Embedded embedded_article(const Dom& dom) {
  Best best;
  Embedded out;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::script || dom.first_child(n) == no_node) continue;
    std::string_view script = dom.text(dom.first_child(n));
    std::string decoded;
    if (const std::string_view start = trim(script); start.starts_with("%7B") || start.starts_with("%5B")) {
      decoded = without_percent(start);
      script = decoded;
    }
    const bool by_double = look_into(script, '"', best), by_single = look_into(script, '\'', best);
    if (by_double || by_single) out.published = script_time(script);
  }
  for (std::size_t at = 0; at < best.text.size();) {
    const std::size_t end = std::min(best.text.find('\n', at), best.text.size());
    const std::string line = folded(std::string_view(best.text).substr(at, end - at));
    if (!line.empty()) out.text += (out.text.empty() ? "" : "\n") + line;
    at = end + 1;
  }
  return out;
}

}  // namespace tingchao::crawler
