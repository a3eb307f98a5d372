// Entry pages made of links.
#include <catch2/catch.hpp>

#include <string>

#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

Result<Extracted> read(const std::string& html, const Source& source,
                       const char* url = "https://a.example/tzgg/index.html") {
  Page page;
  page.url = page.requested_url = url;
  page.body = html;
  page.fetched_at = *parse_time("2026-04-15T12:00:00+08:00");
  return extract(page, source, Role::entry, "s");
}

Source list() {
  Source source;
  source.id = "list";
  source.kind = SourceKind::list;
  return source;
}

std::string links(const Extracted& extracted) {
  std::string out;
  for (const Link& link : extracted.links) {
    out += (out.empty() ? "" : " ") + link.url.substr(link.url.rfind('/') + 1);
    if (link.published_at) out += "@" + china_date(*link.published_at);
  }
  return out;
}

const char* const page = R"(<div class=nav><a href=/>首页</a><a href=/zw/>政务公开目录指南</a></div>
<ul class=list>
<li><span>04-14</span><a href=a1.html>关于校园食品安全检查的通知</a></li>
<li><span>04-12</span><a href=a2.html>关于2026年4月1日会议的纪要</a></li>
<li><span>04-11</span><a href=a3.html>入学登记工作问答</a><a href=a3.html>详情</a></li>
<li><span>04-10</span><a href=b.pdf>春季学期校历（附件）下载</a></li>
</ul><ul class=other><li><a href=/x/9.html>友情链接某某单位网站</a></li></ul>)";

}  // namespace

TEST_CASE("links by looks, by selectors, by pattern", "[extract][list]") {
  struct Case {
    const char* name;
    Selectors selectors;
    const char* pattern;
    const char* want;
    const char* note;
  };
  Selectors items, links_only, wrong, titled;
  items.item = ".list li";
  links_only.link = ".list a";
  wrong.item = ".news li";
  titled.item = "ul.list li";
  titled.link = "a@href";
  titled.title = "a";
  titled.time = "span";
  const Case cases[] = {
      {"猜", {}, "", "a1.html@2026-04-14 a2.html@2026-04-12 a3.html@2026-04-11", ""},
      {"条目选择器", items, "", "a1.html@2026-04-14 a2.html@2026-04-12 a3.html@2026-04-11", ""},
      {"链接选择器", links_only, "", "a1.html@2026-04-14 a2.html@2026-04-12 a3.html@2026-04-11", ""},
      {"全写明", titled, "", "a1.html@2026-04-14 a2.html@2026-04-12 a3.html@2026-04-11", ""},
      {"选择器落空", wrong, "", "", "selector .news li matched nothing"},
      {"地址样式", {}, "/tzgg/a[12]\\.html$", "a1.html@2026-04-14 a2.html@2026-04-12", ""},
      {"地址样式落空", {}, "/nothing/", "", "link_pattern matched none of 6 links"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      Source source = list();
      source.selectors = c.selectors;
      source.link_pattern = c.pattern;
      const Result<Extracted> extracted = read(page, source);
      REQUIRE(extracted);
      CHECK(links(*extracted) == c.want);
      CHECK(extracted->note == c.note);
    }
  }
}

TEST_CASE("a pattern or selector that does not parse is an error that names the source", "[extract][list]") {
  Source source = list();
  source.link_pattern = "a(b";
  REQUIRE(!read(page, source));
  CHECK(read(page, source).error().code == Errc::bad_rule);
  source.link_pattern.clear();
  source.selectors.item = "li[";
  const Result<Extracted> extracted = read(page, source);
  REQUIRE(!extracted);
  CHECK(extracted.error().code == Errc::bad_rule);
  CHECK_THAT(extracted.error().detail, Catch::Contains("source list: selector li[: column"));
}

