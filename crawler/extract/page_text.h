#pragma once
// What a reader sees of a page: its lines, in order, each with where it stands in the tree and what it
// is made of. Blocks and <br> break lines; scripts, form controls and hidden text are left out, among
// it the noise that forums mix into posts to spoil copying. Everything else in extract/ decides over
// these lines, never over markup again.

#include <string>
#include <string_view>
#include <vector>

#include "crawler/extract/dom.h"

namespace tingchao::crawler {

struct Line {
  NodeId node = 0;       // the text node it begins in
  NodeId last = 0;       // … and ends in
  std::string text;      // white space folded, none at the ends
  int han = 0;           // Han characters
  int words = 0;         // Han characters and words or numbers of other scripts
  int linked = 0;        // those of `words` that are inside a link
  int marks = 0;         // punctuation of sentences: ，。；：！？、…
};

// <noscript> is for readers without scripts: seen on pages that show next to nothing else.
enum class Noscript { hidden, seen };

// Hidden nodes: not seen, together with all below them.
std::vector<bool> hidden_nodes(const Dom& dom, Noscript noscript = Noscript::hidden);

// Lines of the subtree; nodes of `hidden` are left out with all below them.
std::vector<Line> lines_of(const Dom& dom, const std::vector<bool>& hidden, NodeId within = 0);

// A parsed page with what is seen of it, computed once.
struct PageView {
  explicit PageView(const Dom& parsed);

  // Lines that begin in the subtree, as a range of indices.
  struct Range {
    std::size_t begin = 0, end = 0;
    bool empty() const { return begin >= end; }
  };
  Range lines_in(NodeId node) const;

  const Dom& dom;
  std::vector<bool> hidden;
  std::vector<Line> lines;
};

// The subtree's text, a line each.
std::string text_of(const Dom& dom, const std::vector<bool>& hidden, NodeId within);
// The same on one line.
std::string label_of(const Dom& dom, const std::vector<bool>& hidden, NodeId within);

// White space of every kind folded to single blanks, zero-width characters dropped.
std::string folded(std::string_view text);

}  // namespace tingchao::crawler
