// Documents that move between stories, and what the ledger makes durable of it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "core/hash.h"
#include "service/ledger.h"
#include "service/resources.h"
#include "tests/service/grave_harvest.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::service;
using tests::harvest_of;
using std::chrono::minutes;

namespace {

const Time noon = *parse_time("2026-11-01T12:00:00+08:00");

std::string id_of(const std::string& title) { return stable_id("http://a.example/" + title); }

struct Room {
  Room() : store(std::move(*store::open(directory / "t.db"))) { restart(noon); }

  void restart(Time at) {
    ledger = std::make_unique<Ledger>(*store, measure, alerting::Book{});
    REQUIRE(ledger->resume(at));
  }
  void admit(const std::string& title, const std::vector<std::string>& words, Time published, Time seen) {
    REQUIRE(ledger->admit(harvest_of(title, words, published, seen), seen));
  }
  std::set<std::string> titles_of(const std::string& story) const {
    std::set<std::string> titles;
    const auto documents = store->documents_of(story);
    REQUIRE(documents);
    for (const store::StoredDocument& each : *documents) titles.insert(each.document.title);
    return titles;
  }
  std::string story_of(const std::string& title) const {
    const auto document = store->document(id_of(title));
    REQUIRE(document);
    REQUIRE(document->has_value());
    return (*document)->placement.story;
  }

  tests::TemporaryDirectory directory;
  std::shared_ptr<const alerting::Measure> measure =
      *alerting::parse_measure(*resource("rules/measure.yaml"), "rules/measure.yaml");
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Ledger> ledger;
};

const std::vector<std::string> words{"食堂", "腹泻", "午餐", "送医"};

std::vector<std::string> with(std::vector<std::string> schools) {
  schools.insert(schools.end(), words.begin(), words.end());
  return schools;
}

}  // namespace

TEST_CASE("a story that is two is divided in one transaction, and both are warned of", "[service][ledger][split]") {
  for (const bool restarts : {false, true}) {
    Room room;
    const auto come = [&](const std::string& title, const std::vector<std::string>& said, int minute) {
      const Time at = noon + minutes{minute};
      if (restarts) room.restart(at);
      room.admit(title, said, at, at);
    };
    come("一中二中", with({"school:一中", "school:二中"}), 0);
    come("一中甲", with({"school:一中"}), 5);
    come("二中甲", with({"school:二中"}), 9);
    CHECK(room.store->open_warnings()->size() == 1);
    come("一中乙", with({"school:一中"}), 14);
    come("一中丙", with({"school:一中"}), 17);
    come("二中乙", with({"school:二中"}), 18);
    const std::string whole = room.story_of("一中二中");
    CHECK(room.story_of("二中乙") == whole);
    if (restarts) room.restart(noon + minutes{60});
    REQUIRE(room.ledger->tick(noon + minutes{60}));

    const auto splits = room.store->splits_of(whole);
    REQUIRE(splits);
    REQUIRE(splits->size() == 1);
    const StorySplit split = splits->front();
    CHECK(split.from == whole);
    CHECK(split.documents == 2);
    CHECK(split.cause == "两所学校：只提“一中”的 3 篇，只提“二中”的 2 篇，两者都提的 1 篇");
    CHECK(room.titles_of(split.id) == std::set<std::string>{"二中甲", "二中乙"});
    CHECK(room.titles_of(whole) == std::set<std::string>{"一中二中", "一中甲", "一中乙", "一中丙"});
    CHECK(room.story_of("二中甲") == split.id);
    CHECK((*room.store->story(whole))->documents == 4);
    CHECK((*room.store->story(split.id))->documents == 2);
    const auto open = room.store->open_warnings();
    std::set<std::string> warned;
    for (const Warning& each : *open) warned.insert(each.story);
    CHECK(warned == std::set<std::string>{whole, split.id});

    // Later ones go where they belong, after a restart too.
    room.restart(noon + minutes{70});
    room.admit("二中丙", with({"school:二中"}), noon + minutes{71}, noon + minutes{71});
    CHECK(room.story_of("二中丙") == split.id);
    CHECK(room.store->open_warnings()->size() == 2);
  }
}

TEST_CASE("what is open at a restart is settled after it as if there had been none", "[service][ledger][restart]") {
  std::vector<std::string> stories[2];
  for (const bool restarts : {false, true}) {
    Room room;
    // The first to come was the last to be written.
    struct Come {
      const char* title;
      std::vector<std::string> words;
      int published, seen;
    };
    const Come all[] = {{"丙", {"食堂", "腹泻", "午餐", "school:一中"}, 9, 10},
                        {"甲", {"食堂", "腹泻", "午餐"}, 2, 11},
                        {"丁", {"跳蚤", "市场", "义卖"}, 11, 12},
                        {"乙", {"食堂", "腹泻", "晚餐", "school:二中"}, 4, 13}};
    for (const Come& each : all) {
      if (restarts) room.restart(noon + minutes{each.seen});
      room.admit(each.title, each.words, noon + minutes{each.published}, noon + minutes{each.seen});
    }
    const std::string told = room.story_of("丙");
    if (restarts) room.restart(noon + minutes{45});
    REQUIRE(room.ledger->tick(noon + minutes{45}));
    for (const Come& each : all) stories[restarts].push_back(room.story_of(each.title));
    CHECK(room.store->story(told)->has_value());  // whatever it is called now
    int documents = 0;
    const auto kept = room.store->stories_since(noon);
    for (const Story& story : *kept) {
      documents += story.documents;
      CHECK(static_cast<int>(room.titles_of(story.id).size()) == story.documents);
    }
    CHECK(documents == 4);
    CHECK(room.store->settled_stories_since(noon)->size() == room.store->stories_since(noon)->size());
  }
  CHECK(stories[0] == stories[1]);
}
