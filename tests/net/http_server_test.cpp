#include "net/http_server.h"

#include <catch2/catch.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/http_client.h"
#include "tests/support/loopback.h"

using namespace tingchao;
using namespace tingchao::tests;
using net::HttpServer;
using net::ServerRequest;
using net::ServerResponse;

namespace {

HttpServer::Handler echo(ServerRequest& seen) {
  return [&seen](ServerRequest request) -> awaitable<ServerResponse> {
    seen = std::move(request);
    ServerResponse response;
    response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    response.body = seen.method + " " + seen.path + "\n" + seen.body;
    co_return response;
  };
}

std::unique_ptr<HttpServer> listening(asio::io_context& io, HttpServer::Options options, HttpServer::Handler handler) {
  auto server = HttpServer::listen(io, std::move(options), std::move(handler));
  REQUIRE(server);
  return std::move(*server);
}

// Writes the bytes and reads until the server closes.
awaitable<std::string> talk(asio::io_context& io, unsigned short port, std::string bytes) {
  tcp::socket socket(io);
  const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), port);
  co_await socket.async_connect(endpoint, asio::use_awaitable);
  co_await send(socket, std::move(bytes));
  std::string answer;
  auto buffer = asio::dynamic_buffer(answer);
  const auto token = asio::as_tuple(asio::use_awaitable);
  co_await asio::async_read(socket, buffer, token);
  co_return answer;
}

}  // namespace

TEST_CASE("the handler sees the request, the peer its response", "[net]") {
  asio::io_context io;
  ServerRequest seen;
  const auto server = listening(io, {}, echo(seen));
  const std::string answer = run(io, talk(io, server->port(),
                                          "POST /%E6%B5%8B%20%zz?q=1 HTTP/1.1\r\nHost: a\r\nX-One: 1\r\n"
                                          "Connection: close\r\nContent-Length: 4\r\n\r\nbody"));
  CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 200 OK\r\n") && Catch::Contains("Content-Length: ") &&
                         Catch::Contains("Date: ") && Catch::Contains("Connection: close") &&
                         Catch::EndsWith("POST /测 %zz\nbody"));
  CHECK(seen.target == "/%E6%B5%8B%20%zz?q=1");
  CHECK(header(seen.headers, "x-one") == "1");
  CHECK(seen.peer == "127.0.0.1");
}

TEST_CASE("one connection serves many requests, in order", "[net]") {
  asio::io_context io;
  ServerRequest seen;
  const auto server = listening(io, {}, echo(seen));
  const std::string get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", head = "HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string last = "GET http://other/b?c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const std::string answer = run(io, talk(io, server->port(), get + head + last));
  CHECK_THAT(answer, Catch::Contains("GET /a\n"));
  CHECK_THAT(answer, !Catch::Contains("HEAD /h\n") && Catch::Contains("Content-Length: 8"));
  CHECK_THAT(answer, Catch::EndsWith("GET /b\n"));
}

