// Threads and boards: what the golden pages do not show.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "core/hash.h"
#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

Page page_of(std::string html, const char* url) {
  Page page;
  page.url = page.requested_url = url;
  page.body = std::move(html);
  page.fetched_at = *parse_time("2026-04-21T12:00:00+08:00");
  return page;
}

Source board() {
  Source source;
  source.id = "bbs";
  source.kind = SourceKind::board;
  source.pages_max = 2;
  return source;
}

std::string fixture(const std::string& name) {
  std::ifstream file(std::string(TINGCHAO_SOURCE_DIR) + "/tests/data/pages/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string discuz_post(int pid, const std::string& body, const std::string& floor = "",
                        const std::string& user = "某甲") {
  const std::string id = std::to_string(pid);
  return "<div id=post_" + id + "><table id=pid" + id +
         "><tr><td class=authi><a href='home.php?mod=space&uid=1'>" + user + "</a></td><td>" +
         (floor.empty() ? "" : "<a id=postnum" + id + "><em>" + floor + "</em></a>") + "<em id=authorposton" +
         id + ">发表于 2026-4-15 12:00</em><table><tr><td id=postmessage_" + id + ">" + body +
         "</td></tr></table></td></tr></table></div>";
}

std::vector<int> floors(const Extracted& extracted) {
  std::vector<int> out;
  for (const Document& d : extracted.documents) out.push_back(d.thread ? d.thread->floor : 0);
  return out;
}

}  // namespace

TEST_CASE("no author, but how many people speak", "[extract][thread]") {
  const Page page = page_of(fixture("discuz_gbk_1.html"), "http://bbs.yunxi.example/thread-5021-1-1.html");
  const Result<Extracted> one = extract(page, board(), Role::content, "salt"),
                          other = extract(page, board(), Role::content, "pepper");
  REQUIRE(one);
  REQUIRE(one->documents.size() == 4);
  CHECK(one->documents[0].author_hash == one->documents[3].author_hash);
  CHECK(one->documents[0].author_hash != one->documents[1].author_hash);
  CHECK(one->documents[0].author_hash != other->documents[0].author_hash);
  // Nobody can look a name up without the salt, nor join people over threads.
  CHECK(one->documents[0].author_hash != stable_id("晨曦妈妈"));
  const Page elsewhere = page_of(page.body, "http://bbs.yunxi.example/thread-6000-1-1.html");
  CHECK(extract(elsewhere, board(), Role::content, "salt")->documents[0].author_hash !=
        one->documents[0].author_hash);
  for (const Document& d : one->documents) {
    CHECK(d.body.find("晨曦妈妈") == std::string::npos);
    CHECK(d.title == one->documents[0].title);
  }
}

TEST_CASE("both pages of a thread, by either address, give each post one id", "[extract][thread]") {
  std::set<std::string> ids;
  const auto read = [&](const char* file, const char* url) {
    const Result<Extracted> extracted = extract(page_of(fixture(file), url), board(), Role::content, "s");
    REQUIRE(extracted);
    for (const Document& d : extracted->documents) ids.insert(d.id);
  };
  read("discuz_gbk_1.html", "http://bbs.yunxi.example/thread-5021-1-1.html");
  CHECK(ids.size() == 4);
  read("discuz_gbk_1.html", "http://bbs.yunxi.example/forum.php?mod=viewthread&tid=5021&extra=page%3D1");
  CHECK(ids.size() == 4);
  read("discuz_gbk_2.html", "http://bbs.yunxi.example/thread-5021-2-1.html");
  CHECK(ids.size() == 6);
  CHECK(ids.count(document_id("http://bbs.yunxi.example/forum.php?mod=viewthread&tid=5021", 1)) == 1);
}

TEST_CASE("floors that a page hides from robots are counted", "[extract][thread]") {
  struct Case {
    const char* name;
    std::string head;
    const char* url;
    int posts;
    std::vector<int> want;
  };
  const std::string pager = "<div class=pg><a class=nxt href='thread-7-3-1.html'>下一页</a></div>";
  const Case cases[] = {
      {"第一页", "", "http://b.example/thread-7-1-1.html", 3, {1, 2, 3}},
      {"中间的满页", pager, "http://b.example/thread-7-2-1.html", 3, {4, 5, 6}},
      {"末页按回复数推算", "<p>查看: 90 回复: 21</p>", "http://b.example/thread-7-2-1.html", 2, {21, 22}},
      {"末页没有线索", "", "http://b.example/thread-7-2-1.html", 2, {11, 12}},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      std::string html = c.head;
      for (int i = 0; i < c.posts; ++i) html += discuz_post(100 + i, "第" + std::to_string(i) + "条");
      const Result<Extracted> extracted = extract(page_of(html, c.url), board(), Role::content, "s");
      REQUIRE(extracted);
      CHECK(floors(*extracted) == c.want);
    }
  }
  // A deleted post leaves a gap that the shown numbers tell.
  const std::string gap = discuz_post(1, "一", "1") + discuz_post(4, "四", "4") + discuz_post(5, "五");
  CHECK(floors(*extract(page_of(gap, "http://b.example/thread-7-1-1.html"), board(), Role::content, "s")) ==
        std::vector<int>{1, 4, 5});
}

