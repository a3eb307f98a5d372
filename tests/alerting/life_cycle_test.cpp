// Every state × every event of a person, what each needs, and what it leaves behind.
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

const Level level_1{"Ⅰ", "红", "特别重大", 1}, level_3{"Ⅲ", "黄", "较大", 3}, level_4{"Ⅳ", "蓝", "一般", 4};

Warning warning_in(WarningState state) {
  Warning warning;
  warning.id = "w1";
  warning.story = "s1";
  warning.level = level_3;
  warning.level_peak = level_3;
  warning.state = state;
  warning.changes = 3;
  warning.version = 7;
  const Time start = at("2026-04-15T08:00:00+08:00");
  warning.clocks = {{"response", "回应社会关切", "国办发〔2016〕61号", start, start + hours{48}, {}, 50}};
  return warning;
}

// An action that lacks nothing.
Action complete(WarningEvent event) {
  Action action;
  action.event = event;
  action.actor = "王值班";
  action.note = "已核";
  action.unit = "安全科";
  action.url = "https://example.gov.cn/answer/1";
  action.verdict = "out_of_scope";
  if (event == WarningEvent::upgraded) action.level = level_1;
  if (event == WarningEvent::downgraded) action.level = level_4;
  return action;
}

const Time now = parse_time("2026-04-15T10:00:00+08:00").value_or(Time{});

}  // namespace

TEST_CASE("every state and event", "[warn][life_cycle]") {
  using enum WarningState;
  using Event = WarningEvent;
  // After each of open, acknowledged, assigned, responded, closed, dismissed; "-" is refused.
  struct Table { Event event; const char* after[6]; };
  const Table tables[] = {
      {Event::acknowledged, {"acknowledged", "-", "-", "-", "-", "-"}},
      {Event::assigned, {"assigned", "assigned", "assigned", "-", "-", "-"}},
      {Event::responded, {"-", "responded", "responded", "responded", "-", "-"}},
      {Event::closed, {"-", "closed", "closed", "closed", "-", "-"}},
      {Event::dismissed, {"dismissed", "dismissed", "dismissed", "-", "-", "-"}},
      {Event::reopened, {"-", "-", "-", "-", "open", "open"}},
      {Event::commented, {"open", "acknowledged", "assigned", "responded", "closed", "dismissed"}},
      {Event::confirmed, {"open", "acknowledged", "assigned", "responded", "-", "-"}},
      {Event::upgraded, {"open", "acknowledged", "assigned", "responded", "-", "-"}},
      {Event::downgraded, {"open", "acknowledged", "assigned", "responded", "-", "-"}},
  };
  for (const Table& table : tables)
    for (int s = 0; s < 6; ++s) DYNAMIC_SECTION(name(static_cast<WarningState>(s)) << " " << name(table.event)) {
      Warning before = warning_in(static_cast<WarningState>(s));
      before.needs_confirmation = table.event == Event::confirmed;
      const auto done = apply(before, complete(table.event), now);
      if (std::string(table.after[s]) == "-") {
        REQUIRE_FALSE(done);
        CHECK(done.error().code == Errc::conflict);
        CHECK(done.error().detail.find(chinese_name(before.state)) != std::string::npos);
        CHECK_FALSE(done.error().mend.empty());
        continue;
      }
      REQUIRE(done);
      CHECK(name(done->warning.state) == std::string(table.after[s]));
      CHECK(done->change.state == done->warning.state);
      CHECK(done->change.event == table.event);
      CHECK(done->change.seq == 4);
      CHECK(done->warning.changes == 4);
      CHECK(done->warning.version == 7);  // the store counts on
      CHECK(done->change.at == now);
      CHECK(done->change.actor == "王值班");
      CHECK(done->change.level == done->warning.level);
    }
}

TEST_CASE("the measure's events are not a person's", "[warn][life_cycle]") {
  for (WarningEvent event : {WarningEvent::raised, WarningEvent::clock}) {
    const auto done = apply(warning_in(WarningState::open), complete(event), now);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == Errc::bad_argument);
  }
}

