// Pages made to break a reader: every one must end, soon and with valid text, whatever it holds. How
// long each takes is measured by the benchmark; here a runaway shows as a test that never ends.
#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <functional>
#include <random>
#include <string>

#include "core/time.h"
#include "core/utf8.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

std::string times(int count, const std::string& piece) {
  std::string out;
  out.reserve(piece.size() * std::size_t(count));
  for (int i = 0; i < count; ++i) out += piece;
  return out;
}

std::string numbered(int count, const std::function<std::string(int)>& piece) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece(i);
  return out;
}

void read(const std::string& body) {
  Page page;
  page.url = page.requested_url = "http://bbs.example.com/thread-1-1-1.html";
  page.body = body;
  page.fetched_at = *parse_time("2026-04-15T12:00:00+08:00");
  for (const SourceKind kind : {SourceKind::list, SourceKind::board}) {
    for (const Role role : {Role::entry, Role::content}) {
      Source source;
      source.id = "hostile";
      source.kind = kind;
      source.pages_max = 2;
      const Result<Extracted> extracted = extract(page, source, role, "s");
      if (!extracted) {
        CHECK(extracted.error().code == Errc::bad_encoding);
        continue;
      }
      for (const Document& d : extracted->documents) {
        CHECK(is_utf8(d.title));
        CHECK(is_utf8(d.body));
        CHECK(d.body.size() <= body_bytes_max);
      }
    }
  }
}

}  // namespace

