// A fetch is a chain of hops. Each asks the robots book for leave, makes one polite request, and then
// either ends with a page, ends with the reason why there is none, or goes on to where the redirect
// points, where everything is asked anew.

#include "crawler/fetch.h"

#include <algorithm>

#include "crawler/fetch/host_queue.h"
#include "crawler/fetch/polite_client.h"
#include "crawler/fetch/robots_book.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {

namespace asio = boost::asio;

namespace {

std::function<Time()> clock_of(const Fetcher::Options& options) {
  if (options.now) return options.now;
  return [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); };
}

net::HttpRequest to_http(const FetchRequest& request, const std::string& url, const Fetcher::Options& options) {
  net::HttpRequest http;
  http.url = url;
  http.timeout = options.timeout;
  http.body_bytes_max = request.page_cap ? options.page_bytes_max : options.feed_bytes_max;
  http.headers = {{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
                  {"Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"}};
  if (!request.validators.etag.empty()) http.headers.emplace_back("If-None-Match", request.validators.etag);
  if (!request.validators.last_modified.empty())
    http.headers.emplace_back("If-Modified-Since", request.validators.last_modified);
  return http;
}

// A 304 repeats only what changed (RFC 9110 §15.4.5).
Validators validators_of(const net::HttpResponse& response, const Validators& before) {
  Validators validators;
  validators.etag = header(response.headers, "etag");
  validators.last_modified = header(response.headers, "last-modified");
  if (response.status == 304) {
    if (validators.etag.empty()) validators.etag = before.etag;
    if (validators.last_modified.empty()) validators.last_modified = before.last_modified;
  }
  return validators;
}

Error redirect_error(const Page& page, const std::string& what) {
  std::string way;
  for (const Hop& hop : page.redirects) way += hop.url + " → ";
  return {Errc::http_status, page.requested_url + ": " + what + " (" + way + "…)", "configure the address it ends at"};
}

}  // namespace

struct Fetcher::Impl {
  Impl(asio::io_context& io, net::HttpClient& client, Options o)
      : options(std::move(o)),
        now(clock_of(options)),
        queue(io, {options.delay_min, options.delay_max, options.latency_factor, now, options.remember}),
        polite(client, queue, now),
        robots(io, polite, queue, {options.product, options.robots_lifetime, options.timeout, now, options.remember}) {}

  asio::awaitable<Result<Page>> fetch(FetchRequest request);
  Result<Page> finish(Page page, net::HttpResponse response, const FetchRequest& request);
  std::optional<Error> add_hop(Page& page, const net::HttpResponse& response) const;

  Options options;
  std::function<Time()> now;
  HostQueue queue;
  PoliteClient polite;
  RobotsBook robots;
};

Fetcher::Fetcher(asio::io_context& io, net::HttpClient& client, Options options)
    : impl_(std::make_unique<Impl>(io, client, std::move(options))) {}
Fetcher::~Fetcher() = default;

asio::awaitable<Result<Page>> Fetcher::fetch(FetchRequest request) { return impl_->fetch(std::move(request)); }

asio::awaitable<Result<Page>> Fetcher::Impl::fetch(FetchRequest request) {
  Page page;
  page.source = request.source;
  page.requested_url = request.url;
  const auto start = resolve_reference(request.url);
  if (!start)
    co_return Error{Errc::bad_argument, "'" + request.url + "' is no web address",
                    "write it with http:// or https://, without user name"};
  page.url = *start;

  for (;;) {
    WebAddress address = web_address(page.url);
    const Result<RobotsBook::Leave> leave = co_await robots.ask(std::move(address), request.delay);
    if (!leave) co_return leave.error();
    page.robots = leave->verdict;
    page.robots_rule = leave->rule;

    net::HttpRequest http = to_http(request, page.url, options);
    Result<net::HttpResponse> response = co_await polite.request(std::move(http), request.delay);
    if (!response) co_return response.error();
    if (!is_redirect(response->status)) co_return finish(std::move(page), *std::move(response), request);
    if (auto error = add_hop(page, *response)) co_return *std::move(error);
  }
}

// Follows one redirect in `page`, or says why not.
std::optional<Error> Fetcher::Impl::add_hop(Page& page, const net::HttpResponse& response) const {
  page.redirects.push_back({page.url, response.status});
  const std::string_view location = header(response.headers, "location");
  auto next = resolve_reference(location, page.url);
  if (location.empty() || !next)
    return redirect_error(page, "redirects to '" + std::string(location.substr(0, 200)) + "', which is no web address");
  if (page.redirects.size() > static_cast<std::size_t>(options.redirects_max))
    return redirect_error(page, "more than " + std::to_string(options.redirects_max) + " redirects");
  // We send no cookies, so the same address would only answer the same again.
  if (std::any_of(page.redirects.begin(), page.redirects.end(), [&](const Hop& hop) { return hop.url == *next; }))
    return redirect_error(page, "redirects in a circle");
  page.url = *std::move(next);
  return {};
}

Result<Page> Fetcher::Impl::finish(Page page, net::HttpResponse response, const FetchRequest& request) {
  const bool conditional = !request.validators.empty();
  const bool not_modified = response.status == 304 && conditional;
  if (!not_modified && (response.status < 200 || response.status > 299)) {
    std::string detail = page.url + ": HTTP " + std::to_string(response.status);
    if (const Seconds rest = queue.rest_of(web_address(page.url).host); rest > Seconds(0))
      detail += "; its host rests until " + china_minute(now() + rest);
    return Error{Errc::http_status, std::move(detail), ""};
  }
  page.status = response.status;
  page.not_modified = not_modified;
  page.validators = validators_of(response, request.validators);
  page.truncated = response.truncated;
  page.address = std::move(response.address);
  page.took = response.took;
  page.headers = std::move(response.headers);
  page.request_headers = std::move(response.request_headers);
  page.body = std::move(response.body);
  page.fetched_at = now();
  return page;
}

void Fetcher::restore(const Memory& memory) {
  impl_->queue.restore(memory.hosts);
  impl_->robots.restore(memory.robots);
}

Fetcher::Memory Fetcher::take_changes() { return {impl_->queue.take_changes(), impl_->robots.take_changes()}; }

std::vector<HostState> Fetcher::hosts() const { return impl_->queue.hosts(); }

Seconds Fetcher::rest_of(std::string_view url) const {
  const auto resolved = resolve_reference(url);
  return resolved ? impl_->queue.rest_of(web_address(*resolved).host) : Seconds(0);
}

asio::awaitable<Result<std::vector<std::string>>> Fetcher::sitemaps(std::string url, Seconds delay) {
  const auto resolved = resolve_reference(url);
  if (!resolved) co_return Error{Errc::bad_argument, "'" + url + "' is no web address", ""};
  WebAddress address = web_address(*resolved);
  address.target = "/robots.txt";  // which is always allowed, so only the reading can fail
  const std::string origin = address.origin;
  const Result<RobotsBook::Leave> leave = co_await impl_->robots.ask(std::move(address), delay);
  if (!leave) co_return leave.error();
  co_return impl_->robots.sitemaps(origin);
}

}  // namespace tingchao::crawler
