// rules coverage: how often each rule matches what is stored, and what none matches though the classifier of
// relevance takes it for the bureau's matter.
#include <algorithm>
#include <map>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/json.h"
#include "core/utf8.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

struct Use {
  long documents = 0;
  Time last{};
  std::string title;  // of the last
};

// A document that no rule matched.
struct Missed {
  double probability = 0;
  std::string document, title, topic;
  std::vector<std::string> because;
};
constexpr std::size_t missed_max = 10;

const std::string& title_of(const Document& document) {
  return document.title.empty() ? document.body : document.title;
}

void keep_surest(std::vector<Missed>& missed) {
  std::stable_sort(missed.begin(), missed.end(),
                   [](const Missed& a, const Missed& b) { return a.probability > b.probability; });
  if (missed.size() > missed_max) missed.pop_back();
}

// Adds a document that no rule matched when it is relevant; true then.
bool note_missed(std::vector<Missed>& missed, const Document& document, const Analysis& analysis) {
  const Judgement* const relevance = judgement_of(analysis.judgements, "relevance");
  const Judgement* const topic = judgement_of(analysis.judgements, "topic");
  if (!relevance || relevance->label != "1") return false;
  missed.push_back({relevance->probability, document.id, title_of(document), topic ? topic->label : "",
                    relevance->because});
  keep_surest(missed);
  return true;
}

void print_missed(const Console& console, const std::vector<Missed>& missed, long count) {
  if (!console.json() && count > 0)
    console.line(fmt::format("\n没有规则命中、但分类器认为相关的 {} 篇，把握最大的：", count));
  for (const Missed& each : missed) {
    if (console.json()) {
      boost::json::array because(each.because.begin(), each.because.end());
      console.line(to_line({{"missed", each.document},
                            {"title", each.title},
                            {"probability", each.probability},
                            {"topic", each.topic},
                            {"because", std::move(because)}}));
      continue;
    }
    console.line(pad(fmt::format("{:.0f}%", 100 * each.probability), 7) + pad(each.topic, 18) +
                 pad(clip(each.title, 60), 62) +
                 console.paint(fmt::format("依据：{}", fmt::join(each.because, "、")), Colour::dim));
  }
}

}  // namespace

int run_rules_coverage(const RulesOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  KnowledgeFiles files = knowledge_files(*config);
  if (!options.paths.empty()) files.rules = options.paths;
  auto analyzer = load_analyzer(files);
  if (!analyzer) return console.error(analyzer.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  auto from = parse_when(options.from, Time{}, now), to = parse_when(options.to, now, now);
  if (!from) return console.error(from.error());
  if (!to) return console.error(to.error());

  std::map<std::string, Use> uses;
  std::vector<Missed> missed;
  long documents = 0, covered = 0, missed_count = 0;
  const auto read = each_stored(**store, *from, *to, [&](const store::StoredDocument& each) {
    const Analysis analysis = (*analyzer)->analyze(each.document);
    ++documents;
    covered += !analysis.matches.empty();
    if (analysis.matches.empty()) missed_count += note_missed(missed, each.document, analysis);
    for (const RuleMatch& match : analysis.matches) {
      Use& use = uses[match.rule];
      ++use.documents;
      use.last = each.document.fetched_at;
      use.title = title_of(each.document);
    }
  });
  if (!read) return console.error(read.error());

  std::vector<const analyzer::Rule*> rules;
  for (const analyzer::Rule& rule : analyzer::rules_of(*(*analyzer)->rules()))
    if (rule.topic.starts_with(options.topic)) rules.push_back(&rule);
  std::stable_sort(rules.begin(), rules.end(), [&](const auto* a, const auto* b) {
    return uses[a->id].documents > uses[b->id].documents;
  });
  long never = 0;
  for (const analyzer::Rule* rule : rules) {
    const Use& use = uses[rule->id];
    never += use.documents == 0;
    if (console.json()) {
      boost::json::object object{{"rule", rule->id}, {"name", rule->name}, {"documents", use.documents}};
      if (use.documents > 0) object["last"] = to_rfc3339(use.last), object["title"] = use.title;
      console.line(to_line(object));
    } else {
      const std::string seen = use.documents == 0 ? console.paint("从未命中", Colour::dim)
                                                  : china_minute(use.last) + "  " + clip(use.title, 48);
      console.line(pad(std::to_string(use.documents), 7) + pad(rule->id, 34) + pad(rule->name, 24) + seen);
    }
  }
  if (options.topic.empty()) print_missed(console, missed, missed_count);
  console.note(std::to_string(documents) + " 篇文档，" + std::to_string(covered) + " 篇有规则命中；" +
               std::to_string(never) + " 条规则从未命中");
  return documents > 0 ? done : nothing;
}

}  // namespace tingchao::service
