#pragma once
// Where on a page the article is, from its lines alone: prose weighs for, navigation, lists of links,
// hints in class names and the phrases of page furniture weigh against. A subtree's worth is the sum
// over its lines, and the subtree that is worth most is the article: with document order as the only
// index that is two prefix sums and one pass (after Sun et al., DOM Based Content Extraction via Text
// Density, 2011, and the maximum subsequence of Pasternack & Roth, 2009; weights are our own).

#include <optional>
#include <string_view>
#include <vector>

#include "crawler/extract/page_text.h"

namespace tingchao::crawler {

struct Passage {
  NodeId node = no_node;             // the subtree chosen
  std::vector<std::size_t> lines;    // of it, those that belong to the article, in order
  double worth = 0;
  double share = 0;                  // of all prose on the page that is in it, 0…1
};

// Sums of worths over subtrees.
class WorthSums {
 public:
  WorthSums(const PageView& page, const std::vector<double>& worths);
  double of(const PageView::Range& range) const { return sums_[range.end] - sums_[range.begin]; }
  double of(NodeId node) const { return of(page_.lines_in(node)); }

 private:
  const PageView& page_;
  std::vector<double> sums_;
};

// The worth of each line. The title's line, where known, tells a second article on the page (an
// endless page, a recommendation in full) from the one that is meant.
std::vector<double> line_worths(const PageView& page, std::optional<std::size_t> title_line);

// The densest subtree, or an empty passage when the page has no prose at all. With the title's line
// known, the article is what surrounds the first prose below it, unless that is next to nothing.
Passage densest(const PageView& page, const std::vector<double>& worths, std::optional<std::size_t> title_line);

// The lines of that subtree that belong to the article: without link lists, tools and what follows it.
Passage passage_of(const PageView& page, const std::vector<double>& worths, NodeId node,
                   std::optional<std::size_t> title_line);

std::string body_of(const PageView& page, const Passage& passage);

// What stands at the foot of every page, by its words.
bool is_furniture(const Line& line);

// Class names and ids as a hint: > 0 article, < 0 furniture, 0 none.
int hint_of(const Dom& dom, NodeId node);

}  // namespace tingchao::crawler
