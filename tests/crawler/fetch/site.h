#pragma once
// A site on loopback that answers from a function and writes down who came when, and a fetcher that
// may go there: what the tests of fetching and of politeness share.

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "crawler/fetch.h"
#include "tests/support/loopback.h"

namespace tingchao::tests {

using crawler::Fetcher;
using crawler::FetchRequest;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// A site that answers from a function and writes down who came when.
class Site {
 public:
  struct Visit {
    std::string path, head;
    Clock::time_point begun, ended;
  };
  using Answer = std::function<std::string(const std::string& path, const std::string& head)>;

  Site(asio::io_context& io, Answer answer, const char* address = "127.0.0.1")
      : io_(io), answer_(std::move(answer)), server_(io, talk(), address) {}

  std::string url(const std::string& path) const { return server_.url(path); }
  const std::vector<Visit>& visits() const { return visits_; }
  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const Visit& visit : visits_) out.push_back(visit.path);
    return out;
  }
  long times_asked(const std::string& path) const {
    return std::count_if(visits_.begin(), visits_.end(), [&](const Visit& visit) { return visit.path == path; });
  }
  int in_flight_most() const { return most_; }
  milliseconds think{0};  // before each answer

  // The shortest span from the end of one answer to the beginning of the next request.
  milliseconds shortest_gap() const {
    milliseconds least = milliseconds::max();
    for (std::size_t i = 1; i < visits_.size(); ++i)
      least = std::min(least, std::chrono::duration_cast<milliseconds>(visits_[i].begun - visits_[i - 1].ended));
    return least;
  }

 private:
  RawServer::Talk talk() {
    return [this](tcp::socket socket) { return serve(std::move(socket)); };
  }
  awaitable<void> serve(tcp::socket socket) {
    for (;;) {
      const std::string head = co_await read_head(socket);
      if (head.empty()) co_return;
      const std::size_t mine = visits_.size();
      const std::string path = head.substr(4, head.find(" HTTP") - 4);
      visits_.push_back({path, head, Clock::now(), {}});
      most_ = std::max(most_, ++in_flight_);
      if (think.count() > 0) {
        asio::steady_timer pause(io_, think);
        co_await pause.async_wait(asio::use_awaitable);
      }
      std::string text = answer_(path, head);
      --in_flight_;
      visits_[mine].ended = Clock::now();
      if (text.empty()) co_return;  // hangs up
      co_await send(socket, std::move(text));
    }
  }

  asio::io_context& io_;
  Answer answer_;
  std::vector<Visit> visits_;
  int in_flight_ = 0, most_ = 0;
  RawServer server_;
};

inline std::string reply(const std::string& status, const std::string& body = "", const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// robots.txt as given, any other path a page.
inline Site::Answer with_robots(std::string robots) {
  return [robots = std::move(robots)](const std::string& path, const std::string&) {
    if (path == "/robots.txt") return robots;
    return reply("200 OK", "page " + path);
  };
}
inline const std::string no_robots = reply("404 Not Found");

struct World {
  explicit World(Fetcher::Options options = quick(), std::vector<std::string> networks = {"127.0.0.0/8"})
      : client(io, policy(networks)), fetcher(io, client, std::move(options)) {}

  static net::HttpClient::Options policy(const std::vector<std::string>& networks) {
    net::HttpClient::Options options;
    options.policy = *net::AddressPolicy::allowing(networks);
    return options;
  }
  static Fetcher::Options quick() {
    Fetcher::Options options;
    options.delay_min = milliseconds(0);
    options.latency_factor = 0;
    return options;
  }
  static FetchRequest asking(std::string url) {
    FetchRequest request;
    request.url = std::move(url);
    request.source = "s";
    request.delay = Seconds(0);
    return request;
  }
  Result<Page> fetch(FetchRequest request) { return run(io, fetcher.fetch(std::move(request))); }
  Result<Page> fetch(const std::string& url) { return fetch(asking(url)); }

  // All at once; how they ended, in the order asked.
  std::vector<Result<Page>> fetch_all(const std::vector<std::string>& urls) {
    std::vector<Result<Page>> results(urls.size());
    std::size_t ended = 0;
    const auto one = [](Fetcher& f, FetchRequest request, Result<Page>& result, std::size_t& n) -> awaitable<void> {
      result = co_await f.fetch(std::move(request));
      ++n;
    };
    for (std::size_t i = 0; i < urls.size(); ++i) net::supervise(io, one(fetcher, asking(urls[i]), results[i], ended));
    io.restart();
    while (ended < urls.size()) io.run_one();
    return results;
  }

  asio::io_context io;
  net::HttpClient client;
  Fetcher fetcher;
};

}  // namespace tingchao::tests
