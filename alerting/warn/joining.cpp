// An answer meets the duties that it was recorded for. So where one of two like clocks was met and the other was not,
// the one that runs stays: a person who finds that the answer covers both says so with one command.
#include "alerting/warn/joining.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "alerting/warn/story_memory.h"
#include "alerting/warn/told.h"
#include "alerting/wording.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t title_chars_max = 40;

auto find(std::vector<Clock>& clocks, const std::string& id) {
  return std::find_if(clocks.begin(), clocks.end(), [&id](const Clock& clock) { return clock.id == id; });
}

void add_missing(std::vector<std::string>& into, const std::vector<std::string>& from) {
  for (const std::string& each : from)
    if (std::find(into.begin(), into.end(), each) == into.end()) into.push_back(each);
}

void join_state(Warning& lead, const Warning& other) {
  if (other.state > lead.state) {
    lead.state = other.state;
    lead.state_since = other.state_since;
    lead.escalated = Seconds{0};
  } else if (other.state == lead.state && other.state_since < lead.state_since) {
    // The chain of another level is another chain: an open one keeps its own.
    if (lead.state == WarningState::open && other.level.rank != lead.level.rank) return;
    lead.state_since = other.state_since;
    lead.escalated = other.escalated;
  }
}

void join_level(Warning& lead, const Warning& other) {
  const Level peak = other.level_peak.value_or(other.level);
  if (!lead.level_peak || peak.rank < lead.level_peak->rank) lead.level_peak = peak;
  lead.below_since.reset();  // what was too little for one need not be for both
  lead.score = std::max(lead.score, other.score);
  if (other.level.rank != lead.level.rank) return;
  lead.level_held = lead.level_held || other.level_held;
  lead.needs_confirmation = lead.needs_confirmation && other.needs_confirmation;
}

void join_proof(Warning& lead, const Warning& other) {
  for (const Evidence& each : other.evidence) {
    const bool known = std::any_of(lead.evidence.begin(), lead.evidence.end(), [&each](const Evidence& e) {
      return e.document == each.document && e.rule == each.rule;
    });
    if (!known && lead.evidence.size() < warning_evidence_max) lead.evidence.push_back(each);
  }
  for (const SpreadStep& step : other.spread) enter(lead.spread, step);
}

std::string title_of(const Warning& warning) {
  return fmt::format("{}“{}”", warning.id, one_line(warning.title, title_chars_max));
}

// What of the other one a reader of the lead must know.
std::string taken_over(const Warning& lead, const Warning& other) {
  std::string text = fmt::format("{}，{}", level_text(other.level, other.needs_confirmation), chinese_name(other.state));
  if (!other.assignee.empty()) text += "，交办 " + other.assignee;
  if (!other.answer_url.empty()) text += "，公开答复 " + other.answer_url;
  return fmt::format("预警 {}与本件是同一事件，已并入本件（{}）。本件现为{}，时限取两件中较早者", title_of(other), text,
                     chinese_name(lead.state));
}

}  // namespace

bool leads(const Warning& warning, const Warning& other) {
  return std::tie(warning.level.rank, warning.raised_at, warning.id) <
         std::tie(other.level.rank, other.raised_at, other.id);
}

bool are_apart(const Warning& a, const Warning& b) { return a.merged_into == b.id || b.merged_into == a.id; }

void join_clocks(std::vector<Clock>& lead, const std::vector<Clock>& other, const Measure& measure) {
  for (const Clock& clock : other) {
    const auto same = find(lead, clock.id);
    if (same == lead.end()) {
      lead.push_back(clock);
    } else if (!clock.met_at) {
      const bool is_stricter = std::pair(clock.due, -clock.told_percent) < std::pair(same->due, -same->told_percent);
      if (same->met_at || is_stricter) *same = clock;
    }
  }
  for (const ClockRule& rule : measure.clocks) {
    const auto after = find(lead, rule.id), before = rule.replaces.empty() ? lead.end() : find(lead, rule.replaces);
    if (after == lead.end() || before == lead.end() || after->met_at || before->met_at) continue;
    if (before->due < after->due) {
      after->due = before->due;
      after->started = before->started;
      after->told_percent = before->told_percent;
    }
    lead.erase(before);
  }
}

void join(Warning& lead, Warning& other, const Measure& measure, Time now, std::vector<Raised>& out) {
  join_clocks(lead.clocks, other.clocks, measure);
  join_state(lead, other);
  join_level(lead, other);
  join_proof(lead, other);
  add_missing(lead.topics, other.topics);
  add_missing(lead.schools, other.schools);
  if (lead.assignee.empty()) lead.assignee = other.assignee;
  if (lead.answer_url.empty()) lead.answer_url = other.answer_url;
  if (lead.official_answer.empty()) {
    lead.official_answer = other.official_answer;
    lead.official_url = other.official_url;
  }
  lead.wave = std::max(lead.wave, other.wave);
  const std::string note = taken_over(lead, other);

  other.state = WarningState::closed;
  other.state_since = now;
  other.escalated = Seconds{0};
  other.verdict = "duplicate";
  other.merged_into = lead.id;
  const std::string why = fmt::format("重复：与预警 {}是同一事件，并入该件，知悉、交办与时限一并转去", title_of(lead));
  out.push_back(tell(other, {WarningEvent::closed, {}, why, false}, now));
  out.push_back(tell(lead, {WarningEvent::merged, {}, note, false}, now));
}

}  // namespace tingchao::alerting
