#include "crawler/extract/density.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/utf8.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/phrases.h"
#include "crawler/extract/title.h"

namespace tingchao::crawler {
namespace {

// What stands at the foot of every page. Words of it that news are about too (许可证, 侵权) only count in
// the company they keep there.
constexpr std::string_view furniture_list[] = {"版权所有",
                                               "Powered by",
                                               "ICP备",
                                               "ICP证",
                                               "公网安备",
                                               "许可证号",
                                               "许可证编号",
                                               "许可证：",
                                               "视听节目许可证",
                                               "信息服务许可证",
                                               "Copyright",
                                               "copyright",
                                               "举报电话",
                                               "不良信息",
                                               "违法和不良",
                                               "All Rights Reserved",
                                               "All rights reserved",
                                               "网站标识码",
                                               "违法举报",
                                               "建议使用IE",
                                               "备案号",
                                               "联系我们",
                                               "关于我们",
                                               "免责声明",
                                               "网站声明",
                                               "网站地图",
                                               "著作权所有",
                                               "侵权必究",
                                               "如有侵权",
                                               "侵权投诉",
                                               "转载请注明",
                                               "信息存储服务",
                                               "上传并发布",
                                               "不代表本网",
                                               "仅代表作者",
                                               "意见反馈",
                                               "客服热线",
                                               "信息网络传播",
                                               "营业执照注册",
                                               "版权声明",
                                               "主办单位：",
                                               "承办单位：",
                                               "技术支持："};

// Tools around an article, said in few words.
constexpr std::string_view tools_list[] = {
    "分享到", "分享至", "扫一扫", "扫码", "字号", "字体", "打印", "关闭窗口", "收藏", "点赞", "上一篇", "下一篇", "返回顶部",
    "返回首页", "当前位置", "您的位置", "您所在的位置", "首页", "登录", "注册", "客户端", "我要评论", "发表评论", "网友评论",
    "参与评论", "公众号", "订阅", "举报", "阅读原文", "展开", "收起", "查看更多", "加载更多", "加载中", "请刷新", "阅读剩余",
    "播放失败", "播报", "热搜", "相关阅读", "推荐阅读", "延伸阅读", "相关新闻", "相关文章", "相关链接", "热门", "猜你喜欢",
    "为您推荐", "排行", "登入", "廣告", "你可能還想看", "为你推荐"};

// Line heads after which the article is over, whatever follows.
constexpr std::string_view ends_list[] = {
    "热门推荐", "猜你喜欢", "为您推荐", "为你推荐",     "大家都在看", "网友评论", "最新评论",
    "全部评论", "热门评论", "我要评论", "发表评论",     "文章评论",   "分享到",   "分享至",
    "扫一扫",   "上一篇",   "下一篇",   "版权声明",     "免责声明",   "打印本页", "关闭窗口",
    "暂无评论", "返回顶部", "返回列表", "点击排行",     "热门排行",   "阅读排行", "热门文章",
    "最新文章", "新闻排行", "Notice:",  "你可能還想看", "熱門新聞",   "看了又看"};
// … if nothing but links follows: an article may have such a box in its middle.
constexpr std::string_view boxes_list[] = {
    "相关阅读", "推荐阅读", "延伸阅读", "相关新闻", "相关文章", "相关链接", "相关报道", "相关推荐", "相关专题", "更多精彩",
    "更多新闻", "更多推荐", "精彩推荐", "热点推荐", "编辑推荐", "特别声明", "相關新聞", "延伸閱讀", "推薦閱讀", "附件下载"};

// Heads of what readers say, which may be more than the article is; each a line of its own.
constexpr std::string_view comments_list[] = {"网友评论", "最新评论", "全部评论", "热门评论", "文章评论", "网友热评", "精彩评论",
                                              "评论区", "网友留言", "读者评论", "评论列表", "热门跟帖", "最新跟帖"};

// Between the title and the article: who, when, how often read.
constexpr std::string_view bylines_list[] = {
    "来源", "來源", "发布时间", "发布日期", "发表时间", "时间：", "日期：", "作者", "编辑", "浏览", "阅读次数", "点击数", "点击量",
    "访问量", "阅读量", "字号", "责编", "记者：", "发布者", "发布人", "供稿", "信息来源", "文章来源", "稿件来源"};

// The same with a count, however the site calls it: 评论 4, 全部评论（32）, 跟贴 21条.
bool is_comments_head(std::string_view text) {
  for (const std::string_view whose : {"全部", "最新", "热门", "网友", "精彩", "用户"})
    if (text.starts_with(whose)) text.remove_prefix(whose.size());
  bool named = false;
  for (const std::string_view word : {"评论", "跟帖", "跟贴", "留言"})
    if (!named && text.starts_with(word)) text.remove_prefix(word.size()), named = true;
  if (!named) return false;
  bool counted = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    if (c >= '0' && c <= '9') {
      counted = true;
    } else if (std::u32string_view(U" ()（）【】[]条:：").find(c) == std::u32string_view::npos) {
      return false;
    }
  }
  return counted;
}

struct PhraseBook {
  Phrases<std::size(furniture_list)> furniture{furniture_list};
  Phrases<std::size(tools_list)> tools{tools_list};
  Phrases<std::size(ends_list)> ends{ends_list};
  Phrases<std::size(boxes_list)> boxes{boxes_list};
  Phrases<std::size(comments_list)> comments{comments_list};
  Phrases<std::size(bylines_list)> bylines{bylines_list};
};

const PhraseBook& phrases() {
  static const PhraseBook book;
  return book;
}

// A whole date (2024-05-13, 2024年5月13日) or a clock time.
bool has_date(std::string_view text) {
  int digits = 0, joined = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      if (++digits == 1 && (joined >= 2 || (joined == 1 && text[i - 1] == ':'))) return true;
      continue;
    }
    const std::string_view rest = text.substr(i);
    const bool chinese = rest.starts_with("年") || rest.starts_with("月");
    const bool joint = c == '-' || c == '/' || c == ':' || c == '.' || chinese;
    joined = joint && digits >= 1 && digits <= 4 ? joined + 1 : 0;
    digits = 0;
    if (chinese) i += 2;
  }
  return false;
}

