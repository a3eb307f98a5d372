// Parts are built in the order of the data's way and destroyed in reverse. The I/O thread runs every
// coroutine; pure work runs on the cpu pool, the store and all state of stories and warnings on one
// thread of their own. Stopping is just stopping: whatever was not committed is done again.
#include "service/daemon.h"

#include <csignal>
#include <deque>
#include <map>
#include <random>

#include <spdlog/spdlog.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "alerting/wording.h"
#include "core/hash.h"
#include "crawler/health.h"
#include "crawler/schedule.h"
#include "net/supervise.h"
#include "service/api.h"
#include "service/heartbeat.h"
#include "service/holidays.h"
#include "service/knowledge.h"
#include "service/on.h"
#include "service/outbox.h"
#include "service/report.h"
#include "service/unsubscribe.h"
#include "service/revisits.h"

namespace tingchao::service {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr std::chrono::minutes tick_every{1};
constexpr const char* health_note = "health:";  // before a source's id: its crawler::HealthState
constexpr int hosts_recalled_max = 10'000;
constexpr const char* crawl_started_note = "crawl:started";

crawler::Fetcher::Options fetch_options(const Config& config, const WallClock& clock) {
  crawler::Fetcher::Options options;
  options.delay_min = config.delay_min_ms;
  options.now = [&clock] { return clock.now(); };
  options.remember = true;
  return options;
}

net::HttpClient::Options client_options(const Config& config, net::AddressPolicy policy) {
  net::HttpClient::Options options;
  options.policy = std::move(policy);
  const std::string contact = config.contact.empty() ? "https://github.com/tingchao" : config.contact;
  options.user_agent = "TingchaoBot/0.1 (+" + contact + ")";
  return options;
}

class Daemon {
 public:
  struct Knowledge {
    std::shared_ptr<const analyzer::Analyzer> analyzer;
    std::shared_ptr<const alerting::Measure> measure;
    alerting::Book book;
  };
  Daemon(const Config& config, const DaemonOptions& options, Knowledge knowledge,
         std::unique_ptr<store::Store> store, net::AddressPolicy policy);

  Result<void> run();

 private:
  Result<void> prepare();
  Result<void> recall_hosts();
  void start_sources();
  awaitable<void> source_loop(Source source, SourceHealth health);
  crawler::HealthState judge_health(const Source& source, const VisitReport& report, store::Batch& batch);
  awaitable<void> note_visit(const Source& source, SourceHealth& health, const VisitReport& report);
  awaitable<void> time_loop();
  awaitable<void> report_loop();
  awaitable<void> send_digest_when_due(Time now);
  awaitable<void> test_channels_when_due(Time now);
  awaitable<void> heartbeat_loop();
  awaitable<void> expire_daily(Time now);
  awaitable<void> listen_to_signals();
  awaitable<void> sleep_until(Time at);
  Result<Knowledge> read_anew() const;
  awaitable<void> reload();
  Result<void> note_knowledge(std::string_view action);

  Config config_;
  DaemonOptions options_;
  Knowledge knowledge_;
  asio::io_context io_{1};
  // Caught from the start: a SIGHUP before the first page would otherwise end the program.
  asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGHUP};
  std::unique_ptr<store::Store> store_;
  asio::thread_pool cpu_{2}, ledger_thread_{1};
  net::HttpClient client_;
  crawler::Fetcher fetcher_;
  Ledger ledger_;
  alerting::Sender sender_;
  Outbox outbox_;
  Revisits revisits_;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<Api> api_;
  std::map<std::string, std::deque<std::pair<Time, int>>> documents_of_day_;
  struct Watched {
    crawler::HealthState state;
    crawler::Holidays holidays;
  };
  std::map<std::string, Watched> health_;  // by source
  int sources_running_ = 0;
  std::string digest_done_, tests_done_, expired_on_;
};

Daemon::Daemon(const Config& config, const DaemonOptions& options, Knowledge knowledge,
               std::unique_ptr<store::Store> store, net::AddressPolicy policy)
    : config_(config),
      options_(options),
      knowledge_(std::move(knowledge)),
      store_(std::move(store)),
      client_(io_, client_options(config_, std::move(policy))),
      fetcher_(io_, client_, fetch_options(config_, config_.clock)),
      ledger_(*store_, knowledge_.measure, knowledge_.book),
      sender_(client_, config_.book),
      outbox_(sender_, ledger_, ledger_thread_, config_.clock, io_),
      revisits_(config_.sources) {}

