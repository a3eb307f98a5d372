#include <catch2/catch.hpp>

#include <boost/json.hpp>
#include <deque>
#include <random>

#include "alerting/notify/pace.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;
using Kind = Channel::Kind;

TEST_CASE("no window of a provider ever holds more calls than it takes", "[alerting][pace]") {
  struct Limit {
    Kind kind;
    int calls;
    double seconds;
  };
  const Limit limits[] = {
      {Kind::dingtalk, 20, 60}, {Kind::wecom, 20, 60}, {Kind::feishu, 100, 60}, {Kind::feishu, 5, 1}};
  std::mt19937 random(7);
  for (const Limit& limit : limits) {
    const Pace pace = pace_of(limit.kind);
    std::vector<Time> noted;
    std::vector<double> real;
    double now = 1000.3;  // calls fall anywhere within their second
    for (int step = 0; step < 20'000; ++step, now += 0.05 + 0.001 * (random() % 100)) {
      const Time second{Seconds{static_cast<long>(now)}};
      const bool grave = random() % 4 == 0;
      const Room room = room_now(pace, noted, second);
      CHECK(room.any <= room.grave);
      if ((grave ? room.grave : room.any) <= 0) continue;
      noted.push_back(second);
      real.push_back(now);
      const auto within =
          std::count_if(real.begin(), real.end(), [&](double at) { return at > now - limit.seconds; });
      REQUIRE(within <= limit.calls);
      if (noted.size() > 400) noted.erase(noted.begin(), noted.begin() + 200);
    }
    CHECK(real.size() > 100);
  }
}

TEST_CASE("five calls are kept for the gravest", "[alerting][pace]") {
  const Pace pace = pace_of(Kind::dingtalk);
  const Time now = at("2026-04-15T22:40:00+08:00");
  const std::vector<Time> calls(13, now - Seconds{10});
  CHECK(room_now(pace, calls, now).any == 0);
  CHECK(room_now(pace, calls, now).grave == 5);
  CHECK(room_now(pace, calls, now + Seconds{60}).grave == 18);
  CHECK(room_now(pace_of(Kind::mail), {}, now).any > 100);
}

TEST_CASE("a clock that was set back blocks nobody for long", "[alerting][pace]") {
  const Pace pace = pace_of(Kind::wecom);
  const Time now = at("2026-04-15T22:40:00+08:00");
  const std::vector<Time> later(18, now + std::chrono::hours{2});
  CHECK(room_now(pace, later, now).any == 13);
}

TEST_CASE("a storm is told with every title", "[alerting][pace]") {
  std::vector<Delivery> waiting;
  for (int n = 0; n < 495; ++n) {
    Delivery each;
    each.id = n + 1;
    each.key = "w" + std::to_string(n) + ":1:group:group";
    each.warning = "w" + std::to_string(n);
    each.level_rank = n % 3 == 0 ? 3 : 4;
    each.subject = "【Ⅳ级蓝色】第" + std::to_string(n) + "小学[食堂](x)";
    waiting.push_back(each);
  }
  Channel channel;
  channel.id = "group";
  channel.kind = Kind::wecom;
  const Time now = at("2026-04-15T22:40:00+08:00");
  const auto summaries = merge(waiting, channel, {}, sample_book(), now);
  REQUIRE(summaries.size() > 1);
  CHECK(summaries.size() <= 18);  // within one window of the robot
  std::string all;
  for (const Delivery& summary : summaries) {
    const auto body = boost::json::parse(summary.body).as_object();
    const std::string content = body.at("markdown").at("content").as_string().c_str();
    CHECK(content.size() <= 4096);
    CHECK(content.find("Ⅲ级 165 条，Ⅳ级 330 条") != content.npos);
    all += content;
  }
  for (int n = 0; n < 495; ++n) REQUIRE(all.find("第" + std::to_string(n) + "小学") != all.npos);
  const auto again = merge(waiting, channel, {}, sample_book(), now);
  for (std::size_t n = 0; n < summaries.size(); ++n) CHECK(summaries[n].key == again[n].key);
}

TEST_CASE("a storm beyond all measure is told in a bounded number of messages", "[alerting][pace]") {
  std::vector<Delivery> waiting(5000);
  for (std::size_t n = 0; n < waiting.size(); ++n) {
    waiting[n].id = static_cast<long>(n);
    waiting[n].key = waiting[n].warning = "w" + std::to_string(n);
    waiting[n].level_rank = 4;
    waiting[n].subject = "【Ⅳ级蓝色】第" + std::to_string(n) + "小学家长反映食堂饭菜异味与分量不足";
  }
  for (const Kind kind : {Kind::wecom, Kind::dingtalk, Kind::feishu}) {
    Channel channel;
    channel.id = "group";
    channel.kind = kind;
    const auto summaries = merge(waiting, channel, {}, sample_book(), at("2026-04-15T22:40:00+08:00"));
    CHECK(summaries.size() == 24);
    CHECK(summaries.back().body.find("另有 ") != std::string::npos);
    for (const Delivery& each : summaries) CHECK(each.body.size() <= 20'000);
  }
}
