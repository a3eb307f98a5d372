// A frontier of many links: frontier_bench [LINKS]. Fills it as list pages would, lets a crawl take and
// finish some under leases, then opens the file anew in a fresh process, as after kill -9 with leases
// outstanding, and asks what a daemon asks before its first fetch: claim, hosts, robots copies, and the due
// links of each of 2,000 sources. Resident memory is that of the fresh process.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "crawler/fetch.h"
#include "store/store.h"

using namespace tingchao;
using Clock_ = std::chrono::steady_clock;

namespace {

constexpr int sources = 2000, hosts = 3000, links_max = 50, robots_bytes = 1500;
const Time now{Seconds{1'776'000'000}};

double seconds_since(Clock_::time_point begin) {
  return std::chrono::duration<double>(Clock_::now() - begin).count();
}

long resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
  return 0;
}

store::FrontierLink link_of(int i) {
  store::FrontierLink link;
  link.source = "source-" + std::to_string(i % sources);
  link.host = "www.school-" + std::to_string(i % hosts) + ".edu.cn:443";
  link.link.url = "https://www.school-" + std::to_string(i % hosts) + ".edu.cn/news/2026/04/content_" +
                  std::to_string(6'000'000 + i) + ".html";
  link.link.title = "关于学校食堂与校车管理的通知第" + std::to_string(i) + "号";
  link.found_at = now - Seconds(i % 86400);
  link.due = link.found_at;
  return link;
}

bool fill(store::Store& store, int links) {
  for (int i = 0; i < links;) {
    store::Batch batch;
    for (int k = 0; k < 5000 && i < links; ++k, ++i) batch.links_found.push_back(link_of(i));
    if (!store.commit(batch)) return false;
  }
  store::Batch batch;
  std::string robots = "User-agent: *\n";
  while (robots.size() < robots_bytes) robots += "Disallow: /path/" + std::to_string(robots.size()) + "/\n";
  for (int h = 0; h < hosts; ++h) {
    HostMemory& host = batch.hosts.emplace_back();
    host.host = "www.school-" + std::to_string(h) + ".edu.cn:443";
    host.last_request = now;
    host.address = "10.0." + std::to_string(h / 250) + "." + std::to_string(h % 250);
    RobotsCopy& copy = batch.robots.emplace_back();
    copy.origin = "https://www.school-" + std::to_string(h) + ".edu.cn";
    copy.body = robots;
    copy.read_at = now;
    copy.valid_until = now + std::chrono::hours(24);
  }
  return store.commit(batch).has_value();
}

// What follows is the fresh process.
int resume(const std::string& path) {
  const auto begin = Clock_::now();
  auto store = store::open(path);
  if (!store || !(*store)->claim()) return 1;
  boost::asio::io_context io;
  net::HttpClient client(io, {});
  crawler::Fetcher::Options options;
  options.now = [] { return now; };
  crawler::Fetcher fetcher(io, client, options);
  crawler::Fetcher::Memory memory;
  auto known = (*store)->hosts(10'000, false);
  auto robots = (*store)->robots(10'000);
  if (!known || !robots) return 1;
  memory.hosts = std::move(*known);
  memory.robots = std::move(*robots);
  fetcher.restore(memory);
  const double ready = seconds_since(begin);
  long due = 0;
  for (int s = 0; s < sources; ++s) {
    const auto links = (*store)->due_links("source-" + std::to_string(s), now, links_max);
    if (!links) return 1;
    due += static_cast<long>(links->size());
  }
  const double asked = seconds_since(begin);
  std::printf("resume   %8.3f s to ready: claim, %zu hosts, %zu robots.txt\n", ready, memory.hosts.size(),
              memory.robots.size());
  std::printf("         %8.3f s until each of %d sources had its due links (%ld in all)\n", asked, sources,
              due);
  std::printf("memory   %8.1f MB resident at most, with all of them asked for\n",
              static_cast<double>(resident_kib()) / 1024);
  const auto taking = Clock_::now();
  long taken = 0;
  for (int s = 0; s < 200; ++s) {
    auto links =
        (*store)->take_links("source-" + std::to_string(s), now, now + std::chrono::hours(6), links_max);
    if (!links) return 1;
    for (const store::FrontierLink& link : *links) {
      store::Batch batch;
      batch.links_done.push_back(identity_of(link));
      if (!(*store)->commit(batch)) return 1;
      ++taken;
    }
  }
  std::printf("crawl    %8.0f links/s taken under a lease and done, each its own durable commit\n",
              static_cast<double>(taken) / seconds_since(taking));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const int links = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  std::string directory = "/tmp/tingchao-bench-XXXXXX";
  if (!::mkdtemp(directory.data())) return 1;
  const std::string path = directory + "/f.db";
  if (const pid_t filler = ::fork(); filler == 0) {
    auto store = store::open(path);
    if (!store) ::_exit(1);
    const auto begin = Clock_::now();
    if (!fill(**store, links)) ::_exit(1);
    std::printf("insert   %8.0f links/s, %d links, 5,000 a commit\n", links / seconds_since(begin), links);
    for (int s = 0; s < 100; ++s) {
      auto taken =
          (*store)->take_links("source-" + std::to_string(s), now, now + std::chrono::hours(6), links_max);
      if (!taken) ::_exit(1);
    }
    std::fflush(stdout);
    ::kill(::getpid(), SIGKILL);
  } else {
    int status = 0;
    ::waitpid(filler, &status, 0);
    if (!WIFSIGNALED(status)) return 1;
  }
  if (const pid_t fresh = ::fork(); fresh == 0) {
    const int code = resume(path);
    std::fflush(stdout);
    ::_exit(code);
  } else {
    int status = 0;
    ::waitpid(fresh, &status, 0);
    const std::string remove = "rm -rf " + directory;
    const int ignored = std::system(remove.c_str());
    static_cast<void>(ignored);
    return WEXITSTATUS(status);
  }
}
