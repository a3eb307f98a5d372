#pragma once
// In which order the pages of a thread are read, so that each is fetched once and the newest replies come
// first.
//
// A thread met for the first time: its first page, for the opening post, then the last page and from there
// back. A thread that was read before is opened at the page that was its last then, which has the replies
// since, or at the one behind it when that was full; if it grew by more than one page, the new last page
// follows, and from there back. What a visit's limit cuts off is a gap, which the next visits read when they
// have the new replies. Where a page tells neither its last nor its previous page, the pages are read in
// order. Pure: the caller fetches what next() names and tells what came.

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::crawler {

// Pages of one thread that are read backwards in all; what lies further back stays unread.
inline constexpr int thread_pages_back_max = 1000;

// What a page says of its thread; see Extracted.
struct PageTurn {
  std::vector<std::string> next;
  std::string previous, last;  // empty: not said
  int posts = 0;               // posts on it, known ones too
  int posts_new = 0;           // posts on it that were not known before
};

// What is kept of a thread between two visits, and after each page of one, so that a process that dies goes
// on there.
struct ThreadMemory {
  std::string furthest;  // the last page that was read, in the thread's order; empty: none
  std::string ahead;     // the page behind it: named by it, or guessed because it was full; empty: neither
  bool guessed = false;
  int full = 0;        // posts on a page that has another behind it; 0: never seen
  int pages_back = 0;  // read backwards so far
  // Pages not read yet, from `at` back to the one behind `until`.
  struct Gap {
    std::string at, until;
  };
  std::vector<Gap> gaps;

  std::string to_text() const;
  // Of anything else: an empty memory. A line alone is a furthest page.
  static ThreadMemory from_text(std::string_view text);
};

class ThreadWalk {
 public:
  // `remembered`: memory() of the last walk, or empty. No more than `pages_max` pages are named.
  ThreadWalk(std::string start, ThreadMemory remembered, std::size_t pages_max);

  // The address to fetch now; nothing when the walk is over.
  std::optional<std::string> next() const;
  // Is the page at next(), which said this, the one that was meant? A board answers a page behind the last
  // one with its last: then the page must not be kept, and gone() is due.
  bool is_meant(const PageTurn& said) const;
  // The page at next() was read.
  void turn(const PageTurn& said);
  // The page at next() is no more: a thread may shrink. False when that ends the walk in failure.
  bool gone();

  // What is known now.
  ThreadMemory memory() const;
  // The limit ended the walk: there are pages left.
  bool cut() const { return !due_.empty() || !memory_.gaps.empty(); }

 private:
  enum class Course { opening, forward, back };
  void begin();
  void forward(const std::vector<std::string>& pages);
  void jump(const std::string& here, const PageTurn& said);
  void back(const std::string& here, const PageTurn& said);
  void open_gap();
  void go_beyond(const PageTurn& said);
  void reach(const std::string& here, const PageTurn& said);
  bool seen(const std::string& url) const;

  std::string start_, until_;  // where the way back ends
  std::size_t pages_max_;
  ThreadMemory memory_;
  Course course_ = Course::opening;
  bool returning_ = false;           // at the page where a known thread is opened
  bool known_ = false;               // the opening page had nothing new
  std::vector<std::string> forth_;   // what stands behind the page from which the walk jumped to the last
  std::vector<std::string> beyond_;  // pages that came to be while the walk was on
  std::deque<std::string> due_;
  std::vector<std::string> read_;
};

}  // namespace tingchao::crawler
