// Posts told by their time stamps: the record of a stamp is the largest element around it that holds
// no other stamp. That separates posts, and replies within posts, on any markup. What the stamps'
// elements have in common groups the records; lists of links, which carry dates too, fall out by being
// links. The opening post is what is densest outside the records.

#include <algorithm>
#include <map>

#include "core/utf8.h"
#include "crawler/extract/density.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/record_post.h"
#include "crawler/extract/thread.h"
#include "crawler/extract/title.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

std::string kind_of(const Dom& dom, NodeId n) {
  std::string kind(dom.name(n));
  std::string_view classes = trim(dom.attribute(n, "class"));
  kind += "." + std::string(classes.substr(0, classes.find(' ')));
  kind.erase(std::remove_if(kind.begin(), kind.end(), [](char c) { return c >= '0' && c <= '9'; }), kind.end());
  return kind;
}

// Moments of something else that stand in posts: of the speaker's account, of a change.
bool is_other_moment(std::string_view text) {
  return text.starts_with("本帖最后由") ||
         contains_any(text, {"注册", "登录", "加入时间", "来自时间", "最后发表", "最后回复", "最后访问", "上次访问", "註冊"});
}

// The moment that machines read from the element around a line's first or last words.
std::optional<DateReading> machine_moment(const ParsedPage& parsed, const Line& line, NodeId stamp,
                                          bool of_time_element) {
  const Dom& dom = parsed.dom();
  for (const NodeId from : {stamp, line.last, line.node}) {
    for (NodeId n = dom.parent(from), up = 0; n != no_node && up < 2; n = dom.parent(n), ++up) {
      if (of_time_element && dom.tag(n) != Tag::time) continue;
      for (const char* const attribute : {"datetime", "title", "data-tooltip", "data-time", "data-original-title"}) {
        const auto exact = read_date(dom.attribute(n, attribute), parsed.page().fetched_at);
        if (exact && exact->to_the_minute) return exact;
      }
    }
  }
  return std::nullopt;
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

// The moment that a short line of the page states, best from the attribute that machines read.
std::optional<DateReading> stamp_in(const ParsedPage& parsed, const Line& line) {
  if (line.words > 30 || is_other_moment(line.text)) return std::nullopt;
  const std::vector<DateReading> shown = dates_in(line.text, parsed.page().fetched_at, 1);
  if (shown.empty()) return machine_moment(parsed, line, line.last, true);
  // A moment that links to its own post is a stamp; one at the end of a linked title is the title's.
  if (line.linked * 2 > line.words) {
    const Dom& dom = parsed.dom();
    const auto is_link = [&](NodeId n) { return dom.tag(n) == Tag::a; };
    const NodeId link = around(dom, dom.parent(node_of_stamp(parsed, line)), is_link);
    const std::string words = link == no_node ? line.text : label_of(dom, parsed.view().hidden, link);
    if (words.size() > shown.front().end - shown.front().begin + 12) return std::nullopt;
  }
  if (const auto exact = machine_moment(parsed, line, node_of_stamp(parsed, line), false)) return exact;
  return shown.front();
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
      // A label and its moment in elements of their own: 注册日期 | 2020-03-01.
      const bool labelled = i > 0 && lines[i - 1].words <= 6 && lines[i - 1].linked == 0 &&
                            is_other_moment(lines[i - 1].text) &&
                            dates_in(lines[i - 1].text, parsed.page().fetched_at, 1).empty();
      if (labelled) continue;
      // 12 天前, and in a bubble beside it the moment in full: one stamp.
      if (!stamps_.empty() && stamps_.back().line + 1 == i) {
        DateReading& known = stamps_.back().date;
        const bool finer = date->to_the_minute && (!known.to_the_minute || (known.relative && !date->relative));
        if (finer) known = *date;
        continue;
      }
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

// By the names of the elements around the record, or around its stamp within.
bool has_post_hint(const Dom& dom, NodeId record, NodeId stamp) {
  for (NodeId n = dom.parent(stamp); n > record; n = dom.parent(n)) {
    if (contains_any(names_of(dom, n), {"comment", "reply", "replies", "answer", "floor"})) return true;
  }
  for (NodeId n = record, up = 0; n != no_node && n != dom.body() && up < 4; n = dom.parent(n), ++up) {
    if (is_post_hint(names_of(dom, n))) return true;
  }
  return false;
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
      if (post.body.empty()) look_behind(parsed, records.behind(stamp), taken, post);
    }
    if (post.body.empty()) continue;
    for (const char c : post.body) group.words += (static_cast<unsigned char>(c) >= 0xE0);
    if (has_post_hint(parsed.dom(), records.stamps()[stamp].record,
                      parsed.view().lines[records.stamps()[stamp].line].node))
      ++hinted;
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
    // Replies to replies stand among the posts, under another style; lists of other threads do not.
    const bool among = group.stamps.front() < groups[best].stamps.back() &&
                       group.stamps.back() > groups[best].stamps.front();
    if (g != best && !among && !(group.hinted && groups[best].hinted)) continue;
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

// The stamp of the opening post, between the title and the records.
const Stamp* opening_stamp(const Records& records, const Chosen& chosen, std::optional<std::size_t> title_line) {
  for (const Stamp& stamp : records.stamps()) {
    if (stamp.line >= chosen.first_line) break;
    if (!title_line || (stamp.line + 2 >= *title_line && stamp.line <= *title_line + 15)) return &stamp;
  }
  return nullptr;
}

// The title once more is no post.
bool says_the_title(std::string_view body, std::string_view title) {
  const std::string text = bare(body), wanted = bare(title);
  return !wanted.empty() && text.size() <= wanted.size() + 15 && text.find(wanted) != std::string::npos;
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
    first.floor = 1;
    first.node = opening.node;
    if (const Stamp* const stamp = opening_stamp(records, chosen, title.line)) {
      first.at = stamp->date;
      const std::vector<Line>& lines = parsed.view().lines;
      const NodeId from = title.line ? lines[*title.line].node : lines[stamp->line].node;
      const NodeId to = opening.lines.empty() ? opening.node : lines[opening.lines.front()].node;
      first.author = author_of(parsed, from, to);
    }
    Passage words = opening;
    std::erase_if(words.lines, [&](std::size_t i) {
      const Line& line = parsed.view().lines[i];
      return is_tool(line) || line.text == first.author;
    });
    first.body = body_of(parsed.view(), words.lines.empty() ? opening : words);
    // Where the opening post has a stamp of its own, it is among the others.
    const bool again = std::any_of(opening.lines.begin(), opening.lines.end(), [&](std::size_t i) {
      const Line& line = parsed.view().lines[i];
      return line.words >= 20 && chosen.posts.front().body.find(line.text) != std::string::npos;
    });
    if (!again && !says_the_title(first.body, title.text)) thread.posts.push_back(std::move(first));
  }
  for (Post& post : chosen.posts) thread.posts.push_back(std::move(post));
  return thread;
}

}  // namespace tingchao::crawler
