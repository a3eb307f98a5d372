#include "crawler/extract/record_post.h"

#include <algorithm>

#include "core/utf8.h"
#include "crawler/extract/dom_query.h"

namespace tingchao::crawler {
namespace {

// Nothing but the words of buttons, one after the other: 抢首赞已赞过已踩过, 回复引用.
bool is_row_of_tools(std::string_view text) {
  static constexpr std::string_view words[] = {"你对这个回答的评价是",
                                               "微信扫一扫",
                                               "复制链接",
                                               "新浪微博",
                                               "展开全部",
                                               "查看全部",
                                               "只看楼主",
                                               "只看该作者",
                                               "使用道具",
                                               "人赞同了该文章",
                                               "人赞同了该回答",
                                               "个回答",
                                               "条评论",
                                               "个赞",
                                               "抢首赞",
                                               "已赞过",
                                               "已踩过",
                                               "回复",
                                               "引用",
                                               "评论",
                                               "举报",
                                               "收起",
                                               "展开",
                                               "分享",
                                               "收藏",
                                               "点赞",
                                               "转发",
                                               "关注",
                                               "追问",
                                               "更多",
                                               "支持",
                                               "反对",
                                               "编辑",
                                               "删除",
                                               "赞",
                                               "踩",
                                               "TOP"};
  const std::size_t whole = text.size();
  int tools = 0;
  bool counted = false;
  while (!text.empty()) {
    const auto word =
        std::find_if(std::begin(words), std::end(words), [&](auto w) { return text.starts_with(w); });
    if (word != std::end(words)) {
      text.remove_prefix(word->size());
      ++tools;
      continue;
    }
    std::size_t at = 0;
    const char32_t c = next_char(text, at);
    if (std::u32string_view(U" 0123456789()（）<>|·•？?").find(c) == std::u32string_view::npos) return false;
    counted = counted || (c >= '0' && c <= '9');
    text.remove_prefix(at);
  }
  return tools > 1 || (tools == 1 && (whole > 18 || counted));  // 支持 alone is somebody's word
}

}  // namespace

bool is_tool(const Line& line) {
  if (line.words == 0 || (line.words <= 24 && is_row_of_tools(line.text))) return true;
  if (line.words > 8) return false;
  if (line.text.find_first_not_of("0123456789 .,:+#k()") == std::string::npos) return true;
  for (const std::string_view word :
       {"回复",     "赞",   "踩",       "举报",     "分享",   "引用", "收藏",     "评论",     "只看该作者",
        "只看他",   "展开", "收起",     "有用",     "反对",   "追问", "追答",     "关注",     "转发",
        "投诉",     "编辑", "楼主",     "首赞",     "已采纳", "更多", "查看全部", "点赞",     "打赏",
        "删除",     "置顶", "热门",     "沙发",     "板凳",   "地板", "官方回复", "官方答复", "最佳答案",
        "精彩回复", "精华", "手机查看", "最新回复", "加精"}) {
    const std::string_view text = line.text;
    if (text == word || (text.starts_with(word) && line.words <= 6 &&
                         text.find_first_of("0123456789(") != std::string::npos)) {
      return true;
    }
  }
  return line.text.starts_with("来自") && line.words <= 8;
}

std::string author_of(const ParsedPage& parsed, NodeId before, NodeId end) {
  const Dom& dom = parsed.dom();
  std::string by_link;
  for (NodeId n = before + 1; n < end; ++n) {
    if (dom.is_text(n) || parsed.view().hidden[std::size_t(n)]) continue;
    const bool named = contains_any(names_of(dom, n), {"author", "user", "nick", "name"});
    const std::string_view href = dom.tag(n) == Tag::a ? dom.attribute(n, "href") : std::string_view();
    const bool person =
        contains_any(href, {"/u/", "uid", "user", "space", "people/", "member", "/home", "profile"});
    if (!named && !person) continue;
    const std::string name = label_of(dom, parsed.view().hidden, n);
    const std::size_t length = count_chars(name);
    if (length == 0 || length > 20 || !dates_in(name, parsed.page().fetched_at, 1).empty()) continue;
    if (named) return name;
    if (by_link.empty()) by_link = name;
  }
  return by_link;
}

namespace {

// "name: words" shows the author once more.
std::string_view without_author(std::string_view text, std::string_view author) {
  if (author.empty() || !text.starts_with(author)) return text;
  std::string_view rest = trim(text.substr(author.size()));
  for (const std::string_view colon : {"：", ":"}) {
    if (rest.starts_with(colon)) return trim(rest.substr(colon.size()));
  }
  return rest.empty() ? rest : text;
}

int shown_floor(std::string_view text) {
  for (const std::string_view mark : {"楼", "#"}) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view digits =
        mark == "楼" ? trailing_digits(text.substr(0, at)) : trailing_digits(text);
    if (digits.empty() || digits.size() > 6) continue;
    return std::stoi(std::string(digits));
  }
  return 0;
}

// The element of the stretch that is named as its text and holds most of it; no_node when none holds
// `words_min`.
NodeId content_of(const ParsedPage& parsed, const Stretch& stretch, NodeId stamp_node, int words_min,
                  const std::vector<bool>& taken = {}) {
  const Dom& dom = parsed.dom();
  NodeId best = no_node;
  int most = std::max(words_min, 1) - 1;
  for (NodeId n = stretch.begin; n < stretch.end; ++n) {
    if (dom.is_text(n) || parsed.view().hidden[std::size_t(n)] || dom.contains(n, stamp_node)) continue;
    if (dom.end(n) > stretch.end || (!taken.empty() && taken[std::size_t(n)])) continue;
    const std::string names = names_of(dom, n);
    if (!contains_any(names, {"content", "text", "body", "message", "short", "desc"})) continue;
    if (contains_any(names, {"user", "author", "title", "tool", "time", "meta", "footer", "header"}))
      continue;
    int inside = 0;
    for (const Line& line : lines_of(dom, parsed.view().hidden, n)) inside += line.words;
    if (inside <= most) continue;
    most = inside;
    best = n;
  }
  return best;
}

std::string own_text(const ParsedPage& parsed, NodeId content, std::string_view author) {
  std::string text;
  for (const Line& line : post_lines(parsed, content)) {
    const std::string_view own = without_author(line.text, author);
    if (is_tool(line) || own.empty() || own == author) continue;
    if (!text.empty()) text.push_back('\n');
    text += own;
  }
  return text;
}

// Old boards set the speaker's profile in one cell of a row and what he says, with its stamp, in the next.
NodeId cell_of_words(const ParsedPage& parsed, const Stamp& stamp) {
  const Dom& dom = parsed.dom();
  const PageView& view = parsed.view();
  for (NodeId n = dom.parent(view.lines[stamp.line].node); n > stamp.record; n = dom.parent(n)) {
    if (dom.tag(n) != Tag::td) continue;
    int inside = 0, whole = 0;
    for (std::size_t i = view.lines_in(stamp.record).begin; i < view.lines_in(stamp.record).end; ++i) {
      whole += view.lines[i].words;
    }
    for (std::size_t i = view.lines_in(n).begin; i < view.lines_in(n).end; ++i) inside += view.lines[i].words;
    if (inside * 2 > whole) return n;
  }
  return stamp.record;
}

// Hardly more than a moment: the stamp in another form.
bool is_moment(const ParsedPage& parsed, const Line& line) {
  if (line.words > 20 || line.marks > 2) return false;
  const std::vector<DateReading> dates = dates_in(line.text, parsed.page().fetched_at, 1);
  return !dates.empty() && dates.front().end - dates.front().begin + 20 >= line.text.size();
}

bool may_be_name(const Line& line) {
  return line.marks == 0 && line.words <= 10 && count_chars(line.text) <= 16;
}

// Where what is said begins in the record: behind the stamp, when only names stand before it and something
// stands behind it; else at its first line.
std::size_t words_begin(const ParsedPage& parsed, const Stamp& stamp, const PageView::Range& range) {
  constexpr std::size_t names_max = 4;  // "甲 回复 乙", a rank
  const std::vector<Line>& lines = parsed.view().lines;
  if (stamp.line < range.begin || stamp.line - range.begin > names_max) return range.begin;
  for (std::size_t i = range.begin; i < stamp.line; ++i) {
    if (!may_be_name(lines[i])) return range.begin;
  }
  for (std::size_t i = stamp.line + 1; i < range.end; ++i) {
    if (!is_tool(lines[i]) && !is_moment(parsed, lines[i])) return stamp.line;
  }
  return range.begin;
}

// A name that nothing marks as one: the few words that open the record, before its stamp or in a column of
// their own, with more than them behind.
std::string name_by_place(const ParsedPage& parsed, const Stamp& stamp, bool apart) {
  const Line& line = parsed.view().lines[parsed.view().lines_in(stamp.record).begin];
  return apart && line.words >= 1 && may_be_name(line) && !is_tool(line) ? line.text : std::string();
}

// A linked name, a colon, and what that one said.
std::string name_before_colon(const ParsedPage& parsed, const PageView::Range& range) {
  const Dom& dom = parsed.dom();
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Line& line = parsed.view().lines[i];
    const NodeId link = dom.parent(line.node);
    if (link == no_node || dom.tag(link) != Tag::a) continue;
    const std::string name = label_of(dom, parsed.view().hidden, link);
    if (name.empty() || count_chars(name) > 20 || !line.text.starts_with(name)) continue;
    const std::string_view rest = trim(std::string_view(line.text).substr(name.size()));
    if (rest.size() > 3 && (rest.starts_with(":") || rest.starts_with("："))) return name;
  }
  return {};
}

}  // namespace

