// One coroutine accepts, one serves each connection: read a head, then the body, ask the handler,
// write, and again while the peer keeps the connection. One deadline covers the reading of a whole
// request, so a peer that drips its bytes cannot hold a connection longer than idle_timeout. When all
// connections are taken nothing more is accepted; the kernel's backlog holds the rest.

#include "net/http_server.h"

#include <netinet/in.h>

#include <optional>
#include <unordered_set>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "core/utf8.h"
#include "net/supervise.h"

namespace tingchao::net {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

namespace {

// Out of descriptors: wait until some may have been given back.
constexpr std::chrono::milliseconds accept_retry{100};

using Parser = http::request_parser<http::string_body>;
using Reply = http::response<http::string_body>;

struct Connection {
  explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  bool idle = true;  // between two requests: may be closed without harm
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

// The path of "/a?b", "http://host/a?b" and "*".
std::string_view raw_path(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == target.npos) return target;
  const auto slash = target.find('/', scheme + 3);
  return slash == target.npos ? std::string_view("/") : target.substr(slash);
}

ServerRequest to_request(Parser& parser, const tcp::socket& socket) {
  auto message = parser.release();
  ServerRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.path = percent_decoded(raw_path(request.target), false);
  for (const auto& field : message)
    request.headers.emplace_back(ascii_lower(std::string_view(field.name_string())), std::string(field.value()));
  request.body = std::move(message.body());
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (!error) request.peer = peer.address().to_string();
  return request;
}

// RFC 9110 IMF-fixdate of now, without the C library's locale.
std::string date_now() {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm t{};
  gmtime_r(&now, &t);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
                months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  return text;
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

Reply to_reply(ServerResponse response, bool is_head, bool keep_alive) {
  Reply reply;
  reply.version(11);
  reply.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) reply.insert(name, value);
  reply.set(http::field::date, date_now());
  reply.keep_alive(keep_alive);
  if (has_body(response.status)) reply.content_length(response.body.size());
  if (has_body(response.status) && !is_head) reply.body() = std::move(response.body);
  return reply;
}

ServerResponse refusal(const boost::system::error_code& error) {
  ServerResponse response;
  response.status = error == http::error::body_limit ? 413 : error == http::error::header_limit ? 431 : 400;
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  response.body = error.message() + "\n";
  return response;
}

// The peer went away, was silent too long, or we closed it: nobody is left to answer.
bool is_farewell(const boost::system::error_code& error) {
  const bool malformed = error.category() == make_error_code(http::error::bad_target).category();
  return !malformed || error == http::error::end_of_stream || error == http::error::partial_message;
}

}  // namespace

struct HttpServer::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& context, Options o, Handler h)
      : io(context), options(std::move(o)), handler(std::move(h)), acceptor(io), freed(io) {
    freed.expires_at(asio::steady_timer::time_point::max());
  }

  awaitable<void> accept();
  awaitable<void> serve(std::shared_ptr<Connection> connection);
  awaitable<bool> serve_one(std::shared_ptr<Connection> connection);
  awaitable<bool> answer(std::shared_ptr<Connection> connection, ServerResponse response, bool is_head, bool keep);
  void stop();

  asio::io_context& io;
  Options options;
  Handler handler;
  tcp::acceptor acceptor;
  asio::steady_timer freed;  // cancelled when a connection ends or the server stops
  std::unordered_set<std::shared_ptr<Connection>> connections;
  unsigned short port = 0;
  bool stopped = false;
};

awaitable<void> HttpServer::Impl::accept() {
  const auto self = shared_from_this();
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  while (!stopped) {
    if (connections.size() >= options.connections_max) {
      co_await freed.async_wait(token);
      continue;
    }
    tcp::socket socket = co_await acceptor.async_accept(token);
    if (stopped || error == asio::error::operation_aborted) co_return;
    if (error) {
      asio::steady_timer pause(io, accept_retry);
      co_await pause.async_wait(token);
      continue;
    }
    auto connection = std::make_shared<Connection>(std::move(socket));
    connections.insert(connection);
    supervise(io, serve(connection));
  }
}

