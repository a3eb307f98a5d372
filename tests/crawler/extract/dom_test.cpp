// The tree of a page and what a reader sees of it.
#include <catch2/catch.hpp>

#include <string>

#include "crawler/extract/dom.h"
#include "crawler/extract/page_text.h"

using namespace tingchao::crawler;

namespace {

// Elements as name(children), texts in quotes; head left out when empty.
std::string outline(const Dom& dom, NodeId n) {
  if (dom.is_text(n)) return "'" + std::string(dom.text(n)) + "'";
  std::string inner;
  for (NodeId child = dom.first_child(n); child != no_node; child = dom.next_sibling(child)) {
    if (child == dom.head() && dom.first_child(child) == no_node) continue;
    if (!inner.empty()) inner += " ";
    inner += outline(dom, child);
  }
  const std::string name(dom.name(n));
  return inner.empty() ? name : name + "(" + inner + ")";
}

std::string outline(const std::string& html) {
  const Dom dom = Dom::parse(html);
  return outline(dom, dom.body());
}

std::string seen(const std::string& html) {
  const Dom dom = Dom::parse(html);
  return text_of(dom, hidden_nodes(dom), 0);
}

}  // namespace

TEST_CASE("tags of every carelessness make a tree", "[extract][dom]") {
  struct Case {
    const char* name;
    const char* html;
    const char* want;
  };
  const Case cases[] = {
      {"嵌套", "<div><p>甲</p></div>", "body(div(p('甲')))"},
      {"段落不写结束", "<p>甲<p>乙<div>丙</div>", "body(p('甲') p('乙') div('丙'))"},
      {"列表不写结束", "<ul><li>甲<li>乙<ul><li>丙</ul><li>丁</ul>", "body(ul(li('甲') li('乙' ul(li('丙'))) li('丁')))"},
      {"表格不写结束", "<table><tr><td>甲<td>乙<tr><td>丙</table>丁", "body(table(tr(td('甲') td('乙')) tr(td('丙'))) '丁')"},
      {"表中表", "<table><tr><td><table><tr><td>甲</table>乙</table>", "body(table(tr(td(table(tr(td('甲'))) '乙'))))"},
      {"交叠的粗体", "<b><div>甲</b>乙</div>丙", "body(b(div('甲' '乙') '丙'))"},
      {"标题里没关好的链接", "<a href=x><h3>甲</a>乙</h3>丙", "body(a(h3('甲')) h3('乙') '丙')"},
      {"链接套链接", "<a href=x>甲<a href=y>乙</a>", "body(a('甲') a('乙'))"},
      {"多余的结束", "<p>甲</div></p></span>乙", "body(p('甲') '乙')"},
      {"提前的 html 结束", "<body><p>甲</p></body></html><p>乙</p>", "body(p('甲') p('乙'))"},
      {"第二个 body", "<body><p>甲<body class=b><p>乙", "body(p('甲') p('乙'))"},
      {"没有 body", "<title>题</title>甲", "body('甲')"},
      {"头部之后的元数据", "<head></head><p>甲<meta name=a content=b>", "body(p('甲' meta))"},
      {"注释与声明", "<!DOCTYPE html><!-- <p>不算 --><p>甲<!-->乙--></p>", "body(p('甲' '乙-->'))"},
      {"尖括号是文字", "<p>3 < 5 且 a<b>c", "body(p('3 < 5 且 a' b('c')))"},
      {"自定义元素", "<x-box><y-z/>甲</x-box>乙", "body(x-box(y-z '甲') '乙')"},
      {"定义列表", "<dl><dt>甲<dd>乙<dt>丙</dl>", "body(dl(dt('甲') dd('乙') dt('丙')))"},
      {"没关的 title", "<title>题<p>甲", "body(p('甲'))"},
      {"没关的脚本", "<p>甲<script>var a = '<p>乙'", "body(p('甲' script('var a = '<p>乙'')))"},
      {"表单跨表格", "<div><form><p>甲</div>乙</form>丙", "body(div(form(p('甲'))) '乙' '丙')"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) { CHECK(outline(c.html) == c.want); }
  }
}

TEST_CASE("character references", "[extract][dom]") {
  struct Case {
    const char* html;
    const char* want;
  };
  const Case cases[] = {{"&lt;b&gt;", "<b>"},
                        {"&ldquo;甲&rdquo;&hellip;", "“甲”…"},
                        {"&#20013;&#x6587;", "中文"},
                        {"&#147;a&#148;", "“a”"},
                        {"&nbsp;甲", "\u00A0甲"},
                        {"A&B &unknown; &amp;lt;", "A&B &unknown; &lt;"},
                        {"&copy2026", "©2026"},
                        {"&#0;&#xD800;&#99999999;", "\uFFFD\uFFFD\uFFFD"},
                        {"&", "&"}};
  for (const Case& c : cases) {
    const Dom dom = Dom::parse(c.html);
    const NodeId text = dom.first_child(dom.body());
    REQUIRE(text != no_node);
    CHECK(dom.text(text) == c.want);
  }
}