std::string stamp_of(const Daemon::Knowledge& knowledge) {
  return (knowledge.analyzer->rules() ? analyzer::version_of(*knowledge.analyzer->rules()) : "no rules") +
         " " + knowledge.analyzer->version() + " " + alerting::version_of(*knowledge.measure);
}

std::string random_salt() {
  std::random_device device;
  std::string salt;
  for (int i = 0; i < 8; ++i) salt += std::to_string(device());
  return sha256_hex(salt);
}

Result<void> Daemon::prepare() {
  const Time now = config_.clock.now();
  if (auto resumed = ledger_.resume(now); !resumed) return resumed;
  auto salt = store_->note("salt");
  if (!salt) return salt.error();
  if (salt->empty()) {
    *salt = random_salt();
    store::Batch batch;
    batch.notes.emplace_back("salt", *salt);
    if (auto kept = ledger_.commit(batch); !kept) return kept;
  }
  if (auto recalled = recall_hosts(); !recalled) return recalled;
  if (auto recalled = revisits_.recall(*store_); !recalled) return recalled;
  if (auto last = store_->note("digest:last")) digest_done_ = *last;
  if (auto last = store_->note(self_test_note)) tests_done_ = *last;
  if (auto noted = note_knowledge("knowledge.start"); !noted) return noted;
  watch_ = std::make_unique<Watch>(
      Watch::Parts{io_, fetcher_, ledger_, cpu_, ledger_thread_, config_.clock, *salt, config_.links_in_flight},
      knowledge_.analyzer);
  if (config_.http_port >= 0 && !options_.once) {
    auto api = Api::listen(io_, config_, fetcher_);
    if (!api) return api.error();
    api_ = std::move(*api);
    spdlog::info("dashboard and API on http://{}:{}/", config_.http_address, api_->port());
  }
  return {};
}

// A process before this one may have asked any host a moment ago, whether or not it lived to write that
// down; so only the very first start on a store is free of the first wait.
Result<void> Daemon::recall_hosts() {
  const auto started_before = store_->note(crawl_started_note);
  if (!started_before) return started_before.error();
  if (started_before->empty()) {
    store::Batch batch;
    batch.notes.emplace_back(crawl_started_note, china_minute(config_.clock.now()));
    return ledger_.commit(batch);
  }
  crawler::Fetcher::Memory memory;
  auto hosts = store_->hosts(hosts_recalled_max, false);
  if (!hosts) return hosts.error();
  memory.hosts = std::move(*hosts);
  auto robots = store_->robots(hosts_recalled_max);
  if (!robots) return robots.error();
  memory.robots = std::move(*robots);
  fetcher_.restore(memory);
  return {};
}

void Daemon::start_sources() {
  std::map<std::string, SourceHealth> known;
  if (auto all = store_->health())
    for (SourceHealth& health : *all) known[health.source] = std::move(health);
  for (const Source& source : config_.sources) {
    const auto& only = options_.only;
    if (!only.empty() && std::find(only.begin(), only.end(), source.id) == only.end()) continue;
    SourceHealth health = known.count(source.id) ? known[source.id] : SourceHealth{};
    health.source = source.id;
    const auto kept = store_->note(health_note + source.id);
    health_[source.id] = {crawler::health_state(kept ? *kept : ""), holidays_for(source)};
    ++sources_running_;
    net::supervise(io_, source_loop(source, std::move(health)));
  }
}

awaitable<void> Daemon::sleep_until(Time at) {
  asio::steady_timer timer(io_, config_.clock.until(at));
  co_await timer.async_wait(asio::use_awaitable);
}

// What the visit tells of the source's health, and what the operator is told of it, both for the batch.
crawler::HealthState Daemon::judge_health(const Source& source, const VisitReport& report,
                                          store::Batch& batch) {
  const Time now = config_.clock.now();
  crawler::Look look = report.look;
  look.at = now;
  look.error = report.error;
  look.documents_new = report.documents_new;
  crawler::HealthState state = health_[source.id].state;
  const auto news = crawler::judge(state, source, look, health_[source.id].holidays);
  batch.notes.emplace_back(health_note + source.id, crawler::to_text(state));
  if (!news) return state;
  spdlog::warn("{}: {}", source.id, news->text.substr(0, news->text.find('\n')));
  const std::string key = "source:" + source.id + ":" + std::to_string(now.time_since_epoch().count());
  batch.deliveries = alerting::plan_notice(news->subject, news->text, key, ledger_.book(), now);
  return state;
}

