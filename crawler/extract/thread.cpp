// From posts to documents: floors where the page hides them, one address for the thread, the opening
// post's views and replies, and authors reduced to a hash that only counts how many people speak.

#include "crawler/extract/thread.h"

#include <algorithm>
#include <map>

#include "core/hash.h"
#include "core/utf8.h"
#include "crawler/extract/article.h"
#include "crawler/extract/date.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/pager.h"
#include "crawler/extract/selector.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

// Parts of a post's body that its author did not write, or did not write now.
bool is_foreign(const Dom& dom, NodeId n) {
  if (dom.tag(n) == Tag::blockquote)
    return dom.attribute(n, "class").find("content") == std::string_view::npos;
  if (dom.tag(n) == Tag::other) return dom.name(n) == "ignore_js_op";  // Discuz!: attached pictures
  for (const char* const name : {"quote", "sign", "signature", "pstatus", "a_pr", "attach_nopermission", "locked",
                                 "aimg_tip", "tip", "notice", "lzl_cnt", "post-tail-wrap", "edit-mark"}) {
    if (dom.has_class(n, name)) return true;
  }
  return false;
}

bool is_remark(std::string_view line) {
  if (line.starts_with("本帖最后由") && line.find("编辑") != std::string_view::npos) return true;
  if (line == "[复制链接]" || line.starts_with("下载附件") || line.starts_with("点击文件名下载附件")) return true;
  const bool device = (line.starts_with("来自") || line.starts_with("发自")) && count_chars(line) <= 16;
  return device && contains_any(line, {"客户端", "手机", "iPhone", "Android", "安卓", "APP"});
}

// The moment of the last change that the post's record tells.
std::optional<Time> edited_at(const ParsedPage& parsed, const Post& post) {
  if (post.edited_at || post.node == no_node) return post.edited_at;
  constexpr std::size_t lines_max = 300;  // posts without a record of their own share the page
  const PageView::Range range = parsed.view().lines_in(post.node);
  for (std::size_t i = range.begin; i < std::min(range.end, range.begin + lines_max); ++i) {
    const Line& line = parsed.view().lines[i];
    if (line.words > 30 || !contains_any(line.text, {"编辑", "修改", "編輯"})) continue;
    const bool says = line.text.starts_with("本帖最后由") || line.text.find("于") != std::string::npos;
    const std::vector<DateReading> dates = dates_in(line.text, parsed.page().fetched_at, 3);
    if (says && !dates.empty()) return dates.back().at;
  }
  return std::nullopt;
}

// The thread's one address: without the page.
std::string thread_address(const Thread& thread, std::string_view url) {
  std::string address = document_url(url);
  const UrlParts parts = url_parts(address);
  if (thread.engine == "flarum") {
    // /d/15448-title/3: the number behind the thread is the post that is scrolled to.
    const std::size_t slash = address.rfind('/');
    const std::string_view path = parts.path;
    const bool numbered = path.starts_with("/d/") && std::count(path.begin(), path.end(), '/') == 3;
    if (numbered && trailing_digits(path).size() == path.size() - path.rfind('/') - 1) address.resize(slash);
    return address;
  }
  const std::string plain = address.substr(0, std::size_t(parts.path.data() + parts.path.size() - address.data()));
  if (thread.engine == "tieba") return plain;
  if (const auto topic = query_value(address, "t"); topic && thread.engine == "phpbb")
    return plain + "?t=" + std::string(*topic);
  std::string query;
  for (std::size_t at = 0; at < parts.query.size();) {
    const std::size_t end = std::min(parts.query.find('&', at), parts.query.size());
    const std::string_view pair = parts.query.substr(at, end - at);
    const std::string_view name = pair.substr(0, pair.find('='));
    at = end + 1;
    if (name == "page" || name == "pn" || name == "start" || name == "see_lz" || name == "authorid") continue;
    query += (query.empty() ? "?" : "&") + std::string(pair);
  }
  return plain + query;
}