awaitable<void> HttpServer::Impl::serve(std::shared_ptr<Connection> connection) {
  const auto self = shared_from_this();
  bool more = true;
  while (more && !stopped) more = co_await serve_one(connection);
  boost::system::error_code ignored;
  connection->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  connection->stream.close();
  connections.erase(connection);
  freed.cancel();
}

// One request and its answer; false when the connection is over.
awaitable<bool> HttpServer::Impl::serve_one(std::shared_ptr<Connection> connection) {
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  beast::tcp_stream& stream = connection->stream;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options.header_bytes_max));
  parser.body_limit(options.body_bytes_max);

  connection->idle = true;
  stream.expires_after(options.idle_timeout);
  co_await http::async_read_header(stream, connection->buffer, parser, token);
  connection->idle = false;
  if (!error && beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto bytes = asio::buffer(go_on);
    co_await asio::async_write(stream, bytes, token);
  }
  if (!error) co_await http::async_read(stream, connection->buffer, parser, token);
  if (error) {
    if (is_farewell(error)) co_return false;
    ServerResponse response = refusal(error);
    co_return co_await answer(connection, std::move(response), false, false);
  }

  const bool keep = parser.get().keep_alive() && !stopped;
  const bool is_head = parser.get().method() == http::verb::head;
  ServerRequest request = to_request(parser, stream.socket());
  stream.expires_never();
  ServerResponse response = co_await handler(std::move(request));
  co_return co_await answer(connection, std::move(response), is_head, keep);
}

awaitable<bool> HttpServer::Impl::answer(std::shared_ptr<Connection> connection, ServerResponse response, bool is_head,
                                         bool keep) {
  keep = keep && !stopped;
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  Reply reply = to_reply(std::move(response), is_head, keep);
  http::response_serializer<http::string_body> serializer(reply);
  connection->stream.expires_after(options.idle_timeout);
  if (is_head || !has_body(reply.result_int()))
    co_await http::async_write_header(connection->stream, serializer, token);
  else
    co_await http::async_write(connection->stream, serializer, token);
  co_return keep && !error;
}

void HttpServer::Impl::stop() {
  if (stopped) return;
  stopped = true;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  freed.cancel();
  for (const auto& connection : connections)
    if (connection->idle) connection->stream.cancel();
}

namespace {

Error cannot_listen(const HttpServer::Options& options, const boost::system::error_code& error) {
  const std::string place = options.address + ":" + std::to_string(options.port);
  if (error == asio::error::address_in_use)
    return {Errc::refused, "port " + std::to_string(options.port) + " on " + options.address + " is taken",
            "stop the program that holds it (ss -ltnp shows it), or configure another port"};
  if (error == asio::error::access_denied)
    return {Errc::denied, "may not listen on " + place, "choose a port above 1023"};
  return {Errc::refused, "cannot listen on " + place + ": " + error.message(),
          "configure an address of this machine, 127.0.0.1 or 0.0.0.0"};
}

// What a failing step leaves undone is not tried.
boost::system::error_code open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& io, Options options, Handler handler) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    return Error{Errc::bad_config, "'" + options.address + "' is no IP address to listen on",
                 "write 127.0.0.1 for this machine only, or 0.0.0.0 for all networks"};

  auto impl = std::make_shared<Impl>(io, std::move(options), std::move(handler));
  const tcp::endpoint endpoint(address, impl->options.port);
  error = open(impl->acceptor, endpoint);
  if (error) return cannot_listen(impl->options, error);
  impl->port = impl->acceptor.local_endpoint().port();
  supervise(io, impl->accept());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { impl_->stop(); }
unsigned short HttpServer::port() const { return impl_->port; }
void HttpServer::stop() { impl_->stop(); }

std::string query_value(std::string_view target, std::string_view name) {
  const auto mark = target.find('?');
  if (mark == target.npos) return {};
  std::string_view query = target.substr(mark + 1);
  query = query.substr(0, query.find('#'));
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (percent_decoded(pair.substr(0, equals), true) != name) continue;
    return equals == pair.npos ? std::string() : percent_decoded(pair.substr(equals + 1), true);
  }
  return {};
}

}  // namespace tingchao::net