// Without a date the label stands first or before a colon: 作者 张三, but not 该帖已被作者删除.
bool is_byline(const Line& line) {
  if (line.words > 40) return false;
  const bool named = phrases().bylines.in(line.text);
  if (has_date(line.text)) return line.words <= (line.marks > 0 ? 14 : 18) || named;
  const bool labels = line.text.find("：") != std::string::npos || line.text.find(':') != std::string::npos;
  return line.words < 25 && named && (labels || phrases().bylines.begin(line.text));
}

// A line that ends as a sentence is somebody's words, even when they are 点赞 or 举报.
bool ends_as_sentence(const Line& line) {
  const std::string_view text = line.text;
  if (line.words < 6) return false;  // 扫码下载。
  return text.ends_with("。") || text.ends_with("！") || text.ends_with("？") || text.ends_with("”");
}

// A sentence may name a tool: 请家长登录平台完成注册。 The tool itself is said in a word or two.
bool is_tool(const Line& line) {
  return !ends_as_sentence(line) && line.words <= (line.marks == 0 ? 14 : 7) && phrases().tools.in(line.text);
}

double worth_of(const Line& line) {
  const double own = line.words - line.linked;
  const double linked = line.linked;
  if (is_furniture(line)) return -4 - 0.5 * line.words;
  if (is_tool(line)) return -3;
  if (linked > own) return -1.5 - 0.5 * linked;
  if (line.marks > 0 && line.words >= 8) return own - linked + 2 * line.marks;
  if (line.words >= 30) return 0.5 * own;
  return 0.25 * own;
}

