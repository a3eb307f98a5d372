#include "crawler/fetch.h"

#include <catch2/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "tests/crawler/fetch/site.h"

using namespace tingchao;
using namespace tingchao::tests;

TEST_CASE("the host's delay lies between every two requests", "[crawler][politeness]") {
  struct Case {
    const char* name;
    std::string robots;
    milliseconds delay_min;
    double latency_factor;
    milliseconds delay_max, think;
    milliseconds gap;
  };
  const Case cases[] = {
      {"the floor", "", milliseconds(40), 0, milliseconds(0), milliseconds(0), milliseconds(40)},
      {"Crawl-delay", "User-agent: *\nCrawl-delay: 0.08\n", milliseconds(10), 0, milliseconds(0), milliseconds(0),
       milliseconds(80)},
      {"a slow answer", "", milliseconds(10), 3.0, milliseconds(1000), milliseconds(20), milliseconds(60)},
      {"a slow answer, up to the most", "", milliseconds(10), 50.0, milliseconds(30), milliseconds(20),
       milliseconds(30)},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Fetcher::Options options;
    options.delay_min = c.delay_min;
    options.delay_max = c.delay_max;
    options.latency_factor = c.latency_factor;
    World world(options);
    Site site(world.io, with_robots(reply("200 OK", c.robots)));
    site.think = c.think;
    const std::vector<std::string> urls(4, site.url("/a"));
    for (const auto& page : world.fetch_all(urls)) CHECK(page);
    CHECK(site.visits().size() == 5);  // robots.txt counts
    CHECK(site.in_flight_most() == 1);
    CHECK(site.shortest_gap() >= c.gap);
  }
}

TEST_CASE("a source's own delay binds all who ask the host", "[crawler][politeness]") {
  World world;
  Site site(world.io, with_robots(no_robots));
  FetchRequest slow = World::asking(site.url("/slow"));
  slow.delay = Seconds(1);
  CHECK(world.fetch(slow));
  CHECK(world.fetch(site.url("/quick")));
  CHECK(site.shortest_gap() >= milliseconds(1000));
  const auto hosts = world.fetcher.hosts();
  REQUIRE(hosts.size() == 1);
  CHECK(hosts[0].delay == milliseconds(1000));
  CHECK(hosts[0].robots == "no file");
}

TEST_CASE("two hosts do not wait for one another", "[crawler][politeness]") {
  Fetcher::Options options = World::quick();
  options.delay_min = milliseconds(200);
  World world(options);
  Site one(world.io, with_robots(no_robots), "127.0.1.1"), two(world.io, with_robots(no_robots), "127.0.1.2");
  for (const auto& page : world.fetch_all({one.url("/"), two.url("/"), one.url("/"), two.url("/")})) CHECK(page);
  CHECK(one.shortest_gap() >= milliseconds(200));
  CHECK(two.shortest_gap() >= milliseconds(200));
  // Had they taken turns, all of one would lie before or after all of two.
  CHECK(one.visits().front().begun < two.visits().back().begun);
  CHECK(two.visits().front().begun < one.visits().back().begun);
}

TEST_CASE("hosts on one machine take turns", "[crawler][politeness]") {
  World world;
  int in_flight = 0, most = 0;
  asio::io_context& io = world.io;
  const auto busy_site = [&](tcp::socket s) {
    return [](asio::io_context& io_, tcp::socket socket, int& now, int& peak) -> awaitable<void> {
      for (;;) {
        const std::string head = co_await read_head(socket);
        if (head.empty()) co_return;
        peak = std::max(peak, ++now);
        asio::steady_timer pause(io_, milliseconds(10));
        co_await pause.async_wait(asio::use_awaitable);
        --now;
        std::string text = reply("404 Not Found");
        co_await send(socket, std::move(text));
      }
    }(io, std::move(s), in_flight, most);
  };
  RawServer a(io, busy_site), b(io, busy_site), c(io, busy_site);
  for (const RawServer* server : {&a, &b, &c})
    CHECK_FALSE(world.fetch(server->url()));  // 404; now the address is known
  most = 0;
  std::vector<std::string> urls;
  for (int i = 0; i < 5; ++i)
    for (const RawServer* server : {&a, &b, &c}) urls.push_back(server->url());
  CHECK(world.fetch_all(urls).size() == 15);
  CHECK(most == 1);
}

