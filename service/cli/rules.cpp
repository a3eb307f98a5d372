// rules check, test, explain and list.
#include <algorithm>
#include <map>
#include <tuple>

#include <boost/json.hpp>

#include "core/json.h"
#include "core/utf8.h"
#include "service/cli/setup.h"
#include "service/files.h"

namespace tingchao::service {
namespace {

Result<std::vector<std::string>> rule_paths(const RulesOptions& options) {
  if (!options.paths.empty()) return options.paths;
  auto config = choose_config(options.config);
  if (!config) return config.error();
  return config->rules;
}

// Prints the diagnostics; true when one is an error.
bool print_diagnostics(const Console& console, const std::vector<analyzer::Diagnostic>& diagnostics) {
  bool errors = false;
  for (const auto& diagnostic : diagnostics) {
    const bool is_error = diagnostic.grade == analyzer::Diagnostic::Grade::error;
    errors = errors || is_error;
    if (console.json())
      console.line(to_line({{"file", diagnostic.file},
                            {"line", diagnostic.line},
                            {"column", diagnostic.column},
                            {"rule", diagnostic.rule},
                            {"grade", is_error ? "error" : "warning"},
                            {"kind", diagnostic.kind},
                            {"message", diagnostic.message},
                            {"mend", diagnostic.mend}}));
    else
      console.line(console.paint(analyzer::describe(diagnostic), is_error ? Colour::red : Colour::yellow));
  }
  return errors;
}

Result<std::shared_ptr<const analyzer::Analyzer>> analyzer_of(const RulesOptions& options) {
  auto config = choose_config(options.config);
  if (!config) return config.error();
  KnowledgeFiles files = knowledge_files(*config);
  if (!options.paths.empty()) files.rules = options.paths;
  return load_analyzer(files);
}

// How many of the stored documents of the span each rule matches.
Result<analyzer::RuleUse> use_of_history(const RulesOptions& options, const Config& config,
                                         const analyzer::Analyzer& analyzer) {
  auto store = open_store(config, true);
  if (!store) return store.error();
  const Time now = config.clock.now();
  const auto from = parse_when(options.from, Time{}, now), to = parse_when(options.to, now, now);
  if (!from) return from.error();
  if (!to) return to.error();
  analyzer::RuleUse use;
  use.what = "存储里的文档";
  long documents = 0;
  const auto read = each_stored(**store, *from, *to, [&](const store::StoredDocument& each) {
    ++documents;
    for (const RuleMatch& match : analyzer.analyze(each.document).matches) ++use.of[match.rule].matched;
  });
  if (!read) return read.error();
  for (const analyzer::Rule& rule : analyzer::rules_of(*analyzer.rules())) use.of[rule.id].texts = documents;
  return use;
}

}  // namespace

int run_rules_check(const RulesOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  KnowledgeFiles files = knowledge_files(*config);
  if (!options.paths.empty()) files.rules = options.paths;
  const auto packs = pack_texts(files.rules);
  if (!packs) return console.error(packs.error());
  auto compiled = analyzer::compile(*packs, word_classes());
  const auto analyzer = analyzer_with(files, compiled.rules);
  if (!analyzer) return console.error(analyzer.error());
  std::vector<analyzer::RuleUse> uses;
  if (!options.from.empty() || !options.to.empty()) {
    auto use = use_of_history(options, *config, **analyzer);
    if (!use) return console.error(use.error());
    uses.push_back(std::move(*use));
  }
  for (auto& finding : (*analyzer)->lint(*packs, std::move(uses))) compiled.diagnostics.push_back(std::move(finding));
  std::stable_sort(compiled.diagnostics.begin(), compiled.diagnostics.end(), [](const auto& a, const auto& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  const bool errors = print_diagnostics(console, compiled.diagnostics);
  const auto count = [&](analyzer::Diagnostic::Grade grade) {
    return std::count_if(compiled.diagnostics.begin(), compiled.diagnostics.end(),
                         [&](const auto& one) { return one.grade == grade; });
  };
  if (!console.json())
    console.line(std::to_string(analyzer::rules_of(*compiled.rules).size()) + " 条规则可用，" +
                 std::to_string(count(analyzer::Diagnostic::Grade::error)) + " 处错误，" +
                 std::to_string(count(analyzer::Diagnostic::Grade::warning)) + " 处提醒；版本 " +
                 analyzer::version_of(*compiled.rules));
  return errors ? nothing : done;
}

int run_rules_test(const RulesOptions& options, const Console& console) {
  const auto analyzer = analyzer_of(options);
  if (!analyzer) return console.error(analyzer.error());
  const auto& rules = analyzer::rules_of(*(*analyzer)->rules());
  std::size_t examples = 0;
  for (const auto& rule : rules) examples += rule.examples.size();
  const auto failures = analyzer::test_examples(**analyzer);
  for (const auto& failure : failures) {
    if (console.json()) {
      console.line(to_line({{"rule", failure.rule},
                            {"file", failure.file},
                            {"line", failure.line},
                            {"text", failure.example.text},
                            {"must_match", failure.example.must_match},
                            {"explanation", failure.explanation}}));
      continue;
    }
    console.line(console.paint(failure.file + ":" + std::to_string(failure.line) + ": " + failure.rule +
                                   (failure.example.must_match ? " must match: " : " must not match: "),
                               Colour::red) +
                 failure.example.text);
    console.line(failure.explanation);
  }
  if (!console.json())
    console.line(std::to_string(rules.size()) + " rules, " + std::to_string(examples) + " examples, " +
                 (failures.empty() ? console.paint("all hold", Colour::green)
                                   : console.paint(std::to_string(failures.size()) + " fail", Colour::red)));
  return failures.empty() ? done : nothing;
}

int run_rules_explain(const RulesOptions& options, const Console& console) {
  const auto analyzer = analyzer_of(options);
  if (!analyzer) return console.error(analyzer.error());
  Document document;
  document.id = "explain";
  document.title = options.title;
  document.body = options.text;
  if (!options.file.empty()) {
    auto text = options.file == "-" ? read_stdin(16u << 20) : read_file(options.file, 16u << 20);
    if (!text) return console.error(text.error());
    document.body = to_valid_utf8(*text);
  }
  document.body = to_valid_utf8(document.body);
  if (document.body.empty() && document.title.empty())
    return console.error({Errc::bad_argument, "no text to explain", "give TEXT, --title or --file"});
  if (!options.rule.empty()) {
    const auto explained = (*analyzer)->explain(document, options.rule);
    if (!explained) return console.error(explained.error());
    console.line(*explained);
  }
  const Analysis analysis = (*analyzer)->analyze(document);
  if (console.json()) {
    for (const RuleMatch& match : analysis.matches) console.line(to_line(to_json(match)));
    return analysis.matches.empty() ? nothing : done;
  }
  if (!options.rule.empty()) {
    const bool matched = std::any_of(analysis.matches.begin(), analysis.matches.end(),
                                     [&](const RuleMatch& m) { return m.rule == options.rule; });
    return matched ? done : nothing;
  }
  for (const RuleMatch& match : analysis.matches) {
    console.line(console.paint(match.rule + " " + match.name, severity_colour(match.severity)) + "  " +
                 match.topic + "  " + static_cast<char>(match.severity));
    const auto explained = (*analyzer)->explain(document, match.rule);
    if (explained) console.line(*explained);
  }
  if (!analysis.matches.empty()) return done;
  console.line("没有规则命中。指定一条规则可看它为何不命中：--rule ID（tingchao rules list 列出全部）。");
  return nothing;
}

int run_rules_list(const RulesOptions& options, const Console& console) {
  const auto paths = rule_paths(options);
  if (!paths) return console.error(paths.error());
  const auto compiled = load_rules(*paths);
  if (!compiled) return console.error(compiled.error());
  int listed = 0;
  for (const auto& rule : analyzer::rules_of(*compiled->rules)) {
    if (!options.topic.empty() && !rule.topic.starts_with(options.topic)) continue;
    ++listed;
    if (console.json())
      console.line(to_line({{"id", rule.id},
                            {"name", rule.name},
                            {"topic", rule.topic},
                            {"severity", std::string(1, static_cast<char>(rule.severity))},
                            {"match", rule.expression},
                            {"unless", rule.unless},
                            {"file", rule.file},
                            {"line", rule.line},
                            {"version", rule.version}}));
    else
      console.line(
          console.paint(std::string(1, static_cast<char>(rule.severity)), severity_colour(rule.severity)) +
          " " + pad(rule.id, 34) + pad(rule.name, 30) + console.paint(rule.topic, Colour::dim));
  }
  return listed > 0 ? done : nothing;
}

}  // namespace tingchao::service
