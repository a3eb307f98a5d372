#pragma once
// Addresses without end: calendars that have a page for every month of every year, paths that grow by
// themselves, sorts and filters multiplied by one another. Pure; a UrlYield belongs to one thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/time.h"

namespace tingchao::crawler {

// What makes a trap of a canonical address, for people; empty: nothing does.
std::string trap_in(std::string_view url, Time now);

// The address with what differs between pages of one kind blotted out: "bbs.a.cn/thread-#-#-#.html".
std::string url_pattern(std::string_view url);

// What the addresses of one pattern brought so far. A pattern of which 30 pages in a row brought nothing is
// barren: from then on one page in 20 is read, until one brings something.
class UrlYield {
 public:
  bool worth_reading(const std::string& pattern);
  void read(const std::string& pattern, int documents_new);
  std::size_t patterns() const { return barren_.size(); }

  // What is worth keeping over a restart is whether a pattern is barren. The first question about a pattern
  // gives true: then what was kept is to be given back.
  bool is_new(const std::string& pattern);
  void restore_barren(const std::string& pattern);
  bool barren(const std::string& pattern) const;

 private:
  struct Count {
    int empty_in_a_row = 0, skipped = 0;
  };
  std::unordered_set<std::string> asked_;
  std::unordered_map<std::string, Count> barren_;  // those whose last page brought nothing
};

}  // namespace tingchao::crawler
