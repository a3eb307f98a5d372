#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "alerting/render.h"

using namespace tingchao;
using namespace tingchao::alerting;

TEST_CASE("templates", "[alerting][render]") {
  const boost::json::object view = boost::json::parse(
      R"({"title":"<b>&\"'","none":"","yes":true,"no":false,"list":["甲","乙"],"empty":[],"number":7,
          "rows":[{"name":"a","none":""}],"tags":"{{title}}"})").as_object();
  struct Case {
    const char* name;
    const char* text;
    Escape escape;
    const char* want;
  };
  const Case cases[] = {
      {"HTML 转义", "<p>{{title}}</p>", Escape::html, "<p>&lt;b&gt;&amp;&quot;&apos;</p>\n"},
      {"纯文本不转义", "{{title}}", Escape::none, "<b>&\"'\n"},
      {"空字符串为假", "a{{#none}}x{{/none}}{{^none}}y{{/none}}", Escape::none, "ay\n"},
      {"列表", "{{#list}}{{.}}；{{/list}}", Escape::none, "甲；乙；\n"},
      {"数字", "{{number}}", Escape::none, "7\n"},
      {"值里的标签不再解释", "{{tags}}", Escape::none, "{{title}}\n"},
      {"独占一行的标签不留空行", "a\n{{#yes}}\nb\n{{/yes}}\n{{#no}}\nc\n{{/no}}\nd\n", Escape::none, "a\nb\nd\n"},
      {"段落之间的空行保留一行", "a\n\n{{#no}}\nx\n{{/no}}\n\nb\n", Escape::none, "a\n\nb\n"},
      {"列表之后的空行保留", "{{#list}}\n{{.}}\n{{/list}}\n\nb\n", Escape::none, "甲\n乙\n\nb\n"},
      {"内层的空值不去外层找", "{{#rows}}{{#none}}x{{/none}}{{name}}{{/rows}}", Escape::none, "a\n"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const auto text = render("t", c.text, view, c.escape);
    REQUIRE(text);
    CHECK(*text == c.want);
  }
}

TEST_CASE("a template that cannot be used is named", "[alerting][render]") {
  for (const char* text : {"", "{{#open}}", "{{"}) {
    const auto result = render("warning.html.mustache", text, {}, Escape::html);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::bad_config);
    CHECK(result.error().detail.find("warning.html.mustache") == 0);
  }
}
