// Reading is here so that analyzer/ and alerting/ stay pure: they are handed texts with names.
#include "service/knowledge.h"

#include "alerting/audience.h"
#include "service/config.h"
#include "service/files.h"
#include "service/resources.h"
#include "service/yaml.h"

namespace tingchao::service {
namespace {

using analyzer::NamedText;
constexpr std::size_t rule_file_bytes_max = 8u << 20, model_file_bytes_max = 256u << 20;

void add_embedded(std::vector<NamedText>& texts, std::string_view prefix, std::string_view suffix) {
  for (const std::string& name : resource_names(prefix, suffix))
    texts.push_back({name, std::string(*resource(name))});
}

Result<void> add_files(std::vector<NamedText>& texts, const std::vector<std::string>& paths,
                       std::string_view suffix) {
  for (const std::string& path : paths) {
    const auto files = files_under(path, suffix);
    if (!files) return files.error();
    if (files->empty())
      return Error{Errc::not_found, path + ": no file that ends with " + std::string(suffix),
                   "name a file or another directory"};
    for (const std::string& file : *files) {
      auto text = read_file(file, rule_file_bytes_max);
      if (!text) return text.error();
      texts.push_back({file, std::move(*text)});
    }
  }
  return {};
}

// One's own model of the head, or the shipped one; the segmenter brings its own along.
Result<analyzer::NamedText> model_of(const KnowledgeFiles& files, const std::string& head) {
  if (const auto own = files.models.find(head); own != files.models.end()) {
    auto bytes = read_file(own->second, model_file_bytes_max);
    if (!bytes) return bytes.error();
    if (bytes->empty()) return Error{Errc::bad_markup, own->second + ": the file is empty", "tingchao train"};
    return analyzer::NamedText{own->second, std::move(*bytes)};
  }
  const std::string name = "models/" + head + ".model";
  const auto shipped = resource(name);
  return analyzer::NamedText{name, shipped ? std::string(*shipped) : std::string{}};
}

std::string robot_template(alerting::Channel::Kind kind) {
  using Kind = alerting::Channel::Kind;
  const char* name = kind == Kind::dingtalk ? "dingtalk" : kind == Kind::wecom ? "wecom" : "feishu";
  return std::string("rules/templates/warning.") + name + ".mustache";
}

}  // namespace

KnowledgeFiles knowledge_files(const Config& config) {
  return {.rules = config.rules,
          .measure = config.measure,
          .lexicons = config.lexicons,
          .rosters = config.rosters,
          .region = config.region,
          .models = config.models};
}

alerting::Book book_of(const Config& config) {
  alerting::Book book = config.book;
  book.template_html = std::string(resource("rules/templates/warning.html.mustache").value_or(""));
  book.template_text = std::string(resource("rules/templates/warning.txt.mustache").value_or(""));
  for (alerting::Channel& channel : book.channels)
    if (alerting::is_robot(channel) && channel.template_text.empty())
      channel.template_text = std::string(resource(robot_template(channel.kind)).value_or(""));
  return book;
}

Result<alerting::Book> book_of(const Config& config, const alerting::Measure& measure) {
  alerting::Book book = book_of(config);
  book.audiences = alerting::audiences_of(measure);
  const auto unknown = alerting::unknown_names(book);
  if (unknown.empty()) return book;
  std::string names, near;
  for (const std::string& name : unknown) {
    names += (names.empty() ? "\"" : ", \"") + name + "\"";
    if (near.empty()) near = nearest(name, alerting::known_names(book));
  }
  return Error{Errc::bad_config,
               "the measure sends levels to " + names + ", which no recipient, group or roster is called",
               near.empty() ? "`to` of a level takes names and groups of recipients, and ids of rosters"
                            : "did you mean \"" + near + "\"?"};
}

Result<Config> reread_duty(const Config& running) {
  Config config = running;
  if (running.file.empty()) return config;
  auto fresh = load_config(running.file);
  if (!fresh) return fresh.error();
  for (const alerting::Recipient& recipient : fresh->book.recipients)
    if (!alerting::find_channel(running.book, recipient.channel))
      return Error{Errc::bad_config, running.file + ": channel " + recipient.channel + " was not there at the start",
                   "a new channel needs a restart"};
  config.book.recipients = std::move(fresh->book.recipients);
  config.book.duty = std::move(fresh->book.duty);
  return config;
}

Result<std::vector<NamedText>> pack_texts(const std::vector<std::string>& paths) {
  std::vector<NamedText> packs;
  if (paths.empty()) add_embedded(packs, "rules/education/", ".yaml");
  if (auto added = add_files(packs, paths, ".yaml"); !added) return added.error();
  return packs;
}

std::vector<NamedText> word_classes() {
  std::vector<NamedText> words;
  add_embedded(words, "rules/words/", ".txt");
  return words;
}

Result<analyzer::Compiled> load_rules(const std::vector<std::string>& paths) {
  const auto packs = pack_texts(paths);
  if (!packs) return packs.error();
  return analyzer::compile(*packs, word_classes());
}

Result<std::shared_ptr<const analyzer::Analyzer>> analyzer_with(
    const KnowledgeFiles& files, std::shared_ptr<const analyzer::RuleSet> rules) {
  analyzer::Materials materials;
  materials.rules = std::move(rules);
  materials.region = files.region;
  add_embedded(materials.lexicons, "rules/lexicon/", ".txt");
  add_embedded(materials.gazetteers, "rules/gazetteer/", ".tsv");
  add_embedded(materials.stance, "rules/stance/", ".txt");
  add_embedded(materials.context, "rules/context", ".yaml");
  for (const std::string& head : files.heads) {
    auto model = model_of(files, head);
    if (!model) return model.error();
    if (model->text.empty()) continue;
    if (head == "segment") materials.borders = std::move(*model);
    else if (head == "stance") materials.stance_model = std::move(*model);
    else materials.models.push_back(std::move(*model));
  }
  if (auto added = add_files(materials.lexicons, files.lexicons, ".txt"); !added) return added.error();
  if (auto added = add_files(materials.rosters, files.rosters, ".csv"); !added) return added.error();
  return analyzer::Analyzer::build(std::move(materials));
}

Result<std::shared_ptr<const analyzer::Analyzer>> load_analyzer(const KnowledgeFiles& files) {
  auto compiled = load_rules(files.rules);
  if (!compiled) return compiled.error();
  if (compiled->has_errors()) {
    std::string all;
    for (const auto& diagnostic : compiled->diagnostics)
      if (diagnostic.grade == analyzer::Diagnostic::Grade::error)
        all += (all.empty() ? "" : "\n") + analyzer::describe(diagnostic);
    return Error{Errc::bad_rule, all, ""};
  }
  return analyzer_with(files, compiled->rules);
}

Result<std::shared_ptr<const alerting::Measure>> load_measure(const std::string& path) {
  if (path.empty()) {
    const auto text = resource("rules/measure.yaml");
    if (!text) return Error{Errc::not_found, "rules/measure.yaml is not in this build", ""};
    return alerting::parse_measure(*text, "rules/measure.yaml");
  }
  const auto text = read_file(path, rule_file_bytes_max);
  if (!text) return text.error();
  return alerting::parse_measure(*text, path);
}

}  // namespace tingchao::service
