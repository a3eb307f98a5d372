#pragma once
// What robots.txt of each origin said, fetched when it is first needed or has grown old. A file that
// cannot be had because the server is in trouble closes its origin (RFC 9309 §2.3.1.4) until a later
// try; one that is not there opens it. I/O thread only.

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/host.h"
#include "core/page.h"
#include "core/result.h"
#include "crawler/fetch/host_queue.h"
#include "crawler/fetch/polite_client.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {

class RobotsBook {
 public:
  struct Options {
    std::string product;
    Seconds lifetime{std::chrono::hours{24}};
    std::chrono::milliseconds timeout{60'000};
    std::function<Time()> now;  // for telling people until when; never empty
    bool remember = false;      // keep copies of what was read, for take_changes()
  };
  RobotsBook(boost::asio::io_context& io, PoliteClient& client, HostQueue& queue, Options options);

  struct Leave {
    RobotsVerdict verdict = RobotsVerdict::allowed;
    std::string rule;  // the line that decided
  };
  // May we ask for this address? Fails with denied naming the line, or with the reason why the file
  // cannot be read and until when nothing is asked there.
  boost::asio::awaitable<Result<Leave>> ask(WebAddress address, std::chrono::milliseconds delay);

  // The Sitemap lines of an origin's file, as far as it was read.
  std::vector<std::string> sitemaps(const std::string& origin) const;

  // What an earlier process read; a copy that has grown old is read anew when it is needed.
  void restore(const std::vector<RobotsCopy>& copies);
  // The files read since the last call; nothing unless Options::remember.
  std::vector<RobotsCopy> take_changes() { return std::exchange(changed_, {}); }

 private:
  struct Entry;
  struct Loading;
  std::shared_ptr<Entry> entry_of(const std::string& origin);
  boost::asio::awaitable<Result<net::HttpResponse>> load(std::string url, std::chrono::milliseconds delay);
  void take(Entry& entry, const WebAddress& address, const Result<net::HttpResponse>& response);
  void note(const Entry& entry, const std::string& origin, std::string body);
  void close(Entry& entry, const WebAddress& address, Error why);
  Result<Leave> judge(const Entry& entry, const WebAddress& address) const;

  boost::asio::io_context& io_;
  PoliteClient& client_;
  HostQueue& queue_;
  Options options_;
  std::unordered_map<std::string, std::shared_ptr<Entry>> entries_;  // by origin
  std::vector<RobotsCopy> changed_;
};

}  // namespace tingchao::crawler
