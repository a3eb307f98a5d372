// The words of the command line, turned into option structs by CLI11. Each command says what it does
// and gives one example that works as written.
#include "service/cli/commands.h"

#include <functional>

#include <CLI/CLI.hpp>

namespace tingchao::service {
namespace {

// Everything that the parser fills; it must outlive the parse.
struct Words {
  bool json = false;
  InitOptions init;
  RunOptions run;
  CrawlOptions crawl;
  ScanOptions scan;
  FetchOptions fetch;
  ExtractOptions extract;
  SegmentOptions segment;
  TrainOptions train;
  ClassifyOptions classify;
  RulesOptions rules;
  SuggestOptions suggest;
  SearchOptions search;
  StoriesOptions stories;
  WarningsOptions warnings;
  SilenceOptions silence;
  DutyOptions duty;
  AuditOptions audit;
  MeasureOptions measure;
  NotifyOptions notify;
  ReplayOptions replay;
  DigestOptions digest;
  ExportOptions exported;
  ImportOptions imported;
  EvidenceOptions evidence;
  SourceTestOptions source_test;
  DoctorOptions doctor;
  DemoOptions demo;
  std::function<int(const Console&)> chosen;
};

class Commands {
 public:
  explicit Commands(CLI::App& app) : app_(app) {}

  Words words;
  void add_daemon();
  void add_reading();
  void add_rules();
  void add_memory();
  void add_warnings();
  void add_silences(CLI::App& warnings);
  void add_duty();
  void add_notify();
  void add_exchange();
  void add_evidence();
  void add_sources();

 private:
  CLI::App* add(CLI::App& parent, const char* name, const char* does, const char* example) {
    CLI::App* command = parent.add_subcommand(name, does);
    command->add_flag("--json", words.json, "one JSON object a line, for machines");
    command->footer(std::string("Example:\n  ") + example);
    return command;
  }
  template <class Options>
  void on(CLI::App* command, int (*run)(const Options&, const Console&), const Options& options) {
    command->callback([this, run, &options] {
      words.chosen = [run, &options](const Console& console) { return run(options, console); };
    });
  }
  void config(CLI::App* command, ConfigChoice& choice) {
    command->add_option("-c,--config", choice.file,
                        "configuration (default: ./tingchao.yaml, "
                        "/etc/tingchao/tingchao.yaml, then embedded defaults)");
  }

