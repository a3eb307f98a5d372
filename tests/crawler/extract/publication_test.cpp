// The minute of publication and of change, on pages in the markup of many engines; each page carries the
// dates that real ones do beside the right one: today's in the head, others' in lists, of the foot, of
// comments.
#include <catch2/catch.hpp>

#include <iterator>
#include <set>
#include <string>

#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const std::string title = "三小门前积水路段改造完工";
const std::string para =
    "<p>连日降雨后，第三小学门前路段一度出现积水，不少家长希望尽快处理，市政部门自3月2日起进场施工。</p>"
    "<p>区教育局介绍，2026年4月10日前后曾临时分流学生，目前步道已经恢复，家长可以放心接送。</p>";
const std::string other_news =
    "<ul class=list><li><a href=/a/1.html>全区春季体质监测工作启动</a><span>2026-04-20 17:42</span></li>"
    "<li><a href=/a/2.html>青少年宫公益课程开始报名</a><span>2026-04-19 09:11</span></li>"
    "<li><a href=/a/3.html>两所新建学校通过验收</a><span>2026-04-18 10:05</span></li></ul>";
const std::string foot = "<div class=foot>版权所有 &copy; 2009-2026 云溪传媒 备案号：云ICP备12000000号</div>";

std::string page(const std::string& head, const std::string& body) {
  return "<!DOCTYPE html><html><head><meta charset=utf-8><title>" + title + "_云溪网</title>" + head +
         "</head><body><div class=top>今天是2026年4月21日 星期二</div>" + body + "</body></html>";
}
std::string heading() { return "<h1>" + title + "</h1>"; }

