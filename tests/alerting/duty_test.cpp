// Who hears when: rosters with make-up workdays, quiet hours, the chain, silences and graver warnings.
#include "alerting/duty.h"

#include "alerting/notify.h"
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

Hours hours_of(const char* text) {
  const auto hours = parse_hours(text);
  INFO(text);
  REQUIRE(hours);
  return *hours;
}

Duty duty() {
  Duty d;
  d.calendar = {{20261001, 20261002}, {20261010}};  // 2026-10-10 is a Saturday
  d.rosters = {{"desk",
                {{20261001, 20261003, hours_of("08:00-20:00"), {"李强"}},
                 {0, 99999999, hours_of("workday 08:00-18:00"), {"王敏"}},
                 {0, 99999999, hours_of("18:00-08:00"), {"夜班"}}}}};
  d.chain = {{minutes{15}, 2, {"值班长"}}, {hours{1}, 4, {"desk"}}};
  return d;
}

Raised change_at(int rank, WarningEvent event, const char* time = "2026-10-12T22:30") {
  Raised raised;
  raised.warning.id = "w";
  raised.warning.level = {rank == 2 ? "Ⅱ" : "Ⅲ", rank == 2 ? "橙" : "黄", "", rank};
  raised.warning.title = "食堂";
  raised.warning.topics = {"校园安全/食品安全"};
  raised.warning.state_since = at(time);
  raised.change.event = event;
  raised.change.level = raised.warning.level;
  raised.change.at = at(time);
  raised.change.seq = 1;
  return raised;
}

Book book() {
  Book b;
  b.channels.push_back({.id = "spool", .kind = Channel::Kind::spool});
  const auto add = [&b](const char* name, const char* roster, std::vector<Hours> quiet) {
    Recipient recipient;
    recipient.name = recipient.address = name;
    recipient.channel = "spool";
    recipient.on_duty = roster;
    recipient.quiet = std::move(quiet);
    b.recipients.push_back(std::move(recipient));
  };
  add("王敏", "desk", {});
  add("夜班", "desk", {});
  add("李强", "desk", {});
  add("科长", "", {hours_of("22:00-07:00"), hours_of("restday")});
  add("值班长", "", {});
  b.recipients.back().level_rank_max = 1;
  b.duty = duty();
  return b;
}

