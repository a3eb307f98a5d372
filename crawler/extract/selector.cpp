// A CSS selector reads from left to right as an XPath location path: each combinator is an axis, each
// condition a predicate. One recursive-descent pass, one function per level of the grammar.

#include "crawler/extract/selector.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include <libxml/xpath.h>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// XPath 1.0 has no escapes in strings; one with both quotes is put together.
std::string literal(std::string_view text) {
  if (text.find('\'') == std::string_view::npos) return "'" + std::string(text) + "'";
  if (text.find('"') == std::string_view::npos) return "\"" + std::string(text) + "\"";
  std::string out = "concat(";
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t quote = std::min(text.find('\'', at), text.size());
    out += "'" + std::string(text.substr(at, quote - at)) + "'";
    if (quote < text.size()) out += ",\"'\",";
    at = quote + 1;
  }
  return out + ")";
}

std::string word_in(const std::string& attribute, std::string_view word) {
  return "contains(concat(' ',normalize-space(" + attribute + "),' ')," + literal(" " + std::string(word) + " ") + ")";
}

struct Mistake {
  std::size_t at = 0;
  std::string what;
};

class CssParser {
 public:
  explicit CssParser(std::string_view text) : text_(text) {}

  // The XPath, or empty after a mistake.
  std::string parse() {
    std::string out;
    do {
      const std::string path = group();
      if (failed_) return {};
      if (!out.empty()) out += " | ";
      out += path;
    } while (take(','));
    skip_space();
    if (at_ < text_.size()) fail("'" + std::string(cut_chars(text_.substr(at_), 1)) + "' does not belong here");
    return failed_ ? std::string() : out;
  }
  const Mistake& mistake() const { return mistake_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (is_space(peek())) ++at_;
  }
  void fail(std::string what) {
    if (!failed_) mistake_ = {at_, std::move(what)};
    failed_ = true;
  }

  std::string group() {
    skip_space();
    std::string out = "descendant::" + compound();
    while (!failed_) {
      const bool blank = is_space(peek());
      skip_space();
      const char c = peek();
      if (c == '>' || c == '+' || c == '~') {
        ++at_;
        skip_space();
        const char* const axis = c == '>'   ? "/child::"
                                 : c == '+' ? "/following-sibling::*[1]/self::"
                                            : "/following-sibling::";
        out += axis + compound();
      } else if (c == '@') {
        ++at_;
        const std::string attribute = name("an attribute's name");
        skip_space();
        return out + "/@" + ascii_lower(attribute);
      } else if (blank && c != ',' && at_ < text_.size()) {
        out += "/descendant::" + compound();
      } else {
        break;
      }
    }
    return out;
  }

  // The name test followed by its predicates.
  std::string compound() {
    const std::size_t start = at_;
    std::string out = "*";
    if (!take('*') && (is_name_char(peek()) || peek() == '\\')) out = ascii_lower(name("a tag"));
    // XPath names may not begin with a digit or '-'; a tag that does can only be compared.
    if (is_digit(out[0]) || out[0] == '-') {
      at_ = start;
      fail("a tag does not begin with '" + std::string(1, out[0]) + "'");
    }
    for (std::string condition = next_condition(); !condition.empty(); condition = next_condition()) {
      out += "[" + condition + "]";
    }
    if (at_ == start) fail(at_ < text_.size() ? "a tag, #id, .class or [attribute] is missing before '" +
                                                    std::string(cut_chars(text_.substr(at_), 1)) + "'"
                                              : "a tag, #id, .class or [attribute] is missing at the end");
    return out;
  }

  std::string next_condition() {
    if (failed_) return {};
    if (take('#')) return "@id=" + literal(name("an id"));
    if (take('.')) return word_in("@class", name("a class"));
    if (take('[')) return attribute();
    if (take(':')) return pseudo();
    return {};
  }

  std::string name(const char* what) {
    std::string out;
    while (is_name_char(peek()) || peek() == '\\') {
      if (take('\\') && at_ >= text_.size()) break;
      out.push_back(text_[at_++]);
    }
    if (out.empty()) fail(std::string(what) + " is missing");
    return out;
  }

