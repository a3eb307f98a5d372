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
    const int page = std::min(number(url), pages());  // behind its last page a board shows the last
    PageTurn turn;
    for (int post = (page - 1) * a_page; post < std::min(posts, page * a_page); ++post) {
      turn.posts_new += known.insert(post).second;
      ++turn.posts;
    }
    if (page < pages()) turn.next = {name(page + 1)};
    if (tells_ends && page > 1) turn.previous = name(page - 1);
    if (tells_ends && page < pages()) turn.last = name(pages());
    return turn;
  }
};

void step(ThreadWalk& walk, Board& board, const std::string& url) {
  Board shown = board;
  const PageTurn turn = shown.read(url);
  if (!walk.is_meant(turn)) {
    REQUIRE(walk.gone());
    return;
  }
  board = shown;
  walk.turn(turn);
}

std::vector<std::string> walked(ThreadWalk& walk, Board& board) {
  std::vector<std::string> pages;
  while (const auto url = walk.next()) {
    pages.push_back(*url);
    step(walk, board, *url);
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
  Board with_gap = read_up_to(70, 74);  // pages 2 to 4 are not read
  for (int post = 10; post < 40; ++post) with_gap.known.erase(post);
  const Case cases[] = {
      {"一页", {7, 10, true, {}}, "", {"t"}, "t"},
      {"初见五页", {45, 10, true, {}}, "", {"t", "t?5", "t?4", "t?3", "t?2"}, "t?5"},
      {"初见五页，分页不说头尾", {45, 10, false, {}}, "", {"t", "t?2", "t?3", "t?4", "t?5"}, "t?5"},
      {"再来，末页多了几帖", read_up_to(43, 47), "t?5", {"t?5"}, "t?5"},
      {"再来，多了一页", read_up_to(43, 58), "t?5", {"t?5", "t?6"}, "t?6"},
      {"再来，多了三页，先新后旧", read_up_to(43, 74), "t?5", {"t?5", "t?8", "t?7", "t?6"}, "t?8"},
      {"末页已满，再来直接看下一页", read_up_to(50, 57), "t?5\nt?6\n1 10 0", {"t?6"}, "t?6"},
      {"末页已满，下一页却没有", read_up_to(50, 50), "t?5\nt?6\n1 10 0", {"t?6", "t?5"}, "t?5"},
      {"上次没读完的，新的之后接着读",
       with_gap,
       "t?7\n\n0 10 0\nt?4 t",
       {"t?7", "t?8", "t?4", "t?3", "t?2"},
       "t?8"},
      {"记性丢了，只有末页是新的", read_up_to(43, 47), "", {"t", "t?5", "t?4"}, "t?5"},
      {"记性丢了，什么都不新", read_up_to(47, 47), "", {"t", "t?5"}, "t?5"},
  };
  for (Case c : cases) {
    DYNAMIC_SECTION(c.name) {
      ThreadWalk walk("t", ThreadMemory::from_text(c.remembered), 30);
      CHECK(walked(walk, c.board) == c.want);
      CHECK(walk.memory().furthest == c.furthest);
      CHECK(int(c.board.known.size()) == c.board.posts);
    }
  }
}

TEST_CASE("a thread that shrank is opened at its start", "[crawler][thread]") {
  Board board{25, 10, true, {}};
  ThreadWalk walk("t", ThreadMemory::from_text("t?9"), 30);
  REQUIRE(walk.next() == "t?9");
  REQUIRE(walk.gone());
  CHECK(walked(walk, board) == std::vector<std::string>{"t", "t?3", "t?2"});
  CHECK(!walk.gone());
}

TEST_CASE("a long thread gives its opening and its newest pages within the limit", "[crawler][thread]") {
  Board board{2000, 10, true, {}};
  ThreadWalk walk("t", {}, 30);
  const std::vector<std::string> pages = walked(walk, board);
  REQUIRE(pages.size() == 30);
  CHECK(pages[0] == "t");
  CHECK(pages[1] == "t?200");
  CHECK(pages.back() == "t?172");
}

TEST_CASE("what the limit cuts off is read by the next visits, new replies first", "[crawler][thread]") {
  Board board{2000, 10, true, {}};
  ThreadMemory memory;
  int visits = 0, fetches = 0;
  for (bool more = true; more && visits < 20; ++visits) {
    ThreadWalk walk("t", memory, 30);
    const std::vector<std::string> pages = walked(walk, board);
    CHECK(pages.front() == (visits == 0 ? "t" : Board::name((board.posts - 3) / 10 + 1)));
    fetches += static_cast<int>(pages.size());
    more = walk.cut();
    memory = ThreadMemory::from_text(walk.memory().to_text());
    board.posts += 3;
  }
  board.posts -= 3;
  CHECK(visits == 7);
  CHECK(int(board.known.size()) == board.posts);
  CHECK(fetches <= board.pages() * 1.05);
}

TEST_CASE("a walk that is broken off at any page is taken up behind it", "[crawler][thread]") {
  for (const int visit_pages : {4, 30}) {
    Board board{124, 10, true, {}};
    ThreadMemory memory;
    int fetches = 0;
    for (int dies = 0; dies < 40; ++dies) {
      ThreadWalk walk("t", memory, std::size_t(visit_pages));
      for (int page = 0; page < 1 + dies % 3; ++page) {
        const auto url = walk.next();
        if (!url) break;
        step(walk, board, *url);
        ++fetches;
      }
      memory = ThreadMemory::from_text(walk.memory().to_text());
      if (dies == 10 || dies == 20) board.posts += 17;
    }
    CHECK(int(board.known.size()) == board.posts);
    CHECK(memory.gaps.empty());
    CHECK(fetches < 80);
  }
}

TEST_CASE("a thread that grows while it is read", "[crawler][thread]") {
  Board board{45, 10, true, {}};
  ThreadWalk walk("t", {}, 30);
  step(walk, board, *walk.next());
  board.posts = 68;
  CHECK(walk.next() == "t?5");
  CHECK(walked(walk, board) == std::vector<std::string>{"t?5", "t?6", "t?7", "t?4", "t?3", "t?2"});
  CHECK(walk.memory().furthest == "t?7");
  CHECK(int(board.known.size()) == board.posts);
}

TEST_CASE("at most 1.05 fetches for a page with new posts", "[crawler][thread]") {
  std::mt19937 random(415);
  int fetches = 0, pages_with_news = 0;
  for (int thread = 0; thread < 200; ++thread) {
    Board board{int(1 + random() % 60), 15, true, {}};
    ThreadMemory remembered;
    for (int visit = 0; visit < 20; ++visit) {
      ThreadWalk walk("t", remembered, 30);
      while (const auto url = walk.next()) {
        const std::size_t before = board.known.size();
        step(walk, board, *url);
        ++fetches;
        pages_with_news += board.known.size() > before;
      }
      REQUIRE(int(board.known.size()) == board.posts);
      remembered = walk.memory();
      board.posts += int(1 + random() % 12);  // the board's list says so, else there is no visit
    }
  }
  WARN(fetches << " fetches for " << pages_with_news << " pages with new posts");
  CHECK(fetches <= 1.05 * pages_with_news);
}