// How many posts a full page has, for floors that the page does not show. Boards choose from a few
// round numbers; the count of replies, where shown, and of pages narrows them down.
int posts_a_page(std::size_t here, std::optional<long> replies, bool has_next, int page) {
  if (has_next) return int(here);
  constexpr int usual_sizes[] = {10, 15, 20, 25, 30, 40, 50};
  // On the last page the posts that are left over tell exactly; deleted ones spoil that, the range stays.
  for (const bool exact : {true, false}) {
    for (const int usual : usual_sizes) {
      if (int(here) > usual) continue;
      if (!replies) return usual;
      const long before = long(page - 1) * usual, total = *replies + 1;
      if (exact ? total - before == long(here) : before < total && total <= before + usual) return usual;
    }
  }
  return std::max<int>(20, int(here));
}

void number_floors(Thread& thread, const ParsedPage& parsed, std::optional<long> replies, bool has_next) {
  const std::string url = canonical_url(parsed.page().url);
  const int page = page_number(url);
  int first = 1;
  if (const auto start = query_value(url, "start"); start && thread.engine == "phpbb") {
    if (start->size() < 7 && start->find_first_not_of("0123456789") == std::string_view::npos && !start->empty()) {
      first = std::stoi(std::string(*start)) + 1;
    }
  } else if (page > 1) {
    first = (page - 1) * posts_a_page(thread.posts.size(), replies, has_next, page) + 1;
  }
  for (std::size_t i = 0; i < thread.posts.size(); ++i) {
    Post& post = thread.posts[i];
    const int counted = i > 0 ? thread.posts[i - 1].floor + 1 : first;
    if (post.floor <= 0) post.floor = counted;
  }
}

// What stands above the posts: 查看: 1234 | 回复: 56.
Reach reach_of(const ParsedPage& parsed, const Thread& thread) {
  Reach reach;
  const NodeId first = thread.posts.front().node;
  for (const Line& line : parsed.view().lines) {
    if (first != no_node && line.node > parsed.dom().end(first)) break;
    if (line.words > 40) continue;
    if (!reach.views) reach.views = labelled_number(line.text, {"查看", "浏览", "阅读", "点击", "人气"});
    if (!reach.replies) reach.replies = labelled_number(line.text, {"回复", "回帖", "跟帖", "评论"});
  }
  return reach;
}

std::optional<PublishedDate> opening_date(const ParsedPage& parsed, const Thread& thread) {
  const StructuredArticle structured = structured_article(parsed.dom());
  Article opening;
  opening.title = page_title(parsed.view(), parsed.meta(), structured.headline);
  opening.body = thread.posts.front().body;
  opening.layer = "structured";  // where the body stands is not known line by line
  const DateSources sources{parsed.view(), parsed.meta(), structured, opening, parsed.page().url, {},
                            parsed.page().fetched_at};
  const std::optional<PublishedDate> date = published_date(sources, {});
  // On a page without an engine the moments that are shown are those of the replies.
  const bool of_a_reply = thread.engine == "records" && date &&
                          (date->origin == DateOrigin::visible || date->origin == DateOrigin::relative);
  return of_a_reply ? std::nullopt : date;
}

std::optional<Thread> find_thread(const ParsedPage& parsed, const Source& source, std::string& note) {
  if (!source.selectors.post.empty()) {
    if (auto thread = thread_by_rule(parsed, source.selectors, note)) return thread;
  }
  for (const auto engine : {discuz_thread, tieba_thread, flarum_thread, phpbb_thread, letter_thread}) {
    if (auto thread = engine(parsed)) return thread;
  }
  return thread_of_records(parsed, source.kind == SourceKind::board);
}

}  // namespace

std::vector<Line> post_lines(const ParsedPage& parsed, NodeId body) {
  const Dom& dom = parsed.dom();
  std::vector<bool> hidden = parsed.view().hidden;
  bool any = false;
  for (NodeId n = body + 1; n < dom.end(body); ++n) {
    if (dom.is_text(n) || hidden[std::size_t(n)] || !is_foreign(dom, n)) continue;
    hidden[std::size_t(n)] = any = true;
  }
  std::vector<Line> lines = lines_of(dom, hidden, body);
  // Somebody who only quotes says by it what he quotes.
  if (lines.empty() && any) lines = lines_of(dom, parsed.view().hidden, body);
  std::erase_if(lines, [](const Line& line) { return is_remark(line.text); });
  return lines;
}

std::string post_text(const ParsedPage& parsed, NodeId body) {
  std::string text;
  for (const Line& line : post_lines(parsed, body)) {
    if (!text.empty()) text.push_back('\n');
    text += line.text;
  }
  return text;
}

