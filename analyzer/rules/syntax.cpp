// The small vocabulary that parsing, evaluation and explanation share.

#include "analyzer/rules/syntax.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

struct MarkName {
  Marks mark;
  std::string_view english;
  const char* chinese;
};
constexpr std::array<MarkName, 5> mark_names{{{mark_negated, "negated", "否定"},
                                              {mark_refuted, "refuted", "辟谣"},
                                              {mark_drill, "drill", "演练"},
                                              {mark_fiction, "fiction", "虚构"},
                                              {mark_past, "past", "往事"}}};

}  // namespace

bool Expression::usable() const {
  return std::none_of(issues.begin(), issues.end(),
                      [](const Issue& issue) { return issue.grade == Diagnostic::Grade::error; });
}

Marks parse_marks(std::string_view text, std::vector<Issue>& issues) {
  Marks out = 0;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t bar = std::min(text.find('|', begin), text.size());
    const std::string_view word = trim(text.substr(begin, bar - begin));
    const auto known = std::find_if(mark_names.begin(), mark_names.end(), [&](const MarkName& one) {
      return word == one.english || word == one.chinese;
    });
    if (known != mark_names.end()) {
      out |= known->mark;
    } else {
      const auto column = std::uint32_t(count_chars(text.substr(0, std::size_t(word.data() - text.data()))) + 1);
      issues.push_back({Diagnostic::Grade::error, column,
                        word.empty() ? "UNLESS 里缺了一个语境" : fmt::format("UNLESS 不认识“{}”", word),
                        "可写 negated、refuted、drill、fiction、past，用 | 隔开"});
    }
    begin = bar + 1;
  }
  return out;
}

std::string to_text(Marks marks) {
  std::string out;
  for (const MarkName& one : mark_names) {
    if (!(marks & one.mark)) continue;
    if (!out.empty()) out += " | ";
    out += one.english;
  }
  return out;
}

const char* chinese_mark(Marks one) {
  for (const MarkName& known : mark_names)
    if (known.mark == one) return known.chinese;
  return "";
}

bool is_positional(const Node& node) {
  switch (node.kind) {
    case NodeKind::term: case NodeKind::pattern: case NodeKind::school: case NodeKind::place:
    case NodeKind::minor: case NodeKind::number: case NodeKind::words: case NodeKind::near: return true;
    case NodeKind::any: case NodeKind::in_field: case NodeKind::unless:
      return std::all_of(node.children.begin(), node.children.end(), is_positional);
    default: return false;
  }
}

bool is_entity(const Node& node) {
  return node.kind == NodeKind::school || node.kind == NodeKind::place || node.kind == NodeKind::minor ||
         node.kind == NodeKind::number;
}

bool holds_count(Compare compare, long count, int n) {
  switch (compare) {
    case Compare::ge: return count >= n;
    case Compare::gt: return count > n;
    case Compare::eq: return count == n;
    case Compare::lt: return count < n;
    case Compare::le: return count <= n;
  }
  return false;
}

const char* name(Compare compare) {
  switch (compare) {
    case Compare::ge: return ">=";
    case Compare::gt: return ">";
    case Compare::eq: return "=";
    case Compare::lt: return "<";
    case Compare::le: return "<=";
  }
  return "";
}

}  // namespace tingchao::analyzer
