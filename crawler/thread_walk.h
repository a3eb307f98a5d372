#pragma once
// In which order the pages of a thread are read, so that each is fetched once and the newest replies come first.
//
// A thread met for the first time: its first page, for the opening post, then the last page and from there back.
// A thread that was read before is opened at the page that was its last then, which has the replies since, and
// followed from there. Where a page tells neither its last nor its previous page, the pages are read in order.
// Pure: the caller fetches what next() names and tells what came.

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace tingchao::crawler {

// What a page says of its thread; see Extracted.
struct PageTurn {
  std::vector<std::string> next;
  std::string previous, last;  // empty: not said
  int posts_new = 0;           // posts on it that were not known before
};

class ThreadWalk {
 public:
  // `remembered`: furthest() of the last complete walk, or empty. No more than `pages_max` pages are named.
  ThreadWalk(std::string start, std::string remembered, std::size_t pages_max);

  // The address to fetch now; nothing when the walk is over.
  std::optional<std::string> next() const;
  // The page at next() was read.
  void turn(const PageTurn& said);
  // The page at next() is no more: a thread may shrink. False when that ends the walk in failure.
  bool gone();

  // The thread's last page, once the walk is over: where to begin the next time. Empty when it was not reached.
  const std::string& furthest() const { return furthest_; }

 private:
  enum class Course { opening, forward, back };
  void begin();
  void forward(const std::vector<std::string>& pages);
  void back(const std::string& here, const PageTurn& said);
  bool seen(const std::string& url) const;

  std::string start_, remembered_, furthest_;
  std::size_t pages_max_;
  Course course_ = Course::opening;
  std::deque<std::string> due_;
  std::vector<std::string> read_;
  PageTurn opening_;  // what the first page said
};

}  // namespace tingchao::crawler
