// What stands at the bottom of an expression: terms, patterns, classes, fields, and the forms that
// begin with a word and a parenthesis.

#include "analyzer/rules/parser.h"

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// How many words were marked.
std::size_t mark_disguised(Node& node) {
  std::size_t words = 0;
  if (node.kind == NodeKind::term || node.kind == NodeKind::words) node.disguised = true, ++words;
  for (Node& child : node.children) words += mark_disguised(child);
  return words;
}

}  // namespace

Node Parser::operand() {
  const Lexeme& token = here();
  switch (token.kind) {
    case TokenKind::word:
      if (ahead().kind == TokenKind::colon) return field();
      if (ahead().kind == TokenKind::kw_of) return at_least(take());
      return term(TermMode::word, token.column);
    case TokenKind::quoted: return term(TermMode::word, token.column);
    case TokenKind::raw: case TokenKind::equal: return signed_term();
    case TokenKind::pattern: return pattern();
    case TokenKind::at: return entity();
    case TokenKind::open: return group();
    case TokenKind::kw_of:
      issue(token.column, "OF 前面要有个数", "写成 2 OF (甲, 乙, 丙)；真要找这个词，放进引号");
      return at_least(token);
    case TokenKind::kw_sent: return scoped(NodeKind::sentence);
    case TokenKind::kw_para: return scoped(NodeKind::paragraph);
    case TokenKind::kw_disguised: return disguised();
    case TokenKind::kw_count: return count();
    default: return missing_operand();
  }
}

Node Parser::missing_operand() {
  const Lexeme& token = here();
  Node out = node(NodeKind::any, token.column);
  switch (token.kind) {
    case TokenKind::end:
      issue(token.column, at_ == 0 ? "表达式是空的" : fmt::format("“{}”后面缺少要找的词", tokens_[at_ - 1].text),
            "补上一个词");
      return out;
    case TokenKind::close: case TokenKind::comma:
      issue(token.column, fmt::format("“{}”前面缺少要找的词", token.text), "补上一个词，或删去多余的符号");
      return out;
    case TokenKind::kw_not:
      issue(token.column, "这里不能用 NOT", "NOT 放在 NEAR 外面：甲 AND NOT (乙 NEAR/5 丙)");
      break;
    case TokenKind::colon:
      issue(token.column, "冒号前面要有字段名", "可写 title: body: source: kind: lang:；真要找冒号，放进引号");
      break;
    default:
      issue(token.column, fmt::format("“{}”前面缺少要找的词", token.text), "补上一个词；真要找这个词，放进引号");
  }
  if (token.kind != TokenKind::kw_or && token.kind != TokenKind::kw_unless) take();
  return out;
}

Node Parser::term(TermMode mode, std::uint32_t column) {
  Node out = node(NodeKind::term, column);
  const Lexeme& token = take();
  out.mode = mode;
  out.text = (mode == TermMode::raw ? "~" : mode == TermMode::whole ? "=" : "") + token.text;
  out.value = std::string(trim(token.value));
  if (out.value.empty() && token.kind == TokenKind::quoted) issue(token.column, "引号里是空的", "写上要找的词");
  return finish(std::move(out));
}

bool Parser::sign_follows_word() const {
  return here().glued && at_ > 0 && tokens_[at_ - 1].kind == TokenKind::word;
}

Node Parser::signed_term() {
  const Lexeme& sign = here();
  const char* shown = sign.kind == TokenKind::raw ? "~" : "=";
  if (sign_follows_word())
    issue(sign.column, fmt::format("“{}”紧跟在词后面", shown),
          fmt::format("要找带“{}”的字样，整个放进引号；否则在它前面留空格", shown));
  take();
  if (is(TokenKind::word) || is(TokenKind::quoted))
    return term(sign.kind == TokenKind::raw ? TermMode::raw : TermMode::whole, sign.column);
  issue(sign.column, fmt::format("“{}”后面要紧跟一个词", shown), fmt::format("例如 {0}校服 或 {0}\"短 语\"", shown));
  return starts_operand() ? primary() : node(NodeKind::any, sign.column);
}

