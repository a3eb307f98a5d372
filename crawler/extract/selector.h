#pragma once
// The language in which a source says where things are: a subset of CSS, or XPath 1.0 when it starts
// with '/' or '('. CSS becomes XPath, and libxml2 evaluates it on a copy of the tree that is made when
// the first selector asks for it.
//
//   tag  *  #id  .class  [a]  [a=v]  [a^=v]  [a$=v]  [a*=v]  [a~=v]
//   A B   A > B   A + B   A ~ B   A, B
//   :first-child  :last-child  :nth-child(2|odd|even|2n+1)  :not(.x)  :contains("下一页")
//   A@href     the attribute instead of the text

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "crawler/extract/dom.h"

namespace tingchao::crawler {

class Selector {
 public:
  // Fails with bad_rule; the detail is "column 7: …".
  static Result<Selector> compile(std::string_view text);

  const std::string& xpath() const { return xpath_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_, xpath_;
};

// What a selector found: an element, or the value of one of its attributes.
struct Found {
  NodeId node = no_node;
  std::string value;        // of the attribute, when is_value
  bool is_value = false;
};

// The tree as libxml2 sees it. Not to be shared between threads.
class SelectorTree {
 public:
  explicit SelectorTree(const Dom& dom);
  ~SelectorTree();
  SelectorTree(const SelectorTree&) = delete;
  SelectorTree& operator=(const SelectorTree&) = delete;

  // In document order; at most `found_max`. An expression that costs too much finds nothing.
  std::vector<Found> select(const Selector& selector, NodeId within = 0);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

inline constexpr std::size_t found_max = 20'000;

}  // namespace tingchao::crawler
