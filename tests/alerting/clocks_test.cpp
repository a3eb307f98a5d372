// Clocks: tables for upgrade, downgrade and lateness, and a property over random traces.
#include "tests/alerting/warn_support.h"

#include <random>

#include "alerting/warn/clocks.h"
#include "alerting/warn/desk.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

const Time start = parse_time("2026-04-15T08:00:00+08:00").value_or(Time{});

Warning at_level(const Measure& measure, std::size_t level) {
  Warning warning;
  warning.level = measure.levels[level].level;
  return warning;
}

const Clock* find(const Warning& warning, const std::string& id) {
  for (const Clock& clock : warning.clocks)
    if (clock.id == id) return &clock;
  return nullptr;
}

}  // namespace

TEST_CASE("an upgrade takes the earlier deadline", "[warn][clocks]") {
  const auto measure = shipped();
  struct Case { const char* name; Seconds after; Seconds due; Seconds started; };
  const Case cases[] = {{"立即升级", minutes{1}, hours{5} + minutes{1}, minutes{1}},
                        {"第十小时升级", hours{10}, hours{15}, hours{10}},
                        {"原截止更早", hours{46}, hours{48}, hours{46}},
                        {"已逾期才升级", hours{50}, hours{48}, hours{0}}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Warning w = at_level(*measure, 2);
    start_clocks(w, *measure, start);
    REQUIRE(w.clocks.size() == 1);
    w.level = measure->levels[1].level;
    start_clocks(w, *measure, start + c.after);
    REQUIRE(w.clocks.size() == 2);
    CHECK_FALSE(find(w, "response"));
    CHECK(find(w, "information")->due == start + c.due);
    CHECK(find(w, "information")->started == start + c.started);
    CHECK(find(w, "press")->due == start + c.after + hours{24});
    const auto clocks = w.clocks.size();
    start_clocks(w, *measure, start + c.after + hours{1});  // again: nothing moves
    CHECK(w.clocks.size() == clocks);
    CHECK(find(w, "information")->due == start + c.due);
  }
}

