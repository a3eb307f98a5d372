// evidence reextract: every kept page goes through extraction and analysis once more, and what comes out is
// held against what is stored. Only documents that are there change; see docs/storage.md for why.
#include <map>

#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "crawler/extract.h"
#include "service/cli/evidence_access.h"
#include "service/cli/setup.h"
#include "service/knowledge.h"

namespace tingchao::service {
namespace {

constexpr std::size_t batch_documents_max = 200;

struct Tally {
  long pages = 0, same = 0, changed = 0, appeared = 0, unreadable = 0, without_source = 0;
};

class Reextraction {
 public:
  Reextraction(store::Store& store, const Config& config, const analyzer::Analyzer& analyzer,
               const Console& console)
      : store_(store), analyzer_(analyzer), console_(console) {
    for (const Source& source : config.sources) sources_[source.id] = &source;
  }
  std::string only;  // source id; empty: all
  std::string salt;  // of author hashes

  Result<void> page(const store::EvidenceEntry& entry) {
    if (!only.empty() && entry.source != only) return {};
    const auto source = sources_.find(entry.source);
    if (source == sources_.end()) {
      ++tally_.without_source;
      return {};
    }
    const auto page = store_.evidence_page(entry);
    if (!page) return page.error();
    ++tally_.pages;
    const auto extracted = crawler::extract(*page, *source->second, role_of(*page, *source->second), salt);
    if (!extracted) {
      ++tally_.unreadable;
      console_.note("tingchao: " + entry.url + ": " + describe(extracted.error()));
      return {};
    }
    return compare(entry, extracted->documents);
  }

  const Tally& tally() const { return tally_; }
  std::vector<store::StoredDocument> take_changes() { return std::exchange(changes_, {}); }
  bool has_batch() const { return changes_.size() >= batch_documents_max; }

 private:
  static crawler::Role role_of(const Page& page, const Source& source) {
    if (source.kind == SourceKind::page) return crawler::Role::content;
    for (const std::string& url : source.urls)
      if (url == page.requested_url) return crawler::Role::entry;
    // A hot list's or feed's own pages are entries whatever continuation they were; articles are none.
    return source.kind == SourceKind::hotlist ? crawler::Role::entry : crawler::Role::content;
  }

  Result<void> compare(const store::EvidenceEntry& entry, const std::vector<Document>& fresh) {
    for (const Document& each : fresh) {
      auto stored = store_.document(each.id);
      if (!stored) return stored.error();
      if (!*stored) {
        ++tally_.appeared;
        tell("appeared", each, {});
        continue;
      }
      // Another page may have given the document since; that one is compared with its own page.
      if ((*stored)->document.snapshot_hash != entry.hash) continue;
      one(std::move(**stored), each);
    }
    return {};
  }

  void one(store::StoredDocument stored, Document fresh) {
    const Document& old = stored.document;
    Link hint;  // what the entry page said of it then is in the document now
    hint.title = old.title;
    hint.published_at = old.published_at;
    hint.reach = old.reach;
    if (fresh.title.empty() || !fresh.published_at) crawler::complete(fresh, hint);
    fresh = analyzer_.mask(std::move(fresh));
    std::vector<std::string> what;
    if (fresh.title != old.title) what.push_back("title");
    if (fresh.body != old.body) what.push_back("body");
    if (fresh.published_at != old.published_at) what.push_back("published_at");
    if (what.empty()) {
      ++tally_.same;
      return;
    }
    ++tally_.changed;
    tell("changed", fresh, what, &old);
    fresh.id = old.id;
    fresh.fetched_at = old.fetched_at;
    fresh.content_hash = content_hash(fresh.title, fresh.body);
    stored.analysis = analyzer_.analyze(fresh);
    stored.document = std::move(fresh);
    changes_.push_back(std::move(stored));
  }

