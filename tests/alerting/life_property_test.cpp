// Random lives of two warnings whose stories may become one: documents, persons, ticks, restarts, merges and a clock
// that jumps, against a model of the deadlines that knows nothing of the program's own. The seed is fixed, so a failure
// comes again.
#include <rapidcheck.h>

#include <boost/json.hpp>

#include "alerting/duty.h"
#include "alerting/warn/desk.h"
#include "alerting/warn/joining.h"
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

// Of two duties that became one, by the words of docs/measure.md: what nobody met runs, to the earlier deadline.
Deadlines joined(const Deadlines& a, const Deadlines& b) {
  Deadlines out;
  for (const auto* each : {&a, &b})
    for (const auto& [id, due] : each->due) {
      const auto is_open = [&id](const Deadlines& d) { return d.due.contains(id) && !d.met.contains(id); };
      if (is_open(a) || is_open(b)) {
        out.due[id] = is_open(a) && is_open(b) ? std::min(a.due.at(id), b.due.at(id)) : (is_open(a) ? a : b).due.at(id);
      } else {
        out.due[id] = a.due.contains(id) ? a.due.at(id) : due;
        out.met.insert(id);
      }
    }
  const auto runs = [&out](const char* id) { return out.due.contains(id) && !out.met.contains(id); };
  if (runs("information") && runs("response")) {
    out.due["information"] = std::min(out.due["information"], out.due["response"]);
    out.due.erase("response");
  }
  return out;
}

bool is_over(const Warning& warning) {
  return warning.state == WarningState::closed || warning.state == WarningState::dismissed;
}

// Two stories under the desk, driven by verdicts; what a store would hold is kept as text.
struct Trace {
  // A story's warning as stored, with the model of its deadlines. After a merge the second has none to be judged.
  struct Side {
    Story story;
    double last_score = 0;
  };
  struct Kept {
    std::string text;
    Deadlines model;
    long rows = 0;
  };
  explicit Trace(std::shared_ptr<const Measure> given) : measure(std::move(given)), desk(measure) {
    for (const int i : {0, 1}) {
      Story& story = sides[i].story;
      story.id = i == 0 ? "s" : "t";
      story.title = "食堂";
      story.documents = 1;
      story.first_seen = story.newest = now;
    }
    duty.chain = {{minutes{5}, 1, {"甲"}}, {minutes{15}, 2, {"乙"}}, {hours{1}, 4, {"丙"}}};
  }

  static Warning read(const Kept& kept) {
    auto warning = warning_from_json(*parse_json(kept.text));
    RC_ASSERT(bool(warning));
    return std::move(*warning);
  }
  std::optional<Warning> stored(const std::string& id) const {
    const auto found = kept.find(id);
    if (found == kept.end()) return {};
    Warning warning = read(found->second);
    if (is_merged) warning.story = "s";  // as the ledger reads it
    return warning;
  }
  // The warning that persons and time act upon, by chance.
  std::optional<Warning> one() const {
    if (kept.empty()) return {};
    auto at = kept.begin();
    std::advance(at, *rc::gen::inRange<std::size_t>(0, kept.size()));
    return stored(at->first);
  }

  // What a store does: a row a change, numbered without gaps, under the version that was read.
  void store(const Raised& raised) {
    const auto before = stored(raised.warning.id);
    RC_ASSERT(raised.change.seq == (before ? before->changes : 0) + 1);
    RC_ASSERT(raised.warning.changes == raised.change.seq);
    RC_ASSERT(raised.warning.version == (before ? before->version : 0));
    check_step(before, raised);
    Kept& mine = kept[raised.warning.id];
    follow(mine.model, before, raised);
    Warning after = raised.warning;
    ++after.version;
    mine.text = to_line(to_json(after));
    ++mine.rows;
    if (!after.merged_into.empty() && is_over(after)) return;  // its clocks went over
    for (const Clock& clock : after.clocks) {
      RC_ASSERT(mine.model.due.contains(clock.id));
      RC_ASSERT(clock.due == mine.model.due[clock.id]);
      RC_ASSERT(clock.met_at.has_value() == mine.model.met.contains(clock.id));
    }
    RC_ASSERT(after.clocks.size() == mine.model.due.size());
  }

