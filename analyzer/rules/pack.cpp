// Schema-driven: each level knows its keys, so unknown ones, missing ones and doubled ones are told
// where they stand. yaml-cpp counts columns in bytes; people count characters.

#include "analyzer/rules/pack.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "analyzer/rules/syntax.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t example_bytes_max = 20'000;

Place2D place_of_byte(std::string_view file, std::size_t byte) {
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
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
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

  Place2D place(const YAML::Mark& mark) const {
    if (mark.is_null() || mark.line < 0 || std::size_t(mark.line) >= lines_.size()) return {1, 1};
    const std::string_view line = text_.substr(lines_[std::size_t(mark.line)]);
    return {mark.line + 1, int(count_chars(line.substr(0, std::size_t(std::max(mark.column, 0))))) + 1};
  }

  void report(Place2D at, std::string message, std::string mend,
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

  // True for a map; unknown, doubled and missing keys are told.
  bool check_map(const YAML::Node& node, std::string_view what, Keys required, Keys optional) {
    if (!node.IsMap()) {
      report(place(node.Mark()), fmt::format("{}应当是“键: 值”的列表", what),
             fmt::format("需要的键：{}", listed(required)));
      return false;
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const auto known = [&](Keys keys) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
      if (!known(required) && !known(optional)) {
        report(place(entry.first.Mark()), fmt::format("不认识的键“{}”", key),
               fmt::format("{}可用的键：{}、{}", what, listed(required), listed(optional)));
      } else if (!seen.insert(key).second) {
        report(place(entry.first.Mark()), fmt::format("键“{}”写了两次", key), "删去一个");
      }
    }
    bool complete = true;
    for (const std::string_view key : required)
      if (!seen.contains(std::string(key))) {
        report(place(node.Mark()), fmt::format("{}缺少“{}”", what, key), fmt::format("补上 {}: …", key));
        complete = false;
      }
    return complete;
  }

  // The text of a scalar, trimmed; anything else is told.
  std::string scalar(const YAML::Node& map, const char* key) {
    const YAML::Node node = map[key];
    if (!node) return "";
    if (!node.IsScalar() || trim(node.Scalar()).empty()) {
      report(place(node.Mark()), fmt::format("“{}”应当是一段文字", key), fmt::format("写成 {}: 文字", key));
      return "";
    }
    return std::string(trim(node.Scalar()));
  }

  void header(const YAML::Node& root, Pack& pack) {
    if (!root.IsDefined() || root.IsNull())
      return report({1, 1}, "规则包是空的", "需要的键：pack、version、title、rules");
    if (!root.IsMap() || !check_map(root, "规则包", {"pack", "version", "title", "rules"}, {"note"})) {
      if (!root.IsMap()) return;
    }
    pack.id = scalar(root, "pack");
    pack.title = scalar(root, "title");
    const std::string declared = scalar(root, "version");
    pack.version = fmt::format("{}+{}", declared, sha256_hex(text_).substr(0, 8));
    if (const YAML::Node id = root["pack"]) pack.id_at = place(id.Mark());
    const YAML::Node rules = root["rules"];
    if (!rules) return;
    if (!rules.IsSequence()) return report(place(rules.Mark()), "“rules”应当是列表", "每条规则以“- id: …”开头");
    if (rules.size() > pack_rules_max)
      return report(place(rules.Mark()), fmt::format("规则超过 {} 条", pack_rules_max), "拆成几个文件");
    for (const YAML::Node& node : rules) {
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
    if (node.IsMap() && node["id"] && node["id"].IsScalar()) rule_ = node["id"].Scalar();
    bool good = check_map(node, "规则", {"id", "name", "topic", "severity", "match"}, {"unless", "examples", "note"});
    if (!node.IsMap()) return;
    PackRule found;
    Rule& rule = found.rule;
    rule.id = scalar(node, "id");
    rule.name = scalar(node, "name");
    rule.topic = scalar(node, "topic");
    rule.expression = node["match"] && node["match"].IsScalar() ? node["match"].Scalar() : scalar(node, "match");
    rule.file = name_;
    rule.line = place(node.Mark()).line;
    rule.version = pack.version;
    if (node["id"]) found.id_at = place(node["id"].Mark());
    if (!rule.id.empty() && !is_id(rule.id)) {
      report(found.id_at, fmt::format("id“{}”不合格", rule.id), "用字母、数字、汉字和 - _ . /，不超过 64 个字");
      good = false;
    }
    good = severity(node, rule) && good;
    good = unless(node, rule) && good;
    examples(node, rule);
    if (!good || rule.id.empty() || rule.name.empty() || rule.topic.empty() || rule.expression.empty()) return;
    const YAML::Mark mark = node["match"].Mark();
    const std::size_t base = text_.data() - whole_begin();
    if (!mark.is_null() && std::size_t(mark.line) < lines_.size())
      found.match_at = base + lines_[std::size_t(mark.line)] + std::size_t(mark.column);
    pack.rules.push_back(std::move(found));
  }

  // The file's first byte: a byte order mark was taken off text_.
  const char* whole_begin() const { return text_begin_; }

  bool severity(const YAML::Node& node, Rule& rule) {
    if (!node["severity"]) return false;
    const std::string text = scalar(node, "severity");
    if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'D') {
      rule.severity = Severity(text[0]);
      return true;
    }
    if (!text.empty())
      report(place(node["severity"].Mark()), fmt::format("严重程度“{}”不认识", text),
             "写 A（人身伤亡）、B、C 或 D（一般关注）");
    return false;
  }

  bool unless(const YAML::Node& node, Rule& rule) {
    const YAML::Node given = node["unless"];
    if (!given) return true;
    Marks marks = 0;
    bool good = true;
    const auto one = [&](const YAML::Node& item) {
      std::vector<Issue> issues;
      if (item.IsScalar()) marks |= parse_marks(item.Scalar(), issues);
      if (!item.IsScalar()) issues.push_back({Diagnostic::Grade::error, 1, "“unless”应当是语境名", "例如 [negated, drill]"});
      for (Issue& issue : issues) {
        const Place2D at = place(item.Mark());
        report({at.line, at.column + int(issue.column) - 1}, std::move(issue.message), std::move(issue.mend));
        good = false;
      }
    };
    if (given.IsSequence()) {
      for (const YAML::Node& item : given) one(item);
    } else {
      one(given);
    }
    rule.unless = to_text(marks);
    return good;
  }

  void examples(const YAML::Node& node, Rule& rule) {
    const YAML::Node given = node["examples"];
    if (given) {
      if (!check_map(given, "例句", {"match"}, {"no_match"}) && !given.IsMap()) return;
      example_list(given["match"], true, rule);
      example_list(given["no_match"], false, rule);
    }
    const bool any = std::any_of(rule.examples.begin(), rule.examples.end(), [](const Example& e) { return e.must_match; });
    if (!any)
      report(place(node.Mark()), "规则没有应当命中的例句", "在 examples: match: 下写一两句", Diagnostic::Grade::warning);
  }

  void example_list(const YAML::Node& list, bool must_match, Rule& rule) {
    if (!list) return;
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
  const char* text_begin_ = text_.data();
  std::vector<Diagnostic>& out_;
  std::vector<std::size_t> lines_;  // where each begins
  std::string rule_;                // id of the one being read
};

}  // namespace

Pack read_pack(const NamedText& file, std::vector<Diagnostic>& diagnostics) {
  return Reader(file, diagnostics).read();
}

Place2D locate(std::string_view file, std::size_t match_at, std::string_view expression, std::uint32_t column) {
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
