// Dates: in text, in addresses, and which of a page's dates is the one of publication.
#include <catch2/catch.hpp>

#include <string>

#include "core/time.h"
#include "crawler/extract/date.h"
#include "crawler/extract/date_text.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

// Wednesday, 15 April 2026, 23:00.
Time now() { return *parse_time("2026-04-15T23:00:00+08:00"); }

// "2026-04-15 22:40", a day alone without its clock, "-" for none; '~' in front: counted from now.
std::string shown(const std::optional<DateReading>& reading) {
  if (!reading) return "-";
  return (reading->relative ? "~" : "") +
         (reading->to_the_minute ? china_minute(reading->at) : china_date(reading->at));
}

std::string first_in(std::string_view text) {
  const auto found = dates_in(text, now());
  return found.empty() ? "-" : shown(found.front());
}

}  // namespace

TEST_CASE("dates in running text", "[extract][date]") {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {
      {"2026年4月15日 22:40", "2026-04-15 22:40"},
      {"2026-04-15 22:40:11", "2026-04-15 22:40"},
      {"2026/4/15", "2026-04-15"},
      {"2026.04.15 08:05", "2026-04-15 08:05"},
      {"2026-04-15T14:40:11Z", "2026-04-15 22:40"},
      {"2026-04-15T22:40:11.123+08:00", "2026-04-15 22:40"},
      {"2026-04-15T22:40:11+0900", "2026-04-15 21:40"},
      {"２０２６年０４月１５日", "2026-04-15"},
      {"2026 年 04 月 15 日 9 时 05 分", "2026-04-15 09:05"},
      {"二〇二六年四月十五日", "2026-04-15"},
      {"二○二五年十二月三十一日", "2025-12-31"},
      {"2026年4月15日（星期三）下午3点半", "2026-04-15 15:30"},
      {"2026年4月15日星期三 16点12分", "2026-04-15 16:12"},
      {"2026年4月15日週三 上午8:21", "2026-04-15 08:21"},
      {"2026年4月15日下午3点", "2026-04-15 15:00"},
      {"2026年4月15日中午12:10", "2026-04-15 12:10"},
      {"2026年4月15日晚9时30分", "2026-04-15 21:30"},
      {"2026年4月15日凌晨0:30", "2026-04-15 00:30"},
      {"2026年4月15日上午12:30", "2026-04-15 00:30"},
      {"04-15 22:40", "2026-04-15 22:40"},
      {"12-31 08:00", "2025-12-31 08:00"},
      {"04-15", "2026-04-15"},
      {"4月15日", "2026-04-15"},
      {"四月十五日", "2026-04-15"},
      {"2月29日", "2024-02-29"},
      {"4/15 22:40", "2026-04-15 22:40"},
      {"26-4-13 17:08", "2026-04-13 17:08"},
      {"2005.08.2605:39", "2005-08-26 05:39"},
      {"昨天 21:03", "~2026-04-14 21:03"},
      {"今天08:15", "~2026-04-15 08:15"},
      {"前天", "~2026-04-13"},
      {"昨日 上午9:10", "~2026-04-14 09:10"},
      {"3小时前", "~2026-04-15 20:00"},
      {"5分钟前", "~2026-04-15 22:55"},
      {"5 分鐘前", "~2026-04-15 22:55"},
      {"半小时前", "~2026-04-15 22:30"},
      {"三天前", "~2026-04-12"},
      {"2 天前", "~2026-04-13"},
      {"刚刚", "~2026-04-15 23:00"},
      {"Wed, 15 Apr 2026 14:40:11 GMT", "2026-04-15 22:40"},
      {"Wed Apr 15 2026 22:40:11 GMT+0800", "2026-04-15 22:40"},
      {"Apr 15, 2026", "2026-04-15"},
      {"来源：江城晚报2026-04-15 09:30浏览：12", "2026-04-15 09:30"},
      {"发布时间：2026-04-15　来源：本站", "2026-04-15"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.text) { CHECK(first_in(c.text) == c.want); }
  }
}

