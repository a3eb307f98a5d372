// Two warnings of one matter.
#include "alerting/warn/joining.h"
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

const Time noon = *parse_time("2026-04-15T12:00:00+08:00");

Warning warning_of(const Measure& measure, const char* id, std::size_t level, Time raised) {
  Warning warning;
  warning.id = id;
  warning.title = id;
  warning.story = "s";
  warning.level = measure.plain_levels[level];
  warning.level_peak = warning.level;
  warning.raised_at = warning.state_since = warning.changed_at = raised;
  return warning;
}

Clock clock_of(const char* id, Time started, Time due, std::optional<Time> met = {}, int told = 0) {
  return {id, id, "", started, due, met, told};
}

const Clock& named(const std::vector<Clock>& clocks, const std::string& id) {
  const auto found = std::find_if(clocks.begin(), clocks.end(), [&](const Clock& c) { return c.id == id; });
  REQUIRE(found != clocks.end());
  return *found;
}

}  // namespace

TEST_CASE("clocks of two warnings: the stricter one stays", "[warn][joining]") {
  const auto measure = shipped();
  const Time later = noon + hours{3};
  struct Case {
    const char* name;
    std::vector<Clock> lead, other;
    std::size_t clocks;
    const char* id;
    Time due;
    bool met;
    int told;
  };
  const Case cases[] = {
      {"the earlier deadline", {clock_of("response", later, later + hours{48})},
       {clock_of("response", noon, noon + hours{48}, {}, 50)}, 1, "response", noon + hours{48}, false, 50},
      {"its own when that is earlier", {clock_of("response", noon, noon + hours{48}, {}, 50)},
       {clock_of("response", later, later + hours{48})}, 1, "response", noon + hours{48}, false, 50},
      {"an unmet duty is not met by the other's answer", {clock_of("response", noon, noon + hours{48}, noon)},
       {clock_of("response", later, later + hours{48})}, 1, "response", later + hours{48}, false, 0},
      {"both met", {clock_of("response", noon, noon + hours{48}, noon)},
       {clock_of("response", later, later + hours{48}, later)}, 1, "response", noon + hours{48}, true, 0},
      {"one that only the other has", {}, {clock_of("press", noon, noon + hours{24})}, 1, "press", noon + hours{24},
       false, 0},
      {"its successor takes over the earlier deadline", {clock_of("information", later, later + hours{5})},
       {clock_of("response", noon - hours{44}, noon + hours{4}, {}, 80)}, 1, "information", noon + hours{4}, false, 80},
      {"its successor keeps its own when that is earlier", {clock_of("information", noon, noon + hours{5}, {}, 50)},
       {clock_of("response", noon, noon + hours{48})}, 1, "information", noon + hours{5}, false, 50},
      {"a successor that was met takes nothing over", {clock_of("information", noon, noon + hours{5}, later)},
       {clock_of("response", noon, noon + hours{48})}, 2, "response", noon + hours{48}, false, 0},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    std::vector<Clock> clocks = c.lead;
    join_clocks(clocks, c.other, *measure);
    REQUIRE(clocks.size() == c.clocks);
    const Clock& clock = named(clocks, c.id);
    CHECK(clock.due == c.due);
    CHECK(clock.met_at.has_value() == c.met);
    CHECK(clock.told_percent == c.told);
  }
}

TEST_CASE("the graver warning leads, of equals the older", "[warn][joining]") {
  const auto measure = shipped();
  const Warning old = warning_of(*measure, "a", 3, noon), grave = warning_of(*measure, "b", 1, noon + hours{1}),
                young = warning_of(*measure, "c", 3, noon + hours{2});
  CHECK(leads(grave, old));
  CHECK(leads(old, young));
  CHECK_FALSE(leads(young, old));
}

TEST_CASE("what persons did to either stays done", "[warn][joining]") {
  const auto measure = shipped();
  Warning lead = warning_of(*measure, "a", 1, noon + hours{1}), other = warning_of(*measure, "b", 3, noon);
  std::vector<Raised> out;
  SECTION("an acknowledgement, since when it was given") {
    other.state = WarningState::acknowledged;
    other.state_since = noon + minutes{10};
    lead.escalated = minutes{15};
    join(lead, other, *measure, noon + hours{2}, out);
    CHECK(lead.state == WarningState::acknowledged);
    CHECK(lead.state_since == noon + minutes{10});  // so the span of the graver level counts from there
    CHECK(lead.escalated == Seconds{0});
  }
  SECTION("an assignment and a public answer") {
    other.state = WarningState::responded;
    other.assignee = "安全科";
    other.answer_url = "https://example.gov.cn/1";
    join(lead, other, *measure, noon + hours{2}, out);
    CHECK(lead.state == WarningState::responded);
    CHECK(lead.assignee == "安全科");
    CHECK(lead.answer_url == "https://example.gov.cn/1");
    CHECK(out[1].change.note.find("交办 安全科") != std::string::npos);
  }
  SECTION("the chain of the graver level is not the other's") {
    lead.state_since = noon + hours{1};
    lead.escalated = minutes{5};
    other.escalated = hours{1};
    join(lead, other, *measure, noon + hours{2}, out);
    CHECK(lead.state_since == noon + hours{1});
    CHECK(lead.escalated == minutes{5});
  }
  SECTION("at one level the chain goes on from the first") {
    other = warning_of(*measure, "b", 1, noon);
    other.escalated = hours{1};
    join(lead, other, *measure, noon + hours{2}, out);
    CHECK(lead.state_since == noon);
    CHECK(lead.escalated == hours{1});
  }
  SECTION("a level that a person set at the lead's height") {
    other = warning_of(*measure, "b", 1, noon);
    other.level_held = true;
    join(lead, other, *measure, noon + hours{2}, out);
    CHECK(lead.level_held);
  }
  REQUIRE(out.size() == 2);
  CHECK(out[0].warning.id == "b");
  CHECK(out[0].change.event == WarningEvent::closed);
  CHECK(out[0].warning.verdict == "duplicate");
  CHECK(out[0].warning.merged_into == "a");
  CHECK(out[0].change.note.find("预警 a") != std::string::npos);
  CHECK(out[1].warning.id == "a");
  CHECK(out[1].change.event == WarningEvent::merged);
  CHECK(out[1].change.note.find("预警 b") != std::string::npos);
}
