// What one process learns of a host binds the next one.
#include <catch2/catch.hpp>

#include "tests/crawler/fetch/site.h"

using namespace tingchao;
using namespace tingchao::tests;

namespace {

Fetcher::Options remembering(milliseconds delay_min = milliseconds(0)) {
  Fetcher::Options options = World::quick();
  options.delay_min = delay_min;
  options.remember = true;
  return options;
}

}  // namespace

TEST_CASE("a new process obeys the robots.txt that the old one read", "[crawler][memory]") {
  Fetcher::Memory memory;
  asio::io_context io;
  std::string robots = reply("200 OK", "User-agent: *\nDisallow: /no\nCrawl-delay: 0.3\n");
  const auto answer = [&](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? robots : reply("200 OK", "page");
  };
  World first(remembering());
  Site site(first.io, answer);
  CHECK(first.fetch(site.url("/a")));
  memory = first.fetcher.take_changes();
  CHECK(first.fetcher.take_changes().empty());
  REQUIRE(memory.hosts.size() == 1);
  REQUIRE(memory.robots.size() == 1);
  CHECK(memory.hosts[0].crawl_delay == milliseconds(300));
  CHECK(memory.hosts[0].delay == milliseconds(300));
  CHECK(memory.hosts[0].address == "127.0.0.1");
  CHECK(memory.hosts[0].robots == "1 rule, crawl-delay 0.300 s");
  CHECK(memory.robots[0].state == RobotsCopy::State::file);

  World second(remembering());
  Site again(second.io, answer);  // another port: another host, known to nobody
  memory.robots[0].origin = again.url("").substr(0, again.url("").find('/', 7));
  memory.hosts[0].host = memory.robots[0].origin.substr(7);
  second.fetcher.restore(memory);
  const auto begun = Clock::now();
  const auto denied = second.fetch(again.url("/no"));
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Errc::denied);
  CHECK(second.fetch(again.url("/a")));
  CHECK(again.paths() == std::vector<std::string>{"/a"});  // no robots.txt asked for
  CHECK(again.visits()[0].begun - begun >= milliseconds(295));
}

TEST_CASE("after a restart a host that nobody knew waits its delay, too", "[crawler][memory]") {
  World world(remembering(milliseconds(250)));
  Site site(world.io, with_robots(no_robots));
  const auto begun = Clock::now();
  world.fetcher.restore({});
  CHECK(world.fetch(site.url("/a")));
  CHECK(site.visits()[0].begun - begun >= milliseconds(245));
}

TEST_CASE("a rest and a broken circuit outlive the process, and end", "[crawler][memory]") {
  Fetcher::Options options = remembering();
  Time now = *parse_time("2026-04-15T08:00:00+08:00");
  options.now = [&now] { return now; };
  Fetcher::Memory memory;
  World first(options);
  std::string status = "503 Busy";
  const auto answer = [&](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? no_robots
                                 : reply(status, "x", status[0] == '5' ? "Retry-After: 3600\r\n" : "");
  };
  Site site(first.io, answer);
  CHECK_FALSE(first.fetch(site.url("/a")));
  memory = first.fetcher.take_changes();
  REQUIRE(memory.hosts.size() == 1);
  CHECK(memory.hosts[0].rests_until >= now + Seconds(3599));
  CHECK(memory.hosts[0].rests_why == "HTTP 503");
  CHECK(memory.hosts[0].times_later == 1);

  status = "200 OK";
  World second(options);
  Site again(second.io, answer);
  memory.hosts[0].host = again.url("").substr(7, again.url("").find('/', 7) - 7);
  memory.robots.clear();
  second.fetcher.restore(memory);
  const auto refused = second.fetch(again.url("/a"));
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().detail, Catch::Contains("rests until") && Catch::Contains("HTTP 503"));
  CHECK(again.visits().empty());

  now += Seconds(3601);
  World third(options);
  Site later(third.io, answer);
  memory.hosts[0].host = later.url("").substr(7, later.url("").find('/', 7) - 7);
  third.fetcher.restore(memory);
  CHECK(third.fetch(later.url("/a")));  // one answer, and all is forgiven
  CHECK(third.fetcher.take_changes().hosts[0].times_later == 0);
}

TEST_CASE("a closed origin stays closed over a restart, and is tried again", "[crawler][memory]") {
  Fetcher::Options options = remembering();
  Time now = *parse_time("2026-04-15T08:00:00+08:00");
  options.now = [&now] { return now; };
  World first(options);
  bool broken = true;
  const auto answer = [&](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? (broken ? reply("500 Oh") : no_robots) : reply("200 OK", "x");
  };
  Site site(first.io, answer);
  CHECK_FALSE(first.fetch(site.url("/a")));
  Fetcher::Memory memory = first.fetcher.take_changes();
  REQUIRE(memory.robots.size() == 1);
  CHECK(memory.robots[0].state == RobotsCopy::State::closed);
  CHECK(memory.robots[0].failures == 1);

  broken = false;
  for (const bool in_time : {true, false}) {
    if (!in_time) now += Seconds(301);
    World next(options);
    Site again(next.io, answer);
    memory.robots[0].origin = again.url("").substr(0, again.url("").find('/', 7));
    next.fetcher.restore(memory);
    CHECK(next.fetch(again.url("/a")).has_value() == !in_time);
    CHECK(again.visits().size() == (in_time ? 0u : 2u));
  }
}