Node Parser::pattern() {
  Node out = node(NodeKind::pattern, here().column);
  const Lexeme& token = take();
  out.text = token.text;
  out.value = token.value;
  if (out.value.empty()) issue(out.column, "正则是空的", "在两个“/”之间写上正则");
  if (count_chars(out.value) > pattern_chars_max)
    issue(out.column, fmt::format("正则超过 {} 个字符", pattern_chars_max), "拆成几个，或改用 @words(词表)");
  return finish(std::move(out));
}

Node Parser::entity() {
  const Lexeme& sign = here();
  if (sign_follows_word()) issue(sign.column, "“@”紧跟在词后面", "要找带“@”的字样，整个放进引号；否则在它前面留空格");
  Node out = node(NodeKind::school, sign.column);
  take();
  if (!is(TokenKind::word)) {
    issue(sign.column, "“@”后面要有名字", "可写 @school @place @minor @number @words(词表)");
    return out;
  }
  const Lexeme& named = take();
  out.value = named.value;
  if (named.value == "words") return words(std::move(out));
  if (named.value == "place") out.kind = NodeKind::place;
  else if (named.value == "minor") out.kind = NodeKind::minor;
  else if (named.value == "number") out.kind = NodeKind::number;
  else if (named.value != "school")
    issue(sign.column, fmt::format("没有 @{} 这一类", named.value),
          fmt::format("可写 @school @place @minor @number；词表写成 @words({})", named.value));
  out.text = "@" + named.value;
  return finish(std::move(out));
}

Node Parser::words(Node out) {
  out.kind = NodeKind::words;
  out.value.clear();
  const bool opened = take_if(TokenKind::open);
  if (opened && (is(TokenKind::word) || is(TokenKind::quoted))) out.value = take().value;
  if (!opened || out.value.empty() || !take_if(TokenKind::close))
    issue(out.column, "@words 后面要有词表的名字", "写成 @words(丧事)，名字是词表文件名");
  out.text = fmt::format("@words({})", out.value);
  return finish(std::move(out));
}

void Parser::close(const Lexeme& open) {
  if (take_if(TokenKind::close)) return;
  issue(end_column(), fmt::format("第 {} 列的左括号没有配对", open.column), "在这里补上右括号");
}

Node Parser::group() {
  const Lexeme& open = take();
  Node inside = guarded();
  close(open);
  return inside;
}

Node Parser::scoped(NodeKind kind) {
  Node out = node(kind, here().column);
  const Lexeme& head = take();
  out.text = head.text;
  if (!is(TokenKind::open)) {
    issue(head.column_end, fmt::format("{} 后面要有括号", head.text),
          fmt::format("写成 {}(甲 乙)；真要找这个词，放进引号", head.text));
    return out;
  }
  out.children.push_back(group());
  return finish(std::move(out));
}

Node Parser::disguised() {
  const Lexeme& head = take();
  if (!is(TokenKind::open)) {
    issue(head.column_end, "DISGUISED 后面要有括号", "写成 DISGUISED(自杀 OR 霸凌)；真要找这个词，放进引号");
    return node(NodeKind::any, head.column);
  }
  Node inside = group();
  if (mark_disguised(inside) == 0)
    issue(head.column, "DISGUISED 的括号里没有词", "它管的是词和 @words(词表) 的变体写法，正则和 @school 等没有变体");
  return inside;
}

