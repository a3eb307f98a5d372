// Guesses for `source test`, on pages of the shapes that Chinese sites have.
#include <catch2/catch.hpp>

#include "crawler/extract.h"
#include "crawler/propose.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

Page page_of(std::string body) {
  Page page;
  page.url = page.requested_url = "https://jyj.a.example/tzgg/index.html";
  page.status = 200;
  page.headers = {{"content-type", "text/html; charset=utf-8"}};
  page.body = std::move(body);
  return page;
}

std::vector<Link> links_to(int count) {
  std::vector<Link> links;
  for (int i = 1; i <= count; ++i) {
    links.emplace_back();
    links.back().url = "https://jyj.a.example/tzgg/20260" + std::to_string(i) + "/t2026_" +
                       std::to_string(1000 + i) + ".html";
  }
  return links;
}

std::string rows(const char* before, const char* after, int count) {
  std::string html;
  for (const Link& link : links_to(count))
    html += before + ("<a href='" + link.url + "'>关于做好工作的通知</a>") + after;
  return html;
}

}  // namespace

TEST_CASE("an item's selector names its list", "[crawler][propose]") {
  struct Case {
    const char* name;
    std::string html;
    const char* want;
  };
  const Case cases[] = {
      {"无序列表有类名",
       "<ul class='nav'><li><a href='/'>首页</a></ul><ul class='news-list'>" +
           rows("<li>", "<span>1-1</span></li>", 6) + "</ul>",
       "ul.news-list > li"},
      {"容器有标识", "<div id='content'>" + rows("<dl><dt>", "</dt></dl>", 5) + "</div>", "#content > dl"},
      {"表格",
       "<table class='list w1'><tbody>" + rows("<tr><td>", "</td><td>1-1</td></tr>", 5) + "</tbody></table>",
       "table.list > tbody > tr"},
      {"标题和图片各一个链接", "<div class='box'>" + rows("<div>", "</div>", 4) + "</div>", "div.box > div"},
      {"带数字的标识不用",
       "<div class='wrap'><ul id='ul_20260415'>" + rows("<li>", "</li>", 4) + "</ul></div>",
       "div.wrap > ul > li"}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const auto guess = guess_item(page_of(c.html), links_to(6));
      REQUIRE(guess);
      CHECK(guess->selector == c.want);
      CHECK(selector_mistake(guess->selector).empty());
    }
  CHECK_FALSE(guess_item(page_of("<p>没有列表</p>"), links_to(3)));
  CHECK_FALSE(guess_item(page_of(rows("<li>", "</li>", 2)), links_to(2)));
}

TEST_CASE("feeds: what the page declares goes before what looks like one", "[crawler][propose]") {
  const auto offers = feeds_offered(page_of(
      "<head><link rel='alternate' type='application/rss+xml' title='新闻' href='/rss/all.xml'>"
      "<link rel='alternate' hreflang='en' href='/en/'><link rel='stylesheet' href='/feed/x.css'></head>"
      "<body><a href='/feed/'>订阅</a><a href='/rss/all.xml'>订阅</a><a href='/feedback'>意见</a></body>"));
  REQUIRE(offers.size() == 2);
  CHECK(offers[0].url == "https://jyj.a.example/rss/all.xml");
  CHECK(offers[0].title == "新闻");
  CHECK(offers[1].url == "https://jyj.a.example/feed/");
  CHECK(usual_feeds("https://jyj.a.example/a/b.html").front() == "https://jyj.a.example/rss.xml");
}

TEST_CASE("a link pattern leaves the digits open, or is none", "[crawler][propose]") {
  CHECK(guess_link_pattern(links_to(5)) == R"(jyj\.a\.example/tzgg/\d+/t\d+_\d+\.html)");
  std::vector<Link> mixed = links_to(4);
  mixed.emplace_back().url = "https://other.example/";
  CHECK(guess_link_pattern(mixed).empty());
  CHECK(guess_link_pattern(links_to(2)).empty());
}
