#include "crawler/fetch.h"

#include <catch2/catch.hpp>
#include <map>

#include "tests/crawler/fetch/site.h"

using namespace tingchao;
using namespace tingchao::tests;

TEST_CASE("a page comes with all that is known of it", "[crawler][fetch]") {
  Fetcher::Options options = World::quick();
  options.now = [] { return *parse_time("2026-04-15T22:40:00+08:00"); };
  World world(options);
  Site site(world.io, [](const std::string& path, const std::string&) {
    if (path == "/robots.txt")
      return reply("200 OK", "User-agent: *\nAllow: /n\nDisallow: /\nSitemap: http://x/s.xml\n");
    return reply("200 OK", "\xd6\xd0", "ETag: \"1\"\r\nLast-Modified: yesterday\r\nX-A: b\r\n");
  });
  const auto page = world.fetch(site.url("/n#part"));
  REQUIRE(page);
  CHECK(page->source == "s");
  CHECK(page->requested_url == site.url("/n#part"));
  CHECK(page->url == site.url("/n"));
  CHECK(page->redirects.empty());
  CHECK(page->status == 200);
  CHECK(page->body == "\xd6\xd0");
  CHECK(header(page->headers, "x-a") == "b");
  CHECK(page->validators.etag == "\"1\"");
  CHECK(page->validators.last_modified == "yesterday");
  CHECK(page->address == "127.0.0.1");
  CHECK(page->robots == RobotsVerdict::allowed);
  CHECK(page->robots_rule == "Allow: /n (line 2)");
  CHECK(to_rfc3339(page->fetched_at) == "2026-04-15T22:40:00+08:00");
  CHECK_FALSE(page->not_modified);
  CHECK_FALSE(page->truncated);
  CHECK(site.paths() == std::vector<std::string>{"/robots.txt", "/n"});
  const auto sitemaps = run(world.io, world.fetcher.sitemaps(site.url("/"), Seconds(0)));
  REQUIRE(sitemaps);
  CHECK(*sitemaps == std::vector<std::string>{"http://x/s.xml"});

  const auto denied = world.fetch(site.url("/secret"));
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Errc::denied);
  CHECK_THAT(denied.error().detail, Catch::Contains("/secret") && Catch::Contains("Disallow: / (line 3)"));
  CHECK(site.visits().size() == 2);  // the file is remembered, the page not asked for
}

