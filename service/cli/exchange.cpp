// export and import. Imported history is stored and grouped but raises no warning: what happened last
// year is for `replay` to judge.
#include <cstdio>

#include <boost/json.hpp>

#include "core/json.h"
#include "service/cli/setup.h"
#include "service/files.h"
#include "service/ledger.h"
#include "service/opml.h"
#include "service/table.h"

namespace tingchao::service {
namespace {

constexpr int page_of_store = 2000;
constexpr std::size_t documents_a_commit = 500;

Result<std::vector<store::StoredDocument>> all_documents(store::Store& store, Time from, Time to) {
  std::vector<store::StoredDocument> all;
  for (;;) {
    auto rows = store.documents_between(from, to, page_of_store);
    if (!rows) return rows.error();
    const bool last = static_cast<int>(rows->size()) < page_of_store;
    std::size_t fresh = 0;
    for (store::StoredDocument& each : *rows) {
      bool known = false;  // rows of the second where the last page ended come again
      for (std::size_t i = all.size();
           i-- > 0 && all[i].document.fetched_at == each.document.fetched_at && !known;)
        known = all[i].document.id == each.document.id;
      if (known) continue;
      ++fresh;
      all.push_back(std::move(each));
    }
    if (last || fresh == 0) return all;
    from = all.back().document.fetched_at;
  }
}

boost::json::object exported(const store::StoredDocument& each) {
  boost::json::object object = to_json(each.document);
  object["text"] = each.document.body;
  object.erase("body");
  object["kind"] = each.document.medium;
  if (each.document.reach.views) object["views"] = *each.document.reach.views;
  if (each.document.reach.replies) object["replies"] = *each.document.reach.replies;
  if (each.document.reach.rank) object["rank"] = *each.document.reach.rank;
  if (!each.document.published_at) object["published_at"] = to_rfc3339(each.document.fetched_at);
  object["story"] = each.placement.story;
  boost::json::array topics;
  for (const std::string& topic : each.analysis.topics) topics.emplace_back(topic);
  object["topics"] = std::move(topics);
  object["stance"] = name(each.analysis.stance.label);
  return object;
}

Table document_table(const std::vector<store::StoredDocument>& documents) {
  Table table{{"时间", "来源", "类型", "标题", "正文", "话题", "情感", "事件", "链接"}};
  for (const auto& each : documents) {
    std::string topics;
    for (const std::string& topic : each.analysis.topics) topics += (topics.empty() ? "" : "、") + topic;
    table.push_back({china_minute(effective_time(each.document)), each.document.source_name,
                     each.document.medium, each.document.title, each.document.body, topics,
                     name(each.analysis.stance.label), each.placement.story, each.document.url});
  }
  return table;
}

Table warning_table(const std::vector<Warning>& warnings) {
  Table table{{"编号", "级别", "状态", "标题", "发出", "话题", "学校", "承办", "答复", "结论"}};
  for (const Warning& w : warnings) {
    std::string topics, schools;
    for (const std::string& topic : w.topics) topics += (topics.empty() ? "" : "、") + topic;
    for (const std::string& school : w.schools) schools += (schools.empty() ? "" : "、") + school;
    table.push_back({w.id, w.level.code + "级" + w.level.colour, chinese_name(w.state), w.title,
                     china_minute(w.raised_at), topics, schools, w.assignee, w.answer_url, w.verdict});
  }
  return table;
}

Result<void> put(const ExportOptions& options, const Console& console, const std::string& bytes) {
  if (!options.out.empty()) return write_file(options.out, bytes);
  if (options.format == "xlsx" && console.out_terminal())
    return Error{Errc::bad_argument, "an Excel file does not belong on a terminal", "give --out FILE.xlsx"};
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  return {};
}

Result<std::string> as_table(const Table& table, const std::string& format, const char* sheet) {
  if (format == "csv") return to_csv(table);
  return to_xlsx(table, sheet);
}

}  // namespace

int run_export(const ExportOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  const bool opml = options.format == "opml" || options.what == "sources";
  if (opml) {
    if (options.what != "sources")
      return console.error({Errc::bad_argument, "OPML holds feed lists, not " + options.what,
                            "tingchao export sources --format opml"});
    const auto written = put(options, console, to_opml(config->sources, config->bureau));
    return written ? done : console.error(written.error());
  }
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  auto from = parse_when(options.from, Time{}, now),
       to = parse_when(options.to, now + std::chrono::hours{24 * 3660}, now);
  if (!from) return console.error(from.error());
  if (!to) return console.error(to.error());
  std::string bytes;
  bool any = false;
  if (options.what == "documents") {
    auto documents = all_documents(**store, *from, *to);
    if (!documents) return console.error(documents.error());
    any = !documents->empty();
    if (options.format == "jsonl") {
      for (const auto& each : *documents) bytes += to_line(exported(each)) + "\n";
    } else {
      auto table = as_table(document_table(*documents), options.format, "文档");
      if (!table) return console.error(table.error());
      bytes = std::move(*table);
    }
  } else {
    auto warnings = (*store)->warnings(*from, *to, false);
    if (!warnings) return console.error(warnings.error());
    any = !warnings->empty();
    if (options.format == "jsonl") {
      for (const Warning& warning : *warnings) bytes += to_line(to_json(warning)) + "\n";
    } else {
      auto table = as_table(warning_table(*warnings), options.format, "预警台账");
      if (!table) return console.error(table.error());
      bytes = std::move(*table);
    }
  }
  const auto written = put(options, console, bytes);
  if (!written) return console.error(written.error());
  return any ? done : nothing;
}

namespace {

// Keeps a file's documents, some hundred a transaction; gives how many were new.
class Import {
 public:
  Import(Ledger& ledger, std::shared_ptr<const analyzer::Analyzer> analyzer, const Console& console)
      : ledger_(ledger), analyzer_(std::move(analyzer)), console_(console) {}