Post post_of(const ParsedPage& parsed, const Stamp& stamp) {
  const Dom& dom = parsed.dom();
  const PageView& view = parsed.view();
  Post post;
  post.node = stamp.record;
  post.at = stamp.date;
  post.author = author_of(parsed, stamp.record, dom.end(stamp.record));
  if (post.author.empty()) post.author = name_before_colon(parsed, view.lines_in(stamp.record));
  const NodeId cell = cell_of_words(parsed, stamp);
  const PageView::Range range = view.lines_in(cell);
  const std::size_t begin = words_begin(parsed, stamp, range);
  // A first line, a stamp and a counter: a post's head, its words elsewhere.
  const bool head = range.begin + 1 == stamp.line && range.end > range.begin + 2;
  const bool apart = head || begin > range.begin || cell != stamp.record;
  if (post.author.empty()) post.author = name_by_place(parsed, stamp, apart);
  std::vector<std::string_view> own;
  int words = 0;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Line& line = view.lines[i];
    if (post.floor == 0 && line.words <= 12) post.floor = shown_floor(line.text);
    if (i < begin || i == stamp.line || is_tool(line) || is_moment(parsed, line)) continue;
    const std::string_view text = without_author(line.text, post.author);
    if (text.empty() || text == post.author || (line.linked == line.words && line.words <= 6)) continue;
    own.push_back(text);
    words += line.words;
  }
  const Stretch record{cell + 1, dom.end(cell)};
  const NodeId content = content_of(parsed, record, view.lines[stamp.line].last, (words + 1) / 2);
  if (content != no_node) post.body = own_text(parsed, content, post.author);
  if (!post.body.empty()) return post;
  // Text and stamp on one line; but not a line of labels: 留言对象：… 留言时间：…
  const std::string& stamp_text = view.lines[stamp.line].text;
  const std::size_t colon = stamp_text.find("：");
  const bool labels = colon != std::string::npos && stamp_text.find("：", colon + 3) != std::string::npos;
  if (own.empty() && !labels && view.lines[stamp.line].words > 14) own.push_back(view.lines[stamp.line].text);
  for (const std::string_view text : own) {
    if (!post.body.empty()) post.body.push_back('\n');
    post.body += text;
  }
  return post;
}

