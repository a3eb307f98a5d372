#include "net/http_client.h"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/support/loopback.h"

using namespace tingchao;
using namespace tingchao::tests;
using net::HttpClient;
using net::HttpRequest;
using net::HttpResponse;
using std::chrono::milliseconds;

namespace {

HttpClient::Options loopback_allowed() {
  HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.1/32"});
  return options;
}

struct World {
  asio::io_context io;
  HttpClient client{io, loopback_allowed()};

  Result<HttpResponse> get(const std::string& url, std::size_t cap = 8u << 20,
                           milliseconds timeout = milliseconds(20'000)) {
    HttpRequest request;
    request.url = url;
    request.body_bytes_max = cap;
    request.timeout = timeout;
    return run(io, client.request(std::move(request)));
  }
};

std::string answer(const std::string& headers, const std::string& body) {
  return "HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string gzip_of_zeros(std::size_t size) {
  z_stream z{};
  deflateInit2(&z, 1, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
  const std::string block(1 << 20, '\0');
  std::string out(size / 200 + 4096, '\0');
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  for (std::size_t done = 0; done < size; done += block.size()) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
    z.avail_in = static_cast<uInt>(block.size());
    deflate(&z, done + block.size() >= size ? Z_FINISH : Z_NO_FLUSH);
  }
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace

TEST_CASE("an answer is told as it came", "[net]") {
  World world;
  std::string seen;
  RawServer server(world.io, [&seen](tcp::socket socket) -> awaitable<void> {
    seen = co_await read_head(socket);
    const std::string body = "<html>中文</html>";
    std::string text =
        "HTTP/1.1 404 Gone fishing\r\nETag: W/\"a,b\"\r\nX-Odd:  two words \r\n folded\r\nSet-Cookie: a\r\n"
        "Set-Cookie: b\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    co_await send(socket, std::move(text));
  });
  HttpRequest request;
  request.url = server.url("/a?b=1");
  request.headers = {{"If-None-Match", "W/\"x\""}, {"X-Empty", ""}};
  const auto got = run(world.io, world.client.request(request));
  REQUIRE(got);
  CHECK(got->status == 404);
  CHECK(got->body == "<html>中文</html>");
  CHECK(header(got->headers, "etag") == "W/\"a,b\"");
  CHECK(header(got->headers, "x-odd") == "two words folded");
  CHECK(std::count_if(got->headers.begin(), got->headers.end(), [](auto& h) { return h.first == "set-cookie"; }) == 2);
  CHECK(got->address == "127.0.0.1");
  CHECK(got->version == "1.1");
  CHECK_FALSE(got->truncated);
  CHECK_THAT(seen, Catch::StartsWith("GET /a?b=1 HTTP/1.1\r\n"));
  CHECK_THAT(seen, Catch::Contains("If-None-Match: W/\"x\"\r\n"));
  CHECK_THAT(seen, Catch::Contains("X-Empty:\r\n"));
  CHECK_THAT(seen, Catch::Contains("User-Agent: TingchaoBot/"));
  CHECK_THAT(seen, Catch::Contains("gzip") && Catch::Contains("br") && Catch::Contains("zstd"));
}

TEST_CASE("redirects and not-modified are answers, not followed", "[net]") {
  World world;
  for (const char* line : {"301 Moved", "302 Found", "307 Again", "304 Not Modified", "204 No Content"}) {
    RawServer server(world.io,
                     always("HTTP/1.1 " + std::string(line) +
                            "\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    const auto got = world.get(server.url());
    REQUIRE(got);
    CHECK(std::to_string(got->status) == std::string(line, 3));
    CHECK(header(got->headers, "location") == "http://127.0.0.2:1/");
    CHECK(server.connections() == 1);
  }
}

TEST_CASE("a body past the cap is cut and flagged", "[net]") {
  World world;
  SECTION("by its length") {
    RawServer server(world.io, always(answer("", std::string(100'000, 'x'))));
    const auto got = world.get(server.url(), 70'001);
    REQUIRE(got);
    CHECK(got->truncated);
    CHECK(got->body == std::string(70'001, 'x'));
    CHECK(got->status == 200);
    CHECK(header(got->headers, "content-length") == "100000");
  }
  SECTION("exactly the cap is whole") {
    RawServer server(world.io, always(answer("", std::string(70'000, 'x'))));
    const auto got = world.get(server.url(), 70'000);
    REQUIRE(got);
    CHECK_FALSE(got->truncated);
    CHECK(got->body.size() == 70'000);
  }
  SECTION("a gzip bomb of 256 MiB") {
    RawServer server(world.io, always(answer("Content-Encoding: gzip\r\n", gzip_of_zeros(256u << 20))));
    const auto got = world.get(server.url(), 4u << 20);
    REQUIRE(got);
    CHECK(got->truncated);
    CHECK(got->body.size() == 4u << 20);
  }
  SECTION("endless chunks") {
    RawServer server(world.io, [](tcp::socket socket) -> awaitable<void> {
      co_await read_head(socket);
      std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      const std::string chunk = "8000\r\n" + std::string(0x8000, 'y') + "\r\n";
      while (co_await send(socket, std::move(text))) text = chunk;
    });
    const auto got = world.get(server.url(), 1u << 20);
    REQUIRE(got);
    CHECK(got->truncated);
    CHECK(got->body.size() == 1u << 20);
  }
}

TEST_CASE("gzip within the cap is unpacked whole", "[net]") {
  World world;
  RawServer server(world.io, always(answer("Content-Encoding: gzip\r\n", gzip_of_zeros(1u << 20))));
  const auto got = world.get(server.url());
  REQUIRE(got);
  CHECK(got->body == std::string(1u << 20, '\0'));
}

TEST_CASE("a flood of headers is cut off", "[net]") {
  World world;
  struct Case {
    const char* name;
    std::string line;
    int count;
  };
  const Case cases[] = {{"many lines", "X-A: b\r\n", 100'000},
                        {"long lines", "X-A: " + std::string(60'000, 'b') + "\r\n", 6}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    std::string text = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < c.count; ++i) text += c.line;
    RawServer server(world.io, always(text + "Content-Length: 1\r\n\r\nx"));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::too_large);
  }
}

TEST_CASE("what goes wrong on the way has its own code", "[net]") {
  World world;
  SECTION("nobody listens") {
    unsigned short port;
    { port = RawServer(world.io, always("")).port(); }
    const auto got = world.get("http://127.0.0.1:" + std::to_string(port) + "/");
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::refused);
    CHECK_THAT(got.error().detail, Catch::Contains("127.0.0.1:" + std::to_string(port)));
  }
  SECTION("hangs up without a word") {
    RawServer server(world.io, always(""));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::refused);
  }
  SECTION("cut in the middle of the body") {
    RawServer server(world.io, always("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::refused);
  }
  SECTION("silent") {
    RawServer server(world.io, [](tcp::socket socket) -> awaitable<void> {
      while (!(co_await read_head(socket)).empty()) {}
    });
    const auto got = world.get(server.url(), 1000, milliseconds(100));
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::timeout);
  }
  SECTION("broken gzip") {
    RawServer server(world.io, always(answer("Content-Encoding: gzip\r\n", "this is no gzip at all")));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::bad_encoding);
  }
  SECTION("speaks another language") {
    RawServer server(world.io, always("220 mail ESMTP\r\n"));
    const auto got = world.get(server.url());
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::bad_markup);
  }
  SECTION("a name that cannot exist") {
    const auto got = world.get("http://no-such-host.invalid/");
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::not_found);
  }
}

TEST_CASE("a peer that drips is given up", "[net]") {
  asio::io_context io;
  HttpClient::Options options = loopback_allowed();
  options.stall = std::chrono::seconds(1);
  HttpClient client(io, options);
  RawServer server(io, [&io](tcp::socket socket) -> awaitable<void> {
    co_await read_head(socket);
    std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    asio::steady_timer pause(io);
    const auto token = asio::as_tuple(asio::use_awaitable);
    while (co_await send(socket, std::move(text))) {
      text = "x";
      pause.expires_after(milliseconds(50));
      co_await pause.async_wait(token);
    }
  });
  HttpRequest request;
  request.url = server.url();
  const auto got = run(io, client.request(request));
  REQUIRE_FALSE(got);
  CHECK(got.error().code == Errc::timeout);
}

TEST_CASE("the policy sees the address that a name resolves to", "[net]") {
  asio::io_context io;
  HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.2/32"});
  HttpClient client(io, options);
  RawServer server(io, always(answer("", "secret")));  // on 127.0.0.1
  const std::string port = ":" + std::to_string(server.port()) + "/";
  for (const char* host : {"127.0.0.1",
                           "localhost",
                           "127.1",
                           "0x7f000001",
                           "2130706433",
                           "0177.0.0.1",
                           "017700000001",
                           "127.0.1",
                           "0x7f.1",
                           "0",
                           "0.0.0.0",
                           "[::1]",
                           "[::]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "[64:ff9b::7f00:1]",
                           "[2002:7f00:1::]",
                           "10.0.0.1",
                           "169.254.169.254",
                           "[fe80::1]"})
    DYNAMIC_SECTION(host) {
      HttpRequest request;
      request.url = "http://" + std::string(host) + port;
      const auto got = run(io, client.request(request));
      REQUIRE_FALSE(got);
      CHECK(got.error().code == Errc::denied);
      CHECK(server.connections() == 0);
    }
}

TEST_CASE("odd spellings that no resolver should know lead nowhere", "[net]") {
  World world;
  RawServer server(world.io, always(answer("", "secret")));
  for (const char* host :
       {"127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1", "[::1%25lo]", "0x7f000001.", "127.0.0.1%00.example"})
    DYNAMIC_SECTION(host) {
      const auto got = world.get("http://" + std::string(host) + ":" + std::to_string(server.port()) + "/");
      CHECK_FALSE(got);
      CHECK(server.connections() == 0);
    }
}

TEST_CASE("what is no http address is refused before anything happens", "[net]") {
  World world;
  struct Case {
    const char* name;
    HttpRequest request;
  };
  std::vector<Case> cases;
  for (const char* url :
       {"", "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/x", "127.0.0.1/", "httpx://a/", "http:/a",
        "http://", "http://user:secret@127.0.0.1/", "http://a b/", "dict://x"})
    cases.push_back({url, {.url = url, .method = "GET", .headers = {}, .body = ""}});
  cases.push_back({"method", {.url = "http://127.0.0.1/", .method = "DELETE", .headers = {}, .body = ""}});
  cases.push_back(
      {"split", {.url = "http://127.0.0.1/", .method = "GET", .headers = {{"A", "b\r\nC: d"}}, .body = ""}});
  cases.push_back({"colon", {.url = "http://127.0.0.1/", .method = "GET", .headers = {{"A: b", "c"}}, .body = ""}});
  for (const Case& c : cases) DYNAMIC_SECTION("'" << c.name << "'") {
    const auto got = run(world.io, world.client.request(c.request));
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::bad_argument);
  }
}

TEST_CASE("a POST carries its body, a HEAD asks for none", "[net]") {
  World world;
  std::string seen;
  RawServer server(world.io, [&seen](tcp::socket socket) -> awaitable<void> {
    seen = co_await read_head(socket);
    while (seen.starts_with("POST") && seen.size() < seen.find("\r\n\r\n") + 4 + 3000) {
      char bytes[4096];
      const auto buffer = asio::buffer(bytes);
      const auto n = co_await socket.async_read_some(buffer, asio::use_awaitable);
      seen.append(bytes, n);
    }
    std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
    if (!seen.starts_with("HEAD")) text += "taken";
    co_await send(socket, std::move(text));
  });
  HttpRequest request;
  request.url = server.url();
  request.method = "POST";
  request.body = std::string(3000, 'b');
  auto got = run(world.io, world.client.request(request));
  REQUIRE(got);
  CHECK(got->body == "taken");
  CHECK_THAT(seen, Catch::Contains("Content-Length: 3000\r\n") && Catch::EndsWith("\r\n\r\n" + request.body));
  CHECK_THAT(seen, !Catch::Contains("Expect:"));

  request.method = "HEAD";
  got = run(world.io, world.client.request(request));
  REQUIRE(got);
  CHECK(got->body == "");
  CHECK_THAT(seen, Catch::StartsWith("HEAD / "));
}

TEST_CASE("many requests at once, each with its own answer", "[net]") {
  World world;
  RawServer server(world.io, [](tcp::socket socket) -> awaitable<void> {
    for (;;) {
      const std::string head = co_await read_head(socket);
      if (head.empty()) co_return;
      const std::string path = head.substr(4, head.find(" HTTP") - 4);
      std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(path.size()) + "\r\n\r\n" + path;
      co_await send(socket, std::move(text));
    }
  });
  int good = 0, ended = 0;
  const auto ask = [](HttpClient& client, std::string url, std::string want, int& good_,
                      int& ended_) -> awaitable<void> {
    HttpRequest request;
    request.url = std::move(url);
    const auto got = co_await client.request(std::move(request));
    good_ += got && got->body == want;
    ++ended_;
  };
  for (int i = 0; i < 200; ++i) {
    const std::string path = "/" + std::to_string(i);
    net::supervise(world.io, ask(world.client, server.url(path), path, good, ended));
  }
  while (ended < 200) world.io.run_one();
  CHECK(good == 200);
  CHECK(server.connections() == 1);  // one a host, kept alive
}

TEST_CASE("a request may be cancelled, and the client may go first", "[net]") {
  asio::io_context io;
  std::optional<HttpClient> client(std::in_place, io, loopback_allowed());
  RawServer server(io, [](tcp::socket socket) -> awaitable<void> {
    while (!(co_await read_head(socket)).empty()) {}
  });
  const auto ask = [](HttpClient& c, std::string url) -> awaitable<void> {
    HttpRequest request;
    request.url = std::move(url);
    (void)co_await c.request(std::move(request));
  };
  asio::cancellation_signal stop;
  bool ended = false;
  const auto at_end = [&](std::exception_ptr) { ended = true; };
  asio::co_spawn(io, ask(*client, server.url()), asio::bind_cancellation_slot(stop.slot(), at_end));
  while (server.connections() == 0) io.run_one();
  stop.emit(asio::cancellation_type::terminal);
  while (!ended) io.run_one();

  net::supervise(io, ask(*client, server.url()));
  while (server.connections() < 2) io.run_one();
  client.reset();  // the coroutine is still asleep; the io_context's end destroys it
  SUCCEED();
}
