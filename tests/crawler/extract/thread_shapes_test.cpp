// Threads of engines that have no reader of their own here, in the shapes that boards, questions with answers
// and message boards of governments come in: every post once, with its own words, its minute and its speaker.
#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

const std::string question =
    "我家孩子四年级，学校说下学期起课后服务改成第三方机构进校，每学期收八百元，想问问大家学校有没有征求过意见"
    "？";
const std::string first =
    "我们学校也是这样，开学前一天才在群里发通知，根本没有征求家长的意见，只说自愿参加。";
const std::string second =
    "自愿参加是对的，但四点半放学没人接的家庭哪里还有得选，希望教育局能把收费依据公布出来。";
const std::string third = "我打过电话问，回复说下周会统一公示。";

const std::string nav =
    "<div class=nav><a href=/>首页</a> <a href=/hot>热门</a> <a href=/login>登录</a></div>";
const std::string side =
    "<div class=side><h3>热门话题</h3><ul><li><a href=/t/1>小区门口的路灯修好了吗</a></li><li><a "
    "href=/t/2>周末去哪里遛娃比较好</a>"
    "</li><li><a href=/t/3>推荐几本适合四年级的书</a></li></ul></div>";
const std::string foot = "<div class=footer>Copyright © 2012-2026 云溪社区 <a href=/about>关于我们</a></div>";

std::string page(const std::string& body) {
  return "<!DOCTYPE html><html><head><meta charset=utf-8><title>课后服务改第三方收费合理吗 - "
         "云溪社区</title></head><body>" +
         nav + body + side + foot + "</body></html>";
}

struct Shape {
  const char* name;
  const char* url;
  std::string html;
  std::vector<std::string> bodies;
  std::vector<std::string> minutes;  // of the posts; "" where the page does not say
};

const std::string h1 = "<h1>课后服务改第三方收费合理吗</h1>";

