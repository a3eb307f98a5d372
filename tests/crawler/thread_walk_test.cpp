// The order in which a thread's pages are fetched, on threads that grow between visits.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "crawler/thread_walk.h"

using namespace tingchao::crawler;

namespace {

// A board's thread; pages are called "t", "t?2", "t?3" …, as the first page's own address has no number.
struct Board {
  int posts = 0;
  int a_page = 10;
  bool tells_ends = true;
  std::set<int> known;  // posts that were read

  int pages() const { return std::max(1, (posts + a_page - 1) / a_page); }
  static std::string name(int page) { return page == 1 ? "t" : "t?" + std::to_string(page); }
  static int number(const std::string& url) { return url == "t" ? 1 : std::stoi(url.substr(2)); }

  PageTurn read(const std::string& url) {
    const int page = number(url);
    PageTurn turn;
    for (int post = (page - 1) * a_page; post < std::min(posts, page * a_page); ++post) {
      turn.posts_new += known.insert(post).second;
    }
    if (page < pages()) turn.next = {name(page + 1)};
    if (tells_ends && page > 1) turn.previous = name(page - 1);
    if (tells_ends && page < pages()) turn.last = name(pages());
    return turn;
  }
};

std::vector<std::string> walked(ThreadWalk& walk, Board& board) {
  std::vector<std::string> pages;
  while (const auto url = walk.next()) {
    pages.push_back(*url);
    walk.turn(board.read(*url));
  }
  return pages;
}

}  // namespace

TEST_CASE("a thread's pages, each once and the newest first", "[crawler][thread]") {
  struct Case {
    const char* name;
    Board board;
    const char* remembered;
    std::vector<std::string> want;
    const char* furthest;
  };
  const auto read_up_to = [](int posts, int now) {
    Board board{now, 10, true, {}};
    for (int post = 0; post < posts; ++post) board.known.insert(post);
    return board;
  };
  const Case cases[] = {
      {"一页", {7, 10, true, {}}, "", {"t"}, "t"},
      {"初见五页", {45, 10, true, {}}, "", {"t", "t?5", "t?4", "t?3", "t?2"}, "t?5"},
      {"初见五页，分页不说头尾", {45, 10, false, {}}, "", {"t", "t?2", "t?3", "t?4", "t?5"}, "t?5"},
      {"再来，末页多了几帖", read_up_to(43, 47), "t?5", {"t?5"}, "t?5"},
      {"再来，多了两页", read_up_to(43, 64), "t?5", {"t?5", "t?6", "t?7"}, "t?7"},
      {"记性丢了，只有末页是新的", read_up_to(43, 47), "", {"t", "t?5", "t?4"}, "t?5"},
      {"记性丢了，什么都不新", read_up_to(47, 47), "", {"t", "t?5"}, "t?5"},
  };
  for (Case c : cases) {
    DYNAMIC_SECTION(c.name) {
      ThreadWalk walk("t", c.remembered, 30);
      CHECK(walked(walk, c.board) == c.want);
      CHECK(walk.furthest() == c.furthest);
      CHECK(int(c.board.known.size()) == c.board.posts);
    }
  }
}

TEST_CASE("a thread that shrank is opened at its start", "[crawler][thread]") {
  Board board{25, 10, true, {}};
  ThreadWalk walk("t", "t?9", 30);
  REQUIRE(walk.next() == "t?9");
  REQUIRE(walk.gone());
  CHECK(walked(walk, board) == std::vector<std::string>{"t", "t?3", "t?2"});
  CHECK(!walk.gone());
}

TEST_CASE("a long thread gives its opening and its newest pages within the limit", "[crawler][thread]") {
  Board board{2000, 10, true, {}};
  ThreadWalk walk("t", "", 30);
  const std::vector<std::string> pages = walked(walk, board);
  REQUIRE(pages.size() == 30);
  CHECK(pages[0] == "t");
  CHECK(pages[1] == "t?200");
  CHECK(pages.back() == "t?172");
}

TEST_CASE("at most 1.05 fetches for a page with new posts", "[crawler][thread]") {
  std::mt19937 random(415);
  int fetches = 0, pages_with_news = 0;
  for (int thread = 0; thread < 200; ++thread) {
    Board board{int(1 + random() % 60), 15, true, {}};
    std::string remembered;
    for (int visit = 0; visit < 20; ++visit) {
      ThreadWalk walk("t", remembered, 30);
      while (const auto url = walk.next()) {
        const PageTurn turn = board.read(*url);
        ++fetches;
        pages_with_news += turn.posts_new > 0;
        walk.turn(turn);
      }
      REQUIRE(int(board.known.size()) == board.posts);
      remembered = walk.furthest();
      board.posts += int(1 + random() % 12);  // the board's list says so, else there is no visit
    }
  }
  WARN(fetches << " fetches for " << pages_with_news << " pages with new posts");
  CHECK(fetches <= 1.05 * pages_with_news);
}
