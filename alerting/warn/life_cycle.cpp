// The life cycle of a warning in people's hands, as one table: event → the states it may follow and
// the state it leads to. What an event needs besides stands in `missing`, what it changes in `carry_out`.
//
//   open ──acknowledged──▶ acknowledged ──assigned──▶ assigned ──responded──▶ responded ──closed──▶ closed
//   dismissed: before an answer; reopened: after closed or dismissed; confirmed and level moves: while alive.
#include <algorithm>

#include <fmt/format.h>

#include "alerting/warn.h"
#include "alerting/warn/clocks.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t name_chars_max = 100;
constexpr std::size_t note_chars_max = 4000;
constexpr std::size_t url_bytes_max = 2000;

// States as bits, so that a row of the table can hold several.
constexpr unsigned bit(WarningState state) { return 1U << static_cast<unsigned>(state); }
constexpr unsigned open = bit(WarningState::open), acknowledged = bit(WarningState::acknowledged),
                   assigned = bit(WarningState::assigned), responded = bit(WarningState::responded),
                   closed = bit(WarningState::closed), dismissed = bit(WarningState::dismissed);
constexpr unsigned alive = open | acknowledged | assigned | responded;

struct Step {
  WarningEvent event;
  const char* verb;                  // Chinese
  unsigned from;
  std::optional<WarningState> to;    // empty: stays
  const char* mend;                  // when the state does not allow it
};

constexpr Step steps[] = {
    {WarningEvent::acknowledged, "知悉", open, WarningState::acknowledged, "只有待处理的预警可以知悉"},
    {WarningEvent::assigned, "交办", open | acknowledged | assigned, WarningState::assigned,
     "已回应的可办结；已办结或已排除的可先 reopen"},
    {WarningEvent::responded, "回应", acknowledged | assigned | responded, WarningState::responded,
     "待处理的先 ack；已办结或已排除的先 reopen"},
    {WarningEvent::closed, "办结", acknowledged | assigned | responded, WarningState::closed,
     "待处理的先 ack，或用 dismiss 排除"},
    {WarningEvent::dismissed, "排除", open | acknowledged | assigned, WarningState::dismissed,
     "已回应的请用 close 办结"},
    {WarningEvent::reopened, "重新打开", closed | dismissed, WarningState::open, "只有已办结或已排除的预警可以重新打开"},
    {WarningEvent::commented, "批注", alive | closed | dismissed, {}, ""},
    {WarningEvent::confirmed, "确认级别", alive, {}, "已办结或已排除的先 reopen"},
    {WarningEvent::upgraded, "升级", alive, {}, "已办结或已排除的先 reopen"},
    {WarningEvent::downgraded, "降级", alive, {}, "已办结或已排除的先 reopen"},
};

struct Verdict {
  const char* code;
  const char* chinese;
};
constexpr Verdict verdicts[] = {
    {"handled", "已办理"}, {"false_alarm", "误报"}, {"duplicate", "重复"}, {"out_of_scope", "不属本单位"}};

const char* chinese_verdict(const std::string& code) {
  for (const Verdict& verdict : verdicts)
    if (code == verdict.code) return verdict.chinese;
  return nullptr;
}

bool is_web_address(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  if (url.size() > url_bytes_max || url.find("://") + 3 == url.size()) return false;
  return std::all_of(url.begin(), url.end(),
                     [](unsigned char c) { return c > ' ' && c != 127 && c != '<' && c != '"'; });
}

bool too_long(std::string_view text, std::size_t chars_max) { return count_chars(text) > chars_max; }

Error lacks(std::string detail, std::string mend) {
  return {Errc::bad_argument, std::move(detail), std::move(mend)};
}

// What the action lacks for its event, whatever the state.
std::optional<Error> missing(const Action& action, const Step& step) {
  const bool has_note = !trim(action.note).empty();
  if (trim(action.actor).empty()) return lacks("没有写明操作人", "用 --actor 写上姓名");
  if (!is_utf8(action.actor + action.note + action.unit + action.url)) return lacks("文字不是 UTF-8", "改用 UTF-8 编码");
  if (too_long(action.actor, name_chars_max) || too_long(action.unit, name_chars_max))
    return lacks(fmt::format("姓名或单位超过 {} 字", name_chars_max), "写短一些");
  if (too_long(action.note, note_chars_max)) return lacks(fmt::format("说明超过 {} 字", note_chars_max), "写短一些");
  switch (action.event) {
    case WarningEvent::assigned:
      if (trim(action.unit).empty()) return lacks("没有写明交办给谁", "用 --unit 写上科室或学校");
      break;
    case WarningEvent::responded:
      if (!is_web_address(action.url))
        return lacks(fmt::format("回应需要公开答复的网址，“{}”不是", action.url), "用 --url 写上 http 或 https 网址");
      break;
    case WarningEvent::closed:
      if (!chinese_verdict(action.verdict))
        return lacks(fmt::format("办结结论“{}”无效", action.verdict),
                     "用 --verdict 写 handled、false_alarm、duplicate 或 out_of_scope");
      [[fallthrough]];
    case WarningEvent::dismissed:
    case WarningEvent::commented:
      if (!has_note) return lacks(fmt::format("{}需要写明理由或内容", step.verb), "用 --note 写上");
      break;
    case WarningEvent::upgraded:
    case WarningEvent::downgraded:
      if (!has_note) return lacks(fmt::format("{}需要写明理由", step.verb), "用 --note 写上");
      if (!action.level) return lacks(fmt::format("没有写明{}到哪一级", step.verb), "用 --level 写上，例如 Ⅲ");
      break;
    default: break;
  }
  return std::nullopt;
}

