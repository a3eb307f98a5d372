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

class Reader {
 public:
  explicit Reader(PackReport& out) : out_(out), text_(out.text()) {}

  Pack read() {
    Pack pack;
    if (text_.size() > pack_bytes_max) {
      out_.add(0, "", fmt::format("规则包超过 {} MB", pack_bytes_max >> 20), "拆成几个文件");
    } else if (!is_utf8(text_)) {
      out_.add(0, "", "不是 UTF-8 文字", "把文件存为 UTF-8");
    } else {
      try {
        header(YAML::Load(std::string(text_.substr(mark_size()))), pack);
      } catch (const YAML::Exception& bad) {
        report(bad.mark, fmt::format("YAML 语法错误：{}", bad.msg),
               "检查缩进（只用空格）、冒号后的空格和引号；表达式以 @ 或引号开头、或含 # 时，整个放进单引号");
      }
    }
    return pack;
  }

 private:
  using Keys = std::initializer_list<std::string_view>;

  // Of a byte order mark, which yaml-cpp must not see.
  std::size_t mark_size() const { return text_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; }

  // yaml-cpp counts columns in bytes.
  std::size_t byte_of(const YAML::Mark& mark) const {
    if (mark.is_null()) return 0;
    return out_.byte_of(mark.line, mark.column) + (mark.line == 0 ? mark_size() : 0);
  }

