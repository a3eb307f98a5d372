#pragma once
// Reads one URL of a source as a polite guest: robots.txt (RFC 9309) first, one request in flight
// per host, the host's delay between two, conditional when we hold validators, every redirect hop
// decided anew. Effects only through net::HttpClient. I/O thread only.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/host.h"
#include "core/page.h"
#include "core/result.h"
#include "core/source.h"
#include "net/http_client.h"

namespace tingchao::crawler {

struct FetchRequest {
  std::string url;
  std::string source;        // Source::id
  Seconds delay{2};          // Source::delay
  Validators validators;     // empty: unconditional
  bool page_cap = true;      // 8 MiB; false: the feed cap of 15 MiB
};

// What an operator sees of a host.
struct HostState {
  std::string host;
  std::string robots;        // "allowed", "2 rules, crawl-delay 10 s", "unreachable: …"
  std::chrono::milliseconds delay{0};
  int waiting = 0;
  int failures = 0;
  std::string waits_for;
};

class Fetcher {
 public:
  struct Options {
    std::string product = "TingchaoBot";           // robots.txt product token
    std::chrono::milliseconds delay_min{1000};     // the floor of every host's delay
    std::chrono::milliseconds delay_max{30'000};   // of the adaptive part; a longer crawl-delay is obeyed
    int redirects_max = 5;
    Seconds robots_lifetime{std::chrono::hours{24}};
    std::size_t page_bytes_max = 8u << 20;
    std::size_t feed_bytes_max = 15u << 20;
    std::chrono::milliseconds timeout{60'000};
    double latency_factor = 5.0;                   // delay ≥ factor × last latency
    std::function<Time()> now;                     // stamps fetched_at; empty: the system clock
    bool remember = false;                         // for take_changes()
  };
  Fetcher(boost::asio::io_context& io, net::HttpClient& client, Options options);
  ~Fetcher();

  // Fails with denied (robots or address policy, naming the line), timeout, not_found (the name),
  // refused (also at once while the host rests), http_status (naming it; 429 and 503 make the whole
  // host rest), io (TLS), bad_argument (the address). A body over the cap is cut and flagged.
  boost::asio::awaitable<Result<Page>> fetch(FetchRequest request);

  // How long the host of an address still rests, because it asked for it or did not answer: what
  // Visit::server_asks wants to know after a failure. Zero: it does not.
  Seconds rest_of(std::string_view url) const;

  // The Sitemap lines of the robots.txt that governs an address, which is read when what is known of it
  // is too old. No file: none. Fails with bad_argument, or with the reason why the file cannot be read.
  boost::asio::awaitable<Result<std::vector<std::string>>> sitemaps(std::string url, Seconds delay);

  std::vector<HostState> hosts() const;

  // What outlives a process. restore() comes before the first fetch; after it every host waits its delay
  // before its first request, for the process before may have asked it a moment ago.
  struct Memory {
    std::vector<HostMemory> hosts;
    std::vector<RobotsCopy> robots;
    bool empty() const { return hosts.empty() && robots.empty(); }
  };
  void restore(const Memory& memory);
  // What changed since the last call; nothing unless Options::remember.
  Memory take_changes();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::crawler