awaitable<void> Daemon::note_visit(const Source& source, SourceHealth& health, const VisitReport& report) {
  const Time now = config_.clock.now();
  crawler::Visit visit;
  visit.at = report.error ? now : report.entries_read.value_or(now);
  visit.success = !report.error;
  visit.changed = report.changed;
  visit.error = report.error;
  visit.server_asks = report.server_asks;
  visit.failures_before = health.failures;
  if (visit.success) visit.adapted = revisits_.observe(source, health.last_success, visit.at, report.entry_items);
  const crawler::Due due = crawler::next_due(source, visit);

  health.last_visit = now;
  health.next_due = due.at;
  health.waits_for = due.why;
  health.documents_total += report.documents_new;
  if (report.documents_new > 0) health.last_document = now;
  auto& day = documents_of_day_[source.id];
  day.emplace_back(now, report.documents_new);
  while (!day.empty() && day.front().first < now - std::chrono::hours{24}) day.pop_front();
  health.documents_24h = 0;
  for (const auto& [at, count] : day) health.documents_24h += count;

  store::Batch batch;
  if (report.error) {
    ++health.failures;
    health.last_error = describe(*report.error);
    spdlog::warn("{}: {}; next visit {}", source.id, health.last_error, china_minute(due.at));
  } else {
    health.failures = 0;
    health.last_error = report.notes.empty() ? "" : report.notes.front();
    health.last_success = visit.at;
  }
  batch.health.push_back(health);
  if (auto note = revisits_.note_of(source); note && visit.success) batch.notes.push_back(std::move(*note));
  crawler::Fetcher::Memory memory = fetcher_.take_changes();
  batch.hosts = std::move(memory.hosts);
  batch.robots = std::move(memory.robots);
  crawler::HealthState state = judge_health(source, report, batch);
  auto keep = [this, &batch] { return ledger_.commit(batch); };
  auto kept = co_await on(ledger_thread_, std::move(keep));
  if (kept)
    health_[source.id].state = std::move(state);  // else judged again with the next visit
  else
    spdlog::error("{}: {}", source.id, describe(kept.error()));
  for (const alerting::Raised& raised : report.raised)
    spdlog::info("{}：{}，{}（{}）", alerting::chinese_name(raised.change.event),
                 alerting::level_words(raised.warning), raised.warning.title, raised.warning.id);
}

awaitable<void> Daemon::source_loop(Source source, SourceHealth health) {
  if (!options_.once) {
    const Time now = config_.clock.now();
    const Seconds spread = std::min<Seconds>(source.interval, std::chrono::minutes{1});
    co_await sleep_until(
        std::max(health.next_due, crawler::first_due(source, health.last_visit, now, spread)));
  }
  for (;;) {
    const auto begun = std::chrono::steady_clock::now();
    const auto until = options_.once ? std::chrono::steady_clock::time_point::max()
                                     : begun + config_.clock.until(config_.clock.now() + source.interval);
    auto report = co_await watch_->visit(source, until);
    co_await note_visit(source, health, report);
    if (options_.visited) options_.visited(source, report);
    if (options_.once) break;
    co_await sleep_until(health.next_due);
  }
  if (--sources_running_ > 0) co_return;
  if (options_.send) {
    int sent = 1;
    while (sent > 0) sent = co_await outbox_.flush();
  }
  io_.stop();
}