std::vector<std::string> names(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> all;
  for (const Delivery& each : deliveries) all.push_back(each.recipient);
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a roster by date, weekday and shift", "[duty]") {
  struct Case { const char* name; const char* time; Names want; };
  const Case cases[] = {
      {"工作日白班", "2026-10-12T08:00", {"王敏"}},
      {"白班末一分钟", "2026-10-12T17:59", {"王敏"}},
      {"夜班", "2026-10-12T18:00", {"夜班"}},
      {"夜班过零点", "2026-10-13T03:00", {"夜班"}},
      {"国庆按日期", "2026-10-01T09:00", {"李强"}},
      {"国庆夜里", "2026-10-01T21:00", {"夜班"}},
      {"周日白天无人", "2026-10-11T10:00", {}},
      {"调休的周六上班", "2026-10-10T10:00", {"王敏"}},
      {"前一个周六不上班", "2026-09-26T10:00", {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(on_duty(duty(), "desk", at(c.time)) == c.want); }
  CHECK(gap_of(duty(), "desk", at("2026-10-09T00:30"), at("2026-10-20T00:00")) == at("2026-10-11T08:00"));
}

TEST_CASE("hours that are none", "[duty]") {
  for (const char* text : {"", "8:00-18:00", "08:00-08:00", "25:00-26:00", "08:00", "someday 08:00-09:00",
                           "mon-fri,x 08:00-09:00"})
    CHECK_FALSE(parse_hours(text));
  CHECK(hours_of("周五-周一 09:00-10:00").weekdays == std::set<int>{5, 6, 0, 1});
}

TEST_CASE("quiet hours end, and never hold back what is urgent", "[duty]") {
  const Book b = book();
  const auto not_before = [&](int rank, const char* time) {
    for (const Delivery& each : plan(change_at(rank, WarningEvent::raised, time), b, at(time)))
      if (each.recipient == "科长") return each.not_before;
    FAIL("not planned");
    return Time{};
  };
  CHECK(not_before(3, "2026-10-12T12:00") == at("2026-10-12T12:00"));
  CHECK(not_before(3, "2026-10-12T22:30") == at("2026-10-13T07:00"));
  CHECK(not_before(2, "2026-10-12T22:30") == at("2026-10-12T22:30"));
  CHECK(not_before(3, "2026-10-16T23:00") == at("2026-10-19T07:00"));  // over a weekend
  CHECK(not_before(3, "2026-10-09T23:00") == at("2026-10-10T07:00"));  // to a Saturday that is worked
}

TEST_CASE("who is not on duty does not hear; when nobody is, all of the roster do", "[duty]") {
  const Book b = book();
  CHECK(names(plan(change_at(3, WarningEvent::raised), b, at("2026-10-12T10:00"))) == Names{"王敏", "科长"});
  CHECK(names(plan(change_at(3, WarningEvent::raised), b, at("2026-10-11T10:00"))) ==
        Names{"王敏", "夜班", "李强", "科长"});
}

TEST_CASE("a chain tells each step once, in order, with its own addressees", "[duty]") {
  Book b = book();
  Warning warning = change_at(2, WarningEvent::raised, "2026-10-12T10:00").warning;
  CHECK(escalate(warning, b.duty, at("2026-10-12T10:14")).empty());
  auto told = escalate(warning, b.duty, at("2026-10-12T10:15"));
  REQUIRE(told.size() == 1);
  CHECK(names(plan(told[0], b, at("2026-10-12T10:15"))) == Names{"值班长"});
  CHECK(told[0].change.note == "15 分钟仍无人知悉，通知值班长");
  warning = told[0].warning;
  CHECK(escalate(warning, b.duty, at("2026-10-12T10:59")).empty());
  told = escalate(warning, b.duty, at("2026-10-12T11:00"));
  REQUIRE(told.size() == 1);
  CHECK(names(plan(told[0], b, at("2026-10-12T11:00"))) == Names{"王敏"});
  CHECK(escalate(told[0].warning, b.duty, at("2026-10-13T11:00")).empty());
  warning.state = WarningState::acknowledged;
  CHECK(escalate(warning, b.duty, at("2026-10-13T11:00")).empty());
  // After a night without the program both steps come, marked late.
  told = escalate(change_at(2, WarningEvent::raised, "2026-10-12T22:00").warning, b.duty, at("2026-10-13T08:00"));
  REQUIRE(told.size() == 2);
  CHECK(told[0].change.note.find("迟报，应于 2026-10-12 22:15 通知") != std::string::npos);
  CHECK(told[1].change.seq == told[0].change.seq + 1);
}

TEST_CASE("silences hold back messages, never a move up to Ⅰ or Ⅱ", "[duty]") {
  const Time now = at("2026-10-12T10:00");
  Silence silence{"s1", "", "校园安全", "", "", "王敏", "已统一答复", now - hours{1}, now + hours{1}, {}, {}};
  REQUIRE_FALSE(mistake_in(silence, now));
  std::vector<Silence> silences{silence};
  Background background;
  background.silences = &silences;
  const Book b = book();
  const auto planned = plan(change_at(3, WarningEvent::raised), b, now, background);
  REQUIRE(planned.size() == 2);
  for (const Delivery& each : planned) {
    CHECK(each.state == DeliveryState::dropped);
    CHECK(each.answer.find("王敏：已统一答复") != std::string::npos);
  }
  for (const auto event : {WarningEvent::raised, WarningEvent::upgraded, WarningEvent::reopened})
    CHECK(plan(change_at(2, event), b, now, background).front().state == DeliveryState::waiting);
  CHECK(plan(change_at(2, WarningEvent::acknowledged), b, now, background).front().state == DeliveryState::dropped);
  CHECK(plan(change_at(3, WarningEvent::raised), b, now + hours{2}, background).front().state ==
        DeliveryState::waiting);
  silences[0].topic = "校园";  // no path of that name
  CHECK(plan(change_at(3, WarningEvent::raised), b, now, background).front().state == DeliveryState::waiting);

  silence.ends = silence.begins + std::chrono::days{8};
  CHECK(mistake_in(silence, now)->detail == "静默最长 7 天");
  silence.reason = " ";
  CHECK(mistake_in(silence, now));
}

TEST_CASE("a grave warning of a story mutes slighter bursts of its topic", "[duty]") {
  const Time now = at("2026-10-12T10:00");
  Raised burst = change_at(3, WarningEvent::raised);
  burst.warning.kind = "burst";
  burst.warning.topics = {"校园安全"};
  std::map<std::string, Warning> open{{"w2", change_at(2, WarningEvent::raised).warning}};
  Duty d = duty();
  CHECK(held_back(burst, d, nullptr, &open, now).find("w2") != std::string::npos);
  burst.warning.topics = {"招生入学"};
  CHECK(held_back(burst, d, nullptr, &open, now).empty());
  burst.warning.topics = {};  // the stream of everything
  CHECK_FALSE(held_back(burst, d, nullptr, &open, now).empty());
  d.inhibit = false;
  CHECK(held_back(burst, d, nullptr, &open, now).empty());
  d.inhibit = true;
  burst.warning.level.rank = 2;
  CHECK(held_back(burst, d, nullptr, &open, now).empty());
}
