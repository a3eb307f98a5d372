#include "crawler/extract/hotlist.h"

#include <catch2/catch.hpp>

#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {
const char* const here = "https://hot.example.cn/api/list?type=all";
}

TEST_CASE("heat as hot lists print it", "[crawler][hotlist]") {
  struct Case {
    const char* text;
    std::optional<long> want;
  };
  const Case cases[] = {
      {"123", 123},
      {"1,234,567", 1234567},
      {"123万", 1230000},
      {"12.3万", 123000},
      {"1.25亿", 125000000},
      {"98.6w", 986000},
      {"3.2W热度", 32000},
      {"5k", 5000},
      {"2千", 2000},
      {"热度 4567", 4567},
      {"  789 万热度", 7890000},
      {"0", 0},
      {"4567.8", 4568},
      {"12萬", 120000},
      {"2億", 200000000},
      {"0.5", 1},
      {"1.", 1},
      {"", {}},
      {"爆", {}},
      {"沸", {}},
      {".", {}},
      {"99999999999999999999", {}},
      {"9999999999999亿", {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION("'" << c.text << "'") { CHECK(heat_number(c.text) == c.want); }
}

TEST_CASE("lists of many shapes", "[crawler][hotlist]") {
  struct Case {
    const char* name;
    const char* body;
    HotlistPointers pointers;
    std::vector<std::string> want;  // rank title url heat
  };
  const Case cases[] = {
      {"根就是列表",
       R"([{"title":"甲校食堂","url":"https://a/1"},{"title":"乙校停课","url":"/2"}])",
       {},
       {"1 甲校食堂 https://a/1 -", "2 乙校停课 https://hot.example.cn/2 -"}},
      {"深处的列表",
       R"({"data":{"realtime":[{"word":"校服","num":"12.3万","realpos":3}]}})",
       {.items = "/data/realtime", .title = "/word", .url = "", .rank = "/realpos", .heat = "/num"},
       {"3 校服  123000"}},
      {"嵌套的条目",
       R"({"list":[{"target":{"title_area":{"text":"题"},"link":{"url":"//b/1"}},"m":{"n":9}}]})",
       {.items = "/list", .title = "/target/title_area/text", .url = "/target/link/url", .rank = "", .heat = "/m/n"},
       {"1 题 https://b/1 9"}},
      {"以编号为键",
       R"({"items":{"0":{"t":"甲"},"1":{"t":"乙"}}})",
       {.items = "/items", .title = "/t", .url = "", .rank = "", .heat = ""},
       {"1 甲  -", "2 乙  -"}},
      {"条目就是标题",
       R"(["甲","乙"])",
       {.items = "", .title = "", .url = "", .rank = "", .heat = ""},
       {"1 甲  -", "2 乙  -"}},
      {"键中有斜线",
       R"({"a/b":{"c~d":[{"title":"甲"}]}})",
       {.items = "/a~1b/c~0d", .title = "/title", .url = "", .rank = "", .heat = ""},
       {"1 甲  -"}},
      {"数组下标",
       R"([[],[{"title":"甲"}]])",
       {.items = "/1", .title = "/title", .url = "", .rank = "", .heat = ""},
       {"1 甲  -"}},
      {"包在函数里",
       R"(jsonp_1({"l":[{"title":"甲"}]});)",
       {.items = "/l", .title = "/title", .url = "", .rank = "", .heat = ""},
       {"1 甲  -"}},
      {"标题带标记",
       R"([{"title":" <em>甲</em>\n乙 "}])",
       {.items = "", .title = "/title", .url = "", .rank = "", .heat = ""},
       {"1 <em>甲</em> 乙  -"}},
      {"不是网址的网址",
       R"([{"title":"甲","url":"javascript:x"},{"title":"乙","url":null},{"title":"丙","url":7}])",
       {},
       {"1 甲  -", "2 乙  -", "3 丙 https://hot.example.cn/api/7 -"}},
      {"没有标题的不算，名次不变",
       R"([{"title":"甲"},{"title":""},{"x":1},7,{"title":"乙"}])",
       {},
       {"1 甲  -", "5 乙  -"}},
      {"名次荒唐",
       R"([{"title":"甲","r":-3},{"title":"乙","r":"第12名"},{"title":"丙","r":[]}])",
       {.items = "", .title = "/title", .url = "", .rank = "/r", .heat = ""},
       {"1 甲  -", "12 乙  -", "3 丙  -"}},
      {"空列表", "[]", {}, {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const auto list = parse_hotlist(c.body, c.pointers, here);
    INFO((list ? "" : describe(list.error())));
    REQUIRE(list);
    std::vector<std::string> got;
    for (const HotItem& item : list->items)
      got.push_back(std::to_string(item.rank) + " " + item.title + " " + item.url + " " +
                    (item.heat ? std::to_string(*item.heat) : "-"));
    CHECK(got == c.want);
  }
}

TEST_CASE("a list that cannot be read says where and how to mend it", "[crawler][hotlist]") {
  struct Case {
    const char *name, *body;
    const char *items, *title;
    Errc code;
    const char* says;
  };
  const Case cases[] = {
      {"no JSON", "<html>", "", "/title", Errc::bad_markup, "hot.example.cn"},
      {"cut JSON", "[{\"title\":\"a\"", "", "/title", Errc::bad_markup, "hot.example.cn"},
      {"leads nowhere", "{}", "/data", "/title", Errc::bad_markup, "'/data' leads to no list"},
      {"leads to a number", "{\"data\":7}", "/data", "/title", Errc::bad_markup, "'/data' leads to no list"},
      {"an index too far", "[]", "/99999999999999999999999", "/title", Errc::bad_markup, "leads to no list"},
      {"no titles at all", "[{\"name\":\"a\"}]", "", "/title", Errc::bad_markup, "'/title' leads nowhere"},
      {"no pointer", "[]", "data", "/title", Errc::bad_rule, "'data'"},
      {"a bad escape", "[]", "", "/a~2", Errc::bad_rule, "'/a~2'"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    HotlistPointers pointers;
    pointers.items = c.items;
    pointers.title = c.title;
    const auto list = parse_hotlist(c.body, pointers, here);
    REQUIRE_FALSE(list);
    CHECK(list.error().code == c.code);
    CHECK_THAT(describe(list.error()), Catch::Contains(c.says));
    CHECK(list.error().mend != "");
  }
  std::string deep(100'000, '[');
  CHECK_FALSE(parse_hotlist(deep, {}, here));
}

TEST_CASE("hot items become documents dated by their sighting", "[crawler][hotlist]") {
  Page page;
  page.url = here;
  page.fetched_at = *parse_time("2026-04-15T22:40:00+08:00");
  page.body = R"([{"title":"某校食堂","url":"https://a.example/1#x","hot":"12万"},{"title":"无网址的一条"}])";
  Source source;
  source.id = "hot";
  source.name = "某热榜";
  source.medium = "hotlist";
  source.weight = 0.9;
  source.hotlist.heat = "/hot";
  const auto got = extract_hotlist(page, source);
  REQUIRE(got);
  CHECK(got->links.empty());
  REQUIRE(got->documents.size() == 2);
  const Document& first = got->documents[0];
  CHECK(first.url == "https://a.example/1");
  CHECK(first.id == document_id("https://a.example/1"));
  CHECK(first.title == "某校食堂");
  CHECK(first.body == "");
  CHECK(first.source == "hot");
  CHECK(first.source_name == "某热榜");
  CHECK(first.medium == "hotlist");
  CHECK(first.weight == 0.9);
  CHECK(first.published_at == page.fetched_at);
  CHECK(first.published_by == DateOrigin::feed);
  CHECK(first.published_to_the_minute);
  CHECK(first.reach.rank == 1);
  CHECK(first.reach.heat == 120000);
  CHECK(first.layer == "hotlist");
  CHECK(first.content_hash == content_hash("某校食堂", ""));
  CHECK(first.snapshot_hash.size() == 64);
  const Document& second = got->documents[1];
  CHECK_THAT(second.url, Catch::StartsWith("https://hot.example.cn/api/list?type=all#%E6%97%A0"));
  CHECK(second.id != first.id);
  CHECK(second.reach.rank == 2);

  page.body = "[{\"title\":\"\xc4\xb3\xd0\xa3\xca\xb3\xcc\xc3\"}]";  // GBK
  page.headers = {{"content-type", "application/json; charset=gbk"}};
  const auto gbk = extract_hotlist(page, source);
  REQUIRE(gbk);
  CHECK(gbk->documents[0].title == "某校食堂");
}

TEST_CASE("more items than any list has are not taken", "[crawler][hotlist]") {
  std::string body = "[";
  for (int i = 0; i < 2000; ++i) body += "{\"title\":\"t" + std::to_string(i) + "\"},";
  body.back() = ']';
  const auto list = parse_hotlist(body, {}, here);
  REQUIRE(list);
  CHECK(list->items.size() == hotlist_items_max);
}
