// rules suggest: words for a person to accept, with the places where they stand.
#include <algorithm>
#include <fstream>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "analyzer/analyze.h"
#include "core/json.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

using analyzer::NewWord;

// The documents of the recent and the earlier span, in order of time, from the store or a file.
class Spans {
 public:
  static Result<Spans> choose(const SuggestOptions& options, const Config& config) {
    const Time now = config.clock.now();
    const auto to = parse_when(options.to, now, now);
    if (!to) return to.error();
    const auto from = parse_when(options.from, *to, *to);
    if (!from) return from.error();
    const auto before = parse_duration(options.before);
    if (!before)
      return Error{Errc::bad_argument, "--before '" + options.before + "' is no span", "write 28d or 72h"};
    if (*from >= *to) return Error{Errc::bad_argument, "--from is not before --to", "for example --from 7d"};
    return Spans{*from - *before, *from, *to};
  }

  Result<void> each(const SuggestOptions& options, const Config& config, const Console& console, bool recent_only,
                    const std::function<void(const Document&, bool)>& visit) const {
    const auto take = [&](const Document& document, Time seen) {
      if (seen >= (recent_only ? from_ : earliest_) && seen <= to_) visit(document, seen >= from_);
    };
    if (!options.input.empty()) {
      // A place is counted where it stands first, so the earlier ones go first whatever the file's order.
      for (const bool recent : {false, true}) {
        if (recent_only && !recent) continue;
        const auto read = each_imported(options.input, console, [&](const Document& document) {
          const Time seen = effective_time(document);
          if ((seen >= from_) == recent) take(document, seen);
        });
        if (!read) return read;
      }
      return {};
    }
    auto store = open_store(config, true);
    if (!store) return store.error();
    return each_stored(**store, recent_only ? from_ : earliest_, to_, [&](const store::StoredDocument& each) {
      take(each.document, each.document.fetched_at);
    });
  }

 private:
  Spans(Time earliest, Time from, Time to) : earliest_(earliest), from_(from), to_(to) {}
  Time earliest_, from_, to_;
};

std::string growth_of(const NewWord& word) {
  if (word.growth == 0) return "—";
  if (word.before == 0) return "新出现";
  return fmt::format("{:.1f} 倍", word.growth);
}

void print(const NewWord& word, const Console& console) {
  if (console.json()) {
    boost::json::array quotes, topics(word.topics.begin(), word.topics.end());
    for (const NewWord::Quote& quote : word.quotes)
      quotes.push_back(boost::json::object{{"document", quote.document},
                                           {"source", quote.source_name},
                                           {"time", to_rfc3339(quote.time)},
                                           {"sentence", quote.sentence}});
    boost::json::object object{{"word", word.word},
                               {"known", word.known},
                               {"documents", word.documents},
                               {"before", word.before},
                               {"sources", word.sources}};
    object["growth"] = word.growth == 0 ? boost::json::value(nullptr) : boost::json::value(word.growth);
    object["cohesion"] = word.cohesion;
    object["freedom"] = word.freedom;
    object["score"] = word.score;
    object["topics"] = std::move(topics);
    object["quotes"] = std::move(quotes);
    return console.line(to_line(object));
  }
  std::string topics;
  for (const std::string& topic : word.topics) topics += (topics.empty() ? "" : "、") + topic;
  console.line(console.paint(pad(word.word, 18), Colour::bold) + pad(word.known ? "旧词" : "新词", 6) +
               pad(std::to_string(word.documents), 7) + pad(std::to_string(word.before), 7) + pad(growth_of(word), 10) +
               pad(std::to_string(word.sources), 6) + pad(fmt::format("{:.1f}", word.cohesion), 6) +
               pad(fmt::format("{:.1f}", word.freedom), 6) + topics);
  for (const NewWord::Quote& quote : word.quotes)
    console.line("    " + china_minute(quote.time) + "  " + quote.source_name + "  " +
                 in_context(console, quote.sentence, quote.word, 30, Colour::yellow));
}

Result<void> write_list(const std::string& path, const std::vector<NewWord>& words) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << "# 待选的词。要采纳的，删去行首的“# ”；文件写进配置的 lexicons: 后，词即生效，规则里也可以用。\n";
  for (const NewWord& word : words) {
    out << fmt::format("# {}\n", word.word);
    out << fmt::format("#     {} 篇，此前 {} 篇，{} 个来源{}\n", word.documents, word.before, word.sources,
                       word.quotes.empty() ? "" : "：" + word.quotes.back().sentence);
  }
  out.close();
  if (out) return {};
  return Error{Errc::io, path + ": cannot be written", "check the folder and its permissions"};
}

}  // namespace

int run_rules_suggest(const SuggestOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  KnowledgeFiles files = knowledge_files(*config);
  if (!options.paths.empty()) files.rules = options.paths;
  const auto analyzer = load_analyzer(files);
  if (!analyzer) return console.error(analyzer.error());
  const auto spans = Spans::choose(options, *config);
  if (!spans) return console.error(spans.error());
  if (options.input == "-")
    return console.error({Errc::bad_argument, "--input - cannot be read twice", "name a file"});

  analyzer::NewWords words = (*analyzer)->new_words();
  const auto concerned = [&](const Analysis& analysis) {
    if (!options.topic.empty())
      return std::any_of(analysis.topics.begin(), analysis.topics.end(),
                         [&](const std::string& topic) { return topic.starts_with(options.topic); });
    return options.all || analysis.education;
  };
  auto read = spans->each(options, *config, console, true, [&](const Document& document, bool) {
    if (concerned((*analyzer)->analyze(document))) words.learn(document);
  });
  if (!read) return console.error(read.error());
  read = spans->each(options, *config, console, false, [&](const Document& document, bool recent) {
    const Analysis analysis = (*analyzer)->analyze(document);
    if (concerned(analysis)) words.weigh(document, analysis, recent);
  });
  if (!read) return console.error(read.error());

  const std::vector<NewWord> best = words.best(std::size_t(options.count));
  if (!console.json() && !best.empty())
    console.line(console.paint(pad("词", 18) + pad("", 6) + pad("近期", 7) + pad("此前", 7) + pad("增长", 10) +
                                   pad("来源", 6) + pad("凝聚", 6) + pad("自由", 6) + "话题",
                               Colour::dim));
  for (const NewWord& word : best) print(word, console);
  if (!options.out.empty())
    if (const auto written = write_list(options.out, best); !written) return console.error(written.error());
  console.note(fmt::format("近期 {} 篇文档，此前 {} 篇；像人名的 {} 个不列出{}", words.documents(true),
                           words.documents(false), words.withheld(),
                           words.documents(false) == 0 ? "；没有更早的文档可比，增长不计" : ""));
  if (!best.empty() && !options.out.empty())
    console.note(options.out + "：删去行首的“# ”就是采纳；写进配置的 lexicons: 后生效");
  return best.empty() ? nothing : done;
}

}  // namespace tingchao::service
