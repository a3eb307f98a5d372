// Rosters are read from the first line on, like an access list: exceptions stand before the rule. Times of day are
// those of China, which has no summer time, so a day has 1440 minutes.
#include "alerting/duty.h"

#include <algorithm>

#include <fmt/format.h>

#include "alerting/warn/told.h"
#include "alerting/wording.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr Seconds late_after{minutes{10}};
constexpr int quiet_spans_max = 64;  // windows that follow one another; more is an endless quiet

int minute_of_day(Time at) { return static_cast<int>((at - china_midnight(at)).count() / 60); }

bool is_day(const Hours& hours, const DutyCalendar& calendar, Time day) {
  switch (hours.days) {
    case Hours::Days::all: return true;
    case Hours::Days::workdays: return calendar.is_workday(day);
    case Hours::Days::restdays: return !calendar.is_workday(day);
    case Hours::Days::weekdays: return hours.weekdays.contains(china_weekday(day));
  }
  return false;
}

// The day on which the span that holds at `at` begins; empty when none does.
std::optional<Time> begun(const Hours& hours, const DutyCalendar& calendar, Time at) {
  const Time today = china_midnight(at), yesterday = china_midnight(at - days{1});
  const int minute = minute_of_day(at);
  const bool over_midnight = hours.end <= hours.begin;
  if (minute >= hours.begin && (over_midnight || minute < hours.end) && is_day(hours, calendar, today)) return today;
  if (over_midnight && minute < hours.end && is_day(hours, calendar, yesterday)) return yesterday;
  return std::nullopt;
}

bool fits(const Turn& turn, const DutyCalendar& calendar, Time at) {
  const auto day = begun(turn.hours, calendar, at);
  return day && day_number(*day) >= turn.from && day_number(*day) <= turn.to;
}

std::optional<int> minute_from(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return {};
  for (const std::size_t i : {0, 1, 3, 4})
    if (text[i] < '0' || text[i] > '9') return {};
  const int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > 1440) return {};
  return hour * 60 + minute;
}

std::optional<int> weekday_from(std::string_view word) {
  static constexpr const char* names[][3] = {{"sun", "周日", "星期日"}, {"mon", "周一", "星期一"}, {"tue", "周二", "星期二"},
                                             {"wed", "周三", "星期三"}, {"thu", "周四", "星期四"}, {"fri", "周五", "星期五"},
                                             {"sat", "周六", "星期六"}};
  for (int day = 0; day < 7; ++day)
    for (const char* name : names[day])
      if (word == name) return day;
  return {};
}

bool read_weekdays(std::string_view text, std::set<int>& weekdays) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t dash = item.find('-');
    const auto first = weekday_from(item.substr(0, dash));
    const auto last = dash == item.npos ? first : weekday_from(item.substr(dash + 1));
    if (!first || !last) return false;
    for (int day = *first;; day = (day + 1) % 7) {
      weekdays.insert(day);
      if (day == *last) break;
    }
  }
  return !weekdays.empty();
}

bool is_within(std::string_view topic, std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return topic.starts_with(prefix) && (topic.size() == prefix.size() || topic[prefix.size()] == '/');
}

bool any_within(const std::vector<std::string>& topics, std::string_view prefix) {
  return std::any_of(topics.begin(), topics.end(), [&](const std::string& topic) { return is_within(topic, prefix); });
}

// Must be told whatever a person or a graver warning says.
bool must_be_told(const Raised& raised, const Duty& duty) {
  if (raised.warning.level.rank > duty.urgent_rank) return false;
  switch (raised.change.event) {
    case WarningEvent::raised:
    case WarningEvent::upgraded:
    case WarningEvent::reopened:
    case WarningEvent::returned:
    case WarningEvent::escalated: return true;
    case WarningEvent::clock:
      return std::any_of(raised.warning.clocks.begin(), raised.warning.clocks.end(),
                         [&](const Clock& clock) { return !clock.met_at && clock.due <= raised.change.at; });
    default: return false;
  }
}

}  // namespace

int day_number(Time at) {
  const std::chrono::year_month_day day{std::chrono::floor<days>(at + china_offset)};
  return static_cast<int>(day.year()) * 10000 + static_cast<int>(unsigned(day.month()) * 100 + unsigned(day.day()));
}

bool DutyCalendar::is_workday(Time at) const {
  const int day = day_number(at), weekday = china_weekday(at);
  if (workdays.contains(day)) return true;
  return !holidays.contains(day) && weekday >= 1 && weekday <= 5;
}

std::optional<Hours> parse_hours(std::string_view text) {
  text = trim(text);
  Hours hours;
  const std::size_t space = text.find(' ');
  if (space != text.npos || text.find(':') == text.npos) {
    const std::string word = ascii_lower(text.substr(0, space));
    if (word == "workday" || word == "工作日") hours.days = Hours::Days::workdays;
    else if (word == "restday" || word == "休息日") hours.days = Hours::Days::restdays;
    else if (word == "daily" || word == "每日") hours.days = Hours::Days::all;
    else if (read_weekdays(word, hours.weekdays)) hours.days = Hours::Days::weekdays;
    else return {};
    if (space == text.npos) return hours;
    text = trim(text.substr(space));
  }
  if (text.size() != 11 || text[5] != '-') return {};
  const auto begin = minute_from(text.substr(0, 5)), end = minute_from(text.substr(6));
  if (!begin || !end || *begin == 1440 || *begin == *end) return {};
  hours.begin = *begin;
  hours.end = *end;
  return hours;
}