  // Which events may lead from which state to which.
  static void check_step(const std::optional<Warning>& before, const Raised& raised) {
    const WarningState from = before ? before->state : WarningState::open, to = raised.warning.state;
    RC_ASSERT(raised.change.state == to);
    const bool was_over = from == WarningState::closed || from == WarningState::dismissed;
    if (raised.change.event == WarningEvent::closed && raised.change.actor == "measure") {
      RC_ASSERT(!was_over && raised.warning.verdict == "duplicate" && !raised.warning.merged_into.empty());
      return;
    }
    if (raised.change.event == WarningEvent::merged) {
      RC_ASSERT(!was_over && to >= from && to < WarningState::closed);
      RC_ASSERT(raised.warning.level == before->level);
      return;
    }
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
  void follow(Deadlines& model, const std::optional<Warning>& before, const Raised& raised) {
    const WarningChange& change = raised.change;
    const bool relapse = change.event == WarningEvent::reopened && change.actor == "measure" && before &&
                         (before->state == WarningState::closed || before->state == WarningState::dismissed);
    if (change.event == WarningEvent::raised || relapse) {
      model = {};
      model.at_level(change.level.rank, change.at);
    } else if (change.event == WarningEvent::merged) {
      model = joined(model, joining);
    } else if (change.event == WarningEvent::closed && change.actor == "measure") {
      joining = model;
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

  void judged(Side& side, double score) {
    Story& story = is_merged ? sides[0].story : side.story;
    Facts facts;
    facts[Quantity::heat] = 1;
    Verdict verdict;
    verdict.qualifies = true;
    verdict.score = verdict.raw = score;
    verdict.level = measure->level_at(score);
    verdict.shares.resize(measure->criteria.size());
    verdict.parts.resize(measure->criteria.size());
    story.heat_peak = 1;
    side.last_score = score;
    std::vector<Raised> out;
    desk.consider({story, memory, facts, verdict}, now, out);
    store_all(out);
  }

  void tick() {
    std::vector<Raised> out;
    desk.join_adopted(now, out);
    store_all(out);
    std::string id;
    for (Desk::Due due; (due = desk.next_due(now, id, out)) != Desk::Due::nothing;) {
      store_all(out);
      if (due != Desk::Due::judge) continue;
      Side& side = desk.open().at(id).story == "s" ? sides[0] : sides[1];
      judged(side, side.last_score);
    }
    for (const char* story : {"s", "t"}) {
      const Warning* open = desk.of_story(story);
      if (!open) continue;
      const Warning warning = *stored(open->id);
      std::vector<Raised> told = escalate(warning, duty, now);
      store_all(told);
      desk.adopt(*stored(warning.id));
    }
  }

  void person(WarningEvent event, std::size_t level) {
    const auto warning = one();
    if (!warning) return;
    Action action{event, "王敏", "因故", "安全科", "https://example.gov.cn/1", {}, "out_of_scope", {}};
    action.level = measure->plain_levels[level];
    auto changed = apply(*warning, action, now, measure.get());
    if (!changed) {
      RC_ASSERT(changed.error().code == Errc::conflict);
      return;
    }
    store(*changed);
    desk.adopt(*stored(warning->id));
  }

  // The second story becomes the first; `seen` by the desk, or only by the store before the program starts again.
  void merge(bool seen) {
    if (is_merged) return;
    const auto before = open_at("s"), other = open_at("t");
    is_merged = true;
    std::vector<Raised> out;
    if (seen) {
      desk.follow({"t", "s", now}, now, out);
      store_all(out);
    } else {
      restart();
      tick();
    }
    if (!before || !other) return;
    const bool first = leads(*before, *other);
    const Warning lead = *stored(first ? before->id : other->id), gone = *stored(first ? other->id : before->id);
    RC_ASSERT(is_over(gone) && gone.merged_into == lead.id && gone.verdict == "duplicate");
    RC_ASSERT(desk.open().size() == 1 && desk.of_story("s")->id == lead.id);
    if (!seen) return;  // the tick may have told more
    RC_ASSERT(lead.state == std::max(before->state, other->state));
    RC_ASSERT(lead.changes == (first ? before : other)->changes + 1);
  }

  std::optional<Warning> open_at(const char* story) const {
    const Warning* open = desk.of_story(story);
    return open ? stored(open->id) : std::nullopt;
  }

  void restart() {
    desk = Desk(measure);
    for (const auto& [id, each] : kept) desk.adopt(*stored(id));
  }

  // No two open warnings of one story, but those that a person took apart. One that a person opens again beside
  // another is joined with whatever comes next.
  void check_open() {
    std::vector<Raised> out;
    desk.join_adopted(now, out);
    store_all(out);
    for (const auto& [a, one] : desk.open())
      for (const auto& [b, two] : desk.open())
        RC_ASSERT(a == b || one.story != two.story || are_apart(one, two));
  }

  std::shared_ptr<const Measure> measure;
  Desk desk;
  Side sides[2];
  StoryMemory memory;
  Duty duty;
  Time now = *parse_time("2026-04-15T08:00:00+08:00");
  bool is_merged = false;
  std::map<std::string, Kept> kept;
  Deadlines joining;  // of the one that was closed for the other
};

void step(Trace& trace) {
  static constexpr WarningEvent events[] = {
      WarningEvent::acknowledged, WarningEvent::assigned,  WarningEvent::responded, WarningEvent::closed,
      WarningEvent::dismissed,    WarningEvent::reopened,  WarningEvent::commented, WarningEvent::confirmed,
      WarningEvent::upgraded,     WarningEvent::downgraded};
  trace.now += Seconds{*rc::gen::inRange(0, 4 * 3600)};
  switch (*rc::gen::inRange(0, 8)) {
    case 0: trace.judged(trace.sides[0], *rc::gen::inRange(0, 100)); break;
    case 1: trace.judged(trace.sides[1], *rc::gen::inRange(0, 100)); break;
    case 2:
    case 3:
    case 4: trace.person(events[*rc::gen::inRange(0, 10)], static_cast<std::size_t>(*rc::gen::inRange(0, 4))); break;
    case 5: trace.tick(); break;
    case 6: trace.restart(); break;
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
  long rows = 0, joined_warnings = 0;
  const auto result = rc::detail::checkTestable(
      [&] {
        Trace trace(measure);
        trace.judged(trace.sides[0], *rc::gen::inRange(35, 100));
        const int steps = *rc::gen::inRange(1, steps_max), merged_at = *rc::gen::inRange(0, steps_max);
        if (*rc::gen::inRange(0, 2) == 0) trace.judged(trace.sides[1], *rc::gen::inRange(35, 100));
        for (int i = 0; i < steps; ++i) {
          if (i == merged_at) trace.merge(*rc::gen::inRange(0, 3) > 0);
          step(trace);
          trace.check_open();
        }
        for (const auto& [id, each] : trace.kept) {
          const Warning warning = Trace::read(each);
          RC_ASSERT(warning.changes == each.rows);
          rows += each.rows;
          joined_warnings += !warning.merged_into.empty();
        }
      },
      rc::detail::TestMetadata{}, params);
  std::ostringstream told;
  rc::detail::printResultMessage(result, told);  // the smallest trace that fails, and how to repeat it
  INFO(told.str());
  CHECK(result.is<rc::detail::SuccessResult>());
  CHECK(rows > traces);
  CHECK(joined_warnings > traces / 20);
}
