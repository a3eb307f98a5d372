// Each request asks the store through a read-only connection; nothing is cached, so what is shown is
// what is true. The page is plain HTML without script: it works in any browser of any office.
#include "service/api.h"

#include <boost/json.hpp>

#include "core/json.h"
#include "net/http_server.h"
#include "service/status_page.h"
#include "service/unsubscribe.h"
#include "store/store.h"

namespace tingchao::service {
namespace {

constexpr int listed_max = 200;

net::ServerResponse json_response(boost::json::value value, int status = 200) {
  net::ServerResponse response;
  response.status = status;
  response.headers = {{"content-type", "application/json; charset=utf-8"}, {"cache-control", "no-store"}};
  response.body = to_line(value);
  return response;
}

net::ServerResponse error_response(int status, const std::string& detail) {
  return json_response({{"error", detail}}, status);
}

template <class T>
boost::json::array array_of(const std::vector<T>& all) {
  boost::json::array array;
  for (const T& each : all) array.push_back(to_json(each));
  return array;
}

}  // namespace

struct Api::Impl {
  const Config& config;
  const crawler::Fetcher& fetcher;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<net::HttpServer> server;

  boost::asio::awaitable<net::ServerResponse> serve(net::ServerRequest request) { co_return answer(request); }

  net::ServerResponse answer(const net::ServerRequest& request) {
    if (request.path.starts_with("/u/")) return unsubscribe(request);
    if (request.method != "GET" && request.method != "HEAD")
      return error_response(405, "this interface only reads; use the command line to act");
    if (request.path == "/healthz") return json_response({{"status", "ok"}});
    if (request.path == "/") return page();
    if (request.path == "/api/v1/warnings") return list_warnings(request);
    if (request.path.starts_with("/api/v1/warnings/")) return one_warning(request.path.substr(17));
    if (request.path == "/api/v1/stories") return list_stories();
    if (request.path == "/api/v1/sources") return list_sources();
    if (request.path == "/api/v1/hosts") return list_hosts();
    if (request.path == "/api/v1/deliveries") return list_deliveries();
    return error_response(404, request.path + " is not there");
  }

  net::ServerResponse failed(const Error& error) { return error_response(503, describe(error)); }

  net::ServerResponse list_warnings(const net::ServerRequest& request) {
    const bool all = net::query_value(request.target, "all") == "true";
    const auto warnings = store->warnings(Time{}, config.clock.now() + std::chrono::hours{24}, !all);
    return warnings ? json_response({{"warnings", array_of(*warnings)}}) : failed(warnings.error());
  }

  net::ServerResponse one_warning(const std::string& id) {
    const auto warning = store->warning(id);
    if (!warning) return failed(warning.error());
    if (!*warning) return error_response(404, "no warning " + id);
    const auto history = store->history(id);
    if (!history) return failed(history.error());
    boost::json::object object = to_json(**warning);
    object["history"] = array_of(*history);
    return json_response(std::move(object));
  }

  net::ServerResponse list_stories() {
    const Time now = config.clock.now();
    const auto stories =
        store->stories(now - std::chrono::hours{72}, now + std::chrono::hours{1}, listed_max);
    return stories ? json_response({{"stories", array_of(*stories)}}) : failed(stories.error());
  }

  net::ServerResponse list_sources() {
    const auto health = store->health();
    return health ? json_response({{"sources", array_of(*health)}}) : failed(health.error());
  }

  net::ServerResponse list_hosts() {
    boost::json::array array;
    for (const crawler::HostState& host : fetcher.hosts())
      array.push_back({{"host", host.host},
                       {"robots", host.robots},
                       {"delay_ms", host.delay.count()},
                       {"waiting", host.waiting},
                       {"failures", host.failures},
                       {"waits_for", host.waits_for}});
    return json_response({{"hosts", std::move(array)}});
  }

  net::ServerResponse list_deliveries() {
    const auto deliveries = store->deliveries(std::nullopt, listed_max);
    if (!deliveries) return failed(deliveries.error());
    boost::json::array array;
    for (const Delivery& delivery : *deliveries) {
      boost::json::object object = to_json(delivery);
      object.erase("body");
      array.push_back(std::move(object));
    }
    return json_response({{"deliveries", std::move(array)}});
  }

  // A connection of its own for the one write that this interface knows; SQLite orders it with the daemon's.
  net::ServerResponse unsubscribe(const net::ServerRequest& request) {
    const Time now = config.clock.now();
    alerting::Book book = config.book;
    book.bureau = config.bureau;
    if (request.method != "POST") return answer_unsubscribe(*store, book, request, now);
    auto writable = store::open(config.store);
    return writable ? answer_unsubscribe(**writable, book, request, now) : failed(writable.error());
  }

  net::ServerResponse page() {
    auto html = status_page(*store, config);
    if (!html) return failed(html.error());
    net::ServerResponse response;
    response.headers = {{"content-type", "text/html; charset=utf-8"},
                        {"cache-control", "no-store"},
                        {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"},
                        {"x-content-type-options", "nosniff"}};
    response.body = std::move(*html);
    return response;
  }
};

Api::Api(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Api::~Api() = default;
unsigned short Api::port() const { return impl_->server->port(); }

Result<std::unique_ptr<Api>> Api::listen(boost::asio::io_context& io, const Config& config,
                                         const crawler::Fetcher& fetcher) {
  auto store = store::open(config.store, true);
  if (!store) return store.error();
  auto impl = std::unique_ptr<Impl>(new Impl{config, fetcher, std::move(*store), nullptr});
  Impl* raw = impl.get();
  net::HttpServer::Options options;
  options.address = config.http_address;
  options.port = static_cast<unsigned short>(config.http_port);
  auto server = net::HttpServer::listen(
      io, options, [raw](net::ServerRequest request) { return raw->serve(std::move(request)); });
  if (!server) return server.error();
  impl->server = std::move(*server);
  return std::unique_ptr<Api>(new Api(std::move(impl)));
}

}  // namespace tingchao::service
