// What becomes one story and what does not, on texts of our own.
#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "analyzer/group.h"
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
  const char* at;
  std::string title, body;
  const char* medium = "forum";
  const char* thread = "";
  int floor = 1;
};

Document document_of(const Post& post, int number) {
  Document d;
  d.url = "http://bbs.example.cn/" + std::to_string(number);
  d.id = document_id(d.url);
  d.source = "forum";
  d.medium = post.medium;
  d.district = region;
  d.title = post.title;
  d.body = post.body;
  d.published_at = d.fetched_at = *parse_time(std::string("2026-04-") + post.at + ":00+08:00");
  if (*post.thread) d.thread = ThreadPosition{post.thread, post.floor, 1};
  d.content_hash = content_hash(d.title, d.body);
  return d;
}

// The stories that the posts went into, as numbers in order of first appearance.
std::vector<int> stories_of(Grouper& grouper, const std::vector<Post>& posts,
                            std::vector<Story>* last = nullptr) {
  std::vector<std::string> ids;
  std::vector<int> numbers;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const Document document = document_of(posts[i], static_cast<int>(i));
    const auto placed =
        grouper.place(document, analyzer_of_the_town().analyze(document), document.fetched_at);
    auto known = std::find(ids.begin(), ids.end(), placed.placement.story);
    if (known == ids.end()) known = ids.insert(ids.end(), placed.placement.story);
    numbers.push_back(static_cast<int>(known - ids.begin()));
    if (last) last->push_back(placed.story);
  }
  return numbers;
}

const std::string canteen =
    "望山路小学食堂今天的午饭里吃出了铁丝，好几个孩子都看见了，家长群里已经炸开了锅。";

}  // namespace

TEST_CASE("documents find their story", "[group]") {
  struct Case {
    const char* name;
    std::vector<Post> posts;
    std::vector<int> stories;
  };
  const Case cases[] = {
      {"换个说法还是一件事",
       {{"15T12:00", "望山路小学食堂吃出铁丝", canteen},
        {"15T13:00", "孩子在望山路小学食堂又吃到异物",
         "中午饭里有一截铁丝，学校食堂到底谁在管，要求给个说法。"}},
       {0, 0}},
      {"两所学校是两件事",
       {{"15T12:00", "望山路小学食堂吃出铁丝", canteen},
        {"15T13:00", "东苑中学食堂吃出铁丝", "东苑中学食堂今天的午饭里吃出了铁丝，好几个孩子都看见了。"}},
       {0, 1}},
      {"不相干的不混在一起",
       {{"15T12:00", "望山路小学食堂吃出铁丝", canteen},
        {"15T13:00", "周末去云岭爬山有人一起吗", "天气预报说周六晴，早上六点出发，自带水和干粮。"},
        {"15T14:00", "23路公交早高峰加密", "公交公司从下周起在早高峰增加四班车。"}},
       {0, 1, 2}},
      {"回帖跟着主帖，哪怕什么也没说",
       {{"15T12:00", "望山路小学食堂吃出铁丝", canteen, "forum", "http://bbs.example.cn/t1", 1},
        {"15T12:30", "望山路小学食堂吃出铁丝", "顶一下，别沉了。", "forum", "http://bbs.example.cn/t1", 2}},
       {0, 0}},
      {"隔了一个月是另一件事",
       {{"01T12:00", "东苑中学门口堵车", "东苑中学门口放学时堵得水泄不通，希望交警来疏导一下。"},
        {"29T12:00", "东苑中学门口堵车", "东苑中学门口早上又堵了，接送的车停了三排，公交也进不来。"}},
       {0, 1}},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    Grouper grouper;
    CHECK(stories_of(grouper, c.posts) == c.stories);
  }
}

TEST_CASE("ninety reprints are one origin", "[group]") {
  std::vector<std::string> times;
  for (int i = 0; i < 90; ++i)
    times.push_back("15T1" + std::to_string(i / 60) + ":" + (i % 60 < 10 ? "0" : "") +
                    std::to_string(i % 60));
  std::vector<Post> posts;
  for (const std::string& at : times)
    posts.push_back({at.c_str(), "望山路小学食堂吃出铁丝", canteen, "news"});
  Grouper grouper;
  std::vector<Story> states;
  const auto stories = stories_of(grouper, posts, &states);
  CHECK(stories == std::vector<int>(90, 0));
  CHECK(states.back().documents == 90);
  CHECK(states.back().origins_total == 1);
}

TEST_CASE("a restart changes nothing", "[group][restart]") {
  const std::vector<Post> posts = {
      {"15T12:00", "望山路小学食堂吃出铁丝", canteen, "forum", "http://bbs.example.cn/t1", 1},
      {"15T12:10", "东苑中学课后服务又涨价", "东苑中学的课后服务费比上学期多了一百块，没有人说明原因。"},
      {"15T12:20", "望山路小学食堂吃出铁丝", "我家孩子也看见了，就在汤里。", "forum",
       "http://bbs.example.cn/t1", 2},
      {"15T12:30", "望山路小学食堂吃出铁丝", canteen, "news"},
      {"15T12:40", "课后服务费到底谁定的", "东苑中学的课后服务费涨了一百，教育局能不能出来说明一下。"},
      {"15T12:50", "孩子在望山路小学食堂又吃到异物",
       "中午饭里有一截铁丝，学校食堂到底谁在管，要求给个说法。"},
  };
  for (std::size_t cut = 1; cut < posts.size(); ++cut) {
    INFO("after " << cut << " documents");
    Grouper without;
    const auto place = [&](Grouper& grouper, std::size_t i) {
      const Document document = document_of(posts[i], static_cast<int>(i));
      return grouper.place(document, analyzer_of_the_town().analyze(document), document.fetched_at);
    };
    KeptStories kept;
    std::deque<std::pair<Document, Analysis>> taken;
    for (std::size_t i = 0; i < cut; ++i) {
      const auto& [document, analysis] = taken.emplace_back(document_of(posts[i], static_cast<int>(i)), Analysis{});
      taken.back().second = analyzer_of_the_town().analyze(document);
      kept.note(without, without.reconcile(document.fetched_at));
      kept.note(without, document, analysis, without.place(document, analysis, document.fetched_at));
    }
    Grouper restarted = kept.resume(taken.back().first.fetched_at);
    for (std::size_t i = cut; i < posts.size(); ++i) {
      const auto one = place(without, i), other = place(restarted, i);
      CHECK(one.placement.story == other.placement.story);
      CHECK(one.placement.copy_of == other.placement.copy_of);
      CHECK(one.story.documents == other.story.documents);
      CHECK(one.story.heat == Approx(other.story.heat));
    }
  }
}