// One function an engine: where it writes its time.
std::string trs(const std::string& meta, const std::string& shown) {
  return page("<meta name=ArticleTitle content='" + title + "'>" + meta +
                  "<meta name=ContentSource content=云溪区教育局>",
              "<div class=xl_title>" + heading() + "<div class=xl_info>" + shown +
                  "</div></div><div class=TRS_Editor>" + para + "</div>" + other_news + foot);
}
std::string ucap(const std::string& shown) {
  return page("", "<div class=article>" + heading() + "<div class=pages-date>" + shown +
                      "</div><div class=pages_content id=UCAP-CONTENT>" + para + "</div></div>" + other_news +
                      foot);
}
std::string school(const std::string& shown) {  // VSB and WebPlus
  return page("", "<form name=_newscontent_fromname><div class=title>" + heading() + "<p class=arti_metas>" +
                      shown + "</p></div><div id=vsb_content><div class=v_news_content>" + para +
                      "</div></div></form>" + foot);
}
std::string wechat(const std::string& script, const std::string& shown) {
  return "<html><head><meta charset=utf-8><meta property=og:title content='" + title +
         "'><title></title></head><body><h1 "
         "class=rich_media_title id=activity-name>" +
         title + "</h1><div id=meta_content><em id=publish_time>" + shown +
         "</em></div><div class=rich_media_content id=js_content style='visibility:hidden'>" + para +
         "</div><script>var biz='MzA';" + script + "</script></body></html>";
}
std::string netease(const std::string& shown) {
  return page("", "<div class=post_main><h1 class=post_title>" + title + "</h1><div class=post_info>" +
                      shown + "</div><div class=post_content><div class=post_body>" + para +
                      "</div></div></div>" + other_news + foot);
}
std::string sina(const std::string& meta, const std::string& shown) {
  return page(meta, "<h1 class=main-title>" + title + "</h1><div class=top-bar><div class=date-source>" +
                        shown + "</div></div><div class=article id=artibody>" + para + "</div>" + other_news +
                        foot);
}
std::string people(const std::string& shown) {
  return page("", "<div class='layout rm_txt'><div class=col>" + heading() + "<div class=channel><div>" +
                      shown + "</div></div><div class=rm_txt_con>" + para + "</div></div></div>" +
                      other_news + foot);
}
std::string wordpress(const std::string& shown, const std::string& comments = "") {
  return page("<meta name=generator content='WordPress 6.4'>",
              "<article class=post><header><h1 class=entry-title>" + title + "</h1><div class=entry-meta>" +
                  shown + "</div></header><div class=entry-content>" + para + "</div></article>" + comments +
                  foot);
}
std::string json_ld(const std::string& members) {
  return page(
      "<script type=application/ld+json>{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\"," +
          members + "}</script>",
      heading() + "<div class=body>" + para + "</div>" + other_news + foot);
}
std::string table_layout(const std::string& shown) {
  return "<html><head><meta charset=utf-8><title>" + title +
         "--云溪信息港</title></head><body><table><tr><td>首页</td>"
         "<td>2026年4月21日</td></tr></table><table width=760><tr><td align=center><font size=5><b>" +
         title + "</b></font></td></tr><tr><td align=center>" + shown + "</td></tr><tr><td>" + para +
         "</td></tr></table><table><tr><td>版权所有：云溪信息港 2002-2026</td></tr></table></body></html>";
}
std::string discuz(const std::string& stamp) {
  return page(
      "", "<span id=thread_subject>" + title +
              "</span><div id=post_71><table id=pid71><tr><td><div class=authi><a "
              "href='home.php?mod=space&uid=3'>某甲</a></div></td><td><em id=authorposton71>" +
              stamp + "</em><table><tr><td class=t_f id=postmessage_71>" + para +
              "</td></tr></table></td></tr></table></div><div id=post_72><table id=pid72><tr><td><em "
              "id=authorposton72>发表于 2026-4-20 21:00</em><table><tr><td class=t_f id=postmessage_72>收到，"
              "谢谢。</td></tr></table></td></tr></table></div>");
}
std::string tieba(const std::string& inner, const std::string& field = "") {
  return page("", "<h3 class=core_title_txt title='" + title + "'>" + title +
                      "</h3><div class='l_post l_post_bright'" +
                      (field.empty() ? "" : " data-field='" + field + "'") +
                      "><div class=d_author><a class=p_author_name>某乙</a></div><div class='d_post_content "
                      "j_d_post_content'>" +
                      para + "</div><div class=post-tail-wrap>" + inner + "</div></div>");
}
std::string phpbb(const std::string& author) {
  return page("", "<h2 class=topic-title>" + title +
                      "</h2><div id=p310 class='post bg2'><div class=inner><div class=postbody>"
                      "<p class=author>由 <a class=username>某丙</a> » " +
                      author + "</p><div class=content>" + para + "</div></div></div></div>");
}
std::string flarum(const std::string& time) {
  return page("",
              "<div class=PostStream-item data-number=1><article class=CommentPost><h3 class=PostUser><span "
              "class=username>某丁</span></h3>" +
                  time + "<div class=Post-body>" + para + "</div></article></div>");
}
std::string message_board(const std::string& shown) {
  return page("", "<div class=detail>" + heading() +
                      "<div class=ask><span class=name>网友</span><span class=tm>" + shown +
                      "</span><div class=content>" + para +
                      "</div></div><div class=reply><span class=name>区教育局</span>"
                      "<span class=tm>2026-04-20 10:30</span><div "
                      "class=content>您好，您反映的问题已经转交办理，感谢监督。"
                      "</div></div></div>");
}
std::string answers(const std::string& shown) {  // a question with answers, the moment under each
  return page(
      "",
      "<div class=QuestionHeader>" + heading() +
          "</div><div class=List><div class=AnswerItem><div class=AuthorInfo><a "
          "href=/people/a>某戊</a></div><div class=RichContent-inner><span class='RichText ztext'>" +
          para + "</span></div><div class=ContentItem-time><a href=/answer/1>" + shown +
          "</a></div></div><div class=AnswerItem><div class=AuthorInfo><a href=/people/b>某己</a></div><div "
          "class=RichContent-inner><span class='RichText "
          "ztext'>施工那几天绕了远路，好在时间不长。</span></div><div "
          "class=ContentItem-time><a href=/answer/2>编辑于 2026-04-20 20:00</a></div></div></div>");
}
std::string percent(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      out += c;
    } else {
      const char* const hex = "0123456789ABCDEF";
      out += {'%', hex[static_cast<unsigned char>(c) >> 4], hex[c & 15]};
    }
  }
  return out;
}
std::string state(const std::string& script_open, const std::string& time, bool escaped) {
  const std::string content = para + para;
  const std::string json =
      "{\"article\":{\"title\":\"" + title + "\"," + time + ",\"content\":\"" + content + "\"}}";
  return page("",
              "<div id=root></div>" + script_open + (escaped ? percent(json) : json) + "</script>" + foot);
}