TEST_CASE("titles of links", "[extract][list]") {
  struct Case {
    const char* name;
    const char* link;
    const char* title;
  };
  const Case cases[] = {
      {"截短的以 title 属性为准", "<a href=1.html title='关于开展暑期安全教育的通知'>关于开展暑期安全…</a>", "关于开展暑期安全教育的通知"},
      {"title 属性是别的话", "<a href=1.html title='点击查看'>关于开展暑期安全教育的通知</a>", "关于开展暑期安全教育的通知"},
      {"日期在链接末尾", "<a href=1.html>关于开展暑期安全教育的通知 2026-04-10</a>", "关于开展暑期安全教育的通知"},
      {"图片的说明", "<a href=1.html><img alt='学校举行消防疏散演练活动'></a>", "学校举行消防疏散演练活动"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      Source source = list();
      source.selectors.item = "p";
      const Result<Extracted> extracted = read("<p>" + std::string(c.link) + "</p>", source);
      REQUIRE(extracted);
      REQUIRE(extracted->links.size() == 1);
      CHECK(extracted->links[0].title == c.title);
    }
  }
}

TEST_CASE("the next page", "[extract][list]") {
  struct Case {
    const char* name;
    const char* pager;
    const char* url;
    const char* selector;
    const char* want;
  };
  const char* const here = "https://a.example/tzgg/index.html";
  const Case cases[] = {
      {"下一页", "<a href=index_2.html>下一页</a>", here, "", "https://a.example/tzgg/index_2.html"},
      {"rel", "<link rel=next href='?page=2'>", here, "", "https://a.example/tzgg/index.html?page=2"},
      {"类名", "<a class=nxt href=p2>›</a>", here, "", "https://a.example/tzgg/p2"},
      {"政府网站的脚本", "<script>createPageHTML(3, 1, 'index', 'html')</script>", here, "",
       "https://a.example/tzgg/index_2.html"},
      {"脚本到了末页", "<script>createPageHTML(3, 2, 'index', 'html')</script>", here, "", ""},
      {"选择器", "<a class=z href=z2>往后</a>", here, ".z", "https://a.example/tzgg/z2"},
      {"脚本链接不算", "<a href='javascript:go(2)'>下一页</a>", here, "", ""},
      {"别的网站不算", "<a href='http://b.example/2'>下一页</a>", here, "", ""},
      {"指着自己不算", "<a href='index.html#2'>下一页</a>", here, "", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      Source source = list();
      source.pages_max = 5;
      source.selectors.next = c.selector;
      const Result<Extracted> extracted = read(std::string(page) + c.pager, source, c.url);
      REQUIRE(extracted);
      CHECK((extracted->next_pages.empty() ? "" : extracted->next_pages[0]) == c.want);
      source.pages_max = 1;
      CHECK(read(std::string(page) + c.pager, source, c.url)->next_pages.empty());
    }
  }
}

TEST_CASE("what the list said helps where the page is silent", "[extract]") {
  Link hint;
  hint.title = "列表上的题目";
  hint.published_at = parse_time("2026-04-15T09:30:00+08:00");
  hint.reach.views = 120;
  Document silent;
  complete(silent, hint);
  CHECK(silent.title == "列表上的题目");
  CHECK(silent.published_at == hint.published_at);
  CHECK(silent.published_by == DateOrigin::feed);
  CHECK(silent.published_to_the_minute);
  CHECK(silent.reach.views == 120);
  CHECK(silent.content_hash == content_hash("列表上的题目", ""));

  Document sure;
  sure.title = "页面上的题目";
  sure.published_at = parse_time("2026-04-14T10:00:00+08:00");
  sure.published_by = DateOrigin::meta;
  sure.published_to_the_minute = true;
  sure.reach.views = 7;
  complete(sure, hint);
  CHECK(sure.title == "页面上的题目");
  CHECK(sure.published_at == parse_time("2026-04-14T10:00:00+08:00"));
  CHECK(sure.reach.views == 7);

  Document day_only;
  day_only.title = "题";
  day_only.published_at = parse_time("2026-04-15");
  day_only.published_by = DateOrigin::url;
  complete(day_only, hint);
  CHECK(day_only.published_at == hint.published_at);
  CHECK(day_only.published_to_the_minute);
}
