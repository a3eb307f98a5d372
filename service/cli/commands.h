#pragma once
// One function a command: options in, exit code out. Parsing of the words is cli.cpp's matter.

#include <string>
#include <vector>

#include "service/cli/console.h"

namespace tingchao::service {

// Where commands find their configuration: -c, else ./tingchao.yaml, else /etc/tingchao/tingchao.yaml,
// else the embedded defaults with ./tingchao.db.
struct ConfigChoice {
  std::string file;
};

struct InitOptions {
  std::string directory = ".";
  bool force = false;
};
int run_init(const InitOptions& options, const Console& console);

struct RunOptions {
  ConfigChoice config;
  bool check = false;
};
int run_run(const RunOptions& options, const Console& console);

struct CrawlOptions {
  ConfigChoice config;
  bool once = false;
  std::vector<std::string> sources;
  bool send = false;
  bool hosts = false;  // show what is known of servers instead
};
int run_hosts(const CrawlOptions& options, const Console& console);
int run_crawl(const CrawlOptions& options, const Console& console);

struct ScanOptions {
  ConfigChoice config;
  std::vector<std::string> rules, targets;
  std::string query;
  int context = 24;   // characters on each side
  bool html = false;  // extract files as web pages first
  std::vector<std::string> allow_networks;
};
int run_scan(const ScanOptions& options, const Console& console);

struct FetchOptions {
  ConfigChoice config;
  std::string url;
  std::vector<std::string> allow_networks;
};
int run_fetch(const FetchOptions& options, const Console& console);

struct ExtractOptions {
  std::string url, file = "-", kind = "page", content_type;
};
int run_extract(const ExtractOptions& options, const Console& console);

struct SegmentOptions {
  ConfigChoice config;
  std::string file = "-";
  std::string model;
  bool offsets = false;
};
int run_segment(const SegmentOptions& options, const Console& console);

struct TrainOptions {
  ConfigChoice config;
  std::string head, labels, out;
  bool corrections = false;
  double prune = 0;
  std::size_t triples_min = 1;
};
int run_train(const TrainOptions& options, const Console& console);

struct ClassifyOptions {
  std::string head, model, file = "-";
};
int run_classify(const ClassifyOptions& options, const Console& console);

struct RulesOptions {
  ConfigChoice config;
  std::vector<std::string> paths;
  std::string rule, text, file, title, topic, from, to;
};
int run_rules_check(const RulesOptions& options, const Console& console);
int run_rules_test(const RulesOptions& options, const Console& console);
int run_rules_explain(const RulesOptions& options, const Console& console);
int run_rules_list(const RulesOptions& options, const Console& console);
int run_rules_coverage(const RulesOptions& options, const Console& console);

struct SuggestOptions {
  ConfigChoice config;
  std::vector<std::string> paths;
  std::string input, from = "7d", to, before = "28d", topic, out;
  int count = 20;
  bool all = false;
};
int run_rules_suggest(const SuggestOptions& options, const Console& console);

struct SearchOptions {
  ConfigChoice config;
  std::string query, from, to, source;
  int limit = 20;
};
int run_search(const SearchOptions& options, const Console& console);

struct StoriesOptions {
  ConfigChoice config;
  std::string id, from, to;
  int limit = 20;
};
int run_stories_list(const StoriesOptions& options, const Console& console);
int run_stories_show(const StoriesOptions& options, const Console& console);

struct WarningsOptions {
  ConfigChoice config;
  std::string id, by, note, unit, url, verdict, clock, level, duplicate_of;
  bool all = false;
  int seq = 0;
};
int run_warnings_list(const WarningsOptions& options, const Console& console);
int run_warnings_show(const WarningsOptions& options, const Console& console);
// `verb`: ack, assign, respond, close, dismiss, reopen, confirm, level, comment.
int run_warnings_act(const std::string& verb, const WarningsOptions& options, const Console& console);
int run_warnings_explain(const WarningsOptions& options, const Console& console);

struct SilenceOptions {
  ConfigChoice config;
  std::string id, warning, topic, school, stream, span, until, by, note;
  bool all = false;
};
int run_silence(const SilenceOptions& options, const Console& console);
int run_unsilence(const SilenceOptions& options, const Console& console);
int run_silences(const SilenceOptions& options, const Console& console);

struct DutyOptions {
  ConfigChoice config;
  std::string at;
};
int run_duty(const DutyOptions& options, const Console& console);

struct AuditOptions {
  ConfigChoice config;
  std::string actor, subject, action, from;
  int limit = 50;
};
int run_audit_list(const AuditOptions& options, const Console& console);
int run_audit_verify(const AuditOptions& options, const Console& console);

struct MeasureOptions {
  ConfigChoice config;
  std::string measure, last = "90d", out;
};
int run_measure_check(const MeasureOptions& options, const Console& console);
int run_measure_preview(const MeasureOptions& options, const Console& console);

struct NotifyOptions {
  ConfigChoice config;
  std::string channel;
  std::string warning;  // preview: id; empty: the newest one
};
int run_notify_list(const NotifyOptions& options, const Console& console);
int run_notify_preview(const NotifyOptions& options, const Console& console);
int run_notify_test(const NotifyOptions& options, const Console& console);

struct ReplayOptions {
  ConfigChoice config;
  std::string input, from, to, measure;
  std::vector<std::string> rules;
  std::string against;   // a second measure to compare with; "shipped": the embedded one
  bool summary = false;  // rates, intervals and delays at the end
};
int run_replay(const ReplayOptions& options, const Console& console);

struct DigestOptions {
  ConfigChoice config;
  std::string date, period = "day", special, out;
  bool send = false;
};
int run_digest(const DigestOptions& options, const Console& console);

struct ExportOptions {
  ConfigChoice config;
  std::string what = "documents", format = "jsonl", from, to, out;
};
int run_export(const ExportOptions& options, const Console& console);
struct ImportOptions {
  ConfigChoice config;
  std::vector<std::string> files;
  std::string format;
};
int run_import(const ImportOptions& options, const Console& console);

struct EvidenceOptions {
  ConfigChoice config;
  std::string id, day, warc, from, to, document, source, by;
  bool raw = false, apply = false;
};
int run_evidence_verify(const EvidenceOptions& options, const Console& console);
int run_evidence_show(const EvidenceOptions& options, const Console& console);
int run_evidence_export(const EvidenceOptions& options, const Console& console);
int run_evidence_reextract(const EvidenceOptions& options, const Console& console);

struct SourceTestOptions {
  ConfigChoice config;
  std::string url;
  std::vector<std::string> allow_networks;
};
int run_source_test(const SourceTestOptions& options, const Console& console);
int run_source_list(const SourceTestOptions& options, const Console& console);

struct DoctorOptions {
  ConfigChoice config;
  bool offline = false;
};
int run_doctor(const DoctorOptions& options, const Console& console);

struct DemoOptions {
  bool once = false, town_only = false, keep = false;
  std::string directory;
  double seconds = 30;
};
int run_demo(const DemoOptions& options, const Console& console);

// The whole command line.
int run_command_line(int argc, char** argv);

}  // namespace tingchao::service
