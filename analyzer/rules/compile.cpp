// Packs to rules to one RuleSet. A rule with an error is left out and told; the others still work,
// for a district must not go blind over one typing mistake.

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "analyzer/rules/lint.h"
#include "analyzer/rules/pack.h"
#include "analyzer/rules/rule_set.h"
#include "analyzer/text/prepared.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// rules/words/丧事.txt → 丧事
std::string class_name(std::string_view file) {
  const std::size_t slash = file.find_last_of("/\\");
  if (slash != file.npos) file.remove_prefix(slash + 1);
  if (file.size() > 4 && file.substr(file.size() - 4) == ".txt") file.remove_suffix(4);
  return std::string(file);
}

Diagnostic at_line(const NamedText& file, int line, std::string message, std::string mend) {
  Diagnostic out;
  out.file = file.name;
  out.line = line;
  out.column = 1;
  out.message = std::move(message);
  out.mend = std::move(mend);
  return out;
}

Assembly::Classes read_classes(const std::vector<NamedText>& files, std::vector<Diagnostic>& diagnostics) {
  Assembly::Classes out;
  for (const NamedText& file : files) {
    if (!is_utf8(file.text)) {
      diagnostics.push_back(at_line(file, 1, "词表不是 UTF-8 文字", "把文件存为 UTF-8"));
      continue;
    }
    auto& words = out[class_name(file.name)];
    std::string_view left = file.text;
    for (int line = 1; !left.empty(); ++line) {
      const std::size_t end = std::min(left.find('\n'), left.size());
      std::string_view word = left.substr(0, end);
      left.remove_prefix(std::min(end + 1, left.size()));
      word = trim(word.substr(0, word.find('#')));
      if (word.empty()) continue;
      std::u32string folded = fold_term(word);
      if (folded.empty() || folded.size() > literal_chars_max || folded.find(U' ') != folded.npos) {
        diagnostics.push_back(at_line(file, line, fmt::format("词表里的“{}”不能用", cut_chars(word, 20)),
                                      fmt::format("每行一个词，中间没有空格，不超过 {} 个字", literal_chars_max)));
        continue;
      }
      words.push_back(std::move(folded));
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
  }
  return out;
}

std::string version_of_texts(std::string_view head, const std::vector<NamedText>& packs,
                             const std::vector<NamedText>& words) {
  std::string all;
  for (const auto* files : {&packs, &words})
    for (const NamedText& file : *files) all += fmt::format("{}\n{}\n", file.name, sha256_hex(file.text));
  return fmt::format("{}{}", head, sha256_hex(all).substr(0, 12));
}

void add_issues(const std::vector<Issue>& issues, const PackRule& found, PackReport& report) {
  for (const Issue& issue : issues) {
    const std::size_t at = report.full(issue.grade)
                               ? found.match_at
                               : report.byte_in_scalar(found.match_at, found.rule.expression, issue.column);
    report.add(at, found.rule.id, issue.message, issue.mend, issue.grade);
  }
}

// Where an id was first used.
using Seen = std::map<std::string, std::string>;

// True the first time; else tells where the id stands already.
bool first_of(Seen& seen, const std::string& id, std::size_t at, const char* what, PackReport& report) {
  const auto [known, fresh] = seen.try_emplace(id, fmt::format("{}:{}", report.name(), report.line_of(at)));
  if (!fresh) report.add(at, id, fmt::format("{}“{}”已在 {} 用过", what, id, known->second), "改成别的 id");
  return fresh;
}

}  // namespace

std::string describe(const Diagnostic& d) {
  std::string out = fmt::format("{}:{}:{}: {}: ", d.file, d.line, d.column,
                                d.grade == Diagnostic::Grade::error ? "error" : "warning");
  if (!d.rule.empty()) out += fmt::format("[{}] ", d.rule);
  out += d.message;
  if (!d.mend.empty()) out += fmt::format("（{}）", d.mend);
  return out;
}

bool Compiled::has_errors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.grade == Diagnostic::Grade::error; });
}

Compiled compile(const std::vector<NamedText>& packs, const std::vector<NamedText>& words) {
  Compiled out;
  Assembly assembly(read_classes(words, out.diagnostics));
  Seen pack_ids, rule_ids;
  for (const NamedText& file : packs) {
    PackReport report(file, out.diagnostics);
    Pack pack = read_pack(report);
    if (!pack.id.empty()) first_of(pack_ids, pack.id, pack.id_at, "规则包 ", report);
    for (PackRule& found : pack.rules) {
      if (!first_of(rule_ids, found.rule.id, found.id_at, "规则 ", report)) continue;
      assembly.add(found.rule, parse_expression(found.rule.expression));
      add_issues(assembly.issues, found, report);
    }
    report.finish();
  }
  out.rules = assembly.finish(version_of_texts("rules-", packs, words));
  std::sort(out.diagnostics.begin(), out.diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.line, a.column, a.message) < std::tie(b.file, b.line, b.column, b.message);
  });
  return out;
}

std::vector<Diagnostic> placed(const RuleSet& rules, const std::vector<NamedText>& packs,
                               const std::vector<LintFinding>& findings) {
  std::vector<Diagnostic> out;
  for (const NamedText& file : packs) {
    PackReport report(file, out);
    for (const LintFinding& finding : findings) {
      const Rule& rule = rules.rules[finding.rule];
      if (rule.file != file.name) continue;
      const std::size_t told = out.size();
      report.add(report.byte_in_scalar(rule.match_at, rule.expression, finding.column), rule.id, finding.message,
                 finding.mend, finding.grade);
      if (out.size() > told) out.back().kind = finding.kind;
    }
    report.finish();
  }
  return out;
}

Result<std::shared_ptr<const RuleSet>> compile_query(std::string_view expression,
                                                     const std::vector<NamedText>& words) {
  std::vector<Diagnostic> ignored;  // a bad word list is told where the packs are compiled
  Assembly assembly(read_classes(words, ignored));
  Rule rule;
  rule.id = "query";
  rule.name = std::string(expression);
  rule.expression = rule.name;
  rule.file = "query";
  rule.line = 1;
  rule.version = version_of_texts("query-", {{"query", rule.name}}, words);
  const std::string version = rule.version;
  if (!assembly.add(std::move(rule), parse_expression(expression))) {
    const auto bad = std::find_if(assembly.issues.begin(), assembly.issues.end(),
                                  [](const Issue& issue) { return issue.grade == Diagnostic::Grade::error; });
    TINGCHAO_ASSERT(bad != assembly.issues.end());
    return Error{Errc::bad_rule, fmt::format("第 {} 列：{}", bad->column, bad->message), bad->mend};
  }
  return assembly.finish(version);
}

const std::vector<Rule>& rules_of(const RuleSet& rules) { return rules.rules; }
const std::string& version_of(const RuleSet& rules) { return rules.version; }

}  // namespace tingchao::analyzer
