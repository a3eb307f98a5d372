#pragma once
// Cuts an expression into tokens. Full-width signs count as their ASCII forms outside quotes and
// regular expressions: （ ） ： ， “ ” ＝ ～ ＠ ＞ ＜.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules/syntax.h"

namespace tingchao::analyzer {

enum class TokenKind {
  word, quoted, pattern, open, close, comma, colon, raw, equal, at, compare, bar,
  kw_and, kw_or, kw_not, kw_near, kw_sent, kw_para, kw_disguised, kw_count, kw_of, kw_unless, end,
};

struct Lexeme {
  TokenKind kind = TokenKind::end;
  std::uint32_t column = 1, column_end = 1;  // characters, from 1
  std::string text;                          // as written
  std::string value;                         // without quotes, slashes, escapes
  int n = -1;                                // NEAR/n; a word of digits; -1 when there is none
  bool ordered = false;                      // ONEAR
  Compare compare = Compare::ge;
  bool glued = false;                        // no white space before it
};

// The last token is always `end`.
std::vector<Lexeme> tokenize(std::string_view text, std::vector<Issue>& issues);

}  // namespace tingchao::analyzer
