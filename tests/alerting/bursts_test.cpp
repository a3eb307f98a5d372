// Bursts over made-up streams: season, silence, cold start, refractory span, and restarts.
#include "tests/alerting/burst_support.h"

#include <map>
#include <set>

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

TEST_CASE("a burst is told while it happens, with its documents", "[warn][bursts]") {
  const auto measure = fixed();
  auto said = quiet_days(60, 6, 21);
  const Time when = start + days{50} + hours{14};
  add_burst(said, when, 15, minutes{50});
  Bursts bursts;
  const auto heard = listen(bursts, *measure, said);
  REQUIRE(heard.size() >= 1);
  const Heard& first = heard[0];
  CHECK(first.at >= when);
  CHECK(first.at <= when + minutes{50});
  CHECK(first.alarm.first);
  CHECK(first.alarm.scan.observed >= measure->bursts.observed_min);
  CHECK(first.alarm.scan.expected < first.alarm.scan.observed / 2.0);
  CHECK(first.alarm.documents.size() == static_cast<std::size_t>(first.alarm.scan.observed));
  CHECK(first.alarm.score >= 35);
  // It rises to the next level within the same burst, as the same alarm.
  REQUIRE(heard.size() == 2);
  CHECK_FALSE(heard[1].alarm.first);
  CHECK(heard[1].alarm.since == first.at);
  CHECK(heard[1].alarm.level < first.alarm.level);
  CHECK(heard[1].alarm.score >= 55);
}

TEST_CASE("no alarm before 28 days of history", "[warn][bursts]") {
  const auto measure = fixed();
  for (int day : {3, 20, 27}) {
    auto said = quiet_days(28, 6, 2);
    add_burst(said, start + days{day} + hours{14}, 200, minutes{50});
    Bursts bursts;
    CHECK(listen(bursts, *measure, said).empty());
  }
  auto said = quiet_days(40, 6, 2);
  add_burst(said, start + days{29} + hours{14}, 200, minutes{50});
  Bursts bursts;
  CHECK_FALSE(listen(bursts, *measure, said).empty());
}

TEST_CASE("an outage is missing, never zero", "[warn][bursts]") {
  const auto measure = fixed();
  // Silence of everything, anywhere: no alarm where it begins or ends, nor does it lower the level.
  for (int length : {6, 20, 48, 24 * 10}) DYNAMIC_SECTION(length << " 小时") {
    auto said = quiet_days(90, 12, 3);
    const Time begin = start + days{60} + hours{15};
    std::erase_if(said, [&](const Said& s) { return s.at >= begin && s.at < begin + hours{length}; });
    Bursts bursts;
    for (const Heard& heard : listen(bursts, *measure, said)) {
      INFO(china_minute(heard.at) << " " << heard.alarm.scan.observed << " / " << heard.alarm.scan.expected);
      CHECK((heard.at < begin || heard.at > begin + hours{length} + days{3}));
    }
  }
}

TEST_CASE("a level after an outage is that of before", "[warn][bursts]") {
  const auto measure = fixed();
  Stream with, without;
  Coverage whole, holed;
  const HourNumber first = hour_number(start);
  for (int hour = 0; hour < 24 * 80; ++hour) {
    const int count = hour % 24 >= 7 ? 1 : 0;
    const bool out = hour >= 24 * 60 && hour < 24 * 75;
    whole.set_alive(first + hour, 3);
    without.set(first + hour, count);
    if (out) continue;
    holed.set_alive(first + hour, 3);
    with.set(first + hour, count);
  }
  const int day = day_number(first) + 80;
  CHECK(without.baseline(day, whole, *measure).level == Approx(17).epsilon(0.02));
  CHECK(with.baseline(day, holed, *measure).level == Approx(17).epsilon(0.02));
  CHECK(with.baseline(day, holed, *measure).history_days == 65);
  // Declared missing, the same.
  Coverage declared;
  for (int hour = 0; hour < 24 * 80; ++hour) {
    declared.set_alive(first + hour, 3);
    if (hour >= 24 * 60 && hour < 24 * 75) declared.set_missing(first + hour);
  }
  CHECK(with.baseline(day, declared, *measure).level == Approx(17).epsilon(0.02));
}