struct Fixture {
  const char* engine;
  std::string html;
  const char* want;  // "2026-04-15 08:30", or a day where the page says no more
  const char* url = "https://www.yunxi.example/a/7021.html";
};

const Fixture fixtures[] = {
    {"trs", trs("<meta name=PubDate content='2026-04-15 08:30'>", "2026-04-15 来源：云溪区教育局"),
     "2026-04-15 08:30"},
    {"trs", trs("<meta name=PubDate content='2026-04-15 08:30:22'>", ""), "2026-04-15 08:30"},
    {"trs", trs("<meta name=PubDate content='2026-04-15'>", "发布日期：2026-04-15 08:30　字号：大 中 小"),
     "2026-04-15 08:30"},
    {"trs", trs("<meta name=PubDate content='2026-04-15 00:00:00'>", "时间：2026年4月15日 8:30"),
     "2026-04-15 08:30"},
    {"trs", trs("<meta name=PubDate content='2026-04-15'>", "索引号：yx/2026-00012　生成日期：2026-04-15"),
     "2026-04-15"},
    {"trs", trs("", "来源：本站　发布时间：2026-04-15 08:30　有效期至：2026-12-31"), "2026-04-15 08:30"},
    {"trs", trs("<meta name=PubDate content='2026/04/15 08:30'>", ""), "2026-04-15 08:30"},
    {"trs", trs("<meta name=pubdate content='Wed Apr 15 08:30:00 CST 2026'>", ""), "2026-04-15 08:30"},
    {"ucap", ucap("2026-04-15 08:30<span class=font>来源： 云溪发布</span>"), "2026-04-15 08:30"},
    {"ucap", ucap("发布时间：2026年04月15日 08时30分"), "2026-04-15 08:30"},
    {"ucap", ucap("2026年4月15日 上午8:30"), "2026-04-15 08:30"},
    {"ucap", ucap("二〇二六年四月十五日"), "2026-04-15"},
    {"vsb", school("发布日期：2026-04-15 08:30　　浏览：<span>205</span>次"), "2026-04-15 08:30"},
    {"vsb", school("发布者：教务处　发布时间：2026-04-15　浏览次数：18"), "2026-04-15"},
    {"vsb", school("作者：王老师 审核：李主任 时间：2026年04月15日 20:05 点击：[321]"), "2026-04-15 20:05"},
    {"vsb", school("[2026-04-15 08:30]　信息来源：校办　编辑：办公室"), "2026-04-15 08:30"},
    {"wechat", wechat("var ct = \"1776213000\";", ""), "2026-04-15 08:30"},
    {"wechat", wechat("var oriCreateTime = '1776213000';", ""), "2026-04-15 08:30"},
    {"wechat", wechat("var createTime = '2026-04-15 08:30';", ""), "2026-04-15 08:30"},
    {"wechat", wechat("window.ct='1776213000';", "2026年4月15日 08:30"), "2026-04-15 08:30"},
    {"wechat", wechat("", "2026年04月15日 08:30 云溪"), "2026-04-15 08:30"},
    {"netease", netease("2026-04-15 08:30:16　来源: <a href=#>云溪日报</a>　<a href=#>举报</a>"),
     "2026-04-15 08:30"},
    {"netease", netease("云溪日报 2026-04-15 08:30:16 云溪"), "2026-04-15 08:30"},
    {"sina",
     sina("<meta property='article:published_time' content='2026-04-15T08:30:16+08:00'>",
          "<span class=date>2026年04月15日 08:30</span>"),
     "2026-04-15 08:30"},
    {"sina", sina("", "<span class=date>2026年04月15日 08:30</span><a class=source>云溪日报</a>"),
     "2026-04-15 08:30"},
    {"sina", sina("<meta name='weibo: article:create_at' content='2026-04-15 08:30:16'>", ""),
     "2026-04-15 08:30"},
    {"sina", sina("<meta property='article:published_time' content='2026-04-15T00:30:16Z'>", ""),
     "2026-04-15 08:30"},
    {"people", people("2026年04月15日08:30 | 来源：<a href=#>云溪日报</a>"), "2026-04-15 08:30"},
    {"people", people("来源：云溪日报2026年04月15日08:30"), "2026-04-15 08:30"},
    {"xinhua",
     page("",
          "<div class=header-time><span class=year><em> 2026</em></span><span "
          "class=day><em>04</em>/<em>15</em>"
          "</span><span class=time>08:30:16</span></div>" +
              heading() + "<div id=detail>" + para + "</div>" + foot),
     "2026-04-15 08:30"},
    {"toutiao",
     state("<script id=RENDER_DATA type=application/json>", "\"publishTime\":\"2026-04-15 08:30\"", true),
     "2026-04-15 08:30"},
    {"toutiao", state("<script id=RENDER_DATA type=application/json>", "\"publish_time\":1776213000", true),
     "2026-04-15 08:30"},
    {"state", state("<script>window.__INITIAL_STATE__=", "\"publishTime\":1776213000123", false),
     "2026-04-15 08:30"},
    {"state",
     state("<script id=__NEXT_DATA__ type=application/json>", "\"publishedAt\":\"2026-04-15T00:30:00.000Z\"",
           false),
     "2026-04-15 08:30"},
    {"state", state("<script>window.__data=", "\"pubDate\":\"2026-04-15 08:30:00\"", false),
     "2026-04-15 08:30"},
    {"wordpress",
     wordpress(
         "<time class='entry-date published' datetime='2026-04-15T08:30:00+08:00'>15 4 月, 2026</time>"),
     "2026-04-15 08:30"},
    {"wordpress",
     wordpress("发表于 <time datetime='2026-04-15T08:30:00+08:00'>2026年4月15日</time> 由 管理员"),
     "2026-04-15 08:30"},
    {"wordpress",
     wordpress(
         "2026-04-15 08:30 | 校园 | 3 条评论",
         "<ol class=comment-list><li class=comment><time datetime='2026-04-16T10:00:00+08:00'>2026年4月16日"
         "</time><p>辛苦了，路好走多了。</p></li></ol>"),
     "2026-04-15 08:30"},
    {"wordpress", wordpress("昨天 08:30"), "2026-04-20 08:30"},
    {"wordpress", wordpress("3小时前"), "2026-04-21 09:00"},
    {"json-ld",
     json_ld(
         "\"datePublished\":\"2026-04-15T08:30:00+08:00\",\"dateModified\":\"2026-04-16T09:00:00+08:00\""),
     "2026-04-15 08:30"},
    {"json-ld", json_ld("\"datePublished\":\"2026-04-15T08:30\""), "2026-04-15 08:30"},
    {"json-ld", json_ld("\"headline\":\"" + title + "\",\"pubDate\":\"2026-04-15T08:30:11\""),
     "2026-04-15 08:30"},
    {"table", table_layout("2026-4-15 8:30:00　来源：云溪信息港　点击：203"), "2026-04-15 08:30"},
    {"table", table_layout("作者：佚名　　发表时间：2026-4-15 　浏览次数：77"), "2026-04-15"},
    {"table", table_layout("http://www.yunxi.example　2026/04/15 08:30　云溪晚报"), "2026-04-15 08:30"},
    {"table", table_layout("【字体：大 中 小】 2026.04.15 08:30"), "2026-04-15 08:30"},
    {"table", table_layout("加入时间：2026-4-15 20:30:09 管理员 点击：12"), "2026-04-15 20:30"},
    {"discuz", discuz("发表于 2026-4-15 08:30"), "2026-04-15 08:30"},
    {"discuz", discuz("发表于 <span title='2026-4-15 08:30:44'>6 天前</span>"), "2026-04-15 08:30"},
    {"discuz", discuz("发表于 2026-4-15 08:30:44 | 只看该作者"), "2026-04-15 08:30"},
    {"discuz", discuz("发表于 <span title='2026-4-20 08:30:44'>昨天&nbsp;08:30</span>"), "2026-04-20 08:30"},
    {"discuz", discuz("发表于 前天&nbsp;08:30"), "2026-04-19 08:30"},
    {"discuz", discuz("发表于 2026-4-15 上午 08:30"), "2026-04-15 08:30"},
    {"tieba",
     tieba("<span class=tail-info>来自<a>Android客户端</a></span><span class=tail-info>1楼</span><span "
           "class=tail-info>2026-04-15 08:30</span>"),
     "2026-04-15 08:30"},
    {"tieba",
     tieba("", "{&quot;content&quot;:{&quot;post_no&quot;:1,&quot;date&quot;:&quot;2026-04-15 08:30&quot;}}"),
     "2026-04-15 08:30"},
    {"phpbb", phpbb("<time datetime='2026-04-15T00:30:00+00:00'>2026年 4月 15日 08:30</time>"),
     "2026-04-15 08:30"},
    {"phpbb", phpbb("2026年 4月 15日 08:30"), "2026-04-15 08:30"},
    {"phpbb", phpbb("周三 4月 15日, 2026 8:30 am"), "2026-04-15 08:30"},
    {"flarum",
     flarum("<time pubdate datetime='2026-04-15T00:30:00Z' title='2026年4月15日星期三 08:30'>6 天前</time>"),
     "2026-04-15 08:30"},
    {"board", message_board("2026-04-15 08:30"), "2026-04-15 08:30"},
    {"board", message_board("留言时间：2026-04-15 08:30:21"), "2026-04-15 08:30"},
    {"board", message_board("2026年4月15日 下午 3:05"), "2026-04-15 15:05"},
    {"board", message_board("04-15 08:30"), "2026-04-15 08:30"},
    {"answers", answers("发布于 2026-04-15 08:30"), "2026-04-15 08:30"},
    {"answers", answers("发布于 2026-04-15 08:30 · 云溪"), "2026-04-15 08:30"},
    {"answers", answers("<span data-tooltip='发布于 2026-04-15 08:30'>编辑于 2026-04-15 21:10</span>"),
     "2026-04-15 08:30"},
    {"plain",
     page("",
          heading() + "<div>2026-04-15 08:30</div><div>" + para + "</div><div>更新：2026-04-17 11:00</div>"),
     "2026-04-15 08:30"},
    {"plain",
     page("", heading() + "<div>更新时间：2026-04-17 11:00　发布时间：2026-04-15 08:30</div><div>" + para +
                  "</div>"),
     "2026-04-15 08:30"},
    {"plain",
     page("",
          heading() + "<div>" + para + "<p>云溪区教育局</p><p>二〇二六年四月十五日</p></div>" + other_news),
     "2026-04-15"},
    {"plain", page("", heading() + "<div>" + para + "</div>" + other_news + foot), "2026-04-15",
     "https://www.yunxi.example/2026/0415/c33.html"},
    {"plain", page("", heading() + "<div>08:30</div><div>" + para + "</div>" + foot), "2026-04-15 08:30",
     "https://www.yunxi.example/2026/04/15/33.html"},
};

