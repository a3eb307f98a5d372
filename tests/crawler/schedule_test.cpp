#include "crawler/schedule.h"

#include <catch2/catch.hpp>
#include <set>

using namespace tingchao;
using namespace tingchao::crawler;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Time now = *parse_time("2026-04-15T08:00:00+08:00");

Source every(Seconds interval, std::string id = "jyj") {
  Source source;
  source.id = std::move(id);
  source.interval = interval;
  return source;
}

}  // namespace

TEST_CASE("when a source is due again", "[crawler][schedule]") {
  struct Case {
    const char* name;
    Seconds interval;
    bool success;
    int failures_before;
    std::optional<Seconds> asks;
    Seconds least, most;  // of the span to the next visit
    const char* why;
  };
  const Case cases[] = {
      {"一切正常", minutes(15), true, 0, {}, seconds(810), seconds(990), "interval"},
      {"恢复之后", minutes(15), true, 7, {}, seconds(810), seconds(990), "interval"},
      {"要求更久", minutes(15), true, 0, minutes(30), minutes(30), minutes(31), "server asks 30m"},
      {"要求更短", minutes(15), true, 0, seconds(60), seconds(810), seconds(990), "interval"},
      {"要求恰为间隔", minutes(15), true, 0, minutes(15), minutes(15), seconds(990), "interval"},
      {"要求过久", minutes(15), true, 0, hours(24 * 30), hours(24), hours(24) + minutes(1), "server asks"},
      {"负数不算", minutes(15), true, 0, seconds(-5), seconds(810), seconds(990), "interval"},
      {"首次失败", minutes(1), false, 0, {}, seconds(108), seconds(132), "backoff after 1 failure"},
      {"第三次失败", minutes(1), false, 2, {}, seconds(432), seconds(528), "backoff after 3 failures"},
      {"不短于间隔", minutes(15), false, 0, {}, seconds(810), seconds(990), "backoff after 1 failure"},
      {"至多六小时", minutes(1), false, 50, {}, seconds(19440), seconds(23760), "backoff after 51 failures"},
      {"间隔一天者不缩短", hours(24), false, 3, {}, seconds(77760), seconds(95040), "backoff after 4 failures"},
      {"稍后再来", minutes(1), false, 0, hours(2), hours(2), hours(2), "server asks 2h"},
      {"稍后再来不压过退避", minutes(1), false, 4, seconds(10), seconds(1728), seconds(2112),
       "backoff after 5 failures"},
      {"不得永久封存", minutes(1), false, 0, hours(24 * 365), hours(24 * 7), hours(24 * 7), "server asks"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Visit visit;
    visit.success = c.success;
    visit.failures_before = c.failures_before;
    visit.server_asks = c.asks;
    for (int i = 0; i < 200; ++i) {
      visit.at = now + minutes(i);
      const Due due = next_due(every(c.interval), visit);
      CHECK(due.at - visit.at >= c.least);
      CHECK(due.at - visit.at <= c.most);
      CHECK_THAT(due.why, Catch::StartsWith(c.why));
    }
  }
}

TEST_CASE("a learnt rhythm shortens the gap, and what a server asks goes before it", "[crawler][schedule]") {
  Visit visit;
  visit.at = now;
  visit.success = true;
  visit.adapted = minutes(4);
  CHECK(next_due(every(minutes(30)), visit).at == now + minutes(4));
  CHECK(next_due(every(minutes(30)), visit).why == "rhythm");
  visit.server_asks = minutes(10);
  CHECK(next_due(every(minutes(30)), visit).at == now + minutes(10));
  CHECK(next_due(every(minutes(30)), visit).why == "server asks 10m");
  visit.server_asks = hours(2);
  CHECK(next_due(every(minutes(30)), visit).at >= now + hours(2));
  visit.server_asks.reset();
  visit.adapted = hours(1);  // no gap longer than the interval comes of it
  CHECK(next_due(every(minutes(30)), visit).at == now + minutes(30));
  visit.adapted = minutes(4);
  visit.success = false;
  CHECK(next_due(every(minutes(30)), visit).at >= now + minutes(27));
}

TEST_CASE("sources that came due together part again", "[crawler][schedule]") {
  Visit visit;
  visit.at = now;
  visit.success = true;
  std::set<Time> moments;
  for (int i = 0; i < 100; ++i) moments.insert(next_due(every(minutes(15), "s" + std::to_string(i)), visit).at);
  CHECK(moments.size() > 50);
  CHECK(next_due(every(minutes(15)), visit).at == next_due(every(minutes(15)), visit).at);
}

TEST_CASE("the first visit after a start", "[crawler][schedule]") {
  std::set<Time> moments;
  for (int i = 0; i < 200; ++i) {
    const Time due = first_due(every(minutes(15), "s" + std::to_string(i)), {}, now, minutes(5));
    CHECK(due >= now);
    CHECK(due < now + minutes(5));
    moments.insert(due);
  }
  CHECK(moments.size() > 100);
  const Source source = every(hours(1));
  CHECK(first_due(source, now - minutes(20), now, minutes(5)) == now + minutes(40));
  CHECK(first_due(source, now - hours(2), now, seconds(0)) == now);
  CHECK(first_due(source, now + hours(100), now, seconds(0)) == now);  // the clock was put back
}

TEST_CASE("Retry-After in both forms", "[crawler][schedule]") {
  struct Case {
    const char* value;
    std::optional<Seconds> want;
  };
  const Case cases[] = {{"120", seconds(120)},
                        {" 0 ", seconds(0)},
                        {"Wed, 15 Apr 2026 00:10:00 GMT", seconds(600)},
                        {"Tue, 14 Apr 2026 00:10:00 GMT", seconds(0)},
                        {"Wednesday, 15-Apr-26 00:00:30 GMT", seconds(30)},
                        {"soon", {}},
                        {"-5", {}},
                        {"1.5", {}},
                        {"", {}},
                        {"99999999999999999999999", hours(24 * 365)}};
  for (const Case& c : cases) DYNAMIC_SECTION("'" << c.value << "'") {
    CHECK(retry_after({{"retry-after", c.value}}, now) == c.want);
  }
  CHECK(retry_after({}, now) == std::nullopt);
}

TEST_CASE("how long an answer stays fresh", "[crawler][schedule]") {
  struct Case {
    const char* name;
    Headers headers;
    std::optional<Seconds> want;
  };
  const Case cases[] = {
      {"none", {}, {}},
      {"max-age", {{"cache-control", "public, Max-Age=300"}}, seconds(300)},
      {"quoted", {{"cache-control", "max-age=\"300\", private"}}, seconds(300)},
      {"spaces", {{"cache-control", "max-age = 300"}}, seconds(300)},
      {"zero", {{"cache-control", "max-age=0"}}, seconds(0)},
      {"beats Expires", {{"cache-control", "max-age=5"}, {"expires", "Wed, 15 Apr 2026 00:10:00 GMT"}}, seconds(5)},
      {"nonsense falls back",
       {{"cache-control", "max-age=x, max-ageing=9"}, {"expires", "Wed, 15 Apr 2026 00:10:00 GMT"}},
       seconds(600)},
      {"Expires", {{"expires", "Wed, 15 Apr 2026 00:10:00 GMT"}}, seconds(600)},
      {"Expires in the past", {{"expires", "Wed, 15 Apr 2020 00:10:00 GMT"}}, seconds(0)},
      {"Expires: 0", {{"expires", "0"}}, seconds(0)},
      {"Expires: -1", {{"expires", "-1"}}, seconds(0)},
      {"only other directives", {{"cache-control", "no-cache, s-maxage=900"}}, {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(freshness(c.headers, now) == c.want); }
}
