// What would keep a burst under its threshold is held against the detectors themselves: with so many documents they are
// silent, with one more they speak.
#include "tests/alerting/burst_support.h"

#include "alerting/warn/cusum.h"
#include "alerting/warn/story_hours.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

constexpr int days_before = 45;

// Fifty days by the hour, the last one loud, looked at in its last hour, so that a baseline knows none of it.
struct Loud {
  std::vector<int> counts, told;  // by the hour; of those the story's
  Coverage coverage;
  HourNumber first = hour_number(start);
  HourNumber hour = first + days_before * 24 + 23;

  explicit Loud(unsigned seed) : counts((days_before + 1) * 24), told(counts.size()) {
    std::mt19937 random(seed);
    std::poisson_distribution<int> usual(0.1 + 0.1 * (seed % 8));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      coverage.set_alive(first + static_cast<int>(i), 1);
      counts[i] = usual(random);
    }
    for (unsigned n = random() % 40; n > 0; --n) {
      const std::size_t at = counts.size() - 1 - random() % (1 + random() % 20);
      ++counts[at];
      told[at] += random() % 4 != 0;
    }
  }
  Stream stream() const {
    Stream stream;
    for (std::size_t i = 0; i < counts.size(); ++i) stream.set(first + static_cast<int>(i), counts[i]);
    return stream;
  }
  StoryHours story() const {
    StoryHours hours;
    for (std::size_t i = 0; i < told.size(); ++i)
      for (int n = 0; n < told[i]; ++n) hours.add("一事", first + static_cast<int>(i));
    return hours;
  }
  // So many of the newest of them not said.
  static std::vector<int> without(std::vector<int> of, int number) {
    for (std::size_t i = of.size(); i-- > 0 && number > 0;) {
      const int gone = std::min(of[i], number);
      of[i] -= gone;
      number -= gone;
    }
    return of;
  }
  int last_day() const {
    int sum = 0;
    for (std::size_t i = counts.size() - 24; i < counts.size(); ++i) sum += counts[i];
    return sum;
  }
};

std::shared_ptr<Measure> three_detectors() {
  auto measure = std::make_shared<Measure>(*with_sum(4));
  measure->bursts.story = {1.7, 0.25, 2, 0.7};
  return measure;
}

}  // namespace

TEST_CASE("a window with as many as its limit is under the threshold, with one more it is not", "[warn][bursts]") {
  const auto measure = three_detectors();
  int limits = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Loud loud(seed);
    const Stream whole = loud.stream();
    for (const double threshold : {3.1, 6.5}) {
      const auto found = whole.limits(threshold, loud.hour, loud.coverage, *measure);
      CHECK(found.empty() == (whole.scan(loud.hour, loud.coverage, *measure).surprise < threshold));
      for (const Limit& limit : found) {
        Measure one = *measure;
        one.bursts.windows = {limit.hours};
        CAPTURE(seed, threshold, limit.hours, limit.observed, limit.most);
        REQUIRE(limit.most < limit.observed);
        for (const bool over : {false, true}) {
          Loud fewer = loud;
          fewer.counts = Loud::without(loud.counts, limit.observed - limit.most - over);
          const Scan scan = fewer.stream().scan(loud.hour, loud.coverage, one);
          CHECK((scan.hours > 0 && scan.surprise >= threshold) == over);
          if (over) CHECK(scan.observed == limit.most + 1);
        }
        ++limits;
      }
    }
  }
  CHECK(limits > 300);
}

TEST_CASE("a story with as many as its limit is under the threshold, with one more it is not", "[warn][bursts]") {
  const auto measure = three_detectors();
  int limits = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Loud loud(seed);
    const Stream stream = loud.stream();
    const auto found = stream.story_limits(loud.hour, loud.story(), "一事", loud.coverage, *measure);
    for (const Limit& limit : found) {
      Measure one = *measure;
      one.bursts.windows = {limit.hours};
      CAPTURE(seed, limit.hours, limit.observed, limit.most);
      REQUIRE(limit.most < limit.observed);
      for (const bool over : {false, true}) {
        Loud fewer = loud;
        fewer.told = Loud::without(loud.told, limit.observed - limit.most - over);
        const Scan scan = stream.scan_story(loud.hour, fewer.story(), "一事", loud.coverage, one);
        CHECK((scan.hours > 0 && scan.surprise >= measure->bursts.story.surprise) == over);
      }
      ++limits;
    }
  }
  CHECK(limits > 300);
}