TEST_CASE("pages made to break a reader do not", "[extract][hostile]") {
  struct Case {
    const char* name;
    std::string body;
  };
  const Case cases[] = {
      {"十万层嵌套", times(100'000, "<div>") + "学校食堂的问题，家长很关心。" + times(100'000, "</div>")},
      {"一个标签二十万属性",
       "<p " + numbered(200'000, [](int i) { return "a" + std::to_string(i) + "=1 "; }) + ">字</p>"},
      {"从不关闭", times(50'000, "<div><p><b><i><span><li>") + "字"},
      {"整页是一帖", "<html id=postmessage_12><body><p>整页就是一个帖子，没有楼层，也没有作者。</p>"},
      {"只有结束", times(200'000, "</div></a></p>")},
      {"没关的链接套块", times(50'000, "<a href=x><div>")},
      {"链接反复重开", times(8, "<div>") + times(10'000, "<a href=/x><p>甲</a>")},
      {"尖括号", times(1'000'000, "<")},
      {"没关的注释", times(200'000, "<!--")},
      {"没关的标题", times(100'000, "<title>")},
      {"没关的文本框", times(100'000, "<textarea>")},
      {"没关的引号", times(100'000, "<p a=\"")},
      {"字符引用", times(100'000, "&nbsp;&zwnj;&#x4e2d;&nothing;&")},
      {"表格不关", times(30'000, "<table><tr><td>")},
      {"日期成海", times(30'000, "<p>2026-04-15 22:40</p>")},
      {"数字成海", "<p>" + times(300'000, "12-")},
      {"同一链接", times(20'000, "<p><a href=/2026/1.html>关于某某学校的重要通知</a> 2026-04-15</p>")},
      {"不同链接",
       numbered(20'000,
                [](int i) { return "<a href=/" + std::to_string(i) + ".html>关于某某学校的重要通知</a>"; })},
      {"帖子成海", numbered(5'000,
                            [](int i) {
                              return "<table id=pid" + std::to_string(i) + "><td id=postmessage_" +
                                     std::to_string(i) + ">字</td></table>";
                            })},
      {"评论成海",
       times(5'000, "<div class=comment><i>2026-04-15 22:40</i><p class=text>学校食堂。</p></div>")},
      {"容器套容器", times(500, "<div id=zoom class=footer>") + times(5'000, "<p>一段文字，很长很长。</p>")},
      {"深层 JSON", "<script type='application/ld+json'>" + times(100'000, "[") + "</script><p>字"},
      {"表单标签成海", times(20'000, "<p>来信内容：食堂</p><p>答复内容：</p>") + "字"},
      {"帖子共用一页",
       "<body>" + numbered(500, [](int i) { return "<p id=postmessage_" + std::to_string(i) + ">字</p>"; }) +
           times(20'000, "<p>编辑</p>")},
      {"百分号的脚本", "<script>%7B" + times(100'000, "%22%E5%AD%A6") + "</script>字"},
      {"单引号成海", "<script>" + times(200'000, "'") + "</script>字"},
      {"空的容器套空的容器", times(500, "<div id=zoom>") + times(20'000, "<p>。</p>")},
      {"分页脚本", "<script>" + times(50'000, "createPageHTML(") + "</script>"},
      {"分隔符的标题", "<title>" + times(100'000, "文_") + "</title>"},
      {"空字节", std::string(10'000, '\0') + "<p>学校食堂的问题</p>"},
      {"空", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) { read(c.body); }
  }
}

// No time is asserted here but the shape of its growth: eight times the page may cost 32 times the CPU, which leaves
// a factor of four to a busy machine; what is quadratic costs 64 times.
TEST_CASE("eight times the page is not sixty-four times the work", "[extract][hostile]") {
  struct Shape {
    const char* name;
    std::function<std::string(int)> page;
    int size;
  };
  const Shape shapes[] = {
      {"嵌套", [](int n) { return times(n, "<div>") + "学校食堂的问题，家长很关心。" + times(n, "</div>"); }, 8'000},
      {"属性",
       [](int n) { return "<p " + numbered(n, [](int i) { return "a" + std::to_string(i) + "=1 "; }) + ">字</p>"; },
       20'000},
      {"从不关闭", [](int n) { return times(n, "<div><p><b><i><span><li>") + "字"; }, 3'000},
      {"段落", [](int n) { return times(n, "<p>今天食堂的饭菜又凉了，孩子回来说肚子疼。</p>"); }, 1'000},
      {"链接", [](int n) { return numbered(n, [](int i) {
         return "<li><a href=/2026/" + std::to_string(i) + ".html>第" + std::to_string(i) + "条新闻的标题</a></li>";
       }); }, 500},
      {"没关的注释", [](int n) { return times(n, "<!--"); }, 20'000},
      {"尖括号", [](int n) { return times(n, "<"); }, 50'000},
      {"日期", [](int n) { return times(n, "<span>2026-04-15 08:30 昨天 3小时前</span>"); }, 500},
      {"表格", [](int n) { return "<table>" + times(n, "<tr><td>甲<td>乙<td>丙") + "</table>"; }, 1'000}};
  const auto cpu_of = [](const std::string& body) {
    double least = 1e9;
    for (int round = 0; round < 3; ++round) {
      timespec begin{}, end{};
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
      read(body);
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
      least = std::min(least, double(end.tv_sec - begin.tv_sec) + double(end.tv_nsec - begin.tv_nsec) / 1e9);
    }
    return least;
  };
  for (const Shape& shape : shapes) DYNAMIC_SECTION(shape.name) {
      const double once = cpu_of(shape.page(shape.size)), more = cpu_of(shape.page(8 * shape.size));
      INFO(once * 1e3 << " ms, then " << more * 1e3 << " ms");
      CHECK(more <= 32 * once);
    }
}

TEST_CASE("text below the deepest level is kept", "[extract][hostile]") {
  Page page;
  page.url = "http://a.example/1";
  page.body =
      "<title>深处的文字</title>" + times(100'000, "<div>") + "学校食堂的问题，家长很关心，希望早日解决。";
  const Result<Extracted> extracted = extract(page, Source{}, Role::content, "");
  REQUIRE(extracted);
  REQUIRE(extracted->documents.size() == 1);
  CHECK(extracted->documents[0].body == "学校食堂的问题，家长很关心，希望早日解决。");
}

TEST_CASE("random bytes and random markup", "[extract][hostile]") {
  std::mt19937 random(20260415);
  const std::string pieces[] = {"<div>",
                                "</div>",
                                "<p",
                                " class='",
                                "'>",
                                "学校",
                                "\xB0\xA1",
                                "<a href=",
                                "\"",
                                "<!--",
                                "-->",
                                "<table>",
                                "<td>",
                                "</table>",
                                "&#",
                                "&lt",
                                "<script>",
                                "</script>",
                                "2026-04-15 ",
                                "<br>",
                                "\xFF",
                                "<h1>",
                                "</a>",
                                "<title>",
                                "</title>",
                                "id=postmessage_1 ",
                                "</p>",
                                "，",
                                std::string(1, '\0')};
  for (int round = 0; round < 300; ++round) {
    std::string body;
    const int length = int(random() % 200);
    for (int i = 0; i < length; ++i) {
      body += random() % 4 == 0 ? std::string(1, char(random() % 256)) : pieces[random() % std::size(pieces)];
    }
    read(body);
  }
}

TEST_CASE("what is no text is refused by name", "[extract]") {
  Page page;
  page.url = "http://a.example/1";
  page.headers = {{"content-type", "application/pdf"}};
  page.body = "%PDF-1.7";
  const Result<Extracted> pdf = extract(page, Source{}, Role::content, "");
  REQUIRE(!pdf);
  CHECK(pdf.error().code == Errc::bad_markup);
  CHECK_THAT(pdf.error().detail, Catch::Contains("http://a.example/1: application/pdf"));

  page.headers = {{"content-type", "text/html; charset=utf-8"}};
  std::mt19937 random(7);
  page.body.clear();
  for (int i = 0; i < 5000; ++i) page.body.push_back(char(0x80 + random() % 0x7F));
  page.body += std::string(500, '\0');
  const Result<Extracted> noise = extract(page, Source{}, Role::content, "");
  REQUIRE(!noise);
  CHECK(noise.error().code == Errc::bad_encoding);
  CHECK_THAT(noise.error().detail, Catch::Contains("unreadable as"));
}

TEST_CASE("a document of a page that was cut says so", "[extract][hostile]") {
  Page page;
  page.url = page.requested_url = "http://www.example.com/a/1.html";
  page.body = "<html><head><title>校园餐招标公告</title></head><body><h1>校园餐招标公告</h1><p>" +
              times(20, "望山区教育局今天公布了校园餐招标的办法，家长代表可以旁听。") + "</p>";
  page.fetched_at = *parse_time("2026-04-15T12:00:00+08:00");
  Source source;
  source.id = "s";
  const auto whole = extract(page, source, Role::content, "s");
  page.truncated = true;
  const auto cut = extract(page, source, Role::content, "s");
  REQUIRE(whole);
  REQUIRE(cut);
  REQUIRE(whole->documents.size() == 1);
  REQUIRE(cut->documents.size() == 1);
  CHECK(cut->documents[0].layer == whole->documents[0].layer + " cut");
  CHECK(cut->documents[0].confidence < whole->documents[0].confidence);
  CHECK(cut->documents[0].body == whole->documents[0].body);
  CHECK(cut->note.find("was cut at") != std::string::npos);
}
