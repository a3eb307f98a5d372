#pragma once
// Who is on duty when, who must not be woken for what can wait, who is told next when nobody takes notice, and whose
// warnings are held back for a while. All of it data of the configuration; pure, `now` is a parameter.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/warn.h"
#include "core/silence.h"
#include "core/time.h"

namespace tingchao::alerting {

// Public holidays and the working days that make up for them (调休), as 20261001. Days that neither names are
// plain: working from Monday to Friday.
struct DutyCalendar {
  std::set<int> holidays, workdays;
  bool is_workday(Time at) const;
};
int day_number(Time at);  // 20261001, in China

// Hours of some days: "workday 08:00-18:00", "sat,sun 00:00-24:00", "22:00-07:00". A span that ends before it begins
// runs over midnight and belongs to the day on which it begins.
struct Hours {
  enum class Days { all, workdays, restdays, weekdays } days = Days::all;
  std::set<int> weekdays;     // with Days::weekdays: 0 Sunday … 6 Saturday
  int begin = 0, end = 1440;  // minutes of the day
};
// Empty when it is none. Words: workday/工作日, restday/休息日, mon…sun or 周一…周日 with commas or a dash.
std::optional<Hours> parse_hours(std::string_view text);

struct Turn {
  int from = 0, to = 99999999;  // days, both included, of the shift's beginning
  Hours hours;
  std::vector<std::string> who;  // Recipient::name
};
struct Roster {
  std::string id;
  std::vector<Turn> turns;  // the first that fits holds
};

struct ChainStep {
  Seconds after{};
  int level_rank_max = 4;         // of levels 1…this
  std::vector<std::string> to;    // names of recipients or ids of rosters
};

struct Duty {
  int urgent_rank = 2;  // levels 1…this are never held back: not by quiet hours, silences or graver warnings
  bool inhibit = true;  // a grave warning of a story mutes slighter ones of its topic's burst
  DutyCalendar calendar;
  std::vector<Roster> rosters;
  std::vector<ChainStep> chain;  // by `after`
};

// Names on duty by that roster; empty when no turn fits (or there is no such roster).
std::vector<std::string> on_duty(const Duty& duty, const std::string& roster, Time at);
// The end of the quiet hours that `at` lies in; empty when it lies in none.
std::optional<Time> quiet_until(const std::vector<Hours>& quiet, const DutyCalendar& calendar, Time at);
// The next hour, after `from` and before `to`, at which nobody is on duty by the roster.
std::optional<Time> gap_of(const Duty& duty, const std::string& roster, Time from, Time to);

// The steps of the chain that have come for a warning that is open, each a change with its row, in order. A late one
// says so.
std::vector<Raised> escalate(Warning warning, const Duty& duty, Time now);

// What a silence lacks: something it is about, an author, a reason, an end within silence_max. Chinese.
std::optional<Error> mistake_in(const Silence& silence, Time now);
bool covers(const Silence& silence, const Warning& warning);

// Why this change is told to nobody at `now`; empty: it is told. Never of a move up to an urgent level, of one that
// opens again at such, or of its missed deadline.
std::string held_back(const Raised& raised, const Duty& duty, const std::vector<Silence>* silences,
                      const std::map<std::string, Warning>* open, Time now);

}  // namespace tingchao::alerting
