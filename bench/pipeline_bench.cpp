// The whole way of a page: fetched, decoded, parsed, extracted, stored: pipeline_bench PREFIX NAMES PAGES [WORKERS
// [analyse]]. With `analyse` also masked, analysed, grouped and judged, by the shipped rules, words and models.
// NAMES is a file with one page's name a line; PREFIX/name/number.html is fetched for number 0, 1 … in turns, each
// page made distinct by a comment, so that every snapshot is compressed and stored. WORKERS 0 (default): all on one
// thread, 50 pages a commit; else as in the daemon: the first thread fetches, that many extract, one commits, and
// each page waits until it is durable; those that wait share a commit. A real SQLite store with synchronous=FULL.
// bench/pipeline.py serves the pages and pins the cores.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crawler/extract.h"
#include "net/http_client.h"
#include "net/supervise.h"
#include "service/admissions.h"
#include "service/knowledge.h"
#include "store/store.h"

using namespace tingchao;
namespace asio = boost::asio;
using Stopwatch = std::chrono::steady_clock;

namespace {

constexpr int at_once = 16, at_once_with_workers = 32;
constexpr std::size_t pages_a_commit = 50;

double ms_since(Stopwatch::time_point begin) {
  return std::chrono::duration<double, std::milli>(Stopwatch::now() - begin).count();
}

// Of the thread that asks.
double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Work {
  std::string prefix;
  std::vector<std::string> names;
  std::size_t pages = 0, next = 0, done = 0, failed = 0, documents = 0, bytes = 0;
  asio::io_context io{1};
  std::optional<net::HttpClient> client;
  std::optional<asio::thread_pool> workers;
  std::unique_ptr<store::Store> store;
  Source source;
  store::Batch batch;
  std::optional<asio::thread_pool> ledger;
  std::vector<store::Batch> waiting;  // one page each
  bool committing = false;
  std::optional<asio::steady_timer> group_ended;
  std::size_t groups = 0;
  std::vector<double> extract_ms;
  double commit_ms = 0;
  double extract_cpu_ms = 0, pack_cpu_ms = 0, analyse_cpu_ms = 0, commit_cpu_ms = 0;
  // Only with `analyse`.
  std::shared_ptr<const analyzer::Analyzer> analyzer;
  std::optional<service::Ledger> judge;
  service::WallClock clock;
  std::optional<service::Admissions> admissions;
  std::vector<service::Harvest> harvests;
};

struct Understood {
  Result<crawler::Extracted> extracted = Error{Errc::timeout, "not yet", ""};
  std::optional<store::PackedPage> page;
  std::vector<std::pair<Document, Analysis>> documents;
  double milliseconds = 0, cpu = 0, pack_cpu = 0, analyse_cpu = 0;
};

// `number` makes ids distinct, for the page's own idea of its address comes round again.
Understood understand(const Work& work, const Page& page, std::size_t number) {
  const auto begin = Stopwatch::now();
  const double cpu_begin = cpu_ms();
  Understood out;
  out.extracted = crawler::extract(page, work.source, crawler::Role::content, "salt");
  out.milliseconds = ms_since(begin);
  const double cpu_middle = cpu_ms();
  if (out.extracted && !out.extracted->documents.empty())
    out.page = store::pack(page, out.extracted->documents.front().snapshot_hash);
  out.cpu = cpu_middle - cpu_begin;
  const double cpu_packed = cpu_ms();
  out.pack_cpu = cpu_packed - cpu_middle;
  if (!out.extracted) return out;
  for (Document& document : out.extracted->documents) {
    document.id += "-" + std::to_string(number);
    Document masked = work.analyzer ? work.analyzer->mask(std::move(document)) : std::move(document);
    Analysis analysis = work.analyzer ? work.analyzer->analyze(masked) : Analysis{};
    out.documents.emplace_back(std::move(masked), std::move(analysis));
  }
  out.analyse_cpu = cpu_ms() - cpu_packed;
  return out;
}

// On a worker thread; the coroutine goes on where it was.
net::awaitable<Understood> elsewhere(Work& work, const Page& page, std::size_t number) {
  const auto token = asio::use_awaitable;
  auto here = co_await asio::this_coro::executor;
  co_await asio::post(work.workers->get_executor(), asio::bind_executor(work.workers->get_executor(), token));
  Understood out = understand(work, page, number);
  co_await asio::post(here, asio::bind_executor(here, token));
  co_return out;
}

void must(const Result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "%s\n", done.error().detail.c_str());
  std::exit(1);
}