awaitable<void> Daemon::send_digest_when_due(Time now) {
  if (!config_.digest_minute) co_return;
  const Time due = china_midnight(now) + std::chrono::minutes{*config_.digest_minute};
  const std::string today = china_date(now);
  if (now < due || digest_done_ == today) co_return;
  // A month's documents take a while to read: beside the ledger's thread, by a connection of its own.
  auto write = [this, due]() -> Result<std::vector<alerting::Digest>> {
    std::vector<alerting::Digest> digests;
    auto store = store::open(config_.store, true);
    if (!store) return store.error();
    for (const PlannedReport& report : reports_due(config_, due)) {
      auto digest = write_digest(**store, config_, report.span.from, report.span.to, report.period);
      if (!digest) return digest.error();
      digests.push_back(std::move(*digest));
    }
    return digests;
  };
  const auto digests = co_await on(cpu_, std::move(write));
  auto plan = [this, now, &today, &digests]() -> Result<int> {
    if (!digests) return digests.error();
    store::Batch batch;
    auto book = digest_book(*store_, ledger_.book(), batch);
    if (!book) return book.error();
    for (const alerting::Digest& digest : *digests)
      for (Delivery& each : alerting::plan_digest(digest, *book, now)) batch.deliveries.push_back(std::move(each));
    batch.notes.emplace_back("digest:last", today);
    if (auto kept = ledger_.commit(batch); !kept) return kept.error();
    return static_cast<int>(batch.deliveries.size());
  };
  const auto written = co_await on(ledger_thread_, std::move(plan));
  if (written) {
    digest_done_ = today;
    spdlog::info("digest of {} planned for {} recipients", today, *written);
  } else {
    spdlog::error("digest: {}", describe(written.error()));  // tried again at the next tick
  }
}

awaitable<void> Daemon::test_channels_when_due(Time now) {
  if (!config_.self_test_minute) co_return;
  const std::string today = china_date(now);
  if (now < china_midnight(now) + std::chrono::minutes{*config_.self_test_minute} || tests_done_ == today) co_return;
  auto plan = [this, now, &today] {
    store::Batch batch;
    batch.deliveries = daily_tests(ledger_.book(), now);
    batch.notes.emplace_back(self_test_note, today);
    return ledger_.commit(batch);
  };
  auto planned = co_await on(ledger_thread_, std::move(plan));
  if (planned) tests_done_ = today;
  else spdlog::error("self-test: {}", describe(planned.error()));
}

// What fails here is told by whoever watches the address; the log says why.
awaitable<void> Daemon::heartbeat_loop() {
  for (;;) {
    const std::string said = co_await beat(client_, config_.heartbeat_url);
    if (said.empty()) {
      auto note = [this] {
        store::Batch batch;
        batch.notes.emplace_back(heartbeat_note, china_minute(config_.clock.now()));
        return ledger_.commit(batch);
      };
      auto noted = co_await on(ledger_thread_, std::move(note));
      if (!noted) spdlog::error("heartbeat: {}", describe(noted.error()));
    } else {
      spdlog::warn("heartbeat: {}", said);
    }
    co_await sleep_until(config_.clock.now() + config_.heartbeat_every);
  }
}

awaitable<void> Daemon::expire_daily(Time now) {
  const std::string today = china_date(now);
  if (expired_on_ == today) co_return;
  expired_on_ = today;
  auto drop = [this, now] {
    return store_->expire(now - config_.keep_documents, now - config_.keep_warnings);
  };
  auto gone = co_await on(ledger_thread_, std::move(drop));
  if (!gone)
    spdlog::error("retention: {}", describe(gone.error()));
  else if (*gone > 0)
    spdlog::info("retention: {} documents expired", *gone);
}

// Apart from the ticks, whose clocks must not wait for a long report.
awaitable<void> Daemon::report_loop() {
  for (;;) {
    const Time now = config_.clock.now();
    co_await send_digest_when_due(now);
    co_await sleep_until(now + tick_every);
  }
}

awaitable<void> Daemon::time_loop() {
  for (;;) {
    const Time now = config_.clock.now();
    auto tick = [this, now] { return ledger_.tick(now); };
    auto ticked = co_await on(ledger_thread_, std::move(tick));
    if (!ticked) spdlog::error("tick: {}", describe(ticked.error()));
    co_await test_channels_when_due(now);
    co_await expire_daily(now);
    co_await sleep_until(now + tick_every);
  }
}

// What judges from now on, for the page and for whoever asks later by which rules something was seen.
Result<void> Daemon::note_knowledge(std::string_view action) {
  const Time now = config_.clock.now();
  const std::string stamp = stamp_of(knowledge_);
  store::Batch batch;
  batch.notes.emplace_back("knowledge", stamp + "，自 " + china_minute(now) + " 起");
  batch.measures.push_back({alerting::version_of(*knowledge_.measure), alerting::text_of(*knowledge_.measure), now});
  if (auto kept = ledger_.commit(batch); !kept) return kept;
  return store_->audit({now, "daemon", std::string(action), "knowledge", stamp});
}

