// How fast pages come in over kept connections: fetch_bench PREFIX [PAGES] [AT_ONCE] [bare]. Fetches PREFIX0,
// PREFIX1 … with AT_ONCE requests under way, all on one thread, through net::HttpClient; with "bare" through
// curl's own multi loop and nothing of ours, which is the ceiling. Figures exclude the start of the program.
// bench/fetch_peers.py runs this and its peers against one local nginx.
#include <curl/curl.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "net/http_client.h"
#include "net/supervise.h"

using namespace tingchao;
using Stopwatch = std::chrono::steady_clock;

namespace {

struct Tally {
  long next = 0, pages = 0, failed = 0;
  std::size_t bytes = 0;
};

double cpu_seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

void print(const Tally& tally, Stopwatch::time_point begin, const rusage& before) {
  const double seconds = std::chrono::duration<double>(Stopwatch::now() - begin).count();
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  const double user = cpu_seconds(after.ru_utime) - cpu_seconds(before.ru_utime);
  const double system = cpu_seconds(after.ru_stime) - cpu_seconds(before.ru_stime);
  std::printf("pages %ld  failed %ld  bytes %zu  pages/s %.0f  us/page user %.1f system %.1f  RSS %.1f MB\n",
              tally.pages, tally.failed, tally.bytes, static_cast<double>(tally.pages) / seconds,
              user * 1e6 / static_cast<double>(tally.pages), system * 1e6 / static_cast<double>(tally.pages),
              static_cast<double>(after.ru_maxrss) / 1024);
}

net::awaitable<void> work(net::HttpClient& client, std::string prefix, long pages, Tally& tally) {
  while (tally.next < pages) {
    net::HttpRequest request;
    request.url = prefix + std::to_string(tally.next++);
    const auto got = co_await client.request(std::move(request));
    const bool good = got && got->status == 200;
    ++(good ? tally.pages : tally.failed);
    if (good) tally.bytes += got->body.size();
  }
}

Tally ours(const std::string& prefix, long pages, int at_once) {
  boost::asio::io_context io(1);
  net::HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.0/8"});
  options.connections_per_host_max = at_once;
  net::HttpClient client(io, options);
  Tally tally;
  for (int i = 0; i < at_once; ++i) net::supervise(io, work(client, prefix, pages, tally));
  while (tally.pages + tally.failed < pages && io.run_one() > 0) {}
  return tally;
}

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

Tally bare(const std::string& prefix, long pages, int at_once) {
  CURLM* multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(at_once));
  Tally tally;
  std::vector<std::string> bodies(static_cast<std::size_t>(at_once));
  const auto start = [&](CURL* easy) {
    if (tally.next >= pages) return;
    curl_easy_setopt(easy, CURLOPT_URL, (prefix + std::to_string(tally.next++)).c_str());
    curl_multi_add_handle(multi, easy);
  };
  std::vector<CURL*> handles;
  for (std::string& body : bodies) {
    CURL* easy = handles.emplace_back(curl_easy_init());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &body);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    start(easy);
  }
  while (tally.pages + tally.failed < pages) {
    int running = 0, left = 0;
    curl_multi_perform(multi, &running);
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      CURL* easy = message->easy_handle;
      ++(message->data.result == CURLE_OK ? tally.pages : tally.failed);
      std::string* body = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &body);
      tally.bytes += body->size();
      body->clear();
      curl_multi_remove_handle(multi, easy);
      start(easy);
    }
    curl_multi_poll(multi, nullptr, 0, 100, nullptr);
  }
  for (CURL* easy : handles) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  return tally;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "fetch_bench PREFIX [PAGES] [AT_ONCE] [bare]\n"), 2;
  const std::string prefix = argv[1];
  const long pages = argc > 2 ? std::atol(argv[2]) : 20'000;
  const int at_once = argc > 3 ? std::atoi(argv[3]) : 16;
  const bool is_bare = argc > 4 && argv[4] == std::string("bare");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto begin = Stopwatch::now();
  const Tally tally = is_bare ? bare(prefix, pages, at_once) : ours(prefix, pages, at_once);
  print(tally, begin, before);
  return tally.failed == 0 ? 0 : 1;
}
