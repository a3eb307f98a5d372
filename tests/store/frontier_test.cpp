// Links under leases, what is kept of hosts, and the step from a store that knew neither.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include <sqlite3.h>

#include "store/store.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using tingchao::tests::TemporaryDirectory;

namespace {

const Time noon = *parse_time("2026-04-15T12:00:00+08:00");

std::unique_ptr<store::Store> open_at(const std::string& path) {
  auto store = store::open("sqlite:" + path);
  REQUIRE(store);
  return std::move(*store);
}

store::FrontierLink link_to(const std::string& url, const std::string& identity = "") {
  store::FrontierLink link;
  link.source = "s";
  link.link.url = url;
  link.found_at = link.due = noon;
  link.host = "a.cn:443";
  link.identity = identity;
  return link;
}

}  // namespace

TEST_CASE("a leased link is in one pair of hands until it is given back or the daemon died",
          "[store][frontier]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  for (const char* url : {"https://a.cn/1", "https://a.cn/2", "https://a.cn/3"})
    batch.links_found.push_back(link_to(url));
  REQUIRE(store->commit(batch));
  const Time until = noon + Seconds{3600};
  const auto taken = store->take_links("s", noon, until, 2);
  REQUIRE(taken);
  REQUIRE(taken->size() == 2);
  CHECK(taken->at(0).link.url == "https://a.cn/1");
  CHECK(taken->at(0).host == "a.cn:443");
  CHECK(taken->at(0).lease_until == until);
  CHECK(store->take_links("s", noon, until, 10)->size() == 1);
  CHECK(store->take_links("s", noon, until, 10)->empty());
  CHECK(store->due_links("s", noon, 10)->empty());

  SECTION("done") {
    store::Batch done;
    done.links_done = {"https://a.cn/1"};
    REQUIRE(store->commit(done));
    CHECK(store->due_links("s", until, 10)->size() == 2);  // the lease of the others has ended by itself
  }
  SECTION("given back") {
    store::Batch back;
    back.links_later = {taken->at(0)};
    REQUIRE(store->commit(back));
    const auto again = store->due_links("s", noon, 10);
    REQUIRE(again->size() == 1);
    CHECK(again->at(0).link.url == "https://a.cn/1");
    CHECK(again->at(0).attempts == 0);
  }
  SECTION("the daemon died") {
    store.reset();
    store = open_at(directory / "t.db");
    CHECK(store->due_links("s", noon, 10)->empty());
    REQUIRE(store->claim());
    CHECK(store->due_links("s", noon, 10)->size() == 3);
  }
}

TEST_CASE("a page is one link under all its addresses", "[store][frontier]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  const std::string identity = "https://a.cn/forum.php?mod=viewthread&tid=1";
  store::Batch batch;
  batch.links_found = {link_to("https://a.cn/thread-1-1-1.html", identity),
                       link_to("https://a.cn/viewthread.php?tid=1", identity)};
  REQUIRE(store->commit(batch));
  CHECK(*store->knows_link(identity));
  const auto links = store->take_links("s", noon, noon + Seconds{60}, 10);
  REQUIRE(links->size() == 1);
  CHECK(links->at(0).link.url == "https://a.cn/thread-1-1-1.html");
  CHECK(identity_of(links->at(0)) == identity);
  store::Batch done;
  done.links_done = {identity};
  REQUIRE(store->commit(done));
  CHECK(store->due_links("s", noon + Seconds{600}, 10)->empty());
}

TEST_CASE("hosts and robots.txt come back as they were", "[store][frontier]") {
  TemporaryDirectory directory;
  auto store = open_at(directory / "t.db");
  store::Batch batch;
  HostMemory& host = batch.hosts.emplace_back();
  host.host = "a.cn:443";
  host.last_request = noon;
  host.latency = std::chrono::milliseconds(120);
  host.delay = std::chrono::milliseconds(10'000);
  host.crawl_delay = std::chrono::milliseconds(0);
  host.rests_until = noon + Seconds{60};
  host.rests_why = "HTTP 503";
  host.times_later = 2;
  host.times_silent = 1;
  host.address = "10.0.0.1";
  host.robots = "2 rules";
  RobotsCopy& copy = batch.robots.emplace_back();
  copy.origin = "https://a.cn";
  copy.body = std::string("User-agent: *\nDisallow: /\xD6\xD0\0x", 27);
  copy.read_at = noon;
  copy.valid_until = noon + Seconds{86400};
  copy.failures = 3;
  copy.why = {Errc::refused, "HTTP 500", "wait"};
  batch.links_found = {link_to("https://a.cn/1"), link_to("https://a.cn/2")};
  REQUIRE(store->commit(batch));
  REQUIRE(store->commit(batch));  // the same again replaces

  const auto hosts = store->hosts(10, true);
  REQUIRE(hosts);
  REQUIRE(hosts->size() == 1);
  const HostMemory& kept = hosts->front();
  CHECK(kept.host == host.host);
  CHECK(kept.last_request == noon);
  CHECK(kept.latency == host.latency);
  CHECK(kept.delay == host.delay);
  CHECK(kept.crawl_delay == host.crawl_delay);
  CHECK(kept.rests_until == host.rests_until);
  CHECK(kept.rests_why == "HTTP 503");
  CHECK(kept.times_later == 2);
  CHECK(kept.times_silent == 1);
  CHECK(kept.address == "10.0.0.1");
  CHECK(kept.robots == "2 rules");
  CHECK(kept.links_waiting == 2);
  const auto robots = store->robots(10);
  REQUIRE(robots);
  REQUIRE(robots->size() == 1);
  CHECK(robots->front().body == copy.body);
  CHECK(robots->front().valid_until == copy.valid_until);
  CHECK(robots->front().failures == 3);
  CHECK(robots->front().why.detail == "HTTP 500");

  host.crawl_delay.reset();
  host.rests_until.reset();
  REQUIRE(store->commit(batch));
  CHECK_FALSE(store->hosts(10, false)->front().crawl_delay);
  CHECK_FALSE(store->hosts(10, false)->front().rests_until);
  REQUIRE(store->expire(noon + Seconds{86401}, noon));
  CHECK(store->hosts(10, false)->empty());
  CHECK(store->robots(10)->empty());
}

TEST_CASE("links of an older store get their host", "[store][frontier]") {
  TemporaryDirectory directory;
  std::ifstream file(TINGCHAO_SOURCE_DIR "/store/migrations/0002_frontier.sql");
  const std::string step{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(step.empty());
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((directory / "old.db").c_str(), &db) == SQLITE_OK);
  const std::string before =
      "CREATE TABLE links (url TEXT PRIMARY KEY, source TEXT, done INTEGER, due INTEGER);"
      "INSERT INTO links VALUES ('https://a.cn/x?y=http://b/', 's', 0, 1), ('http://b.cn:8080/', 's', 0, 1),"
      "('http://c.cn/a:b', 's', 1, 1), ('https://d.cn?q', 's', 0, 1);";
  REQUIRE(sqlite3_exec(db, before.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, step.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  std::string hosts;
  const auto add = [](void* all, int, char** row, char**) {
    *static_cast<std::string*>(all) += std::string(row[0]) + " ";
    return 0;
  };
  REQUIRE(sqlite3_exec(db, "SELECT host FROM links ORDER BY url", add, &hosts, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  CHECK(hosts == "b.cn:8080 c.cn:80 a.cn:443 d.cn:443 ");
}
