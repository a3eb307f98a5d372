#include "crawler/extract/feed.h"

#include <catch2/catch.hpp>

#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const char* const here = "http://news.example.cn/feeds/rss.xml";

Feed parse(std::string_view bytes, std::string_view content_type = {}) {
  const auto feed = parse_feed(bytes, content_type, here);
  INFO((feed ? "" : describe(feed.error())));
  REQUIRE(feed);
  return *feed;
}

std::string when(std::optional<Time> at) { return at ? to_rfc3339(*at) : ""; }

// The one entry of a feed with these elements in it.
Entry rss_item(const std::string& inside) {
  const Feed feed = parse("<rss version='2.0'><channel><item>" + inside + "</item></channel></rss>");
  REQUIRE(feed.entries.size() == 1);
  return feed.entries[0];
}
Entry atom_entry(const std::string& inside) {
  const Feed feed = parse("<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + inside + "</entry></feed>");
  REQUIRE(feed.entries.size() == 1);
  return feed.entries[0];
}

}  // namespace

TEST_CASE("feeds of every kind", "[crawler][feed]") {
  struct Case {
    const char *name, *feed, *format, *feed_title;
    const char *id, *url, *title, *published, *author;
  };
  const Case cases[] = {
      {"RSS 2.0", R"(<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>教育要闻</title><link>http://news.example.cn/</link><atom:link rel="self" href="http://self/"/>
<image><title>标志</title><url>http://logo/</url><link>http://logo/</link></image><ttl>30</ttl>
<item><title>食堂供餐&lt;b&gt;整改&lt;/b&gt;</title><link> http://news.example.cn/1.html?a=1&amp;b=2 </link>
<description><![CDATA[<p>摘要</p>]]></description><content:encoded><![CDATA[<p>全文</p>]]></content:encoded>
<pubDate>Wed, 15 Apr 2026 22:40:00 +0800</pubDate><guid isPermaLink="false">n-1</guid><dc:creator>记者甲</dc:creator>
<category>教育</category><source url="http://x/"><title>别处</title></source></item></channel></rss>)",
       "rss 2.0", "教育要闻", "n-1", "http://news.example.cn/1.html?a=1&b=2", "食堂供餐整改",
       "2026-04-15T22:40:00+08:00", "记者甲"},
      {"RSS 0.91 with its document type", R"(<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>T</title><item><title>One</title><link>http://a/1</link></item></channel></rss>)",
       "rss 0.91", "T", "http://a/1", "http://a/1", "One", "", ""},
      {"RSS 1.0", R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://a/"><title>T</title>
<items><rdf:Seq><rdf:li resource="http://a/1"/></rdf:Seq></items></channel>
<image rdf:about="x"><title>logo</title></image>
<item rdf:about="http://a/1"><title>One</title><link>http://a/one</link><dc:date>2026-04-15T22:40+08:00</dc:date>
<dc:creator>甲</dc:creator></item></rdf:RDF>)",
       "rdf", "T", "http://a/1", "http://a/one", "One", "2026-04-15T22:40:00+08:00", "甲"},
      {"RSS 1.0 without a link",
       R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel/><item rdf:about="http://a/1"><title>One</title></item></rdf:RDF>)",
       "rdf", "", "http://a/1", "http://a/1", "One", "", ""},
      {"Atom",
       R"(<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="/"/>
<updated>2026-04-15T00:00:00Z</updated>
<entry><id>tag:a,2026:1</id><title type="html">&lt;i&gt;One&lt;/i&gt; &amp;amp; only</title>
<link rel="self" href="http://a/self"/><link rel="enclosure" href="http://a/x.mp3"/><link href="one.html"/>
<link rel="alternate" type="application/pdf" href="http://a/pdf"/>
<published>2026-04-15T14:40:00Z</published><updated>2026-04-16T00:00:00Z</updated>
<author><name>甲</name><email>a@b</email><uri>http://a/</uri></author>
<source><id>other</id><title>Other</title><updated>2001-01-01T00:00:00Z</updated></source></entry></feed>)",
       "atom", "T", "tag:a,2026:1", "http://news.example.cn/feeds/one.html", "One & only", "2026-04-15T22:40:00+08:00",
       "甲"},
      {"Atom 0.3",
       R"(<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title>
<entry><title mode="escaped">One &amp;lt; two</title>
<link rel="alternate" type="text/html" href="http://a/1"/><issued>2026-04-15T22:40:00+08:00</issued>
<modified>2026-04-15T23:00:00+08:00</modified>
<id>i</id></entry></feed>)",
       "atom", "T", "i", "http://a/1", "One < two", "2026-04-15T22:40:00+08:00", ""},
      {"JSON Feed",
       R"({"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":7,"url":"/1","title":"校园 <安全>",
"date_published":"2026-04-15T22:40:00+08:00","authors":[{"name":"甲"}],"content_html":"<p>x</p>"}]})",
       "json feed", "T", "7", "http://news.example.cn/1", "校园 <安全>", "2026-04-15T22:40:00+08:00", "甲"},
      {"RSS without a root",
       "<channel><title>T</title><item><title>One</title><link>http://a/1</link></item></channel>", "rss", "T",
       "http://a/1", "http://a/1", "One", "", ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const Feed feed = parse(c.feed);
    CHECK(feed.format == c.format);
    CHECK(feed.title == c.feed_title);
    CHECK(feed.note == "");
    REQUIRE(feed.entries.size() == 1);
    const Entry& entry = feed.entries[0];
    CHECK(entry.id == c.id);
    CHECK(entry.url == c.url);
    CHECK(entry.title == c.title);
    CHECK(when(entry.published) == c.published);
    CHECK(entry.author == c.author);
  }
}

