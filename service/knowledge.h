#pragma once
// What the program knows before it reads anything: rule packs, word lists, gazetteers and the measure,
// from the user's files where configured and from the embedded ones otherwise.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerting/notify.h"
#include "alerting/warn.h"
#include "analyzer/analyze.h"
#include "core/result.h"

namespace tingchao::service {

struct KnowledgeFiles {
  std::vector<std::string> rules;     // files or directories; empty: embedded
  std::string measure;                // empty: embedded
  std::vector<std::string> lexicons;  // further word lists
  std::vector<std::string> rosters;   // school lists
  std::string region;
  std::map<std::string, std::string> models = {};  // one's own, by head; the shipped ones for the others
  // Whose models are loaded; of topic and severity only what is relevant is asked.
  std::vector<std::string> heads{"segment", "stance", "relevance", "topic", "severity"};
};

struct Config;
KnowledgeFiles knowledge_files(const Config& config);

// Embedded or read from disk, with names for messages.
Result<std::vector<analyzer::NamedText>> pack_texts(const std::vector<std::string>& paths);
std::vector<analyzer::NamedText> word_classes();

// The rules of `files`, with diagnostics; only unreadable files fail.
Result<analyzer::Compiled> load_rules(const std::vector<std::string>& paths);
// An analyzer with those rules. Fails with bad_rule when any rule has an error, listing all of them.
Result<std::shared_ptr<const analyzer::Analyzer>> load_analyzer(const KnowledgeFiles& files);
// An analyzer with one query as its only rule, or with rule set `rules`.
Result<std::shared_ptr<const analyzer::Analyzer>> analyzer_with(
    const KnowledgeFiles& files, std::shared_ptr<const analyzer::RuleSet> rules);
// Who hears of what, with the embedded templates.
alerting::Book book_of(const Config& config);
// The same with the measure's recipients of levels. Fails with bad_config when the measure names somebody unknown.
Result<alerting::Book> book_of(const Config& config, const alerting::Measure& measure);
// What a running daemon takes up of its configuration's file: recipients and duty, for the channels that it has. An
// embedded configuration stays as it is. Fails with bad_config or io.
Result<Config> reread_duty(const Config& running);
Result<std::shared_ptr<const alerting::Measure>> load_measure(const std::string& path);

}  // namespace tingchao::service
