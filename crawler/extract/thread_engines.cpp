// Discuz!, Tieba, phpBB and Flarum. Each is told by the ids and classes that its stock templates give
// to a post's body; from the body outwards the post's record is found, and in it author, time, floor.

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "core/json.h"
#include "core/utf8.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/thread.h"

namespace tingchao::crawler {
namespace {

std::string label(const ParsedPage& parsed, NodeId n) {
  return n == no_node ? std::string() : label_of(parsed.dom(), parsed.view().hidden, n);
}

std::optional<DateReading> date_of(const ParsedPage& parsed, std::string_view text) {
  return read_date(text, parsed.page().fetched_at);
}

int number_in(std::string_view text) {
  long value = 0;
  bool any = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9' && value < 10'000'000) {
      value = value * 10 + (c - '0');
      any = true;
    } else if (any) {
      break;
    }
  }
  return int(value);
}

// Discuz! names the first floors; a board may rename them, but hardly ever these.
int discuz_floor(std::string_view text) {
  static constexpr std::pair<std::string_view, int> names[] = {{"楼主", 1}, {"沙发", 2}, {"板凳", 3}, {"地板", 4}};
  for (const auto& [name, floor] : names) {
    if (text.find(name) != std::string_view::npos) return floor;
  }
  return number_in(text);
}

// "发表于 6 天前" carries the moment in the title of a span.
std::optional<DateReading> discuz_time(const ParsedPage& parsed, NodeId stamp) {
  const Dom& dom = parsed.dom();
  if (stamp == no_node) return std::nullopt;
  for (NodeId n = stamp; n < dom.end(stamp); ++n) {
    if (const auto date = date_of(parsed, dom.attribute(n, "title"))) return date;
  }
  return date_of(parsed, label(parsed, stamp));
}

std::string discuz_author(const ParsedPage& parsed, NodeId record) {
  const Dom& dom = parsed.dom();
  for (NodeId n = record + 1; n < dom.end(record); ++n) {
    if (dom.tag(n) != Tag::a) continue;
    const std::string_view href = dom.attribute(n, "href");
    const bool space =
        href.find("mod=space") != std::string_view::npos || href.find("space-uid") != std::string_view::npos;
    if (!space) continue;
    const std::string name = label(parsed, n);
    if (!name.empty()) return name;
  }
  return {};
}

// What a JSON pointer leads to, when it is of that type.
std::string_view text_at(const boost::json::value& value, std::string_view pointer) {
  boost::json::error_code failed;
  const boost::json::value* const found = value.find_pointer(pointer, failed);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}
int number_at(const boost::json::value& value, std::string_view pointer) {
  boost::json::error_code failed;
  const boost::json::value* const found = value.find_pointer(pointer, failed);
  return found && found->is_int64() && found->get_int64() > 0
             ? int(std::min<std::int64_t>(found->get_int64(), 1 << 24))
             : 0;
}

}  // namespace

std::optional<Thread> discuz_thread(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  Thread thread;
  thread.engine = "discuz";
  for (NodeId n = 0; n < dom.size() && thread.posts.size() < posts_max; ++n) {
    const std::string_view id = dom.attribute(n, "id");
    if (!id.starts_with("postmessage_")) continue;
    const std::string_view pid = trailing_digits(id);
    if (pid.empty() || pid.size() + 12 != id.size() || parsed.view().hidden[std::size_t(n)]) continue;
    const NodeId record = around(dom, n, [&](NodeId at) {
      const std::string_view other = dom.attribute(at, "id");
      return trailing_digits(other) == pid && (other.starts_with("pid") || other.starts_with("post_"));
    });
    const NodeId within = record != no_node ? record : std::max(dom.parent(n), Dom::root());
    Post post;
    post.node = within;
    post.body = post_text(parsed, n);
    post.at = discuz_time(parsed, first_of_id(dom, within, "authorposton"));
    post.author = discuz_author(parsed, within);
    const NodeId floor = first_of_id(dom, within, "postnum");
    if (floor != no_node) post.floor = discuz_floor(label(parsed, floor));
    thread.posts.push_back(std::move(post));
    n = dom.end(n) - 1;
  }
  if (thread.posts.empty()) return std::nullopt;
  const NodeId subject = first_of_id(dom, 0, "thread_subject");
  thread.title = label(parsed, subject);
  return thread;
}

