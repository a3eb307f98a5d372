// One story within a stream, the season that other years had, and what an outage must not do.
#include "tests/alerting/burst_support.h"

#include <map>

#include "alerting/warn/story_hours.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

// Deaf for the stream's volume: stories alone may speak.
std::shared_ptr<const Measure> of_stories() {
  auto measure = std::make_shared<Measure>(*fixed());
  measure->bursts.levels = measure->bursts.topic_levels = {{3, 60}, {2, 65}};
  measure->bursts.story = {1.7, 0.25, 2, 0.7};
  return measure;
}

}  // namespace

TEST_CASE("a few documents of one story alarm where as many of several do not", "[warn][bursts]") {
  const auto measure = of_stories();
  const Time when = start + days{50} + hours{10};
  for (const bool one : {true, false}) {
    auto said = quiet_days(60, 6, 5);
    for (int i = 0; i < 5; ++i)
      said.push_back({when + minutes{25 * i}, true, "收费/乱收费", one ? "一事" : "第" + std::to_string(i) + "事"});
    in_order(said);
    Bursts bursts;
    const auto heard = listen(bursts, *measure, said);
    REQUIRE(heard.size() == (one ? 1 : 0));
    if (!one) continue;
    const Alarm& alarm = heard[0].alarm;
    CHECK(heard[0].at == when + minutes{75});  // with the fourth
    CHECK(alarm.found == Alarm::Found::story);
    CHECK(alarm.first);
    CHECK(alarm.scan.observed == 4);
    CHECK(alarm.scan.expected < 1);
    CHECK(alarm.documents.size() == 4);  // of the story alone
    for (const Evidence& each : alarm.documents) CHECK(each.published_at >= when);
    Warning warning;
    describe_burst(warning, alarm, *measure, heard[0].at);
    CHECK(warning.title.find("同一事件") != std::string::npos);
    CHECK(warning.title.ends_with(alarm.documents[0].title));
    CHECK(warning.reasons.at(0).observed.starts_with("同一事件 "));
    CHECK(warning.reasons.at(0).threshold.starts_with("单一事件异常度 "));
    CHECK(warning.reasons.at(0).documents.size() == 4);
  }
}

TEST_CASE("a story that was loud before the window is no news", "[warn][bursts]") {
  auto measure = std::make_shared<Measure>(*of_stories());
  for (const bool known : {false, true}) {
    auto said = quiet_days(60, 6, 5);
    const Time when = start + days{50} + hours{10};
    // Three a day, never enough within a day for an alarm.
    if (known)
      for (int day = 1; day <= 2; ++day) add_burst(said, when - days{day}, 3, hours{8}, "收费/乱收费", "一事");
    add_burst(said, when, 4, hours{2}, "收费/乱收费", "一事");
    Bursts bursts;
    CHECK(listen(bursts, *measure, said).empty() == known);
  }
}

TEST_CASE("a restart does not change what one story makes", "[warn][bursts]") {
  const auto measure = of_stories();
  auto said = quiet_days(60, 6, 5);
  const Time when = start + days{50} + hours{10};
  add_burst(said, when, 4, hours{3}, "收费/乱收费", "一事");
  Bursts whole, before, after;
  const auto want = listen(whole, *measure, said);
  REQUIRE(want.size() == 1);
  std::vector<Said> first, second;
  for (const Said& each : said) (each.at < when + minutes{50} ? first : second).push_back(each);
  const auto heard = listen(before, *measure, first);
  CHECK(heard.empty());
  for (const StreamCount& each : before.take_counts()) after.adopt(each);
  int number = 0;
  for (const Said& each : first) {
    const Document d = document_of(each, ++number);
    after.remember({d, analysis_of(each, d), each.story}, *measure, each.at);
  }
  const auto got = listen(after, *measure, second);
  REQUIRE(got.size() == 1);
  CHECK(got[0].at == want[0].at);
  CHECK(got[0].alarm.scan.observed == want[0].alarm.scan.observed);
  CHECK(got[0].alarm.documents.size() == want[0].alarm.documents.size());
}

TEST_CASE("a document counts for the story that it found", "[warn][bursts]") {
  // Stories that become one later change no count that was told, so that an alarm can be derived again.
  Warner warner(of_stories());
  auto said = quiet_days(50, 6, 5);
  int number = 0, bursts = 0;
  const auto say = [&](const Said& each, const std::string& joined) {
    const Document d = document_of(each, ++number);
    Story story;
    story.id = "一事";
    const Placement placement{d.id, joined, false, "", 0};
    for (const Raised& raised : warner.observe(story, d, analysis_of(each, d), placement, each.at))
      bursts += raised.warning.kind == "burst";
  };
  for (const Said& each : said) say(each, "s" + std::to_string(number));
  const Time when = start + days{50} + hours{10};
  for (int i = 0; i < 3; ++i) say({when + minutes{i}, true, ""}, "另一事");
  say({when + minutes{4}, true, ""}, "一事");
  CHECK(bursts == 0);
  for (int i = 5; i < 8; ++i) say({when + minutes{i}, true, ""}, "一事");
  CHECK(bursts == 1);
}

