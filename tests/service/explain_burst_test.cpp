// What a burst said is derived again out of counts and documents, byte for byte, whichever detector found it.
#include <catch2/catch.hpp>

#include <filesystem>

#include "service/explain.h"
#include "service/knowledge.h"
#include "service/ledger.h"
#include "service/resources.h"

using namespace tingchao;
using namespace tingchao::service;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct Town {
  std::string folder;
  std::shared_ptr<const alerting::Measure> measure;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Ledger> ledger;
  std::vector<alerting::Raised> bursts;
  int number = 0;

  explicit Town(std::shared_ptr<const alerting::Measure> by) : measure(std::move(by)) {
    char name[] = "/tmp/tingchao-explain-XXXXXX";
    folder = ::mkdtemp(name);
    store = std::move(*store::open("sqlite:" + folder + "/t.db"));
    ledger = std::make_unique<Ledger>(*store, measure, alerting::Book{});
  }
  ~Town() {
    ledger.reset();
    store.reset();
    std::filesystem::remove_all(folder);
  }
  void say(Time at) {
    Document document;
    document.id = "d" + std::to_string(++number);
    document.url = "http://bbs.example/" + std::to_string(number);
    document.title = "第" + std::to_string(number) + "个问题";
    document.source = "bbs";
    document.medium = "forum";
    document.published_at = document.fetched_at = at;
    document.published_to_the_minute = true;
    document.published_by = DateOrigin::feed;
    Analysis analysis;
    analysis.document = document.id;
    analysis.education = true;
    Harvest harvest;
    harvest.documents.emplace_back(std::move(document), std::move(analysis));
    const auto admitted = ledger->admit(std::move(harvest), at);
    REQUIRE(admitted);
    for (const alerting::Raised& raised : admitted->raised)
      if (raised.warning.kind == "burst") bursts.push_back(raised);
  }
  // So many a day between seven and eleven at night, evenly.
  void day(Time midnight, int documents) {
    for (int n = 0; n < documents; ++n) say(midnight + hours{7} + n * Seconds{hours{16}} / documents);
  }
};

}  // namespace

TEST_CASE("bursts of both detectors are derived again byte for byte", "[explain]") {
  const auto shipped = *load_measure("");
  const auto analyzer = *load_analyzer({});
  // No window is loud enough: the sum alone may speak.
  std::string text(*resource("rules/measure.yaml"));
  const std::string first = "surprise: 2.8", second = "surprise: 6}";
  REQUIRE(text.find(first) != text.npos);
  text.replace(text.find(second), second.size(), "surprise: 60}");
  text.replace(text.find(first), first.size(), "surprise: 50");
  const auto parsed = alerting::parse_measure(text, "deaf.yaml");
  REQUIRE(parsed);
  const auto& deaf = *parsed;
  for (const bool by_sum : {false, true}) {
    Town town(by_sum ? deaf : shipped);
    const Time start = *parse_time("2026-01-05T00:00:00+08:00");
    for (int day = 0; day < 45; ++day) town.day(start + days{day}, 6);
    town.bursts.clear();
    if (by_sum)
      for (int day = 45; day < 48; ++day) town.day(start + days{day}, 20);
    else
      for (int n = 0; n < 15; ++n) town.say(start + days{45} + hours{10} + minutes{3 * n});
    REQUIRE_FALSE(town.bursts.empty());
    for (const alerting::Raised& raised : town.bursts) {
      const auto explained = explain(*town.store, {raised.warning.id, raised.change.seq}, *analyzer, *town.measure);
      REQUIRE(explained);
      CAPTURE(by_sum, raised.warning.title, explained->why);
      CHECK(explained->equal);
      const std::string& threshold = explained->change.reasons.at(0).threshold;
      CHECK((threshold.find("累积偏高") != std::string::npos) == by_sum);
    }
  }
}
