// Random lives of a warning: documents, persons, ticks, restarts and a clock that jumps, against a model of the
// deadlines that knows nothing of the program's own. The seed is fixed, so a failure comes again.
#include <rapidcheck.h>

#include <boost/json.hpp>

#include "alerting/duty.h"
#include "alerting/warn/desk.h"
#include "core/json.h"
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

constexpr int traces = 100'000;
constexpr int steps_max = 14;

// Deadlines by the words of docs/measure.md, for the shipped clocks alone.
struct Deadlines {
  std::map<std::string, Time> due;
  std::set<std::string> met;

  void at_level(int rank, Time now) {
    if (rank <= 2) {
      start("information", now + hours{5}, "response");
      start("press", now + hours{24}, "");
    } else if (!due.contains("information")) {
      start("response", now + hours{48}, "");
    }
  }
  void start(const std::string& id, Time at, const std::string& replaces) {
    if (due.contains(id)) {
      if (!met.contains(id)) due[id] = std::min(due[id], at);
      return;
    }
    due[id] = at;
    if (replaces.empty() || !due.contains(replaces) || met.contains(replaces)) return;
    due[id] = std::min(at, due[replaces]);
    due.erase(replaces);
  }
};

// One story under the desk, driven by verdicts; what a store would hold is kept as text.
struct Trace {
  explicit Trace(std::shared_ptr<const Measure> given) : measure(std::move(given)), desk(measure) {
    story.id = "s";
    story.title = "食堂";
    story.documents = 1;
    story.first_seen = story.newest = now;
    duty.chain = {{minutes{5}, 1, {"甲"}}, {minutes{15}, 2, {"乙"}}, {hours{1}, 4, {"丙"}}};
  }

  std::optional<Warning> stored() const {
    if (text.empty()) return {};
    auto warning = warning_from_json(*parse_json(text));
    RC_ASSERT(bool(warning));
    return std::move(*warning);
  }

  // What a store does: a row a change, numbered without gaps, under the version that was read.
  void store(const Raised& raised) {
    const auto before = stored();
    RC_ASSERT(raised.change.seq == (before ? before->changes : 0) + 1);
    RC_ASSERT(raised.warning.changes == raised.change.seq);
    RC_ASSERT(raised.warning.version == (before ? before->version : 0));
    check_step(before, raised);
    follow(before, raised);
    Warning kept = raised.warning;
    ++kept.version;
    text = to_line(to_json(kept));
    ++rows;
    for (const Clock& clock : kept.clocks) {
      RC_ASSERT(model.due.contains(clock.id));
      RC_ASSERT(clock.due == model.due[clock.id]);
      RC_ASSERT(clock.met_at.has_value() == model.met.contains(clock.id));
    }
    RC_ASSERT(kept.clocks.size() == model.due.size());
  }

  // Which events may lead from which state to which.
  static void check_step(const std::optional<Warning>& before, const Raised& raised) {
    const WarningState from = before ? before->state : WarningState::open, to = raised.warning.state;
    RC_ASSERT(raised.change.state == to);
    const bool was_over = from == WarningState::closed || from == WarningState::dismissed;
    switch (raised.change.event) {
      case WarningEvent::raised: RC_ASSERT(!before && to == WarningState::open); break;
      case WarningEvent::reopened:
        RC_ASSERT(to == WarningState::open && (was_over || from == WarningState::acknowledged));
        break;
      case WarningEvent::acknowledged: RC_ASSERT(from == WarningState::open); break;
      case WarningEvent::closed: RC_ASSERT(!was_over && from != WarningState::open); break;
      case WarningEvent::dismissed: RC_ASSERT(!was_over && from != WarningState::responded); break;
      case WarningEvent::responded: RC_ASSERT(!was_over && from != WarningState::open); break;
      case WarningEvent::assigned: RC_ASSERT(!was_over && from != WarningState::responded); break;
      case WarningEvent::escalated: RC_ASSERT(from == WarningState::open && to == from); break;
      case WarningEvent::commented: RC_ASSERT(to == from); break;
      default: RC_ASSERT(!was_over && to == from); break;
    }
  }