TEST_CASE("titles become one plain line", "[crawler][feed]") {
  struct Case {
    const char *element, *want;
  };
  const Case rss[] = {
      {"<title>  家长\n  反映 </title>", "家长反映"},
      {"<title><![CDATA[<b>重要</b>通知]]></title>", "重要通知"},
      {"<title>1 &lt; 2 &amp;amp; 3</title>", "1 < 2 & 3"},
      {"<title>a &amp; b &nbsp;c</title>", "a & b c"},
      {"<title>AT&T &copy; 某校</title>", "AT&T © 某校"},
      {"<title>甲<br/>乙</title>", "甲 乙"},
      {"<title><![CDATA[x<script>alert(1)</script>y<style>p{}</style>z]]></title>", "xyz"},
      {"<title>&#23398;&#x6821;</title>", "学校"},
      {"<title></title><description>d</description><link>http://a/</link>", ""},
      {"<dc:title>后备</dc:title>", "后备"},
      {"<title>正</title><dc:title>后备</dc:title>", "正"},
      {"<media:title>媒</media:title><title>正</title>", "正"},
      {"<media:group><title>不是</title></media:group><title>正</title>", "正"},
  };
  for (const Case& c : rss) DYNAMIC_SECTION("rss " << c.element) { CHECK(rss_item(c.element).title == c.want); }
  const Case atom[] = {
      {"<title>&lt;b&gt; 原样</title>", "<b> 原样"},
      {"<title type='text'>a &amp;amp; b</title>", "a &amp; b"},
      {"<title type='html'>a &amp;amp; b</title>", "a & b"},
      {"<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a &amp; <em>b</em></div></title>", "a & b"},
  };
  for (const Case& c : atom) DYNAMIC_SECTION("atom " << c.element) { CHECK(atom_entry(c.element).title == c.want); }
}

