// Titles without the site's name.
#include <catch2/catch.hpp>

#include "crawler/extract/title.h"

using namespace tingchao::crawler;

TEST_CASE("the site's name is cut off", "[extract][title]") {
  struct Case {
    const char* title;
    const char* want;
  };
  const Case cases[] = {
      {"关于入学登记工作的通知_通知公告_云溪区教育局", "关于入学登记工作的通知"},
      {"课后服务怎么收费 - 江城晚报网", "课后服务怎么收费"},
      {"课后服务怎么收费|课后服务|收费_新浪新闻", "课后服务怎么收费"},
      {"课后服务怎么收费--教育--人民网", "课后服务怎么收费"},
      {"食堂饭菜又凉了 - 家长里短 -  云溪论坛 -  Powered by Discuz!", "食堂饭菜又凉了 - 家长里短"},
      {"城东小学：一校一品", "城东小学：一校一品"},
      {"COVID-19 之后的校园", "COVID-19 之后的校园"},
      {"2026-2027学年校历", "2026-2027学年校历"},
      {"有没有人知道城东小学的收费标准-实验小学", "有没有人知道城东小学的收费标准-实验小学"},
      {"家长课堂安排表_城东小学", "家长课堂安排表"},
      {"首页_云溪", "首页_云溪"},
      {"新闻网", "新闻网"},
      {"", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.title) { CHECK(without_site_name(c.title) == c.want); }
  }
  CHECK(without_site_name("课后服务怎么收费 - 云上听潮", "云上听潮") == "课后服务怎么收费");
}

TEST_CASE("a headline that <title> begins with is the title", "[extract][title]") {
  struct Case {
    const char* name;
    const char* html;
    const char* want;
  };
  const Case cases[] = {
      {"政府元数据优先", "<meta name=ArticleTitle content='正式的标题文字'><title>正式的标题_站</title><h1>正式的标题</h1>", "正式的标题文字"},
      {"标题含站名分隔符", "<title>“双减”之后 - 一位校长的观察 - 江城网</title><h1>“双减”之后 - 一位校长的观察</h1>", "“双减”之后 - 一位校长的观察"},
      {"h1 是站名", "<title>课后服务怎么收费_江城网</title><h1>江城网</h1><div class=article-title>课后服务怎么收费</div>", "课后服务怎么收费"},
      {"og 标题", "<title>江城网</title><meta property='og:title' content='课后服务怎么收费'><p>正文</p>", "课后服务怎么收费"},
      {"什么都没有就取标题标签", "<body><h2>课后服务怎么收费</h2><p>正文</p>", "课后服务怎么收费"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const Dom dom = Dom::parse(c.html);
      const PageView page(dom);
      CHECK(page_title(page, PageMeta(dom), "").text == c.want);
    }
  }
}