  // The model takes the same change.
  void follow(const std::optional<Warning>& before, const Raised& raised) {
    const WarningChange& change = raised.change;
    const bool relapse = change.event == WarningEvent::reopened && change.actor == "measure" && before &&
                         (before->state == WarningState::closed || before->state == WarningState::dismissed);
    if (change.event == WarningEvent::raised || relapse) {
      model = {};
      model.at_level(change.level.rank, change.at);
    } else if (change.event == WarningEvent::upgraded) {
      model.at_level(change.level.rank, change.at);
    } else if (change.event == WarningEvent::responded) {
      for (const auto& [id, due] : model.due) model.met.insert(id);
    } else if (change.event == WarningEvent::reopened && change.actor != "measure") {
      for (const Clock& clock : before->clocks)
        if (clock.met_at) model.due[clock.id] = change.at + (clock.due - clock.started);
      model.met.clear();
    }
  }

  void store_all(std::vector<Raised>& raised) {
    for (const Raised& each : raised) store(each);
    raised.clear();
  }

  void judged(double score) {
    Facts facts;
    facts[Quantity::heat] = 1;
    Verdict verdict;
    verdict.qualifies = true;
    verdict.score = verdict.raw = score;
    verdict.level = measure->level_at(score);
    verdict.shares.resize(measure->criteria.size());
    verdict.parts.resize(measure->criteria.size());
    story.heat_peak = 1;
    last_score = score;
    std::vector<Raised> out;
    desk.consider({story, memory, facts, verdict}, now, out);
    store_all(out);
  }

  void tick() {
    std::vector<Raised> out;
    std::string id;
    for (Desk::Due due; (due = desk.next_due(now, id, out)) != Desk::Due::nothing;) {
      store_all(out);
      if (due == Desk::Due::judge) judged(last_score);
    }
    const auto warning = stored();
    if (!warning) return;
    std::vector<Raised> told = escalate(*warning, duty, now);
    store_all(told);
    if (const auto kept = stored()) desk.adopt(*kept);
  }

  void person(WarningEvent event, std::size_t level) {
    const auto warning = stored();
    if (!warning) return;
    Action action{event, "王敏", "因故", "安全科", "https://example.gov.cn/1", {}, "out_of_scope", {}};
    action.level = measure->plain_levels[level];
    auto changed = apply(*warning, action, now, measure.get());
    if (!changed) {
      RC_ASSERT(changed.error().code == Errc::conflict);
      return;
    }
    store(*changed);
    desk.adopt(*stored());
  }

  void restart() {
    desk = Desk(measure);
    if (const auto warning = stored()) desk.adopt(*warning);
  }

  std::shared_ptr<const Measure> measure;
  Desk desk;
  Story story;
  StoryMemory memory;
  Duty duty;
  Time now = *parse_time("2026-04-15T08:00:00+08:00");
  double last_score = 0;
  std::string text;
  Deadlines model;
  long rows = 0;
};

void step(Trace& trace) {
  static constexpr WarningEvent events[] = {
      WarningEvent::acknowledged, WarningEvent::assigned,  WarningEvent::responded, WarningEvent::closed,
      WarningEvent::dismissed,    WarningEvent::reopened,  WarningEvent::commented, WarningEvent::confirmed,
      WarningEvent::upgraded,     WarningEvent::downgraded};
  trace.now += Seconds{*rc::gen::inRange(0, 4 * 3600)};
  switch (*rc::gen::inRange(0, 6)) {
    case 0: trace.judged(*rc::gen::inRange(0, 100)); break;
    case 1:
    case 2: trace.person(events[*rc::gen::inRange(0, 10)], static_cast<std::size_t>(*rc::gen::inRange(0, 4))); break;
    case 3: trace.tick(); break;
    case 4: trace.restart(); break;
    default:  // the clock is set, at most two hours either way
      trace.now += Seconds{*rc::gen::inRange(-7200, 7201)};
      trace.tick();
  }
}

}  // namespace

TEST_CASE("100,000 random traces: no illegal state, deadlines to the second, one row a change", "[warn][property]") {
  const auto measure = shipped();
  rc::detail::TestParams params;
  params.maxSuccess = traces;
  long rows = 0;
  const auto result = rc::detail::checkTestable(
      [&] {
        Trace trace(measure);
        trace.judged(*rc::gen::inRange(35, 100));
        const int steps = *rc::gen::inRange(1, steps_max);
        for (int i = 0; i < steps; ++i) step(trace);
        rows += trace.rows;
        const auto warning = trace.stored();
        RC_ASSERT(warning && warning->changes == trace.rows);
      },
      rc::detail::TestMetadata{}, params);
  std::ostringstream told;
  rc::detail::printResultMessage(result, told);  // the smallest trace that fails, and how to repeat it
  INFO(told.str());
  CHECK(result.is<rc::detail::SuccessResult>());
  CHECK(rows > traces);
}
