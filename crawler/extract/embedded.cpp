// No script is understood, only its string literals are looked at: between two double quotes, with
// JSON's escapes. A literal counts by its Han characters; one with sentences in it is an article.

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
      const int low = c >= 0xD800 && c < 0xDC00 && literal.substr(i + 1, 2) == "\\u" ? code_unit(literal, i + 3) : -1;
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 6;
      }
      append_char(out, c == 0 || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : char32_t(c));
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

// A literal is escaped anew for each layer of data that it went through.
std::string plain(std::string_view literal) {
  std::string text = unescaped(literal);
  if (text.find("\\u") != std::string::npos && weight_of(text).han < han_min) text = unescaped(text);
  if (text.find("</") == std::string::npos && text.find("<p") == std::string::npos) return text;
  const Dom piece = Dom::parse(std::move(text));
  return text_of(piece, hidden_nodes(piece), 0);
}

void look_into(std::string_view script, std::string& best, int& most) {
  for (std::size_t open = script.find('"'); open != std::string_view::npos;) {
    std::size_t close = open + 1;
    while (close < script.size() && script[close] != '"' && script[close] != '\n')
      close += script[close] == '\\' ? 2 : 1;
    if (close >= script.size()) return;
    // A line break ends no literal of JSON: that quote opened nothing.
    if (script[close] == '"' && close - open > literal_bytes_min) {
      std::string text = plain(script.substr(open + 1, close - open - 1));
      const Weight weight = weight_of(text);
      if (weight.han > most && weight.marks * 60 >= weight.han) {
        most = weight.han;
        best = std::move(text);
      }
    }
    open = script.find('"', close + 1);
  }
}

}  // namespace

std::string embedded_text(const Dom& dom) {
  std::string best;
  int most = han_min - 1;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::script) continue;
    const NodeId content = dom.first_child(n);
    if (content != no_node) look_into(dom.text(content), best, most);
  }
  std::string out;
  for (std::size_t at = 0; at < best.size();) {
    const std::size_t end = std::min(best.find('\n', at), best.size());
    const std::string line = folded(std::string_view(best).substr(at, end - at));
    if (!line.empty()) out += (out.empty() ? "" : "\n") + line;
    at = end + 1;
  }
  return out;
}

}  // namespace tingchao::crawler
