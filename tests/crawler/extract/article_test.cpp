// One article out of one page: which layer gives it, and what belongs to it.
#include <catch2/catch.hpp>

#include <string>

#include "crawler/extract/article.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

Article read(const std::string& html, const Selectors& selectors = {}) {
  const Dom dom = Dom::parse(html);
  const PageView page(dom);
  return read_article(page, PageMeta(dom), structured_article(dom), selectors);
}

const std::string first = "<p>连日降雨后，第三小学门前路段出现积水，不少家长反映孩子上学要蹚水而过，希望尽快处理。</p>";
const std::string second = "<p>记者从区教育局了解到，学校已铺设临时步道，并安排教师值守，市政部门当天疏通了雨水口。</p>";
const std::string first_text = "连日降雨后，第三小学门前路段出现积水，不少家长反映孩子上学要蹚水而过，希望尽快处理。";
const std::string second_text = "记者从区教育局了解到，学校已铺设临时步道，并安排教师值守，市政部门当天疏通了雨水口。";
const std::string both = first_text + "\n" + second_text;
const std::string head = "<title>校门口积水问题_云溪网</title><h1>校门口积水问题</h1>";

}  // namespace

TEST_CASE("the layers, each where it is due", "[extract][article]") {
  Selectors rule;
  rule.body = ".mine p";
  rule.title = ".mine h3";
  const std::string state = R"(<div id=app></div><script>window.__STATE__={"id":1,"content":"\u003cp\u003e)" +
                            first_text + R"(\u003c/p\u003e\u003cp\u003e)" + second_text + first_text +
                            R"(\u003c/p\u003e"};</script>)";
  std::string escaped;
  for (int i = 0; i < 12; ++i) escaped += R"(\u5b66\u6821\u98df\u5802\u7684\u95ee\u9898\uff0c)";
  struct Case {
    const char* name;
    std::string html;
    Selectors selectors;
    const char* layer;
    std::string body;
  };
  const Case cases[] = {
      {"信源自己的选择器",
       head + "<div id=zoom>" + first + "</div><div class=mine><h3>小题</h3><p>甲</p><p>乙</p></div>", rule, "rule",
       "甲\n乙"},
      {"知名容器",
       head + "<div>相关部门<a href=x>链接</a></div><div class='view TRS_Editor'>" + first + second + "</div>",
       {},
       "engine trs",
       both},
      {"多家通用的容器", head + "<div class=news-content>" + first + second + "</div>", {}, "container", both},
      {"政务元数据认出政府网站",
       "<meta name=ArticleTitle content='校门口积水问题'><meta name=PubDate content='2026-04-15 08:30'>" + head +
           "<div class=news-content>" + first + second + "</div>",
       {}, "engine government", both},
      {"几个字的帖子在已知容器里", head + "<div>某甲 540 0</div><div class='x w-e-text'><p>校车还没到</p></div>",
       {}, "container", "校车还没到"},
      {"微数据", head + "<div itemprop=articleBody>" + first + second + "</div>", {}, "container", both},
      {"密度", head + "<div class=xyz>" + first + second + "</div>", {}, "density", both},
      {"JSON-LD",
       "<title>校门口积水问题</title><script "
       "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"" +
           first_text + second_text + first_text + "\"}</script><p>正在加载</p>",
       {},
       "structured",
       first_text + second_text + first_text},
      {"脚本里的数据", "<title>校门口积水问题</title>" + state, {}, "embedded", both + first_text},
      {"脚本里转义的数据",
       "<title>食堂的问题</title><script>var d={\"body\":\"" + escaped + "\"}</script>",
       {},
       "embedded",
       [] {
         std::string text;
         for (int i = 0; i < 12; ++i) text += "学校食堂的问题，";
         return text;
       }()},
      {"没有脚本的读者看到的",
       "<title>校门口积水问题</title><div>加载中</div><noscript>" + first + second + "</noscript>",
       {},
       "density",
       both},
      {"空页", "<title>校门口积水问题</title>", {}, "", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const Article article = read(c.html, c.selectors);
      CHECK(article.layer == c.layer);
      CHECK(article.body == c.body);
      CHECK(article.confidence >= 0);
      CHECK(article.confidence <= 1);
    }
  }
}