std::optional<Thread> thread_by_rule(const ParsedPage& parsed, const Selectors& selectors, std::string& note) {
  const Result<Selector> each = Selector::compile(selectors.post);
  if (!each) return std::nullopt;
  SelectorTree tree(parsed.dom());
  const std::vector<Found> records = tree.select(*each);
  if (records.empty()) {
    if (!note.empty()) note += "; ";
    note += "selector " + selectors.post + " matched nothing";
    return std::nullopt;
  }
  const auto inner = [&](const std::string& text, NodeId record) -> std::optional<Found> {
    if (text.empty()) return std::nullopt;
    const Result<Selector> selector = Selector::compile(text);
    if (!selector) return std::nullopt;
    const std::vector<Found> found = tree.select(*selector, record);
    return found.empty() ? std::nullopt : std::optional(found.front());
  };
  const auto shown = [&](const std::optional<Found>& found) -> std::string {
    if (!found) return {};
    return found->is_value ? folded(found->value) : label_of(parsed.dom(), parsed.view().hidden, found->node);
  };
  Thread thread;
  thread.engine = "rule";
  thread.confidence = 1.0;
  for (const Found& record : records) {
    if (record.is_value) continue;
    Post post;
    post.node = record.node;
    const std::optional<Found> body = inner(selectors.body, record.node);
    post.body = body && body->is_value ? folded(body->value) : post_text(parsed, body ? body->node : record.node);
    post.author = shown(inner(selectors.author, record.node));
    const std::string time = shown(inner(selectors.time, record.node));
    post.at = read_date(time, parsed.page().fetched_at);
    thread.posts.push_back(std::move(post));
  }
  if (thread.posts.empty()) return std::nullopt;
  return thread;
}

std::optional<Extracted> extract_thread(const ParsedPage& parsed, const Source& source, std::string_view salt,
                                        std::string& note) {
  std::optional<Thread> thread = find_thread(parsed, source, note);
  if (!thread) return std::nullopt;
  Extracted out;
  out.charset = parsed.charset();
  if (thread->posts.size() > posts_max) thread->posts.resize(posts_max);
  out.next_pages = next_pages(parsed, source.selectors.next, note);
  PagerEnds ends = pager_ends(parsed);
  out.previous_page = std::move(ends.previous);
  out.last_page = std::move(ends.last);
  out.posts = static_cast<int>(thread->posts.size());

  const Reach reach = reach_of(parsed, *thread);
  number_floors(*thread, parsed, reach.replies, !out.next_pages.empty());
  const std::string address = thread_address(*thread, parsed.page().url);
  const std::string title =
      !thread->title.empty()
          ? thread->title
          : page_title(parsed.view(), parsed.meta(), structured_article(parsed.dom()).headline).text;
  const int page = page_number(parsed.page().url);
  std::map<int, int> posts_of_floor;
  for (Post& post : thread->posts) {
    const int nth = ++posts_of_floor[post.floor];
    const bool opening = post.floor == 1 && nth == 1;
    if (post.body.empty() && !opening) continue;  // a picture or a smile alone
    Document document = blank_document(parsed, source, document_url(parsed.page().url));
    document.title = title;
    document.body = std::move(post.body);
    document.thread = ThreadPosition{address, post.floor, page};
    document.layer = "thread " + thread->engine;
    document.confidence = thread->confidence;
    if (post.at) {
      document.published_at = post.at->at;
      document.published_by = post.at->relative ? DateOrigin::relative : DateOrigin::visible;
      document.published_to_the_minute = post.at->to_the_minute;
    } else if (opening) {
      if (const auto date = opening_date(parsed, *thread)) {
        document.published_at = date->at;
        document.published_by = date->origin;
        document.published_to_the_minute = date->to_the_minute;
      }
    }
    document.modified_at = edited_at(parsed, post);
    if (opening) document.reach = reach;
    if (!post.author.empty()) {
      document.author_hash = stable_id(std::string(salt) + '\n' + address + '\n' + post.author);
    }
    seal(document);
    // Replies to a post may show its number, or numbers of their own: each still is a document.
    document.id = document_id(nth == 1 ? address : address + "#" + std::to_string(nth), post.floor);
    out.documents.push_back(std::move(document));
  }
  out.note = note;
  return out;
}

}  // namespace tingchao::crawler
