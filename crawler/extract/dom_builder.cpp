// The tree construction of the HTML standard, less what only matters for drawing: implied end tags,
// scopes, misplaced end tags and nested links are handled; foster parenting and the restoring of
// fonts are not. A misnested link, <a><h3>…</a>…</h3>, is closed by opening its inner blocks anew
// behind it, for a link that ran on would look like a page of nothing but navigation.

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/utf8.h"
#include "crawler/extract/dom.h"

namespace tingchao::crawler {
namespace {

// Start tags that end an open paragraph.
bool closes_paragraph(Tag tag) {
  switch (tag) {
    case Tag::li: case Tag::dd: case Tag::dt: case Tag::option: case Tag::optgroup: case Tag::tr: case Tag::tbody:
    case Tag::thead: case Tag::tfoot: case Tag::caption: case Tag::legend: case Tag::body: case Tag::html:
      return false;
    default:
      return is_block(tag);
  }
}

// An element beyond which an implied or explicit end tag does not reach.
bool is_scope(Tag tag) {
  switch (tag) {
    case Tag::html: case Tag::body: case Tag::table: case Tag::td: case Tag::th: case Tag::caption:
    case Tag::object: case Tag::applet: case Tag::marquee: case Tag::template_: case Tag::svg:
      return true;
    default:
      return false;
  }
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos; }

}  // namespace

class DomBuilder {
 public:
  explicit DomBuilder(Dom& dom) : dom_(dom) {
    push(Tag::html, {});
    push(Tag::head, {});
  }

  void run(HtmlTokens& tokens) {
    HtmlToken token;
    while (tokens.next(token)) {
      if (dom_.nodes_.size() >= nodes_max || dom_.attributes_.size() >= 4 * nodes_max) {
        dom_.is_cut_ = true;
        break;
      }
      switch (token.kind) {
        case HtmlToken::Kind::text: text(token.text); break;
        case HtmlToken::Kind::start: start(token); break;
        case HtmlToken::Kind::end: end(token); break;
      }
    }
    need_body();
    while (!stack_.empty()) pop();
  }

 private:
  Tag top() const { return dom_.tag(stack_.back()); }

  NodeId add(Tag tag, std::string_view text) {
    Dom::Node node;
    node.tag = tag;
    node.text = text;
    node.parent = stack_.empty() ? no_node : stack_.back();
    node.attributes = node.attributes_end = std::uint32_t(dom_.attributes_.size());
    const NodeId id = dom_.size();
    node.end = id + 1;
    dom_.nodes_.push_back(node);
    return id;
  }
  NodeId push(Tag tag, std::string_view name) {
    const NodeId id = add(tag, name);
    enter(id);
    return id;
  }
  void enter(NodeId id) {
    stack_.push_back(id);
    ++open_count_[std::size_t(dom_.tag(id))];
  }
  void pop() {
    dom_.nodes_[std::size_t(stack_.back())].end = dom_.size();
    --open_count_[std::size_t(top())];
    stack_.pop_back();
  }
  void pop_to(std::size_t depth) {
    while (stack_.size() > depth) pop();
  }

  void need_body() {
    if (in_body_) return;
    pop_to(1);
    dom_.body_ = push(Tag::body, {});
    in_body_ = true;
  }

  void text(std::string_view text) {
    if (text.empty()) return;
    if (!in_body_ && stack_.size() == 2) {  // directly in head
      if (is_blank(text)) return;
      need_body();
    }
    add(Tag::text, text);
  }

  void add_attributes(NodeId id, const std::vector<HtmlAttribute>& attributes) {
    Dom::Node& node = dom_.nodes_[std::size_t(id)];
    node.attributes = std::uint32_t(dom_.attributes_.size());
    dom_.attributes_.insert(dom_.attributes_.end(), attributes.begin(), attributes.end());
    node.attributes_end = std::uint32_t(dom_.attributes_.size());
  }

  // The place in the stack of the innermost open element among `tags`, not looking beyond a scope
  // or any of `barriers`; 0 (never a place to close) when there is none.
  std::size_t open(std::initializer_list<Tag> tags, std::initializer_list<Tag> barriers = {}) const {
    if (std::none_of(tags.begin(), tags.end(), [this](Tag tag) { return open_count_[std::size_t(tag)] > 0; })) return 0;
    for (std::size_t i = stack_.size(); i-- > 1;) {
      const Tag tag = dom_.tag(stack_[i]);
      if (std::find(tags.begin(), tags.end(), tag) != tags.end()) return i;
      if (is_scope(tag) || std::find(barriers.begin(), barriers.end(), tag) != barriers.end()) return 0;
    }
    return 0;
  }
  void close(std::initializer_list<Tag> tags, std::initializer_list<Tag> barriers = {}) {
    if (const std::size_t place = open(tags, barriers)) pop_to(place);
  }
  // Within a table the cells are no barrier, only the table is.
  void close_in_table(std::initializer_list<Tag> tags) {
    for (std::size_t i = stack_.size(); i-- > 1;) {
      const Tag tag = dom_.tag(stack_[i]);
      if (tag == Tag::table || tag == Tag::template_ || tag == Tag::html || tag == Tag::body) return;
      if (std::find(tags.begin(), tags.end(), tag) == tags.end()) continue;
      pop_to(i);
      return;
    }
  }