TEST_CASE("what only looks like a date is none", "[extract][date]") {
  for (const char* text : {"",
                           "电话 010-12345678",
                           "比分 3-2",
                           "第4-15页",
                           "版本 1.2.3",
                           "2026-13-01",
                           "2026-02-30",
                           "2026年4月31日",
                           "价格 2026.5 元",
                           "编号 20260415001",
                           "24-5-13",
                           "IP 192.168.4.15",
                           "1/2",
                           "2099-01-01",
                           "2026-04-18",
                           "第二十一条",
                           "一二三四",
                           "12:30",
                           "下午3点",
                           "今后",
                           "前天下无敌手前",
                           "Marching on",
                           "99分钟",
                           "3小时后"}) {
    DYNAMIC_SECTION(text) {
      const std::string found = first_in(text);
      // 前天… is a day wherever it stands; the sentence is there to see that nothing breaks on it.
      if (std::string_view(text).starts_with("前天")) {
        CHECK(found == "~2026-04-13");
      } else {
        CHECK(found == "-");
      }
    }
  }
}

TEST_CASE("a date up to a day ahead is a clock that is off, a later one no date", "[extract][date]") {
  CHECK(first_in("2026-04-16 22:00") == "2026-04-16 22:00");
  CHECK(first_in("2026-04-16 23:01") == "-");
  CHECK(!dates_in("2026-04-16 23:01", Time{}).empty());
  CHECK(dates_in("昨天 21:03", Time{}).empty());
  CHECK(dates_in("04-15 22:40", Time{}).empty());
}

TEST_CASE("several dates keep their places", "[extract][date]") {
  const std::string text = "发布：2026-04-10 更新：昨天 08:00";
  const auto found = dates_in(text, now());
  REQUIRE(found.size() == 2);
  CHECK(text.substr(found[0].begin, found[0].end - found[0].begin) == "2026-04-10");
  CHECK(text.substr(found[1].begin, found[1].end - found[1].begin) == "昨天 08:00");
  CHECK(dates_in(text, now(), 1).size() == 1);
}

TEST_CASE("values for machines", "[extract][date]") {
  struct Case {
    const char* value;
    const char* want;
  };
  const Case cases[] = {{"20260415", "2026-04-15"},          {"20260415224011", "2026-04-15 22:40"},
                        {"1776264000", "2026-04-15 22:40"},  {"1776264000123", "2026-04-15 22:40"},
                        {" 2026-04-15 ", "2026-04-15"},      {"20261315", "-"},
                        {"1999999999", "-"},                 {"12345", "-"},
                        {"", "-"}};
  for (const Case& c : cases) CHECK(shown(read_date(c.value, now())) == c.want);
}

TEST_CASE("dates in addresses", "[extract][date]") {
  struct Case {
    const char* url;
    const char* want;
  };
  const Case cases[] = {
      {"https://a.example/2026/04/15/1.html", "2026-04-15"},
      {"https://a.example/2026/4/5/1.html", "2026-04-05"},
      {"https://a.example/news/20260415/1.html", "2026-04-15"},
      {"https://a.example/tzgg/202604/t20260415_7021.html", "2026-04-15"},
      {"https://a.example/2026-04/15/content_1.htm", "2026-04-15"},
      {"https://a.example/n1/2026/0415/c1004-40232587.html", "2026-04-15"},
      {"https://a.example/c/2026-04-15/doc-1.shtml", "2026-04-15"},
      {"https://a.example/2026/9915/1.html", "-"},
      {"https://a.example/?d=20260415", "-"},
      {"https://20260415.example/a", "-"},
      {"https://a.example/20270101/1.html", "-"},
      {"https://a.example/item/12345678.html", "-"},
      {"", "-"},
  };
  for (const Case& c : cases) CHECK(shown(date_in_url(c.url, now())) == c.want);
}

