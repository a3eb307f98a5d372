// Stories that had a warning, slept and come back.
#include <catch2/catch.hpp>

#include "analyzer/group.h"
#include "analyzer/group/slept.h"
#include "shipped.h"

using namespace tingchao;
using namespace tingchao::analyzer;
using std::chrono::days;

namespace {

const Analyzer& analyzer_of_the_town() {
  static const auto built =
      shipped_analyzer("浙江省杭州市西湖区", "name,district\n望山路小学,西湖区\n东苑中学,西湖区\n");
  return *built;
}

const Time begin = *parse_time("2026-04-01T08:00:00+08:00");

struct Town {
  Grouper grouper;
  int number = 0;

  Grouper::Placed say(const std::string& title, const std::string& body, Time at) {
    Document d;
    d.url = "http://bbs.example.cn/" + std::to_string(++number);
    d.id = document_id(d.url);
    d.source = "forum";
    d.medium = "forum";
    d.title = title;
    d.body = body;
    d.published_at = d.fetched_at = at;
    d.content_hash = content_hash(d.title, d.body);
    grouper.reconcile(at);
    return grouper.place(d, analyzer_of_the_town().analyze(d), at);
  }
};

const char* const first_title = "望山路小学食堂吃出异物，多名学生呕吐";
const char* const first_body = "望山路小学食堂午餐吃出异物，多名学生呕吐，家长要求学校说明食堂食品安全情况。";
const char* const again_title = "望山路小学食堂再次吃出异物，又有学生呕吐";
const char* const again_body = "望山路小学食堂又吃出异物，有学生呕吐，家长质疑食堂食品安全整改。";

}  // namespace

TEST_CASE("a story that had a warning keeps its id when it comes back after weeks", "[group][slept]") {
  Town town;
  const Story first = town.say(first_title, first_body, begin).story;
  town.say("望山路小学食堂异物：家长到校讨说法", "望山路小学食堂吃出异物，家长到校讨说法。", begin + days{1});
  town.grouper.note_warning(first.id);
  // The world goes on; what is idle sleeps.
  town.say("东苑中学校服价格引发讨论", "东苑中学校服涨价。", begin + days{20});
  REQUIRE(town.grouper.find(first.id) == nullptr);
  const Time back = begin + days{30};
  const auto placed = town.say(again_title, again_body, back);
  CHECK(placed.story.id == first.id);
  CHECK_FALSE(placed.placement.created);
  CHECK(placed.story.slept_at == begin + days{1});
  CHECK(placed.story.woken_at == back);
  CHECK(placed.story.documents == 1);  // the wave counts on its own
  CHECK(placed.story.first_seen == back);
  // It goes on as any story does.
  const auto next = town.say("望山路小学食堂异物：教育局介入", "望山路小学食堂再次吃出异物，学生呕吐，教育局介入。", back + days{1});
  CHECK(next.story.id == first.id);
  CHECK(next.story.documents == 2);
  CHECK(next.story.woken_at == back);
  // And once more.
  town.say("东苑中学校服价格再引发讨论", "东苑中学校服又涨价。", back + days{15});
  CHECK(town.say(again_title, again_body, back + days{20}).story.slept_at == back + days{1});
}

TEST_CASE("what is not remembered, or is another matter, begins a story", "[group][slept]") {
  Town town;
  const Story first = town.say(first_title, first_body, begin).story;
  SECTION("no warning was raised for it") {
    CHECK(town.say(again_title, again_body, begin + days{30}).story.id != first.id);
  }
  SECTION("its time is over") {
    town.grouper.note_warning(first.id);
    town.say("东苑中学校服价格引发讨论", "东苑中学校服涨价。", begin + days{20});
    CHECK(town.say(again_title, again_body, begin + slept_kept + days{1}).story.id != first.id);
  }
  SECTION("the same at another school") {
    town.grouper.note_warning(first.id);
    CHECK(town.say("东苑中学食堂吃出异物，多名学生呕吐", "东苑中学食堂午餐吃出异物，多名学生呕吐。", begin + days{30}).story.id !=
          first.id);
  }
  SECTION("another matter at the same school") {
    town.grouper.note_warning(first.id);
    CHECK(town.say("望山路小学教师被指有偿补课", "望山路小学一名教师被指在校外有偿补课，家长举报。", begin + days{30}).story.id !=
          first.id);
  }
}

TEST_CASE("a restart knows the stories that slept before it", "[group][slept][restart]") {
  Town town;
  const Story first = town.say(first_title, first_body, begin).story;
  Town after;
  after.number = 10;
  after.grouper.restore_warned(first, begin + days{25});
  const auto placed = after.say(again_title, again_body, begin + days{30});
  CHECK(placed.story.id == first.id);
  CHECK(placed.story.slept_at == first.newest);
}

TEST_CASE("the memory of slept stories is bounded", "[group][slept]") {
  SleptStories slept;
  Story story;
  story.centroid = {{.term = "school:一小", .weight = 1, .anchor = true}, {.term = "食堂", .weight = 1}};
  for (std::size_t i = 0; i < slept_stories_max + 50; ++i) {
    story.id = "s" + std::to_string(i);
    story.newest = begin + std::chrono::minutes{i};
    slept.add(story);
    slept.add(story);  // the same again is no other
  }
  CHECK(slept.size() == slept_stories_max);
  slept.forget(begin + std::chrono::minutes{slept_stories_max + 49} + slept_kept);
  CHECK(slept.size() == 1);
  slept.erase("s" + std::to_string(slept_stories_max + 49));
  CHECK(slept.size() == 0);
}
