#include "crawler/thread_walk.h"

#include <algorithm>
#include <charconv>

#include "crawler/extract.h"

namespace tingchao::crawler {
namespace {

constexpr int usual_sizes[] = {10, 15, 20, 25, 30, 40, 50};
constexpr std::size_t gaps_max = 16;

// One page may be linked by several addresses.
bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::string one = document_url(a);
  return !one.empty() && one == document_url(b);
}

bool holds(const std::vector<std::string>& pages, const std::string& url) {
  return std::any_of(pages.begin(), pages.end(), [&](const std::string& each) { return same(each, url); });
}

// The page behind `here`, when its address differs from that of the one before by one number that counts up.
std::string one_on(const std::string& previous, const std::string& here) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t same_end = 0;
  while (same_end < std::min(previous.size(), here.size()) && previous[same_end] == here[same_end])
    ++same_end;
  std::size_t begin = same_end;
  while (begin > 0 && digit(here[begin - 1])) --begin;
  const auto number_at = [&](const std::string& text, std::size_t& end) {
    int value = 0;
    const auto [stop, failed] = std::from_chars(text.data() + begin, text.data() + text.size(), value);
    end = std::size_t(stop - text.data());
    return failed == std::errc() && end - begin < 7 ? value : -1;
  };
  std::size_t previous_end = 0, here_end = 0;
  const int before = number_at(previous, previous_end), now = number_at(here, here_end);
  if (before < 0 || now <= before || previous.substr(previous_end) != here.substr(here_end)) return {};
  return here.substr(0, begin) + std::to_string(now + now - before) + here.substr(here_end);
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string ThreadMemory::to_text() const {
  std::string text = furthest + "\n" + ahead + "\n" + (guessed ? "1 " : "0 ") + std::to_string(full) + " " +
                     std::to_string(pages_back);
  for (const Gap& gap : gaps) text += "\n" + gap.at + " " + gap.until;
  return text;
}

ThreadMemory ThreadMemory::from_text(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  ThreadMemory memory;
  memory.furthest = lines[0];
  if (lines.size() < 3) return memory;
  memory.ahead = lines[1];
  const std::string_view counts = lines[2];
  const std::size_t second = counts.find(' ');
  if (second == counts.npos) return memory;
  const std::size_t third = std::min(counts.find(' ', second + 1), counts.size() - 1);
  memory.guessed = counts.starts_with('1');
  memory.full = number(counts.substr(second + 1));
  memory.pages_back = number(counts.substr(third + 1));
  for (std::size_t i = 3; i < lines.size() && memory.gaps.size() < gaps_max; ++i) {
    const std::size_t space = lines[i].find(' ');
    if (space == lines[i].npos) continue;
    memory.gaps.push_back({std::string(lines[i].substr(0, space)), std::string(lines[i].substr(space + 1))});
  }
  return memory;
}

ThreadWalk::ThreadWalk(std::string start, ThreadMemory remembered, std::size_t pages_max)
    : start_(std::move(start)), until_(start_), pages_max_(pages_max), memory_(std::move(remembered)) {
  if (memory_.furthest.empty() || (same(memory_.furthest, start_) && memory_.ahead.empty())) {
    begin();
  } else {
    course_ = Course::forward;
    returning_ = true;
    due_ = {memory_.ahead.empty() ? memory_.furthest : memory_.ahead};
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

bool ThreadWalk::seen(const std::string& url) const { return holds(read_, url); }

bool ThreadWalk::is_meant(const PageTurn& said) const {
  const bool at_guess = returning_ && memory_.guessed && !memory_.ahead.empty();
  return !at_guess || same(said.previous, memory_.furthest);
}

void ThreadWalk::forward(const std::vector<std::string>& pages) {
  course_ = Course::forward;
  for (const std::string& page : pages)
    if (!seen(page) && std::find(due_.begin(), due_.end(), page) == due_.end()) due_.push_back(page);
}

// From a page that is not the last: to the last and back, the newest first.
void ThreadWalk::jump(const std::string& here, const PageTurn& said) {
  if (said.next.empty()) return;
  if (said.last.empty() || same(said.last, here) || same(said.last, said.next.front()))
    return forward(said.next);
  course_ = Course::back;
  until_ = here;
  forth_ = said.next;
  // A walk that died on this way left the same gap.
  std::erase_if(memory_.gaps, [&](const ThreadMemory::Gap& gap) { return same(gap.until, here); });
  due_ = {said.last};
}

void ThreadWalk::back(const std::string& here, const PageTurn& said) {
  if (known_ && said.posts_new == 0) return;  // what was forgotten had been read
  if (forth_.empty() && ++memory_.pages_back >= thread_pages_back_max) return memory_.gaps.clear();
  if (!forth_.empty() && holds(forth_, here)) return;
  if (said.previous.empty()) return forward(forth_);
  if (!same(said.previous, until_) && !seen(said.previous)) due_.push_back(said.previous);
}

// The thread grew while it was read.
void ThreadWalk::go_beyond(const PageTurn& said) {
  for (const std::string& page : said.next) {
    if (seen(page)) continue;
    due_.push_front(page);
    beyond_.push_back(page);
  }
}

// When all that is new was read: what earlier walks left.
void ThreadWalk::open_gap() {
  if (!due_.empty() || memory_.gaps.empty()) return;
  const ThreadMemory::Gap gap = memory_.gaps.back();
  memory_.gaps.pop_back();
  course_ = Course::back;
  until_ = gap.until;
  forth_.clear();
  due_ = {gap.at};
}

// `here` is the furthest page now.
void ThreadWalk::reach(const std::string& here, const PageTurn& said) {
  memory_.furthest = here;
  memory_.ahead.clear();
  memory_.guessed = false;
  if (!said.next.empty()) {
    memory_.full = std::max(memory_.full, said.posts);
    return;
  }
  const bool usual =
      std::find(std::begin(usual_sizes), std::end(usual_sizes), memory_.full) != std::end(usual_sizes);
  if (!usual || said.posts < memory_.full || said.previous.empty()) return;
  memory_.ahead = one_on(said.previous, here);
  memory_.guessed = !memory_.ahead.empty();
}

void ThreadWalk::turn(const PageTurn& said) {
  if (due_.empty()) return;
  const std::string here = due_.front();
  due_.pop_front();
  const bool at_last = course_ == Course::back && !forth_.empty() && same(memory_.furthest, until_);
  read_.push_back(here);
  if (!said.next.empty()) memory_.full = std::max(memory_.full, said.posts);
  switch (course_) {
    case Course::opening:
      known_ = said.posts_new == 0 && memory_.furthest.empty();
      reach(here, said);
      jump(here, said);
      break;
    case Course::forward:
      reach(here, said);
      if (std::exchange(returning_, false)) {
        jump(here, said);
      } else {
        forward(said.next);
      }
      break;
    case Course::back:
      if (holds(beyond_, here)) {
        reach(here, said);
        go_beyond(said);
        break;
      }
      if (at_last) {
        reach(here, said);
        go_beyond(said);
      }
      back(here, said);
      break;
  }
  open_gap();
}

bool ThreadWalk::gone() {
  if (due_.empty()) return false;
  const std::string here = due_.front();
  if (returning_ && !memory_.ahead.empty() && same(here, memory_.ahead)) {
    memory_.ahead.clear();
    memory_.guessed = false;
    due_ = {memory_.furthest};
    return true;
  }
  if (course_ == Course::back) {  // what lies before it cannot be reached
    due_.clear();
    open_gap();
    return true;
  }
  if (!returning_) return false;
  returning_ = false;
  read_.push_back(here);
  memory_ = ThreadMemory();
  begin();
  return true;
}

ThreadMemory ThreadWalk::memory() const {
  ThreadMemory memory = memory_;
  if (due_.empty()) return memory;
  if (course_ == Course::back) {
    if (holds(beyond_, due_.front())) memory.ahead = due_.front();
    if (!holds(beyond_, due_.back())) memory.gaps.push_back({due_.back(), until_});
  } else if (course_ == Course::forward && !returning_) {
    memory.ahead = due_.front();
    memory.guessed = false;
  }
  return memory;
}

}  // namespace tingchao::crawler
