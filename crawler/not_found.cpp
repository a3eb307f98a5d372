#include "crawler/not_found.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <initializer_list>
#include <memory>

#include <re2/re2.h>

#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t short_body_bytes = 360;  // 120 Chinese characters
constexpr std::size_t title_bytes_max = 120;
constexpr std::size_t gram_bytes = 12;  // four Chinese characters
constexpr double alike = 0.9;
constexpr std::size_t text_bytes_max = 64 << 10;  // 4,000 grams: more is no page of an error

using Words = std::initializer_list<std::string_view>;
using Patterns = std::vector<std::unique_ptr<const RE2>>;

Patterns compiled(std::initializer_list<std::string> sources) {
  Patterns patterns;
  for (const std::string& source : sources) patterns.push_back(std::make_unique<const RE2>(source));
  return patterns;
}
bool matches_any(std::string_view text, const Patterns& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& p) { return RE2::PartialMatch(text, *p); });
}

// A notice is a short clause of one form: somebody addressed or a pointing word, the thing, what befell it: 您访问的
// | 页面 | 已被删除; or it begins with the thing; or with the search for it: 没有找到 | 这篇 | 文章. A post that
// speaks of such a notice (我的帖子不见了, 帖子怎么被删除了, 网传页面不存在) begins otherwise.
constexpr std::size_t clause_bytes_max = 96;
constexpr std::size_t clauses_looked_at = 4;  // of a body: a notice comes first

constexpr Words apologies = {"很抱歉", "非常抱歉", "十分抱歉", "抱歉", "对不起", "很遗憾",
                             "哎呀",   "啊哦",     "啊叻",     "糟糕", "呃",     "系统"};
const std::string pointer = "(?:您|你|该|此|这|本|指定|请求|当前|所访问|要访问|目标)";
const std::string thing =
    "(?:页面|网页|网址|地址|链接|内容|文章|帖子|贴子|帖|贴|主题|话题|信息|新闻|公告|留言|问题|回答|视频|资源|"
    "文件|附件|数据|"
    "栏目|版面|版块|板块|稿件|记录|信件|来信|工单|条目|微博|笔记|建议|活动|账号|帐号|公众号|空间|对象|目录|"
    "网站|站点|楼层|期次|版次|日记|博文|用户|咨询|资料|文档|课程|直播|图片|评论|答案|答复|页|吧)";
const std::string gone =
    "(?:不存在(?:$|[或了已的])|找不到|没有?找到|未找到|走丢|跑丢|走失|不见了|飞走|带走|抓走|迷路|丢失|出错了|"
    "弄丢|有误|过有效期|不可用|"
    "(?:已|被|可能|或|过).{0,10}(?:删除|移除|移走|移动到|更名|搬走|搬家|屏蔽|封禁|关闭|下线|下架|失效|过期|"
    "撤回|撤销|撤下|撤除|清理|清除|私密|不公开|折叠|隐藏|注销|解散|停止(?:访问|服务|浏览)|取消发布)|"
    "(?:暂时|暂不|正在|尚未|未|不|无法|不能).{0,10}(?:审核|启用|访问|查看|显示|浏览|打开|发布|公开|可见|开放)"
    ")";
const std::string fate = "(?:" + gone + "|(?:已|被|可能).{0,6}(?:转移|迁移))";
const std::string missing =
    "(?:找不到|(?:没有|没|未|无法)(?:找到|查到|查询到)|查无|没有(?:该|此|您|你|指定|相关))";

