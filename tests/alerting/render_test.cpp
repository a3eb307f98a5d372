#include <catch2/catch.hpp>

#include <algorithm>

#include <boost/json.hpp>

#include "alerting/notify/templates.h"
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

TEST_CASE("a mistake in a template is told with its line and its mend", "[alerting][render][templates]") {
  struct Case {
    const char* name;
    const char* text;
    const char* said;  // of the whole; empty: nothing is wrong
  };
  const Case cases[] = {
      {"没有错",
       "{{level}}\n{{#clocks}}\n{{name}} {{due}} {{title}}\n{{/clocks}}{{! 注 }}{{{link}}}{{&title}}", ""},
      {"没有开头的标签", "{{title}}\n{{/clocks}}", "t:2: “{{/clocks}}”没有对应的开头"},
      {"没有结束的段落", "a\n\n{{#clocks}}\n{{name}}",
       "t:3: “{{#clocks}}”没有结束（在段落之后补上“{{/clocks}}”）"},
      {"交错的段落", "{{#clocks}}\n{{#quotes}}\n{{/clocks}}\n",
       "t:3: “{{/clocks}}”之前，第 2 行的“quotes”还没有结束"},
      {"没有结尾的括号", "{{title}}\n\n{{title", "t:3: “{{”没有结尾（补上“}}”）"},
      {"没有结尾的三重括号", "{{{link}}", "t:1: “{{{”没有结尾"},
      {"拼错的名称", "x\n{{titel}}", "t:2: 没有名为“titel”的值（此处可用："},
      {"行内的名称在行外没有值", "{{#clocks}}{{due}}{{/clocks}}\n{{due}}", "t:2: 没有名为“due”的值"},
      {"列表里的一行", "{{#news}}{{.}}{{/news}}", ""},
      {"反的段落", "{{^quotes}}没有引文{{/quotes}}", ""},
      {"空的名称", "{{ }}", "t:1: 标签里没有名称"},
      {"别的模板", "{{> head}}", "t:1: “{{>head}}”：不能引入别的模板"},
      {"换括号", "{{=<% %>=}}", "t:1: 不能更换标签的括号"},
      {"空的", " \n", "t:1: 模板是空的"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const auto checked = check_template("t", c.text);
      INFO((checked ? std::string("good") : checked.error().detail));
      REQUIRE(checked.has_value() == !*c.said);
      if (!checked) CHECK(checked.error().detail.starts_with(c.said));
    }
  const auto both = check_template("t", "{{titel}}\n{{#clocks}}");
  CHECK(std::count(both.error().detail.begin(), both.error().detail.end(), '\n') ==
        1);  // all of them at once
}