TEST_CASE("a host that says later is left alone", "[crawler][politeness]") {
  World world;
  std::string retry, status = "429 Slow down";
  Site site(world.io, [&](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? no_robots : reply(status, "x", retry);
  });
  SECTION("for long: others fail at once, naming until when") {
    status = "503 Busy";
    retry = "Retry-After: 3600\r\n";
    const auto page = world.fetch(site.url("/a"));
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::http_status);
    CHECK_THAT(page.error().detail, Catch::Contains("HTTP 503") && Catch::Contains("rests until"));
    CHECK(world.fetcher.rest_of(site.url("/b")) > Seconds(3590));
    CHECK(world.fetcher.rest_of("http://127.0.0.9/") == Seconds(0));
    status = "200 OK";
    const auto next = world.fetch(site.url("/b"));
    REQUIRE_FALSE(next);
    CHECK(next.error().code == Errc::refused);
    CHECK_THAT(next.error().detail, Catch::Contains("rests until") && Catch::Contains("HTTP 503"));
    CHECK(site.visits().size() == 2);
    CHECK_THAT(world.fetcher.hosts()[0].waits_for, Catch::Contains("HTTP 503"));
  }
  SECTION("shortly: others wait") {
    retry = "Retry-After: 1\r\n";
    CHECK_FALSE(world.fetch(site.url("/a")));
    status = "200 OK";
    CHECK(world.fetch(site.url("/b")));
    CHECK(site.visits()[2].begun - site.visits()[1].ended >= milliseconds(1000));
    CHECK(world.fetcher.hosts()[0].failures == 0);
  }
  SECTION("without saying when: about a minute") {
    CHECK_FALSE(world.fetch(site.url("/a")));
    const Seconds rest = world.fetcher.rest_of(site.url("/a"));
    CHECK(rest >= Seconds(47));
    CHECK(rest <= Seconds(72));
  }
  SECTION("those already in line are told") {
    retry = "Retry-After: 3600\r\n";
    const auto pages = world.fetch_all({site.url("/a"), site.url("/b"), site.url("/c")});
    CHECK(site.visits().size() == 2);
    for (const auto& page : pages) CHECK_FALSE(page);
  }
}

TEST_CASE("a host that does not answer rests after three times", "[crawler][politeness]") {
  World world;
  Site site(world.io, [&](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? no_robots : std::string();
  });
  for (int i = 0; i < 3; ++i) {
    CHECK(world.fetcher.rest_of(site.url("/a")) == Seconds(0));
    CHECK_FALSE(world.fetch(site.url("/a")));
  }
  CHECK(world.fetcher.rest_of(site.url("/a")) > Seconds(55));
}

TEST_CASE("a fetch given up leaves the line to the next", "[crawler][politeness]") {
  World world;
  Site site(world.io, with_robots(no_robots));
  CHECK(world.fetch(site.url("/first")));
  site.think = milliseconds(50);
  asio::cancellation_signal stop_asking, stop_waiting;
  int ended = 0;
  const auto at_end = [&](std::exception_ptr, Result<Page>) { ++ended; };
  asio::co_spawn(world.io, world.fetcher.fetch(World::asking(site.url("/asked"))),
                 asio::bind_cancellation_slot(stop_asking.slot(), at_end));
  asio::co_spawn(world.io, world.fetcher.fetch(World::asking(site.url("/waiting"))),
                 asio::bind_cancellation_slot(stop_waiting.slot(), at_end));
  world.io.restart();
  while (site.visits().size() < 3) world.io.run_one();
  stop_waiting.emit(asio::cancellation_type::terminal);
  stop_asking.emit(asio::cancellation_type::terminal);
  while (ended < 2) world.io.run_one();
  const auto page = world.fetch(site.url("/next"));
  CHECK(page);
  CHECK(site.times_asked("/waiting") == 0);
  CHECK(world.fetcher.hosts()[0].waiting == 0);
}