TEST_CASE("summaries and contents keep their markup", "[crawler][feed]") {
  CHECK(rss_item("<link>http://a/</link><description>&lt;p&gt;a &amp;amp; b&lt;/p&gt;</description>").summary_html ==
        "<p>a &amp; b</p>");
  CHECK(rss_item("<link>http://a/</link><description><p class='x'>a</p></description>").summary_html ==
        "<p class=\"x\">a</p>");
  CHECK(rss_item("<link>http://a/</link><content:encoded><![CDATA[<p>全</p>]]></content:encoded>").content_html ==
        "<p>全</p>");
  const Entry text =
      atom_entry("<id>i</id><title>t</title><summary>1 &lt; 2</summary><content type='html'>&lt;b&gt;</content>");
  CHECK(text.summary_html == "1 &lt; 2");
  CHECK(text.content_html == "<b>");
  CHECK(atom_entry("<title>t</title><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>1 &lt; 2<br/>"
                   "<a href='x?a&amp;b' title='\"'>y</a></div></content>")
            .content_html == "<div>1 &lt; 2<br></br><a href=\"x?a&amp;b\" title=\"&quot;\">y</a></div>");
  CHECK(atom_entry("<title>t</title><content src='http://a/x.pdf'/>").content_html == "");
}

TEST_CASE("which address an entry has", "[crawler][feed]") {
  struct Case {
    const char *inside, *want;
  };
  const Case rss[] = {
      {"<title>t</title><link>http://a/1</link>", "http://a/1"},
      {"<title>t</title><link><![CDATA[http://a/1?b&c]]></link>", "http://a/1?b&c"},
      {"<title>t</title><link>http://a/1?b=1&c=2</link>", "http://a/1?b=1&c=2"},
      {"<title>t</title><link>../1.html</link>", "http://news.example.cn/1.html"},
      {"<title>t</title><link>//b.cn/1</link>", "http://b.cn/1"},
      {"<title>t</title><link/><guid>http://a/g</guid>", "http://a/g"},
      {"<title>t</title><guid>http://a/g</guid>", "http://a/g"},
      {"<title>t</title><guid isPermaLink='false'>http://a/g</guid>", "http://a/g"},  // an address after all
      {"<title>t</title><guid>urn:x</guid>", ""},
      {"<title>t</title><link>http://a/1</link><guid>http://a/g</guid>", "http://a/1"},
      {"<title>t</title><link>http://a/1</link><feedburner:origLink>http://b/1</feedburner:origLink>", "http://b/1"},
      {"<title>t</title><link/><a:link xmlns:a='http://www.w3.org/2005/Atom' href='http://a/2'/>", "http://a/2"},
      {"<title>t</title><link>javascript:alert(1)</link>", ""},
      {"<title>t</title><link>file:///etc/passwd</link>", ""},
  };
  for (const Case& c : rss) DYNAMIC_SECTION(c.inside) { CHECK(rss_item(c.inside).url == c.want); }
  const Case atom[] = {
      {"<title>t</title><link href='http://a/1'/>", "http://a/1"},
      {"<title>t</title><link rel='alternate' type='application/json' href='http://a/j'/><link rel='alternate' "
       "href='http://a/h'/>",
       "http://a/h"},
      {"<title>t</title><link rel='edit' href='http://a/e'/>", ""},
      {"<title>t</title><link xml:base='http://b/c/' href='1'/>", "http://b/c/1"},
      {"<id>http://a/id</id><title>t</title>", "http://a/id"},
  };
  for (const Case& c : atom) DYNAMIC_SECTION(c.inside) { CHECK(atom_entry(c.inside).url == c.want); }
  const Feed feed =
      parse("<feed xml:base='http://b/x/'><entry xml:base='y/'><title>t</title><link href='1'/></entry></feed>");
  CHECK(feed.entries[0].url == "http://b/x/y/1");
}

