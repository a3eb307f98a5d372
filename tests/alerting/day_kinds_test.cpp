// Working days, weekends, holidays and weekends that are worked: which day is which, and that what is expected of a
// stream follows.
#include "tests/alerting/burst_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

int day_of_text(const std::string& date) { return day_number(hour_number(at((date + "T12:00:00+08:00").c_str()))); }

std::shared_ptr<Measure> with_days(double weekend, double holiday) {
  auto measure = std::make_shared<Measure>(*fixed());
  measure->calendar.clear();
  measure->bursts.weekend = weekend;
  measure->bursts.holiday = holiday;
  return measure;
}

// Hours of the days from `first` on until before `end`: 48 documents on a working day, fewer on others.
struct Weeks {
  Stream stream;
  Coverage coverage;

  Weeks(const Measure& measure, const char* first, const char* end) {
    for (int day = day_of_text(first); day < day_of_text(end); ++day)
      for (int hour = day * 24; hour < day * 24 + 24; ++hour) {
        coverage.set_alive(hour, 1);
        stream.set(hour, measure.day_kinds.at(day) == DayKind::work ? 2 : 1);
      }
  }
  double level(const Measure& measure, const char* date) const {
    return stream.baseline(day_of_text(date), coverage, measure).level;
  }
};

}  // namespace

TEST_CASE("which day is a working day", "[warn][bursts][days]") {
  const auto measure = shipped();
  struct Case {
    const char* date;
    DayKind kind;
    bool made_up;
    const char* why;
  };
  for (const Case& c : {Case{"2026-11-27", DayKind::work, false, "周五"},
                        {"2026-11-28", DayKind::weekend, false, "周六"},
                        {"2026-11-29", DayKind::weekend, false, "周日"},
                        {"2026-11-30", DayKind::work, false, "周一"},
                        {"2026-10-01", DayKind::holiday, false, "国庆，周四"},
                        {"2026-10-03", DayKind::holiday, false, "国庆中的周六"},
                        {"2026-10-07", DayKind::holiday, false, "国庆末日"},
                        {"2026-10-08", DayKind::work, false, "国庆之后"},
                        {"2026-10-10", DayKind::work, true, "周六调休上班"},
                        {"2026-09-20", DayKind::work, true, "放假前的周日调休上班"},
                        {"2026-10-11", DayKind::weekend, false, "次日仍休"},
                        {"2022-12-31", DayKind::holiday, false, "跨年元旦"},
                        {"2023-04-05", DayKind::holiday, false, "只一天"},
                        {"2034-10-02", DayKind::work, false, "未列出的年份，周一"},
                        {"2034-10-01", DayKind::weekend, false, "未列出的年份，周日"},
                        {"1969-12-27", DayKind::weekend, false, "1970 年以前的周六"}}) {
    CAPTURE(c.date, c.why);
    CHECK(measure->day_kinds.at(day_of_text(c.date)) == c.kind);
    CHECK(measure->day_kinds.is_made_up(day_of_text(c.date)) == c.made_up);
  }
  REQUIRE(measure->day_kinds.holiday_at(day_of_text("2026-10-04")));
  CHECK(measure->day_kinds.holiday_at(day_of_text("2026-10-04"))->name == "国庆节");
}

TEST_CASE("what is expected follows the kind of day", "[warn][bursts][days]") {
  const auto knowing = with_days(0.5, 0.25), ignorant = with_days(1, 1);
  const Weeks weeks(*knowing, "2026-07-06", "2026-09-18");  // a Monday to before a Friday
  CHECK(weeks.level(*knowing, "2026-09-18") == Approx(48).epsilon(0.01));
  CHECK(weeks.level(*knowing, "2026-09-19") == Approx(24).epsilon(0.01));  // Saturday
  CHECK(weeks.level(*knowing, "2026-09-20") == Approx(48).epsilon(0.01));  // a Sunday that is worked
  CHECK(weeks.level(*knowing, "2026-09-25") == Approx(12).epsilon(0.01));  // a Friday of 中秋节
  CHECK(weeks.level(*ignorant, "2026-09-18") < 47);  // weekends pull its means down
  CHECK(weeks.level(*ignorant, "2026-09-19") > 40);
}

TEST_CASE("last year's weeks are known as working days too", "[warn][bursts][days]") {
  const auto knowing = with_days(0.5, 0.5);
  Weeks weeks(*knowing, "2025-08-18", "2025-09-15");
  // A year later nothing but a document an hour that tells the input is alive; last year is all that speaks.
  for (int hour = day_of_text("2025-09-15") * 24; hour < day_of_text("2026-08-28") * 24; ++hour)
    weeks.coverage.set_alive(hour, 1);
  CHECK(weeks.level(*knowing, "2026-08-28") == Approx(48).epsilon(0.01));  // Friday
  CHECK(weeks.level(*knowing, "2026-08-29") == Approx(24).epsilon(0.01));  // Saturday
  CHECK(weeks.level(*with_days(1, 1), "2026-08-28") < 44);
}

