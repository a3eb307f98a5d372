// Schema-driven: each level knows its keys, so unknown ones, missing ones and doubled ones are told
// where they stand. yaml-cpp counts columns in bytes; people count characters.

#include "analyzer/rules/pack.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "analyzer/rules/syntax.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t example_bytes_max = 20'000;

FilePosition place_of_byte(std::string_view file, std::size_t byte) {
  byte = std::min(byte, file.size());
  const std::string_view before = file.substr(0, byte);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 == 0
  return {int(lines) + 1, int(count_chars(before.substr(line_begin))) + 1};
}

class Reader {
 public:
  Reader(const NamedText& file, std::vector<Diagnostic>& diagnostics)
      : name_(file.name), text_(file.text), out_(diagnostics) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") bom_ = 3;
    text_.remove_prefix(bom_);
    lines_.push_back(0);
    for (std::size_t at = 0; (at = text_.find('\n', at)) != text_.npos;) lines_.push_back(++at);
  }

  Pack read() {
    Pack pack;
    if (text_.size() > pack_bytes_max)
      return report({1, 1}, fmt::format("规则包超过 {} MB", pack_bytes_max >> 20), "拆成几个文件"), pack;
    if (!is_utf8(text_)) return report({1, 1}, "不是 UTF-8 文字", "把文件存为 UTF-8"), pack;
    try {
      header(YAML::Load(std::string(text_)), pack);
    } catch (const YAML::Exception& bad) {
      report(place(bad.mark), fmt::format("YAML 语法错误：{}", bad.msg),
             "检查缩进（只用空格）、冒号后的空格和引号；表达式以 @ 或引号开头、或含 # 时，整个放进单引号");
    }
    return pack;
  }

 private:
  using Keys = std::initializer_list<std::string_view>;

  FilePosition place(const YAML::Mark& mark) const {
    if (mark.is_null() || mark.line < 0 || std::size_t(mark.line) >= lines_.size()) return {1, 1};
    const std::string_view line = text_.substr(lines_[std::size_t(mark.line)]);
    return {mark.line + 1, int(count_chars(line.substr(0, std::size_t(std::max(mark.column, 0))))) + 1};
  }

  void report(FilePosition at, std::string message, std::string mend,
              Diagnostic::Grade grade = Diagnostic::Grade::error) {
    Diagnostic one;
    one.grade = grade;
    one.file = name_;
    one.line = at.line;
    one.column = at.column;
    one.rule = rule_;
    one.message = std::move(message);
    one.mend = std::move(mend);
    out_.push_back(std::move(one));
  }

  static std::string listed(Keys keys) {
    std::string out;
    for (const std::string_view key : keys) out += fmt::format("{}{}", out.empty() ? "" : "、", key);
    return out;
  }

  // The values of a map by key, read in one pass: yaml-cpp's own look-up converts every key anew.
  struct Fields {
    std::map<std::string, YAML::Node, std::less<>> values;
    bool complete = false;
    const YAML::Node* find(std::string_view key) const {
      const auto at = values.find(key);
      return at == values.end() ? nullptr : &at->second;
    }
  };

  // Unknown, doubled and missing keys are told.
  Fields fields_of(const YAML::Node& node, std::string_view what, Keys required, Keys optional) {
    Fields out;
    if (!node.IsMap()) {
      report(place(node.Mark()), fmt::format("{}应当是“键: 值”的列表", what),
             fmt::format("需要的键：{}", listed(required)));
      return out;
    }
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const auto known = [&](Keys keys) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
      if (!known(required) && !known(optional)) {
        report(place(entry.first.Mark()), fmt::format("不认识的键“{}”", key),
               fmt::format("{}可用的键：{}、{}", what, listed(required), listed(optional)));
      } else if (!out.values.try_emplace(key, entry.second).second) {
        report(place(entry.first.Mark()), fmt::format("键“{}”写了两次", key), "删去一个");
      }
    }
    out.complete = true;
    for (const std::string_view key : required)
      if (!out.find(key)) {
        report(place(node.Mark()), fmt::format("{}缺少“{}”", what, key), fmt::format("补上 {}: …", key));
        out.complete = false;
      }
    return out;
  }

  // The text of a scalar, trimmed; anything else is told.
  std::string scalar(const Fields& fields, std::string_view key) {
    const YAML::Node* node = fields.find(key);
    if (!node) return "";
    if (!node->IsScalar() || trim(node->Scalar()).empty()) {
      report(place(node->Mark()), fmt::format("“{}”应当是一段文字", key), fmt::format("写成 {}: 文字", key));
      return "";
    }
    return std::string(trim(node->Scalar()));
  }

  void header(const YAML::Node& root, Pack& pack) {
    if (!root.IsDefined() || root.IsNull())
      return report({1, 1}, "规则包是空的", "需要的键：pack、version、title、rules");
    const Fields fields = fields_of(root, "规则包", {"pack", "version", "title", "rules"}, {"note"});
    pack.id = scalar(fields, "pack");
    pack.title = scalar(fields, "title");
    pack.version = fmt::format("{}+{}", scalar(fields, "version"), sha256_hex(text_).substr(0, 8));
    if (const YAML::Node* id = fields.find("pack")) pack.id_at = place(id->Mark());
    const YAML::Node* rules = fields.find("rules");
    if (!rules) return;
    if (!rules->IsSequence()) return report(place(rules->Mark()), "“rules”应当是列表", "每条规则以“- id: …”开头");
    if (rules->size() > pack_rules_max)
      return report(place(rules->Mark()), fmt::format("规则超过 {} 条", pack_rules_max), "拆成几个文件");
    for (const YAML::Node& node : *rules) {
      rule_.clear();
      rule(node, pack);
    }
    rule_.clear();
  }

  static bool is_id(std::string_view id) {
    for (std::size_t at = 0; at < id.size();) {
      const char32_t c = next_char(id, at);
      const bool ascii = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!ascii && !is_han(c) && c != '-' && c != '_' && c != '.' && c != '/') return false;
    }
    return !id.empty() && count_chars(id) <= 64;
  }

  void rule(const YAML::Node& node, Pack& pack) {
    const std::size_t told = out_.size();
    const Fields fields =
        fields_of(node, "规则", {"id", "name", "topic", "severity", "match"}, {"unless", "examples", "note"});
    if (const YAML::Node* id = fields.find("id"); id && id->IsScalar()) rule_ = id->Scalar();
    for (std::size_t i = told; i < out_.size(); ++i) out_[i].rule = rule_;
    if (!node.IsMap()) return;
    PackRule found;
    Rule& rule = found.rule;
    rule.id = scalar(fields, "id");
    rule.name = scalar(fields, "name");
    rule.topic = scalar(fields, "topic");
    rule.expression = scalar(fields, "match");
    rule.file = name_;
    rule.line = place(node.Mark()).line;
    rule.version = pack.version;
    bool good = fields.complete;
    if (const YAML::Node* id = fields.find("id")) found.id_at = place(id->Mark());
    if (!rule.id.empty() && !is_id(rule.id)) {
      report(found.id_at, fmt::format("id“{}”不合格", rule.id), "用字母、数字、汉字和 - _ . /，不超过 64 个字");
      good = false;
    }
    good = severity(fields, rule) && good;
    good = unless(fields, rule) && good;
    examples(node, fields, rule);
    if (!good || rule.id.empty() || rule.name.empty() || rule.topic.empty() || rule.expression.empty()) return;
    const YAML::Mark mark = fields.find("match")->Mark();
    if (!mark.is_null() && std::size_t(mark.line) < lines_.size())
      found.match_at = bom_ + lines_[std::size_t(mark.line)] + std::size_t(std::max(mark.column, 0));
    pack.rules.push_back(std::move(found));
  }

  bool severity(const Fields& fields, Rule& rule) {
    const std::string text = scalar(fields, "severity");
    if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'D') {
      rule.severity = Severity(text[0]);
      return true;
    }
    if (!text.empty())
      report(place(fields.find("severity")->Mark()), fmt::format("严重程度“{}”不认识", text),
             "写 A（人身伤亡）、B、C 或 D（一般关注）");
    return false;
  }

  bool unless(const Fields& fields, Rule& rule) {
    const YAML::Node* given = fields.find("unless");
    if (!given) return true;
    Marks marks = 0;
    bool good = true;
    const auto one = [&](const YAML::Node& item) {
      std::vector<Issue> issues;
      if (item.IsScalar()) marks |= parse_marks(item.Scalar(), issues);
      if (!item.IsScalar())
        issues.push_back({Diagnostic::Grade::error, 1, "“unless”应当是语境名", "例如 [negated, drill]"});
      for (Issue& issue : issues) {
        const FilePosition at = place(item.Mark());
        report({at.line, at.column + int(issue.column) - 1}, std::move(issue.message), std::move(issue.mend));
        good = false;
      }
    };
    if (given->IsSequence()) {
      for (const YAML::Node& item : *given) one(item);
    } else {
      one(*given);
    }
    rule.unless = to_text(marks);
    return good;
  }

  void examples(const YAML::Node& node, const Fields& fields, Rule& rule) {
    if (const YAML::Node* given = fields.find("examples")) {
      const Fields lists = fields_of(*given, "例句", {"match"}, {"no_match"});
      if (const YAML::Node* list = lists.find("match")) example_list(*list, true, rule);
      if (const YAML::Node* list = lists.find("no_match")) example_list(*list, false, rule);
    }
    const bool any = std::any_of(rule.examples.begin(), rule.examples.end(),
                                 [](const Example& example) { return example.must_match; });
    if (!any)
      report(place(node.Mark()), "规则没有应当命中的例句", "在 examples: match: 下写一两句", Diagnostic::Grade::warning);
  }

  void example_list(const YAML::Node& list, bool must_match, Rule& rule) {
    if (!list.IsSequence())
      return report(place(list.Mark()), "例句应当是列表", "每句以“- ”开头；句中有冒号加空格时放进引号");
    for (const YAML::Node& item : list) {
      if (!item.IsScalar() || trim(item.Scalar()).empty()) {
        report(place(item.Mark()), "例句应当是一段文字", "句中有冒号加空格、# 或以引号开头时，整句放进引号");
      } else if (item.Scalar().size() > example_bytes_max || rule.examples.size() >= rule_examples_max) {
        report(place(item.Mark()), fmt::format("例句太长，或超过 {} 条", rule_examples_max), "留下最能说明规则的几句");
        return;
      } else {
        rule.examples.push_back({std::string(trim(item.Scalar())), must_match});
      }
    }
  }

  std::string_view name_;
  std::string_view text_;
  std::size_t bom_ = 0;             // bytes of a byte order mark, not in text_
  std::vector<Diagnostic>& out_;
  std::vector<std::size_t> lines_;  // where each begins
  std::string rule_;                // id of the one being read
};

}  // namespace