TEST_CASE("which time an entry has", "[crawler][feed]") {
  struct Case {
    const char *inside, *published, *updated;
    bool to_the_minute;
  };
  const Case cases[] = {
      {"<pubDate>Wed, 15 Apr 2026 22:40:00 +0800</pubDate>", "2026-04-15T22:40:00+08:00", "", true},
      {"<pubDate>2026年4月15日 22:40</pubDate>", "2026-04-15T22:40:00+08:00", "", true},
      {"<pubDate>2026-04-15</pubDate>", "2026-04-15T00:00:00+08:00", "", false},
      {"<dc:date>2026-04-15T22:40:00+08:00</dc:date>", "2026-04-15T22:40:00+08:00", "", true},
      {"<dc:date>2025-01-01</dc:date><pubDate>2026-04-15 22:40</pubDate>", "2026-04-15T22:40:00+08:00", "", true},
      {"<pubDate>soon</pubDate><dc:date>2026-04-15</dc:date>", "2026-04-15T00:00:00+08:00", "", false},
      {"<updated>2026-04-15T22:40:00+08:00</updated>", "", "2026-04-15T22:40:00+08:00", true},
      {"<pubDate/>", "", "", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.inside) {
    const Entry entry = rss_item("<title>t</title>" + std::string(c.inside));
    CHECK(when(entry.published) == c.published);
    CHECK(when(entry.updated) == c.updated);
    CHECK(entry.to_the_minute == c.to_the_minute);
  }
}

TEST_CASE("how long a feed asks to be left alone", "[crawler][feed]") {
  struct Case {
    const char* inside;
    std::optional<Seconds> want;
  };
  const Case cases[] = {
      {"<ttl>60</ttl>", Seconds(3600)},
      {"<ttl>0</ttl>", {}},
      {"<ttl>-5</ttl>", {}},
      {"<ttl>99999999999</ttl>", {}},
      {"<ttl>often</ttl>", {}},
      {"<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", Seconds(1800)},
      {"<sy:updatePeriod>daily</sy:updatePeriod>", Seconds(86400)},
      {"<sy:updatePeriod>never</sy:updatePeriod>", {}},
      {"", {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.inside) {
      CHECK(parse("<rss><channel>" + std::string(c.inside) + "<item><title>t</title></item></channel></rss>").ttl ==
            c.want);
  }
}

TEST_CASE("broken feeds give what they can", "[crawler][feed]") {
  struct Case {
    const char *name, *feed;
    std::size_t entries;
    const char* note;
  };
  const Case cases[] = {
      {"cut in the second item", "<rss><channel><item><title>1</title></item><item><title>2</title><link>http://a/2", 2,
       "ends inside"},
      {"an item not closed", "<rss><channel><item><title>1</title><item><title>2</title></item></channel></rss>", 1,
       "closes more"},
      {"stray ampersands",
       "<rss><channel><item><title>A & B</title><link>http://a/?x=1&y=2</link></item></channel></rss>", 1, ""},
      {"a wrong end tag", "<rss><channel><item><title>1</titel></item></channel></rss>", 1, "closes more"},
      {"bytes before the declaration",
       "\r\n <?xml version='1.0'?><rss><channel><item><title>1</title></item></channel></rss>", 1, ""},
      {"two declarations",
       "<?xml version='1.0'?><?xml version='1.0'?><rss><channel><item><title>1</title></item></channel></rss>", 1, ""},
      {"nothing in it", "<rss><channel><title>T</title></channel></rss>", 0, ""},
      {"an empty Atom feed", "<feed xmlns='http://www.w3.org/2005/Atom'/>", 0, ""},
      {"an item of nothing", "<rss><channel><item><description>d</description></item></channel></rss>", 0, ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const Feed feed = parse(c.feed);
    CHECK(feed.entries.size() == c.entries);
    if (*c.note == '\0')
      CHECK(feed.note == "");
    else
      CHECK_THAT(feed.note, Catch::Contains(c.note));
  }
}

TEST_CASE("what is no feed is named", "[crawler][feed]") {
  struct Case {
    const char *bytes, *says;
  };
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  const Case cases[] = {
      {"", "empty"},
      {"hello", "neither XML nor JSON"},
      {"<!DOCTYPE html><html><body>", "kind list"},
      {"<html><head></head></html>", "a web page"},
      {"<urlset><url><loc>http://a/</loc></url></urlset>", "kind sitemap"},
      {"<svg><path/></svg>", "root is <svg>"},
      {"{\"items\":{}}", "items"},
      {"{\"data\":[]}", "kind hotlist"},
      {"{\"items\":[", here},
      {deep.c_str(), "deeper than 64"},
  };
  for (const Case& c : cases) {
    const auto feed = parse_feed(c.bytes, "", here);
    INFO(std::string(c.bytes).substr(0, 60));
    REQUIRE_FALSE(feed);
    CHECK(feed.error().code == Errc::bad_markup);
    CHECK_THAT(describe(feed.error()), Catch::Contains(c.says) && Catch::Contains("news.example.cn"));
  }
}

TEST_CASE("charsets of feeds", "[crawler][feed]") {
  const std::string gbk =
      "<?xml version=\"1.0\" "
      "encoding=\"GB2312\"?><rss><channel><item><title>\xbd\xcc\xd3\xfd\xbe\xd6</title></item></channel></rss>";
  CHECK(parse(gbk).entries[0].title == "教育局");
  const std::string undeclared = "<rss><channel><item><title>\xbd\xcc\xd3\xfd\xbe\xd6</title></item></channel></rss>";
  CHECK(parse(undeclared, "text/xml; charset=gbk").entries[0].title == "教育局");
  // Declared GB2312 and yet UTF-8: the bytes are believed.
  CHECK(
      parse(
          "<?xml version=\"1.0\" encoding=\"GB2312\"?><rss><channel><item><title>教育局</title></item></channel></rss>",
          "text/xml; charset=gbk")
          .entries[0]
          .title == "教育局");
  CHECK(parse("\xEF\xBB\xBF<rss><channel><item><title>教育局</title></item></channel></rss>").entries[0].title ==
        "教育局");
  // Cut within a character.
  const std::string whole = "<rss><channel><item><title>教育局</title></item><item><title>学";
  CHECK(parse(whole.substr(0, whole.size() - 1)).entries[0].title == "教育局");
}

TEST_CASE("a feed of too many entries is cut and says so", "[crawler][feed]") {
  std::string xml = "<rss><channel>";
  for (int i = 0; i < 5010; ++i) xml += "<item><title>" + std::to_string(i) + "</title></item>";
  const Feed feed = parse(xml + "</channel></rss>");
  CHECK(feed.entries.size() == feed_entries_max);
  CHECK_THAT(feed.note, Catch::Contains("5000"));
}

TEST_CASE("one field cannot fill the memory", "[crawler][feed]") {
  const std::string big(3u << 20, 'x');
  const Entry entry = rss_item("<title>" + big + "</title><description>" + big + "</description>");
  CHECK(entry.title.size() <= 2000);
  CHECK(entry.summary_html.size() == feed_field_bytes_max);
}

TEST_CASE("a feed's entries become links", "[crawler][feed]") {
  Page page;
  page.url = here;
  page.fetched_at = *parse_time("2026-04-16T00:00:00+08:00");
  page.body =
      "<rss><channel><ttl>20</ttl><item><title>一</title><link>http://A.example/1?utm_source=rss</link><pubDate>2026-04-15 "
      "22:40</pubDate>"
      "</item><item><title>二</title><link>/2</link><updated>2026-04-15</updated></item><item><title>三</title></"
      "item></channel></rss>";
  const auto got = extract_feed(page, Source());
  REQUIRE(got);
  REQUIRE(got->links.size() == 2);
  CHECK(got->links[0].url == "http://a.example/1");
  CHECK(got->links[0].title == "一");
  CHECK(when(got->links[0].published_at) == "2026-04-15T22:40:00+08:00");
  CHECK(got->links[1].url == "http://news.example.cn/2");
  CHECK(when(got->links[1].published_at) == "2026-04-15T00:00:00+08:00");
  CHECK(got->documents.empty());
  CHECK(got->note == "1 entries without an address");
  CHECK(got->ttl == Seconds(1200));
}