  // Quoted, or bare up to the closing bracket.
  std::string value(char closing) {
    skip_space();
    std::string out;
    if (peek() == '"' || peek() == '\'') {
      const char quote = text_[at_];
      const std::size_t open = at_++;
      while (at_ < text_.size() && text_[at_] != quote) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        out.push_back(text_[at_++]);
      }
      if (!take(quote)) {
        at_ = open;
        fail("this quote is not closed");
      }
    } else {
      while (at_ < text_.size() && text_[at_] != closing) out.push_back(text_[at_++]);
      out = trim(out);
    }
    skip_space();
    return out;
  }

  std::string attribute() {
    const std::size_t open = at_ - 1;
    skip_space();
    const std::string at = "@" + ascii_lower(name("an attribute's name"));
    skip_space();
    if (failed_ || take(']')) return at;
    const char kind = peek();
    if (kind != '=') ++at_;
    if (std::string_view("=^$*~").find(kind) == std::string_view::npos || !take('=')) {
      fail("=, ^=, $=, *=, ~= or ] is expected");
      return {};
    }
    const std::string wanted = value(']');
    if (!failed_ && !take(']')) {
      at_ = open;
      fail("this [ is not closed");
    }
    // An empty value matches nothing but by '=', as in CSS.
    if (wanted.empty() && kind != '=') return "false()";
    const std::string text = literal(wanted);
    const std::string length = std::to_string(count_chars(wanted));
    switch (kind) {
      case '^': return "starts-with(" + at + "," + text + ")";
      case '$': return "substring(" + at + ",string-length(" + at + ")-" + length + "+1)=" + text;
      case '*': return "contains(" + at + "," + text + ")";
      case '~': return word_in(at, wanted);
      default: return at + "=" + text;
    }
  }

  std::string pseudo() {
    const std::size_t start = at_;
    const std::string which = ascii_lower(name("a pseudo-class"));
    if (which == "first-child") return "not(preceding-sibling::*)";
    if (which == "last-child") return "not(following-sibling::*)";
    if (which == "nth-child") return nth_child();
    if (which == "not") return negation();
    if (which == "contains") {
      open_bracket();
      const std::string wanted = value(')');
      close_bracket();
      return "contains(string(.)," + literal(wanted) + ")";
    }
    if (!failed_) {
      at_ = start;
      fail(":" + which + " is not known; there are :first-child, :last-child, :nth-child(), :not(), :contains()");
    }
    return {};
  }

  void open_bracket() {
    if (!take('(')) fail("( is expected");
    skip_space();
  }
  void close_bracket() {
    skip_space();
    if (!failed_ && !take(')')) fail(") is expected");
  }

  std::string negation() {
    open_bracket();
    const std::size_t start = at_;
    std::string tag;
    if (!take('*') && is_name_char(peek())) tag = ascii_lower(name("a tag"));
    std::string all = tag.empty() ? std::string() : "self::" + tag;
    for (std::string condition = next_condition(); !condition.empty(); condition = next_condition()) {
      all += (all.empty() ? "" : " and ") + condition;
    }
    if (at_ == start) fail("a tag, #id, .class or [attribute] is missing in :not()");
    close_bracket();
    return "not(" + (all.empty() ? "true()" : all) + ")";
  }

  // n, odd, even, an+b
  std::string nth_child() {
    open_bracket();
    const std::size_t start = at_;
    std::string argument;
    while (at_ < text_.size() && peek() != ')') {
      if (!is_space(peek())) argument.push_back(text_[at_]);
      ++at_;
    }
    argument = ascii_lower(argument);
    if (argument == "odd") argument = "2n+1";
    if (argument == "even") argument = "2n";
    const std::size_t n = argument.find('n');
    std::optional<long> step = 0, offset = 0;
    if (n == std::string::npos) {
      offset = number(argument);
    } else {
      const std::string head = argument.substr(0, n);
      step = head.empty() || head == "+" ? 1 : head == "-" ? -1 : number(head);
      const std::string tail = argument.substr(n + 1);
      offset = tail.empty() ? 0 : number(tail);
    }
    if (!step || !offset) {
      at_ = start;
      fail("a number, odd, even or 2n+1 is expected");
      return {};
    }
    close_bracket();
    const std::string position = "(count(preceding-sibling::*)+1)";
    const std::string from = std::to_string(*offset);
    if (*step == 0) return position + "=" + from;
    const std::string by = std::to_string(std::abs(*step));
    return position + (*step > 0 ? ">=" : "<=") + from + " and (" + position + "-" + from + ") mod " + by + "=0";
  }

  static std::optional<long> number(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
      negative = text[0] == '-';
      text.remove_prefix(1);
    }
    if (text.empty() || text.size() > 6) return std::nullopt;
    long value = 0;
    for (const char c : text) {
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
  Mistake mistake_;
};