TEST_CASE("what robots.txt answers decides over its site", "[crawler][robots][fetch]") {
  struct Case {
    const char* name;
    std::string robots;
    std::optional<RobotsVerdict> verdict;
    Errc error = Errc::refused;
    const char* says = "";
  };
  const Case cases[] = {
      {"404 opens", reply("404 Not Found"), RobotsVerdict::allowed_no_file},
      {"401 opens", reply("401 Unauthorized"), RobotsVerdict::allowed_no_file},
      {"403 opens", reply("403 Forbidden"), RobotsVerdict::allowed_no_file},
      {"410 opens", reply("410 Gone"), RobotsVerdict::allowed_no_file},
      {"an empty file opens", reply("200 OK"), RobotsVerdict::allowed},
      {"204 opens", "HTTP/1.1 204 No Content\r\n\r\n", RobotsVerdict::allowed},
      {"an HTML page opens", reply("200 OK", "<html>not here</html>"), RobotsVerdict::allowed},
      {"a redirect to nowhere opens", reply("302 Found"), RobotsVerdict::allowed_no_file},
      {"a redirect to a mail address opens", reply("302 Found", "", "Location: mailto:a@b\r\n"),
       RobotsVerdict::allowed_no_file},
      {"a redirect in a circle opens", reply("302 Found", "", "Location: /robots.txt\r\n"),
       RobotsVerdict::allowed_no_file},
      {"500 closes", reply("500 Oops"), {}, Errc::refused, "HTTP 500"},
      {"503 closes", reply("503 Busy"), {}, Errc::refused, "HTTP 503"},
      {"599 closes", reply("599 Odd"), {}, Errc::refused, "HTTP 599"},
      {"429 closes", reply("429 Slow down"), {}, Errc::refused, "HTTP 429"},
      {"hanging up closes", "", {}, Errc::refused, "robots.txt cannot be read"},
      {"nonsense closes", "hello there\r\n\r\n", {}, Errc::bad_markup, "robots.txt cannot be read"},
      {"a redirect to a private address closes",
       reply("302 Found", "", "Location: http://10.0.0.1/\r\n"),
       {},
       Errc::denied,
       "10.0.0.1"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    World world;
    Site site(world.io, with_robots(c.robots));
    const auto page = world.fetch(site.url("/a"));
    CHECK(page.has_value() == c.verdict.has_value());
    if (page) {
      CHECK(page->robots == *c.verdict);
      CHECK(page->body == "page /a");
    } else {
      CHECK(page.error().code == c.error);
      CHECK_THAT(page.error().detail, Catch::Contains(c.says));
      CHECK(site.times_asked("/a") == 0);
      const auto visits = site.visits().size();
      CHECK_FALSE(world.fetch(site.url("/b")));
      CHECK(site.visits().size() == visits);  // and is not asked again at once
    }
  }
}

TEST_CASE("robots.txt may be five redirects away, on another host too", "[crawler][robots][fetch]") {
  World world;
  Site other(world.io, [](const std::string&, const std::string&) {
    return reply("200 OK", "User-agent: *\nDisallow: /private\n");
  });
  for (const int redirects : {5, 6}) {
    Site site(world.io, [&](const std::string& path, const std::string&) {
      const int step = path == "/robots.txt" ? 0 : path[1] == 'r' ? std::stoi(path.substr(2)) : -1;
      if (step < 0) return reply("200 OK", "page");
      const std::string next = step + 1 == redirects ? other.url("/r") : "/r" + std::to_string(step + 1);
      return reply("301 Moved", "", "Location: " + next + "\r\n");
    });
    const auto page = world.fetch(site.url("/private"));
    CHECK(page.has_value() == (redirects > 5));
    if (page) CHECK(page->robots == RobotsVerdict::allowed_no_file);
  }
}

TEST_CASE("robots.txt is fetched once for many, and again when it is old", "[crawler][robots][fetch]") {
  Fetcher::Options options = World::quick();
  World world(options);
  Site site(world.io, with_robots(no_robots));
  site.think = milliseconds(5);
  std::vector<std::string> urls;
  for (int i = 0; i < 20; ++i) urls.push_back(site.url("/" + std::to_string(i)));
  for (const auto& page : world.fetch_all(urls)) CHECK(page);
  CHECK(site.visits().size() == 21);
  CHECK(site.in_flight_most() == 1);
  CHECK(site.paths().front() == "/robots.txt");

  options.robots_lifetime = Seconds(0);
  Fetcher forgetful(world.io, world.client, options);
  for (int i = 0; i < 3; ++i) CHECK(run(world.io, forgetful.fetch(World::asking(site.url("/x")))));
  CHECK(site.visits().size() == 21 + 6);
}

TEST_CASE("validators are sent back byte for byte", "[crawler][fetch]") {
  World world;
  const std::string etag = "W/\"a b,;\\\"", date = "some  day  ";
  std::string status = "304 Not Modified", headers;
  Site site(world.io, [&](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? no_robots : "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
  });
  FetchRequest request = World::asking(site.url("/"));
  request.validators = {etag, date};
  auto page = world.fetch(request);
  REQUIRE(page);
  CHECK(page->not_modified);
  CHECK(page->status == 304);
  CHECK(page->validators.etag == etag);
  CHECK(page->validators.last_modified == date);
  CHECK_THAT(site.visits()[1].head, Catch::Contains("\r\nIf-None-Match: " + etag + "\r\n") &&
                                        Catch::Contains("\r\nIf-Modified-Since: " + date + "\r\n"));
  CHECK_THAT(site.visits()[0].head, !Catch::Contains("If-None-Match"));

  headers = "ETag: \"new\"\r\n";
  page = world.fetch(request);
  REQUIRE(page);
  CHECK(page->validators.etag == "\"new\"");
  CHECK(page->validators.last_modified == date);

  status = "200 OK";
  page = world.fetch(request);
  REQUIRE(page);
  CHECK_FALSE(page->not_modified);
  CHECK(page->validators.etag == "\"new\"");
  CHECK(page->validators.last_modified == "");

  status = "304 Not Modified";
  request.validators = {};
  page = world.fetch(request);
  REQUIRE_FALSE(page);  // nobody asked whether it was modified
  CHECK(page.error().code == Errc::http_status);
  CHECK_THAT(site.visits().back().head, !Catch::Contains("If-"));
}

TEST_CASE("redirects are followed hop by hop, each decided anew", "[crawler][fetch]") {
  World world;
  Site other(world.io, with_robots(reply("200 OK", "User-agent: *\nDisallow: /private\n")), "127.0.1.1");
  Site site(world.io, [&](const std::string& path, const std::string&) {
    if (path == "/robots.txt") return reply("200 OK", "User-agent: *\nDisallow: /closed\n");
    const std::map<std::string, std::string> to = {{"/a", "b?x=1#y"},
                                                   {"/b?x=1", other.url("/end")},
                                                   {"/own", "/closed"},
                                                   {"/out", other.url("/private")},
                                                   {"/self", "/self"},
                                                   {"/c1", "/c2"},
                                                   {"/c2", "/c1"},
                                                   {"/lan", "http://10.0.0.1/"},
                                                   {"/meta", "http://169.254.169.254/latest/"},
                                                   {"/file", "file:///etc/passwd"},
                                                   {"/user", "http://u:p@127.0.0.1/"},
                                                   {"/empty", ""},
                                                   {"/han", "/中文"}};
    if (path.starts_with("/n")) {
      const int n = std::stoi(path.substr(2));
      return n == 0 ? reply("200 OK", "end") : reply("302 Found", "", "Location: /n" + std::to_string(n - 1) + "\r\n");
    }
    const auto found = to.find(path);
    if (found == to.end()) return reply("200 OK", "end");
    return reply("301 Moved", "", "Location: " + found->second + "\r\n");
  });

  SECTION("to the end") {
    const auto page = world.fetch(site.url("/a"));
    REQUIRE(page);
    CHECK(page->url == other.url("/end"));
    CHECK(page->body == "page /end");
    REQUIRE(page->redirects.size() == 2);
    CHECK(page->redirects[0].url == site.url("/a"));
    CHECK(page->redirects[0].status == 301);
    CHECK(page->redirects[1].url == site.url("/b?x=1"));
    CHECK(page->address == "127.0.1.1");
    CHECK(other.paths() == std::vector<std::string>{"/robots.txt", "/end"});
  }
  SECTION("to an address in Chinese") {
    const auto page = world.fetch(site.url("/han"));
    REQUIRE(page);
    CHECK(page->url == site.url("/%E4%B8%AD%E6%96%87"));
  }
  SECTION("five are followed, six are not") {
    CHECK(world.fetch(site.url("/n5")));
    const auto page = world.fetch(site.url("/n6"));
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::http_status);
    CHECK_THAT(page.error().detail, Catch::Contains("more than 5 redirects") && Catch::Contains("/n6"));
  }
  struct Case {
    const char* path;
    Errc code;
    const char* says;
  };
  const Case cases[] = {{"/own", Errc::denied, "Disallow: /closed"},
                        {"/out", Errc::denied, "Disallow: /private"},
                        {"/self", Errc::http_status, "circle"},
                        {"/c1", Errc::http_status, "circle"},
                        {"/lan", Errc::denied, "10.0.0.1"},
                        {"/meta", Errc::denied, "169.254.169.254"},
                        {"/file", Errc::http_status, "file:///etc/passwd"},
                        {"/user", Errc::http_status, "no web address"},
                        {"/empty", Errc::http_status, "no web address"}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.path) {
    const auto page = world.fetch(site.url(c.path));
    REQUIRE_FALSE(page);
    CHECK(page.error().code == c.code);
    CHECK_THAT(page.error().detail, Catch::Contains(c.says));
  }
}

