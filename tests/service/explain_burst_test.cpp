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
  std::shared_ptr<const analyzer::Analyzer> analyzer;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Ledger> ledger;
  std::vector<alerting::Raised> bursts;
  int number = 0;

  Town(std::shared_ptr<const alerting::Measure> by, std::shared_ptr<const analyzer::Analyzer> reader)
      : measure(std::move(by)), analyzer(std::move(reader)) {
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
  void say(Time at, const std::string& title = {}) {
    Document document;
    document.id = "d" + std::to_string(++number);
    document.url = "http://bbs.example/" + std::to_string(number);
    document.title = title.empty() ? unlike_the_others() : title;
    document.source = "bbs";
    document.medium = "forum";
    document.published_at = document.fetched_at = at;
    document.published_to_the_minute = true;
    document.published_by = DateOrigin::feed;
    Analysis analysis = analyzer->analyze(document);
    analysis.education = true;
    analysis.matches.clear();
    Harvest harvest;
    harvest.documents.emplace_back(std::move(document), std::move(analysis));
    const auto admitted = ledger->admit(std::move(harvest), at);
    REQUIRE(admitted);
    for (const alerting::Raised& raised : admitted->raised)
      if (raised.warning.kind == "burst") bursts.push_back(raised);
  }
  // Of words that no other title shares, so that each is a story of its own.
  std::string unlike_the_others() const {
    std::string text;
    for (int i = 0; i < 6; ++i) {
      const unsigned code = 0x4E00 + (static_cast<unsigned>(number) * 6 + static_cast<unsigned>(i)) % 20'000;
      text += static_cast<char>(0xE0 | (code >> 12));
      text += static_cast<char>(0x80 | ((code >> 6) & 63));
      text += static_cast<char>(0x80 | (code & 63));
    }
    return text;
  }
  // So many a day between seven and eleven at night, evenly.
  void day(Time midnight, int documents) {
    for (int n = 0; n < documents; ++n) say(midnight + hours{7} + n * Seconds{hours{16}} / documents);
  }
};

}  // namespace

TEST_CASE("bursts of each detector are derived again byte for byte", "[explain]") {
  const auto shipped = *load_measure("");
  const auto analyzer = *load_analyzer({});
  // No window is loud enough: one story or the sum alone may speak.
  std::string text(*resource("rules/measure.yaml"));
  const std::string first = "surprise: 2.8", second = "surprise: 6}";
  REQUIRE(text.find(first) != text.npos);
  text.replace(text.find(second), second.size(), "surprise: 60}");
  text.replace(text.find(first), first.size(), "surprise: 50");
  const auto parsed = alerting::parse_measure(text, "deaf.yaml");
  REQUIRE(parsed);
  const auto& deaf = *parsed;
  struct Case {
    const char* name;
    const char* threshold;
    bool deaf;
    const char* lowers;  // within what it says would lower it
  };
  for (const Case& c : {Case{"一时", "异常度 ", false, " 条即低于预警线；"},
                        {"骤增", "异常度 ", false, " 条即低于Ⅲ级门槛；近 "},
                        {"一事", "单一事件异常度 ", true, "同一事件近 "},
                        {"几日", "累积偏高 ", true, "条，累积值即回落；"}})
    DYNAMIC_SECTION(c.name) {
      Town town(c.deaf ? deaf : shipped, analyzer);
      const Time start = *parse_time("2026-01-05T00:00:00+08:00");
      const std::string name = c.name;
      for (int day = 0; day < 45; ++day) {
        town.day(start + days{day}, 6);
        // It was told of two days before already, which the warning must know again.
        if (day == 42 && name == "一事") town.say(start + days{day} + hours{23}, "实验中学操场翻新，家长质疑跑道气味刺鼻");
      }
      town.bursts.clear();
      if (name == "几日")
        for (int day = 45; day < 49; ++day) town.day(start + days{day}, 20);
      else if (name == "一时")
        for (int n = 0; n < 15; ++n) town.say(start + days{45} + hours{10} + minutes{3 * n});
      else if (name == "骤增")  // in an hour that is never empty, so that it rises in two steps
        for (int n = -4; n < 40; ++n)
          town.say(start + days{45} + (n < 0 ? hours{7} + (n + 4) * minutes{160} : hours{17} + minutes{n}));
      else
        for (int n = 0; n < 4; ++n)
          town.say(start + days{45} + hours{10} + minutes{40 * n}, "实验中学操场翻新，家长质疑跑道气味刺鼻");
      REQUIRE_FALSE(town.bursts.empty());
      CHECK(town.bursts.size() == (name == "骤增" ? 2 : 1));
      CHECK(town.bursts.back().warning.reasons.at(0).lowers.find(c.lowers) != std::string::npos);
      for (const alerting::Raised& raised : town.bursts) {
        const auto explained = explain(*town.store, {raised.warning.id, raised.change.seq}, *analyzer, *town.measure);
        REQUIRE(explained);
        CAPTURE(raised.warning.title, explained->why);
        CHECK(explained->equal);
        CHECK(explained->change.reasons.at(0).threshold.starts_with(c.threshold));
      }
    }
}