TEST_CASE("what is kept of stories by the hour stays bounded", "[warn][bursts]") {
  StoryHours told;
  for (int i = 0; i < 200'000; ++i) told.add("s" + std::to_string(i), 1000 + i / 50'000);
  CHECK(told.stories() <= StoryHours::stories_max);
  CHECK(told.at("s199999", 1003) == 1);
  for (int n = 0; n < 3; ++n) told.add("一事", 1004);
  told.add("一事", 1003);
  CHECK(told.at("一事", 1004) == 3);
  CHECK(told.at("一事", 1003) == 1);
  CHECK(told.at("一事", 1002) == 0);
  CHECK(told.at("没有", 1004) == 0);
  told.add("一事", 1004 - StoryHours::hours_kept);  // too late to matter
  CHECK(told.at("一事", 1004 - StoryHours::hours_kept) == 0);
  told.add("别事", 1004 + 2 * StoryHours::hours_kept);
  CHECK(told.stories() == 1);
}

TEST_CASE("a season that is known from other years is no burst in the first year", "[warn][bursts]") {
  // A year at five a day but forty in the first half of June.
  std::vector<Said> said;
  std::mt19937 random(11);
  const Time june = at("2025-06-01T00:00:00+08:00"), end = at("2025-06-20T00:00:00+08:00");
  for (Time hour = start; hour < end; hour += hours{1}) {
    const bool loud = hour >= june && hour < june + days{15};
    std::poisson_distribution<int> schools((loud ? 40.0 : 5.0) / 24);
    said.push_back({hour, false, ""});
    for (int n = schools(random); n > 0; --n)
      said.push_back({hour + minutes{static_cast<int>(random() % 59)}, true, ""});
  }
  in_order(said);
  std::map<bool, int> alarms;
  for (const bool known : {false, true}) {
    auto measure = std::make_shared<Measure>(*fixed());
    measure->calendar.clear();
    if (known) measure->bursts.season.assign(24, 1);
    if (known) measure->bursts.season[10] = 8;
    Bursts bursts;
    for (const Heard& heard : listen(bursts, *measure, said)) alarms[known] += heard.alarm.first && heard.at >= june;
  }
  CHECK(alarms[false] >= 2);
  CHECK(alarms[true] <= 1);
}

TEST_CASE("the season's loud days stand beside it", "[warn][bursts]") {
  auto measure = std::make_shared<Measure>(*fixed());
  measure->bursts.season.assign(24, 1);
  measure->bursts.season[10] = 2;  // the first half of June
  measure->calendar = {{"高考", 607, 608, 3, true}};
  Stream stream;
  Coverage coverage;
  const HourNumber first = hour_number(start);
  for (int hour = 0; hour < 24 * 40; ++hour) {
    coverage.set_alive(first + hour, 1);
    stream.set(first + hour, 1);
  }
  const auto level = [&](const char* day) {
    return stream.baseline(day_number(hour_number(at(day))), coverage, *measure).level;
  };
  CHECK(level("2025-02-15T12:00:00+08:00") == Approx(24).epsilon(0.02));
  CHECK(level("2025-06-03T12:00:00+08:00") == Approx(48).epsilon(0.02));
  CHECK(level("2025-06-07T12:00:00+08:00") == Approx(144).epsilon(0.02));
}

TEST_CASE("deleting any six to forty-eight hours of input makes no burst at the edges", "[warn][bursts]") {
  // All three detectors at the shipped thresholds, which alarm now and then on any stream: what they say near the gap
  // must be what they say without it.
  auto measure = std::make_shared<Measure>(*shipped());
  measure->bursts.schools = measure->bursts.cells = false;
  std::mt19937 random(20261128);
  int alarms = 0;
  for (unsigned seed = 0; seed < 6; ++seed) {
    auto said = quiet_days(80, 4 + 5 * seed, 300 + seed);
    for (std::size_t i = 0; i < said.size(); ++i) said[i].story = "s" + std::to_string(i / 2);
    Bursts bursts;
    const auto whole = listen(bursts, *measure, said);
    for (int cut = 0; cut < 8; ++cut) {
      const Time begin = start + days{40} + minutes{static_cast<int>(random() % (30 * 24 * 60))};
      const Time end = begin + minutes{6 * 60 + static_cast<int>(random() % (42 * 60 + 1))};
      auto holed = said;
      std::erase_if(holed, [&](const Said& s) { return s.at >= begin && s.at < end; });
      Bursts after;
      for (const Heard& heard : listen(after, *measure, holed)) {
        if (heard.at < begin || heard.at > end + days{3}) continue;
        ++alarms;
        CAPTURE(seed, china_minute(begin), china_minute(end), china_minute(heard.at), heard.alarm.scan.observed);
        CHECK(std::any_of(whole.begin(), whole.end(), [&](const Heard& each) {
          return std::chrono::abs(each.at - heard.at) <= hours{24} + (end - begin);
        }));
      }
    }
  }
  INFO(alarms << " near gaps");
}

TEST_CASE("a curve of window thresholds counts what windows find", "[warn][bursts]") {
  auto said = quiet_days(60, 6, 5);
  for (int day = 50; day < 54; ++day) add_burst(said, start + days{day} + hours{7}, 18, hours{16}, "收费/乱收费", "一事");
  for (const bool deaf : {false, true}) {
    const auto measure = deaf ? with_burst_threshold(*shipped(), 200) : shipped();
    Bursts bursts;
    CHECK(listen(bursts, *measure, said).empty() == deaf);
  }
}