  void imply_ends(Tag tag) {
    if (closes_paragraph(tag)) close({Tag::p}, {Tag::button});
    switch (tag) {
      case Tag::li: close({Tag::li}, {Tag::ul, Tag::ol, Tag::menu, Tag::dir}); break;
      case Tag::dd: case Tag::dt: close({Tag::dd, Tag::dt}, {Tag::dl}); break;
      case Tag::option: case Tag::optgroup: close({Tag::option}, {Tag::select}); break;
      case Tag::td: case Tag::th: close_in_table({Tag::td, Tag::th}); break;
      case Tag::tr: close_in_table({Tag::tr}); break;
      case Tag::tbody: case Tag::thead: case Tag::tfoot: close_in_table({Tag::tbody, Tag::thead, Tag::tfoot}); break;
      case Tag::a: close_link(); break;
      default:
        if (is_heading(tag) && is_heading(top())) pop();
    }
  }

  void start(const HtmlToken& token) {
    const Tag tag = token.tag;
    if (tag == Tag::html) {
      if (dom_[0].attributes == dom_[0].attributes_end) add_attributes(0, token.attributes);
      return;
    }
    if (tag == Tag::head || tag == Tag::frameset) return;
    if (tag == Tag::body) {
      if (in_body_) return;
      need_body();
      add_attributes(dom_.body_, token.attributes);
      return;
    }
    if (!in_body_) {
      switch (tag) {
        case Tag::meta: case Tag::title: case Tag::link: case Tag::script: case Tag::style: case Tag::base:
        case Tag::noscript: case Tag::template_: break;
        default:
          if (open({Tag::noscript, Tag::template_}) == 0) need_body();
      }
    }
    imply_ends(tag);
    const bool leaf = is_void(tag) || (token.self_closing && tag == Tag::other);
    const NodeId id = add(tag, tag == Tag::other ? token.name : std::string_view());
    add_attributes(id, token.attributes);
    if (leaf) return;
    if (stack_.size() < std::size_t(depth_max)) {
      enter(id);
    } else {
      ++flattened_;
    }
  }

  void end(const HtmlToken& token) {
    const Tag tag = token.tag;
    if (tag == Tag::html || tag == Tag::body || is_void(tag)) {
      if (tag == Tag::br) {
        need_body();
        add(Tag::br, {});
      }
      return;
    }
    if (tag == Tag::head) {
      need_body();
      return;
    }
    if (flattened_ > 0) {
      --flattened_;
      return;
    }
    switch (tag) {
      case Tag::a: close_link(); return;
      case Tag::table: case Tag::tbody: case Tag::thead: case Tag::tfoot: case Tag::tr: case Tag::td: case Tag::th:
        end_in_table(tag);
        return;
      case Tag::p:
        if (open({Tag::p}, {Tag::button}) == 0 && in_body_) add(Tag::p, {});
        close({Tag::p}, {Tag::button});
        return;
      case Tag::h1: case Tag::h2: case Tag::h3: case Tag::h4: case Tag::h5: case Tag::h6:
        close({Tag::h1, Tag::h2, Tag::h3, Tag::h4, Tag::h5, Tag::h6});
        return;
      default: end_any(token);
    }
  }

  void end_in_table(Tag tag) {
    for (std::size_t i = stack_.size(); i-- > 1;) {
      const Tag here = dom_.tag(stack_[i]);
      if (here == tag) {
        pop_to(i);
        return;
      }
      if (here == Tag::table || here == Tag::template_ || here == Tag::body) return;
    }
  }

  // The innermost element of that name; a misplaced end of formatting does not end the blocks in it.
  void end_any(const HtmlToken& token) {
    if (open_count_[std::size_t(token.tag)] == 0) return;
    for (std::size_t i = stack_.size(); i-- > 1;) {
      const Dom::Node& node = dom_[stack_[i]];
      if (node.tag == token.tag && (node.tag != Tag::other || node.text == token.name)) {
        pop_to(i);
        return;
      }
      const bool gentle = is_formatting(token.tag) || token.tag == Tag::other || token.tag == Tag::form;
      if (is_scope(node.tag) || (gentle && is_block(node.tag))) return;
      if (token.tag == Tag::li && (node.tag == Tag::ul || node.tag == Tag::ol)) return;
    }
  }

  void close_link() {
    const std::size_t place = open({Tag::a});
    if (place == 0) return;
    constexpr std::size_t reopened_max = 8;
    std::vector<NodeId> inner;
    for (std::size_t i = place + 1; i < stack_.size(); ++i) {
      if (is_block(dom_.tag(stack_[i]))) inner.push_back(stack_[i]);
    }
    if (inner.size() > reopened_max || dom_.nodes_.size() + inner.size() >= nodes_max) return;
    pop_to(place);
    for (const NodeId original : inner) {
      const Dom::Node node = dom_[original];
      const NodeId again = push(node.tag, node.text);
      dom_.nodes_[std::size_t(again)].attributes = node.attributes;
      dom_.nodes_[std::size_t(again)].attributes_end = node.attributes_end;
    }
  }

  Dom& dom_;
  std::vector<NodeId> stack_;
  std::array<int, 256> open_count_{};  // of each tag on the stack, to look for none that is not there
  bool in_body_ = false;
  std::size_t flattened_ = 0;  // open elements beyond depth_max
};

Dom Dom::parse(std::string html) {
  Dom dom;
  if (html.size() > dom_bytes_max) {
    html.resize(cut_bytes(html, dom_bytes_max).size());
    dom.is_cut_ = true;
  }
  dom.buffer_ = std::make_unique<char[]>(html.size() + 1);
  std::copy(html.begin(), html.end(), dom.buffer_.get());
  dom.nodes_.reserve(std::min(html.size() / 24 + 16, nodes_max));
  HtmlTokens tokens(dom.buffer_.get(), html.size());
  DomBuilder(dom).run(tokens);
  return dom;
}

}  // namespace tingchao::crawler
