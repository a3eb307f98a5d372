// Articles in the shapes that Chinese pages come in, from the tables of the 2000s to pages drawn by script:
// the words of the article, all of them and nothing else, with what surrounds them on real pages around.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const std::string title = "云溪区公布春季学期课后服务安排";
const std::vector<std::string> paragraphs = {
    "本报讯（记者 林晓）4月14日，云溪区教育局公布春季学期课后服务安排，全区五十六所义务教育学校全部参与。",
    "据介绍，服务时间不早于当地正常下班时间，家长自愿选择，学校不得以任何方式强制或变相强制学生参加。",
    "“我们把收费依据和师资名单都贴在了校门口。”第三小学负责人说，“家长随时可以来看。”",
    "区教育局提醒，如发现违规收费，可拨打监督电话反映，查实后将严肃处理。"};

std::string joined(const std::vector<std::string>& lines, const std::string& before,
                   const std::string& behind) {
  std::string out;
  for (const std::string& line : lines) out += before + line + behind;
  return out;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

const std::string nav =
    "<div class=nav><a href=/>首页</a><a href=/news>新闻</a><a href=/edu>教育</a><a href=/life>民生</a><a "
    "href=/bbs>论坛</a></div>";
const std::string list =
    "<div class=box><h3>教育要闻</h3><ul><li><a "
    "href=/a/1.html>全区春季体质监测工作启动，六月底前完成</a></li><li><a "
    "href=/a/2.html>青少年宫公益课程开始报名，名额一千二百个</a></li><li><a "
    "href=/a/3.html>两所新建学校通过竣工验收，秋季投用</a>"
    "</li></ul></div>";
const std::string foot =
    "<div class=foot><p>版权所有 云溪报业集团 未经许可不得转载</p><p>云ICP备12000000号 "
    "新闻热线：0000-12345678 "
    "违法和不良信息举报电话：0000-12345678</p></div>";

std::string page(const std::string& body) {
  return "<!DOCTYPE html><html><head><meta charset=utf-8><title>" + title +
         "_云溪新闻网</title></head><body>" + body + "</body></html>";
}
std::string h1() {
  return "<h1>" + title + "</h1><p class=info>2026-04-15 08:30 来源：云溪日报 作者：林晓</p>";
}

std::string table_of_the_2000s() {
  std::string menu, body;
  for (int i = 0; i < 9; ++i)
    menu += "<tr><td height=22><img src=dot.gif><a href=list" + std::to_string(i) +
            ".htm><font color=#333333>栏目导航之" + std::to_string(i) + "</font></a></td></tr>";
  for (const std::string& line : paragraphs) body += "&nbsp;&nbsp;&nbsp;&nbsp;" + line + "<BR><BR>\n";
  return page("<TABLE width=776 align=center><TR><TD><TABLE><TR><TD>" + nav +
              "</TD></TR></TABLE></TD></TR><TR><TD width=180 "
              "valign=top><TABLE>" +
              menu + "</TABLE></TD><TD valign=top><TABLE width=100%><TR><TD align=center><B><FONT size=4>" +
              title +
              "</FONT></B></TD></TR><TR><TD align=right>2026-4-15 8:30:00 云溪信息港 "
              "点击数：<script>hits()</script></TD></TR><TR>"
              "<TD class=p14><FONT id=zoom0>" +
              body + "</FONT></TD></TR></TABLE></TD></TR></TABLE>" + foot);
}

struct Shape {
  const char* name;
  std::string html;
  std::string body = text_of(paragraphs);
};

const std::string ps = joined(paragraphs, "<p>", "</p>");

std::vector<Shape> shapes() {
  std::string comments, cells, teasers;
  for (int i = 0; i < 12; ++i) {
    comments += "<div class=cm-item><b>网友" + std::to_string(i) +
                "</b><p>希望说到做到，别过两个月又变成必须参加，我们班去年就是"
                "全员报名，谁不报老师就打电话，今年看看再说吧。</p></div>";
    cells +=
        "<tr><td>第" + std::to_string(i + 1) + "小学</td><td>16:30</td><td>18:00</td><td>张老师</td></tr>";
    teasers += "<div class=card><a href=/n/" + std::to_string(i) +
               "><h4>又一则与课后服务无关的新闻的标题</h4></a><p>这是另一则新闻"
               "的摘要，说的是别的事情，字数也不算少，读起来像正文的一段话。</p></div>";
  }
  std::string table_text = text_of(paragraphs) + "\n学校 开始 结束 联系人";
  for (int i = 0; i < 12; ++i) table_text += "\n第" + std::to_string(i + 1) + "小学 16:30 18:00 张老师";
  return {
      {"老式表格", table_of_the_2000s()},
      {"数字报", page(nav + "<div class=newsdetatit><h3>" + title +
                      "</h3></div><div class=newsdetatext><div id=ozoom>"
                      "<founder-content>" +
                      ps + "</founder-content></div></div>" + list + foot)},
      {"每段一个 div",
       page(nav + h1() + "<div class=k3>" + joined(paragraphs, "<div class=k4><span>", "</span></div>") +
            "</div>" + list + foot)},
      {"公众号编辑器的层层 section", page(nav + h1() + "<div class=c>" +
                                          joined(paragraphs, "<section><section><section><p><span><span>",
                                                 "</span></span></p></section>"
                                                 "</section></section>") +
                                          "</div>" + list + foot)},
      {"br 分段的 div", page(nav + h1() + "<div class=txt>" + joined(paragraphs, "　　", "<br><br>") +
                             "</div>" + list + foot)},
      {"有序列表", page(nav + h1() + "<div class=main>" + "<ol>" + joined(paragraphs, "<li>", "</li>") +
                        "</ol></div>" + list + foot)},
      {"正文比评论短", page(nav + h1() + "<div class=wz>" + ps +
                            "</div><div class=cm-list><h3>最新评论</h3>" + comments + "</div>" + foot)},
      {"正文比摘要短",
       page(nav + h1() + "<div class=wz>" + ps + "</div><div class=feed>" + teasers + "</div>" + foot)},
      {"摘要在正文前的三栏",
       page("<div class=left>" + teasers + "</div><div class=mid>" + h1() + "<div class=wz>" + ps +
            "</div></div><div class=right>" + list + "</div>" + foot)},
      {"正文后有表格",
       page(nav + h1() + "<div class=wz>" + ps +
            "<table><tr><th>学校</th><th>开始</th><th>结束</th><th>联系人</th></tr>" + cells +
            "</table></div>" + list + foot),
       table_text},
      {"图片说明在段间",
       page(nav + h1() + "<div class=wz><p>" + paragraphs[0] +
            "</p><figure><img src=a.jpg><figcaption>第三小学校门口的公示栏"
            "</figcaption></figure><p>" +
            paragraphs[1] + "</p><p>" + paragraphs[2] + "</p><p>" + paragraphs[3] + "</p></div>" + list +
            foot),
       paragraphs[0] + "\n第三小学校门口的公示栏\n" + paragraphs[1] + "\n" + paragraphs[2] + "\n" +
           paragraphs[3]},
      {"分享和责编之后是推荐",
       page(nav + h1() + "<div class=wz>" + ps +
            "<div class=share>分享到：微信 微博 QQ空间</div><div class=tj><h3>猜你喜欢"
            "</h3>" +
            teasers + "</div></div>" + foot)},
      {"夹着隐藏的干扰字",
       page(nav + h1() + "<div class=wz>" +
            joined(paragraphs, "<p>", "<span style='display:none'>转载自云溪网x7</span></p>") + "</div>" +
            list + foot)},
      {"没有 h1，标题在 div 里",
       page(nav + "<div class=biaoti>" + title + "</div><div class=fb>发布：2026-04-15</div><div class=nr>" +
            ps + "</div>" + list + foot)},
      {"整页一个 form",
       page("<form id=aspnetForm><input type=hidden value=x>" + nav + "<div id=ctl00_body>" + h1() +
            "<span id=ctl00_lblContent>" + ps + "</span></div>" + list + foot + "</form>")},
      {"后面接着一整篇别的文章，没有一个名字说明",
       page(nav + "<div class=z1>" + h1() + "<div class=z2>" + ps +
            "</div><div class=z3>分享至：微信 微博</div><div class=z4>不感兴趣</div>"
            "</div><div class=z1><div "
            "class=z5>全区春季体质监测工作启动</div><div>云溪日报</div><div>2026-04-12 10:00</div><div "
            "class=z2>" +
            joined({paragraphs[1], paragraphs[3], paragraphs[1], paragraphs[3], paragraphs[1], paragraphs[3]},
                   "<p>另一篇说：", "</p>") +
            "</div></div>" + foot)},
      {"Vue 画的空页，数据在脚本里",
       page("<div id=app></div><script>window.__NUXT__=(function(a,b){return {data:[{detail:{id:9,title:\"" +
            title + "\",content:\"" +
            [] {
              std::string out;
              for (const std::string& line : paragraphs)
                out += "\\u003Cp\\u003E" + line + "\\u003C\\u002Fp\\u003E";
              return out;
            }() +
            "\"}}]}}(null,1));</script><div class=footer>云ICP备12000000号</div>")},
      {"数据在单引号里，标记再转义一层",
       page("<div id=root></div><script>var BASE_DATA={articleInfo:{title:'" + title + "',content:'" +
            joined(paragraphs, "&lt;p&gt;", "&lt;/p&gt;") + "'}}</script>")},
  };
}

}  // namespace

TEST_CASE("articles in every shape", "[extract][article]") {
  for (const Shape& shape : shapes()) {
    DYNAMIC_SECTION(shape.name) {
      Page page;
      page.url = page.requested_url = "https://www.yunxi.example/edu/7021.html";
      page.body = shape.html;
      page.fetched_at = *parse_time("2026-04-21T12:00:00+08:00");
      Source source;
      source.id = "test";
      source.kind = SourceKind::list;
      const Result<Extracted> got = extract(page, source, Role::content, "salt");
      REQUIRE(got);
      REQUIRE(got->documents.size() == 1);
      CHECK(got->documents[0].body == shape.body);
      CHECK(got->documents[0].title == title);
      CHECK(!got->documents[0].thread);
    }
  }
}
