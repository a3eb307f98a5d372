// One loop over characters. Whatever could be meant otherwise in another search box (|, &&, -x, x*)
// is told with the way to write it here instead of being taken for a letter of a word.

#include "analyzer/rules/lexer.h"

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

char32_t ascii_form(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
  switch (c) {
    case 0x3000: case 0xA0: return ' ';
    case U'“': case U'”': return '"';
    case U'、': return ',';
    default: return c;
  }
}

bool is_blank(char32_t c) { return c == ' ' || (c >= 9 && c <= 13); }

// Never part of a bare word: signs of the language, and punctuation, which in quotes is text.
bool ends_word(char32_t c) {
  constexpr std::u32string_view signs = U"()\",:=~@<>|!&*?;{}[]\\^$…。；！？「」『』《》〈〉【】‘’";
  return is_blank(c) || signs.find(c) != signs.npos;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == text.npos;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Issue>& issues) : issues_(issues) {
    for (std::size_t at = 0; at < text.size();) text_ += next_char(text, at);
  }

  std::vector<Lexeme> run() {
    while (at_ < text_.size()) {
      if (is_blank(peek())) {
        ++at_;
        glued_ = false;
        continue;
      }
      begin_ = at_;
      step(peek());
      glued_ = true;
    }
    begin_ = at_;
    emit(TokenKind::end);
    return std::move(tokens_);
  }

 private:
  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? ascii_form(text_[at_ + ahead]) : 0;
  }

  void step(char32_t c) {
    switch (c) {
      case '(': return sign(TokenKind::open);
      case ')': return sign(TokenKind::close);
      case ',': return sign(TokenKind::comma);
      case ':': return sign(TokenKind::colon);
      case '~': return sign(TokenKind::raw);
      case '@': return sign(TokenKind::at);
      case '"': return quoted();
      case '/': return pattern();
      case '=': case '<': case '>': case U'≥': case U'≤': return comparison(c);
      case '|': return bar();
      case '&': return wrong("这里的“&”", "“并且”写成 AND 或空格");
      default: break;
    }
    // As ASCII these are habits of other search boxes; full width they are punctuation.
    if (text_[at_] == '!') return wrong("这里的“!”", "“不含”写成 NOT");
    if (text_[at_] == '*' || text_[at_] == '?')
      return wrong("没有通配符", "词本来就能出现在别的词里面；别的写法用正则 /…/");
    if (c < ' ' || c == 0x7F) return wrong("看不见的控制字符", "删去它");
    if (c == '-' && !glued_) return wrong("“-”不表示排除", "“不含”写成 NOT；真要找这个符号，放进引号");
    if (ends_word(c)) return wrong(fmt::format("“{}”不能直接写在这里", original(1)), "要找标点，放进引号");
    word();
  }

  std::string original(std::size_t chars) const {
    std::string out;
    for (std::size_t i = 0; i < chars && at_ + i < text_.size(); ++i) append_char(out, text_[at_ + i]);
    return out;
  }

  Lexeme& emit(TokenKind kind) {
    Lexeme token;
    token.kind = kind;
    token.column = std::uint32_t(begin_ + 1);
    token.column_end = std::uint32_t(at_ + 1);
    for (std::size_t i = begin_; i < at_; ++i) append_char(token.text, text_[i]);
    token.glued = glued_;
    tokens_.push_back(std::move(token));
    return tokens_.back();
  }

  void sign(TokenKind kind) {
    ++at_;
    emit(kind);
  }

  void issue(std::size_t at, std::string message, std::string mend,
             Diagnostic::Grade grade = Diagnostic::Grade::error) {
    issues_.push_back({grade, std::uint32_t(at + 1), std::move(message), std::move(mend)});
  }

  void wrong(std::string message, std::string mend) {
    const char32_t c = peek();
    issue(at_, std::move(message), std::move(mend));
    while (at_ < text_.size() && peek() == c) ++at_;  // && and the like are one mistake
  }

  void bar() {
    ++at_;
    if (peek() == '|') ++at_;
    emit(TokenKind::bar);
  }

  void comparison(char32_t c) {
    ++at_;
    const bool equal_follows = peek() == '=';
    if (equal_follows) ++at_;
    Lexeme& token = emit(c == '=' ? TokenKind::equal : TokenKind::compare);
    if (c == '=') token.compare = Compare::eq;
    if (c == '>') token.compare = equal_follows ? Compare::ge : Compare::gt;
    if (c == '<') token.compare = equal_follows ? Compare::le : Compare::lt;
    if (c == U'≥') token.compare = Compare::ge;
    if (c == U'≤') token.compare = Compare::le;
  }

  void quoted() {
    std::string value;
    ++at_;
    while (at_ < text_.size() && peek() != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && (peek(1) == '"' || peek(1) == '\\')) ++at_;
      append_char(value, text_[at_++]);
    }
    if (at_ >= text_.size()) {
      issue(begin_, "引号没有配对", "在短语末尾补上引号");
    } else {
      ++at_;
    }
    emit(TokenKind::quoted).value = std::move(value);
  }

  void pattern() {
    std::string value;
    ++at_;
    bool in_class = false;
    // A slash inside a character class needs no backslash, as elsewhere.
    for (; at_ < text_.size() && (text_[at_] != '/' || in_class); ++at_) {
      const char32_t c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '/') append_char(value, c);
        append_char(value, text_[++at_]);
        continue;
      }
      if (c == '[') in_class = true;
      if (c == ']') in_class = false;
      append_char(value, c);
    }
    if (at_ >= text_.size()) {
      issue(begin_, "正则没有结束的“/”", "正则写在两个“/”之间；要找“/”本身，放进引号");
    } else {
      ++at_;
    }
    emit(TokenKind::pattern).value = std::move(value);
  }

  void word() {
    std::string plain;  // with full-width letters as ASCII: for keywords, fields, numbers
    while (at_ < text_.size() && !ends_word(peek())) {
      append_char(plain, peek());
      ++at_;
    }
    Lexeme& token = emit(keyword(plain));
    token.value = token.text;
    token.n = is_digits(plain) ? std::stoi(plain) : -1;
    if (token.kind == TokenKind::kw_near) read_distance(token, plain);
    if (token.kind != TokenKind::word) return;
    if (plain == "and" || plain == "or" || plain == "not" || plain == "near" || plain == "unless")
      issue(begin_, fmt::format("小写的 {} 会当作要找的词", plain), "运算符要大写；真要找它，放进引号",
            Diagnostic::Grade::warning);
  }

  static TokenKind keyword(std::string_view plain) {
    if (plain == "AND") return TokenKind::kw_and;
    if (plain == "OR") return TokenKind::kw_or;
    if (plain == "NOT") return TokenKind::kw_not;
    if (plain == "SENT") return TokenKind::kw_sent;
    if (plain == "PARA") return TokenKind::kw_para;
    if (plain == "DISGUISED") return TokenKind::kw_disguised;
    if (plain == "COUNT") return TokenKind::kw_count;
    if (plain == "OF") return TokenKind::kw_of;
    if (plain == "UNLESS") return TokenKind::kw_unless;
    const std::string_view head = plain.substr(0, plain.find('/'));
    return head == "NEAR" || head == "ONEAR" ? TokenKind::kw_near : TokenKind::word;
  }

  void read_distance(Lexeme& token, std::string_view plain) {
    token.ordered = plain[0] == 'O';
    const std::size_t slash = plain.find('/');
    const std::string_view digits = slash == plain.npos ? "" : plain.substr(slash + 1);
    token.n = is_digits(digits) ? std::stoi(std::string(digits)) : -1;
    const char* head = token.ordered ? "ONEAR" : "NEAR";
    if (token.n < 0) {
      issue(begin_, fmt::format("{} 后面要有字数", head), fmt::format("写成 {}/10，中间不留空格", head));
      if (digits.empty()) skip_loose_distance();
    } else if (token.n > near_chars_max) {
      issue(begin_, fmt::format("{} 的字数最多 {}", head, near_chars_max), "更远的用 PARA(…) 或 AND");
    }
    if (token.n < 0 || token.n > near_chars_max) token.n = 0;
  }

  // "NEAR / 10": already told; without this the slash would open a regular expression.
  void skip_loose_distance() {
    std::size_t to = at_;
    while (to < text_.size() && is_blank(ascii_form(text_[to]))) ++to;
    if (to >= text_.size() || ascii_form(text_[to]) != '/') return;
    for (++to; to < text_.size() && is_blank(ascii_form(text_[to]));) ++to;
    while (to < text_.size() && ascii_form(text_[to]) >= '0' && ascii_form(text_[to]) <= '9') ++to;
    at_ = to;
  }

  std::u32string text_;
  std::vector<Issue>& issues_;
  std::vector<Lexeme> tokens_;
  std::size_t at_ = 0, begin_ = 0;
  bool glued_ = false;
};

}  // namespace

std::vector<Lexeme> tokenize(std::string_view text, std::vector<Issue>& issues) {
  return Lexer(text, issues).run();
}

}  // namespace tingchao::analyzer
