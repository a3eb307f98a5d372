// The same page under several addresses, addresses without end, and pages that are none.
#include <catch2/catch.hpp>

#include "crawler/extract.h"
#include "crawler/extract/url.h"
#include "crawler/not_found.h"
#include "crawler/schedule/url_traps.h"

using namespace tingchao;
using namespace tingchao::crawler;

TEST_CASE("one thread has one identity", "[crawler][url]") {
  const char* discuz = "https://bbs.a.cn/forum.php?mod=viewthread&tid=12";
  for (const char* other :
       {"https://bbs.a.cn/thread-12-1-1.html", "https://bbs.a.cn/thread-12-1-7.html",
        "https://bbs.a.cn/viewthread.php?tid=12",
        "https://bbs.a.cn/viewthread.php?tid=12&extra=page%3D1&page=1",
        "https://BBS.a.cn/forum.php?mod=viewthread&tid=12&extra=", "https://bbs.a.cn/archiver/?tid-12.html",
        "https://bbs.a.cn/archiver/tid-12.html", "https://bbs.a.cn/archiver/tid-12-page-1.html",
        "https://bbs.a.cn/forum.php?mod=viewthread&tid=12&sid=0123456789abcdef0123456789abcdef#pid9"})
    CHECK(document_url(other) == discuz);
  CHECK(document_url("https://bbs.a.cn/archiver/tid-12-page-2.html") == std::string(discuz) + "&page=2");
  CHECK(document_url("https://bbs.a.cn/x/viewthread.php?tid=12&page=3") ==
        "https://bbs.a.cn/x/forum.php?mod=viewthread&tid=12&page=3");
  CHECK(document_url("https://bbs.a.cn/viewthread.php?tid=x") == "https://bbs.a.cn/viewthread.php?tid=x");

  CHECK(document_url("https://a.cn/bb/viewtopic.php?f=2&t=5&sid=0123456789abcdef0123456789abcdef#p7") ==
        "https://a.cn/bb/viewtopic.php?t=5");
  CHECK(document_url("https://a.cn/bb/viewtopic.php?t=5&start=10&f=2") ==
        "https://a.cn/bb/viewtopic.php?t=5&start=10");
  CHECK(document_url("https://a.cn/bb/viewtopic.php?p=77") == "https://a.cn/bb/viewtopic.php?p=77");

  CHECK(document_url("https://tieba.baidu.com/p/123?pid=4&cid=0&see_lz=1#4") ==
        "https://tieba.baidu.com/p/123");
  CHECK(document_url("https://tieba.baidu.com/p/123?see_lz=1&pn=2") == "https://tieba.baidu.com/p/123?pn=2");
  CHECK(document_url("https://tieba.baidu.com/f?kz=123") == "https://tieba.baidu.com/p/123");
  CHECK(document_url("https://tieba.baidu.com/f?kw=%E5%AD%A6%E6%A0%A1") ==
        "https://tieba.baidu.com/f?kw=%E5%AD%A6%E6%A0%A1");
}

TEST_CASE("session ids are no part of an address", "[crawler][url]") {
  const std::pair<const char*, const char*> cases[] = {
      {"http://a.cn/a.do;jsessionid=0A1B2C?id=3", "http://a.cn/a.do?id=3"},
      {"http://a.cn/a.do;jsessionid=1;JSESSIONID=2?utm%5Fsource=b", "http://a.cn/a.do"},
      {"http://a.cn/a/.;%6Asessionid=1", "http://a.cn/a/"},
      {"http://a.cn/100%?q=%%33%33", "http://a.cn/100%25?q=%2533"},
      {"http://a.cn/a.do;JSESSIONID=x.y!1", "http://a.cn/a.do"},
      {"http://a.cn/a;b=1", "http://a.cn/a;b=1"},
      {"http://a.cn/?PHPSESSID=abc&id=3", "http://a.cn/?id=3"},
      {"http://a.cn/?id=3&sid=0123456789ABCDEF0123456789abcdef", "http://a.cn/?id=3"},
      {"http://a.cn/?sid=42", "http://a.cn/?sid=42"},  // a school's number, say
      {"http://a.cn/?s=%E5%AD%A6", "http://a.cn/?s=%E5%AD%A6"},
  };
  for (const auto& [url, want] : cases) CHECK(canonical_url(url) == want);
}

TEST_CASE("rel=canonical is a hint", "[crawler][url]") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"https://m.news.cn/a/20260415123.html", "https://www.news.cn/edu/20260415123.html",
       "https://www.news.cn/edu/20260415123.html"},
      {"https://www.a.cn/story/xiao-che.html?page=all", "/story/xiao-che.html",
       "https://www.a.cn/story/xiao-che.html"},
      {"https://www.a.cn/a/20260415123.html", "https://www.a.cn/", ""},  // the front page on every page
      {"https://www.a.cn/a/20260415123.html", "https://www.a.cn/a/20260415124.html",
       ""},  // a template's leftover
      {"https://www.a.cn/a/20260415123.html", "https://www.b.cn/a/20260415123.html", ""},  // another site
      {"https://www.a.cn/a/20260415123.html", "javascript:void(0)", ""},
      {"https://www.a.cn/a/20260415123.html", "", ""},
      {"https://www.a.cn/a/20260415123.html", "https://www.a.cn/a/20260415123.html", ""},  // nothing new
  };
  for (const auto& [page, told, want] : cases) {
    CAPTURE(page, told);
    CHECK(canonical_hint(page, told) == want);
  }
}