TEST_CASE("a sum with as many as its limit is under the threshold, with one more it is not", "[warn][bursts]") {
  const auto measure = three_detectors();
  int limits = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Loud loud(seed);
    const Stream whole = loud.stream();
    const auto found = whole.sum_limit(4, loud.hour, {}, loud.coverage, *measure);
    const Sum sum = whole.cusum(loud.hour, {}, loud.coverage, *measure);
    CHECK(found.has_value() == (sum.value >= 4 && sum.observed >= measure->bursts.observed_min));
    if (!found || found->observed - found->most > loud.last_day()) continue;  // else the baseline would change
    CAPTURE(seed, found->hours, found->observed, found->most);
    REQUIRE(found->most < found->observed);
    for (const bool over : {false, true}) {
      Loud fewer = loud;
      fewer.counts = Loud::without(loud.counts, found->observed - found->most - over);
      const Sum left = fewer.stream().cusum(loud.hour, {}, loud.coverage, *measure);
      CHECK((left.value >= 4 && left.observed >= measure->bursts.observed_min) == over);
    }
    ++limits;
  }
  CHECK(limits > 50);
}

TEST_CASE("a steady day brings the sum down, one document more does not", "[warn][bursts]") {
  const auto measure = three_detectors();
  for (int a_day : {24, 48, 240}) {
    Stream stream;
    Coverage coverage;
    const HourNumber first = hour_number(start);
    for (int hour = 0; hour < 24 * 60; ++hour) {
      coverage.set_alive(first + hour, 1);
      stream.set(first + hour, a_day / 24);
    }
    const HourNumber now = first + 24 * 60;
    const Baseline& normal = stream.baseline(day_number(now), coverage, *measure);
    const int steady = stream.steady(now, coverage, *measure);
    CHECK(steady > normal.level);
    CHECK(steady < 2.5 * normal.level);
    const auto gain = [&](int count) { return raised_level_gain(count, normal.level / 24, normal.size, 2.5); };
    CHECK(24 * gain(0) + steady * (gain(1) - gain(0)) < 0);
    CHECK(24 * gain(0) + (steady + 1) * (gain(1) - gain(0)) >= 0);
  }
}

TEST_CASE("a burst says in counts what would lower it, for each detector", "[warn][bursts]") {
  const Time when = start + days{50} + hours{10};
  const auto told = [&](const Measure& measure, const std::vector<Said>& said, std::size_t number) {
    Bursts bursts;
    const auto heard = listen(bursts, measure, said);
    REQUIRE(heard.size() > number);
    Warning warning;
    describe_burst(warning, heard[number].alarm, measure, heard[number].at);
    return warning.reasons.at(0).lowers;
  };
  auto window = quiet_days(60, 6, 21);
  add_burst(window, when, 30, minutes{50});
  CHECK(told(*fixed(), window, 0) == "近 1 小时不多于 3 条即低于预警线；已发出的由人办结");
  const std::string risen = told(*fixed(), window, 1);
  CHECK(risen.starts_with("近 "));
  CHECK(risen.find("即低于Ⅲ级门槛；近 ") != std::string::npos);
  CHECK(risen.ends_with("条即低于预警线；已发出的由人办结"));

  auto story = std::make_shared<Measure>(*fixed());
  story->bursts.levels = story->bursts.topic_levels = {{3, 60}, {2, 65}};
  story->bursts.story = {1.7, 0.25, 2, 0.7};
  auto said = quiet_days(60, 6, 5);
  add_burst(said, when, 5, minutes{125}, "收费/乱收费", "一事");
  CHECK(told(*story, said, 0) == "同一事件近 3、6、12 小时均不多于 3 条即低于预警线；已发出的由人办结");

  auto sum = std::make_shared<Measure>(*with_sum(4));
  sum->bursts.levels = sum->bursts.topic_levels = {{3, 60}, {2, 65}};
  auto high = quiet_days(60, 6, 5);
  for (int day = 60; day < 64; ++day) add_burst(high, start + days{day} + hours{7}, 18, hours{16});
  const std::string lasting = told(*sum, high, 0);
  CAPTURE(lasting);
  CHECK(lasting.find(" 小时累计不多于 ") != std::string::npos);
  CHECK(lasting.find("条（不计最近 1 条）即低于预警线；此后每天不多于 ") != std::string::npos);
  CHECK(lasting.ends_with(" 条，累积值即回落；已发出的由人办结"));

  // A window that is over the line with its story: both have to fall.
  auto both = std::make_shared<Measure>(*fixed());
  both->bursts.story = {1.7, 0.25, 2, 0.7};
  both->bursts.levels = {{3, 2.5}};
  auto one = quiet_days(60, 6, 5);
  add_burst(one, start + days{50} + hours{4}, 5, minutes{20}, "收费/乱收费", "一事");
  const std::string all = told(*both, one, 0);
  CAPTURE(all);
  CHECK(all.find("，且同一事件近 ") != std::string::npos);
  CHECK(all.find("条，即低于预警线；") != std::string::npos);
}
