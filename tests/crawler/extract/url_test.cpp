// Addresses: one form for one page, however it was linked.
#include <catch2/catch.hpp>

#include "crawler/extract.h"
#include "crawler/extract/pager.h"
#include "crawler/extract/url.h"

using namespace tingchao::crawler;

TEST_CASE("an address has one canonical form", "[extract][url]") {
  const char* const base = "https://jtj.example/tzgg/202604/index.html?a=1";
  struct Case {
    const char* name;
    const char* url;
    const char* base;
    const char* want;
  };
  const Case cases[] = {
      {"协议与主机小写", "HTTP://Www.Example.COM/A?b=C", "", "http://www.example.com/A?b=C"},
      {"默认端口", "https://example.com:443/a", "", "https://example.com/a"},
      {"其他端口", "http://127.0.0.1:8089/a", "", "http://127.0.0.1:8089/a"},
      {"没有路径", "http://example.com", "", "http://example.com/"},
      {"去掉片段", "http://example.com/a#lastpost", "", "http://example.com/a"},
      {"点号路径", "http://example.com/a/./b/../c", "", "http://example.com/a/c"},
      {"中文路径", "http://example.com/新闻/一.html", "", "http://example.com/%E6%96%B0%E9%97%BB/%E4%B8%80.html"},
      {"转义大写", "http://example.com/%e6%96%b0", "", "http://example.com/%E6%96%B0"},
      {"多余的转义", "http://example.com/%41%7Eb", "", "http://example.com/A~b"},
      {"跟踪参数", "http://example.com/a?utm_source=x&id=7&spm=1.2&from=timeline", "", "http://example.com/a?id=7"},
      {"有含义的 from 保留", "http://example.com/a?from=beijing", "", "http://example.com/a?from=beijing"},
      {"全是跟踪参数", "http://example.com/a?utm_source=x&fbclid=1", "", "http://example.com/a"},
      {"公众号", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a&chksm=b&scene=27", "",
       "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a"},
      {"相对地址", "./t20260415_1.html", base, "https://jtj.example/tzgg/202604/t20260415_1.html"},
      {"上级目录", "../index.html", base, "https://jtj.example/tzgg/index.html"},
      {"根路径", "/a", base, "https://jtj.example/a"},
      {"同协议", "//img.example/a.png", base, "https://img.example/a.png"},
      {"只有查询", "?page=2", base, "https://jtj.example/tzgg/202604/index.html?page=2"},
      {"空白与换行", " \n/a\n b ", base, "https://jtj.example/a%20b"},
      {"反斜杠", "\\a\\b.html", base, "https://jtj.example/a/b.html"},
      {"脚本不是地址", "javascript:void(0)", base, ""},
      {"邮件不是地址", "mailto:a@example.com", base, ""},
      {"没有主机", "http:///a", "", ""},
      {"相对而无基准", "/a", "", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const std::string canonical = canonical_url(c.url, c.base);
      CHECK(canonical == c.want);
      if (!canonical.empty()) CHECK(canonical_url(canonical) == canonical);
    }
  }
  CHECK(canonical_url("http://example.com/" + std::string(5000, 'a')).empty());
}

TEST_CASE("a Discuz! thread has one address for its documents", "[extract][url]") {
  struct Case {
    const char* url;
    const char* want;
    int page;
  };
  const Case cases[] = {
      {"http://bbs.example/thread-5021-1-1.html", "http://bbs.example/forum.php?mod=viewthread&tid=5021", 1},
      {"http://bbs.example/thread-5021-3-2.html", "http://bbs.example/forum.php?mod=viewthread&tid=5021&page=3", 3},
      {"http://bbs.example/x/forum.php?mod=viewthread&tid=7&extra=page%3D1",
       "http://bbs.example/x/forum.php?mod=viewthread&tid=7", 1},
      {"http://bbs.example/forum.php?mod=viewthread&tid=7&page=2&authorid=9",
       "http://bbs.example/forum.php?mod=viewthread&tid=7&page=2", 2},
      {"http://bbs.example/thread-abc-1-1.html", "http://bbs.example/thread-abc-1-1.html", 1},
      {"http://bbs.example/forum.php?mod=forumdisplay&fid=8", "http://bbs.example/forum.php?mod=forumdisplay&fid=8",
       1},
      {"https://tieba.example/p/77?pn=4", "https://tieba.example/p/77?pn=4", 4},
  };
  for (const Case& c : cases) {
    CHECK(document_url(c.url) == c.want);
    CHECK(page_number(c.url) == c.page);
  }
}

TEST_CASE("what can be read off an address", "[extract][url]") {
  CHECK(site_of("https://news.jcwb.com.cn/a") == "jcwb.com.cn");
  CHECK(site_of("https://jtj.yunxi.gov.cn/a") == "yunxi.gov.cn");
  CHECK(site_of("https://a.b.example.com/") == "example.com");
  CHECK(site_of("http://127.0.0.1:8089/a") == "127.0.0.1");
  CHECK(site_of("http://localhost/a") == "localhost");
  CHECK(query_value("http://a.com/x?tid=5&page=", "tid") == "5");
  CHECK(query_value("http://a.com/x?tid=5&page=", "page") == "");
  CHECK(!query_value("http://a.com/x?tid=5", "id"));
  const UrlParts parts = url_parts("http://[::1]:8080/a/b?c=d");
  CHECK(parts.host == "[::1]");
  CHECK(parts.port == "8080");
  CHECK(parts.path == "/a/b");
  CHECK(parts.query == "c=d");
}