TEST_CASE("addresses without end are left out, ordinary ones never", "[crawler][url]") {
  const Time now = *parse_time("2026-04-15");
  std::string deep = "https://a.cn";
  for (int i = 0; i < 22; ++i) deep += "/d" + std::to_string(i);
  std::string filters = "https://a.cn/list?a0=1";
  for (int i = 1; i < 14; ++i) filters += "&a" + std::to_string(i) + "=1";
  for (const std::string& trap :
       {deep, filters, std::string("https://a.cn/news/a/news/b/news/c/news/d.html"),
        std::string("https://a.cn/calendar/2041/05/"), std::string("https://a.cn/events?year=2031&month=2"),
        std::string("https://a.cn/calendar.php?year=1999&month=1"), "https://a.cn/" + std::string(1100, 'x')})
    CHECK_FALSE(trap_in(trap, now).empty());
  for (const char* fine :
       {"https://www.gov.cn/zhengce/content/202604/content_6912345.htm", "https://a.cn/2019/05/12/old.html",
        "https://bbs.a.cn/forum.php?mod=viewthread&tid=5&extra=page%3D1", "https://a.cn/calendar/2026/05/",
        "https://a.cn/edu/edu/edu.html", "https://a.cn/events?year=2026&month=12", "https://a.cn/"})
    CHECK(trap_in(fine, now) == "");
}

TEST_CASE("a pattern that brings nothing is read seldom, and forgiven at once", "[crawler][url]") {
  CHECK(url_pattern("https://a.cn/cal/2026-05-01?day=3&v=x") == "a.cn/cal/#-#-#?day=#&v=x");
  CHECK(url_pattern("https://a.cn/c/ab12f") == url_pattern("https://a.cn/c/9"));
  UrlYield yield;
  int read = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string pattern = url_pattern("https://a.cn/cal/" + std::to_string(i));
    if (!yield.worth_reading(pattern)) continue;
    ++read;
    yield.read(pattern, 0);
  }
  CHECK(read == 30 + 970 / 20);
  CHECK(yield.worth_reading("a.cn/other/#"));
  yield.read("a.cn/cal/#", 1);
  for (int i = 0; i < 25; ++i) CHECK(yield.worth_reading("a.cn/cal/#"));
  for (int i = 0; i < 100'000; ++i) yield.read("p" + std::to_string(i), 0);
  CHECK(yield.patterns() <= 20'000);

  // A new process is told that the pattern was barren, and goes on from there.
  UrlYield next;
  CHECK(next.is_new("a.cn/cal/#"));
  CHECK_FALSE(next.is_new("a.cn/cal/#"));
  CHECK_FALSE(next.barren("a.cn/cal/#"));
  next.restore_barren("a.cn/cal/#");
  CHECK(next.barren("a.cn/cal/#"));
  CHECK_FALSE(next.worth_reading("a.cn/cal/#"));
  next.read("a.cn/cal/#", 1);
  CHECK_FALSE(next.barren("a.cn/cal/#"));
}

TEST_CASE("a page that says it is not there", "[crawler][notfound]") {
  struct Case {
    const char *title, *body;
    bool gone;
  };
  std::string article = "昨日，有家长反映某中学食堂的页面不存在，教育局回应称网站正在维护。";
  for (int i = 0; i < 4; ++i)
    article += "记者从学校了解到，新学期的食堂菜单已在公众号公布，家长可随时查看并留言提出建议。";
  const Case cases[] = {
      {"页面不存在", "", true},
      {"404 Not Found", "nginx", true},
      {"提示信息 - 某某论坛", "抱歉，指定的主题不存在或已被删除或正在被审核 [ 点击这里返回上一页 ]", true},
      {"出错了", "您访问的页面不存在，3秒后返回首页", true},
      {"学校食堂回应", article.c_str(), false},
      {"某校通知", "明天停课一天。", false},
      {"", "", false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.title << c.body) {
      Document document;
      document.title = c.title;
      document.body = c.body;
      CHECK(says_not_found(document) == c.gone);
    }
}

TEST_CASE("a page that is what the server answers for anything", "[crawler][notfound]") {
  CHECK(impossible_url("https://a.cn", "2026-04-15") == impossible_url("https://a.cn", "2026-04-15"));
  CHECK(impossible_url("https://a.cn", "2026-04-15") != impossible_url("https://a.cn", "2026-04-16"));
  Document home;
  home.title = "某某教育网";
  home.body = "欢迎来到某某教育网。今日要闻、通知公告、政策文件、互动交流、办事服务，请从上方栏目进入。";
  const NotFoundPage answer("https://a.cn/index.html", {home});
  Document same = home, other;
  same.body += "访问量 12345";
  other.title = "我校举办运动会";
  other.body = "昨天下午，第十二届校运动会在操场举行，共有六百名同学参加了二十个项目的比赛。";
  CHECK(answer.resembles("https://a.cn/a/1.html", home));
  CHECK(answer.resembles("https://a.cn/index.html", other));  // redirected to the same place
  CHECK_FALSE(answer.resembles("https://a.cn/a/2.html", other));
  CHECK_FALSE(NotFoundPage().resembles("https://a.cn/index.html", home));  // an honest server
}
