// What a report gathers from a store that is larger than what it may hold in memory.
#include <catch2/catch.hpp>

#include "core/hash.h"
#include "service/report.h"
#include "store/store.h"
#include "tests/support/temporary.h"

using namespace tingchao;
using namespace tingchao::service;

namespace {

const Time from = *parse_time("2026-10-01T00:00:00+08:00"), to = *parse_time("2026-11-01T00:00:00+08:00");

store::StoredDocument document(const std::string& story, int number, Time at) {
  store::StoredDocument each;
  each.document.url = "http://a.example/" + story + "/" + std::to_string(number);
  each.document.id = each.analysis.document = each.placement.document = stable_id(each.document.url);
  each.document.source = "news" + std::to_string(number % 7);
  each.document.title = "某小学食堂";
  each.document.body = "孩子说食堂的饭有异味。";
  each.document.published_at = each.document.fetched_at = at;
  each.analysis.education = each.analysis.ours = true;
  each.analysis.topics = {"食品安全"};
  each.placement.story = story;
  return each;
}

RuleMatch match(Severity severity) {
  RuleMatch each;
  each.rule = "canteen";
  each.name = "食堂";
  each.topic = "食品安全";
  each.severity = severity;
  return each;
}

Story story_of(const std::string& id, int documents, Time first, Time newest) {
  Story story;
  story.id = id;
  story.title = "某小学食堂";
  story.first_seen = first;
  story.newest = newest;
  story.documents = documents;
  story.education = documents;
  return story;
}

}  // namespace

TEST_CASE("a busy month is read whole", "[service][report]") {
  constexpr int days = 31, a_day = 1000;
  tests::TemporaryDirectory directory;
  const std::string path = directory / "t.db";
  auto store = std::move(*store::open(path));
  for (int day = 0; day < days; ++day) {
    store::Batch batch;
    for (int n = 0; n < a_day; ++n) {
      const Time at = from + Seconds{day * 86'400 + n * 80};
      const std::string id = "s" + std::to_string(day) + "-" + std::to_string(n);
      batch.documents.push_back(document(id, n, at));
      batch.stories.push_back(story_of(id, 1, at, at));
      batch.stories.back().heat = 10 + n % 10;  // all hotter than the one below
    }
    REQUIRE(store->commit(batch));
  }
  // Grave, negative, of the month's last day, and the coolest of all: behind 31,000 documents and as many
  // stories. Two of its documents came by a story that was merged into it, one before the month.
  store::Batch batch;
  const Time late = to - std::chrono::hours{3};
  for (int n = 0; n < 5; ++n) {
    batch.documents.push_back(
        document(n < 2 ? "merged" : "grave", 100 + n, n == 0 ? from - Seconds{60} : late + Seconds{n}));
    batch.documents.back().analysis.matches = {match(Severity::b)};
    batch.documents.back().analysis.stance.label = StanceLabel::negative;
  }
  Story grave = story_of("grave", 5, from - Seconds{60}, late + Seconds{4});
  grave.negative = 5;
  grave.severity_best = 'B';
  grave.heat = 0.01;
  grave.title = "压在最后的一件";
  batch.stories.push_back(grave);
  batch.merges.push_back({"merged", "grave", late});
  REQUIRE(store->commit(batch));

  Config config;
  config.store = path;
  const auto input = gather_digest(*store, config, from, to, "month");
  REQUIRE(input);
  CHECK(input->documents == days * a_day + 4);
  CHECK(input->topics.at("食品安全") == days * a_day + 4);
  REQUIRE(input->near_misses.size() == 1);
  const alerting::ReportedStory& near = input->near_misses.front();
  CHECK(near.story.id == "grave");
  CHECK(near.documents.size() == 4);  // what was seen within the month
  // The same as when nothing else is there.
  tests::TemporaryDirectory alone_directory;
  auto alone = std::move(*store::open(alone_directory / "t.db"));
  REQUIRE(alone->commit(batch));
  const auto same = gather_digest(*alone, config, from, to, "month");
  REQUIRE(same->near_misses.size() == 1);
  CHECK(near.appraisal->raw == same->near_misses.front().appraisal->raw);
  CHECK(near.appraisal->reasons.size() == same->near_misses.front().appraisal->reasons.size());
}

TEST_CASE("a report of a past day tells of a story that goes on", "[service][report]") {
  tests::TemporaryDirectory directory;
  auto store = std::move(*store::open(directory / "t.db"));
  store::Batch batch;
  batch.documents = {document("s", 1, from + Seconds{100}), document("s", 2, to + Seconds{100})};
  Story story = story_of("s", 2, from + Seconds{100}, to + Seconds{100});
  story.heat = 3;
  batch.stories = {story};
  REQUIRE(store->commit(batch));
  const auto input = gather_digest(*store, Config{}, from, to, "month");
  REQUIRE(input);
  REQUIRE(input->stories.size() == 1);
  CHECK(input->stories[0].documents.size() == 1);  // not what came after the period
}
