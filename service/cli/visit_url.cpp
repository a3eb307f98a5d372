// A little event loop of its own, which ends with the one request.
#include "service/cli/visit_url.h"

#include <boost/asio/io_context.hpp>

#include "crawler/fetch.h"
#include "net/http_client.h"
#include "net/supervise.h"

namespace tingchao::service {
namespace {

net::awaitable<void> fetch_one(crawler::Fetcher& fetcher, std::string url, Result<Page>& answer,
                               boost::asio::io_context& io) {
  crawler::FetchRequest request;
  request.url = std::move(url);
  request.source = "command";
  answer = co_await fetcher.fetch(std::move(request));
  io.stop();
}

}  // namespace

Result<Page> fetch_page(const std::string& url, const std::vector<std::string>& allow_networks) {
  auto policy = net::AddressPolicy::allowing(allow_networks);
  if (!policy) return policy.error();
  boost::asio::io_context io(1);
  net::HttpClient::Options options;
  options.policy = std::move(*policy);
  net::HttpClient client(io, std::move(options));
  crawler::Fetcher fetcher(io, client, {});
  Result<Page> answer = Error{Errc::io, url + ": no answer", ""};
  net::supervise(io, fetch_one(fetcher, url, answer, io));
  io.run();
  return answer;
}

}  // namespace tingchao::service