// Worth of a line that is surely prose.
constexpr double prose_min = 25;

std::optional<std::size_t> first_prose_below(const std::vector<double>& worths, std::optional<std::size_t> title_line) {
  if (!title_line) return std::nullopt;
  for (std::size_t i = *title_line + 1; i < worths.size(); ++i) {
    if (worths[i] >= prose_min) return i;
  }
  return std::nullopt;
}

// Hints that are believed even of a part that holds most of the page's prose, when the title and what
// begins below it are elsewhere.
bool is_plainly_other(const Dom& dom, NodeId node) {
  return contains_any(names_of(dom, node), {"recommend", "comment", "related", "relate", "sidebar"});
}

struct Choice {
  NodeId node = no_node;
  double worth = 0;
};

// Decides between the few words of a short post and those around it; nothing beside an article's worth.
constexpr double hint_bonus = 8;

Choice best_anywhere(const PageView& page, const WorthSums& sums) {
  Choice best;
  for (NodeId n = 0; n < page.dom.size(); ++n) {
    if (page.dom.is_text(n) || page.hidden[std::size_t(n)]) continue;
    double worth = sums.of(n);
    if (worth <= 0 || worth + hint_bonus < best.worth) continue;
    if (hint_of(page.dom, n) > 0) worth += hint_bonus;
    if (worth >= best.worth) best = {n, worth};  // the deepest of equals
  }
  return best;
}

Choice best_around(const PageView& page, const WorthSums& sums, std::size_t line) {
  Choice best;
  for (NodeId n = page.dom.parent(page.lines[line].node); n != no_node; n = page.dom.parent(n)) {
    const double worth = sums.of(n);
    if (worth > best.worth) best = {n, worth};
  }
  return best;
}

// The <article> around the line, when it holds a fair part of the worth.
Choice article_element(const PageView& page, const WorthSums& sums, std::size_t line, double worth_min) {
  for (NodeId n = page.dom.parent(page.lines[line].node); n != no_node; n = page.dom.parent(n)) {
    if (page.dom.tag(n) == Tag::article && sums.of(n) >= worth_min) return {n, sums.of(n)};
  }
  return {};
}

}  // namespace

bool is_furniture(const Line& line) {
  return line.words < 100 && (phrases().furniture.in(line.text) || line.text.find("©") != std::string::npos);
}

WorthSums::WorthSums(const PageView& page, const std::vector<double>& worths) : page_(page), sums_(worths.size() + 1) {
  for (std::size_t i = 0; i < worths.size(); ++i) sums_[i + 1] = sums_[i] + worths[i];
}

int hint_of(const Dom& dom, NodeId node) {
  switch (dom.tag(node)) {
    case Tag::nav: case Tag::footer: case Tag::aside: case Tag::menu: return -1;
    case Tag::article: case Tag::main: return 1;
    default: break;
  }
  const std::string names = names_of(dom, node);
  if (names.size() < 4) return 0;
  if (contains_any(names,
                   {"comment",   "cmmt",      "foot",    "sidebar", "related", "relate",  "recommend", "recom",
                    "share",     "copyright", "crumb",   "pager",   "login",   "toolbar", "advert",    "disclaimer",
                    "statement", "navbar",    "ranking", "hotlist", "hotnews", "topnav",  "bottom",    "qrcode",
                    "reply",     "popup",     "dialog",  "modal",   "player"})) {
    return -1;
  }
  const bool article = contains_any(names, {"article", "content", "artibody", "zoom", "trs_editor", "detail",
                                            "maintext", "newstext", "post_body", "entry", "rich_media"});
  return article ? 1 : 0;
}

namespace {

// A link of some length and hardly anything else: a headline of another article.
bool is_link_line(const Line& line) { return line.linked >= 7 && line.linked * 4 > line.words * 3; }

}  // namespace

