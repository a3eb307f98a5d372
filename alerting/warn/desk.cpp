// Up at once, down slowly: a warning rises with the document that lifts its score, and falls only
// after the score has stayed `margin` under its level for `hold`, never from a level that persons
// lower, never below the last level (a person closes), and never when a person set it.
#include "alerting/warn/desk.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "alerting/warn/clocks.h"
#include "alerting/warn/joining.h"
#include "alerting/warn/judgement.h"
#include "alerting/warn/last_time.h"
#include "alerting/warn/told.h"

namespace tingchao::alerting {
namespace {

bool is_closed(const Warning& warning) {
  return warning.state == WarningState::closed || warning.state == WarningState::dismissed;
}

// A person has said that there is nothing in it.
bool is_rejected(const Warning& warning) {
  return warning.state == WarningState::dismissed || warning.verdict == "false_alarm" ||
         warning.verdict == "out_of_scope";
}

Time next_hour(Time now) { return hour_begin(hour_number(now) + 1); }

}  // namespace

Reason quiet_reason(const std::vector<Reason>& before, Seconds hold) {
  Reason quiet{"quiet", "沉寂", "近 " + to_chinese(hold) + "内没有新文档", "", "", 0, "", {}};
  for (const Reason& reason : before)
    quiet.documents.insert(quiet.documents.end(), reason.documents.begin(), reason.documents.end());
  std::sort(quiet.documents.begin(), quiet.documents.end());
  quiet.documents.erase(std::unique(quiet.documents.begin(), quiet.documents.end()), quiet.documents.end());
  return quiet;
}

void Desk::replace(std::shared_ptr<const Measure> measure, Time now) {
  measure_ = std::move(measure);
  for (const auto& [id, warning] : open_) schedule(warning, next_hour(now));
}

const Warning* Desk::of_story(const std::string& story) const {
  const auto id = by_story_.find(story);
  return id == by_story_.end() ? nullptr : &open_.at(id->second);
}

void Desk::consider(const Judged& judged, Time now, std::vector<Raised>& out) {
  if (const auto id = by_story_.find(judged.story.id); id != by_story_.end()) {
    Warning& warning = open_.at(id->second);
    const bool comes_back = is_new_wave(warning, judged.story) && judged.verdict.level;
    const std::size_t before = out.size();
    move(warning, judged, now, out);
    if (comes_back) note_return(warning, judged, out.size() > before, now, out);
    note_answer(warning, judged, now, out);
    schedule(warning, next_hour(now));
    return;
  }
  if (!judged.verdict.level) return;
  const auto closed = closed_.find(judged.story.id);
  if (closed == closed_.end()) {
    raise(judged, "", now, out);
  } else if (relapses(closed->second, judged, now)) {
    Warning warning = std::move(closed->second);
    closed_.erase(closed);
    if (now - warning.changed_at <= measure_->relapse_within)
      relapse(std::move(warning), judged, now, out);
    else
      raise(judged, last_time(warning, judged.story, now), now, out);
  }
}

void Desk::set_level(Warning& warning, std::size_t level) const {
  const LevelRule& rule = measure_->levels[level];
  warning.level = rule.level;
  warning.needs_confirmation = rule.confirm;
  warning.level_held = false;
  warning.below_since.reset();
  warning.escalated = Seconds{0};  // at another level the chain is told again
  if (!warning.level_peak || rule.level.rank < warning.level_peak->rank) warning.level_peak = rule.level;
}

void Desk::refresh(Warning& warning, const Judged& judged, Time now) const {
  warning.title = judged.story.title;
  warning.topics = judged.story.topics;
  warning.schools = judged.story.schools;
  warning.score = judged.verdict.score;
  warning.reasons = reasons_of(*measure_, judged.verdict, judged.facts, judged.memory,
                               growth_of(judged.story, measure_->growth, now));
  // After a restart the memory may know less than the warning: what it has proved stays.
  std::vector<Evidence> evidence = judged.memory.evidence;
  for (const Evidence& old : warning.evidence) {
    const bool known = std::any_of(evidence.begin(), evidence.end(), [&old](const Evidence& e) {
      return e.document == old.document && e.rule == old.rule;
    });
    if (!known && evidence.size() < warning_evidence_max) evidence.push_back(old);
  }
  warning.evidence = std::move(evidence);
  std::vector<SpreadStep> spread = judged.memory.spread;
  for (const SpreadStep& old : warning.spread) enter(spread, old);
  warning.spread = std::move(spread);
  warning.measure_version = measure_->version;
}

void Desk::raise(const Judged& judged, const std::string& last, Time now, std::vector<Raised>& out) {
  Warning warning;
  warning.id = warning_id(judged.story, now);
  warning.kind = "story";
  warning.story = judged.story.id;
  warning.raised_at = warning.state_since = now;
  warning.official_answer = judged.story.official_answer;  // known from the start: no news of its own
  warning.official_url = judged.memory.official_url;
  warning.wave = judged.story.woken_at;
  set_level(warning, *judged.verdict.level);
  refresh(warning, judged, now);
  start_clocks(warning, *measure_, now);
  const std::string level = level_text(warning.level, warning.needs_confirmation);
  const auto& rate = measure_->levels[*judged.verdict.level].alarms_per_30d;
  const std::string note = fmt::format("{}得分 {:.1f}，{}{}{}", last, warning.score, level,
                                       rate ? fmt::format("，该级实测每 30 天 {:g} 件", *rate) : "",
                                       warning.needs_confirmation ? "，待研判确认" : "");
  Warning& kept = open_[warning.id] = std::move(warning);
  by_story_[kept.story] = kept.id;
  out.push_back(tell(kept, {WarningEvent::raised, {}, note, true}, now));
  out.back().judgement = judgement_text(judged, *measure_, now);
  schedule(kept, next_hour(now));
}

void Desk::note_answer(Warning& warning, const Judged& judged, Time now, std::vector<Raised>& out) const {
  if (judged.story.official_answer.empty() || !warning.official_answer.empty()) return;
  warning.official_answer = judged.story.official_answer;
  warning.official_url = judged.memory.official_url;
  const std::string where = warning.official_url.empty() ? "文档 " + warning.official_answer : warning.official_url;
  const std::string note = "官方来源已就此发布：" + where + "。如属本件的公开答复，请用 respond 登记；登记前时限照常计算";
  out.push_back(tell(warning, {WarningEvent::answered, {}, note, false}, now));
}

void Desk::note_return(Warning& warning, const Judged& judged, bool told, Time now, std::vector<Raised>& out) const {
  warning.wave = judged.story.woken_at;
  const std::string note = fmt::format("{}本件尚未办结（{}）", last_time(warning, judged.story, now),
                                       chinese_name(warning.state));
  if (told) {  // with the move that the same document made
    out.back().warning.wave = warning.wave;
    out.back().change.note += "；" + note;
    return;
  }
  out.push_back(tell(warning, {WarningEvent::returned, {}, note, false}, now));
}

bool Desk::relapses(const Warning& closed, const Judged& judged, Time now) const {
  if (is_new_wave(closed, judged.story)) return true;  // whatever was said of the wave before
  if (measure_->levels[*judged.verdict.level].level.rank < closed.level.rank) return true;  // a graver fact
  if (is_rejected(closed) || now - closed.changed_at < measure_->relapse_after) return false;
  return judged.facts[Quantity::heat] >= measure_->relapse_heat * judged.story.heat_peak;
}

void Desk::relapse(Warning closed, const Judged& judged, Time now, std::vector<Raised>& out) {
  const std::string last = last_time(closed, judged.story, now);
  Warning& warning = open_[closed.id] = std::move(closed);
  by_story_[warning.story] = warning.id;
  const Level before = warning.level;
  warning.wave = std::max(warning.wave, judged.story.woken_at);
  warning.state = WarningState::open;
  warning.state_since = now;
  warning.verdict.clear();
  warning.assignee.clear();
  warning.clocks.clear();  // a new duty to answer, with new deadlines
  set_level(warning, *judged.verdict.level);
  refresh(warning, judged, now);
  start_clocks(warning, *measure_, now);
  Telling telling{WarningEvent::reopened, {}, {}, true};
  if (!(before == warning.level)) telling.level_before = before;
  telling.note = fmt::format("{}得分 {:.1f}，{}", last, warning.score,
                             level_text(warning.level, warning.needs_confirmation));
  out.push_back(tell(warning, std::move(telling), now));
  out.back().judgement = judgement_text(judged, *measure_, now);
  schedule(warning, next_hour(now));
}

void Desk::move(Warning& warning, const Judged& judged, Time now, std::vector<Raised>& out) {
  const auto& levels = measure_->levels;
  const int held_rank =
      warning.level_held && warning.level_peak ? warning.level_peak->rank : warning.level.rank;
  if (judged.verdict.level &&
      levels[*judged.verdict.level].level.rank < std::min(held_rank, warning.level.rank)) {
    const Level before = warning.level;
    set_level(warning, *judged.verdict.level);
    refresh(warning, judged, now);
    start_clocks(warning, *measure_, now);
    const std::string note = fmt::format("得分 {:.1f}，由{}升至{}", warning.score, level_text(before),
                                         level_text(warning.level, warning.needs_confirmation));
    out.push_back(tell(warning, {WarningEvent::upgraded, before, note, true}, now));
    out.back().judgement = judgement_text(judged, *measure_, now);
    return;
  }
  if (!falls(warning, judged.verdict.score, now)) return;
  refresh(warning, judged, now);
  lower(warning, judged.verdict.score, now, out);
  out.back().judgement = judgement_text(judged, *measure_, now);
}

bool Desk::may_fall(const Warning& warning) const {
  const auto level = measure_->index_of(warning.level);
  return level && *level + 1 < measure_->levels.size() && !measure_->levels[*level].person_lowers &&
         !warning.level_held && warning.kind == "story";
}

bool Desk::falls(Warning& warning, double score, Time now) const {
  if (!may_fall(warning) ||
      score >= measure_->levels[*measure_->index_of(warning.level)].score - measure_->margin) {
    warning.below_since.reset();
    return false;
  }
  if (!warning.below_since) warning.below_since = now;
  return now - *warning.below_since >= measure_->hold;
}

void Desk::lower(Warning& warning, double score, Time now, std::vector<Raised>& out) {
  const Level before = warning.level;
  const std::size_t last = measure_->levels.size() - 1;
  set_level(warning, std::max(*measure_->index_of(before) + 1, measure_->level_at(score).value_or(last)));
  const std::string note = fmt::format("得分 {:.1f}，低于{}门槛 {:g} 分以上已 {}，由{}降至{}", score,
                                       level_text(before), measure_->margin, to_chinese(measure_->hold),
                                       level_text(before), level_text(warning.level));
  out.push_back(tell(warning, {WarningEvent::downgraded, before, note, true}, now));
}

void Desk::asleep(const std::string& id, Time now, std::vector<Raised>& out) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  Warning& warning = found->second;
  if (falls(warning, 0, now)) {
    warning.score = 0;
    warning.reasons = {quiet_reason(warning.reasons, measure_->hold)};
    lower(warning, 0, now, out);
    out.back().judgement = asleep_judgement(now);
  }
  schedule(warning, next_hour(now));
}