TEST_CASE("statuses that are no page are named", "[crawler][fetch]") {
  World world;
  for (const char* status : {"404 Not Found", "403 Forbidden", "410 Gone", "500 Oops", "300 Choices"}) {
    Site site(world.io, [&](const std::string& path, const std::string&) {
      return path == "/robots.txt" ? no_robots : reply(status);
    });
    const auto page = world.fetch(site.url("/x"));
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::http_status);
    CHECK_THAT(page.error().detail, Catch::Contains(std::string(status, 3)) && Catch::Contains(site.url("/x")));
  }
  const auto bad = world.fetch("ftp://127.0.0.1/");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == Errc::bad_argument);
}

TEST_CASE("a body over the cap is cut and flagged, by kind", "[crawler][fetch]") {
  Fetcher::Options options = World::quick();
  options.page_bytes_max = 1000;
  options.feed_bytes_max = 2000;
  World world(options);
  Site site(world.io, [](const std::string& path, const std::string&) {
    return path == "/robots.txt" ? no_robots : reply("200 OK", std::string(1500, 'x'));
  });
  const auto page = world.fetch(site.url("/"));
  REQUIRE(page);
  CHECK(page->truncated);
  CHECK(page->body.size() == 1000);
  FetchRequest feed = World::asking(site.url("/"));
  feed.page_cap = false;
  const auto whole = world.fetch(feed);
  REQUIRE(whole);
  CHECK_FALSE(whole->truncated);
  CHECK(whole->body.size() == 1500);
}

TEST_CASE("fetches under way may be destroyed with their io_context", "[crawler][fetch]") {
  auto io = std::make_unique<asio::io_context>();
  auto client = std::make_unique<net::HttpClient>(*io, World::policy({"127.0.0.0/8"}));
  auto fetcher = std::make_unique<Fetcher>(*io, *client, World::quick());
  auto site = std::make_unique<Site>(*io, with_robots(no_robots));
  site->think = std::chrono::hours(1);
  const auto one = [](Fetcher& f, FetchRequest request) -> awaitable<void> {
    (void)co_await f.fetch(std::move(request));
  };
  for (int i = 0; i < 5; ++i) net::supervise(*io, one(*fetcher, World::asking(site->url("/" + std::to_string(i)))));
  while (site->visits().empty()) io->run_one();
  site.reset();
  fetcher.reset();
  client.reset();
  io.reset();
  SUCCEED();
}