std::vector<double> line_worths(const PageView& page, std::optional<std::size_t> title_line) {
  const Dom& dom = page.dom;
  double prose = 0;
  std::vector<double> worths;
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const Line& line = page.lines[i];
    worths.push_back(worth_of(line));
    // A teaser: the summary of another article below the link to it; certainly so when one follows another.
    if (i > 0 && worths[i] > 0 && is_link_line(page.lines[i - 1])) {
      const bool in_row = (i + 2 < page.lines.size() && is_link_line(page.lines[i + 1]) &&
                           !is_link_line(page.lines[i + 2])) ||
                          (i >= 3 && is_link_line(page.lines[i - 3]) && !is_link_line(page.lines[i - 2]));
      worths[i] *= in_row ? 0.05 : 0.2;
    }
    prose += std::max(0.0, worths.back());
  }
  const std::optional<std::size_t> first = first_prose_below(worths, title_line);
  std::vector<double> sums(worths.size() + 1);
  for (std::size_t i = 0; i < worths.size(); ++i) sums[i + 1] = sums[i] + std::max(0.0, worths[i]);
  for (NodeId n = 1; n < dom.size(); ++n) {
    if (dom.is_text(n) || page.hidden[std::size_t(n)] || hint_of(dom, n) >= 0) continue;
    const PageView::Range range = page.lines_in(n);
    if (range.empty()) continue;
    // A hint speaks for a small part of the page's prose; of one around all of it (a body with class
    // "has-sidebar") nothing follows.
    if (sums[range.end] - sums[range.begin] > 0.5 * prose) {
      const bool elsewhere = first && (*first < range.begin || *first >= range.end) &&
                             (*title_line < range.begin || *title_line >= range.end);
      if (!elsewhere || !is_plainly_other(dom, n)) continue;
    }
    for (std::size_t i = range.begin; i < range.end; ++i) worths[i] = -std::abs(worths[i]) * 0.6 - 1;
    n = dom.end(n) - 1;
  }
  return worths;
}

Passage densest(const PageView& page, const std::vector<double>& worths, std::optional<std::size_t> title_line) {
  const WorthSums sums(page, worths);
  Choice best = best_anywhere(page, sums);
  if (best.node == no_node) return {};
  if (const std::optional<std::size_t> first = first_prose_below(worths, title_line)) {
    if (!page.dom.contains(best.node, page.lines[*first].node)) {
      const Choice below_title = best_around(page, sums, *first);
      if (below_title.worth > 0.25 * best.worth) best = below_title;
    }
    const Choice element = article_element(page, sums, *first, std::min(0.25 * best.worth, 100.0));
    if (element.node != no_node && element.node > best.node) best = element;
  }
  double prose = 0;
  for (const double worth : worths) prose += std::max(0.0, worth);
  Passage passage = passage_of(page, worths, best.node, title_line);
  passage.share = prose > 0 ? std::min(1.0, best.worth / prose) : 0;
  return passage;
}

namespace {

// -1 when an element around the node, below `within`, is named as furniture.
int hint_around(const Dom& dom, NodeId node, NodeId within) {
  for (NodeId n = dom.parent(node); n != no_node && n != within; n = dom.parent(n)) {
    if (hint_of(dom, n) < 0) return -1;
  }
  return 0;
}

// A date with a clock, and hardly anything else: what stands below a title or above a comment.
bool is_clock_line(const Line& line) {
  return line.words <= 9 && line.text.find(':') != std::string::npos && has_date(line.text) &&
         line.text.find_first_of("-/") != std::string::npos;
}

// A link to a document that the article brings with it.
bool is_attachment(const Dom& dom, const Line& line) {
  if (line.words > 60 || line.linked * 2 < line.words) return false;
  const NodeId link = around(dom, dom.parent(line.last), [&](NodeId n) { return dom.tag(n) == Tag::a; });
  if (link == no_node) return false;
  std::string address = ascii_lower(dom.attribute(link, "href"));
  address.resize(std::min(address.find_first_of("?#"), address.size()));
  for (const char* const kind :
       {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".ppt", ".pptx", ".zip", ".rar", ".ofd"})
    if (address.ends_with(kind)) return true;
  return false;
}

// Where another article or what readers say begins though no name of an element tells: tools that end an article,
// and soon behind them the moment of something else. The end of the range when nothing of the kind is there.
std::size_t end_of_first(const PageView& page, const std::vector<double>& worths, const PageView::Range& range) {
  constexpr std::size_t lines_between_max = 20;
  double so_far = 0;
  std::optional<std::size_t> tools;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Line& line = page.lines[i];
    if (tools && i - *tools > lines_between_max) tools.reset();
    if (tools && is_clock_line(line)) return *tools;
    if (!tools && so_far >= 2 * prose_min && line.words < 20 && phrases().ends.begin(line.text)) tools = i;
    so_far += std::max(0.0, worths[i]);
  }
  return range.end;
}

}  // namespace