void Desk::burst(const Alarm& alarm, Time now, std::vector<Raised>& out) {
  const std::string id = burst_id(alarm.stream, alarm.since);
  const bool known = open_.contains(id);
  if (!known && !alarm.first) return;  // a person has closed it
  Warning& warning = open_[id];
  const Level before = warning.level;
  if (!known) {
    warning.id = id;
    warning.kind = "burst";
    warning.stream = alarm.stream;
    warning.raised_at = warning.state_since = now;
    name_stream(warning, *measure_);
  } else if (measure_->levels[alarm.level].level.rank >= before.rank) {
    return;
  }
  set_level(warning, alarm.level);
  describe_burst(warning, alarm, *measure_, now);
  const std::string level = level_text(warning.level, warning.needs_confirmation);
  const std::string note =
      known ? fmt::format("异常度升至 {:.1f}，由{}升至{}", alarm.scan.surprise, level_text(before), level)
      : alarm.found == Alarm::Found::sum   ? fmt::format("累积偏高 {:.1f}，{}", alarm.sum, level)
      : alarm.found == Alarm::Found::story ? fmt::format("单一事件异常度 {:.1f}，{}", alarm.scan.surprise, level)
                                           : fmt::format("异常度 {:.1f}，{}", alarm.scan.surprise, level);
  Telling telling{known ? WarningEvent::upgraded : WarningEvent::raised, {}, note, true};
  if (known) telling.level_before = before;
  out.push_back(tell(warning, std::move(telling), now));
  schedule(warning, next_hour(now));
}

