// Leaves are shared: the same term written in a hundred rules is looked for, and its places are
// computed, once a document.

#include "analyzer/rules/rule_set.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// Each may hold pattern_bytes_max while it runs.
constexpr std::size_t patterns_max = 256;

// @minor beyond ages: words for people under eighteen. 学生 is not among them, a student may be grown.
constexpr std::string_view minor_words[] = {
    "未成年人", "未成年", "儿童", "孩子", "小孩", "孩童", "幼儿", "幼童", "婴幼儿", "男童", "女童", "学童",
    "少年", "少女", "青少年", "男孩", "女孩", "小朋友", "小学生", "中学生", "初中生", "高中生", "中小学生"};

bool is_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13); }

// Folded text cut at white space: the parts of a phrase.
std::vector<std::u32string> parts_of(std::u32string_view folded) {
  std::vector<std::u32string> parts;
  for (std::size_t i = 0; i < folded.size();) {
    if (is_space(folded[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < folded.size() && !is_space(folded[i])) ++i;
    parts.emplace_back(folded.substr(begin, i - begin));
  }
  return parts;
}

bool has_terms(const Node& node) {
  if (node.leaf >= 0) return !is_entity(node);
  return std::any_of(node.children.begin(), node.children.end(), has_terms);
}

Issue error_at(const Node& node, std::string message, std::string mend) {
  return {Diagnostic::Grade::error, node.column, std::move(message), std::move(mend)};
}

Issue loose(const Node& part) {
  const char* why = "这里没有要找的词";
  switch (part.kind) {
    case NodeKind::none: why = "只有 NOT（不含什么），没有要找的词"; break;
    case NodeKind::number: why = "只有 @number，几乎每篇都有数字"; break;
    case NodeKind::minor: why = "只有 @minor，范围太宽"; break;
    case NodeKind::count: why = "COUNT 的条件在一次也不出现时也成立"; break;
    case NodeKind::source: case NodeKind::kind: case NodeKind::lang: why = "只限定了来源，没有要找的词"; break;
    default: break;
  }
  return error_at(part, fmt::format("规则没有可依托的字样：{}", why),
                  "加上至少一个词、短语、正则、@school、@place 或 @words(词表)，OR 的每一支都要有");
}

}  // namespace

Assembly::Assembly(Classes classes) : classes_(std::move(classes)), out_(std::make_shared<RuleSet>()) {}

std::uint32_t Assembly::literal(const std::u32string& text) {
  const auto [at, added] = literal_of_.try_emplace(text, std::uint32_t(out_->literals.size()));
  if (added) out_->literals.push_back(text);
  return at->second;
}

std::int32_t Assembly::keep(std::string key, Leaf leaf) {
  const auto [at, added] = leaf_of_.try_emplace(std::move(key), std::int32_t(out_->leaves.size()));
  if (added) out_->leaves.push_back(std::move(leaf));
  return at->second;
}

std::int32_t Assembly::term_leaf(const Node& node, std::vector<Issue>& found) {
  std::vector<std::u32string> parts = parts_of(fold_term(node.value));
  if (parts.empty()) {
    found.push_back(error_at(node, "这个词里没有可见的字", "写上要找的词"));
    return -1;
  }
  std::size_t chars = 0;
  for (const auto& part : parts) chars += part.size();
  if (chars > literal_chars_max) {
    found.push_back(error_at(node, fmt::format("词太长（{} 字，最多 {} 字）", chars, literal_chars_max),
                             "取其中最要紧的几个字，其余用 NEAR 或 SENT 连起来"));
    return -1;
  }
  if (chars == 1 && is_han(parts[0][0]) && node.mode == TermMode::word)
    found.push_back({Diagnostic::Grade::warning, node.column, fmt::format("单字“{}”容易误中", node.value),
                     "写成词，或用 =字 只认单独成词的"});
  std::string key = fmt::format("t{}{}", int(node.mode), node.disguised ? "d" : "");
  for (const auto& part : parts) key += ' ' + to_utf8(part);
  Leaf leaf;
  leaf.mode = node.mode;
  leaf.literals.push_back(literal(parts.front()));
  leaf.rest.assign(parts.begin() + 1, parts.end());
  if (node.disguised && leaf.rest.empty() && !leaf_of_.contains(key)) add_disguises(leaf);
  return keep(std::move(key), std::move(leaf));
}

std::int32_t Assembly::pattern_leaf(const Node& node, std::vector<Issue>& found) {
  std::string key = "p" + node.value;
  if (const auto known = leaf_of_.find(key); known != leaf_of_.end()) return known->second;
  if (++patterns_ > patterns_max) {
    found.push_back(error_at(node, fmt::format("正则超过 {} 个", patterns_max), "能用词、NEAR 写的不用正则"));
    return -1;
  }
  auto compiled = Pattern::compile(node.value);
  if (!compiled) {
    found.push_back(error_at(node, compiled.error().detail, compiled.error().mend));
    return -1;
  }
  Leaf leaf;
  leaf.kind = NodeKind::pattern;
  leaf.pattern = std::move(*compiled);
  for (const auto& atom : leaf.pattern->atoms()) leaf.literals.push_back(literal(atom));
  return keep(std::move(key), std::move(leaf));
}

std::int32_t Assembly::words_leaf(const Node& node, std::vector<Issue>& found) {
  Leaf leaf;
  leaf.kind = node.kind;
  if (node.kind == NodeKind::minor) {
    for (const std::string_view word : minor_words) leaf.literals.push_back(literal(fold_term(word)));
    return keep("m", std::move(leaf));
  }
  const auto known = classes_.find(node.value);
  if (known == classes_.end()) {
    std::set<std::string> names;
    for (const auto& one : classes_) names.insert(one.first);
    std::string listed;
    for (const auto& one : names) listed += (listed.empty() ? "" : "、") + one;
    found.push_back(error_at(node, fmt::format("没有叫“{}”的词表", node.value),
                             listed.empty() ? "词表是每行一词的文本文件，文件名就是词表名" : "现有词表：" + listed));
    return -1;
  }
  for (const std::u32string& word : known->second) leaf.literals.push_back(literal(word));
  if (leaf.literals.empty()) {
    found.push_back(error_at(node, fmt::format("词表“{}”是空的", node.value), "在词表里每行写一个词"));
    return -1;
  }
  std::string key = (node.disguised ? "wd" : "w ") + node.value;
  if (node.disguised && !leaf_of_.contains(key)) add_disguises(leaf);
  return keep(std::move(key), std::move(leaf));
}

void Assembly::add_disguises(Leaf& leaf) {
  // What stands for a word with signs in it is a literal that no text contains.
  const auto with_signs = [&](std::uint32_t number) {
    const std::uint32_t other = literal(U'\1' + out_->literals[number]);
    out_->with_signs.resize(out_->literals.size(), 0);
    out_->with_signs[number] = other;
    return other;
  };
  const std::vector<std::uint32_t> plain = leaf.literals;
  leaf.disguises.assign(plain.size(), 0);
  leaf.hidden = plain;
  const auto add = [&](std::uint32_t number, Disguise how, std::uint32_t word) {
    leaf.literals.push_back(number);
    leaf.disguises.push_back(how);
    leaf.hidden.push_back(word);
  };
  for (const std::uint32_t word : plain) {
    const std::u32string text = out_->literals[word];
    if (text.size() < disguised_chars_min || text.size() > disguised_chars_max) continue;
    add(with_signs(word), disguise_signs, word);
    for (const DisguisedForm& form : disguised_forms(text)) {
      const std::uint32_t number = literal(form.text);
      add(number, form.how, word);
      add(with_signs(number), form.how | disguise_signs, word);
    }
  }
}

bool Assembly::number_leaves(Node& node, std::vector<Issue>& found) {
  bool good = true;
  switch (node.kind) {
    case NodeKind::term: node.leaf = term_leaf(node, found); break;
    case NodeKind::pattern: node.leaf = pattern_leaf(node, found); break;
    case NodeKind::words: case NodeKind::minor: node.leaf = words_leaf(node, found); break;
    case NodeKind::school: case NodeKind::place: case NodeKind::number: {
      Leaf leaf;
      leaf.kind = node.kind;
      node.leaf = keep("@" + node.value, std::move(leaf));
      break;
    }
    default:
      for (Node& child : node.children) good = number_leaves(child, found) && good;
      if (node.kind == NodeKind::unless) node.entities_only = !has_terms(node);
      return good;
  }
  return node.leaf >= 0;
}

bool Assembly::add(Rule rule, Expression expression) {
  issues = expression.issues;
  if (!expression.usable()) return false;
  if (!number_leaves(expression.root, issues)) return false;
  std::vector<Issue> unknown;
  const Marks marks = rule.unless.empty() ? Marks(0) : parse_marks(rule.unless, unknown);
  TINGCHAO_ASSERT(unknown.empty());
  if (marks) {
    Node guard;
    guard.kind = NodeKind::unless;
    guard.column = 1;
    guard.text = "UNLESS";
    guard.marks = marks;
    guard.entities_only = !has_terms(expression.root);
    guard.children.push_back(std::move(expression.root));
    expression.root = std::move(guard);
  }
  std::vector<Clause> clauses = clauses_of(expression.root, out_->leaves, out_->literals);
  if (clauses.empty()) {
    issues.push_back(loose(loose_part(expression.root, out_->leaves, out_->literals)));
    return false;
  }
  out_->rules.push_back(std::move(rule));
  out_->roots.push_back(std::move(expression.root));
  out_->clauses.push_back(std::move(clauses));
  return true;
}

std::shared_ptr<const RuleSet> Assembly::finish(std::string version) {
  RuleSet& set = *out_;
  set.version = std::move(version);
  set.matcher = Literals(set.literals);
  set.rules_of_literal.resize(set.literals.size());
  for (std::uint32_t rule = 0; rule < set.rules.size(); ++rule)
    for (const std::int32_t number : set.clauses[rule].front()) {
      const Leaf& leaf = set.leaves[std::size_t(number)];
      if (leaf.kind == NodeKind::school) set.rules_of_school.push_back(rule);
      if (leaf.kind == NodeKind::place) set.rules_of_place.push_back(rule);
      for (const std::uint32_t literal : leaf.literals) {
        auto& filed = set.rules_of_literal[literal];
        if (filed.empty() || filed.back() != rule) filed.push_back(rule);
      }
    }
  make_gates();
  return std::move(out_);
}

void Assembly::make_gates() {
  RuleSet& set = *out_;
  for (const std::vector<Clause>& clauses : set.clauses) {
    set.gate_begins.push_back(static_cast<std::uint32_t>(set.gates.size()));
    for (const Clause& clause : clauses) {
      const std::size_t head = set.gates.size();
      set.gates.push_back(0);
      for (const std::int32_t number : clause) {
        const Leaf& leaf = set.leaves[static_cast<std::size_t>(number)];
        if (leaf.kind == NodeKind::school) set.gates[head] |= RuleSet::gate_school;
        if (leaf.kind == NodeKind::place) set.gates[head] |= RuleSet::gate_place;
        set.gates[head] += static_cast<std::uint32_t>(leaf.literals.size());
        set.gates.insert(set.gates.end(), leaf.literals.begin(), leaf.literals.end());
      }
    }
  }
  set.gate_begins.push_back(static_cast<std::uint32_t>(set.gates.size()));
}

}  // namespace tingchao::analyzer
