#include "crawler/thread_walk.h"

#include <algorithm>

namespace tingchao::crawler {

ThreadWalk::ThreadWalk(std::string start, std::string remembered, std::size_t pages_max)
    : start_(std::move(start)), remembered_(std::move(remembered)), pages_max_(pages_max) {
  if (remembered_.empty() || remembered_ == start_) {
    begin();
  } else {
    course_ = Course::forward;
    due_ = {remembered_};
  }
}

void ThreadWalk::begin() {
  course_ = Course::opening;
  due_ = {start_};
}

std::optional<std::string> ThreadWalk::next() const {
  if (due_.empty() || read_.size() >= pages_max_) return std::nullopt;
  return due_.front();
}

bool ThreadWalk::seen(const std::string& url) const {
  return std::find(read_.begin(), read_.end(), url) != read_.end();
}

void ThreadWalk::forward(const std::vector<std::string>& pages) {
  course_ = Course::forward;
  for (const std::string& page : pages) {
    if (!seen(page) && std::find(due_.begin(), due_.end(), page) == due_.end()) due_.push_back(page);
  }
}

void ThreadWalk::back(const std::string& here, const PageTurn& said) {
  const bool all_known = said.posts_new == 0 && opening_.posts_new == 0;
  const bool at_second = std::find(opening_.next.begin(), opening_.next.end(), here) != opening_.next.end();
  if (all_known || at_second) return;
  if (!said.previous.empty() && said.previous != start_ && !seen(said.previous)) {
    due_.push_back(said.previous);
  } else if (said.previous.empty()) {
    forward(opening_.next);
  }
}

void ThreadWalk::turn(const PageTurn& said) {
  if (due_.empty()) return;
  const std::string here = due_.front();
  due_.pop_front();
  read_.push_back(here);
  switch (course_) {
    case Course::opening:
      opening_ = said;
      if (said.next.empty()) {
        furthest_ = here;
      } else if (said.last.empty() || said.last == here) {
        forward(said.next);
      } else {
        course_ = Course::back;
        due_ = {said.last};
      }
      break;
    case Course::forward:
      if (said.next.empty() && furthest_.empty()) furthest_ = here;
      forward(said.next);
      break;
    case Course::back:
      if (furthest_.empty()) {
        furthest_ = here;
        // It grew since the first page was read.
        if (!said.next.empty()) furthest_ = said.next.back();
        for (const std::string& page : said.next) due_.push_back(page);
      }
      back(here, said);
      break;
  }
}

bool ThreadWalk::gone() {
  if (course_ != Course::forward || !read_.empty() || due_.empty() || due_.front() != remembered_) return false;
  read_.push_back(due_.front());
  begin();
  return true;
}

}  // namespace tingchao::crawler
