// Posts told by their time stamps: the record of a stamp is the largest element around it that holds
// no other stamp. That separates posts, and replies within posts, on any markup. What the stamps'
// elements have in common groups the records; lists of links, which carry dates too, fall out by being
// links. The opening post is what is densest outside the records.

#include <algorithm>
#include <map>

#include "core/utf8.h"
#include "crawler/extract/density.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/thread.h"
#include "crawler/extract/title.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

struct Stamp {
  std::size_t line = 0;
  DateReading date;
  std::string kind;      // tag and class of the element that holds it
  NodeId record = no_node;
};

// A stretch of the page's nodes.
struct Stretch {
  NodeId begin = 0, end = 0;
};

std::string kind_of(const Dom& dom, NodeId n) {
  std::string kind(dom.name(n));
  std::string_view classes = trim(dom.attribute(n, "class"));
  kind += "." + std::string(classes.substr(0, classes.find(' ')));
  kind.erase(std::remove_if(kind.begin(), kind.end(), [](char c) { return c >= '0' && c <= '9'; }), kind.end());
  return kind;
}

// The moment that a short line of the page states, best from the attribute that machines read.
std::optional<DateReading> stamp_in(const ParsedPage& parsed, const Line& line) {
  if (line.words > 30) return std::nullopt;
  const Dom& dom = parsed.dom();
  const Time now = parsed.page().fetched_at;
  const std::vector<DateReading> shown = dates_in(line.text, now, 1);
  if (shown.empty()) return std::nullopt;
  // A moment that links to its own post is a stamp; one at the end of a linked title is the title's.
  const std::size_t dated = shown.front().end - shown.front().begin;
  if (line.linked * 2 > line.words && dated + 12 < line.text.size()) return std::nullopt;
  for (NodeId n = dom.parent(line.last), up = 0; n != no_node && up < 2; n = dom.parent(n), ++up) {
    for (const char* const attribute : {"datetime", "title", "data-tooltip", "data-time", "data-original-title"}) {
      const auto exact = read_date(dom.attribute(n, attribute), now);
      if (exact && exact->to_the_minute) return exact;
    }
  }
  return shown.front();
}

// The text node in which the date of the line stands: lines join several.
NodeId node_of_stamp(const ParsedPage& parsed, const Line& line) {
  const Dom& dom = parsed.dom();
  for (NodeId n = line.node; n <= line.last; ++n) {
    if (dom.is_text(n) && !parsed.view().hidden[std::size_t(n)] &&
        !dates_in(dom.text(n), parsed.page().fetched_at, 1).empty()) {
      return n;
    }
  }
  return line.node;
}

class Records {
 public:
  Records(const ParsedPage& parsed, std::optional<std::size_t> title_line) : parsed_(parsed), title_line_(title_line) {
    const std::vector<Line>& lines = parsed.view().lines;
    before_.resize(lines.size() + 1);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      before_[i + 1] = before_[i];
      const auto date = stamp_in(parsed, lines[i]);
      if (!date || (title_line && i == *title_line)) continue;
      const NodeId holder = parsed.dom().parent(node_of_stamp(parsed, lines[i]));
      stamps_.push_back({i, *date, kind_of(parsed.dom(), holder), no_node});
      ++before_[i + 1];
    }
    for (Stamp& stamp : stamps_) stamp.record = record_of(stamp);
  }

  // The nodes between the stamp and its neighbours, before and behind.
  Stretch before(std::size_t i) const {
    const NodeId from = i > 0 ? last_node(i - 1) : title_line_ ? parsed_.view().lines[*title_line_].last + 1 : 0;
    return {from, parsed_.view().lines[stamps_[i].line].node};
  }
  Stretch behind(std::size_t i) const {
    const NodeId to = i + 1 < stamps_.size() ? parsed_.view().lines[stamps_[i + 1].line].node : parsed_.dom().size();
    return {last_node(i), to};
  }

  // Stamps by kind, each kind's in page order.
  std::map<std::string, std::vector<std::size_t>> by_kind() const {
    std::map<std::string, std::vector<std::size_t>> kinds;
    for (std::size_t i = 0; i < stamps_.size(); ++i) {
      if (stamps_[i].record != no_node) kinds[stamps_[i].kind].push_back(i);
    }
    return kinds;
  }
  const std::vector<Stamp>& stamps() const { return stamps_; }

 private:
  NodeId record_of(const Stamp& stamp) const {
    const Dom& dom = parsed_.dom();
    NodeId record = no_node;
    for (NodeId n = dom.parent(parsed_.view().lines[stamp.line].node); n > dom.body(); n = dom.parent(n)) {
      const PageView::Range range = parsed_.view().lines_in(n);
      if (before_[range.end] - before_[range.begin] > 1) break;
      if (title_line_ && *title_line_ >= range.begin && *title_line_ < range.end) break;
      record = n;
    }
    return record;
  }

  NodeId last_node(std::size_t stamp) const { return parsed_.view().lines[stamps_[stamp].line].last + 1; }

  const ParsedPage& parsed_;
  std::optional<std::size_t> title_line_;
  std::vector<Stamp> stamps_;
  std::vector<int> before_;  // how many stamps the lines before have
};