TEST_CASE("a downgrade neither removes nor extends", "[warn][clocks]") {
  const auto measure = shipped();
  Warning w = at_level(*measure, 1);
  start_clocks(w, *measure, start);
  const auto before = w.clocks;
  w.level = measure->levels[3].level;
  start_clocks(w, *measure, start + hours{1});
  REQUIRE(w.clocks.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(w.clocks[i].due == before[i].due);
}

TEST_CASE("a duty that was met is not asked again, a graver one is", "[warn][clocks]") {
  const auto measure = shipped();
  Warning w = at_level(*measure, 2);
  start_clocks(w, *measure, start);
  w.clocks[0].met_at = start + hours{1};
  start_clocks(w, *measure, start + hours{2});
  CHECK(w.clocks.size() == 1);
  w.level = measure->levels[1].level;
  start_clocks(w, *measure, start + hours{3});
  REQUIRE(w.clocks.size() == 3);
  CHECK(find(w, "response")->met_at);
  CHECK(find(w, "information")->due == start + hours{8});
}

TEST_CASE("steps come at 50, 80 and 100 %", "[warn][clocks]") {
  const auto measure = shipped();
  Warning w = at_level(*measure, 1);
  start_clocks(w, *measure, start);
  struct Case { const char* name; Seconds after; std::vector<int> percents; };
  const Case cases[] = {{"差一秒到半程", hours{2} + minutes{29} + Seconds{59}, {}},
                        {"恰到半程", hours{2} + minutes{30}, {50}},
                        {"恰到八成", hours{4}, {50, 80}},
                        {"恰到时限", hours{5}, {50, 80, 100}},
                        {"发布会半程", hours{12}, {50, 80, 100, 50}},
                        {"全部逾期", hours{99}, {50, 80, 100, 50, 80, 100}}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    std::vector<int> percents;
    Time last{};
    for (const ClockStep& step : steps_come(w, *measure, start + c.after)) {
      percents.push_back(step.percent);
      CHECK(step.at >= last);
      last = step.at;
    }
    CHECK(percents == c.percents);
  }
}

TEST_CASE("a late tick tells each overdue step once, in order, and says so", "[warn][clocks]") {
  Scene scene(shipped());
  const Document d = document("食堂食物中毒", start);
  scene.say(d, analysis(d, 'A'), start);
  const auto told = scene.tick(start + hours{60});  // the machine was off
  std::vector<int> percents;
  for (const Raised& r : told) {
    if (r.change.event != WarningEvent::clock) continue;
    percents.push_back(r.warning.clocks[0].told_percent);
    CHECK(r.change.note.find("迟报") != std::string::npos);
  }
  CHECK(percents == std::vector<int>{50, 80, 100});
  for (const Raised& r : scene.tick(start + hours{61})) CHECK(r.change.event != WarningEvent::clock);

  Scene prompt(shipped());
  prompt.say(d, analysis(d, 'A'), start);
  const auto half = prompt.tick(start + hours{24});
  REQUIRE(half.size() >= 1);
  CHECK(half[0].change.note == "“回应社会关切”时限已用 50%：截止 2026-04-17 08:00，还剩 " + to_chinese(hours{24}));
}

namespace {

// What of a change breaks the life cycle, given the row before; empty when nothing does.
std::string broken(const Warning& last, const Raised& r) {
  const bool is_new = r.warning.id != last.id;
  const bool anew = r.change.event == WarningEvent::reopened;
  if (r.change.seq != (is_new ? 1 : last.changes + 1) || r.warning.changes != r.change.seq)
    return "rows are not counted";
  if (r.change.warning != r.warning.id || !(r.change.level == r.warning.level) || r.change.state != r.warning.state)
    return "change and warning differ";
  if (r.warning.level_peak && r.warning.level_peak->rank > r.warning.level.rank) return "above its peak";
  for (const Clock& clock : r.warning.clocks)
    if (clock.started >= clock.due) return "a clock without length";
  if (is_new) return "";
  if (r.warning.version != last.version) return "not the version read";
  const bool by_measure = r.change.event == WarningEvent::downgraded && r.change.actor == "measure";
  if (by_measure && (last.level.rank != 3 || last.level_held))
    return "the measure lowered what it must not";
  if (r.change.event == WarningEvent::upgraded && r.warning.level.rank >= last.level.rank) return "no upgrade";
  const bool was_closed = last.state == WarningState::closed || last.state == WarningState::dismissed;
  if (was_closed && !anew && r.change.event != WarningEvent::commented) return "moved while closed";
  if (anew) return "";
  for (const Clock& clock : last.clocks) {
    const Clock* now = find(r.warning, clock.id);
    if (!now && !find(r.warning, "information")) return "a clock was lost";
    if (!now) continue;
    if (now->due > clock.due) return "a deadline was extended";
    if (now->told_percent < clock.told_percent) return "told less than before";
    if (clock.met_at && now->met_at != clock.met_at) return "an answer was forgotten";
  }
  return "";
}

// A desk, a store's last row, and a random hand.
struct Trace {
  std::shared_ptr<const Measure> measure;
  std::mt19937& random;
  Desk desk{measure};
  Story story;
  Warning last;
  Time now = start;

  int pick(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

  std::optional<Raised> person() {
    Action action;
    action.event = static_cast<WarningEvent>(pick(12));
    action.actor = pick(9) ? "甲" : "";
    action.note = pick(9) ? "注" : "";
    action.unit = "科";
    action.url = pick(9) ? "https://a.example/1" : "x";
    action.verdict = pick(2) ? "handled" : "false_alarm";
    action.level = levels_of(*measure)[static_cast<std::size_t>(pick(4))];
    auto done = apply(last, action, now);
    if (!done) return std::nullopt;
    return std::move(*done);
  }

  void judge(std::vector<Raised>& out) {
    Facts facts;
    Verdict verdict;
    verdict.shares.assign(measure->criteria.size(), 0);
    verdict.parts.assign(measure->criteria.size(), 0);
    verdict.raw = verdict.score = pick(100);
    verdict.qualifies = true;
    verdict.level = measure->level_at(verdict.score);
    story.heat = story.heat_peak = facts[Quantity::heat] = 1;
    desk.consider({story, StoryMemory{}, facts, verdict}, now, out);
  }

  void tick(std::vector<Raised>& out) {
    std::string id;
    for (;;) {
      const auto due = desk.next_due(now, id, out);
      if (due == Desk::Due::nothing) return;
      if (due == Desk::Due::judge) desk.asleep(id, now, out);
    }
  }
};

}  // namespace

TEST_CASE("random traces reach no illegal state", "[warn][clocks]") {
  const auto measure = shipped();
  std::mt19937 random(20160561);
  long changes = 0, refusals = 0;
  for (int number = 0; number < 100'000; ++number) {
    Trace trace{measure, random, Desk{measure}, {}, {}, start};
    trace.story.id = "s" + std::to_string(number);
    trace.story.first_seen = trace.story.newest = start;
    for (int event = 0; event < 20; ++event) {
      trace.now += Seconds{trace.pick(3) == 0 ? trace.pick(200'000) : trace.pick(4000)};
      std::vector<Raised> out;
      if (trace.pick(3) != 0 && !trace.last.id.empty()) {
        if (auto done = trace.person()) out.push_back(std::move(*done));
        refusals += out.empty();
      } else if (trace.pick(2)) {
        trace.judge(out);
      } else {
        trace.tick(out);
      }
      for (const Raised& r : out) {
        ++changes;
        if (const std::string what = broken(trace.last, r); !what.empty()) FAIL(what << " in trace " << number);
        trace.last = r.warning;
        ++trace.last.version;
        if (r.change.actor != "measure") trace.desk.adopt(trace.last);
      }
      if (event % 7 == 6 && !trace.last.id.empty()) {  // a restart in between
        trace.desk = Desk(measure);
        trace.desk.adopt(trace.last);
      }
    }
  }
  CHECK(changes > 500'000);
  CHECK(refusals > 100'000);
}
