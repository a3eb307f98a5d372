// A story that turns out to be two is divided, and what is one stays one, whatever happens in between.
#include <catch2/catch.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/group.h"
#include "core/hash.h"
#include "shipped.h"
#include "tests/support/kept_stories.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

const char* const region = "浙江省杭州市西湖区";
const char* const roster = "name,district\n望山路小学,西湖区\n东苑中学,西湖区\n青溪幼儿园,西湖区\n";

const Analyzer& analyzer_of_the_town() {
  static const auto built = shipped_analyzer(region, roster);
  return *built;
}

struct Post {
  int minute = 0;
  std::string title, body;
};

// Of a round-up that names both schools, and of what followed at each.
std::vector<Post> two_canteens() {
  return {
      {0, "望山路小学、东苑中学食堂接连吃出异物", "望山路小学和东苑中学的食堂这周接连吃出异物，家长要求说明。"},
      {25, "望山路小学食堂吃出铁丝", "望山路小学食堂今天的午饭里吃出铁丝，好几个孩子都看见了。"},
      {50, "东苑中学食堂吃出虫子", "东苑中学食堂的青菜里有虫子，学生拍了照片，家长要求说明。"},
      {75, "望山路小学食堂的铁丝哪来的", "孩子在望山路小学食堂吃出铁丝，学校说钢丝球掉的，家长不信。"},
      {100, "东苑中学食堂虫子事件没人管吗", "东苑中学食堂又吃出虫子，家长打电话没人接，要求说明。"},
      {125, "望山路小学食堂谁来检查", "望山路小学食堂吃出铁丝之后，家长要求公开后厨，没有人答复。"},
  };
}

std::vector<Post> one_brawl() {
  return {
      {0, "望山路小学和东苑中学学生放学打架", "望山路小学与东苑中学的学生放学后在公园打架，有人受伤。"},
      {25, "望山路小学学生被打伤", "望山路小学的学生放学后在公园打架，被打伤送医。"},
      {50, "两校学生公园打架：望山路小学东苑中学", "望山路小学、东苑中学的学生在公园打架，警察已经到场。"},
      {75, "东苑中学学生打架", "东苑中学的学生放学后在公园打架，把人打伤。"},
      {100, "望山路小学东苑中学就打架一事说明", "望山路小学与东苑中学就学生放学后在公园打架发布说明。"},
      {125, "望山路小学家长说打架", "望山路小学的家长说，孩子放学后在公园打架被打伤。"},
      {150, "东苑中学打架的学生道歉", "东苑中学打架的学生道歉，学生放学后在公园打架，有人受伤。"},
  };
}

struct Told {
  std::vector<std::string> stories;  // of each post, in the end
  std::vector<StorySplit> splits;
  KeptStories kept;
  Grouper grouper;
};

// `restarts`: a new grouper before every document, as a store would resume it.
Told tell(const std::vector<Post>& posts, bool restarts) {
  static std::deque<std::pair<Document, Analysis>> all;  // what is kept must outlive it
  Told told;
  const Time begin = *parse_time("2026-04-15T12:00:00+08:00");
  std::vector<std::string> ids;
  for (const Post& post : posts) {
    auto& [document, analysis] = all.emplace_back();
    document.url = "http://bbs.example.cn/" + std::to_string(post.minute);
    document.id = document_id(document.url);
    document.source = "forum", document.medium = "forum", document.district = region;
    document.title = post.title, document.body = post.body;
    document.published_at = document.fetched_at = begin + std::chrono::minutes{post.minute};
    document.published_to_the_minute = true;
    document.content_hash = content_hash(document.title, document.body);
    analysis = analyzer_of_the_town().analyze(document);
    ids.push_back(document.id);
    const Time now = document.fetched_at;
    if (restarts && post.minute > 0) told.grouper = told.kept.resume(now);
    told.kept.note(told.grouper, told.grouper.reconcile(now));
    told.kept.note(told.grouper, document, analysis, told.grouper.place(document, analysis, now));
  }
  const Time end = begin + std::chrono::hours{6};
  told.kept.note(told.grouper, told.grouper.reconcile(end));
  for (const std::string& id : ids) told.stories.push_back(told.kept.story_of(id));
  told.splits = told.kept.splits();
  return told;
}

}  // namespace

TEST_CASE("the like troubles of two schools that one text drew together are told apart", "[group][split]") {
  for (const bool restarts : {false, true}) {
    INFO((restarts ? "a restart before every document" : "no restart"));
    Told told = tell(two_canteens(), restarts);
    REQUIRE(told.splits.size() == 1);
    const StorySplit& split = told.splits[0];
    CHECK(split.documents == 2);
    CHECK(split.cause.find("望山路小学") != std::string::npos);
    CHECK(split.cause.find("东苑中学") != std::string::npos);
    CHECK(std::set<std::string>(told.stories.begin(), told.stories.end()) ==
          std::set<std::string>{split.from, split.id});
    CHECK(told.stories[1] == told.stories[3]);
    CHECK(told.stories[1] == told.stories[5]);
    CHECK(told.stories[2] == told.stories[4]);
    CHECK(told.stories[1] != told.stories[2]);
    const Story *whole = told.grouper.find(split.from), *part = told.grouper.find(split.id);
    REQUIRE(whole);
    REQUIRE(part);
    CHECK(whole->documents + part->documents == 6);
    CHECK(static_cast<std::size_t>(whole->documents) == whole->members.size());
    CHECK(static_cast<std::size_t>(part->documents) == part->members.size());
    CHECK(part->split_from == whole->id);
    REQUIRE(part->schools.size() == 1);  // the round-up stayed with the other
    CHECK(part->title.find(part->schools[0]) != std::string::npos);
    CHECK(whole->schools.size() == 2);
  }
}

TEST_CASE("one brawl of two schools stays one story", "[group][split]") {
  for (const bool restarts : {false, true}) {
    const Told told = tell(one_brawl(), restarts);
    CHECK(told.splits.empty());
    CHECK(std::set<std::string>(told.stories.begin(), told.stories.end()).size() == 1);
  }
}