TEST_CASE("five silent hours are a quiet night, six are an outage", "[warn][bursts]") {
  Coverage coverage;
  const HourNumber first = hour_number(start);
  for (int hour = 0; hour < 72; ++hour)
    if (!(hour >= 25 && hour < 29) && !(hour >= 50 && hour < 56)) coverage.set_alive(first + hour, 1);
  for (int hour = 0; hour < 72; ++hour) CHECK(coverage.missing(first + hour, 6) == (hour >= 50 && hour < 56));
  CHECK(coverage.missing(first - 1, 6));
  CHECK(coverage.missing(first - 24 * 500, 6));
}

TEST_CASE("a yearly season is no burst in its second year", "[warn][bursts]") {
  const auto measure = fixed();
  std::vector<Said> said;
  std::mt19937 random(11);
  for (int hour = 0; hour < 24 * 800; ++hour) {
    const int day = hour / 24;
    const bool june = day % 364 >= 150 && day % 364 < 165;
    std::poisson_distribution<int> schools((june ? 40.0 : 5.0) / 24);
    const Time at = start + hours{hour};
    said.push_back({at, false, ""});
    for (int n = schools(random); n > 0; --n) said.push_back({at + minutes{static_cast<int>(random() % 59)}, true, ""});
  }
  in_order(said);
  Bursts bursts;
  int first_year = 0, second_year = 0;
  for (const Heard& heard : listen(bursts, *measure, said)) {
    const auto day = (heard.at - start) / days{1};
    first_year += day >= 149 && day < 166;
    second_year += day >= 149 + 364 && day < 166 + 364;
  }
  INFO(first_year << " then " << second_year);
  CHECK(first_year >= 2);
  CHECK(second_year <= 1);
}

TEST_CASE("one alarm a refractory span", "[warn][bursts]") {
  const auto measure = fixed();
  auto said = quiet_days(60, 6, 4);
  const Time when = start + days{50} + hours{9};
  add_burst(said, when, 400, hours{20});
  Bursts bursts;
  int first = 0;
  for (const Heard& heard : listen(bursts, *measure, said))
    first += heard.alarm.first && heard.at >= when && heard.at < when + hours{24};
  CHECK(first == 1);
}

TEST_CASE("a topic has its own stream, up to the first slash", "[warn][bursts]") {
  const auto measure = fixed();
  auto said = quiet_days(60, 6, 5);
  for (int day = 1; day < 50; day += 3) said.push_back({start + days{day} + hours{10} + minutes{3}, true, "招生/划片"});
  in_order(said);
  add_burst(said, start + days{50} + hours{15}, 12, minutes{40}, "招生/中考");
  Bursts bursts;
  const auto heard = listen(bursts, *measure, said, "招生");
  REQUIRE_FALSE(heard.empty());
  CHECK(heard[0].at >= start + days{50} + hours{15});
}

TEST_CASE("what does not count", "[warn][bursts]") {
  const auto measure = fixed();
  struct Case { const char* name; void (*change)(Document&, Time); bool alarms; };
  const Case cases[] = {
      {"有时间的计入", [](Document&, Time) {}, true},
      {"没有时间的不计", [](Document& d, Time) { d.published_at.reset(); }, false},
      {"三天前的旧文不计", [](Document& d, Time now) { d.published_at = now - days{3}; }, false},
      {"只知当日的按首见时刻计", [](Document& d, Time now) {
         d.published_at = china_midnight(now);
         d.published_to_the_minute = false;
       }, true},
      {"只知昨日的不算今日", [](Document& d, Time now) {
         d.published_at = china_midnight(now) - days{1};
         d.published_to_the_minute = false;
       }, false},  // they count at yesterday's noon, and yesterday is part of what is normal today
      {"热榜同题同日计入", [](Document& d, Time) {
         d.medium = "hotlist";
         d.title = "同一标题";
       }, true},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Bursts bursts;
    int number = 0;
    for (const Said& each : quiet_days(50, 6, 6)) (void)tell(bursts, *measure, each, ++number);
    const Time when = start + days{50} + hours{11};
    bool alarmed = false;
    for (int i = 0; i < 20; ++i) {
      const Time now = when + minutes{i};
      Document d = document("突发" + std::to_string(i), now);
      c.change(d, now);
      Analysis a = analysis(d, 0);
      alarmed |= !bursts.observe({d, a, no_story}, *measure, now).empty();
    }
    CHECK(alarmed == c.alarms);
  }
}