bool is_post_hint(std::string_view names) {
  return contains_any(names, {"comment", "reply", "replies", "post", "answer", "floor", "cmt", "cmmt", "message"});
}

bool has_post_hint(const Dom& dom, NodeId record) {
  for (NodeId n = record, up = 0; n != no_node && n != dom.body() && up < 4; n = dom.parent(n), ++up) {
    if (is_post_hint(names_of(dom, n))) return true;
  }
  return false;
}

std::string author_of(const ParsedPage& parsed, NodeId record, NodeId end) {
  const Dom& dom = parsed.dom();
  std::string by_link;
  for (NodeId n = record + 1; n < end; ++n) {
    if (dom.is_text(n) || parsed.view().hidden[std::size_t(n)]) continue;
    const bool named = contains_any(names_of(dom, n), {"author", "user", "nick", "name"});
    const std::string_view href = dom.tag(n) == Tag::a ? dom.attribute(n, "href") : std::string_view();
    const bool person = contains_any(href, {"/u/", "uid", "user", "space", "people/", "member", "/home", "profile"});
    if (!named && !person) continue;
    const std::string name = label_of(dom, parsed.view().hidden, n);
    const std::size_t length = count_chars(name);
    if (length == 0 || length > 20 || !dates_in(name, parsed.page().fetched_at, 1).empty()) continue;
    if (named) return name;
    if (by_link.empty()) by_link = name;
  }
  return by_link;
}

// Buttons and counters around a post.
bool is_tool(const Line& line) {
  if (line.words == 0) return true;
  if (line.words > 8) return false;
  if (line.text.find_first_not_of("0123456789 .,:+#k()") == std::string::npos) return true;
  for (const std::string_view word : {"回复", "赞", "踩", "举报", "分享", "引用", "收藏", "评论", "只看该作者", "只看他", "展开", "收起",
                                      "有用", "反对", "追问", "追答", "关注", "转发", "投诉", "编辑", "楼主", "首赞", "已采纳", "更多",
                                      "查看全部", "点赞", "打赏", "删除", "置顶", "热门", "沙发", "板凳", "地板"}) {
    const std::string_view text = line.text;
    if (text == word ||
        (text.starts_with(word) && line.words <= 6 && text.find_first_of("0123456789(") != std::string::npos)) {
      return true;
    }
  }
  return line.text.starts_with("来自") && line.words <= 8;
}

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
    const std::string_view digits = mark == "楼" ? trailing_digits(text.substr(0, at)) : trailing_digits(text);
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
    if (contains_any(names, {"user", "author", "title", "tool", "time", "meta", "footer", "header"})) continue;
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

Post post_of(const ParsedPage& parsed, const Stamp& stamp) {
  const Dom& dom = parsed.dom();
  const PageView& view = parsed.view();
  Post post;
  post.node = stamp.record;
  post.at = stamp.date;
  const PageView::Range range = view.lines_in(stamp.record);
  post.author = author_of(parsed, stamp.record, dom.end(stamp.record));
  std::vector<std::string_view> own;
  int words = 0;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Line& line = view.lines[i];
    if (post.floor == 0 && line.words <= 12) post.floor = shown_floor(line.text);
    if (i == stamp.line || is_tool(line)) continue;
    const std::string_view text = without_author(line.text, post.author);
    if (text.empty() || text == post.author || (line.linked == line.words && line.words <= 6)) continue;
    own.push_back(text);
    words += line.words;
  }
  const Stretch record{stamp.record + 1, dom.end(stamp.record)};
  const NodeId content = content_of(parsed, record, view.lines[stamp.line].last, (words + 1) / 2);
  if (content != no_node) post.body = own_text(parsed, content, post.author);
  if (!post.body.empty()) return post;
  // Text and stamp on one line.
  if (own.empty() && view.lines[stamp.line].words > 14) own.push_back(view.lines[stamp.line].text);
  for (const std::string_view text : own) {
    if (!post.body.empty()) post.body.push_back('\n');
    post.body += text;
  }
  return post;
}