TEST_CASE("statuses without a body have none, repeated headers stay", "[net]") {
  asio::io_context io;
  int status = 204;
  const auto answer_with = [&status](ServerRequest) -> awaitable<ServerResponse> {
    ServerResponse response;
    response.status = status;
    response.headers = {{"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}};
    response.body = "nobody reads this";
    co_return response;
  };
  const auto server = listening(io, {}, answer_with);
  for (const int s : {204, 304}) {
    status = s;
    const std::string answer =
        run(io, talk(io, server->port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 " + std::to_string(s)) && Catch::EndsWith("\r\n\r\n") &&
                           Catch::Contains("a=1") && Catch::Contains("b=2") && !Catch::Contains("Content-Length"));
  }
}

TEST_CASE("requests past the limits, or no requests at all, get their status", "[net]") {
  asio::io_context io;
  ServerRequest seen;
  HttpServer::Options options;
  options.body_bytes_max = 1000;
  options.header_bytes_max = 2000;
  options.idle_timeout = std::chrono::milliseconds(300);
  const auto server = listening(io, options, echo(seen));
  struct Case {
    const char* name;
    std::string bytes;
    const char* starts;  // empty: closed without a word
  };
  const Case cases[] = {
      {"body too long", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'),
       "HTTP/1.1 413"},
      {"chunked body too long",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + std::string(0x400, 'x') +
           "\r\n0\r\n\r\n",
       "HTTP/1.1 413"},
      {"head too long", "GET / HTTP/1.1\r\nX: " + std::string(3000, 'x') + "\r\n\r\n", "HTTP/1.1 431"},
      {"no HTTP", "\x16\x03\x01\x02 hello there\r\n\r\n", "HTTP/1.1 400"},
      {"half a head, then silence", "GET / HTTP/1.1\r\nHost", ""},
      {"half a body, then silence", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", ""},
      {"waits to be told to go on",
       "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const std::string answer = run(io, talk(io, server->port(), c.bytes));
    CHECK(answer.substr(0, std::string(c.starts).size()) == c.starts);
    if (*c.starts == '\0') CHECK(answer == "");
  }
}

TEST_CASE("beyond its connections the server lets others wait", "[net]") {
  asio::io_context io;
  ServerRequest seen;
  HttpServer::Options options;
  options.connections_max = 2;
  options.idle_timeout = std::chrono::milliseconds(200);
  const auto server = listening(io, options, echo(seen));
  const tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), server->port());
  tcp::socket idle_one(io), idle_two(io);
  idle_one.connect(endpoint);
  idle_two.connect(endpoint);
  const std::string answer =
      run(io, talk(io, server->port(), "GET /late HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  CHECK_THAT(answer, Catch::EndsWith("GET /late\n"));  // after the idle ones were closed
}

TEST_CASE("a taken port is named with its mend", "[net]") {
  asio::io_context io;
  ServerRequest seen;
  const auto server = listening(io, {}, echo(seen));
  HttpServer::Options options;
  options.port = server->port();
  const auto second = HttpServer::listen(io, options, echo(seen));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::refused);
  CHECK_THAT(second.error().detail, Catch::Contains(std::to_string(server->port())) && Catch::Contains("taken"));
  CHECK_THAT(second.error().mend, Catch::Contains("another port"));

  options.address = "localhost";
  const auto third = HttpServer::listen(io, options, echo(seen));
  REQUIRE_FALSE(third);
  CHECK(third.error().code == Errc::bad_config);

  options.address = "192.0.2.1";
  const auto fourth = HttpServer::listen(io, options, echo(seen));
  REQUIRE_FALSE(fourth);
  CHECK_THAT(fourth.error().detail, Catch::Contains("192.0.2.1"));
}

TEST_CASE("stopping lets the running handler finish", "[net]") {
  asio::io_context io;
  std::unique_ptr<HttpServer> server;
  const auto slow = [&](ServerRequest) -> awaitable<ServerResponse> {
    server->stop();
    asio::steady_timer pause(io, std::chrono::milliseconds(20));
    co_await pause.async_wait(asio::use_awaitable);
    ServerResponse response;
    response.body = "finished";
    co_return response;
  };
  server = listening(io, {}, slow);
  const unsigned short port = server->port();
  const std::string answer = run(io, talk(io, port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  CHECK_THAT(answer, Catch::EndsWith("finished") && Catch::Contains("Connection: close"));
  server.reset();
  io.restart();
  io.run();  // nothing is left to do: no acceptor, no connection
  SUCCEED();
}

TEST_CASE("the values of a query are decoded", "[net]") {
  struct Case {
    const char *target, *name, *want;
  };
  const Case cases[] = {
      {"/p?a=1&b=%E4%BD%A0+%2B", "b", "你 +"}, {"/p?a=1&b=2", "a", "1"}, {"/p?a=1&a=2", "a", "1"}, {"/p?a", "a", ""},
      {"/p", "a", ""}, {"/p?", "a", ""}, {"/p?&&=x&a=y", "a", "y"}, {"/p?a=%4", "a", "%4"}, {"/p?a=b=c", "a", "b=c"},
      {"/p?%61=1", "a", "1"}, {"/p?a=1#a=2", "a", "1"}, {"/p?ab=1", "a", ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.target) { CHECK(net::query_value(c.target, c.name) == c.want); }
}