TEST_CASE("what is not the author's own words is left out", "[extract][thread]") {
  struct Case {
    const char* name;
    std::string body;
    const char* want;
  };
  const Case cases[] = {
      {"引用", "<div class=quote><blockquote>别人的话</blockquote></div>我的话", "我的话"},
      {"只有引用", "<div class=quote><blockquote>别人的话</blockquote></div>", "别人的话"},
      {"编辑说明", "<i class=pstatus>本帖最后由 某甲 于 2026-4-15 编辑</i><br>我的话", "我的话"},
      {"编辑说明没有类名", "本帖最后由 某甲 于 2026-4-15 13:00 编辑<br>我的话", "我的话"},
      {"干扰文字", "我<font class=jammer>x8 k</font>的<span style='display:none'>zz</span>话", "我的话"},
      {"附件", "我的话<ignore_js_op><img> a.jpg (12 KB, 下载次数: 3)</ignore_js_op>", "我的话"},
      {"客户端尾巴", "我的话<br>来自: Android客户端", "我的话"},
      {"说的就是客户端", "来自家长的意见很重要", "来自家长的意见很重要"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const std::string html = discuz_post(1, "楼主的话", "1") + discuz_post(2, c.body, "2");
      const Result<Extracted> extracted =
          extract(page_of(html, "http://b.example/thread-7-1-1.html"), board(), Role::content, "s");
      REQUIRE(extracted);
      REQUIRE(extracted->documents.size() == 2);
      CHECK(extracted->documents[1].body == c.want);
    }
  }
}

TEST_CASE("a post without words is no document, unless it opens the thread", "[extract][thread]") {
  const std::string html = "<title>食堂的照片大家看看吧 - 云溪论坛</title>" +
                           discuz_post(1, "<img src=a.jpg>", "1") + discuz_post(2, "<img src=b.jpg>", "2") +
                           discuz_post(3, "看到了", "3");
  const Result<Extracted> extracted =
      extract(page_of(html, "http://b.example/thread-7-1-1.html"), board(), Role::content, "s");
  REQUIRE(extracted);
  CHECK(floors(*extracted) == std::vector<int>{1, 3});
  CHECK(extracted->documents[0].title == "食堂的照片大家看看吧");
}

TEST_CASE("a source's own selectors read any board", "[extract][thread]") {
  const std::string html =
      "<h1>校车晚点</h1><div class=row><u>老李</u><s>04-15 08:00</s><q>今天又晚了二十分钟。</q></div>"
      "<div class=row><u>小王</u><s>04-15 08:30</s><q>同感。</q></div><a class=more href='?p=2'>后面</a>";
  Source source = board();
  source.selectors.post = ".row";
  source.selectors.body = "q";
  source.selectors.author = "u";
  source.selectors.time = "s";
  source.selectors.next = "a.more";
  const Result<Extracted> extracted =
      extract(page_of(html, "http://x.example/a"), source, Role::content, "s");
  REQUIRE(extracted);
  REQUIRE(extracted->documents.size() == 2);
  CHECK(extracted->documents[0].body == "今天又晚了二十分钟。");
  CHECK(extracted->documents[0].layer == "thread rule");
  CHECK(extracted->documents[1].published_at == parse_time("2026-04-15T08:30:00+08:00"));
  CHECK(!extracted->documents[1].author_hash.empty());
  CHECK(extracted->next_pages == std::vector<std::string>{"http://x.example/a?p=2"});

  source.selectors.post = ".gone";
  const Result<Extracted> broken = extract(page_of(html, "http://x.example/a"), source, Role::content, "s");
  REQUIRE(broken);
  CHECK(broken->note.find("selector .gone matched nothing") != std::string::npos);
}