  CLI::App& app_;
};

void Commands::add_daemon() {
  CLI::App* init =
      add(app_, "init", "write a commented configuration of one's own", "tingchao init my-bureau");
  init->add_option("DIR", words.init.directory, "where to (default: here)");
  init->add_flag("--force", words.init.force, "overwrite files that are there");
  on(init, run_init, words.init);

  CLI::App* run = add(app_, "run", "the daemon: crawl, analyse, warn, send, digest at its hour",
                      "tingchao run -c my-bureau/tingchao.yaml");
  config(run, words.run.config);
  run->add_flag("--check", words.run.check, "only check configuration, rules and measure");
  on(run, run_run, words.run);

  CLI::App* demo =
      add(app_, "demo", "a made-up town on loopback and the daemon against it", "tingchao demo --once");
  demo->add_flag("--once", words.demo.once, "one afternoon, no live view, then exit");
  demo->add_option("--dir", words.demo.directory,
                   "where mails, digest and store go (default: a new one under /tmp)");
  demo->add_option("--seconds", words.demo.seconds, "how long the afternoon takes")
      ->check(CLI::Range(5.0, 3600.0));
  demo->add_flag("--town", words.demo.town_only, "serve the town only and write a configuration for `run`");
  on(demo, run_demo, words.demo);

  CLI::App* crawl = add(app_, "crawl", "fetch without the daemon",
                        "tingchao crawl -c tingchao.yaml --once --source moe-news");
  config(crawl, words.crawl.config);
  crawl->add_flag("--once", words.crawl.once, "every source once, then stop");
  crawl->add_option("--source", words.crawl.sources, "only these source ids");
  crawl->add_flag("--send", words.crawl.send, "send the messages too (else they wait in the outbox)");
  crawl->add_flag("--hosts", words.crawl.hosts, "show every server's state and why it waits; fetch nothing");
  on(crawl, run_crawl, words.crawl);

  CLI::App* doctor =
      add(app_, "doctor", "check configuration, sources, clock, disk, mail server and webhooks",
          "tingchao doctor -c tingchao.yaml");
  config(doctor, words.doctor.config);
  doctor->add_flag("--offline", words.doctor.offline, "no request to any source or server");
  on(doctor, run_doctor, words.doctor);
}

void Commands::add_reading() {
  CLI::App* scan = add(app_, "scan", "keyword scan over files, directories, URLs or standard input",
                       "tingchao scan --query '食堂 AND (食物中毒 OR 腹泻)' posts/");
  config(scan, words.scan.config);
  scan->add_option("--rules", words.scan.rules,
                   "rule packs, files or directories (default: configured or embedded)");
  scan->add_option("--query", words.scan.query, "one expression of the rule language instead of packs");
  scan->add_option("--context", words.scan.context, "characters shown around a hit")
      ->check(CLI::Range(0, 500));
  scan->add_flag("--html", words.scan.html, "read files as web pages: extract the text first");
  scan->add_option("--allow-network", words.scan.allow_networks,
                   "networks that URLs may lead to besides public ones");
  scan->add_option("TARGETS", words.scan.targets, "FILE, DIR, URL or - (default: -)");
  on(scan, run_scan, words.scan);

  CLI::App* fetch = add(app_, "fetch", "show one URL through the stations",
                        "tingchao fetch https://www.example.edu.cn/news/1.html");
  config(fetch, words.fetch.config);
  fetch->add_option("URL", words.fetch.url)->required();
  fetch->add_option("--allow-network", words.fetch.allow_networks,
                    "networks that the URL may lead to besides public ones");
  on(fetch, run_fetch, words.fetch);

  CLI::App* extract = add(app_, "extract", "HTML bytes in, Document JSON out",
                          "tingchao extract --url https://a.example/1.html page.html");
  extract->add_option("--url", words.extract.url, "the address that the bytes came from");
  extract->add_option("--kind", words.extract.kind, "page, board, list, feed, sitemap or hotlist");
  extract->add_option("--content-type", words.extract.content_type, "the Content-Type header, if known");
  extract->add_option("FILE", words.extract.file, "file or - (default)");
  on(extract, run_extract, words.extract);

  CLI::App* segment = add(app_, "segment", "lines in, words separated by one space out",
                          "echo 食品安全进校园 | tingchao segment");
  config(segment, words.segment.config);
  segment->add_flag("--offsets", words.segment.offsets,
                    "a JSON array of [word, begin, end] a line, in bytes");
  segment->add_option("--model", words.segment.model,
                      "made by `train --head segment` (default: the shipped one)");
  segment->add_option("FILE", words.segment.file, "file or - (default)");
  on(segment, run_segment, words.segment);

  CLI::App* train = add(app_, "train", "make a model out of labelled text",
                        "tingchao train --head relevance --labels labels.tsv --out relevance.model");
  train
      ->add_option("--head", words.train.head,
                   "segment (words separated by spaces), or a classifier's name (label TAB text)")
      ->required();
  train->add_option("--labels", words.train.labels,
                    "file or - (default: the texts that the shipped model was learnt from)");
  train->add_flag(
      "--corrections", words.train.corrections,
      "add the documents of closed warnings: handled ones are 1, false alarms 0 (head relevance)");
  train->add_option(
      "--prune", words.train.prune,
      "classifiers: leave out n-grams whose weights all stay below, 0.1 halves the model (default: 0)");
  train->add_option(
      "--triples-min", words.train.triples_min,
      "classifiers: learn n-grams of three characters only if they stand in so many texts (default: 1)");
  config(train, words.train.config);
  train->add_option("--out", words.train.out, "where the model goes")->required();
  on(train, run_train, words.train);

  CLI::App* classify = add(app_, "classify", "a text a line in, label and probability out",
                           "echo 食堂的饭是凉的 | tingchao classify --head stance -");
  classify
      ->add_option("--head", words.classify.head,
                   "which question: relevance, stance, topic, severity, or the model's own")
      ->required();
  classify->add_option("--model", words.classify.model,
                       "made by `train` (default: the shipped one of that head)");
  classify->add_option("FILE", words.classify.file, "file or - (default)");
  on(classify, run_classify, words.classify);
}

void Commands::add_rules() {
  CLI::App* rules = app_.add_subcommand("rules", "check, test, explain and list rules, and what they cover");
  rules->require_subcommand(1);
  const auto common = [this](CLI::App* command) {
    config(command, words.rules.config);
    command->add_option("--rules", words.rules.paths,
                        "packs, files or directories (default: configured or embedded)");
  };
  CLI::App* check =
      add(*rules, "check", "mistakes, and what contradicts itself, has no effect or is too broad",
          "tingchao rules check --rules my-rules/");
  common(check);
  check->add_option("--from", words.rules.from, "look for broad rules in what is stored since then, too");
  check->add_option("--to", words.rules.to);
  on(check, run_rules_check, words.rules);
  CLI::App* test = add(*rules, "test", "run the examples written in the packs", "tingchao rules test");
  common(test);
  on(test, run_rules_test, words.rules);
  CLI::App* explain = add(*rules, "explain", "why a text matched or not",
                          "tingchao rules explain '食堂吃出虫子' --rule canteen-foreign-body");
  common(explain);
  explain->add_option("TEXT", words.rules.text, "the text (or --file)");
  explain->add_option("--file", words.rules.file, "read the text from a file, - for standard input");
  explain->add_option("--title", words.rules.title, "the document's title");
  explain->add_option("--rule", words.rules.rule, "only this rule (default: those that match or nearly do)");
  on(explain, run_rules_explain, words.rules);
  CLI::App* list = add(*rules, "list", "ids, topics and severities", "tingchao rules list --topic 校园安全");
  common(list);
  list->add_option("--topic", words.rules.topic, "only topics that begin so");
  on(list, run_rules_list, words.rules);
  CLI::App* coverage =
      add(*rules, "coverage", "how often each rule matches what is stored, and which never do",
          "tingchao rules coverage --from 30d");
  common(coverage);
  coverage->add_option("--from", words.rules.from, "date, time, or a span back from now (default: all)");
  coverage->add_option("--to", words.rules.to);
  on(coverage, run_rules_coverage, words.rules);
  CLI::App* suggest = add(*rules, "suggest", "words that no list has, from what is stored; a person decides",
                          "tingchao rules suggest --from 7d --out candidates.txt");
  config(suggest, words.suggest.config);
  suggest->add_option("--rules", words.suggest.paths, "packs that know their words already");
  suggest->add_option("--input", words.suggest.input, "JSONL file or - instead of the store");
  suggest->add_option("--from", words.suggest.from, "date, time, or a span back from now or from --to");
  suggest->add_option("--to", words.suggest.to);
  suggest->add_option("--before", words.suggest.before, "how long before --from is compared with");
  suggest->add_option("--topic", words.suggest.topic, "only documents with a topic that begins so");
  suggest->add_flag("--all", words.suggest.all, "documents of all matters, not of education alone");
  suggest->add_option("--count", words.suggest.count, "how many at most")->check(CLI::Range(1, 500));
  suggest->add_option("--out", words.suggest.out, "a word list to accept from: take the # away");
  on(suggest, run_rules_suggest, words.suggest);
}

void Commands::add_memory() {
  CLI::App* search = add(app_, "search", "full text over stored documents",
                         "tingchao search '退费 NEAR/10 培训' --from 2026-04-01");
  config(search, words.search.config);
  search->add_option("QUERY", words.search.query)->required();
  search->add_option("--from", words.search.from, "date or time");
  search->add_option("--to", words.search.to, "date or time");
  search->add_option("--source", words.search.source, "source id");
  search->add_option("--limit", words.search.limit)->check(CLI::Range(1, 10000));
  on(search, run_search, words.search);

  CLI::App* stories = app_.add_subcommand("stories", "list and show stories");
  stories->require_subcommand(1);
  CLI::App* list = add(*stories, "list", "hottest first", "tingchao stories list --from 2026-04-15");
  config(list, words.stories.config);
  list->add_option("--from", words.stories.from);
  list->add_option("--to", words.stories.to);
  list->add_option("--limit", words.stories.limit)->check(CLI::Range(1, 10000));
  on(list, run_stories_list, words.stories);
  CLI::App* show =
      add(*stories, "show", "one story with its documents", "tingchao stories show 3f9a6c01d2e45b78");
  config(show, words.stories.config);
  show->add_option("ID", words.stories.id)->required();
  on(show, run_stories_show, words.stories);

  CLI::App* digest = add(app_, "digest", "the report of a day, week or month, or of one story",
                         "tingchao digest --date 2026-04-15 --out reports/");
  config(digest, words.digest.config);
  digest->add_option("--date", words.digest.date, "its last day (default: today)");
  digest->add_option("--period", words.digest.period, "a month is that of the calendar")
      ->check(CLI::IsMember({"day", "week", "month"}));
  digest->add_option("--special", words.digest.special, "a special report (专报) of this warning or story")
      ->type_name("ID");
  digest->add_option("--out", words.digest.out,
                     "directory for .eml, .html, .txt, .docx and .xlsx (default: here)");
  digest->add_flag("--send", words.digest.send, "put it into the outbox of the configured recipients");
  on(digest, run_digest, words.digest);

  CLI::App* replay = add(app_, "replay", "run history through rules and measure in simulated time",
                         "tingchao replay --input history.jsonl --json");
  config(replay, words.replay.config);
  replay->add_option("--input", words.replay.input, "JSONL file or -");
  replay->add_option("--from", words.replay.from, "stored documents from");
  replay->add_option("--to", words.replay.to, "… to");
  replay->add_option("--rules", words.replay.rules, "packs to try");
  replay->add_option("--measure", words.replay.measure, "measure to try");
  replay->add_option("--against", words.replay.against, "another measure or 'shipped': what either alone raises");
  replay->add_flag("--summary", words.replay.summary, "at the end: alarms per 30 days with their interval, delays");
  on(replay, run_replay, words.replay);
}

void Commands::add_warnings() {
  CLI::App* warnings = app_.add_subcommand("warnings", "list, show, and act on warnings");
  warnings->require_subcommand(1);
  CLI::App* list = add(*warnings, "list", "open ones, gravest first", "tingchao warnings list --all");
  config(list, words.warnings.config);
  list->add_flag("--all", words.warnings.all, "closed ones too");
  on(list, run_warnings_list, words.warnings);
  CLI::App* show = add(*warnings, "show", "one warning with reasons, evidence, clocks and history",
                       "tingchao warnings show 3f9a6c01d2e45b78");
  config(show, words.warnings.config);
  show->add_option("ID", words.warnings.id)->required();
  on(show, run_warnings_show, words.warnings);

  struct Verb {
    const char* name;
    const char* does;
    const char* example;
  };
  static constexpr Verb verbs[] = {
      {"ack", "take notice of it", "tingchao warnings ack 3f9a6c01d2e45b78 --by 王敏"},
      {"confirm", "confirm the highest level", "tingchao warnings confirm 3f9a6c01d2e45b78 --by 王敏"},
      {"assign", "hand it to a unit", "tingchao warnings assign 3f9a6c01d2e45b78 --by 王敏 --unit 安全科"},
      {"respond", "record the public answer",
       "tingchao warnings respond 3f9a6c01d2e45b78 --by 王敏 --url https://www.example.gov.cn/1.html"},
      {"level", "set the level by hand; the measure then never lowers it",
       "tingchao warnings level 3f9a6c01d2e45b78 --by 王敏 --level Ⅱ --note 省级媒体已跟进"},
      {"close", "close it with a verdict; its messages that still wait are not sent",
       "tingchao warnings close 3f9a6c01d2e45b78 --by 王敏 --verdict handled --note 已回应"},
      {"dismiss", "not a matter for a warning; its messages that still wait are not sent",
       "tingchao warnings dismiss 3f9a6c01d2e45b78 --by 王敏 --note 外地事件"},
      {"reopen", "open it again", "tingchao warnings reopen 3f9a6c01d2e45b78 --by 王敏 --note 再次发酵"},
      {"comment", "add a remark", "tingchao warnings comment 3f9a6c01d2e45b78 --by 王敏 --note 已电话核实"}};
  for (const Verb& verb : verbs) {
    CLI::App* act = add(*warnings, verb.name, verb.does, verb.example);
    config(act, words.warnings.config);
    act->add_option("ID", words.warnings.id)->required();
    act->add_option("--by", words.warnings.by, "who does this")->required();
    act->add_option("--note", words.warnings.note, "reason or remark");
    act->add_option("--unit", words.warnings.unit, "assign: to whom");
    act->add_option("--url", words.warnings.url, "respond: the answer's address");
    act->add_option("--clock", words.warnings.clock, "respond: the one clock that this meets (default: all)");
    act->add_option("--level", words.warnings.level, "level: Ⅰ, Ⅱ, Ⅲ or Ⅳ (or 1 to 4)");
    act->add_option("--verdict", words.warnings.verdict,
                    "close: handled, false_alarm, duplicate, out_of_scope");
    act->add_option("--of", words.warnings.duplicate_of, "close as duplicate: of which warning");
    act->callback([this, name = verb.name] {
      words.chosen = [this, name](const Console& console) {
        return run_warnings_act(name, words.warnings, console);
      };
    });
  }
  CLI::App* explain = add(*warnings, "explain", "derive its reasons again from the store and compare the bytes",
                          "tingchao warnings explain 3f9a6c01d2e45b78");
  config(explain, words.warnings.config);
  explain->add_option("ID", words.warnings.id)->required();
  explain->add_option("--seq", words.warnings.seq, "of which change (default: the last with reasons)");
  explain->add_option("--by", words.warnings.by, "who looks, for the audit trail (default: the account)");
  on(explain, run_warnings_explain, words.warnings);
  add_silences(*warnings);
}

void Commands::add_silences(CLI::App& warnings) {
  CLI::App* silence = add(warnings, "silence", "tell nobody for a while, with a reason; never holds back Ⅰ and Ⅱ",
                          "tingchao warnings silence --topic 招生入学 --for 2d --by 王敏 --note 已统一答复");
  config(silence, words.silence.config);
  silence->add_option("ID", words.silence.warning, "this warning only");
  silence->add_option("--topic", words.silence.topic, "warnings of this topic or below");
  silence->add_option("--school", words.silence.school, "warnings that name this school");
  silence->add_option("--stream", words.silence.stream, "bursts of this stream");
  silence->add_option("--for", words.silence.span, "how long, at most 7d");
  silence->add_option("--until", words.silence.until, "or its end");
  silence->add_option("--by", words.silence.by, "who does this")->required();
  silence->add_option("--note", words.silence.note, "why")->required();
  on(silence, run_silence, words.silence);
  CLI::App* unsilence = add(warnings, "unsilence", "end a silence before its time",
                            "tingchao warnings unsilence 3f9a6c01d2e45b78 --by 王敏");
  config(unsilence, words.silence.config);
  unsilence->add_option("ID", words.silence.id)->required();
  unsilence->add_option("--by", words.silence.by, "who does this")->required();
  unsilence->add_option("--note", words.silence.note, "why");
  on(unsilence, run_unsilence, words.silence);
  CLI::App* silences =
      add(warnings, "silences", "those in force, the first to end first", "tingchao warnings silences");
  config(silences, words.silence.config);
  silences->add_flag("--all", words.silence.all, "those that have ended too");
  on(silences, run_silences, words.silence);
}

void Commands::add_duty() {
  CLI::App* duty = add(app_, "duty", "who is on duty, who waits in quiet hours, who is told next and when",
                       "tingchao duty --at 2026-10-01T22:30");
  config(duty, words.duty.config);
  duty->add_option("--at", words.duty.at, "date and time (default: now)");
  on(duty, run_duty, words.duty);

  CLI::App* audit = app_.add_subcommand("audit", "who did what when, and whether anybody touched the list");
  audit->require_subcommand(1);
  CLI::App* verify =
      add(*audit, "verify", "walk the hash chain; names the first row that is broken", "tingchao audit verify");
  config(verify, words.audit.config);
  on(verify, run_audit_verify, words.audit);
  CLI::App* list = add(*audit, "list", "the last rows, the newest at the end",
                       "tingchao audit list --action warning. --from 7d");
  config(list, words.audit.config);
  list->add_option("--actor", words.audit.actor, "only this person");
  list->add_option("--subject", words.audit.subject, "only this warning, silence or document");
  list->add_option("--action", words.audit.action, "only actions that begin so: warning., silence., evidence.");
  list->add_option("--from", words.audit.from, "date, time, or a span back from now");
  list->add_option("--limit", words.audit.limit)->check(CLI::Range(1, 100000));
  on(list, run_audit_list, words.audit);

  CLI::App* measure = app_.add_subcommand("measure", "check a measure; see what a change of it would have done");
  measure->require_subcommand(1);
  CLI::App* check = add(*measure, "check", "mistakes with their lines, then what can hardly be meant",
                        "tingchao measure check my-measure.yaml");
  config(check, words.measure.config);
  check->add_option("FILE", words.measure.measure, "the measure (default: the configured one)");
  on(check, run_measure_check, words.measure);
  CLI::App* preview =
      add(*measure, "preview", "what a changed measure would have raised and dropped, as a table and a picture",
          "tingchao measure preview --last 90d --measure my-measure.yaml --out preview.png");
  config(preview, words.measure.config);
  preview->add_option("--last", words.measure.last, "the span that is run again (default: 90d)");
  preview->add_option("--measure", words.measure.measure,
                      "the changed file (default: the configured one, against what was raised then)");
  preview->add_option("--out", words.measure.out, "a picture, PNG");
  on(preview, run_measure_preview, words.measure);
}

void Commands::add_notify() {
  CLI::App* notify = app_.add_subcommand("notify", "channels: list, preview and test");
  notify->require_subcommand(1);
  CLI::App* list = add(*notify, "list", "channels with their limits, last delivery and what waits",
                       "tingchao notify list");
  config(list, words.notify.config);
  on(list, run_notify_list, words.notify);
  CLI::App* preview = add(*notify, "preview", "what a channel would be sent; nothing is sent",
                          "tingchao notify preview duty-group --warning 3f9a6c01d2e45b78");
  config(preview, words.notify.config);
  preview->add_option("CHANNEL", words.notify.channel)->required();
  preview->add_option("--warning", words.notify.warning, "id (default: the newest one)");
  on(preview, run_notify_preview, words.notify);
  CLI::App* test = add(*notify, "test", "send one marked test message and show the provider's answer",
                       "tingchao notify test duty-group");
  config(test, words.notify.config);
  test->add_option("CHANNEL", words.notify.channel)->required();
  on(test, run_notify_test, words.notify);
}

void Commands::add_exchange() {
  CLI::App* exported = add(app_, "export", "documents and warnings out; sources as OPML",
                           "tingchao export documents --format csv --out april.csv");
  config(exported, words.exported.config);
  exported->add_option("WHAT", words.exported.what)
      ->check(CLI::IsMember({"documents", "warnings", "sources"}));
  exported->add_option("--format", words.exported.format)
      ->check(CLI::IsMember({"jsonl", "csv", "xlsx", "opml"}));
  exported->add_option("--from", words.exported.from);
  exported->add_option("--to", words.exported.to);
  exported->add_option("--out", words.exported.out, "file (default: standard output)");
  on(exported, run_export, words.exported);

  CLI::App* imported = add(app_, "import", "documents (JSONL) in; OPML feed lists to a sources file",
                           "tingchao import history.jsonl");
  config(imported, words.imported.config);
  imported->add_option("FILES", words.imported.files)->required();
  imported->add_option("--format", words.imported.format, "jsonl or opml (default: by the file's name)");
  on(imported, run_import, words.imported);
}

void Commands::add_evidence() {
  CLI::App* evidence =
      app_.add_subcommand("evidence", "the raw pages behind documents: check, show, export, extract anew");
  evidence->require_subcommand(1);
  CLI::App* verify =
      add(*evidence, "verify", "hold every byte against the chain; names the first that is broken",
          "tingchao evidence verify --day 2026-11-28");
  config(verify, words.evidence.config);
  verify->add_option("--day", words.evidence.day, "only this day's segments (default: all)");
  on(verify, run_evidence_verify, words.evidence);

  const auto by = [this](CLI::App* command) {
    config(command, words.evidence.config);
    command->add_option("--by", words.evidence.by, "who looks, for the audit trail (default: the account)");
  };
  CLI::App* show = add(*evidence, "show", "the page of a document with headers and how it was fetched",
                       "tingchao evidence show 3f9a6c01d2e45b78 --by 王敏");
  by(show);
  show->add_option("ID", words.evidence.id, "a document's id or a snapshot's SHA-256")->required();
  show->add_flag("--raw", words.evidence.raw, "the bytes as they came, nothing else");
  on(show, run_evidence_show, words.evidence);

  CLI::App* exported = add(*evidence, "export", "pages as WARC 1.1, for other tools",
                           "tingchao evidence export --warc april.warc.gz --from 2026-04-01 --to 2026-05-01");
  by(exported);
  exported->add_option("--warc", words.evidence.warc, "the file to write")->required();
  exported->add_option("--from", words.evidence.from, "fetched since: date, time, or a span back from now");
  exported->add_option("--to", words.evidence.to, "… and before");
  exported->add_option("--document", words.evidence.document, "only the page of this document or snapshot");
  on(exported, run_evidence_export, words.evidence);

  CLI::App* again =
      add(*evidence, "reextract", "extract documents again from their pages and show what differs",
          "tingchao evidence reextract --source town-forum --from 30d");
  by(again);
  again->add_option("--source", words.evidence.source, "only pages of this source");
  again->add_option("--from", words.evidence.from, "fetched since: date, time, or a span back from now");
  again->add_option("--to", words.evidence.to, "… and before");
  again->add_flag("--apply", words.evidence.apply, "keep what differs (default: only show it)");
  on(again, run_evidence_reextract, words.evidence);
}

void Commands::add_sources() {
  CLI::App* source =
      app_.add_subcommand("source", "try an address as a source; list sources and example packs");
  source->require_subcommand(1);
  CLI::App* test =
      add(*source, "test", "read an address politely and propose a definition, with five documents",
          "tingchao source test https://www.example.edu.cn/news/");
  config(test, words.source_test.config);
  test->add_option("URL", words.source_test.url)->required();
  test->add_option("--allow-network", words.source_test.allow_networks,
                   "networks that the URL may lead to besides public ones");
  on(test, run_source_test, words.source_test);
  CLI::App* list =
      add(*source, "list", "configured sources, then those of the packs that `source_packs:` takes",
          "tingchao source list");
  config(list, words.source_test.config);
  on(list, run_source_list, words.source_test);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{"Tingchao 听潮: reads the open web for a school district and warns early, with evidence",
               "tingchao"};
  app.set_version_flag("--version", "tingchao 0.1.0");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 nothing found or a check failed, 2 usage or configuration, 3 I/O or remote "
      "failure.\n"
      "`tingchao COMMAND --help` shows each command's options and an example.");
  Commands commands(app);
  commands.add_daemon();
  commands.add_reading();
  commands.add_rules();
  commands.add_memory();
  commands.add_warnings();
  commands.add_duty();
  commands.add_notify();
  commands.add_exchange();
  commands.add_evidence();
  commands.add_sources();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& words) {
    const int code = app.exit(words);
    return code == 0 ? done : usage;
  }
  const Console console(commands.words.json);
  return commands.words.chosen(console);
}

}  // namespace tingchao::service