std::optional<Time> Desk::lapse_of(const Warning& warning) const {
  if (warning.state != WarningState::acknowledged) return std::nullopt;
  const auto level = measure_->index_of(warning.level);
  if (!level || !measure_->levels[*level].acknowledged) return std::nullopt;
  return warning.state_since + *measure_->levels[*level].acknowledged;
}

void Desk::unschedule(const std::string& id) {
  const auto appointment = appointments_.find(id);
  if (appointment == appointments_.end()) return;
  agenda_.erase({appointment->second.at, id});
  appointments_.erase(appointment);
}

void Desk::schedule(const Warning& warning, Time look) {
  unschedule(warning.id);
  std::optional<Time> at = next_step(warning, *measure_);
  if (const auto lapse = lapse_of(warning); lapse && (!at || *lapse < *at)) at = lapse;
  if (may_fall(warning) && (!at || look < *at)) at = look;
  if (!at) return;
  appointments_[warning.id] = {*at, look};
  agenda_.insert({*at, warning.id});
}

Desk::Due Desk::next_due(Time now, std::string& id, std::vector<Raised>& out) {
  if (agenda_.empty() || agenda_.begin()->first > now) return Due::nothing;
  const Time at = agenda_.begin()->first;
  id = agenda_.begin()->second;
  Warning& warning = open_.at(id);
  const Time look = appointments_.at(id).look;
  if (const auto steps = steps_come(warning, *measure_, now); !steps.empty() && steps.front().at <= at) {
    warning.clocks[steps.front().clock].told_percent = steps.front().percent;
    out.push_back(
        tell(warning, {WarningEvent::clock, {}, step_note(warning, steps.front(), now), false}, now));
    schedule(warning, look);
    return Due::told;
  }
  if (const auto lapse = lapse_of(warning); lapse && *lapse <= at) {
    const auto span = *lapse - warning.state_since;
    warning.state = WarningState::open;
    warning.state_since = *lapse;  // not when it was noticed
    warning.escalated = Seconds{0};
    const std::string note = fmt::format("知悉后 {} 没有下一步，退回待处理", to_chinese(span));
    out.push_back(tell(warning, {WarningEvent::reopened, {}, note, false}, now));
    schedule(warning, look);
    return Due::told;
  }
  schedule(warning, next_hour(now));  // so that a caller who knows no stories makes progress too
  return Due::judge;
}