TEST_CASE("an article with some comments stays an article", "[extract][thread]") {
  Source news;
  news.kind = SourceKind::list;
  std::string html = "<title>课后服务怎么收费</title><h1>课后服务怎么收费</h1><div class=con>";
  for (int i = 0; i < 12; ++i)
    html += "<p>家长普遍关心课后服务的收费标准，区教育局介绍说，收费按课时计算，困难家庭免收，接受监督。</p>";
  html += "</div><div class=comments>";
  for (int i = 0; i < 3; ++i)
    html += "<div class=comment><b class=user>读者</b><i>2026-04-15 08:0" + std::to_string(i) +
            "</i><p>说得好。</p></div>";
  const Result<Extracted> extracted =
      extract(page_of(html + "</div>", "http://news.example/a"), news, Role::content, "s");
  REQUIRE(extracted);
  REQUIRE(extracted->documents.size() == 1);
  CHECK(!extracted->documents[0].thread);
  CHECK(extracted->documents[0].body.find("说得好") == std::string::npos);
}

TEST_CASE("a thread's pager tells its last page and the one before", "[extract][thread]") {
  struct Case {
    const char* name;
    const char* url;
    std::string pager;
    const char* previous;
    const char* last;
  };
  const Case cases[] = {
      {"Discuz 首页", "http://b.example/thread-7-1-1.html",
       "<div class=pg><strong>1</strong><a href='thread-7-2-1.html'>2</a><a href='thread-7-3-1.html'>3</a><a "
       "class=last "
       "href='thread-7-20-1.html'>... 20</a><a class=nxt href='thread-7-2-1.html'>下一页</a></div>",
       "", "http://b.example/thread-7-20-1.html"},
      {"Discuz 中间页", "http://b.example/thread-7-2-1.html",
       "<div class=pg><a class=prev href='thread-7-1-1.html'>&nbsp;</a><a "
       "href='thread-7-1-1.html'>1</a><strong>2</strong>"
       "<a href='thread-7-3-1.html'>3</a></div>",
       "http://b.example/thread-7-1-1.html", "http://b.example/thread-7-3-1.html"},
      {"尾页和上一页", "http://b.example/t?id=7&page=4",
       "<a href='?id=7&page=3'>上一页</a> <a href='?id=7&page=5'>下一页</a> <a href='?id=7&page=9'>尾页</a>",
       "http://b.example/t?id=7&page=3", "http://b.example/t?id=7&page=9"},
      {"别的帖子不算", "http://b.example/thread-7-1-1.html",
       "<a class=prev href='thread-6-1-1.html'>上一页</a><a href='thread-8-9-1.html'>9</a><a "
       "href='/x'>尾页</a>",
       "", ""},
      {"一页的帖子", "http://b.example/thread-7-1-1.html", "", "", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const std::string html = discuz_post(1, "一", "1") + discuz_post(2, "二", "2") + c.pager;
      const Result<Extracted> extracted = extract(page_of(html, c.url), board(), Role::content, "s");
      REQUIRE(extracted);
      CHECK(extracted->previous_page == c.previous);
      CHECK(extracted->last_page == c.last);
    }
  }
}

TEST_CASE("replies that show the number of the post they answer are posts of their own", "[extract][thread]") {
  std::string html = "<html><head><title>食堂的菜</title></head><body><h1>食堂的菜</h1><div class='post-list'>";
  const std::vector<std::pair<int, std::string>> posts = {{1, "今天食堂的红烧肉大家觉得怎么样，我觉得有点咸。"},
                                                          {1, "我也觉得咸，孩子回来喝了两大杯水。"},
                                                          {2, "建议跟学校反映一下，请食堂少放点盐。"},
                                                          {2, "已经反映了，老师说明天就改。"},
                                                          {3, "谢谢各位家长，今天的菜好多了。"}};
  int minute = 10;
  for (const auto& [floor, text] : posts)
    html += "<div class='post-item'><span class='author'>家长" + std::to_string(minute) +
            "</span><span class='time'>2026-04-15 08:" + std::to_string(minute++) + "</span><span class='floor'>" +
            std::to_string(floor) + "楼</span><div class='post-content'>" + text + "</div></div>";
  html += "</div></body></html>";
  const Page page = page_of("<meta charset=utf-8>" + html, "http://bbs.example.cn/t/1");
  const auto extracted = extract(page, board(), Role::content, "salt");
  REQUIRE(extracted);
  REQUIRE(extracted->documents.size() == posts.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    CHECK(ids.insert(extracted->documents[i].id).second);
    CHECK(extracted->documents[i].thread->floor == posts[i].first);
    CHECK(extracted->documents[i].body.find(posts[i].second) != std::string::npos);
  }
}