Error mistake_in(std::string_view text, std::size_t byte, const std::string& what) {
  const std::size_t column = count_chars(text.substr(0, std::min(byte, text.size()))) + 1;
  return {Errc::bad_rule, "column " + std::to_string(column) + ": " + what,
          "see the selector language in docs/extraction.md"};
}

// Where libxml2 stops reading an expression; nothing when it reads it all.
std::optional<Mistake> xpath_mistake(const std::string& xpath) {
  struct FreeContext {
    void operator()(xmlXPathContext* context) const { xmlXPathFreeContext(context); }
  };
  struct FreeExpression {
    void operator()(xmlXPathCompExpr* expression) const { xmlXPathFreeCompExpr(expression); }
  };
  const std::unique_ptr<xmlXPathContext, FreeContext> context(xmlXPathNewContext(nullptr));
  if (!context) return Mistake{0, "no memory"};
  context->error = [](void*, auto*) {};  // told by the result, not on stderr
  const std::unique_ptr<xmlXPathCompExpr, FreeExpression> compiled(
      xmlXPathCtxtCompile(context.get(), reinterpret_cast<const xmlChar*>(xpath.c_str())));
  if (compiled) return std::nullopt;
  const xmlError& error = context->lastError;
  const std::size_t at = error.int1 > 0 ? std::size_t(error.int1) : 0;
  std::string what = error.message != nullptr ? error.message : "not an XPath 1.0 expression";
  while (!what.empty() && (what.back() == '\n' || what.back() == ' ')) what.pop_back();
  xmlResetError(&context->lastError);
  return Mistake{at, what};
}

}  // namespace

Result<Selector> Selector::compile(std::string_view text) {
  constexpr std::size_t bytes_max = 2000;
  const std::string_view trimmed = trim(text);
  if (trimmed.size() > bytes_max) return mistake_in(text, bytes_max, "a selector is at most 2000 bytes long");
  if (trimmed.empty()) return mistake_in(text, 0, "the selector is empty");
  if (!is_utf8(trimmed) || trimmed.find('\0') != std::string_view::npos)
    return mistake_in("", 0, "the selector is not UTF-8");
  const std::size_t before = std::size_t(trimmed.data() - text.data());
  Selector selector;
  selector.text_ = trimmed;
  if (trimmed[0] == '/' || trimmed[0] == '(') {
    selector.xpath_ = trimmed;
    // "/a/b" from an element means the document's root; "//x" within an entry means below the entry.
    if (trimmed.starts_with("//")) selector.xpath_.insert(0, ".");
  } else {
    CssParser parser(trimmed);
    selector.xpath_ = parser.parse();
    if (selector.xpath_.empty()) return mistake_in(text, before + parser.mistake().at, parser.mistake().what);
  }
  if (const auto mistake = xpath_mistake(selector.xpath_)) {
    const std::size_t shift = selector.xpath_.size() - trimmed.size();
    const std::size_t at = trimmed[0] == '/' || trimmed[0] == '(' ? mistake->at - std::min(mistake->at, shift) : 0;
    return mistake_in(text, before + at, mistake->what);
  }
  return selector;
}

}  // namespace tingchao::crawler