TEST_CASE("attributes", "[extract][dom]") {
  const Dom dom = Dom::parse("<P ID='x' CLASS=\"a  b\tc\" data-v=1&amp;2 href=?a=1&copy=2 checked id=again>甲");
  const NodeId p = dom.find(Tag::p);
  REQUIRE(p != no_node);
  CHECK(dom.attribute(p, "id") == "x");
  CHECK(dom.has_class(p, "b"));
  CHECK(dom.has_class(p, "c"));
  CHECK(!dom.has_class(p, "ab"));
  CHECK(dom.attribute(p, "data-v") == "1&2");
  CHECK(dom.attribute(p, "href") == "?a=1&copy=2");
  CHECK(dom.has_attribute(p, "checked"));
  CHECK(!dom.has_attribute(p, "class2"));
}

TEST_CASE("a reader sees lines", "[extract][text]") {
  struct Case {
    const char* name;
    const char* html;
    const char* want;
  };
  const Case cases[] = {
      {"块各成一行", "<div>甲<p>乙</p>丙</div><h3>丁</h3>", "甲\n乙\n丙\n丁"},
      {"行内不断行", "<p>甲<b>乙</b><span>丙</span></p>", "甲乙丙"},
      {"换行符", "<p>甲<br>乙<br><br/>丙", "甲\n乙\n丙"},
      {"源码换行夹在汉字间", "<p>今天\n    开学</p>", "今天开学"},
      {"源码换行夹在英文间", "<p>open\nday</p>", "open day"},
      {"全角缩进", "<p>　　各学校：</p>", "各学校："},
      {"不断行空格", "<p>甲&nbsp;&nbsp;乙</p>", "甲 乙"},
      {"零宽字符", "<p>甲\u200B乙\uFEFF</p>", "甲乙"},
      {"表格一行", "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "甲 乙\n丙"},
      {"预排文本", "<pre>甲\n  乙</pre>", "甲\n乙"},
      {"脚本样式与控件", "<p>甲</p><script>乙</script><style>丙</style><select><option>丁</select><button>戊</button>", "甲"},
      {"隐藏", "<p>甲<span style='display: NONE;'>乙</span><i hidden>丙</i><font class='x jammer'>丁</font>戊</p>", "甲戊"},
      {"字号为零", "<p>甲<span style='font-size:0px'>乙</span><span style='font-size:0.9em'>丙</span>", "甲丙"},
      {"隐形的词不见，隐形的块等脚本", "<p>甲<b style='visibility:hidden'>乙</b></p><div style='visibility:hidden'>丙</div>", "甲\n丙"},
      {"注音", "<ruby>汉<rp>(</rp><rt>han</rt><rp>)</rp></ruby>字", "汉字"},
      {"并排的数字", "<span>0000</span><span>2026-04-12</span>", "0000 2026-04-12"},
      {"图标字", "<p>甲<svg><title>乙</title><text>丙</text></svg>丁", "甲丁"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) { CHECK(seen(c.html) == c.want); }
  }
}

TEST_CASE("what a line is made of", "[extract][text]") {
  const Dom dom = Dom::parse("<p>学校说：<a href=x>校车 No. 12</a>改线了，请看。</p>");
  const std::vector<Line> lines = lines_of(dom, hidden_nodes(dom));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].han == 10);
  CHECK(lines[0].words == 12);
  CHECK(lines[0].linked == 4);
  CHECK(lines[0].marks == 4);
  CHECK(dom.text(lines[0].node) == "学校说：");
  CHECK(dom.text(lines[0].last) == "改线了，请看。");
}

TEST_CASE("the flat tree's bounds", "[extract][dom]") {
  std::string deep;
  for (int i = 0; i < 3000; ++i) deep += "<div>";
  const Dom dom = Dom::parse(deep + "最里面的文字");
  for (NodeId n = 1; n < dom.size(); ++n) {
    const NodeId parent = dom.parent(n);
    REQUIRE(parent < n);
    REQUIRE(dom.end(n) <= dom.end(parent));
    REQUIRE(dom.end(n) > n);
  }
  int depth = 0;
  for (NodeId n = dom.size() - 1; n != no_node; n = dom.parent(n)) ++depth;
  CHECK(depth <= depth_max + 1);
  CHECK(text_of(dom, hidden_nodes(dom), 0) == "最里面的文字");
  CHECK(!dom.is_cut());
}
