#pragma once
// One request as a guest makes it: a turn in the host's line, the request, and the host's behaviour
// remembered for the next. Every request of the crawler, robots.txt included, goes this way.

#include <functional>

#include <boost/asio/awaitable.hpp>

#include "core/result.h"
#include "crawler/fetch/host_queue.h"
#include "net/http_client.h"

namespace tingchao::crawler {

class PoliteClient {
 public:
  // `now` is never empty.
  PoliteClient(net::HttpClient& client, HostQueue& queue, std::function<Time()> now)
      : client_(client), queue_(queue), now_(std::move(now)) {}

  // `request.url` in the form of resolve_reference(). Fails as HttpClient and HostQueue::enter do;
  // an answer of 429 or 503 makes the whole host rest, and is handed on.
  boost::asio::awaitable<Result<net::HttpResponse>> request(net::HttpRequest request, std::chrono::milliseconds delay);

 private:
  void remember(const std::string& host, const Result<net::HttpResponse>& response);

  net::HttpClient& client_;
  HostQueue& queue_;
  std::function<Time()> now_;
};

bool is_redirect(int status);

}  // namespace tingchao::crawler
