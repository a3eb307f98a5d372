// What is remembered is remembered before the turn ends, so that whoever is next in line already
// meets it.

#include "crawler/fetch/polite_client.h"

#include "crawler/schedule.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {

boost::asio::awaitable<Result<net::HttpResponse>> PoliteClient::request(net::HttpRequest request,
                                                                        std::chrono::milliseconds delay) {
  const std::string host = web_address(request.url).host;
  Result<HostQueue::Turn> turn = co_await queue_.enter(host, delay);
  if (!turn) co_return turn.error();

  const auto start = HostQueue::Clock::now();
  Result<net::HttpResponse> response = co_await client_.request(std::move(request));
  remember(host, response);
  turn->finish(std::chrono::ceil<std::chrono::milliseconds>(HostQueue::Clock::now() - start));
  co_return response;
}

void PoliteClient::remember(const std::string& host, const Result<net::HttpResponse>& response) {
  if (response) {
    queue_.set_address(host, response->address);
    const bool later = response->status == 429 || response->status == 503;
    if (later)
      queue_.told_later(host, retry_after(response->headers, now_()), "HTTP " + std::to_string(response->status));
    else
      queue_.answered(host);
    return;
  }
  const Errc code = response.error().code;
  if (code == Errc::timeout || code == Errc::refused || code == Errc::not_found || code == Errc::io)
    queue_.silent(host, response.error().detail);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace tingchao::crawler