// Of the configuration only who hears of what, and who is on duty; the rest needs a restart.
Result<Daemon::Knowledge> Daemon::read_anew() const {
  auto analyzer = load_analyzer(knowledge_files(config_));
  if (!analyzer) return analyzer.error();
  auto measure = load_measure(config_.measure);
  if (!measure) return measure.error();
  const auto config = reread_duty(config_);
  if (!config) return config.error();
  auto book = book_of(*config, **measure);
  if (!book) return book.error();
  return Knowledge{*analyzer, *measure, std::move(*book)};
}

// Read and compiled beside the work that goes on; the old rules stay in force when the new ones have a
// mistake. A page that is being judged is judged by the old ones to its end.
awaitable<void> Daemon::reload() {
  const auto began = std::chrono::steady_clock::now();
  auto load = [this] { return read_anew(); };
  const auto loaded = co_await on(cpu_, std::move(load));
  if (!loaded) {
    spdlog::error("reload: {}; the old rules stay in force", describe(loaded.error()));
    co_return;
  }
  knowledge_ = *loaded;
  watch_->replace(knowledge_.analyzer);
  auto note = [this, measure = knowledge_.measure, book = knowledge_.book] {
    ledger_.replace(measure, book);
    return note_knowledge("knowledge.reload");
  };
  auto noted = co_await on(ledger_thread_, std::move(note));
  if (!noted) spdlog::error("reload: {}", describe(noted.error()));
  const auto took = std::chrono::steady_clock::now() - began;
  spdlog::info("reload: {}, in force after {} ms", stamp_of(knowledge_),
               std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

awaitable<void> Daemon::listen_to_signals() {
  for (;;) {
    const int signal = co_await signals_.async_wait(asio::use_awaitable);
    if (signal != SIGHUP) break;
    co_await reload();
  }
  spdlog::info("stopping");
  io_.stop();
}

Result<void> Daemon::run() {
  if (auto prepared = prepare(); !prepared) return prepared;
  net::supervise(io_, listen_to_signals());
  start_sources();
  if (!options_.once) {
    net::supervise(io_, time_loop());
    net::supervise(io_, report_loop());
    if (options_.send) net::supervise(io_, outbox_.run());
    if (!config_.heartbeat_url.empty()) net::supervise(io_, heartbeat_loop());
  } else if (sources_running_ == 0) {
    return Error{Errc::not_found, "no source to read", "check --source and the sources: section"};
  }
  spdlog::info("reading {} sources", sources_running_);
  io_.run();
  cpu_.join();
  ledger_thread_.join();
  return {};
}

// What is told to the process while it reads its rules: to end is honoured as soon as it could begin, to read
// them anew is what it is doing.
class EarlySignals {
 public:
  EarlySignals() { wait(); }
  bool told_to_stop() {
    io_.poll();
    return stop_;
  }

 private:
  void wait() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      stop_ = stop_ || signal != SIGHUP;
      wait();
    });
  }

  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGHUP};
  bool stop_ = false;
};

}  // namespace

Result<void> run_daemon(const Config& config, const DaemonOptions& options) {
  EarlySignals early;
  auto policy = net::AddressPolicy::allowing(config.allow_networks);
  if (!policy) return policy.error();
  auto analyzer = load_analyzer(knowledge_files(config));
  if (!analyzer) return analyzer.error();
  auto measure = load_measure(config.measure);
  if (!measure) return measure.error();
  auto store = store::open(config.store);
  if (!store) return store.error();
  auto book = book_of(config, **measure);
  if (!book) return book.error();
  if (auto templates = alerting::check_templates(*book); !templates) return templates.error();
  if (auto claimed = (*store)->claim(); !claimed) return claimed.error();
  Daemon daemon(config, options, {*analyzer, *measure, std::move(*book)}, std::move(*store), std::move(*policy));
  if (early.told_to_stop()) return {};  // from here on the daemon hears for itself
  return daemon.run();
}

}  // namespace tingchao::service