TEST_CASE("a hot list that shows its entries on after midnight is no burst", "[warn][bursts]") {
  const auto measure = fixed();
  for (bool hotlist : {true, false}) {
    Bursts bursts;
    int number = 0;
    for (const Said& each : quiet_days(50, 6, 7)) (void)tell(bursts, *measure, each, ++number);
    const Time evening = start + days{50} + hours{8};
    int alarms_after_midnight = 0;
    for (int day = 0; day < 2; ++day)
      for (int i = 0; i < 12; ++i) {
        // Spread over the first day, all at once after midnight.
        const Time now = day == 0 ? evening + hours{i} : start + days{51} + minutes{10};
        Document d = document("榜上第" + std::to_string(i), now, "hot");
        d.medium = hotlist ? "hotlist" : "forum";
        const auto alarms = bursts.observe({d, analysis(d, 0), no_story}, *measure, now);
        if (day == 1) alarms_after_midnight += static_cast<int>(alarms.size());
      }
    CHECK((alarms_after_midnight > 0) != hotlist);
  }
}

TEST_CASE("a restart from the stored counts continues equally", "[warn][bursts]") {
  const auto measure = fixed();
  auto said = quiet_days(430, 8, 8);
  for (int day : {40, 120, 200, 380, 400, 425})
    add_burst(said, start + days{day} + hours{9 + day % 11}, 14, minutes{90});
  Bursts whole;
  const auto want = listen(whole, *measure, said);
  REQUIRE(want.size() >= 6);

  for (int restart_day : {41, 200, 399}) DYNAMIC_SECTION("第 " << restart_day << " 天") {
    std::map<std::pair<std::string, Time>, int> store;
    Bursts before;
    std::vector<std::pair<Time, std::string>> got;
    std::vector<std::pair<Document, Time>> recent;
    std::optional<Bursts> after;
    int number = 0;
    for (const Said& each : said) {
      const bool restarted = each.at >= start + days{restart_day} + hours{10};
      if (restarted && !after) {
        after.emplace();
        for (const auto& [key, count] : store) after->adopt({key.first, key.second, count});
        for (const auto& [at, stream] : got) after->adopt_alarm(stream, 3, at);
      }
      Bursts& now = restarted ? *after : before;
      for (const Alarm& alarm : tell(now, *measure, each, ++number))
        if (alarm.first) got.emplace_back(each.at, alarm.stream);
      for (const StreamCount& count : now.take_counts()) store[{count.stream, count.hour}] = count.documents;
    }
    std::vector<Time> want_times, got_times;
    for (const Heard& heard : want)
      if (heard.alarm.first) want_times.push_back(heard.at);
    for (const auto& [at, stream] : got)
      if (stream == "基础教育") got_times.push_back(at);
    CHECK(got_times == want_times);
  }
}

TEST_CASE("counts are taken once, absolute, with what keeps silence known", "[warn][bursts]") {
  const auto measure = fixed();
  Bursts bursts;
  for (int i = 0; i < 3; ++i) (void)tell(bursts, *measure, {start + minutes{i}, true, "收费/乱收费"}, i);
  bursts.mark_missing(start + hours{5});
  std::map<std::string, int> counts;
  for (const StreamCount& count : bursts.take_counts()) {
    CHECK(counts.emplace(count.stream, count.documents).second);
    CHECK(count.hour == start + (count.stream == "缺测" ? hours{5} : hours{0}));
  }
  CHECK(counts == std::map<std::string, int>{{"全部", 3}, {"基础教育", 3}, {"收费", 3}, {"缺测", 1}});
  CHECK(bursts.take_counts().empty());
}