// What speaks of a notice is none; nor does a notice speak of people.
const Patterns& talk() {
  static const Patterns patterns = compiled(
      {"怎么|为什么|为何|吗|谁|说明|回应|通知|“|显示已|提示.|孩子|家长|学生|老师|有人|我(?:$|[^们])"});
  return patterns;
}
const Patterns& notices() {
  static const Patterns patterns = compiled(
      {"^" + pointer + ".{0,10}?" + thing + ".{0,20}?" + fate,
       "^" + thing + ".{0,4}?" + gone + "(?:$|[^后的])", "^" + missing + ".{0,12}?" + thing + ".{0,2}$",
       "^查无此", "^这里(?:似乎)?什么[都也]没有", "^来源链接是否正确", "^[你您]来晚了"});
  return patterns;
}
// What stands before a page instead of it: a log-in, a permission, a riddle.
const Patterns& walls() {
  static const Patterns patterns = compiled(
      {"(?:请|需要?|必须)您?先登[录陆]|(?:尚未|没有|未)登[录陆]|登[录陆]后(?:查看|才|可见|可查看|再|继续|"
       "访问|浏览)",
       "(?:没有|无|暂无).{0,8}权限|无权(?:访问|查看|浏览|操作)|权限高于|没有被授权|无法进行此操作|"
       "只有特定用户",
       "仅(?:限|对|供)?.{0,12}(?:访问|可见|浏览|查看)|(?:需要|要求|输入).{0,8}密码|受密码保护",
       "(?:请|点击).{0,12}(?:完成|输入|点击|拖动|通过|进行).{0,10}验证|访问过于频繁|网络环境存在异常|"
       "检查您的浏览器|设置了(?:权限|隐私)|即将离开本站"});
  return patterns;
}
// Titles that systems give their messages, and what such a message says if it is none for readers.
const Patterns& system_titles() {
  static const Patterns patterns = compiled(
      {"^(?:提示信息|系统提示|信息提示|消息提示|操作提示|访问提示|跳转提示|系统信息|错误提示|错误页面?|"
       "(?:页面|访问)?出错[了啦！]*|错误|Error|错误信息|(?:用户)?登[录陆]|统一身份认证(?:平台)?|密码验证|["
       "安访][全问]验证)$"});
  return patterns;
}
const Patterns& troubles() {
  static const Patterns patterns =
      compiled({"不存在|没有|无法|无权|不能|未|错误|失效|登录|权限|删除|关闭|过期|审核|有误|非法|验证"});
  return patterns;
}
// On a page that is hardly Chinese.
const Patterns& english() {
  static const Patterns patterns = compiled(
      {"404(?:\\.0)? (?:- )?not found|page (?:you requested )?(?:is )?not found|could not be found|was not "
       "found on "
       "this server|"
       "object not found|error 404|404 error|status[ =]404|cannot be found|does not exist|403 forbidden|"
       "access denied|permission to access|isn't available|is not available|no longer available"});
  return patterns;
}
constexpr int chinese_of_english_page = 30;

bool skip_any(std::string_view& text, Words words) {
  for (const std::string_view word : words)
    if (text.starts_with(word)) {
      text.remove_prefix(word.size());
      return true;
    }
  return false;
}

bool is_notice(std::string_view clause) {
  while (skip_any(clause, apologies)) {}
  return clause.size() <= clause_bytes_max && !matches_any(clause, talk()) && matches_any(clause, notices());
}

std::vector<std::string_view> clauses_of(std::string_view text) {
  static constexpr Words borders = {"。", "！", "？", "；", "，", "、", "：", "（", "）", "…", "·", "\n", "\t",
                                    ",",  ".",  "!",  "?",  ";",  ":",  "(",  ")",  "-",  "_",  "|",  "[", "]", " "};
  std::vector<std::string_view> out;
  std::size_t from = 0;
  const auto close = [&](std::size_t end) {
    if (end > from) out.push_back(text.substr(from, end - from));
  };
  for (std::size_t at = 0; at < text.size();) {
    std::string_view rest = text.substr(at);
    const std::size_t before = rest.size();
    if (!skip_any(rest, borders)) {
      ++at;
      continue;
    }
    close(at);
    from = at += before - rest.size();
  }
  close(text.size());
  return out;
}

bool has_notice(std::string_view text) {
  const std::vector<std::string_view> clauses = clauses_of(text);
  const auto end = clauses.begin() + static_cast<long>(std::min(clauses.size(), clauses_looked_at));
  return std::any_of(clauses.begin(), end, is_notice);
}

bool says_in_english(std::string_view text) {
  int chinese = 0;
  for (const unsigned char c : text) chinese += c >= 0xE4 && c <= 0xE9;
  return chinese <= chinese_of_english_page && !matches_any(text, talk()) &&
         matches_any(ascii_lower(text), english());
}

