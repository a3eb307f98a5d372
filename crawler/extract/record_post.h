#pragma once
// One post out of the record that a time stamp stands in: who speaks and what, without the buttons, counters
// and profile lines around it. See thread_records.cpp for how records are found.

#include <string>
#include <vector>

#include "crawler/extract/thread.h"

namespace tingchao::crawler {

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

// The name that stands in the nodes behind `before` up to `end`, by the classes and addresses that names have.
std::string author_of(const ParsedPage& parsed, NodeId before, NodeId end);

// Buttons and counters around a post.
bool is_tool(const Line& line);

// The post of that record; its body is empty when the record holds the stamp's line alone.
Post post_of(const ParsedPage& parsed, const Stamp& stamp);

// The same for a stamp alone in a post's head or foot, where replies hang below the post within one element: its
// text stands between this stamp and the one before or behind it. `taken`: nodes in records that hold their text.
void look_beside(const ParsedPage& parsed, const Stretch& stretch, const std::vector<bool>& taken, Post& post);

// The same where no name of an element tells its text: the lines behind the stamp, up to the next.
void look_behind(const ParsedPage& parsed, const Stretch& stretch, const std::vector<bool>& taken, Post& post);

}  // namespace tingchao::crawler