Pack read_pack(const NamedText& file, std::vector<Diagnostic>& diagnostics) {
  return Reader(file, diagnostics).read();
}

FilePosition locate(std::string_view file, std::size_t match_at, std::string_view expression, std::uint32_t column) {
  // Walks both at once: what YAML left out (quotes, indentation, a block's head) is stepped over.
  std::size_t at = std::min(match_at, file.size());
  if (at < file.size() && (file[at] == '|' || file[at] == '>')) at = std::min(file.find('\n', at), file.size());
  std::size_t in = 0;
  for (std::uint32_t passed = 1; in < expression.size(); ++passed) {
    std::size_t next = in;
    const char32_t c = next_char(expression, next);
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    std::size_t found = at;
    while (found < file.size()) {
      std::size_t behind = found;
      const char32_t f = next_char(file, behind);
      if (f == c || (blank && (f == ' ' || f == '\n' || f == '\t' || f == '\r'))) break;
      found = behind;
    }
    if (found >= file.size()) break;  // an escape that cannot be followed: the last place known
    if (passed == column) return place_of_byte(file, found);
    next_char(file, found);
    at = found;
    if (blank)
      while (at < file.size() && (file[at] == ' ' || file[at] == '\n' || file[at] == '\r' || file[at] == '\t') &&
             (next >= expression.size() || (expression[next] != ' ' && expression[next] != '\n')))
        ++at;
    in = next;
  }
  return place_of_byte(file, at);
}

}  // namespace tingchao::analyzer
