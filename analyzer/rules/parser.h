#pragma once
// The reader of expressions: recursive descent, one function a level of precedence, loosest first:
//   UNLESS  <  OR  <  AND and juxtaposition  <  NOT  <  NEAR ONEAR  <  field:  ~  =  ( )
// After a mistake it reads on from the next token that can begin something, so that one pass tells
// everything that is wrong. The levels are in parser.cpp, what can stand at the bottom in operands.cpp.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/rules/lexer.h"
#include "analyzer/rules/syntax.h"

namespace tingchao::analyzer {

class Parser {
 public:
  Parser(std::vector<Lexeme> tokens, std::vector<Issue>& issues)
      : tokens_(std::move(tokens)), issues_(issues) {}

  Node run();

 private:
  const Lexeme& here() const { return tokens_[at_]; }
  const Lexeme& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  bool is(TokenKind kind) const { return here().kind == kind; }
  const Lexeme& take() {
    const Lexeme& token = tokens_[at_];
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool take_if(TokenKind kind) { return is(kind) && (take(), true); }
  std::uint32_t end_column() const { return at_ > 0 ? tokens_[at_ - 1].column_end : 1; }
  void issue(std::uint32_t column, std::string message, std::string mend) {
    issues_.push_back({Diagnostic::Grade::error, column, std::move(message), std::move(mend)});
  }
  Node finish(Node out) {
    out.column_end = end_column();
    return out;
  }

  // Levels.
  Node node(NodeKind kind, std::uint32_t column);
  // expr [UNLESS marks]
  Node guarded();
  // Everything that nests passes here, so that no expression can exhaust the stack.
  bool too_deep();
  Marks marks();
  Node joined(NodeKind kind, std::vector<Node> parts);
  Node any();
  bool starts_operand() const;
  Node all();
  Node unary();
  Node near();
  Node primary();

  // Operands.
  Node operand();
  Node missing_operand();
  Node term(TermMode mode, std::uint32_t column);
  bool sign_follows_word() const;
  Node signed_term();
  Node pattern();
  Node entity();
  Node words(Node out);
  void close(const Lexeme& open);
  Node group();
  // SENT(…) and PARA(…)
  Node scoped(NodeKind kind);
  // DISGUISED(…): no node of its own, it marks the words inside.
  Node disguised();
  // n OF (…); `number` is the token before OF.
  Node at_least(const Lexeme& number);
  Node count();
  void read_threshold(Node& out);
  Node field();
  // Below source: kind: lang: words are values to compare, not terms of the text.
  Node metadata(NodeKind kind, const Lexeme& named);
  void become_metadata(Node& out, NodeKind kind, const Lexeme& named);

  std::vector<Lexeme> tokens_;
  std::vector<Issue>& issues_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  int depth_ = 0;
};

}  // namespace tingchao::analyzer