void commit(Work& work) {
  const auto begin = Stopwatch::now();
  const double cpu_begin = cpu_ms();
  if (work.judge) {
    for (const auto& each : work.judge->admit_together(std::exchange(work.harvests, {}), work.clock.now()))
      must(each ? Result<void>{} : each.error());
  } else {
    must(work.store->commit(work.batch));
  }
  work.commit_cpu_ms += cpu_ms() - cpu_begin;
  work.batch = {};
  work.commit_ms += ms_since(begin);
}

// On the ledger's thread.
Result<void> commit_together(store::Store& store, std::vector<store::Batch>& group) {
  Result<void> done;
  const auto kept = store.together([&] {
    for (const store::Batch& each : group)
      if (auto one = store.commit(each); !one) done = one;
  });
  return kept ? done : kept;
}

// Who finds nobody committing commits what all have brought; the others wait for the end of a group that has theirs.
net::awaitable<void> commit_with_others(Work& work, store::Batch batch) {
  const auto token = asio::as_tuple(asio::use_awaitable);
  work.waiting.push_back(std::move(batch));
  const std::size_t group_of_mine = work.groups + (work.committing ? 2 : 1);
  while (work.groups < group_of_mine) {
    if (work.committing) {
      co_await work.group_ended->async_wait(token);
      continue;
    }
    work.committing = true;
    std::vector<store::Batch> group = std::exchange(work.waiting, {});
    const auto begin = Stopwatch::now();
    auto here = co_await asio::this_coro::executor;
    const auto there = work.ledger->get_executor();
    co_await asio::post(there, asio::bind_executor(there, asio::use_awaitable));
    const Result<void> done = commit_together(*work.store, group);
    co_await asio::post(here, asio::bind_executor(here, asio::use_awaitable));
    must(done);
    work.commit_ms += ms_since(begin);
    work.committing = false;
    ++work.groups;
    work.group_ended->cancel();
  }
}

void count(Work& work, const Understood& understood) {
  work.extract_ms.push_back(understood.milliseconds);
  work.extract_cpu_ms += understood.cpu;
  work.pack_cpu_ms += understood.pack_cpu;
  work.analyse_cpu_ms += understood.analyse_cpu;
  work.documents += understood.documents.size();
}

void add(store::Batch& batch, Understood understood) {
  for (auto& [document, analysis] : understood.documents) {
    store::StoredDocument& row = batch.documents.emplace_back();
    row.document = std::move(document);
    row.analysis = std::move(analysis);
    row.placement.story = "s";
  }
  if (understood.page) batch.pages.push_back(std::move(*understood.page));
}

net::awaitable<void> keep(Work& work, Understood understood) {
  if (work.judge) {
    service::Harvest harvest;
    harvest.documents = std::move(understood.documents);
    harvest.page = std::move(understood.page);
    if (work.workers) {
      const auto begin = Stopwatch::now();
      auto admitted = co_await work.admissions->admit(std::move(harvest));
      must(admitted ? Result<void>{} : admitted.error());
      work.commit_ms += ms_since(begin);  // with waiting
      co_return;
    }
    work.harvests.push_back(std::move(harvest));
    if (work.harvests.size() >= pages_a_commit) commit(work);
    co_return;
  }
  if (work.workers) {
    store::Batch batch;
    add(batch, std::move(understood));
    co_await commit_with_others(work, std::move(batch));
    co_return;
  }
  add(work.batch, std::move(understood));
  if (work.batch.pages.size() >= pages_a_commit) commit(work);
}

net::awaitable<void> visit(Work& work) {
  while (work.next < work.pages) {
    const std::size_t number = work.next++;
    net::HttpRequest request;
    request.url = work.prefix + work.names[number % work.names.size()] + "/" + std::to_string(number) + ".html";
    Page page;
    page.url = page.requested_url = request.url;
    auto got = co_await work.client->request(std::move(request));
    if (!got || got->status != 200) {
      ++work.failed;
      continue;
    }
    work.bytes += got->body.size();
    page.source = "bench";
    page.status = got->status;
    page.headers = std::move(got->headers);
    page.body = std::move(got->body) + "<!-- " + std::to_string(number) + " -->";
    page.address = got->address;
    page.fetched_at = work.clock.now();
    Understood understood;
    if (work.workers)
      understood = co_await elsewhere(work, page, number);
    else
      understood = understand(work, page, number);
    count(work, understood);
    co_await keep(work, std::move(understood));
    ++work.done;
  }
}