std::string shown(const Document& d) {
  if (!d.published_at) return "-";
  return d.published_to_the_minute ? china_minute(*d.published_at) : china_date(*d.published_at);
}

Result<Extracted> read(const std::string& html, const char* url) {
  Page page;
  page.url = page.requested_url = url;
  page.body = html;
  page.fetched_at = *parse_time("2026-04-21T12:00:00+08:00");
  Source source;
  source.id = "test";
  source.kind = SourceKind::list;
  return extract(page, source, Role::content, "salt");
}

}  // namespace

TEST_CASE("the minute of publication by engine", "[extract][date]") {
  std::set<std::string> engines;
  int right = 0, all = 0;
  for (const Fixture& fixture : fixtures) {
    engines.insert(fixture.engine);
    ++all;
    const Result<Extracted> got = read(fixture.html, fixture.url);
    REQUIRE(got);
    REQUIRE(!got->documents.empty());
    const std::string found = shown(got->documents.front());
    if (found == fixture.want) {
      ++right;
    } else {
      WARN(fixture.engine << " no. " << all << ": " << found << " instead of " << fixture.want);
    }
  }
  WARN("publication minute right on " << right << " of " << all << " pages of " << engines.size()
                                      << " engines");
  CHECK(all >= 60);
  CHECK(engines.size() >= 8);
  CHECK(right >= 0.93 * all);
}

