#include "service/cli/corrections.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "core/utf8.h"
#include "service/cli/setup.h"
#include "service/knowledge.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

constexpr std::size_t lead_chars = 160;  // of a body; what a classifier reads, too

// One line, no tabs.
std::string in_one_line(const Document& document) {
  std::string text = document.title;
  if (!text.empty() && !document.body.empty()) text += "。";
  text += cut_chars(document.body, lead_chars);
  for (char& c : text)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return text;
}

// The shipped sets of labelled texts, and their columns.
constexpr std::array label_sets{"tests/data/labels/education.tsv", "tests/data/labels/stream.tsv",
                                "tests/data/labels/border.tsv", "tests/data/labels/voices.tsv",
                                "tests/data/labels/general.tsv"};
struct HeadColumn {
  std::string_view head;
  std::size_t column;
};
constexpr std::array head_columns{HeadColumn{"relevance", 1}, HeadColumn{"stance", 2}, HeadColumn{"topic", 3},
                                  HeadColumn{"severity", 4}};
constexpr std::size_t split_column = 5;

// The examples that the shipped rules must match are labelled, too: by their rule's topic and severity. (What they
// mean for the schools, no rule says.)
Result<std::string> examples_of_rules(std::string_view head) {
  if (head != "topic" && head != "severity") return std::string();
  const auto compiled = load_rules({});
  if (!compiled) return compiled.error();
  std::string out;
  for (const analyzer::Rule& rule : analyzer::rules_of(*compiled->rules))
    for (const analyzer::Example& example : rule.examples) {
      if (!example.must_match) continue;
      out += head == "topic" ? rule.topic.substr(0, rule.topic.find('/'))
                             : std::string(1, static_cast<char>(rule.severity));
      std::string text = example.text;
      std::replace(text.begin(), text.end(), '\n', ' ');
      out += "\t" + text + "\n";
    }
  return out;
}

}  // namespace

Result<Corrections> corrections_of(const Config& config) {
  auto store = open_store(config, true);
  if (!store) return store.error();
  auto warnings = (*store)->warnings(Time{}, config.clock.now() + std::chrono::hours{24}, false);
  if (!warnings) return warnings.error();
  std::sort(warnings->begin(), warnings->end(),
            [](const Warning& a, const Warning& b) { return a.changed_at < b.changed_at; });
  Corrections out;
  std::map<std::string, bool> verdicts;  // by document
  for (const Warning& warning : *warnings) {
    const bool handled = warning.verdict == "handled", dismissed = warning.state == WarningState::dismissed;
    if (!handled && !dismissed && warning.verdict != "false_alarm" && warning.verdict != "out_of_scope") continue;
    ++out.warnings;
    for (const Evidence& evidence : warning.evidence) verdicts[evidence.document] = handled;
  }
  for (const auto& [id, handled] : verdicts) {
    auto document = (*store)->document(id);
    if (!document) return document.error();
    if (!*document) continue;  // expired
    const std::string text = in_one_line((*document)->document);
    if (trim(text).empty()) continue;
    out.lines += (handled ? "1\t" : "0\t") + text + "\n";
    ++(handled ? out.ones : out.zeros);
  }
  return out;
}

Result<std::string> shipped_labels(std::string_view head) {
  const auto known = std::find_if(head_columns.begin(), head_columns.end(),
                                  [&](const HeadColumn& one) { return one.head == head; });
  std::string labels;
  for (const char* name : label_sets)
    if (const auto set = resource(name)) labels.append(*set).append("\n");
  if (known == head_columns.end() || labels.empty())
    return Error{Errc::not_found, "no texts of the head " + std::string(head) + " are shipped",
                 "give your own: --labels FILE"};
  std::string out;
  for (std::size_t at = 0; at < labels.size();) {
    const std::size_t end = std::min(labels.find('\n', at), labels.size());
    const std::string_view line = std::string_view(labels).substr(at, end - at);
    at = end + 1;
    std::vector<std::string_view> columns;
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t tab = std::min(line.find('\t', from), line.size());
      columns.push_back(line.substr(from, tab - from));
      from = tab + 1;
    }
    if (columns.size() <= split_column || columns[split_column] == "test" || columns[known->column] == "-")
      continue;
    out.append(columns[known->column]).append("\t").append(columns[0]).append("\n");
  }
  const auto examples = examples_of_rules(head);
  if (!examples) return examples.error();
  return out + *examples;
}

}  // namespace tingchao::service