Error refused(const Warning& warning, std::string why, std::string mend) {
  return {Errc::conflict, fmt::format("预警 {} {}，{}", warning.id, chinese_name(warning.state), why), std::move(mend)};
}

// What of this warning stands against the event besides its state.
std::optional<Error> hindrance(const Warning& warning, const Action& action, const Step& step) {
  if (!(step.from & bit(warning.state))) return refused(warning, fmt::format("不能{}", step.verb), step.mend);
  switch (action.event) {
    case WarningEvent::closed:
      if (action.verdict == "handled" && warning.state != WarningState::responded)
        return refused(warning, "还没有公开回应，不能以“已办理”办结", "先 respond 写上答复网址，或改用其他结论");
      break;
    case WarningEvent::confirmed:
      if (!warning.needs_confirmation)
        return refused(warning, fmt::format("现为{}级，不需要确认", warning.level.code), "只有拟定的最高级需要确认");
      break;
    case WarningEvent::responded:
      if (!action.clock.empty() && std::none_of(warning.clocks.begin(), warning.clocks.end(),
                                                [&](const Clock& clock) { return clock.id == action.clock; }))
        return refused(warning, fmt::format("没有时限“{}”", action.clock), "用 warnings show 看它有哪些时限");
      break;
    case WarningEvent::upgraded:
      if (action.level->rank >= warning.level.rank)
        return refused(warning, fmt::format("已是{}级，{}级不更高", warning.level.code, action.level->code), "选更高的级别");
      break;
    case WarningEvent::downgraded:
      if (action.level->rank <= warning.level.rank)
        return refused(warning, fmt::format("已是{}级，{}级不更低", warning.level.code, action.level->code), "选更低的级别");
      break;
    default: break;
  }
  return std::nullopt;
}

// Those that nobody answered keep their deadlines; an answered duty begins anew with its own length.
void restart_clocks(std::vector<Clock>& clocks, Time now) {
  for (Clock& clock : clocks) {
    if (!clock.met_at) continue;
    clock = Clock{clock.id, clock.name, clock.clause, now, now + (clock.due - clock.started), {}, 0};
  }
}

std::string history_note(const Action& action) {
  const std::string note(trim(action.note));
  switch (action.event) {
    case WarningEvent::assigned: return fmt::format("交办 {}{}{}", trim(action.unit), note.empty() ? "" : "：", note);
    case WarningEvent::responded: return note.empty() ? action.url : fmt::format("{} {}", action.url, note);
    case WarningEvent::closed: return fmt::format("{}：{}", chinese_verdict(action.verdict), note);
    default: return note;
  }
}

void carry_out(Warning& warning, const Action& action, const Step& step, Time now) {
  if (step.to && warning.state != *step.to) {
    warning.state = *step.to;
    warning.state_since = now;
    warning.escalated = Seconds{0};
  }
  switch (action.event) {
    case WarningEvent::assigned: warning.assignee = std::string(trim(action.unit)); break;
    case WarningEvent::responded:
      warning.answer_url = action.url;
      for (Clock& clock : warning.clocks)
        if (!clock.met_at && (action.clock.empty() || clock.id == action.clock)) clock.met_at = now;
      break;
    case WarningEvent::closed: warning.verdict = action.verdict; break;
    case WarningEvent::reopened:
      warning.verdict.clear();
      warning.assignee.clear();
      warning.below_since.reset();
      warning.level_held = false;
      restart_clocks(warning.clocks, now);
      break;
    case WarningEvent::confirmed: warning.needs_confirmation = false; break;
    case WarningEvent::upgraded:
    case WarningEvent::downgraded:
      warning.level = *action.level;
      if (!warning.level_peak || action.level->rank < warning.level_peak->rank) warning.level_peak = action.level;
      warning.level_held = true;  // a person chose
      warning.needs_confirmation = false;
      warning.below_since.reset();
      warning.escalated = Seconds{0};
      break;
    default: break;
  }
}

}  // namespace

Result<Raised> apply(Warning warning, const Action& action, Time now, const Measure* measure) {
  const auto* step =
      std::find_if(std::begin(steps), std::end(steps), [&](const Step& s) { return s.event == action.event; });
  if (step == std::end(steps))
    return lacks(fmt::format("“{}”由系统产生，不能由人执行", name(action.event)), "用 ack、assign、respond、close 等操作");
  if (auto error = missing(action, *step)) return *error;
  if (auto error = hindrance(warning, action, *step)) return *error;

  WarningChange change;
  change.warning = warning.id;
  change.at = now;
  change.event = action.event;
  change.level_before = warning.level;
  carry_out(warning, action, *step, now);
  if (measure && warning.level.rank < change.level_before->rank) start_clocks(warning, *measure, now);
  warning.changed_at = now;
  change.seq = ++warning.changes;
  change.level = warning.level;
  if (change.level_before == warning.level) change.level_before.reset();
  change.state = warning.state;
  change.actor = std::string(trim(action.actor));
  change.note = history_note(action);
  return Raised{std::move(warning), std::move(change), {}};
}

}  // namespace tingchao::alerting