TEST_CASE("a container that holds next to nothing is not believed", "[extract][article]") {
  const Article article = read(head + "<div id=zoom><p>扫码下载。</p></div><div class=x>" + first + second + "</div>");
  CHECK(article.layer == "density");
  CHECK(article.body == both);
}

TEST_CASE("a selector that finds nothing is noted, and the page still read", "[extract][article]") {
  Selectors wrong;
  wrong.body = ".gone";
  wrong.title = "h9";
  const Article article = read(head + first + second, wrong);
  CHECK(article.note == "selector h9 matched nothing; selector .gone matched nothing");
  CHECK(article.title.text == "校门口积水问题");
  CHECK(article.body == both);
}

TEST_CASE("what belongs to an article and what does not", "[extract][article]") {
  struct Case {
    const char* name;
    std::string inside;  // between the title and the end of the content
    std::string body;
  };
  const Case cases[] = {
      {"来源行不算", "<p>来源：云溪发布 2026-04-15 09:00 浏览：120</p>" + first + second, both},
      {"标题重复不算", "<p>校门口积水问题</p>" + first + second, both},
      {"称呼算", "<p>各位家长：</p>" + first + second, "各位家长：\n" + both},
      {"小标题算", first + "<p>一、原因</p>" + second, first_text + "\n一、原因\n" + second_text},
      {"新闻里的许可证算", first + "<p>该食堂未取得食品经营许可证，已被责令停业。</p>" + second,
       first_text + "\n该食堂未取得食品经营许可证，已被责令停业。\n" + second_text},
      {"要家长登录注册的句子算", first + second + "<p>请家长登录平台完成注册。</p>",
       both + "\n请家长登录平台完成注册。"},
      {"两段之间的链接算", first + "<p><a href=x>附件：入学登记表填写说明</a></p>" + second,
       first_text + "\n附件：入学登记表填写说明\n" + second_text},
      {"分享栏之后不算", first + second + "<p>分享到：微信 微博</p><p>网友说得好，我也这么想。</p>", both},
      {"相关阅读不算",
       first + second +
           "<p>相关阅读</p><p><a href=x>全区课后服务收费标准今日公布</a></p><p><a "
           "href=y>三所小学试点弹性离校</a></p>",
       both},
      {"文中的相关链接框不截断", first + "<p>相关链接</p>" + second, first_text + "\n相关链接\n" + second_text},
      {"版权声明不算", first + second + "<p>版权声明：本网所有内容，未经授权不得转载。</p>", both},
      {"隐藏文字不算", first + "<p style='display:none'>报名立减一千元，名额有限，欢迎咨询。</p>" + second, both},
      {"表格按行",
       "<table><tr><td>学校</td><td>计划数</td></tr><tr><td>三小</td><td>六个班</td></tr></table>" + first + second,
       "学校 计划数\n三小 六个班\n" + both},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      CHECK(read("<div class=nav><a href=/>首页</a></div>" + head + "<div class=con>" + c.inside + "</div>").body ==
            c.body);
    }
  }
}

TEST_CASE("the article is found among what surrounds it", "[extract][article]") {
  std::string teasers;
  for (int i = 0; i < 12; ++i) {
    teasers += "<li><a href=/" + std::to_string(i) + ">又一条与本文没有关系的新闻标题</a><p>这是那条新闻的摘要，字数不少，也有标点，读起来很像正文的一段。</p></li>";
  }
  struct Case {
    const char* name;
    std::string html;
  };
  const Case cases[] = {
      {"短文与许多摘要", head + "<div class=con>" + first + second + "</div><ul class=more>" + teasers + "</ul>"},
      {"摘要在前", "<ul class=more>" + teasers + "</ul>" + head + "<div class=con>" + first + second + "</div>"},
      {"长评论",
       head + "<div class=con>" + first + second + "</div><div class=comments>" + first + first + "</div>"},
      {"推荐了一整篇别的文章", head + "<div class=con>" + first + second +
                                   "</div><div class=recommend><h1>另一篇</h1>" + first + first + first + first +
                                   first + "</div>"},
      {"body 的类名像侧栏",
       "<body class='page has-sidebar'>" + head + "<div class=con>" + first + second + "</div>"},
      {"正文散在两个块里",
       head + "<div><div>" + first + "</div><div>" + second + "</div></div><div class=footer>版权所有</div>"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) { CHECK(read(c.html).body == both); }
  }
}