// A title before its site's name.
std::string_view headline(std::string_view title) {
  for (const std::string_view border : {" - ", "_", " | ", "|", " – ", "-"})
    title = title.substr(0, title.find(border));
  return trim(title);
}

// All that the headline says is a notice: 视频已删除, but not 视频已删除，事情还没完.
bool is_notice_title(std::string_view title) {
  bool any = false;
  for (const std::string_view clause : clauses_of(headline(title))) {
    std::string_view rest = clause;
    while (skip_any(rest, apologies)) {
    }
    if (rest.empty()) continue;
    if (!is_notice(clause)) return false;
    any = true;
  }
  return any;
}

// 404, HTTP 404, 404-教育局, 404错误页面; not room 404 of the canteen.
bool is_404(std::string_view title) {
  std::string_view rest = title;
  if (rest.starts_with("HTTP ") || rest.starts_with("http ")) rest.remove_prefix(5);
  if (ascii_lower(title) == "not found") return true;
  if (!rest.starts_with("404")) return false;
  rest.remove_prefix(3);
  return rest.empty() || static_cast<unsigned char>(rest[0]) < 0x80 || rest.starts_with("错误") ||
         rest.starts_with("页面");
}

std::vector<std::uint64_t> grams_of(const std::vector<Document>& documents) {
  std::vector<std::uint64_t> grams;
  for (const Document& document : documents) {
    const std::string text = document.title + "\n" + document.body;
    for (std::size_t at = 0; at + gram_bytes <= text.size(); ++at) {
      if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;  // within a character
      grams.push_back(hash64(std::string_view(text).substr(at, gram_bytes)));
    }
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

}  // namespace

bool says_gone(std::string_view title, std::string_view body) {
  const bool is_short = body.size() <= short_body_bytes;
  if (title.size() <= title_bytes_max && body.size() <= 2 * short_body_bytes &&
      (is_404(title) || says_in_english(title) || (is_notice_title(title) && !matches_any(body, talk()))))
    return true;
  if (!is_short) return false;
  if (has_notice(body) || says_in_english(body)) return true;
  if (matches_any(body, talk())) return false;
  if (matches_any(body, walls())) return true;
  return matches_any(headline(title), system_titles()) &&
         (matches_any(title, troubles()) || matches_any(body, troubles()));
}

bool says_not_found(const Document& document) { return says_gone(document.title, document.body); }

std::string impossible_url(std::string_view origin, std::string_view day) {
  return std::string(origin) + "/" + sha256_hex(std::string(origin) + " " + std::string(day)).substr(0, 20) +
         ".html";
}

NotFoundPage::NotFoundPage(std::string final_url, const std::vector<Document>& documents)
    : url_(std::move(final_url)), grams_(grams_of(documents)) {}

std::string NotFoundPage::to_text() const {
  std::string text = url_ + "\n";
  char digits[17];
  for (const std::uint64_t gram : grams_) {
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(gram));
    text += digits;
    if (text.size() >= text_bytes_max) break;
  }
  return text;
}

NotFoundPage NotFoundPage::from_text(std::string_view text) {
  NotFoundPage page;
  const auto line = text.find('\n');
  if (line == text.npos) return page;
  page.url_ = text.substr(0, line);
  for (text.remove_prefix(line + 1); text.size() >= 16; text.remove_prefix(16)) {
    std::uint64_t gram = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 16, gram, 16);
    if (error != std::errc() || end != text.data() + 16) return NotFoundPage();
    page.grams_.push_back(gram);
  }
  std::sort(page.grams_.begin(), page.grams_.end());
  return page;
}

bool NotFoundPage::resembles(std::string_view final_url, const Document& document) const {
  if (honest()) return false;
  if (final_url == url_) return true;
  const auto grams = grams_of({document});
  if (grams.empty() || grams_.empty()) return false;
  std::vector<std::uint64_t> both;
  std::set_intersection(grams.begin(), grams.end(), grams_.begin(), grams_.end(), std::back_inserter(both));
  const double all = static_cast<double>(grams.size() + grams_.size() - both.size());
  return static_cast<double>(both.size()) >= alike * all;
}

}  // namespace tingchao::crawler