// Where replies hang below a post within one element, the post's stamp is alone in its head or foot,
// and its text stands between this stamp and the one before or behind it.
void look_beside(const ParsedPage& parsed, const Stretch& stretch, const std::vector<bool>& taken, Post& post) {
  const NodeId content = content_of(parsed, stretch, post.node, 2, taken);
  if (content != no_node) post.body = own_text(parsed, content, post.author);
}

bool looks_like_links(const ParsedPage& parsed, const Records& records, const std::vector<std::size_t>& group) {
  int words = 0, linked = 0;
  for (const std::size_t stamp : group) {
    const PageView::Range range = parsed.view().lines_in(records.stamps()[stamp].record);
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (i == records.stamps()[stamp].line) continue;
      words += parsed.view().lines[i].words;
      linked += parsed.view().lines[i].linked;
    }
  }
  return linked * 2 > words;
}

// The address or the page's maker says "forum".
bool is_forum(const ParsedPage& parsed) {
  const std::string url = canonical_url(parsed.page().url);
  const UrlParts parts = url_parts(url);
  for (const std::string_view host : {"bbs.", "forum.", "tieba.", "club.", "ask.", "zhidao.", "community.",
                                      "discuss.", "luntan.", "weibo.", "douban.", "zhihu."}) {
    if (parts.host.starts_with(host) || parts.host.find("." + std::string(host)) != std::string_view::npos) return true;
  }
  if (parts.host.find("bbs") != std::string_view::npos) return true;
  const std::string path = ascii_lower(parts.path);
  if (contains_any(path, {"/thread", "/topic", "/forum", "/bbs", "viewthread", "showthread", "/question",
                          "/comments", "/discussion"}))
    return true;
  if (path.starts_with("/t/") || path.starts_with("/d/") || path.starts_with("/p/")) return true;
  const std::string maker = ascii_lower(parsed.meta().first({"generator"}));
  return contains_any(maker, {"discuz", "phpbb", "flarum", "vbulletin", "xenforo", "nodebb", "discourse", "phpwind"});
}

struct Chosen {
  std::vector<Post> posts;
  int words = 0;
  bool hinted = false;
  std::size_t first_line = 0, last_line = 0;
};

struct Group {
  std::vector<std::size_t> stamps;
  std::vector<Post> posts;
  int words = 0;
  bool hinted = false;
};

// The posts of the stamps, in their order; those whose text stands beside their record look there last.
Group group_of(const ParsedPage& parsed, const Records& records, const std::vector<std::size_t>& stamps,
               const std::vector<bool>& taken) {
  Group group;
  std::size_t hinted = 0, found_before = 0, found_behind = 0;
  for (const std::size_t stamp : stamps) {
    Post post = post_of(parsed, records.stamps()[stamp]);
    if (post.body.empty()) {
      Post other = post;
      look_beside(parsed, records.before(stamp), taken, post);
      look_beside(parsed, records.behind(stamp), taken, other);
      found_before += !post.body.empty();
      found_behind += !other.body.empty();
      if (found_behind >= found_before) post = std::move(other);
    }
    if (post.body.empty()) continue;
    for (const char c : post.body) group.words += (static_cast<unsigned char>(c) >= 0xE0);
    if (has_post_hint(parsed.dom(), records.stamps()[stamp].record)) ++hinted;
    group.stamps.push_back(stamp);
    group.posts.push_back(std::move(post));
  }
  group.hinted = hinted * 2 >= group.posts.size() && hinted > 0;
  return group;
}

// Nodes in records that hold their post's text themselves.
std::vector<bool> taken_nodes(const ParsedPage& parsed, const Records& records) {
  std::vector<bool> taken(std::size_t(parsed.dom().size()));
  for (const Stamp& stamp : records.stamps()) {
    if (stamp.record == no_node || post_of(parsed, stamp).body.empty()) continue;
    for (NodeId n = stamp.record; n < parsed.dom().end(stamp.record); ++n) taken[std::size_t(n)] = true;
  }
  return taken;
}

