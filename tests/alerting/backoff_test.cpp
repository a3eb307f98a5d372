#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;

namespace {

Delivery failed(int attempts, const char* key = "w:1:mail:duty@example.cn") {
  Delivery delivery;
  delivery.key = key;
  delivery.attempts = attempts;
  delivery.created = at("2026-04-15 08:00");
  return delivery;
}

const Error busy{Errc::refused, "450 4.2.0 later", ""};

}  // namespace

TEST_CASE("a failed delivery waits longer each time, with 20 % of play", "[alerting][backoff]") {
  struct Case {
    int attempts;
    double pause;  // seconds, before the play
  };
  const Case cases[] = {{1, 5}, {2, 10}, {3, 20}, {4, 40}, {5, 80}, {6, 160}, {7, 320}, {8, 600}, {9, 600}, {60, 600}};
  for (const Case& c : cases) DYNAMIC_SECTION("attempt " << c.attempts) {
    std::set<long> seen;
    for (int each = 0; each < 50; ++each) {
      const Delivery delivery = failed(c.attempts, ("w:" + std::to_string(each)).c_str());
      const auto next = retry_at(delivery, busy, delivery.created);
      REQUIRE(next);
      const long pause = (*next - delivery.created).count();
      CHECK(pause >= std::lround(c.pause * 0.8));
      CHECK(pause <= std::min(600L, std::lround(c.pause * 1.2)));
      CHECK(retry_at(delivery, busy, delivery.created) == next);
      seen.insert(pause);
    }
    CHECK(seen.size() > 1);  // they do not come back together
  }
}

TEST_CASE("what is tried again and what is dead", "[alerting][backoff]") {
  struct Case {
    const char* name;
    Errc code;
    bool again;
  };
  const Case cases[] = {{"超时", Errc::timeout, true},       {"对方让稍后再试", Errc::refused, true},
                        {"磁盘满", Errc::io, true},          {"域名暂时解析不了", Errc::not_found, true},
                        {"收件人不存在", Errc::rejected, false}, {"地址策略不许", Errc::denied, false},
                        {"通道没有配置", Errc::bad_config, false}, {"网址写错", Errc::bad_argument, false}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const Error error{c.code, "", ""};
    CHECK(retry_at(failed(1), error, at("2026-04-15 08:00")).has_value() == c.again);
  }
}

TEST_CASE("after a day nothing is tried any more", "[alerting][backoff]") {
  CHECK(retry_at(failed(100), busy, at("2026-04-16 07:45")));
  CHECK_FALSE(retry_at(failed(100), busy, at("2026-04-16 07:59:50")));
  CHECK_FALSE(retry_at(failed(100), busy, at("2026-04-20 08:00")));
}
