#pragma once
// Politeness: who may ask which host when. One request at a time a host (name and port) and, once
// its address is known, a machine; between the end of one answer and the next request the host's
// delay passes. A host that says "later", or does not answer at all, rests. I/O thread only.

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/host.h"
#include "core/result.h"
#include "core/time.h"
#include "crawler/fetch.h"

namespace tingchao::crawler {

class HostQueue {
  struct Host;
  struct Machine;

 public:
  using milliseconds = std::chrono::milliseconds;
  using Clock = std::chrono::steady_clock;

  struct Options {
    milliseconds delay_min{1000};
    milliseconds delay_max{30'000};  // of the adaptive part alone
    double latency_factor = 5.0;
    std::function<Time()> now;       // for telling people until when; never empty
    bool remember = false;           // keep a list of what changed, for take_changes()
  };

  // The right to make one request. Ends with finish(), or as if the request was made just now when
  // it is dropped; abandon() gives it back unused.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept = default;
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    void finish(milliseconds latency);
    void abandon();

   private:
    friend HostQueue;
    void release();
    std::shared_ptr<Host> host_;
    std::shared_ptr<Machine> machine_;
  };

  HostQueue(boost::asio::io_context& io, Options options);

  // Waits for a turn. `delay` is the source's own; the longest ever asked for a host stays. Fails at
  // once with refused when the host rests for longer than a wait is worth, naming until when.
  boost::asio::awaitable<Result<Turn>> enter(std::string host, milliseconds delay);

  // The host asked for `rest`, or for none in particular: then its rest doubles with each time.
  // Returns how long it rests.
  Seconds told_later(const std::string& host, std::optional<Seconds> rest, const std::string& why);
  // An answer of whatever kind but "later".
  void answered(const std::string& host);
  // No answer: after a few in a row the host rests.
  void silent(const std::string& host, const std::string& why);
  // How long the host still rests; zero: it does not.
  Seconds rest_of(const std::string& host) const;

  // The peer's IP, while a turn of the host is held; from now on at most one request at a time goes there.
  void set_address(const std::string& host, const std::string& ip);
  void set_crawl_delay(const std::string& host, std::optional<milliseconds> delay);
  void set_robots(const std::string& host, std::string in_words);
  std::vector<HostState> hosts() const;

  // What an earlier process knew. It may have asked any host up to the moment when this one began, so from
  // now on every host waits its delay before its first request.
  void restore(const std::vector<HostMemory>& hosts);
  // The hosts whose state changed since the last call; nothing unless Options::remember.
  std::vector<HostMemory> take_changes();

 private:
  class Place;
  std::shared_ptr<Host> host(const std::string& name);
  Clock::time_point ready_at(const Host& host) const;
  milliseconds delay_of(const Host& host) const;
  Error resting(const Host& host) const;
  void rest(Host& host, Seconds span, std::string why);
  void forget_idle();
  void touch(const std::string& name);
  HostMemory memory_of(const Host& host) const;

  boost::asio::io_context& io_;
  Options options_;
  std::unordered_map<std::string, std::shared_ptr<Host>> hosts_;
  std::unordered_map<std::string, std::weak_ptr<Machine>> machines_;
  std::size_t forget_at_;
  std::unordered_set<std::string> changed_;
  std::optional<Clock::time_point> resumed_at_;
};

}  // namespace tingchao::crawler