void print(Work& work, double seconds) {
  std::sort(work.extract_ms.begin(), work.extract_ms.end());
  const auto percentile = [&](double share) {
    return work.extract_ms[static_cast<std::size_t>(share * static_cast<double>(work.extract_ms.size() - 1))];
  };
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  const double pages = static_cast<double>(work.done);
  std::printf("pages %zu  failed %zu  documents %zu  MB %.1f\n", work.done, work.failed, work.documents,
              static_cast<double>(work.bytes) / 1e6);
  std::printf("pages/s %.0f  pages/CPU-s %.0f  "
              "extract p50 %.2f p99 %.2f max %.2f ms  commit %.2f ms/page  RSS %.0f MB\n",
              pages / seconds, pages / cpu, percentile(0.5), percentile(0.99), work.extract_ms.back(),
              work.commit_ms / pages, static_cast<double>(usage.ru_maxrss) / 1024);
  const double known = work.extract_cpu_ms + work.pack_cpu_ms + work.analyse_cpu_ms + work.commit_cpu_ms;
  std::printf("CPU ms/page %.2f: extract %.2f  pack %.2f  analyse %.2f  commit %.2f  the rest %.2f\n",
              cpu * 1e3 / pages, work.extract_cpu_ms / pages, work.pack_cpu_ms / pages,
              work.analyse_cpu_ms / pages, work.commit_cpu_ms / pages, (cpu * 1e3 - known) / pages);
}

// What the service knows, embedded.
bool prepare_analysis(Work& work) {
  auto analyzer = service::load_analyzer({});
  auto measure = service::load_measure("");
  if (!analyzer || !measure) return false;
  work.analyzer = std::move(*analyzer);
  work.judge.emplace(*work.store, std::move(*measure), alerting::Book{});
  if (work.ledger) work.admissions.emplace(work.io, *work.judge, *work.ledger, work.clock);
  return work.judge->resume(work.clock.now()).has_value();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::fprintf(stderr, "pipeline_bench PREFIX NAMES PAGES [WORKERS]\n"), 2;
  Work work;
  work.prefix = argv[1];
  std::ifstream names(argv[2]);
  for (std::string name; std::getline(names, name);) work.names.push_back(name);
  work.pages = static_cast<std::size_t>(std::atol(argv[3]));
  const int workers = argc > 4 ? std::atoi(argv[4]) : 0;
  work.source.id = "bench";
  work.source.kind = SourceKind::list;
  std::string directory = "/tmp/tingchao-bench-XXXXXX";
  if (work.names.empty() || !::mkdtemp(directory.data())) return 1;
  auto store = store::open(directory + "/b.db");
  if (!store) return 1;
  work.store = std::move(*store);

  net::HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.0/8"});
  options.connections_per_host_max = at_once_with_workers;
  work.client.emplace(work.io, options);
  if (workers > 0) {
    work.workers.emplace(static_cast<std::size_t>(workers));
    work.ledger.emplace(std::size_t{1});
    work.group_ended.emplace(work.io, asio::steady_timer::time_point::max());
  }
  if (argc > 5 && !prepare_analysis(work)) return std::fprintf(stderr, "the shipped rules cannot be read\n"), 1;
  const auto begin = Stopwatch::now();
  for (int i = 0; i < (workers > 0 ? at_once_with_workers : at_once); ++i) net::supervise(work.io, visit(work));
  while (work.done + work.failed < work.pages && work.io.run_one() > 0) {}
  if (!work.batch.pages.empty() || !work.harvests.empty()) commit(work);
  const double seconds = ms_since(begin) / 1e3;
  if (work.workers) {
    asio::post(*work.ledger, [&work] { work.commit_cpu_ms = cpu_ms(); });
    work.workers->join();
    work.ledger->join();
  }
  print(work, seconds);
  if (work.workers && !work.judge) std::printf("groups %zu\n", work.groups);
  std::filesystem::remove_all(directory);
  return work.failed == 0 ? 0 : 1;
}