  Result<void> file(const std::string& path) {
    auto text = read_file(path, std::size_t{4} << 30);
    if (!text) return text.error();
    long number = 0;
    for (std::size_t at = 0; at < text->size();) {
      const std::size_t end = std::min(text->find('\n', at), text->size());
      const std::string_view line = std::string_view(*text).substr(at, end - at);
      at = end + 1;
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      auto document = document_from_import(line);
      if (!document) {
        ++skipped_;
        console_.note("tingchao: " + path + ":" + std::to_string(number) + ": " + describe(document.error()) +
                      "; skipped");
        continue;
      }
      Document masked = analyzer_->mask(std::move(*document));
      Analysis analysis = analyzer_->analyze(masked);
      harvest_.documents.emplace_back(std::move(masked), std::move(analysis));
      if (harvest_.documents.size() >= documents_a_commit)
        if (auto kept = flush(); !kept) return kept;
    }
    return flush();
  }
  long added() const { return added_; }
  long skipped() const { return skipped_; }

 private:
  Result<void> flush() {
    if (harvest_.documents.empty()) return {};
    const Time at = harvest_.documents.back().first.fetched_at;
    auto admitted = ledger_.admit_history(std::move(harvest_), at);
    harvest_ = {};
    if (!admitted) return admitted.error();
    added_ += admitted->documents_new;
    console_.progress(std::to_string(added_) + " documents");
    return {};
  }

  Ledger& ledger_;
  std::shared_ptr<const analyzer::Analyzer> analyzer_;
  const Console& console_;
  Harvest harvest_;
  long added_ = 0, skipped_ = 0;
};

}  // namespace

int run_import(const ImportOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  const std::string& first = options.files.front();
  const bool opml = options.format == "opml" ||
                    (options.format.empty() && (first.ends_with(".opml") || first.ends_with(".xml")));
  if (opml) {
    std::vector<Source> sources;
    for (const std::string& file : options.files) {
      auto text = read_file(file, 32u << 20);
      if (!text) return console.error(text.error());
      auto read = from_opml(*text);
      if (!read)
        return console.error({read.error().code, file + ": " + read.error().detail, read.error().mend});
      sources.insert(sources.end(), read->begin(), read->end());
    }
    console.line(to_yaml(sources));
    console.note(std::to_string(sources.size()) + " feeds; put these lines into your configuration");
    return done;
  }
  auto analyzer = load_analyzer(knowledge_files(*config));
  if (!analyzer) return console.error(analyzer.error());
  auto measure = load_measure(config->measure);
  if (!measure) return console.error(measure.error());
  auto store = open_store(*config, false);
  if (!store) return console.error(store.error());
  Ledger ledger(**store, *measure, config->book);
  if (auto resumed = ledger.resume(config->clock.now()); !resumed) return console.error(resumed.error());
  Import import(ledger, *analyzer, console);
  for (const std::string& file : options.files)
    if (auto kept = import.file(file); !kept) return console.error(kept.error());
  if (auto saved = ledger.save_frequencies(); !saved) return console.error(saved.error());
  console.progress_end();
  console.line(console.json() ? to_line({{"documents_new", import.added()}, {"skipped", import.skipped()}})
                              : std::to_string(import.added()) + " documents new, " +
                                    std::to_string(import.skipped()) + " lines skipped");
  if (import.skipped() > 0) return nothing;
  return done;
}

}  // namespace tingchao::service
