// Recursive descent, one function a level of precedence, loosest first:
//   UNLESS  <  OR  <  AND and juxtaposition  <  NOT  <  NEAR ONEAR  <  field:  ~  =  ( )
// After a mistake it reads on from the next token that can begin something, so that one pass tells
// everything that is wrong.

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "analyzer/rules/lexer.h"
#include "analyzer/rules/syntax.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t issues_max = 20;

class Parser {
 public:
  Parser(std::vector<Lexeme> tokens, std::vector<Issue>& issues)
      : tokens_(std::move(tokens)), issues_(issues) {}

  Node run() {
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

  Node node(NodeKind kind, std::uint32_t column) {
    if (++nodes_ == expression_nodes_max)
      issue(column, fmt::format("规则太大（超过 {} 项）", expression_nodes_max), "拆成几条规则，或用 @words(词表)");
    if (nodes_ >= expression_nodes_max) at_ = tokens_.size() - 1;
    Node out;
    out.kind = kind;
    out.column = column;
    return out;
  }
  Node finish(Node out) {
    out.column_end = end_column();
    return out;
  }

  // expr [UNLESS marks]
  Node guarded() {
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

  // Everything that nests passes here, so that no expression can exhaust the stack.
  bool too_deep() {
    if (++depth_ <= expression_depth_max) return false;
    issue(here().column, fmt::format("嵌套超过 {} 层", expression_depth_max), "拆成几条规则，或去掉多余的括号");
    at_ = tokens_.size() - 1;
    return true;
  }

  Marks marks() {
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

  Node joined(NodeKind kind, std::vector<Node> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Node out = node(kind, parts.front().column);
    out.text = kind == NodeKind::any ? "OR" : "AND";
    out.children = std::move(parts);
    return finish(std::move(out));
  }

  Node any() {
    std::vector<Node> parts;
    parts.push_back(all());
    while (is(TokenKind::kw_or) || is(TokenKind::bar)) {
      if (is(TokenKind::bar)) issue(here().column, "“|”只用在 UNLESS 里", "“或者”写成 OR");
      take();
      parts.push_back(all());
    }
    return joined(NodeKind::any, std::move(parts));
  }

  bool starts_operand() const {
    switch (here().kind) {
      case TokenKind::end: case TokenKind::close: case TokenKind::comma: case TokenKind::bar:
      case TokenKind::kw_or: case TokenKind::kw_and: case TokenKind::kw_unless: return false;
      default: return true;
    }
  }

  Node all() {
    std::vector<Node> parts;
    parts.push_back(unary());
    while (is(TokenKind::kw_and) || starts_operand()) {
      take_if(TokenKind::kw_and);
      parts.push_back(unary());
    }
    return joined(NodeKind::all, std::move(parts));
  }

  Node unary() {
    if (!is(TokenKind::kw_not)) return near();
    Node out = node(NodeKind::none, here().column);
    out.text = "NOT";
    take();
    if (!too_deep()) out.children.push_back(unary());
    --depth_;
    return finish(std::move(out));
  }

  Node near() {
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

  Node primary() {
    Node out = too_deep() ? node(NodeKind::any, here().column) : operand();
    --depth_;
    return out;
  }

  Node operand() {
    const Lexeme& token = here();
    switch (token.kind) {
      case TokenKind::word:
        if (ahead().kind == TokenKind::colon) return field();
        if (ahead().kind == TokenKind::kw_of) return at_least();
        return term(TermMode::word, token.column);
      case TokenKind::quoted: return term(TermMode::word, token.column);
      case TokenKind::raw: case TokenKind::equal: return signed_term();
      case TokenKind::pattern: return pattern();
      case TokenKind::at: return entity();
      case TokenKind::open: return group();
      case TokenKind::kw_sent: return scoped(NodeKind::sentence);
      case TokenKind::kw_para: return scoped(NodeKind::paragraph);
      case TokenKind::kw_count: return count();
      default: return missing_operand();
    }
  }

  Node missing_operand() {
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
      case TokenKind::kw_of:
        issue(token.column, "OF 前面要有个数", "写成 2 OF (甲, 乙, 丙)；真要找这个词，放进引号");
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

  Node term(TermMode mode, std::uint32_t column) {
    Node out = node(NodeKind::term, column);
    const Lexeme& token = take();
    out.mode = mode;
    out.text = (mode == TermMode::raw ? "~" : mode == TermMode::whole ? "=" : "") + token.text;
    out.value = std::string(trim(token.value));
    if (out.value.empty() && token.kind == TokenKind::quoted) issue(token.column, "引号里是空的", "写上要找的词");
    return finish(std::move(out));
  }

  bool sign_follows_word() const {
    return here().glued && at_ > 0 && tokens_[at_ - 1].kind == TokenKind::word;
  }

  Node signed_term() {
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

  Node pattern() {
    Node out = node(NodeKind::pattern, here().column);
    const Lexeme& token = take();
    out.text = token.text;
    out.value = token.value;
    if (out.value.empty()) issue(out.column, "正则是空的", "在两个“/”之间写上正则");
    if (count_chars(out.value) > pattern_chars_max)
      issue(out.column, fmt::format("正则超过 {} 个字符", pattern_chars_max), "拆成几个，或改用 @words(词表)");
    return finish(std::move(out));
  }

  Node entity() {
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

  Node words(Node out) {
    out.kind = NodeKind::words;
    out.value.clear();
    const bool opened = take_if(TokenKind::open);
    if (opened && (is(TokenKind::word) || is(TokenKind::quoted))) out.value = take().value;
    if (!opened || out.value.empty() || !take_if(TokenKind::close))
      issue(out.column, "@words 后面要有词表的名字", "写成 @words(丧事)，名字是词表文件名");
    out.text = fmt::format("@words({})", out.value);
    return finish(std::move(out));
  }

  void close(const Lexeme& open) {
    if (take_if(TokenKind::close)) return;
    issue(end_column(), fmt::format("第 {} 列的左括号没有配对", open.column), "在这里补上右括号");
  }

  Node group() {
    const Lexeme& open = take();
    Node inside = guarded();
    close(open);
    return inside;
  }

  // SENT(…) and PARA(…)
  Node scoped(NodeKind kind) {
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

  Node at_least() {
    Node out = node(NodeKind::at_least, here().column);
    const Lexeme& number = take();
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
    if (out.n < 1 || std::size_t(out.n) > out.children.size())
      issue(number.column, fmt::format("“{} OF”：括号里有 {} 项", number.text, out.children.size()),
            "个数要在 1 与项数之间，各项用逗号隔开");
    return finish(std::move(out));
  }

  Node count() {
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

  void read_threshold(Node& out) {
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

  Node field() {
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

  // Below source: kind: lang: words are values to compare, not terms of the text.
  Node metadata(NodeKind kind, const Lexeme& named) {
    if (!is(TokenKind::word) && !is(TokenKind::quoted) && !is(TokenKind::open)) {
      issue(named.column, fmt::format("{}: 后面要有值", named.value), "例如 source:forum、lang:zh");
      return starts_operand() ? primary() : node(NodeKind::any, named.column);
    }
    Node out = primary();
    become_metadata(out, kind, named);
    if (out.kind == kind) out.column = named.column;
    return out;
  }

  void become_metadata(Node& out, NodeKind kind, const Lexeme& named) {
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

  std::vector<Lexeme> tokens_;
  std::vector<Issue>& issues_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  int depth_ = 0;
};

}  // namespace

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
