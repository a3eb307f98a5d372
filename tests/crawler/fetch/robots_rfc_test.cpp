// RFC 9309 rule by rule, each case under the section that it proves; then a million random pairs of file
// and address against the slow reader beside this file.
#include <catch2/catch.hpp>
#include <random>

#include "crawler/fetch/robots.h"
#include "tests/crawler/fetch/rfc9309.h"
#include "tests/crawler/fetch/site.h"

using namespace tingchao;
using namespace tingchao::tests;
using crawler::Robots;

namespace {

bool allowed(std::string_view robots, std::string_view target, std::string_view product = "TingchaoBot") {
  return Robots::parse(robots, product).check(target).allowed;
}

struct Case {
  const char *section, *robots, *target;
  bool allowed;
};

// A file of the grammar: groups with one to three agents, rules, empty lines, comments, other records.
class RandomFile {
 public:
  explicit RandomFile(std::uint32_t seed) : random_(seed) {}

  std::string file() {
    std::string out = chance(20) ? "\xEF\xBB\xBF" : "";
    if (chance(8)) out += line("Disallow", path());  // before any group
    for (int groups = below(4); groups >= 0; --groups) {
      for (int agents = below(3); agents >= 0; --agents) {
        out += line("User-agent", agent());
        out += between();
      }
      for (int rules = below(6); rules > 0; --rules) {
        out += line(chance(2) ? "Allow" : "Disallow", chance(12) ? "" : pattern());
        out += between();
      }
    }
    return out;
  }
  std::string path() { return "/" + letters(below(9), "ab/%.?=&*$~"); }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int one_in) { return below(one_in) == 0; }
  std::string agent() {
    static constexpr const char* names[] = {"*",        "TingchaoBot",   "tingchaobot", "OtherBot",
                                            "Tingchao", "TingchaoBot-X", "x_y"};
    return names[below(7)];
  }
  std::string pattern() {
    std::string out = "/" + letters(below(7), "ab/*%.?=$~");
    return chance(4) ? out + "$" : out;
  }
  std::string letters(int count, std::string_view alphabet) {
    static constexpr const char* escapes[] = {"%61", "%2F", "%2f", "%E6%96%B0", "%2A",
                                              "%24", "%7e", "新",  "%zz",       "%6"};
    std::string out;
    for (int i = 0; i < count; ++i) {
      const char c = alphabet[static_cast<std::size_t>(below(static_cast<int>(alphabet.size())))];
      if (c == '%')
        out += escapes[below(10)];
      else
        out += c;
    }
    return out;
  }
  std::string blanks() {
    return chance(3) ? std::string(static_cast<std::size_t>(below(3)), chance(2) ? ' ' : '\t') : "";
  }
  std::string end() {
    static constexpr const char* ends[] = {"\n", "\r\n", "\r"};
    return blanks() + (chance(6) ? "# a comment: *" : "") + ends[chance(5) ? 1 + below(2) : 0];
  }
  std::string line(std::string key, const std::string& value) {
    if (chance(4))
      for (char& c : key)
        c = chance(2) ? static_cast<char>(std::toupper(c)) : static_cast<char>(std::tolower(c));
    return blanks() + key + blanks() + ":" + blanks() + value + end();
  }
  std::string between() {
    if (!chance(5)) return "";
    static constexpr const char* others[] = {"Sitemap: https://a.example/s.xml", "Crawl-delay: 1",
                                             "Noindex: /a", "Host: a", ""};
    return others[below(5)] + end();
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("RFC 9309 §2.2.1: the User-agent line", "[crawler][robots]") {
  const Case cases[] = {
      {"the token is matched in any case", "User-Agent: TINGCHAObot\nDisallow: /\n", "/a", false},
      {"all groups of a token are united",
       "user-agent: TingchaoBot\ndisallow: /x\nuser-agent: B\ndisallow: /q\nuser-agent: "
       "tingchaobot\ndisallow: /y\n",
       "/y", false},
      {"and the first is not forgotten",
       "user-agent: TingchaoBot\ndisallow: /x\nuser-agent: B\ndisallow: /q\nuser-agent: "
       "tingchaobot\ndisallow: /y\n",
       "/x", false},
      {"groups of the star are united too", "user-agent: *\ndisallow: /x\n\nuser-agent: *\ndisallow: /y\n",
       "/x", false},
      {"no group of ours: the star's", "user-agent: B\ndisallow: /\nuser-agent: *\ndisallow: /x\n", "/x",
       false},
      {"neither: no rules", "user-agent: B\ndisallow: /\n", "/x", true},
      {"a group of ours: the star's does not speak",
       "user-agent: *\ndisallow: /\nuser-agent: tingchaobot\nallow: /\n", "/x", true},
      {"the token ends where its letters end", "user-agent: tingchaobot/1.0\ndisallow: /\n", "/x", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.section) {
      CHECK(allowed(c.robots, c.target) == c.allowed);
    }
}

TEST_CASE("RFC 9309 §2.2.2: Allow and Disallow lines", "[crawler][robots]") {
  const Case cases[] = {
      {"matching begins at the first octet", "user-agent: *\ndisallow: /b\n", "/a/b", true},
      {"paths are case-sensitive", "user-agent: *\ndisallow: /B\n", "/b", true},
      {"the most octets decide", "user-agent: *\ndisallow: /a/\nallow: /a/b\n", "/a/bc", true},
      {"whatever the order", "user-agent: *\nallow: /a/b\ndisallow: /a/\n", "/a/bc", true},
      {"equivalent: allow", "user-agent: *\ndisallow: /a\nallow: /a\n", "/a", true},
      {"no match: allowed", "user-agent: *\ndisallow: /a\n", "/b", true},
      {"no rules: allowed", "user-agent: *\n", "/b", true},
      {"robots.txt itself is allowed", "user-agent: *\ndisallow: /\n", "/robots.txt", true},
      {"UTF-8 in the file, escapes in the address", "user-agent: *\ndisallow: /foo/bar/ツ\n",
       "/foo/bar/%E3%83%84", false},
      {"escapes in the file, UTF-8 in the address", "user-agent: *\ndisallow: /foo/bar/%E3%83%84\n",
       "/foo/bar/ツ", false},
      {"an unreserved octet needs no escape", "user-agent: *\ndisallow: /foo/bar/%62%61%7A\n", "/foo/bar/baz",
       false},
      {"a query is part of it", "user-agent: *\ndisallow: /foo/bar?baz=quz\n", "/foo/bar?baz=quz&a", false},
      {"hex digits in any case", "user-agent: *\ndisallow: /%e3%83%84\n", "/%E3%83%84", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.section) {
      CHECK(allowed(c.robots, c.target) == c.allowed);
    }
}

TEST_CASE("RFC 9309 §2.2.3: special characters", "[crawler][robots]") {
  const Case cases[] = {
      {"# ends a line", "user-agent: * # all\ndisallow: /a # not /b\n", "/b", true},
      {"# alone", "# disallow: /\nuser-agent: *\n# disallow: /a\n", "/a", true},
      {"$ is the end", "user-agent: *\nallow: /this/path/exactly$\ndisallow: /\n", "/this/path/exactly",
       true},
      {"$ is only the end", "user-agent: *\nallow: /this/path/exactly$\ndisallow: /\n",
       "/this/path/exactly/not", false},
      {"* is any run", "user-agent: *\nallow: /this/*/exactly\ndisallow: /\n", "/this/a/b/exactly", true},
      {"* may be empty", "user-agent: *\ndisallow: /this/*exactly\n", "/this/exactly", false},
      {"an escaped star is a star", "user-agent: *\ndisallow: /path/file-with-a-%2A.html\n",
       "/path/file-with-a-*.html", false},
      {"and nothing else", "user-agent: *\ndisallow: /path/file-with-a-%2A.html\n",
       "/path/file-with-a-b.html", true},
      {"an escaped $ is a $", "user-agent: *\ndisallow: /path/foo-%24\n", "/path/foo-$", false},
      {"and no end", "user-agent: *\ndisallow: /path/foo-%24\n", "/path/foo-", true},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.section) {
      CHECK(allowed(c.robots, c.target) == c.allowed);
    }
}

TEST_CASE("RFC 9309 §2.2.4 and §5: other records, and the two examples", "[crawler][robots]") {
  const char* simple =
      "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
      "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"
      "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n\nEOF\n";
  CHECK_FALSE(allowed(simple, "/a.gif", "TingchaoBot"));
  CHECK_FALSE(allowed(simple, "/example/page.html", "TingchaoBot"));
  CHECK(allowed(simple, "/publications/x", "TingchaoBot"));
  CHECK_FALSE(allowed(simple, "/publications/x", "foobot"));
  CHECK(allowed(simple, "/example/page.html", "foobot"));
  CHECK(allowed(simple, "/example/allowed.gif", "foobot"));
  CHECK_FALSE(allowed(simple, "/example/page.html", "barbot"));
  CHECK_FALSE(allowed(simple, "/example/page.html", "bazbot"));
  CHECK(allowed(simple, "/example/page.html", "quxbot"));
  const char* longest = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
  CHECK_FALSE(allowed(longest, "/example/page/disallowed.gif", "foobot"));
  CHECK(allowed(longest, "/example/page/", "foobot"));
  CHECK(allowed("User-agent: a\nSitemap: x\nUser-agent: foobot\nDisallow: /\n", "/", "b"));
  CHECK_FALSE(allowed("User-agent: a\nSitemap: x\nUser-agent: foobot\nDisallow: /\n", "/", "foobot"));
}

TEST_CASE("RFC 9309 §2.5: 500 KiB are read, also through a redirect", "[crawler][robots]") {
  std::string file = "User-agent: *\r\n";
  while (file.size() < 500u * 1024 - 30)
    file += "Disallow: /%E6%96%B0/" + std::to_string(file.size()) + "\r\n";
  file += "Disallow: /the-last\r\n";
  asio::io_context ignored;
  World world;
  Site other(world.io,
             [&](const std::string&, const std::string&) { return reply("200 OK", "\xEF\xBB\xBF" + file); });
  Site site(world.io, [&](const std::string& path, const std::string&) {
    if (path == "/robots.txt")
      return reply("301 Moved Permanently", "", "Location: " + other.url("/r.txt") + "\r\n");
    return reply("200 OK", "page");
  });
  CHECK(world.fetch(site.url("/a")));
  CHECK_FALSE(world.fetch(site.url("/the-last")));
  CHECK(site.paths() == std::vector<std::string>{"/robots.txt", "/a"});
}

TEST_CASE("a million random pairs: no disagreement with the grammar", "[crawler][robots]") {
  constexpr int files = 100'000, paths = 10;
  RandomFile random(9309);
  long forbidden = 0;
  for (int f = 0; f < files; ++f) {
    const std::string file = random.file();
    const Robots ours = Robots::parse(file, "TingchaoBot");
    const Rfc9309 theirs(file, "TingchaoBot");
    for (int p = 0; p < paths; ++p) {
      const std::string path = random.path();
      const bool want = theirs.allows(path);
      forbidden += !want;
      if (ours.check(path).allowed == want) continue;
      CAPTURE(f, file, path, want);
      FAIL("two readers disagree");
    }
  }
  CHECK(forbidden > files * paths / 20);  // else it would prove little
  CHECK(forbidden < files * paths / 2);
}