Chosen choose(const ParsedPage& parsed, const Records& records) {
  const std::vector<bool> taken = taken_nodes(parsed, records);
  std::vector<Group> groups;
  for (const auto& [kind, stamps] : records.by_kind()) {
    if (looks_like_links(parsed, records, stamps)) continue;
    Group group = group_of(parsed, records, stamps, taken);
    if (group.posts.size() >= 2 || (group.hinted && group.posts.size() == 1)) groups.push_back(std::move(group));
  }
  if (groups.empty()) return {};
  const auto most = std::max_element(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.words * (a.hinted ? 4 : 1) < b.words * (b.hinted ? 4 : 1);
  });
  const std::size_t best = std::size_t(most - groups.begin());
  std::vector<std::pair<std::size_t, Post*>> ordered;
  Chosen chosen;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Group& group = groups[g];
    if (g != best && !(group.hinted && groups[best].hinted)) continue;
    for (std::size_t i = 0; i < group.posts.size(); ++i) {
      ordered.emplace_back(records.stamps()[group.stamps[i]].line, &group.posts[i]);
    }
    chosen.words += group.words;
    chosen.hinted = chosen.hinted || group.hinted;
  }
  std::sort(ordered.begin(), ordered.end());
  chosen.first_line = parsed.view().lines.size();
  for (const auto& [line, post] : ordered) {
    const PageView::Range range = parsed.view().lines_in(post->node);
    chosen.first_line = std::min(chosen.first_line, range.begin);
    chosen.last_line = std::max(chosen.last_line, range.end);
    chosen.posts.push_back(std::move(*post));
  }
  return chosen;
}

// Lines that most posts share are the template's: 展开全部, 你对这个回答的评价是. Nobody is left without words.
void drop_shared_lines(std::vector<Post>& posts) {
  const auto lines_in = [](std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  };
  std::map<std::string, std::size_t> posts_with;
  for (const Post& post : posts) {
    std::vector<std::string_view> lines = lines_in(post.body);
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    for (const std::string_view line : lines) ++posts_with[std::string(line)];
  }
  for (Post& post : posts) {
    std::string kept;
    for (const std::string_view line : lines_in(post.body)) {
      const std::size_t count = posts_with[std::string(line)];
      if (count >= 3 && count * 5 >= posts.size() * 3 && count_chars(line) <= 20) continue;
      if (!kept.empty()) kept.push_back('\n');
      kept += line;
    }
    if (!kept.empty()) post.body = std::move(kept);
  }
}

// What the page says outside the records: the opening post, or an article that the records comment on.
Passage opening_of(const ParsedPage& parsed, const Chosen& chosen, std::optional<std::size_t> title_line) {
  std::vector<double> worths = line_worths(parsed.view(), title_line);
  for (std::size_t i = chosen.first_line; i < chosen.last_line && i < worths.size(); ++i) worths[i] = -1;
  // Replies follow; what is behind them is the page's foot.
  for (std::size_t i = chosen.last_line; i < worths.size(); ++i) worths[i] = std::min(worths[i], 0.0);
  return densest(parsed.view(), worths, title_line);
}

}  // namespace

std::optional<Thread> thread_of_records(const ParsedPage& parsed, bool surely) {
  const std::string headline;
  const PageTitle title = page_title(parsed.view(), parsed.meta(), headline);
  const Records records(parsed, title.line);
  Chosen chosen = choose(parsed, records);
  if (chosen.posts.empty()) return std::nullopt;
  drop_shared_lines(chosen.posts);
  const Passage opening = opening_of(parsed, chosen, title.line);
  int opening_words = 0;
  for (const std::size_t i : opening.lines) opening_words += parsed.view().lines[i].words;
  const bool proven = surely || is_forum(parsed);
  // Else it is an article with comments, and stays one; unless the comments are most of what there is.
  const bool mostly_posts = chosen.words > opening_words || opening_words < 200;
  if (!proven && !(chosen.hinted && chosen.posts.size() >= 2 && mostly_posts)) return std::nullopt;

  Thread thread;
  thread.engine = "records";
  thread.title = title.text;
  thread.confidence = proven ? 0.7 : 0.5;
  if (opening_words >= 4) {
    Post first;
    first.body = body_of(parsed.view(), opening);
    first.floor = 1;
    first.node = opening.node;
    thread.posts.push_back(std::move(first));
  }
  for (Post& post : chosen.posts) thread.posts.push_back(std::move(post));
  return thread;
}

}  // namespace tingchao::crawler
