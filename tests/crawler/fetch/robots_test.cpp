#include "crawler/fetch/robots.h"

#include <catch2/catch.hpp>
#include <random>

using namespace tingchao::crawler;

namespace {

bool allowed(std::string_view robots, std::string_view target) {
  return Robots::parse(robots, "TingchaoBot").check(target).allowed;
}

}  // namespace

TEST_CASE("which group speaks to us", "[crawler][robots]") {
  struct Case {
    const char* name;
    std::string robots;
    const char* target;
    bool allowed;
  };
  const Case cases[] = {
      {"an empty file", "", "/a", true},
      {"everybody out", "User-agent: *\nDisallow: /", "/a", false},
      {"only another out", "User-agent: OtherBot\nDisallow: /", "/a", true},
      {"only we out", "User-agent: TingchaoBot\nDisallow: /\n", "/a", false},
      {"any case", "USER-AGENT: tingCHAObot\nDISALLOW: /\n", "/a", false},
      {"with a version", "User-agent: TingchaoBot/2.1 (+http://x)\nDisallow: /\n", "/a", false},
      {"a name that only begins like ours", "User-agent: TingchaoBotX\nDisallow: /\n", "/a", true},
      {"a name that ours begins with", "User-agent: Tingchao\nDisallow: /\n", "/a", true},
      {"our own group beats the star", "User-agent: *\nDisallow: /\nUser-agent: tingchaobot\nDisallow: /b\n", "/a",
       true},
      {"our own group beats the star, though empty", "User-agent: *\nDisallow: /\nUser-agent: tingchaobot\n", "/a",
       true},
      {"our own group with an empty Disallow", "User-agent: *\nDisallow: /\nUser-agent: tingchaobot\nDisallow:\n", "/a",
       true},
      {"groups of one name are one",
       "User-agent: tingchaobot\nDisallow: /a\nUser-agent: x\nDisallow: /\n"
       "User-agent: tingchaobot\nDisallow: /b\n",
       "/b", false},
      {"several names share rules", "User-agent: x\nUser-agent: tingchaobot\nUser-agent: y\nDisallow: /\n", "/a",
       false},
      {"empty lines do not end the names", "User-agent: tingchaobot\n\n\nUser-agent: y\nDisallow: /\n", "/a", false},
      {"a sitemap does not end the names", "User-agent: tingchaobot\nSitemap: http://x/\nUser-agent: y\nDisallow: /\n",
       "/a", false},
      {"an unknown line does not end the names", "User-agent: tingchaobot\nNoindex: /x\nUser-agent: y\nDisallow: /\n",
       "/a", false},
      {"an empty Disallow does end them", "User-agent: tingchaobot\nDisallow:\nUser-agent: y\nDisallow: /\n", "/a",
       true},
      {"rules before any name bind nobody", "Disallow: /\nUser-agent: *\nDisallow: /b\n", "/a", true},
      {"the star among other words", "User-agent: * (all)\nDisallow: /\n", "/a", false},
      {"a star with letters is no star", "User-agent: *bot\nDisallow: /\n", "/a", true},
      {"an empty name is nobody's", "User-agent:\nDisallow: /\n", "/a", true},
      {"colon forgotten", "user-agent tingchaobot\ndisallow /a\n", "/a", false},
      {"three words are no rule", "user-agent: *\ndisallow / please\n", "/a", true},
      {"byte order mark", "\xEF\xBB\xBFUser-agent: *\nDisallow: /\n", "/a", false},
      {"carriage returns", "User-agent: *\rDisallow: /a\rAllow: /a/b\r", "/a/c", false},
      {"carriage returns and line feeds", "User-agent: *\r\nDisallow: /a\r\n\r\nAllow: /a/b\r\n", "/a/b", true},
      {"spaces everywhere", "  User-agent \t:  *  \n \tDisallow\t: /a  \n", "/a", false},
      {"comments", "# all\nUser-agent: * # us too\nDisallow: /a#/b\n", "/ab", false},
      {"an HTML page instead", "<!DOCTYPE html><html><body>Disallow: / </body></html>\n", "/a", true},
      {"the file itself is always allowed", "User-agent: *\nDisallow: /\n", "/robots.txt", true},
      {"NUL bytes", std::string("User-agent: *\n\0\0\nDisallow: /a\n", 31), "/a", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(allowed(c.robots, c.target) == c.allowed); }
}

TEST_CASE("which rule decides", "[crawler][robots]") {
  struct Case {
    const char *rules, *target;
    bool allowed;
  };
  const Case cases[] = {
      {"Disallow: /a", "/a", false},
      {"Disallow: /a", "/ab", false},
      {"Disallow: /a", "/A", true},
      {"Disallow: /a", "/b/a", true},
      {"Disallow: /a/", "/a", true},
      {"Disallow: /a/", "/a/b", false},
      {"Disallow: /a", "/a?x=1", false},
      {"Disallow: /a?", "/a", true},
      {"Disallow: a", "/a", true},
      // the longest wins, Allow on a tie, whatever the order
      {"Disallow: /x/page\nAllow: /x/", "/x/page", false},
      {"Allow: /x/page\nDisallow: /x/", "/x/page.html", true},
      {"Disallow: /\nAllow: /", "/a", true},
      {"Disallow: /folder\nAllow: /folder", "/folder/p", true},
      {"Allow: /page\nDisallow: /*.html", "/page.html", false},
      {"Allow: /page.h\nDisallow: /*.html", "/page.html", true},
      {"Allow: /$\nDisallow: /", "/", true},
      {"Allow: /$\nDisallow: /", "/a", false},
      {"Allow:\nDisallow: /", "/a", false},
      {"Disallow:\nAllow: /b", "/a", true},
      // stars
      {"Disallow: *", "/a", false},
      {"Disallow: /*", "/", false},
      {"Disallow: /a*", "/a", false},
      {"Disallow: /*.php", "/d/f.php?q", false},
      {"Disallow: /*.php", "/php", true},
      {"Disallow: /*.php", "/f.PHP", true},
      {"Disallow: /a*b*c", "/aXbYc", false},
      {"Disallow: /a*b*c", "/acb", true},
      {"Disallow: /a**b", "/ab", false},
      {"Disallow: /*a*a*a*$", "/aa", true},
      {"Disallow: /*mobile=yes*", "/forum.php?mod=viewthread&mobile=yes", false},
      {"Disallow: *mobile", "/x?mobile", false},
      // the end
      {"Disallow: /*.php$", "/f.php", false},
      {"Disallow: /*.php$", "/f.php?q", true},
      {"Disallow: /*.php$", "/f.php5", true},
      {"Disallow: /a$", "/a", false},
      {"Disallow: /a$", "/ab", true},
      {"Disallow: /*a$", "/a/b/a", false},
      {"Disallow: /*ab$", "/ab/b", true},
      {"Disallow: /a$b", "/a$b", false},
      {"Disallow: /a$b", "/a", true},
      {"Disallow: /a*$", "/abc", false},
      {"Disallow: /*a*ba$", "/aba", false},
      {"Disallow: /ab*ba$", "/aba", true},
      // one encoding for both sides
      {"Disallow: /新闻", "/%E6%96%B0%E9%97%BB/1", false},
      {"Disallow: /%e6%96%b0", "/%E6%96%B0", false},
      {"Disallow: /%E6%96%B0", "/新", false},
      {"Disallow: /%61%62", "/ab", false},
      {"Disallow: /ab", "/%61b", false},
      {"Disallow: /%7Ejoe/", "/~joe/index", false},
      {"Disallow: /~joe/", "/%7ejoe/index", false},
      {"Disallow: /a%2Fb", "/a%2fb", false},
      {"Disallow: /a%2Fb", "/a/b", true},
      {"Disallow: /a/b", "/a%2Fb", true},
      {"Disallow: /f%2A.html", "/f*.html", false},
      {"Disallow: /f%2A.html", "/fx.html", true},
      {"Disallow: /f%24", "/f$", false},
      {"Disallow: /f%24", "/f", true},
      {"Disallow: /a%zz", "/a%zz", false},
      {"Disallow: /a b", "/a%20b", false},
      {"Disallow: /a%", "/a%", false},
      // targets that are not quite paths
      {"Disallow: /", "", false},
      {"Disallow: /?q", "?q=1", false},
      {"Disallow: /a", "/a#b", false},
      {"Disallow: /*;", "/a;b", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.rules << " | " << c.target) {
    CHECK(allowed("User-agent: *\n" + std::string(c.rules), c.target) == c.allowed);
  }
}

TEST_CASE("the deciding line is shown", "[crawler][robots]") {
  const Robots robots = Robots::parse("User-agent: *\nAllow: /news\n\nDisallow: /news/私\r\n", "TingchaoBot");
  CHECK(robots.check("/news/%E7%A7%81/1").rule == "Disallow: /news/私 (line 4)");
  CHECK(robots.check("/news/1").rule == "Allow: /news (line 2)");
  CHECK(Robots::parse("User-agent: *\nDisallow: /%e6%96%b0/%2f*$", "x").check("/%E6%96%B0/%2F").rule ==
        "Disallow: /新/%2F*$ (line 2)");
  CHECK(robots.check("/").rule == "");
  CHECK(robots.rules() == 2);
}

TEST_CASE("Crawl-delay of our group", "[crawler][robots]") {
  using std::chrono::milliseconds;
  struct Case {
    const char* robots;
    std::optional<milliseconds> want;
  };
  const Case cases[] = {
      {"User-agent: *\nCrawl-delay: 10", milliseconds(10'000)},
      {"User-agent: *\nCRAWL-DELAY: 0.5", milliseconds(500)},
      {"User-agent: *\ncrawl-delay: .25", milliseconds(250)},
      {"User-agent: *\ncrawl-delay: 1.", milliseconds(1000)},
      {"User-agent: *\ncrawl-delay: 120", milliseconds(120'000)},
      {"User-agent: *\ncrawl-delay: 99999999999", milliseconds(24 * 3600'000)},
      {"User-agent: *\ncrawl-delay: 100000", milliseconds(24 * 3600'000)},
      {"User-agent: *\ncrawl-delay: 0", milliseconds(0)},
      {"User-agent: *\ncrawl-delay: -1", {}},
      {"User-agent: *\ncrawl-delay: 10s", {}},
      {"User-agent: *\ncrawl-delay: .", {}},
      {"User-agent: *\ncrawl-delay:", {}},
      {"User-agent: *\nCrawl-delay: 5\nDisallow: /x\nUser-agent: *\nCrawl-delay: 7", milliseconds(7000)},
      {"User-agent: *\nCrawl-delay: 5\nUser-agent: tingchaobot\nAllow: /", milliseconds(5000)},
      {"User-agent: *\nDisallow: /x\nCrawl-delay: 5\nUser-agent: tingchaobot\nAllow: /", {}},
      {"User-agent: other\nCrawl-delay: 5", {}},
      {"Crawl-delay: 5", {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.robots) {
    CHECK(Robots::parse(c.robots, "TingchaoBot").crawl_delay() == c.want);
  }
}

TEST_CASE("sitemaps are remembered wherever they stand", "[crawler][robots]") {
  const Robots robots = Robots::parse(
      "Sitemap: https://a/1.xml\nUser-agent: x\nDisallow: /\nsitemap:https://a/2.xml \nSitemap:\n", "TingchaoBot");
  CHECK(robots.sitemaps() == std::vector<std::string>{"https://a/1.xml", "https://a/2.xml"});
}

TEST_CASE("at least 500 KiB are read, and not without end", "[crawler][robots]") {
  std::string long_file = "User-agent: *\n";
  while (long_file.size() < 500u * 1024) long_file += "Disallow: /path/" + std::to_string(long_file.size()) + "\n";
  const std::string last = "Disallow: /the-last\n";
  CHECK_FALSE(allowed(long_file + last, "/the-last"));
  while (long_file.size() < robots_bytes_max) long_file += "# filler\n";
  CHECK(allowed(long_file + last, "/the-last"));
}

TEST_CASE("patterns match as a slow matcher says", "[crawler][robots]") {
  struct Slow {
    static bool matches(std::string_view pattern, std::string_view target) {
      if (pattern.empty()) return true;
      if (pattern == "$") return target.empty();
      if (pattern[0] == '*') {
        for (std::size_t i = 0; i <= target.size(); ++i)
          if (matches(pattern.substr(1), target.substr(i))) return true;
        return false;
      }
      return !target.empty() && target[0] == pattern[0] && matches(pattern.substr(1), target.substr(1));
    }
  };
  std::mt19937 random(20260415);
  const auto text = [&](std::string_view alphabet, std::size_t length) {
    std::string out = "/";
    for (std::size_t i = 0; i < length; ++i) out.push_back(alphabet[random() % alphabet.size()]);
    return out;
  };
  int matched = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string pattern = text("ab*/", random() % 8) + (random() % 4 == 0 ? "$" : "");
    const std::string target = text("ab/", random() % 10);
    const bool want = !Slow::matches(pattern, target);
    matched += !want;
    if (allowed("User-agent: *\nDisallow: " + pattern, target) != want) {
      CAPTURE(pattern, target, want);
      FAIL();
    }
  }
  CHECK(matched > 10'000);
  CHECK(matched < 90'000);
}