const Shape shapes[] = {
    {"时间是永久链接",
     "https://community.example/t/8",
     page("<div class=topic><div class=header>" + h1 +
          "<small>家长甲 · <a href=/t/8>2026-04-15 08:30</a></small></div><div "
          "class=topic_content>" +
          question +
          "</div></div><div class=box>"
          "<div class=cell><strong><a href=/member/b class=dark>家长乙</a></strong><a class=ago "
          "href=#r1>2026-04-15 09:01</a><span "
          "class=no>1</span><div class=reply_content>" +
          first +
          "</div></div>"
          "<div class=cell><strong><a href=/member/c class=dark>家长丙</a></strong><a class=ago "
          "href=#r2>2026-04-15 09:12</a><span "
          "class=no>2</span><div class=reply_content>" +
          second + "</div></div></div>"),
     {question, first, second},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"问答，时间在下面",
     "https://www.zhi.example/question/77",
     page("<div class=QuestionHeader>" + h1 + "<div class=QuestionRichText>" + question +
          "</div></div><div class=List>"
          "<div class=List-item><div class=AuthorInfo><a class=UserLink-link "
          "href=/people/b>家长乙</a></div><div class=RichContent>"
          "<div class=RichContent-inner><p>" +
          first +
          "</p></div><div class=ContentItem-time><a href=/a/1>发布于 2026-04-15 09:01</a>"
          "</div><div class=ContentItem-actions><button>赞同 12</button><button>3 "
          "条评论</button></div></div></div>"
          "<div class=List-item><div class=AuthorInfo><a class=UserLink-link "
          "href=/people/c>家长丙</a></div><div class=RichContent>"
          "<div class=RichContent-inner><p>" +
          second +
          "</p></div><div class=ContentItem-time><a href=/a/2>编辑于 2026-04-15 09:12"
          "</a></div><div class=ContentItem-actions><button>赞同 5</button></div></div></div></div>"),
     {question, first, second},
     {"", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"小组话题",
     "https://www.group.example/group/topic/9",
     page("<div class=article>" + h1 +
          "<div class=topic-doc><h3><span class=from>来自: <a href=/people/a>家长甲</a></span><span "
          "class=create-time>2026-04-15 08:30:11</span></h3><div class='rich-content topic-richtext'><p>" +
          question +
          "</p></div></div><ul class=topic-reply id=comments>"
          "<li class=comment-item><div class='reply-doc content'><div class=bg-img-green><h4><a "
          "href=/people/b>家长乙</a><span "
          "class=pubtime>2026-04-15 09:01:40</span></h4></div><p class=reply-content>" +
          first +
          "</p><div class=operation-div><a "
          "href=#>赞 (3)</a><a href=#>回应</a></div></div></li>"
          "<li class=comment-item><div class='reply-doc content'><div class=bg-img-green><h4><a "
          "href=/people/c>家长丙</a><span "
          "class=pubtime>2026-04-15 09:12:02</span></h4></div><p class=reply-content>" +
          second +
          "</p><div class=operation-div><a "
          "href=#>赞</a><a href=#>回应</a></div></div></li></ul></div>"),
     {question, first, second},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"xenforo",
     "https://forum.example/threads/77/",
     page("<div class=p-title><h1 class=p-title-value>课后服务改第三方收费合理吗</h1></div>" +
          [] {
            std::string out;
            const std::string texts[] = {question, first, second};
            for (int i = 0; i < 3; ++i)
              out += "<article class='message message--post' id=js-post-" + std::to_string(i) +
                     "><div class=message-cell><h4 "
                     "class=message-name><a class=username href=/members/" +
                     std::to_string(i) + ">家长" + std::to_string(i) +
                     "</a></h4></div><div class=message-main><header><time datetime='2026-04-15T0" +
                     std::to_string(i + 7) + ":30:00+0800'>4 月 15, 2026</time><a href=#>#" +
                     std::to_string(i + 1) + "</a></header><div class=bbWrapper>" + texts[i] +
                     "</div></div></article>";
            return out;
          }()),
     {question, first, second},
     {"2026-04-15 07:30", "2026-04-15 08:30", "2026-04-15 09:30"}},
    {"表格里的老论坛",
     "http://bbs.example/showthread.asp?id=5",
     page("<table><tr><td>主题：课后服务改第三方收费合理吗</td></tr></table>"
          "<table class=tab><tr><td width=150><b>家长甲</b><br>等级：新手</td><td><font size=1>发表于 "
          "2026-4-15 8:30:00 楼主</font><hr>" +
          question +
          "</td></tr></table><table class=tab><tr><td width=150><b>家长乙</b><br>等级：新手</td><td><font "
          "size=1>发表于 "
          "2026-4-15 9:01:00 2楼</font><hr>" +
          first +
          "</td></tr></table><table class=tab><tr><td width=150><b>家长丙</b><br>等级：新手"
          "</td><td><font size=1>发表于 2026-4-15 9:12:00 3楼</font><hr>" +
          second + "</td></tr></table>"),
     {question, first, second},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"问政的表格",
     "https://wz.yunxi.example/mail/detail?id=31",
     page("<table "
          "class=mail><tr><th>信件标题</th><td>课后服务改第三方收费合理吗</td></tr><tr><th>来信时间</"
          "th><td>2026-04-12 20:15</td></tr>"
          "<tr><th>信件内容</th><td>" +
          question +
          "</td></tr><tr><th>答复单位</th><td>云溪区教育局</td></tr><tr><th>答复时间</th><td>"
          "2026-04-15 "
          "10:30</td></tr><tr><th>答复内容</"
          "th><td>您好，您反映的问题已收悉。经核实，该校尚未与第三方机构签约，我局已要求学校先"
          "征求全体家长意见并公示收费依据，感谢您的监督。</td></tr></table>"),
     {question,
      "您好，您反映的问题已收悉。经核实，该校尚未与第三方机构签约，我局已要求学校先征求全体家长意见并公示收费"
      "依据，感谢您的监督。"},
     {"2026-04-12 20:15", "2026-04-15 10:30"}},
    {"留言板",
     "https://liuyan.example/threads/content?tid=1",
     page("<div class=lyb><div class=title>课后服务改第三方收费合理吗</div><div "
          "class=info><span>留言ID：9001</span><span>2026-04-12 "
          "20:15</span></div><div class=text>" +
          question + "</div><div class=hf><div class=tit>官方回复</div><div class=con>" + first + second +
          "</div><div class=date><span>云溪区委办公室</span><span>2026-04-15 10:30</span></div></div></div>"),
     {question, first + second},
     {"2026-04-12 20:15", "2026-04-15 10:30"}},
    {"楼中楼",
     "https://bbs.example/topic/66",
     page("<div class=post-main>" + h1 +
          "<div class=meta><span class=user>家长甲</span> <span class=time>2026-04-15 08:30</span></div>"
          "<div class=post-content>" +
          question +
          "</div></div><ul class=replies><li class=reply><span class=user>家长乙</span><span "
          "class=time>2026-04-15 09:01</span><div class=reply-content>" +
          first +
          "</div><ul class=sub><li class=reply><span "
          "class=user>家长丙</span><span class=time>2026-04-15 09:05</span><div class=reply-content>" +
          third +
          "</div></li></ul></li><li class=reply><span class=user>家长丁</span><span class=time>2026-04-15 "
          "09:12</span><div "
          "class=reply-content>" +
          second + "</div></li></ul>"),
     {question, first, third, second},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 09:05", "2026-04-15 09:12"}},
    {"没有意义的类名",
     "https://club.example/p/3fa",
     page("<div class=c1a><div class=x9>课后服务改第三方收费合理吗</div>" +
          [] {
            std::string out;
            const std::string texts[] = {question, first, second, third};
            for (int i = 0; i < 4; ++i)
              out += "<div class=k7b><div class=q2><i class=z1>家长" + std::to_string(i) +
                     "</i><i class=z2>2026-04-15 0" + std::to_string(i + 5) + ":30</i></div><div class=w8>" +
                     texts[i] + "</div><div class=v3><span>回复</span><span>赞 " + std::to_string(i) +
                     "</span></div></div>";
            return out + "</div>";
          }()),
     {question, first, second, third},
     {"2026-04-15 05:30", "2026-04-15 06:30", "2026-04-15 07:30", "2026-04-15 08:30"}},
    {"相对时间",
     "https://bbs.example/topic/67",
     page(h1 + "<div class=floor><p class=who>家长甲</p><p class=when>3小时前</p><div class=txt>" + question +
          "</div></div>"
          "<div class=floor><p class=who>家长乙</p><p class=when>25分钟前</p><div class=txt>" +
          first +
          "</div></div><div class=floor><p "
          "class=who>家长丙</p><p class=when>昨天 08:30</p><div class=txt>" +
          second + "</div></div>"),
     {question, first, second},
     {"2026-04-21 09:00", "2026-04-21 11:35", "2026-04-20 08:30"}},
    {"问答，采纳的在前",
     "https://ask.example/question/1247.html",
     page("<div class=wgt-ask><h1><span class=ask-title>课后服务改第三方收费合理吗</span></h1><div "
          "class=q-content>" +
          question +
          "</div></div>"
          "<div class=wgt-best><div class=best-text>" +
          first +
          "</div><div class=info><span class=replyer>家长乙</span><span "
          "class=time>推荐于 2026-04-15 09:01</span></div></div><div class=wgt-answers><div "
          "class=answer><div class=answer-text>" +
          second +
          "</div><div class=info><span class=replyer>家长丙</span><span class=time>2026-04-15 "
          "09:12</span></div></div></div>"),
     {question, first, second},
     {"", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"引用在帖里",
     "https://bbs.example/topic/70",
     page(h1 +
          "<div class=post><span class=author>家长甲</span><span class=date>2026-04-15 08:30</span><div "
          "class=content>" +
          question +
          "</div></div><div class=post><span class=author>家长乙</span><span class=date>2026-04-15 "
          "09:01</span><div class=content>"
          "<blockquote><p>家长甲 写道：学校有没有征求过意见？</p></blockquote>" +
          first +
          "</div></div><div class=post><span class=author>"
          "家长丙</span><span class=date>2026-04-15 09:12</span><div class=content><div "
          "class=quote>家长乙：只说自愿参加</div>" +
          second + "</div></div>"),
     {question, first, second},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"资料栏里有注册时间",
     "http://bbs.example/viewthread.aspx?id=7",
     page("<div class=subject>课后服务改第三方收费合理吗</div>" +
          [] {
            std::string out;
            const std::string texts[] = {question, first, second};
            for (int i = 0; i < 3; ++i)
              out += "<table class=floor><tr><td class=l><a href=/user/" + std::to_string(i) + ">家长" +
                     std::to_string(i) + "</a><p>积分：" + std::to_string(30 * i) +
                     "</p><p>注册时间：2019-3-" + std::to_string(i + 1) +
                     "</p></td><td class=r><div class=h>发表于：2026-4-15 09:0" + std::to_string(i) +
                     ":00</div><div class=b>" + texts[i] + "</div></td></tr></table>";
            return out;
          }()),
     {question, first, second},
     {"2026-04-15 09:00", "2026-04-15 09:01", "2026-04-15 09:02"}},
    {"微博的评论",
     "https://weibo.example.com/1618/Oe6",
     page("<article><div class=head><a href=/u/1>家长甲</a><a class=head-info_time href=/1618/Oe6>26-4-15 "
          "08:30</a><span>来自 手机</span>"
          "</div><div class=wbtext>" +
          question +
          "</div></article><div class=list><div class=item><div class=con><div class=text><a "
          "href=/u/2>家长乙</a>:<span>" +
          first +
          "</span></div><div class=info><div>26-4-15 09:01 <span>来自云溪</span></div><div>回复</div>"
          "</div></div></div><div class=item><div class=con><div class=text><a href=/u/3>家长丙</a>:<span>" +
          second +
          "</span></div><div "
          "class=info><div>26-4-15 09:12 <span>来自云溪</span></div><div>回复</div></div></div></div></div>"),
     {question, first, second},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 09:12"}},
    {"市长信箱，标签散在段落里",
     "https://www.yunxi.example/szxx/88.html",
     page("<h2>课后服务改第三方收费合理吗</h2><p>【来信人】家长甲　</p><p>【来信时间】2026-04-12 "
          "20:15</p><p>【来信内容】</p><p>" +
          question +
          "</p><p>【答复单位】云溪区教育局</p><p>【答复时间】2026年4月15日 10:30</p><p>【答复内容】</p><p>" +
          first + "</p><p>" + second + "</p><p>上一篇：<a href=87.html>路灯不亮</a></p>"),
     {question, first + "\n" + second},
     {"2026-04-12 20:15", "2026-04-15 10:30"}},
    {"定义列表里的诉求",
     "https://12345.yunxi.example/case?id=5",
     page("<dl><dt>诉求标题：</dt><dd>课后服务改第三方收费合理吗</dd><dt>诉求时间：</dt><dd>2026-04-12 "
          "20:15:33</dd><dt>诉求内容：</dt><dd>" +
          question + "</dd><dt>处理部门：</dt><dd>云溪区教育局</dd><dt>处理结果：</dt><dd>" + second +
          "</dd><dt>处理时间：</dt><dd>2026-04-15 10:30:00</dd><dt>满意度：</dt><dd>满意</dd></dl>"),
     {question, second},
     {"2026-04-12 20:15", "2026-04-15 10:30"}},
    {"没有意义的类名，楼中楼另一种样式",
     "https://bbs.example/info/88",
     page("<div class=t1>课后服务改第三方收费合理吗</div><div class=a1><span>家长甲</span><span>2026.04.15 "
          "08:30发布</span></div><div class=b1><p>" +
          question + "</p></div>" +
          [] {
            std::string out;
            for (int i = 1; i <= 2; ++i) {
              const std::string n = std::to_string(i);
              out += "<div class=c1><div class=d1><div class=e1>家长" + n +
                     "</div><div class=e2>2026.04.15 09:0" + n + " 发布</div><div class=e3>#" + n +
                     "</div></div><p>" + (i == 1 ? first : second) +
                     "</p><div class=f1><div class=g1><div>家长丁</div><div>回复</div><div>家长" + n +
                     "</div></div><div class=g2>2026.04.15 10:0" + n + " 发布</div><p>" + third + "说的是第" +
                     n + "条。</p></div></div>";
            }
            return out;
          }()),
     {question, first, third + "说的是第1条。", second, third + "说的是第2条。"},
     {"2026-04-15 08:30", "2026-04-15 09:01", "2026-04-15 10:01", "2026-04-15 09:02", "2026-04-15 10:02"}},
};

Result<Extracted> read(const Shape& shape) {
  Page page;
  page.url = page.requested_url = shape.url;
  page.body = shape.html;
  page.fetched_at = *parse_time("2026-04-21T12:00:00+08:00");
  Source source;
  source.id = "bbs";
  source.kind = SourceKind::board;
  return extract(page, source, Role::content, "salt");
}

}  // namespace

TEST_CASE("threads of engines without a reader of their own", "[extract][thread]") {
  for (const Shape& shape : shapes) {
    DYNAMIC_SECTION(shape.name) {
      const Result<Extracted> got = read(shape);
      REQUIRE(got);
      std::vector<std::string> bodies, minutes;
      for (const Document& d : got->documents) {
        bodies.push_back(d.body);
        minutes.push_back(d.published_at ? china_minute(*d.published_at) : "");
        CHECK(d.title == "课后服务改第三方收费合理吗");
        CHECK((d.layer == "thread records" || d.layer == "thread letter"));
      }
      CHECK(bodies == shape.bodies);
      CHECK(minutes == shape.minutes);
    }
  }
}
