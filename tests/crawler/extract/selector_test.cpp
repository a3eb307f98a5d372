// The selector language: what it finds, and where it says a mistake is.
#include <catch2/catch.hpp>

#include <string>

#include "crawler/extract.h"
#include "crawler/extract/page_text.h"
#include "crawler/extract/selector.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const char* const page = R"(<html><body id=top>
<ul class="list news"><li class=first data-id=7><a href="/a.html" title="甲题">甲</a></li><li><a href="/b.pdf">乙</a><i>时</i></li><li class="last x"><b>丙</b></li></ul>
<div id=zoom><p>一</p><p class=note>二</p><h2>小题</h2><p>三</p><p>四</p></div>
<div class=pg><a href=1>1</a><a href=2>下一页</a></div>
<p class="Fz(14px) a.b">五</p></body></html>)";

// Texts or values of what is found, joined.
std::string found(const std::string& text) {
  const Dom dom = Dom::parse(page);
  const std::vector<bool> hidden = hidden_nodes(dom);
  const Result<Selector> selector = Selector::compile(text);
  if (!selector) return "! " + selector.error().detail;
  SelectorTree tree(dom);
  std::string out;
  for (const Found& one : tree.select(*selector)) {
    out += (out.empty() ? "" : "|") + (one.is_value ? one.value : label_of(dom, hidden, one.node));
  }
  return out;
}

}  // namespace

TEST_CASE("selectors find", "[extract][selector]") {
  struct Case {
    const char* selector;
    const char* want;
  };
  const Case cases[] = {
      {"li", "甲|乙时|丙"},
      {"LI.first", "甲"},
      {"#zoom p", "一|二|三|四"},
      {".list.news > li", "甲|乙时|丙"},
      {"body > p", "五"},
      {"h2 + p", "三"},
      {"h2 ~ p", "三|四"},
      {"li[data-id]", "甲"},
      {"li[data-id=7]", "甲"},
      {"li[data-id='8']", ""},
      {"a[href^='/']", "甲|乙"},
      {"a[href$=\".pdf\"]", "乙"},
      {"a[href*=html]", "甲"},
      {"li[class~=x]", "丙"},
      {"a[href^='']", ""},
      {"li:first-child", "甲"},
      {"li:last-child", "丙"},
      {"li:nth-child(2)", "乙时"},
      {"li:nth-child(odd)", "甲|丙"},
      {"li:nth-child(2n)", "乙时"},
      {"li:nth-child(-n+2)", "甲|乙时"},
      {"#zoom > p:not(.note)", "一|三|四"},
      {"li:not([data-id]) > :not(i)", "乙|丙"},
      {".pg a:contains(\"下一页\")@href", "2"},
      {"a:contains(下一页)", "下一页"},
      {"li a@href", "/a.html|/b.pdf"},
      {"li a@href , #zoom h2", "/a.html|/b.pdf|小题"},
      {"ul a, h2", "甲|乙|小题"},
      {"*[title]@title", "甲题"},
      {".Fz\\(14px\\)", "五"},
      {".a\\.b", "五"},
      {"//li[@class]/a", "甲"},
      {"/html/body/p", "五"},
      {"(//p)[last()]", "五"},
      {"//li/a/@href", "/a.html|/b.pdf"},
      {"//ul//text()[contains(., '丙')]", "丙"},
      {"  #zoom h2  ", "小题"},
      {"table", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.selector) { CHECK(found(c.selector) == c.want); }
  }
}

TEST_CASE("a selector within an element looks below it only", "[extract][selector]") {
  const Dom dom = Dom::parse(page);
  SelectorTree tree(dom);
  const Result<Selector> list = Selector::compile("#zoom"), css = Selector::compile("p"),
                         xpath = Selector::compile("//p");
  const std::vector<Found> zoom = tree.select(*list);
  REQUIRE(zoom.size() == 1);
  CHECK(tree.select(*css, zoom[0].node).size() == 4);
  CHECK(tree.select(*xpath, zoom[0].node).size() == 4);
}

TEST_CASE("a mistake is told with its column", "[extract][selector]") {
  struct Case {
    const char* name;
    const char* selector;
    const char* starts;
  };
  const Case cases[] = {
      {"空的可以", "", ""},
      {"好的", "ul.news > li a@href", ""},
      {"好的 XPath", "//div[@id='zoom']/p[2]", ""},
      {"没有名字的类", "ul. li", "column 4: a class is missing"},
      {"没关的方括号", "li[a=b", "column 3: this [ is not closed"},
      {"方括号里没写完", "li[a", "column 5: =, ^=, $=, *=, ~= or ] is expected"},
      {"没关的引号", "li[a='x", "column 6: this quote is not closed"},
      {"不认识的伪类", "列表:hover", "column 4: :hover is not known"},
      {"悬着的组合", "ul >", "column 5: a tag, #id, .class or [attribute] is missing"},
      {"多余的逗号", "ul,,li", "column 4: a tag"},
      {"多余的括号", "ul) li", "column 3: ')' does not belong here"},
      {"序号不是数", "li:nth-child(x)", "column 14: a number"},
      {"数字开头", "3d", "column 1: a tag does not begin with '3'"},
      {"属性没写名", "a@", "column 3: an attribute's name is missing"},
      {"坏的 XPath", "//li[", "column "},
      {"XPath 不认识的函数也算语法无误", "//li[foo()]", ""},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const std::string mistake = selector_mistake(c.selector);
      if (*c.starts == '\0') {
        CHECK(mistake.empty());
      } else {
        CHECK_THAT(mistake, Catch::StartsWith(c.starts));
      }
    }
  }
}

TEST_CASE("a costly expression finds nothing instead of taking for ever", "[extract][selector]") {
  std::string html;
  for (int i = 0; i < 20'000; ++i) html += "<i>x</i>";
  const Dom dom = Dom::parse(html);
  SelectorTree tree(dom);
  const Result<Selector> selector = Selector::compile("//i[count(//i[count(//i)>0])>0]");
  REQUIRE(selector);
  CHECK(tree.select(*selector).empty());
}