  void report(const YAML::Mark& mark, std::string message, std::string mend,
              Diagnostic::Grade grade = Diagnostic::Grade::error) {
    out_.add(byte_of(mark), rule_, std::move(message), std::move(mend), grade);
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
      report(node.Mark(), fmt::format("{}应当是“键: 值”的列表", what),
             fmt::format("需要的键：{}", listed(required)));
      return out;
    }
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const auto known = [&](Keys keys) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
      if (!known(required) && !known(optional)) {
        report(entry.first.Mark(), fmt::format("不认识的键“{}”", key),
               fmt::format("{}可用的键：{}、{}", what, listed(required), listed(optional)));
      } else if (!out.values.try_emplace(key, entry.second).second) {
        report(entry.first.Mark(), fmt::format("键“{}”写了两次", key), "删去一个");
      }
    }
    out.complete = true;
    for (const std::string_view key : required)
      if (!out.find(key)) {
        report(node.Mark(), fmt::format("{}缺少“{}”", what, key), fmt::format("补上 {}: …", key));
        out.complete = false;
      }
    return out;
  }

  // The text of a scalar, trimmed; anything else is told.
  std::string scalar(const Fields& fields, std::string_view key) {
    const YAML::Node* node = fields.find(key);
    if (!node) return "";
    if (!node->IsScalar() || trim(node->Scalar()).empty()) {
      report(node->Mark(), fmt::format("“{}”应当是一段文字", key), fmt::format("写成 {}: 文字", key));
      return "";
    }
    return std::string(trim(node->Scalar()));
  }

  void header(const YAML::Node& root, Pack& pack) {
    if (!root.IsDefined() || root.IsNull())
      return out_.add(0, "", "规则包是空的", "需要的键：pack、version、title、rules");
    const Fields fields = fields_of(root, "规则包", {"pack", "version", "title", "rules"}, {"note"});
    pack.id = scalar(fields, "pack");
    pack.title = scalar(fields, "title");
    pack.version = fmt::format("{}+{}", scalar(fields, "version"), sha256_hex(text_).substr(0, 8));
    if (const YAML::Node* id = fields.find("pack")) pack.id_at = byte_of(id->Mark());
    const YAML::Node* rules = fields.find("rules");
    if (!rules) return;
    if (!rules->IsSequence()) return report(rules->Mark(), "“rules”应当是列表", "每条规则以“- id: …”开头");
    if (rules->size() > pack_rules_max)
      return report(rules->Mark(), fmt::format("规则超过 {} 条", pack_rules_max), "拆成几个文件");
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
    if (node.IsMap())
      if (const YAML::Node id = node["id"]; id && id.IsScalar()) rule_ = id.Scalar();
    const Fields fields =
        fields_of(node, "规则", {"id", "name", "topic", "severity", "match"}, {"unless", "examples", "note", "accept"});
    if (!node.IsMap()) return;
    PackRule found;
    Rule& rule = found.rule;
    rule.id = scalar(fields, "id");
    rule.name = scalar(fields, "name");
    rule.topic = scalar(fields, "topic");
    rule.expression = scalar(fields, "match");
    rule.file = out_.name();
    rule.line = out_.line_of(byte_of(node.Mark()));
    rule.version = pack.version;
    bool good = fields.complete;
    if (const YAML::Node* id = fields.find("id")) found.id_at = byte_of(id->Mark());
    if (!rule.id.empty() && !is_id(rule.id)) {
      out_.add(found.id_at, rule_, fmt::format("id“{}”不合格", rule.id), "用字母、数字、汉字和 - _ . /，不超过 64 个字");
      good = false;
    }
    good = severity(fields, rule) && good;
    good = unless(fields, rule) && good;
    good = accept(fields, rule) && good;
    examples(node, fields, rule);
    if (!good || rule.id.empty() || rule.name.empty() || rule.topic.empty() || rule.expression.empty()) return;
    found.match_at = found.rule.match_at = byte_of(fields.find("match")->Mark());
    pack.rules.push_back(std::move(found));
  }

  bool severity(const Fields& fields, Rule& rule) {
    const std::string text = scalar(fields, "severity");
    if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'D') {
      rule.severity = Severity(text[0]);
      return true;
    }
    if (!text.empty())
      report(fields.find("severity")->Mark(), fmt::format("严重程度“{}”不认识", text),
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
        const std::size_t at = item.IsScalar()
                                   ? out_.byte_in_scalar(byte_of(item.Mark()), item.Scalar(), issue.column)
                                   : byte_of(item.Mark());
        out_.add(at, rule_, std::move(issue.message), std::move(issue.mend));
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

  bool accept(const Fields& fields, Rule& rule) {
    const YAML::Node* given = fields.find("accept");
    if (!given) return true;
    bool good = true;
    const auto one = [&](const YAML::Node& item) {
      constexpr std::string_view kinds[] = {"branch", "condition", "shadowed", "broad"};
      const std::string kind = item.IsScalar() ? item.Scalar() : "";
      if (std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds))
        return rule.accept.push_back(kind);
      report(item.Mark(), fmt::format("accept 不认识“{}”", kind),
             "可写 branch、condition、shadowed、broad：rules check 的提醒中本来就要如此的");
      good = false;
    };
    if (given->IsSequence()) {
      for (const YAML::Node& item : *given) one(item);
    } else {
      one(*given);
    }
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
      report(node.Mark(), "规则没有应当命中的例句", "在 examples: match: 下写一两句", Diagnostic::Grade::warning);
  }

  void example_list(const YAML::Node& list, bool must_match, Rule& rule) {
    if (!list.IsSequence())
      return report(list.Mark(), "例句应当是列表", "每句以“- ”开头；句中有冒号加空格时放进引号");
    for (const YAML::Node& item : list) {
      if (!item.IsScalar() || trim(item.Scalar()).empty()) {
        report(item.Mark(), "例句应当是一段文字", "句中有冒号加空格、# 或以引号开头时，整句放进引号");
      } else if (item.Scalar().size() > example_bytes_max || rule.examples.size() >= rule_examples_max) {
        report(item.Mark(), fmt::format("例句太长，或超过 {} 条", rule_examples_max), "留下最能说明规则的几句");
        return;
      } else {
        rule.examples.push_back({std::string(trim(item.Scalar())), must_match});
      }
    }
  }

  PackReport& out_;
  std::string_view text_;
  std::string rule_;  // id of the one being read
};

}  // namespace

Pack read_pack(PackReport& report) { return Reader(report).read(); }

}  // namespace tingchao::analyzer