std::vector<std::string> on_duty(const Duty& duty, const std::string& id, Time at) {
  for (const Roster& roster : duty.rosters) {
    if (roster.id != id) continue;
    for (const Turn& turn : roster.turns)
      if (fits(turn, duty.calendar, at)) return turn.who;
  }
  return {};
}

std::optional<Time> quiet_until(const std::vector<Hours>& quiet, const DutyCalendar& calendar, Time at) {
  Time until = at;
  for (int i = 0; i < quiet_spans_max; ++i) {
    bool moved = false;
    for (const Hours& hours : quiet) {
      const auto day = begun(hours, calendar, until);
      if (!day) continue;
      until = *day + minutes{hours.end} + (hours.end <= hours.begin ? days{1} : days{0});
      moved = true;
    }
    if (!moved) return until == at ? std::nullopt : std::optional<Time>(until);
  }
  return std::nullopt;  // never ends: then it is no quiet but a mistake, and the message goes
}

std::optional<Time> gap_of(const Duty& duty, const std::string& roster, Time from, Time to) {
  for (Time at = std::chrono::ceil<std::chrono::hours>(from); at < to; at += std::chrono::hours{1})
    if (on_duty(duty, roster, at).empty()) return at;
  return std::nullopt;
}

std::vector<Raised> escalate(Warning warning, const Duty& duty, Time now) {
  std::vector<Raised> out;
  if (warning.state != WarningState::open) return out;
  for (const ChainStep& step : duty.chain) {
    const Time due = warning.state_since + step.after;
    if (step.after <= warning.escalated || warning.level.rank > step.level_rank_max || due > now) continue;
    warning.escalated = step.after;
    std::string note = fmt::format("{}仍无人知悉，通知", to_chinese(step.after));
    for (std::size_t i = 0; i < step.to.size(); ++i) note += (i > 0 ? "、" : "") + step.to[i];
    if (now - due >= late_after) note += fmt::format("（迟报，应于 {} 通知）", china_minute(due));
    Raised raised = tell(warning, {WarningEvent::escalated, {}, std::move(note), false}, now);
    raised.change.actor = "duty";
    out.push_back(std::move(raised));
  }
  return out;
}

std::optional<Error> mistake_in(const Silence& silence, Time now) {
  const auto lacks = [](std::string detail, std::string mend) {
    return Error{Errc::bad_argument, std::move(detail), std::move(mend)};
  };
  if (silence.warning.empty() && silence.topic.empty() && silence.school.empty() && silence.stream.empty())
    return lacks("没有写明对什么静默", "写上预警编号，或用 --topic、--school、--stream");
  if (trim(silence.author).empty()) return lacks("没有写明操作人", "用 --by 写上姓名");
  if (trim(silence.reason).empty()) return lacks("静默需要写明理由", "用 --note 写上");
  if (silence.ends <= now || silence.ends <= silence.begins) return lacks("静默的结束时间已过", "用 --for 或 --until 写一个将来的时间");
  if (silence.ends - silence.begins > silence_max)
    return lacks(fmt::format("静默最长 {} 天", silence_max.count()), "缩短；到期仍需要时再续");
  return std::nullopt;
}

bool covers(const Silence& silence, const Warning& warning) {
  if (!silence.warning.empty() && silence.warning != warning.id) return false;
  if (!silence.topic.empty() && !any_within(warning.topics, silence.topic)) return false;
  if (!silence.stream.empty() && silence.stream != warning.stream) return false;
  return silence.school.empty() ||
         std::find(warning.schools.begin(), warning.schools.end(), silence.school) != warning.schools.end();
}

std::string held_back(const Raised& raised, const Duty& duty, const std::vector<Silence>* silences,
                      const std::map<std::string, Warning>* open, Time now) {
  if (must_be_told(raised, duty)) return {};
  const Warning& warning = raised.warning;
  if (silences)
    for (const Silence& silence : *silences)
      if (is_on(silence, now) && covers(silence, warning))
        return fmt::format("静默 {} 至 {}（{}：{}）", silence.id, china_minute(silence.ends), one_line(silence.author, 40),
                           one_line(silence.reason, 80));
  if (!open || !duty.inhibit || warning.kind != "burst" || warning.level.rank <= duty.urgent_rank) return {};
  for (const auto& [id, grave] : *open) {
    if (grave.kind == "burst" || grave.level.rank > duty.urgent_rank) continue;
    // The stream of everything has no topic: any grave story is part of it.
    if (warning.topics.empty() || any_within(grave.topics, warning.topics.front()))
      return fmt::format("已由{}预警 {} 覆盖，不另行通知", level_words(grave.level), id);
  }
  return {};
}

}  // namespace tingchao::alerting