TEST_CASE("a window over midnight expects of each day what its kind brings", "[warn][bursts][days]") {
  const auto measure = with_days(0.5, 0.25);
  measure->bursts.windows = {24};
  Weeks weeks(*measure, "2026-07-06", "2026-09-21");
  const HourNumber monday = day_of_text("2026-09-14") * 24 + 11;  // half of the window lies on Sunday
  CHECK(weeks.stream.scan(monday, weeks.coverage, *measure).expected == Approx(12 * 2 + 12 * 1).epsilon(0.02));
  const HourNumber saturday = day_of_text("2026-09-12") * 24 + 11;
  CHECK(weeks.stream.scan(saturday, weeks.coverage, *measure).expected == Approx(12 * 1 + 12 * 2).epsilon(0.02));
  // The sum looks back over two weekends, which are no quiet weeks to it, nor are working days loud ones.
  for (const char* date : {"2026-09-13", "2026-09-14", "2026-09-18", "2026-09-19"}) {
    const Sum sum = weeks.stream.cusum(day_of_text(date) * 24 + 23, {}, weeks.coverage, *measure);
    CHECK(sum.value < 0.5);
  }
}

TEST_CASE("the same documents surprise more on a day of rest", "[warn][bursts][days]") {
  const auto knowing = with_days(0.5, 0.25), ignorant = with_days(1, 1);
  const Weeks plain(*knowing, "2026-07-06", "2026-09-26");
  const auto surprise_of = [&](const Measure& measure, const char* date) {
    Weeks weeks = plain;
    const HourNumber hour = day_of_text(date) * 24 + 15;
    weeks.stream.set(hour, 9);
    return weeks.stream.scan(hour, weeks.coverage, measure).surprise;
  };
  CHECK(surprise_of(*knowing, "2026-09-19") > surprise_of(*ignorant, "2026-09-19") + 0.5);
  CHECK(surprise_of(*knowing, "2026-09-25") > surprise_of(*knowing, "2026-09-19") + 0.5);
  CHECK(surprise_of(*knowing, "2026-09-20") < surprise_of(*knowing, "2026-09-19") - 0.5);  // worked
}

TEST_CASE("weights of one change no alarm, whatever the holidays", "[warn][bursts][days]") {
  auto said = quiet_days(90, 6, 33);
  for (int day : {33, 40, 47, 54, 61}) add_burst(said, start + days{day} + hours{11}, 12, minutes{50});
  auto without = with_days(1, 1);
  without->day_kinds = {};
  Bursts one, other;
  const auto want = listen(one, *without, said), got = listen(other, *with_days(1, 1), said);
  REQUIRE(want.size() >= 5);
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    CHECK(got[i].at == want[i].at);
    CHECK(got[i].alarm.scan.expected == want[i].alarm.scan.expected);
    CHECK(got[i].alarm.scan.surprise == want[i].alarm.scan.surprise);
  }
}

TEST_CASE("the reason names the kind of day that it counted with", "[warn][bursts][days]") {
  Alarm alarm;
  alarm.stream = "基础教育";
  alarm.level = 3;
  alarm.scan = {6, 9, 2.5, 3.4};
  alarm.lower.windows = {{6, 9, 8}};
  const auto expected = [&](const Measure& measure, const char* moment) {
    Warning warning;
    describe_burst(warning, alarm, measure, at(moment));
    return warning.reasons.at(0).expected;
  };
  const auto measure = with_days(0.89, 0.67);
  CHECK(expected(*measure, "2026-11-27T09:00:00+08:00") == "2.5 条");
  CHECK(expected(*measure, "2026-11-28T00:10:00+08:00") == "2.5 条（周末，按工作日的 0.89 倍计）");
  CHECK(expected(*measure, "2026-10-01T09:00:00+08:00") == "2.5 条（国庆节假期，按工作日的 0.67 倍计）");
  CHECK(expected(*measure, "2026-10-10T23:50:00+08:00") == "2.5 条（调休上班，按工作日计）");
  CHECK(expected(*with_days(1, 1), "2026-10-01T09:00:00+08:00") == "2.5 条");
}

TEST_CASE("another measure holds from the next document on, not from the next day", "[warn][bursts][days]") {
  const auto before = with_days(1, 1), after = with_days(0.4, 0.4);
  auto said = quiet_days(48, 6, 9);  // the last day is a Saturday
  const Time evening = start + days{47} + hours{19};
  add_burst(said, evening, 12, minutes{40});
  std::vector<std::string> reasons;
  for (const bool replaced : {false, true}) {
    Warner warner(replaced ? before : after);
    bool is_new = !replaced;
    int number = 0;
    std::string first;
    for (const Said& each : said) {
      if (!is_new && each.at >= evening) {
        warner.replace(after);
        is_new = true;
      }
      const Document d = document_of(each, ++number);
      Story story;
      story.id = "s" + std::to_string(number);
      for (const Raised& raised : warner.observe(story, d, analysis_of(each, d), {}, each.at))
        if (raised.warning.kind == "burst" && raised.change.at >= evening && first.empty())
          first = raised.warning.title + raised.warning.reasons.at(0).expected;
    }
    reasons.push_back(first);
  }
  CHECK(reasons[0].find("周末，按工作日的 0.4 倍计") != std::string::npos);
  CHECK(reasons[1] == reasons[0]);
}
