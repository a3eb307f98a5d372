// Answers that break the rules of HTTP, or never come to an end: each ends in the right kind of failure, and
// what one answer left behind never becomes part of the next.
#include <catch2/catch.hpp>

#include <boost/asio/steady_timer.hpp>

#include "net/http_client.h"
#include "tests/support/loopback.h"

using namespace tingchao;
using namespace tingchao::tests;
using net::HttpClient;
using net::HttpRequest;
using net::HttpResponse;
using std::chrono::milliseconds;

namespace {

HttpClient::Options impatient() {
  HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.1/32"});
  options.stall = std::chrono::seconds(1);
  options.verify_tls = false;
  return options;
}

struct World {
  asio::io_context io;
  HttpClient client{io, impatient()};

  Result<HttpResponse> get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.body_bytes_max = 1u << 20;
    request.timeout = milliseconds(20'000);
    request.connect_timeout = milliseconds(300);
    return run(io, client.request(std::move(request)));
  }
};

// Sends `first` and then `again` for as long as the peer takes it, with a pause between.
RawServer::Talk endless(asio::io_context& io, std::string first, std::string again, milliseconds pause) {
  return [&io, first, again, pause](tcp::socket socket) -> awaitable<void> {
    return [](asio::io_context& context, tcp::socket s, std::string text, std::string more,
              milliseconds wait) -> awaitable<void> {
      co_await read_head(s);
      const auto token = asio::as_tuple(asio::use_awaitable);
      asio::steady_timer timer(context);
      while (co_await send(s, std::move(text))) {
        text = more;
        timer.expires_after(wait);
        if (wait.count() > 0) co_await timer.async_wait(token);
      }
    }(io, std::move(socket), first, again, pause);
  };
}

const std::string ok = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("an answer without end is given up", "[net]") {
  World world;
  struct Case {
    const char* name;
    std::string first, again;
    milliseconds pause;
    Errc code;
  };
  const Case cases[] = {
      {"header lines", ok, "X: y\r\n", milliseconds(0), Errc::too_large},
      {"one header line", ok + "X: ", std::string(10'000, 'y'), milliseconds(0), Errc::too_large},
      {"one folded header", ok + "X: y\r\n", " y\r\n", milliseconds(0), Errc::too_large},
      {"the status line", "HTTP/1.1 200 ", std::string(10'000, 'O'), milliseconds(0), Errc::too_large},
      {"interim answers", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", milliseconds(0),
       Errc::too_large},
      {"early hints", "HTTP/1.1 103 Early\r\nLink: a\r\n\r\n", "HTTP/1.1 103 Early\r\nLink: a\r\n\r\n",
       milliseconds(0), Errc::too_large},
      {"trailers", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n", milliseconds(0), Errc::too_large},
      {"a dripping status line", "H", "T", milliseconds(100), Errc::bad_markup},
      {"a dripping header", ok + "X: ", "y", milliseconds(50), Errc::timeout},
      {"a dripping body", ok + "Content-Length: 99999\r\n\r\n", "y", milliseconds(50), Errc::timeout},
      {"dripping chunks", ok + "Transfer-Encoding: chunked\r\n\r\n", "1\r\ny\r\n", milliseconds(50), Errc::timeout},
      {"a dripping chunk size", ok + "Transfer-Encoding: chunked\r\n\r\n", "0", milliseconds(50), Errc::refused},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    RawServer server(world.io, endless(world.io, c.first, c.again, c.pause));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    INFO(got.error().detail);
    CHECK(static_cast<int>(got.error().code) == static_cast<int>(c.code));
  }
}

TEST_CASE("an answer that breaks the rules is no answer", "[net]") {
  World world;
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  struct Case {
    const char* name;
    std::string answer;
    Errc code;
  };
  const Case cases[] = {
      {"HTTP/0.9", "<html>no head at all</html>", Errc::bad_markup},
      {"binary", std::string("\x16\x03\x01\x02\0\x01", 6), Errc::bad_markup},
      {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Errc::bad_markup},
      {"status of two digits", "HTTP/1.1 20 OK\r\n\r\n", Errc::bad_markup},
      {"HTTP/7", "HTTP/7.0 200 OK\r\n\r\nx", Errc::bad_markup},
      {"a chunk size that is none", chunked + "zz\r\nabc\r\n0\r\n\r\n", Errc::refused},
      {"a negative chunk size", chunked + "-5\r\nabc\r\n0\r\n\r\n", Errc::refused},
      {"a chunk size beyond all", chunked + "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n", Errc::refused},
      {"a chunk longer than its size", chunked + "3\r\nabcdef\r\n0\r\n\r\n", Errc::refused},
      {"chunks cut off", chunked + "5\r\nabc", Errc::refused},
      {"two lengths", ok + "Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc", Errc::bad_markup},
      {"a negative length", ok + "Content-Length: -3\r\n\r\nabc", Errc::bad_markup},
      {"a length cut off", ok + "Content-Length: 300\r\n\r\nabc", Errc::refused},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    RawServer server(world.io, always(c.answer));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    INFO(got.error().detail);
    CHECK(static_cast<int>(got.error().code) == static_cast<int>(c.code));
  }
}

TEST_CASE("the same length twice is an answer, and interim answers leave no headers behind", "[net]") {
  World world;
  RawServer server(world.io, always("HTTP/1.1 100 Continue\r\nX-Early: 1\r\nContent-Length: 9\r\n\r\n" + ok +
                                    "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"));
  const auto got = world.get(server.url());
  REQUIRE(got);
  CHECK(got->body == "abc");
  CHECK(header(got->headers, "x-early").empty());
}

TEST_CASE("a first header line that continues nothing is nothing", "[net]") {
  World world;  // curl 7.88 would continue the last header of the handle's transfer before, long freed
  RawServer plain(world.io, always(ok + "X: y\r\nContent-Length: 0\r\n\r\n"));
  RawServer folded(world.io, always(ok + " z: w\r\nContent-Length: 0\r\n\r\n"));
  for (int i = 0; i < 20; ++i) {
    const auto before = world.get(plain.url());
    REQUIRE(before);
    CHECK(header(before->headers, "x") == "y");
    const auto got = world.get(folded.url());
    if (got) CHECK(got->headers.size() == 1);
  }
}

TEST_CASE("line breaks within a header are spaces", "[net]") {
  World world;
  RawServer server(world.io, always(ok + "ETag: \"a\rSet-Cookie: b\"\r\nX: c\r\rd\r\nContent-Length: 0\r\n\r\n"));
  const auto got = world.get(server.url());
  REQUIRE(got);
  CHECK(header(got->headers, "etag") == "\"a Set-Cookie: b\"");
  CHECK(header(got->headers, "x") == "c  d");
}

TEST_CASE("a peer that never finishes the TLS handshake is given up", "[net]") {
  World world;
  for (const char* says : {"", "\x16\x03\x03", "HTTP/1.1 400 No\r\n\r\n"}) DYNAMIC_SECTION("'" << says << "'") {
    RawServer server(world.io, [&, says](tcp::socket socket) -> awaitable<void> {
      std::string text = says;
      co_await send(socket, std::move(text));
      while (!(co_await read_head(socket)).empty()) {}
    });
    const auto got = world.get("https" + server.url().substr(4));
    REQUIRE_FALSE(got);
    const bool known = got.error().code == Errc::timeout || got.error().code == Errc::io;
    CHECK(known);
  }
}

TEST_CASE("what follows an answer never becomes the next one", "[net]") {
  World world;
  const std::string good = ok + "Content-Length: 4\r\n\r\ngood";
  const std::string evil = ok + "Content-Length: 4\r\n\r\nevil";
  const bool at_once = GENERATE(true, false);
  const std::string framing = GENERATE("length", "chunks and length", "no body");
  CAPTURE(at_once, framing);
  RawServer server(world.io, [&](tcp::socket socket) -> awaitable<void> {
    std::string first = good;
    if (framing == "chunks and length")
      first = ok + "Content-Length: 1000\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n";
    if (framing == "no body") first = "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n";
    const auto token = asio::as_tuple(asio::use_awaitable);
    for (;;) {
      const std::string head = co_await read_head(socket);
      if (head.empty()) co_return;
      if (head.starts_with("GET /second")) {
        std::string text = good;
        co_await send(socket, std::move(text));
        continue;
      }
      std::string text = at_once ? first + evil : first;
      co_await send(socket, std::move(text));
      if (at_once) continue;
      asio::steady_timer later(world.io, milliseconds(20));
      co_await later.async_wait(token);
      text = evil;
      co_await send(socket, std::move(text));
    }
  });
  const auto one = world.get(server.url("/first"));
  REQUIRE(one);
  CHECK(one->body == (framing == "no body" ? "" : "good"));
  asio::steady_timer pause(world.io, milliseconds(60));
  const auto wait = [](asio::steady_timer& timer) -> awaitable<bool> {
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await timer.async_wait(token);
    co_return true;
  };
  run(world.io, wait(pause));
  const auto two = world.get(server.url("/second"));
  REQUIRE(two);
  CHECK(two->body == "good");
}
