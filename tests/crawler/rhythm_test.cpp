#include "crawler/schedule/rhythm.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace tingchao;
using namespace tingchao::crawler;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time monday = *parse_time("2026-03-02T00:00:00+08:00");

// Publishes `an_hour` items between `from` and `to` o'clock on working days, read every half hour.
Rhythm office(int from, int to, double an_hour, int weeks) {
  std::mt19937 random(7);
  std::poisson_distribution<int> items(an_hour / 2);
  Rhythm rhythm;
  for (Time at = monday; at < monday + hours(24 * 7 * weeks); at += minutes(30)) {
    const std::size_t bin = rhythm_bin(at);
    const bool open = bin < 24 && static_cast<int>(bin) >= from && static_cast<int>(bin) < to;
    rhythm.observe(at, at + minutes(30), open ? items(random) : 0);
  }
  return rhythm;
}

}  // namespace

TEST_CASE("hours are those of China, and weekends are their own", "[crawler][rhythm]") {
  CHECK(rhythm_bin(*parse_time("2026-03-02T00:00:00+08:00")) == 0);
  CHECK(rhythm_bin(*parse_time("2026-03-06T23:59:59+08:00")) == 23);
  CHECK(rhythm_bin(*parse_time("2026-03-07T00:00:00+08:00")) == 24);
  CHECK(rhythm_bin(*parse_time("2026-03-08T13:30:00+08:00")) == 37);
  CHECK(rhythm_bin(*parse_time("1969-12-31T16:00:00Z")) == 0);
}

TEST_CASE("a rhythm is learnt, and the gaps follow it", "[crawler][rhythm]") {
  const Rhythm rhythm = office(9, 18, 4, 4);
  const auto rates = rhythm.rates();
  CHECK(rates[12] > 2.5);
  CHECK(rates[12] < 5.5);
  CHECK(rates[3] < 0.2);
  CHECK(rates[36] < 0.2);  // noon on a Saturday
  CHECK(rhythm.mean_rate() == Approx(4 * 9 * 5 / 168.0).margin(0.15));
  const std::vector<Revisited> alone{{&rhythm, hours(2), minutes(8), 1.0}};
  const double factor = revisit_factor(alone, 2);
  const auto gap_at = [&](const char* when) {
    const Time at = *parse_time(when);
    return revisit_at(alone[0], factor, at) - at;
  };
  CHECK(gap_at("2026-03-31T10:00:00+08:00") < minutes(25));
  CHECK(gap_at("2026-03-31T02:00:00+08:00") > minutes(50));
  CHECK(gap_at("2026-03-31T07:40:00+08:00") < minutes(120));  // the morning is awaited, not slept through
}

TEST_CASE("no gap leaves its bounds, whatever was seen", "[crawler][rhythm]") {
  std::mt19937 random(11);
  Rhythm rhythm;
  Time at = monday;
  for (int i = 0; i < 2000; ++i) {
    const Time next = at + Seconds(1 + random() % 20'000);
    rhythm.observe(at, next, random() % 50 == 0 ? 1000 : static_cast<int>(random() % 3));
    at = next;
    const std::vector<Revisited> alone{{&rhythm, minutes(30), minutes(2), 1.0}};
    const Seconds gap = revisit_at(alone[0], revisit_factor(alone, 8), at) - at;
    REQUIRE(gap >= minutes(2));
    REQUIRE(gap <= minutes(30));
    for (const double rate : rhythm.rates()) REQUIRE((rate > 0 && std::isfinite(rate)));
  }
}

TEST_CASE("a budget is spent, and where there is more to find", "[crawler][rhythm]") {
  const Rhythm busy = office(8, 20, 8, 3), quiet = office(8, 20, 0.1, 3);
  const Revisited a{&busy, hours(4), minutes(1), 1.0}, b{&quiet, hours(4), minutes(1), 1.0};
  const double factor = revisit_factor({a, b}, 4);
  int visits_a = 0, visits_b = 0;
  for (Time t = monday; t < monday + hours(24 * 7); ++visits_a) t = revisit_at(a, factor, t);
  for (Time t = monday; t < monday + hours(24 * 7); ++visits_b) t = revisit_at(b, factor, t);
  CHECK(visits_a + visits_b == Approx(4 * 168).epsilon(0.03));
  CHECK(visits_a > 3 * visits_b);
  CHECK(visits_b >= 168 / 4);
}

TEST_CASE("a source that wakes up is found out within a day", "[crawler][rhythm]") {
  Rhythm rhythm;
  Time at = monday;
  for (; at < monday + hours(24 * 28); at += hours(1)) rhythm.observe(at, at + hours(1), 0);
  const double before = rhythm.mean_rate();
  CHECK(before < 0.01);
  for (int i = 0; i < 24; ++i, at += hours(1)) rhythm.observe(at, at + hours(1), 5);
  CHECK(rhythm.mean_rate() > 20 * before);
}

TEST_CASE("a rhythm is kept as text", "[crawler][rhythm]") {
  const Rhythm rhythm = office(9, 18, 4, 2);
  const auto back = Rhythm::from_text(rhythm.to_text());
  REQUIRE(back);
  CHECK(back->to_text() == rhythm.to_text());
  CHECK(back->mean_rate() == Approx(rhythm.mean_rate()).epsilon(1e-4));
  for (const char* wrong : {"", "1", "1 2 3", "2 0", "x", "1 nan"}) CHECK_FALSE(Rhythm::from_text(wrong));
  CHECK_FALSE(Rhythm::from_text(rhythm.to_text() + " 7"));
  CHECK_FALSE(Rhythm::from_text("-" + rhythm.to_text()));
}
