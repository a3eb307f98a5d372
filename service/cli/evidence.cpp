// evidence verify, show and export. Who looks is written down before anything is shown: a raw page may hold
// names that documents never hold.
#include <cstdio>
#include <cstdlib>

#include <pwd.h>
#include <unistd.h>
#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "crawler/extract.h"
#include "service/cli/evidence_access.h"
#include "service/cli/setup.h"
#include "service/warc.h"

namespace tingchao::service {
namespace {

// A document's id or a body's SHA-256 to the entry.
Result<store::EvidenceEntry> entry_of(store::Store& store, const std::string& id) {
  store::EvidenceQuery ask;
  ask.hash = id;
  std::string url;
  if (id.size() != 64) {
    auto document = store.document(id);
    if (!document) return document.error();
    if (!*document)
      return Error{Errc::not_found, "no document " + id, "`tingchao search` with --json shows ids"};
    ask.hash = (*document)->document.snapshot_hash;
    url = (*document)->document.url;
    if (ask.hash.empty())
      return Error{Errc::not_found, "document " + id + " was imported: there is no page of it", ""};
  }
  auto found = store.evidence(ask);
  if (!found) return found.error();
  if (found->empty())
    return Error{Errc::not_found, "no page " + ask.hash, "it may have expired, see retention:"};
  for (const store::EvidenceEntry& each : *found)
    if (each.url == url) return each;
  return found->front();
}

void show_page(const Console& console, const store::EvidenceEntry& entry, const Page& page) {
  for (const Hop& hop : page.redirects) console.line(std::to_string(hop.status) + " " + hop.url + " →");
  console.line(console.paint(std::to_string(page.status) + " " + page.url, Colour::bold));
  console.line("采集 " + china_minute(page.fetched_at) + "  " + page.address + "  " +
               std::to_string(page.took.count()) + " ms  " + std::to_string(entry.raw_bytes) + " 字节" +
               (page.truncated ? "（超过上限，已截断）" : ""));
  console.line("sha256 " + entry.hash);
  console.line(entry.segment.empty()
                   ? "存于数据库（旧版快照）"
                   : "存于 " + entry.segment + " 第 " + std::to_string(entry.at) + " 至 " +
                         std::to_string(entry.at + entry.bytes) + " 字节，链值 " + entry.chain);
  if (!page.robots_rule.empty())
    console.line(std::string("robots ") + name(page.robots) + "：" + page.robots_rule);
  for (const auto& [header, value] : page.headers)
    console.line(console.paint(header + ": " + value, Colour::dim));
  console.line("");
  const auto decoded = crawler::decode(page.body, header(page.headers, "content-type"));
  console.line(decoded.text);
}

boost::json::object printed(const store::EvidenceEntry& entry, const Page& page) {
  boost::json::array headers, redirects;
  for (const auto& [name, value] : page.headers) headers.push_back({name, value});
  for (const Hop& hop : page.redirects) redirects.push_back({{"url", hop.url}, {"status", hop.status}});
  return {{"hash", entry.hash},
          {"url", page.url},
          {"requested_url", page.requested_url},
          {"redirects", std::move(redirects)},
          {"status", page.status},
          {"headers", std::move(headers)},
          {"address", page.address},
          {"fetched_at", to_rfc3339(page.fetched_at)},
          {"took_ms", page.took.count()},
          {"truncated", page.truncated},
          {"robots", name(page.robots)},
          {"robots_rule", page.robots_rule},
          {"segment", entry.segment},
          {"at", entry.at},
          {"bytes", entry.bytes},
          {"chain", entry.chain},
          {"body_base64", to_base64(page.body)}};
}

// Written beside and renamed, so that nobody takes half an export for a whole one.
class WarcFile {
 public:
  explicit WarcFile(const std::string& path) : path_(path), draft_(path + ".part") {
    file_ = std::fopen(draft_.c_str(), "wbe");
  }
  ~WarcFile() {
    if (!file_) return;
    std::fclose(file_);
    ::unlink(draft_.c_str());
  }
  bool write(const std::string& bytes) {
    return file_ && std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size();
  }
  bool finish() {
    if (!file_ || std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) return false;
    const bool closed = std::fclose(file_) == 0;
    file_ = nullptr;
    return closed && std::rename(draft_.c_str(), path_.c_str()) == 0;
  }
  Error failure() const {
    return {Errc::io, path_ + ": cannot be written", "check the path and free disk space"};
  }