Passage passage_of(const PageView& page, const std::vector<double>& worths, NodeId node,
                   std::optional<std::size_t> title_line) {
  Passage passage;
  passage.node = node;
  PageView::Range range = page.lines_in(node);
  double before_title = 0;
  if (title_line && *title_line >= range.begin && *title_line < range.end) {
    for (std::size_t i = range.begin; i < *title_line; ++i) before_title += std::max(0.0, worths[i]);
    double behind_title = 0;
    for (std::size_t i = *title_line + 1; i < range.end; ++i) behind_title += std::max(0.0, worths[i]);
    if (before_title < std::max(prose_min, 0.3 * behind_title)) range.begin = *title_line + 1;
  }
  double whole = 0;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    passage.worth += worths[i];
    whole += std::max(0.0, worths[i]);
  }
  if (title_line) range.end = end_of_first(page, worths, range);
  const std::string title = title_line ? bare(page.lines[*title_line].text) : std::string();
  // Prose behind each line, so that what stands between two paragraphs can be told from what ends it.
  std::vector<double> behind(range.end - range.begin + 1);
  for (std::size_t i = range.end; i-- > range.begin;) {
    behind[i - range.begin] = behind[i - range.begin + 1] + worths[i];
  }
  constexpr std::size_t bylines_max = 8;  // lines that a head between title and text may have
  double so_far = 0;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Line& line = page.lines[i];
    const double rest = behind[i - range.begin + 1];
    if (line.words < 60 && so_far > 0.5 * whole && phrases().ends.begin(line.text)) break;
    if (line.words <= 8 && so_far >= 2 * prose_min &&
        (phrases().comments.begin(line.text) || is_comments_head(line.text)))
      break;
    if (line.words < 60 && so_far > 0.5 * whole && rest <= 0 && phrases().boxes.begin(line.text)) break;
    const bool head = so_far < prose_min && i < range.begin + bylines_max;
    if (head && (is_byline(line) || (!title.empty() && bare(line.text) == title))) continue;
    if (worths[i] < 0) {
      // Between two paragraphs a line is the article's, though it be all link or name a tool.
      const bool inside = !passage.lines.empty() && passage.lines.back() + 1 == i && worths[i - 1] >= 8 &&
                          i + 1 < range.end && worths[i + 1] >= 8 && hint_around(page.dom, line.node, node) >= 0;
      if (!inside && !is_attachment(page.dom, line)) continue;
    }
    so_far += std::max(0.0, worths[i]);
    passage.lines.push_back(i);
  }
  return passage;
}

std::string body_of(const PageView& page, const Passage& passage) {
  std::string out;
  for (const std::size_t i : passage.lines) {
    std::string_view text = page.lines[i].text;
    for (const std::string_view button : {"[编辑]", "[編輯]"})
      if (text.ends_with(button)) text.remove_suffix(button.size());
    if (!out.empty()) out.push_back('\n');
    out += text;
  }
  return out;
}

}  // namespace tingchao::crawler