void Desk::adopt(Warning warning) {
  unschedule(warning.id);
  open_.erase(warning.id);
  const std::string story = warning.story, id = warning.id;
  if (is_closed(warning)) {
    // What was closed for another one comes back with that.
    if (!story.empty() && warning.merged_into.empty()) remember_closed(std::move(warning));
    if (const auto known = by_story_.find(story); known != by_story_.end() && known->second == id) attend(story);
    return;
  }
  // A person may have raised the level.
  if (!story.empty()) start_missing_clocks(warning, *measure_, warning.changed_at);
  Warning& kept = open_[id] = std::move(warning);
  schedule(kept, next_hour(kept.changed_at));
  if (story.empty()) return;
  closed_.erase(story);
  const auto [known, is_only] = by_story_.emplace(story, id);
  if (is_only || known->second == id) return;
  if (!are_apart(kept, open_.at(known->second))) doubled_.insert(story);
  attend(story);
}

// Without what a relapse makes anew: those of months are remembered.
void Desk::remember_closed(Warning warning) {
  warning.reasons = std::vector<Reason>();
  warning.clocks = std::vector<Clock>();
  Warning& last = closed_[warning.story];
  if (last.id.empty() || last.changed_at <= warning.changed_at) last = std::move(warning);
}

void Desk::attend(const std::string& story) {
  const Warning* lead = nullptr;
  for (const auto& [id, warning] : open_)
    if (warning.story == story && (!lead || leads(warning, *lead))) lead = &warning;
  if (lead) by_story_[story] = lead->id;
  else by_story_.erase(story);
}

void Desk::join_at(const std::string& story, Time now, std::vector<Raised>& out) {
  std::vector<std::string> ids;
  for (const auto& [id, warning] : open_)
    if (warning.story == story) ids.push_back(id);
  std::sort(ids.begin(), ids.end(), [&](const auto& a, const auto& b) { return leads(open_.at(a), open_.at(b)); });
  for (std::size_t i = 1; i < ids.size(); ++i) {
    Warning &lead = open_.at(ids[0]), &other = open_.at(ids[i]);
    if (are_apart(lead, other)) continue;
    join(lead, other, *measure_, now, out);
    unschedule(ids[i]);
    open_.erase(ids[i]);
    schedule(lead, next_hour(now));
  }
  attend(story);
}

void Desk::join_adopted(Time now, std::vector<Raised>& out) {
  for (const std::string& story : std::exchange(doubled_, {})) join_at(story, now, out);
}

void Desk::follow(const StoryMerge& merge, Time now, std::vector<Raised>& out) {
  if (by_story_.erase(merge.from) > 0) {
    for (auto& [id, warning] : open_)
      if (warning.story == merge.from) warning.story = merge.into;
    closed_.erase(merge.into);
    join_at(merge.into, now, out);
  }
  if (auto closed = closed_.extract(merge.from)) {
    closed.mapped().story = merge.into;
    if (!by_story_.contains(merge.into)) remember_closed(std::move(closed.mapped()));
  }
}

void Desk::forget(Time now) {
  std::erase_if(closed_, [&](const auto& entry) {
    return now - entry.second.changed_at > closed_kept(*measure_);
  });
}

}  // namespace tingchao::alerting