TEST_CASE("the moment of the last change", "[extract][date]") {
  struct Case {
    const char* name;
    std::string html;
    const char* want;
  };
  const Case cases[] = {
      {"元数据",
       page("<meta property='article:modified_time' content='2026-04-17T11:00:00+08:00'>",
            heading() + "<div>2026-04-15 08:30</div><div>" + para + "</div>"),
       "2026-04-17 11:00"},
      {"结构化数据", json_ld("\"datePublished\":\"2026-04-15T08:30\",\"dateModified\":\"2026-04-17T11:00\""),
       "2026-04-17 11:00"},
      {"百度的写法", json_ld("\"pubDate\":\"2026-04-15T08:30:11\",\"upDate\":\"2026-04-17T11:00:02\""),
       "2026-04-17 11:00"},
      {"写明的更新时间",
       page("", heading() + "<div>发布时间：2026-04-15 08:30　更新时间：2026-04-17 11:00</div><div>" + para +
                    "</div>"),
       "2026-04-17 11:00"},
      {"文末的编辑时间", answers("发布于 2026-04-15 08:30"), "-"},
      {"帖子的编辑说明",
       discuz("发表于 2026-4-15 08:30</em><i class=pstatus>本帖最后由 某甲 于 2026-4-17 11:00 编辑</i><em>"),
       "2026-04-17 11:00"},
      {"没有说", page("", heading() + "<div>2026-04-15 08:30</div><div>" + para + "</div>" + other_news),
       "-"},
      {"正文里说的更新不算",
       page("", heading() + "<div>2026-04-15 08:30</div><div>" + para +
                    "<p>平台上周更新于2026年4月2日完成的"
                    "名单里，全区五十六所学校都已经按要求公示了食堂的供应商和每日带量食谱，家长可以随时查询，"
                    "也可以"
                    "到校当面了解情况。</p></div>"),
       "-"},
  };
  for (const Case& c : cases) {
    DYNAMIC_SECTION(c.name) {
      const Result<Extracted> got = read(c.html, "https://www.yunxi.example/a/7021.html");
      REQUIRE(got);
      REQUIRE(!got->documents.empty());
      const std::optional<Time> at = got->documents.front().modified_at;
      CHECK((at ? china_minute(*at) : std::string("-")) == c.want);
    }
  }
}