  void tell(const char* event, const Document& fresh, const std::vector<std::string>& what,
            const Document* old = nullptr) const {
    if (console_.json()) {
      boost::json::object object{{"event", event}, {"document", fresh.id}, {"url", fresh.url}};
      object["what"] = boost::json::value_from(what);
      for (const std::string& each : what) {
        if (!old) break;
        const auto value = [&each](const Document& d) {
          return each == "title"  ? d.title
                 : each == "body" ? d.body
                 : d.published_at ? to_rfc3339(*d.published_at)
                                  : std::string();
        };
        object[each] = {{"was", value(*old)}, {"is", value(fresh)}};
      }
      console_.line(to_line(object));
      return;
    }
    console_.line(std::string(old ? "~ " : "+ ") + fresh.id + "  " + fresh.title + "  " + fresh.url);
    for (const std::string& each : what) {
      if (each == "title") console_.line("    标题 " + old->title + " → " + fresh.title);
      if (each == "body")
        console_.line("    正文 " + std::to_string(old->body.size()) + " → " +
                      std::to_string(fresh.body.size()) + " 字节");
      if (each == "published_at")
        console_.line("    发布 " + (old->published_at ? china_minute(*old->published_at) : "未知") + " → " +
                      (fresh.published_at ? china_minute(*fresh.published_at) : "未知"));
    }
  }

  store::Store& store_;
  const analyzer::Analyzer& analyzer_;
  const Console& console_;
  std::map<std::string, const Source*> sources_;
  Tally tally_;
  std::vector<store::StoredDocument> changes_;
};

Result<void> keep(store::Store& store, std::vector<store::StoredDocument> changes, const std::string& by) {
  if (changes.empty()) return {};
  store::Batch batch;
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  for (const store::StoredDocument& each : changes)
    batch.audits.push_back({now, by, "document.reextract", each.document.id, each.document.content_hash});
  batch.documents_changed = std::move(changes);
  return store.commit(batch);
}

}  // namespace

int run_evidence_reextract(const EvidenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  if (auto there = open_store(*config, true); !there) return console.error(there.error());
  auto store = open_store(*config, false);
  if (!store) return console.error(store.error());
  auto analyzer = load_analyzer(knowledge_files(*config));
  if (!analyzer) return console.error(analyzer.error());
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  const auto from = parse_when(options.from, Time{}, now);
  const auto to = parse_when(options.to, now + std::chrono::hours{24 * 3660}, now);
  const auto salt = (*store)->note("salt");
  if (!from) return console.error(from.error());
  if (!to) return console.error(to.error());
  if (!salt) return console.error(salt.error());
  const std::string by = looker(options.by);
  const std::string what = options.source.empty() ? "all sources" : options.source;
  if (auto noted =
          note_look(**store, by, "evidence.reextract", what, options.apply ? "applied" : "shown only");
      !noted)
    return console.error(noted.error());
  Reextraction again(**store, *config, **analyzer, console);
  again.only = options.source;
  again.salt = *salt;
  store::EvidenceQuery ask;
  ask.from = *from;
  ask.to = *to;
  for (;;) {
    const auto rows = (*store)->evidence(ask);
    if (!rows) return console.error(rows.error());
    for (const store::EvidenceEntry& entry : *rows) {
      if (auto done = again.page(entry); !done) return console.error(done.error());
      if (!again.has_batch()) continue;
      auto changes = again.take_changes();
      if (!options.apply) continue;
      if (auto kept = keep(**store, std::move(changes), by); !kept) return console.error(kept.error());
    }
    if (static_cast<int>(rows->size()) < ask.limit) break;
    ask.after = rows->back();
    console.progress(std::to_string(again.tally().pages) + " pages");
  }
  console.progress_end();
  if (options.apply)
    if (auto kept = keep(**store, again.take_changes(), by); !kept) return console.error(kept.error());
  const Tally& tally = again.tally();
  if (console.json())
    console.line(to_line({{"pages", tally.pages},
                          {"same", tally.same},
                          {"changed", tally.changed},
                          {"appeared", tally.appeared},
                          {"unreadable", tally.unreadable},
                          {"without_source", tally.without_source},
                          {"applied", options.apply}}));
  else
    console.line(std::to_string(tally.pages) + " 个网页：" + std::to_string(tally.same) + " 篇不变，" +
                 std::to_string(tally.changed) + " 篇有变" +
                 (options.apply ? "（已更新）" : "（未更新，加 --apply 更新）") + "，" +
                 std::to_string(tally.appeared) + " 篇当时没有，" + std::to_string(tally.unreadable) +
                 " 个无法抽取，" + std::to_string(tally.without_source) + " 个的信源已不在配置中");
  return done;
}

}  // namespace tingchao::service