TEST_CASE("an action says what it lacks", "[warn][life_cycle]") {
  using Event = WarningEvent;
  struct Case { const char* name; Event event; WarningState state; void (*spoil)(Action&); const char* detail; };
  const auto open = WarningState::open, acknowledged = WarningState::acknowledged, responded = WarningState::responded;
  const Case cases[] = {
      {"无操作人", Event::acknowledged, open, [](Action& a) { a.actor = " 　"; }, "操作人"},
      {"交办无单位", Event::assigned, open, [](Action& a) { a.unit.clear(); }, "交办给谁"},
      {"回应无网址", Event::responded, acknowledged, [](Action& a) { a.url.clear(); }, "网址"},
      {"回应网址不是网页", Event::responded, acknowledged, [](Action& a) { a.url = "javascript:alert(1)"; }, "网址"},
      {"网址带空格", Event::responded, acknowledged, [](Action& a) { a.url = "https://a b"; }, "网址"},
      {"网址只有前缀", Event::responded, acknowledged, [](Action& a) { a.url = "https://"; }, "网址"},
      {"办结无结论", Event::closed, responded, [](Action& a) { a.verdict.clear(); }, "结论"},
      {"办结结论未知", Event::closed, responded, [](Action& a) { a.verdict = "done"; }, "done"},
      {"办结无说明", Event::closed, responded, [](Action& a) { a.note = "  "; }, "理由"},
      {"排除无理由", Event::dismissed, open, [](Action& a) { a.note.clear(); }, "理由"},
      {"空批注", Event::commented, open, [](Action& a) { a.note.clear(); }, "内容"},
      {"升级无级别", Event::upgraded, open, [](Action& a) { a.level.reset(); }, "哪一级"},
      {"降级无理由", Event::downgraded, open, [](Action& a) { a.note.clear(); }, "理由"},
      {"说明过长", Event::commented, open, [](Action& a) { a.note.assign(4001, 'x'); }, "4000"},
      {"非 UTF-8", Event::commented, open, [](Action& a) { a.note = "\xff"; }, "UTF-8"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Action action = complete(c.event);
    c.spoil(action);
    const auto done = apply(warning_in(c.state), action, now);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == Errc::bad_argument);
    CHECK(done.error().detail.find(c.detail) != std::string::npos);
    CHECK_FALSE(done.error().mend.empty());
  }
}

TEST_CASE("answering meets the clocks", "[warn][life_cycle]") {
  Warning warning = warning_in(WarningState::assigned);
  warning.clocks.push_back({"press", "举行新闻发布会", "", now, now + hours{24}, {}, 0});
  Action action = complete(WarningEvent::responded);

  const auto all = apply(warning, action, now);
  REQUIRE(all);
  for (const Clock& clock : all->warning.clocks) CHECK(clock.met_at == now);
  CHECK(all->warning.answer_url == action.url);
  CHECK(all->change.note == "https://example.gov.cn/answer/1 已核");

  action.clock = "press";
  const auto one = apply(warning, action, now);
  REQUIRE(one);
  CHECK_FALSE(one->warning.clocks[0].met_at);
  CHECK(one->warning.clocks[1].met_at == now);
  action.clock = "response";
  const auto both = apply(one->warning, action, now + hours{1});
  REQUIRE(both);
  CHECK(both->warning.clocks[0].met_at == now + hours{1});
  CHECK(both->warning.clocks[1].met_at == now);

  action.clock = "tea";
  CHECK(apply(warning, action, now).error().code == Errc::conflict);
}

TEST_CASE("handled needs an answer", "[warn][life_cycle]") {
  Action action = complete(WarningEvent::closed);
  action.verdict = "handled";
  const auto early = apply(warning_in(WarningState::assigned), action, now);
  REQUIRE_FALSE(early);
  CHECK(early.error().code == Errc::conflict);
  CHECK(early.error().detail.find("公开回应") != std::string::npos);
  const auto done = apply(warning_in(WarningState::responded), action, now);
  REQUIRE(done);
  CHECK(done->warning.verdict == "handled");
  CHECK(done->change.note == "已办理：已核");
}

TEST_CASE("only a proposed highest level is confirmed", "[warn][life_cycle]") {
  Warning warning = warning_in(WarningState::open);
  CHECK(apply(warning, complete(WarningEvent::confirmed), now).error().code == Errc::conflict);
  warning.level = level_1;
  warning.needs_confirmation = true;
  const auto done = apply(warning, complete(WarningEvent::confirmed), now);
  REQUIRE(done);
  CHECK_FALSE(done->warning.needs_confirmation);
  CHECK(done->warning.level == level_1);
}

TEST_CASE("a person moves the level, and it is held", "[warn][life_cycle]") {
  Action action = complete(WarningEvent::downgraded);
  const auto down = apply(warning_in(WarningState::acknowledged), action, now);
  REQUIRE(down);
  CHECK(down->warning.level == level_4);
  CHECK(down->warning.level_peak == level_3);
  CHECK(down->warning.level_held);
  CHECK(down->change.level_before == level_3);
  action.level = level_3;  // no lower
  CHECK(apply(warning_in(WarningState::open), action, now).error().code == Errc::conflict);
  action = complete(WarningEvent::upgraded);
  const auto up = apply(down->warning, action, now);
  REQUIRE(up);
  CHECK(up->warning.level_peak == level_1);
}

TEST_CASE("reopening restarts met clocks and leaves the others", "[warn][life_cycle]") {
  Warning warning = warning_in(WarningState::closed);
  warning.verdict = "false_alarm";
  warning.assignee = "安全科";
  warning.clocks[0].met_at = now - hours{1};
  warning.clocks.push_back({"press", "举行新闻发布会", "", now - hours{9}, now + hours{15}, {}, 50});
  const auto done = apply(warning, complete(WarningEvent::reopened), now);
  REQUIRE(done);
  CHECK(done->warning.verdict.empty());
  CHECK(done->warning.assignee.empty());
  CHECK(done->warning.clocks[0].started == now);
  CHECK(done->warning.clocks[0].due == now + hours{48});
  CHECK_FALSE(done->warning.clocks[0].met_at);
  CHECK(done->warning.clocks[1].due == now + hours{15});
  CHECK(done->warning.clocks[1].told_percent == 50);
}