 private:
  std::string path_, draft_;
  std::FILE* file_ = nullptr;
};

Result<long> export_range(store::Store& store, const store::EvidenceQuery& range, WarcFile& file,
                          const Console& console) {
  store::EvidenceQuery ask = range;
  long pages = 0;
  for (;;) {
    const auto rows = store.evidence(ask);
    if (!rows) return rows.error();
    for (const store::EvidenceEntry& entry : *rows) {
      const auto page = store.evidence_page(entry);
      if (!page) return page.error();
      if (!file.write(warc_page(entry, *page))) return file.failure();
      if (++pages % 100 == 0) console.progress(std::to_string(pages) + " pages");
    }
    if (static_cast<int>(rows->size()) < ask.limit) break;
    ask.after = rows->back();
  }
  console.progress_end();
  return pages;
}

}  // namespace

std::string looker(const std::string& by) {
  if (!by.empty()) return by;
  const passwd* account = ::getpwuid(::getuid());
  return account ? account->pw_name : "uid " + std::to_string(::getuid());
}

Result<void> note_look(store::Store& store, const std::string& by, const std::string& action,
                       const std::string& subject, const std::string& note) {
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  return store.audit({now, looker(by), action, subject, note});
}

int run_evidence_verify(const EvidenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const auto check = (*store)->verify_evidence(options.day);
  if (!check) return console.error(check.error());
  if (console.json()) {
    boost::json::object object{{"segments", check->segments}, {"gone", check->gone},
                               {"records", check->records},   {"erased", check->erased},
                               {"bytes", check->bytes},       {"snapshots", check->snapshots},
                               {"whole", !check->fault}};
    if (check->fault)
      object["fault"] = {{"segment", check->fault->segment},
                         {"record", check->fault->record},
                         {"begin", check->fault->begin},
                         {"end", check->fault->end},
                         {"what", check->fault->what}};
    console.line(to_line(object));
  } else if (check->fault) {
    const store::EvidenceFault& fault = *check->fault;
    console.line(console.paint("✗ ", Colour::red) + fault.segment +
                 (fault.record > 0 ? " 第 " + std::to_string(fault.record) + " 条记录" : "") + "，字节 " +
                 std::to_string(fault.begin) + " 至 " + std::to_string(fault.end) + "：" + fault.what);
    console.line("    → 停用该文件，从备份恢复；之前的 " + std::to_string(check->records) + " 条记录完好");
  } else {
    console.line(console.paint("✓ ", Colour::green) + std::to_string(check->segments) + " 个证据段，" +
                 std::to_string(check->records) + " 条记录完好，" + std::to_string(check->erased) +
                 " 条已按留存期限抹除，" + std::to_string(check->gone) + " 段已整段删除" +
                 (check->snapshots > 0 ? "，旧版快照 " + std::to_string(check->snapshots) + " 份" : ""));
  }
  if (check->fault) return nothing;
  if (!options.day.empty() && check->segments + check->gone == 0) {
    console.note("tingchao: no evidence of " + options.day + " (write the day like 2026-11-28)");
    return nothing;
  }
  return done;
}

int run_evidence_show(const EvidenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  if (auto there = open_store(*config, true); !there) return console.error(there.error());
  auto store = open_store(*config, false);  // to write the audit row
  if (!store) return console.error(store.error());
  const auto entry = entry_of(**store, options.id);
  if (!entry) return console.error(entry.error());
  if (auto noted = note_look(**store, options.by, "evidence.show", options.id, entry->url); !noted)
    return console.error(noted.error());
  const auto page = (*store)->evidence_page(*entry);
  if (!page) return console.error(page.error());
  if (console.json())
    console.line(to_line(printed(*entry, *page)));
  else if (options.raw)
    std::fwrite(page->body.data(), 1, page->body.size(), stdout);
  else
    show_page(console, *entry, *page);
  return done;
}

int run_evidence_export(const EvidenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  if (auto there = open_store(*config, true); !there) return console.error(there.error());
  auto store = open_store(*config, false);
  if (!store) return console.error(store.error());
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  const auto from = parse_when(options.from, Time{}, now);
  const auto to = parse_when(options.to, now + std::chrono::hours{24 * 3660}, now);
  if (!from) return console.error(from.error());
  if (!to) return console.error(to.error());
  store::EvidenceQuery ask;
  ask.from = *from;
  ask.to = *to;
  std::optional<store::EvidenceEntry> one;
  if (!options.document.empty()) {
    const auto entry = entry_of(**store, options.document);
    if (!entry) return console.error(entry.error());
    one = *entry;
  }
  const std::string what = one ? "document " + options.document
                               : "from " + (options.from.empty() ? "the first" : options.from) + " to " +
                                     (options.to.empty() ? "now" : options.to);
  if (auto noted = note_look(**store, options.by, "evidence.export", what, options.warc); !noted)
    return console.error(noted.error());
  WarcFile file(options.warc);
  const std::string name = options.warc.substr(options.warc.rfind('/') + 1);
  if (!file.write(warc_info(name, config->bureau + ": " + what, now))) return console.error(file.failure());
  Result<long> pages = 0L;
  if (one) {
    const auto page = (*store)->evidence_page(*one);
    if (!page) return console.error(page.error());
    if (!file.write(warc_page(*one, *page))) return console.error(file.failure());
    pages = 1L;
  } else {
    pages = export_range(**store, ask, file, console);
  }
  if (!pages) return console.error(pages.error());
  if (*pages == 0) {
    console.note("tingchao: no page in that time");
    return nothing;
  }
  if (!file.finish()) return console.error(file.failure());
  console.line(console.json() ? to_line({{"file", options.warc}, {"pages", *pages}})
                              : options.warc + "  " + std::to_string(*pages) + " 个网页");
  return done;
}

}  // namespace tingchao::service
