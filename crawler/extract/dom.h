#pragma once
// A page as a tree in one flat array, in document order: a node's descendants are the numbers from
// the one behind it up to its end. So nothing here ever recurses, a subtree's text is a slice, and
// the sum of anything over a subtree is the difference of two prefix sums.
//
// Building never fails and is bounded in time and memory whatever the bytes are: the tree is at most
// depth_max deep (deeper elements lie beside one another, their text is kept) and has at most
// nodes_max nodes.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/extract/html_tokens.h"
#include "crawler/extract/tag.h"

namespace tingchao::crawler {

using NodeId = std::int32_t;
inline constexpr NodeId no_node = -1;

inline constexpr int depth_max = 512;              // as browsers do; real pages reach 49
inline constexpr std::size_t nodes_max = 400'000;  // real pages reach 28,000
inline constexpr std::size_t dom_bytes_max = 16u << 20;

class Dom {
 public:
  struct Node {
    Tag tag = Tag::text;
    NodeId parent = no_node;
    NodeId end = 0;         // one past the last descendant
    std::string_view text;  // of a text node; of Tag::other: its name
    std::uint32_t attributes = 0, attributes_end = 0;
  };

  // `html` is valid UTF-8. Node 0 is always html; head() and body() always exist.
  static Dom parse(std::string html);

  NodeId size() const { return NodeId(nodes_.size()); }
  static constexpr NodeId root() { return 0; }
  NodeId head() const { return 1; }
  NodeId body() const { return body_; }
  // Some of the page was left out: it was larger than the limits above.
  bool is_cut() const { return is_cut_; }

  const Node& operator[](NodeId n) const { return nodes_[std::size_t(n)]; }
  Tag tag(NodeId n) const { return (*this)[n].tag; }
  bool is_text(NodeId n) const { return tag(n) == Tag::text; }
  NodeId parent(NodeId n) const { return (*this)[n].parent; }
  NodeId end(NodeId n) const { return (*this)[n].end; }
  bool contains(NodeId ancestor, NodeId n) const { return n >= ancestor && n < end(ancestor); }

  NodeId first_child(NodeId n) const { return n + 1 < end(n) ? n + 1 : no_node; }
  NodeId next_sibling(NodeId n) const {
    const NodeId next = end(n);
    return parent(n) != no_node && next < end(parent(n)) ? next : no_node;
  }

  std::string_view text(NodeId n) const { return is_text(n) ? (*this)[n].text : std::string_view(); }
  std::string_view name(NodeId n) const;
  std::span<const HtmlAttribute> attributes(NodeId n) const;
  // Empty when the element has none.
  std::string_view attribute(NodeId n, std::string_view name) const;
  bool has_attribute(NodeId n, std::string_view name) const;
  bool has_class(NodeId n, std::string_view class_name) const;

  // The first element of that kind in document order within `within`, or no_node.
  NodeId find(Tag tag, NodeId within = 0) const;

 private:
  friend class DomBuilder;
  std::unique_ptr<char[]> buffer_;  // every view points into it or at constants
  std::vector<Node> nodes_;
  std::vector<HtmlAttribute> attributes_;
  NodeId body_ = 2;
  bool is_cut_ = false;
};

}  // namespace tingchao::crawler