TEST_CASE("the date of publication among a page's dates", "[extract][date]") {
  struct Case {
    const char* name;
    std::string html;
    const char* url;
    const char* want;
    DateOrigin origin;
  };
  const std::string title = "<title>校门口积水问题得到处理</title><h1>校门口积水问题得到处理</h1>";
  const std::string body =
      "<div class=con><p>连日降雨后，第三小学门前路段出现积水，不少家长希望尽快处理，学校已安排教师值守。</p>"
      "<p>据了解，2026年3月1日以来该路段已三次积水，市政部门表示将在暑假期间改造管网，请家长放心。</p></div>";
  const Case cases[] = {
      {"政府网站的元数据", "<meta name=PubDate content='2026-04-15 16:20'>" + title + "<p>2026-04-14</p>" + body,
       "", "2026-04-15 16:20", DateOrigin::meta},
      {"元数据只有日子，可见的钟点补上",
       "<meta property='article:published_time' content='2026-04-15'>" + title + "<p>2026-04-15 09:30</p>" + body,
       "", "2026-04-15 09:30", DateOrigin::meta},
      {"零点整只算日子", "<meta name=publishdate content='2026-04-15 00:00:00'>" + title + body, "", "2026-04-15",
       DateOrigin::meta},
      {"结构化数据",
       "<script "
       "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2026-04-15T10:00:00\"}</script>" +
           title + body,
       "", "2026-04-15 10:00", DateOrigin::structured},
      {"time 元素", title + "<time datetime='2026-04-15T10:00+08:00'>今天</time>" + body, "", "2026-04-15 10:00",
       DateOrigin::structured},
      {"标题下的时间胜过正文里的日期", title + "<p class=info>来源：晚报 2026-04-15 08:00</p>" + body, "",
       "2026-04-15 08:00", DateOrigin::visible},
      {"有标签的胜过没标签的", title + "<p>2026-04-01 10:00</p><p>发布时间：2026-04-15 08:00</p>" + body, "",
       "2026-04-15 08:00", DateOrigin::visible},
      {"页眉的今天不算", "<div>今天是2026年4月15日 星期三</div>" + title + "<span>2026-04-12</span>" + body, "",
       "2026-04-12", DateOrigin::visible},
      {"侧栏的日期不算",
       title + body +
           "<ul><li><a href=x>别的新闻别的新闻</a></li><li>一</li><li>二</li><li>三</li><li>2026-04-15</li></ul>",
       "https://a.example/20260410/1.html", "2026-04-10", DateOrigin::url},
      {"落款", title + body.substr(0, body.size() - 6) + "<p>某区教育局</p><p>2026年4月13日</p></div>", "",
       "2026-04-13", DateOrigin::visible},
      {"相对时间", title + "<span class=time>3小时前</span>" + body, "", "2026-04-15 20:00", DateOrigin::relative},
      {"相对时间与地址矛盾时信地址", title + "<span class=time>3小时前</span>" + body,
       "https://a.example/20260301/1.html", "2026-03-01", DateOrigin::url},
      {"生成页面的时间被地址和正文揭穿",
       "<meta name=date content='2026-04-15 22:59'>" + title + "<p>2026-04-02 10:00</p>" + body,
       "https://a.example/20260402/1.html", "2026-04-02 10:00", DateOrigin::visible},
      {"将来的日期不信", "<meta name=PubDate content='2027-01-01'>" + title + body, "", "2026-04-10 08:00",
       DateOrigin::header},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const Dom dom = Dom::parse(c.html);
      const PageView page(dom);
      const PageMeta meta(dom);
      const StructuredArticle structured = structured_article(dom);
      const Article article = read_article(page, meta, structured, {});
      const char* const last_modified = c.origin == DateOrigin::header ? "Fri, 10 Apr 2026 00:00:00 GMT" : "";
      const DateSources sources{page, meta, structured, article, c.url, last_modified, now()};
      const auto date = published_date(sources, "");
      REQUIRE(date);
      CHECK((date->to_the_minute ? china_minute(date->at) : china_date(date->at)) == c.want);
      CHECK(date->origin == c.origin);
      CHECK(published_date(sources, "2026-04-09 07:00")->origin == DateOrigin::rule);
    }
  }
}