namespace {

// The lines of the stretch that are somebody's words, without the name that the next post begins with.
std::string words_between(const ParsedPage& parsed, const Stretch& stretch, const std::vector<bool>& taken) {
  const std::vector<Line>& lines = parsed.view().lines;
  const auto begins = [](const Line& line, NodeId n) { return line.node < n; };
  const auto first = std::lower_bound(lines.begin(), lines.end(), stretch.begin, begins);
  const auto end = std::lower_bound(first, lines.end(), stretch.end, begins);
  std::vector<std::string_view> own;
  constexpr std::ptrdiff_t lines_max = 200;
  for (auto line = first; line != end && line - first < lines_max; ++line) {
    if (taken[std::size_t(line->node)]) break;
    const bool name = line + 1 == end && line->marks == 0 && line->words <= 10;
    if (is_tool(*line) || is_moment(parsed, *line) || name || line->linked == line->words) continue;
    own.push_back(line->text);
  }
  std::string text;
  for (const std::string_view line : own) text += (text.empty() ? "" : "\n") + std::string(line);
  return text;
}

}  // namespace

void look_beside(const ParsedPage& parsed, const Stretch& stretch, const std::vector<bool>& taken,
                 Post& post) {
  const NodeId content = content_of(parsed, stretch, post.node, 2, taken);
  if (content != no_node) post.body = own_text(parsed, content, post.author);
}

void look_behind(const ParsedPage& parsed, const Stretch& stretch, const std::vector<bool>& taken,
                 Post& post) {
  post.body = words_between(parsed, stretch, taken);
}

}  // namespace tingchao::crawler