std::optional<Thread> tieba_thread(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  Thread thread;
  thread.engine = "tieba";
  for (NodeId n = 0; n < dom.size() && thread.posts.size() < posts_max; ++n) {
    if (dom.is_text(n) || !dom.has_class(n, "l_post")) continue;
    Post post;
    post.node = n;
    const NodeId body = first_of_class(dom, n, "d_post_content");
    if (body == no_node) continue;
    post.body = post_text(parsed, body);
    const NodeId author = first_of_class(dom, n, "p_author_name");
    post.author = label(parsed, author);
    for (NodeId tail = n + 1; tail < dom.end(n); ++tail) {
      if (dom.is_text(tail) || !dom.has_class(tail, "tail-info")) continue;
      const std::string text = label(parsed, tail);
      if (text.find("楼") != std::string::npos) {
        post.floor = number_in(text);
      } else if (const auto date = date_of(parsed, text)) {
        post.at = date;
      }
    }
    // The same and more as JSON, which older templates have alone.
    const auto field = parse_json(dom.attribute(n, "data-field"));
    if (field) {
      if (post.floor == 0) post.floor = number_at(*field, "/content/post_no");
      if (!post.at) post.at = date_of(parsed, text_at(*field, "/content/date"));
      if (post.author.empty()) post.author = text_at(*field, "/author/user_name");
    }
    thread.posts.push_back(std::move(post));
    n = dom.end(n) - 1;
  }
  if (thread.posts.empty()) return std::nullopt;
  const NodeId title = first_of_class(dom, 0, "core_title_txt");
  if (title != no_node) {
    const std::string_view whole = dom.attribute(title, "title");
    thread.title = whole.empty() ? label(parsed, title) : folded(whole);
  }
  return thread;
}

std::optional<Thread> phpbb_thread(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  Thread thread;
  thread.engine = "phpbb";
  for (NodeId n = 0; n < dom.size() && thread.posts.size() < posts_max; ++n) {
    const std::string_view id = dom.attribute(n, "id");
    if (dom.is_text(n) || !dom.has_class(n, "post") || !id.starts_with("p") ||
        trailing_digits(id).size() + 1 != id.size()) {
      continue;
    }
    const NodeId frame = first_of_class(dom, n, "postbody");
    const NodeId body = frame != no_node ? first_of_class(dom, frame, "content") : no_node;
    if (body == no_node) continue;
    Post post;
    post.node = n;
    post.body = post_text(parsed, body);
    for (const char* name : {"username", "username-coloured"}) {
      if (post.author.empty()) post.author = label(parsed, first_of_class(dom, n, name));
    }
    const NodeId line = first_of_class(dom, frame, "author");
    if (line != no_node) {
      const NodeId time = dom.find(Tag::time, line);
      if (time != no_node) post.at = date_of(parsed, dom.attribute(time, "datetime"));
      if (!post.at) post.at = date_of(parsed, label(parsed, line));
    }
    thread.posts.push_back(std::move(post));
    n = dom.end(n) - 1;
  }
  if (thread.posts.empty()) return std::nullopt;
  const NodeId title = first_of_class(dom, 0, "topic-title");
  thread.title = label(parsed, title);
  return thread;
}

namespace {

// Flarum draws its page by script; what it draws from is in the page as JSON.
std::optional<Thread> flarum_payload(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  const NodeId script = first_of_id(dom, 0, "flarum-json-payload");
  const NodeId content = script != no_node ? dom.first_child(script) : no_node;
  if (content == no_node) return std::nullopt;
  const auto payload = parse_json(dom.text(content));
  if (!payload) return std::nullopt;
  boost::json::error_code failed;
  const auto* included = payload->find_pointer("/apiDocument/included", failed);
  if (!included || !included->is_array()) return std::nullopt;
  Thread thread;
  thread.engine = "flarum";
  for (const auto& item : included->get_array()) {
    const std::string_view html = text_at(item, "/attributes/contentHtml");
    if (text_at(item, "/type") != "posts" || html.empty()) continue;
    const Dom piece = Dom::parse(std::string(html));
    Post post;
    post.body = text_of(piece, hidden_nodes(piece), 0);
    post.floor = number_at(item, "/attributes/number");
    post.at = date_of(parsed, text_at(item, "/attributes/createdAt"));
    post.author = text_at(item, "/relationships/user/data/id");
    thread.posts.push_back(std::move(post));
  }
  if (thread.posts.empty()) return std::nullopt;
  std::sort(thread.posts.begin(), thread.posts.end(), [](const Post& a, const Post& b) { return a.floor < b.floor; });
  return thread;
}

}  // namespace

std::optional<Thread> flarum_thread(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  Thread thread;
  thread.engine = "flarum";
  for (NodeId n = 0; n < dom.size() && thread.posts.size() < posts_max; ++n) {
    if (dom.is_text(n) || !dom.has_class(n, "Post-body")) continue;
    const bool plain = parsed.view().hidden[std::size_t(n)];  // the copy for readers without scripts
    const NodeId record = around(dom, n, [&](NodeId at) { return dom.tag(at) == Tag::article; });
    if (record == no_node || plain) continue;
    Post post;
    post.node = record;
    post.body = post_text(parsed, n);
    post.author = label(parsed, first_of_class(dom, record, "username"));
    const NodeId time = dom.find(Tag::time, record);
    if (time != no_node) post.at = date_of(parsed, dom.attribute(time, "datetime"));
    const NodeId item = around(dom, record, [&](NodeId at) { return dom.has_attribute(at, "data-number"); });
    if (item != no_node) post.floor = number_in(dom.attribute(item, "data-number"));
    thread.posts.push_back(std::move(post));
    n = dom.end(n) - 1;
  }
  if (!thread.posts.empty()) return thread;
  return flarum_payload(parsed);
}

}  // namespace tingchao::crawler