Node Parser::at_least(const Lexeme& number) {
  Node out = node(NodeKind::at_least, number.column);
  const Lexeme& of = take();
  out.n = number.n;
  out.text = fmt::format("{} OF", number.text);
  if (!is(TokenKind::open)) {
    issue(of.column_end, "OF 后面要有括号", "写成 2 OF (甲, 乙, 丙)");
    return out;
  }
  const Lexeme& open = take();
  do out.children.push_back(guarded());
  while (take_if(TokenKind::comma));
  close(open);
  const bool counted = number.kind == TokenKind::word;
  if (counted && (out.n < 1 || std::size_t(out.n) > out.children.size()))
    issue(number.column, fmt::format("“{} OF”：括号里有 {} 项", number.text, out.children.size()),
          "个数要在 1 与项数之间，各项用逗号隔开");
  return finish(std::move(out));
}

Node Parser::count() {
  Node out = node(NodeKind::count, here().column);
  const Lexeme& head = take();
  if (!is(TokenKind::open)) {
    issue(head.column_end, "COUNT 后面要有括号", "写成 COUNT(投诉) >= 3；真要找这个词，放进引号");
    return out;
  }
  out.children.push_back(group());
  if (!is_positional(out.children.front()))
    issue(out.children.front().column, "COUNT 只能数词、正则、@类、NEAR，或用 OR 连起来的这些",
          "几个条件同时成立用 N OF (…)");
  read_threshold(out);
  out.text = fmt::format("COUNT {} {}", name(out.compare), out.n);
  return finish(std::move(out));
}

void Parser::read_threshold(Node& out) {
  const std::uint32_t column = here().column;
  const bool compared = is(TokenKind::compare) || is(TokenKind::equal);
  if (compared) out.compare = take().compare;
  if (!compared || here().n < 0) {
    issue(compared ? here().column : column, "COUNT(…) 要和次数比较", "写成 COUNT(…) >= 3");
    return;
  }
  out.n = take().n;
  if (out.n > count_max) issue(column, fmt::format("次数最多 {}", count_max), "减小次数");
  if (out.n == 0 && out.compare == Compare::ge) issue(column, "“>= 0”总是成立", "写成 >= 1 或更多");
  if (out.n == 0 && out.compare == Compare::lt) issue(column, "“< 0”永不成立", "要“一次也没有”，写成 = 0");
}

Node Parser::field() {
  const Lexeme& named = take();
  take();  // the colon
  const std::string field = ascii_lower(named.value);
  if (field == "title" || field == "body") {
    Node out = node(NodeKind::in_field, named.column);
    out.field = field == "title" ? Field::title : Field::body;
    out.text = field + ":";
    out.children.push_back(primary());
    return finish(std::move(out));
  }
  if (field == "source") return metadata(NodeKind::source, named);
  if (field == "kind") return metadata(NodeKind::kind, named);
  if (field == "lang") return metadata(NodeKind::lang, named);
  issue(named.column, fmt::format("没有“{}”这个字段", named.value),
        "可写 title: body: source: kind: lang:；冒号是要找的内容，就把整个放进引号");
  return starts_operand() ? primary() : node(NodeKind::any, named.column);
}

Node Parser::metadata(NodeKind kind, const Lexeme& named) {
  if (!is(TokenKind::word) && !is(TokenKind::quoted) && !is(TokenKind::open)) {
    issue(named.column, fmt::format("{}: 后面要有值", named.value), "例如 source:forum、lang:zh");
    return starts_operand() ? primary() : node(NodeKind::any, named.column);
  }
  Node out = primary();
  become_metadata(out, kind, named);
  if (out.kind == kind) out.column = named.column;
  return out;
}

void Parser::become_metadata(Node& out, NodeKind kind, const Lexeme& named) {
  if (out.kind == NodeKind::term && out.mode == TermMode::word) {
    out.kind = kind;
    out.text = ascii_lower(named.value) + ":" + out.text;
    out.value = ascii_lower(out.value);
  } else if (out.kind == NodeKind::any || out.kind == NodeKind::none) {
    for (Node& child : out.children) become_metadata(child, kind, named);
  } else {
    issue(out.column, fmt::format("{}: 的值只能是词，或用 OR 连起来的词", named.value),
          fmt::format("例如 {}:(forum OR board)", named.value));
  }
}

}  // namespace tingchao::analyzer