TEST_CASE("streams and memory stay bounded", "[warn][bursts]") {
  const auto measure = fixed();
  Bursts bursts;
  for (int i = 0; i < static_cast<int>(streams_max) + 300; ++i) {
    Document d = document("标题", start);
    Analysis a = analysis(d, 0);
    a.topics = {"主题" + std::to_string(i)};
    (void)bursts.count({d, a, no_story}, *measure, start);
  }
  std::size_t streams = 0;
  for (const StreamCount& count : bursts.take_counts()) streams += count.stream.starts_with("主题");
  CHECK(streams > 0);
  CHECK(streams <= streams_max);
  HourCounts counts;
  counts.set(0, 1);
  counts.set(24 * 100'000, 2);
  counts.set(24 * 99'000, 3);  // older than what is kept
  CHECK(counts.end_day() - counts.first_day() <= HourCounts::days_kept);
  CHECK(counts.at(24 * 100'000) == 2);
  CHECK(counts.at(24 * 99'000) == 0);
}

TEST_CASE("false alarms on quiet streams stay near what the threshold says", "[warn][bursts]") {
  // Over a year each of Poisson days at four volumes: a model that is right alarms rarely, and the same when busy.
  const auto measure = fixed();
  for (double a_day : {0.5, 3.0, 12.0, 40.0}) DYNAMIC_SECTION("每天 " << a_day << " 条") {
    int alarms = 0;
    constexpr int runs = 2, length = 420;
    for (unsigned run = 0; run < runs; ++run) {
      Bursts bursts;
      for (const Heard& heard : listen(bursts, *measure, quiet_days(length, a_day, 100 + run)))
        alarms += heard.alarm.first;
    }
    const double per_month = alarms * 30.0 / (runs * (length - 28));
    INFO(alarms << " alarms");
    CHECK(per_month <= 0.6);
  }
}

TEST_CASE("a burst becomes a warning with title, reason and evidence", "[warn][bursts]") {
  const auto measure = fixed();
  auto said = quiet_days(45, 6, 9);
  add_burst(said, start + days{40} + hours{14}, 12, minutes{40});
  Warner warner(measure);
  std::vector<Raised> raised;
  int number = 0;
  for (const Said& each : said) {
    Document d = document("标题" + std::to_string(++number), each.at);
    Analysis a = analysis(d, 0);
    a.education = each.education;
    Story story;
    join(story, d, a, each.at);
    for (Raised& r : warner.observe(story, d, a, {}, each.at)) raised.push_back(std::move(r));
  }
  REQUIRE_FALSE(raised.empty());
  const Warning& w = raised[0].warning;
  CHECK(w.kind == "burst");
  CHECK(w.stream == "基础教育");
  CHECK(w.story.empty());
  CHECK(w.level.code == "Ⅳ");
  CHECK(w.title.starts_with("“基础教育”话题量异常升高："));
  CHECK(w.clocks.empty());
  REQUIRE(w.reasons.size() == 1);
  CHECK(w.reasons[0].criterion == "burst");
  CHECK(w.reasons[0].documents.size() >= 4);
  CHECK(w.evidence.size() == std::min(warning_evidence_max, w.reasons[0].documents.size()));
  CHECK(w.evidence[0].sentence == w.evidence[0].title);
  // Adopted after a restart, it keeps its stream quiet.
  Warner again(measure);
  for (const StreamCount& count : warner.take_counts()) again.adopt(count);
  again.adopt(warner.open().begin()->second);
  Document d = document("又一条", raised.back().change.at + minutes{1});
  Analysis a = analysis(d, 0);
  Story story;
  join(story, d, a, *d.published_at);
  CHECK(again.observe(story, d, a, {}, *d.published_at).empty());
}

TEST_CASE("what stays high for days without a loud hour is found by the sum", "[warn][bursts]") {
  auto said = quiet_days(60, 6, 5);
  for (int day = 60; day < 64; ++day)  // twelve more a day, evenly
    add_burst(said, start + days{day} + hours{7}, 18, hours{16});
  auto scan_only = std::make_shared<Measure>(*fixed());
  scan_only->bursts.levels = scan_only->bursts.topic_levels = {{3, 9}};
  auto both = std::make_shared<Measure>(*with_sum(4));
  both->bursts.levels = both->bursts.topic_levels = {{3, 9}};
  Bursts deaf, hearing;
  CHECK(listen(deaf, *scan_only, said).empty());
  const auto heard = listen(hearing, *both, said);
  REQUIRE_FALSE(heard.empty());
  const Alarm& alarm = heard[0].alarm;
  CHECK(heard[0].at >= start + days{60});
  CHECK(alarm.found == Alarm::Found::sum);
  CHECK(alarm.sum >= 4);
  CHECK(alarm.scan.observed > 2 * alarm.scan.expected);
  CHECK_FALSE(alarm.documents.empty());
  Warning warning;
  describe_burst(warning, alarm, *both, heard[0].at);
  CHECK(warning.reasons.at(0).threshold.find("累积偏高") != std::string::npos);
  for (std::size_t i = 1; i < heard.size(); ++i)  // begun anew after each alarm
    CHECK(heard[i].at - heard[i - 1].at >= both->bursts.refractory);
}

TEST_CASE("a restart does not change what the sum finds", "[warn][bursts]") {
  auto said = quiet_days(60, 6, 5);
  for (int day = 60; day < 64; ++day) add_burst(said, start + days{day} + hours{7}, 18, hours{16});
  const auto measure = with_sum(4);
  Bursts whole, before, after;
  const auto want = listen(whole, *measure, said);
  const Time cut = start + days{61} + hours{3};
  std::vector<Said> first, second;
  for (const Said& each : said) (each.at < cut ? first : second).push_back(each);
  auto heard = listen(before, *measure, first);
  for (const StreamCount& each : before.take_counts()) after.adopt(each);
  for (const Heard& each : heard) after.adopt_alarm(each.alarm.stream, each.alarm.level, each.alarm.since);
  const auto rest = listen(after, *measure, second);
  heard.insert(heard.end(), rest.begin(), rest.end());
  REQUIRE(heard.size() == want.size());
  for (std::size_t i = 0; i < heard.size(); ++i) CHECK(heard[i].at == want[i].at);
}

TEST_CASE("a school of ours and a topic in its district on a medium have streams of their own", "[warn][bursts]") {
  auto measure = std::make_shared<Measure>(*fixed());
  measure->bursts.schools = measure->bursts.cells = true;
  measure->bursts.cell_levels = {{3, 6}};
  Bursts bursts;
  std::vector<Alarm> alarms;
  int number = 0;
  const auto say = [&](Time at, const char* school, bool ours, const char* district) {
    Document d = document("标题" + std::to_string(++number), at);
    d.district = district;
    d.medium = "news";
    Analysis a = analysis(d, 0);
    a.topics = {"收费/乱收费"};
    Entity entity;
    entity.kind = EntityKind::school;
    entity.name = school;
    entity.ours = ours;
    a.entities = {entity};
    for (Alarm& alarm : bursts.observe({d, a, no_story}, *measure, at)) alarms.push_back(std::move(alarm));
  };
  for (int hour = 0; hour < 24 * 40; ++hour)
    say(start + hours{hour}, hour % 2 ? "甲小学" : "外地小学", hour % 2, hour % 3 ? "东区" : "西区");
  alarms.clear();
  auto quiet = std::make_shared<Measure>(*measure);
  quiet->bursts.levels = quiet->bursts.topic_levels = {{3, 200}};
  quiet->bursts.cell_levels = {{3, 4}};
  Bursts parts = bursts;  // the same history, with deaf wholes
  for (int n = 0; n < 12; ++n) say(start + days{40} + hours{1} + minutes{4 * n}, "甲小学", true, "东区");
  std::set<std::string> streams;
  for (const Alarm& alarm : alarms) streams.insert(alarm.stream);
  CHECK(streams.contains("学校·甲小学"));
  CHECK(streams.contains("收费"));
  CHECK_FALSE(streams.contains("分区·收费·东区·news"));  // its topic has alarmed already
  CHECK_FALSE(streams.contains("分区·收费·西区·news"));
  for (const StreamCount& each : bursts.take_counts()) CHECK(each.stream != "学校·外地小学");
  std::swap(bursts, parts);
  measure = quiet;
  alarms.clear();
  streams.clear();
  for (int n = 0; n < 12; ++n) say(start + days{40} + hours{1} + minutes{4 * n}, "甲小学", true, "东区");
  for (const Alarm& alarm : alarms) streams.insert(alarm.stream);
  CHECK(streams.contains("分区·收费·东区·news"));
  CHECK_FALSE(streams.contains("分区·收费·西区·news"));
  Warning warning;
  warning.stream = "学校·甲小学";
  name_stream(warning, *measure);
  CHECK(warning.schools == std::vector<std::string>{"甲小学"});
  CHECK(warning.topics.empty());
  warning = {};
  warning.stream = "分区·收费·东区·news";
  name_stream(warning, *measure);
  CHECK(warning.topics == std::vector<std::string>{"收费"});
}
