// The levels of precedence, and the whole.

#include "analyzer/rules/parser.h"

#include <tuple>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t issues_max = 20;

}  // namespace

Node Parser::run() {
  Node root = guarded();
  while (!is(TokenKind::end)) {
    if (is(TokenKind::close)) {
      issue(here().column, "多余的右括号", "删去它，或在前面补上左括号");
      take();
    } else if (is(TokenKind::comma)) {
      issue(here().column, "逗号只能用来隔开 N OF (…) 的各项", "“并且”用空格或 AND，“或者”写 OR");
      take();
    } else if (root.kind == NodeKind::unless) {
      issue(here().column, "UNLESS 要写在最后，它管前面的全部", "只想管一部分，就把那部分连同 UNLESS 放进括号");
      take();
    }
    if (is(TokenKind::end)) break;
    guarded();
  }
  return root;
}

Node Parser::node(NodeKind kind, std::uint32_t column) {
  if (++nodes_ == expression_nodes_max)
    issue(column, fmt::format("规则太大（超过 {} 项）", expression_nodes_max), "拆成几条规则，或用 @words(词表)");
  if (nodes_ >= expression_nodes_max) at_ = tokens_.size() - 1;
  Node out;
  out.kind = kind;
  out.column = column;
  return out;
}

Node Parser::guarded() {
  Node child = any();
  if (is(TokenKind::kw_unless)) {
    Node out = node(NodeKind::unless, child.column);
    out.text = "UNLESS";
    take();
    out.marks = marks();
    out.children.push_back(std::move(child));
    child = finish(std::move(out));
  }
  return child;
}

bool Parser::too_deep() {
  if (++depth_ <= expression_depth_max) return false;
  issue(here().column, fmt::format("嵌套超过 {} 层", expression_depth_max), "拆成几条规则，或去掉多余的括号");
  at_ = tokens_.size() - 1;
  return true;
}

Marks Parser::marks() {
  Marks out = 0;
  do {
    const Lexeme& token = here();
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted) {
      issue(token.column, "UNLESS 后面要写语境", "可写 negated、refuted、drill、fiction、past，用 | 隔开");
      return out;
    }
    take();
    std::vector<Issue> found;
    out |= parse_marks(token.value, found);
    for (Issue& one : found) one.column = token.column, issues_.push_back(std::move(one));
  } while (take_if(TokenKind::bar) || take_if(TokenKind::kw_or) || take_if(TokenKind::comma));
  return out;
}

Node Parser::joined(NodeKind kind, std::vector<Node> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Node out = node(kind, parts.front().column);
  out.text = kind == NodeKind::any ? "OR" : "AND";
  out.children = std::move(parts);
  return finish(std::move(out));
}

Node Parser::any() {
  std::vector<Node> parts;
  parts.push_back(all());
  while (is(TokenKind::kw_or) || is(TokenKind::bar)) {
    if (is(TokenKind::bar)) issue(here().column, "“|”只用在 UNLESS 里", "“或者”写成 OR");
    take();
    parts.push_back(all());
  }
  return joined(NodeKind::any, std::move(parts));
}

bool Parser::starts_operand() const {
  switch (here().kind) {
    case TokenKind::end: case TokenKind::close: case TokenKind::comma: case TokenKind::bar:
    case TokenKind::kw_or: case TokenKind::kw_and: case TokenKind::kw_unless: return false;
    default: return true;
  }
}

Node Parser::all() {
  std::vector<Node> parts;
  parts.push_back(unary());
  while (is(TokenKind::kw_and) || starts_operand()) {
    take_if(TokenKind::kw_and);
    parts.push_back(unary());
  }
  return joined(NodeKind::all, std::move(parts));
}

Node Parser::unary() {
  if (!is(TokenKind::kw_not)) return near();
  Node out = node(NodeKind::none, here().column);
  out.text = "NOT";
  take();
  if (!too_deep()) out.children.push_back(unary());
  --depth_;
  return finish(std::move(out));
}

Node Parser::near() {
  Node left = primary();
  int chain = 0;
  while (is(TokenKind::kw_near)) {
    if (++chain > expression_depth_max) {
      issue(here().column, fmt::format("一串 NEAR 超过 {} 个", expression_depth_max), "用 SENT(…) 或拆成几条规则");
      at_ = tokens_.size() - 1;
      break;
    }
    Node out = node(NodeKind::near, left.column);
    const Lexeme& head = take();
    out.ordered = head.ordered;
    out.n = head.n;
    out.text = fmt::format("{}NEAR/{}", head.ordered ? "O" : "", head.n);
    out.children.push_back(std::move(left));
    out.children.push_back(primary());
    for (const Node& side : out.children)
      if (!is_positional(side))
        issue(side.column, fmt::format("{} 的两边只能是词、正则、@类，或用 OR 连起来的这些", out.text),
              "把 AND、NOT、SENT、COUNT 移到 NEAR 外面，例如 (甲 NEAR/10 乙) AND (丙 NEAR/10 乙)");
    left = finish(std::move(out));
  }
  return left;
}

Node Parser::primary() {
  Node out = too_deep() ? node(NodeKind::any, here().column) : operand();
  --depth_;
  return out;
}

Expression parse_expression(std::string_view text) {
  Expression out;
  if (!is_utf8(text)) {
    out.issues.push_back({Diagnostic::Grade::error, 1, "表达式不是 UTF-8 文字", "把文件存为 UTF-8"});
    return out;
  }
  if (count_chars(text) > expression_chars_max) {
    out.issues.push_back({Diagnostic::Grade::error, 1,
                          fmt::format("表达式超过 {} 个字", expression_chars_max), "拆成几条规则，或用 @words(词表)"});
    return out;
  }
  std::vector<Lexeme> tokens = tokenize(text, out.issues);
  out.root = Parser(std::move(tokens), out.issues).run();
  std::sort(out.issues.begin(), out.issues.end(), [](const Issue& a, const Issue& b) {
    return std::tie(a.column, a.message) < std::tie(b.column, b.message);
  });
  if (out.issues.size() > issues_max) out.issues.resize(issues_max);
  return out;
}

}  // namespace tingchao::analyzer
