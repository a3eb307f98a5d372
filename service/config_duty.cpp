// Names are checked against each other at the end, so that sections may stand in any order.
#include "service/config_duty.h"

#include <algorithm>

#include "service/holidays.h"

namespace tingchao::service {
namespace {

constexpr const char* hours_mend =
    "write 08:00-18:00, workday 08:00-18:00, restday, or sat,sun 09:00-17:00 (docs/warnings.md)";

void read_day(YamlMap& map, const char* key, int& day) {
  const auto text = map.scalar(key);
  if (!text) return;
  if (const auto at = parse_time(*text)) day = alerting::day_number(*at);
  else map.mistake(key, "'" + *text + "' is no date", "write it like \"2026-10-01\"");
}

void read_days(YamlMap& map, const char* key, std::set<int>& days) {
  std::vector<std::string> texts;
  map.read(key, texts);
  for (const std::string& text : texts) {
    if (const auto at = parse_time(text)) days.insert(alerting::day_number(*at));
    else map.mistake(key, "'" + text + "' is no date", "write it like \"2026-10-01\"");
  }
}

alerting::Roster read_roster(YamlMap& map) {
  alerting::Roster roster;
  map.require("id", "recipients and the chain name it");
  map.read("id", roster.id);
  map.require("turns", "who is on duty when; the first that fits holds");
  for (YamlMap& each : map.maps("turns")) {
    alerting::Turn turn;
    read_day(each, "from", turn.from);
    read_day(each, "to", turn.to);
    if (turn.to < turn.from) each.mistake("to", "ends before it begins", "swap from and to");
    std::string hours;
    each.read("hours", hours);
    if (!hours.empty()) {
      if (const auto parsed = alerting::parse_hours(hours)) turn.hours = *parsed;
      else each.mistake("hours", "'" + hours + "' are no hours", hours_mend);
    }
    each.require("who", "names of recipients");
    each.read("who", turn.who);
    each.finish();
    roster.turns.push_back(std::move(turn));
  }
  map.finish();
  return roster;
}

std::vector<std::string> names_of(const Config& config) {
  std::vector<std::string> names;
  for (const auto& recipient : config.book.recipients) names.push_back(recipient.name);
  return names;
}

std::vector<std::string> rosters_of(const Config& config) {
  std::vector<std::string> ids;
  for (const auto& roster : config.book.duty.rosters) ids.push_back(roster.id);
  return ids;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string mend_for(const std::string& name, const std::vector<std::string>& known, const char* where) {
  const std::string near = nearest(name, known);
  return near.empty() ? where : "did you mean " + near + "?";
}

}  // namespace

void read_hours_of(YamlMap& map, alerting::Recipient& recipient) {
  map.read("on_duty", recipient.on_duty);
  std::vector<std::string> quiet;
  map.read("quiet", quiet);
  for (const std::string& text : quiet) {
    if (const auto hours = alerting::parse_hours(text)) recipient.quiet.push_back(*hours);
    else map.mistake("quiet", "'" + text + "' are no hours", hours_mend);
  }
}

void read_duty(YamlMap& root, Config& config) {
  using std::chrono::minutes;
  alerting::Duty& duty = config.book.duty;
  duty.calendar = duty_calendar();
  auto map = root.map("duty");
  if (!map) return;
  map->read("urgent", duty.urgent_rank, 1, 9);
  map->read("inhibit", duty.inhibit);
  read_days(*map, "holidays", duty.calendar.holidays);
  read_days(*map, "workdays", duty.calendar.workdays);
  for (YamlMap& each : map->maps("rosters")) duty.rosters.push_back(read_roster(each));
  for (YamlMap& each : map->maps("chain")) {
    alerting::ChainStep step;
    each.require("after", "how long nobody took notice");
    each.read("after", step.after, minutes{1}, std::chrono::hours{24 * 7});
    each.read("levels", step.level_rank_max, 1, 9);
    each.require("to", "names of recipients or ids of rosters");
    each.read("to", step.to);
    if (!duty.chain.empty() && step.after <= duty.chain.back().after)
      each.mistake("after", "not later than the step before", "put the steps in the order of their spans");
    each.finish();
    duty.chain.push_back(std::move(step));
  }
  map->finish();
}

void check_duty(YamlMap& root, const Config& config) {
  const auto names = names_of(config), rosters = rosters_of(config);
  const auto know = [&](const std::string& name, const std::vector<std::string>& known, const char* where) {
    if (!contains(known, name)) root.mistake("duty", "no '" + name + "' there", mend_for(name, known, where));
  };
  for (const auto& recipient : config.book.recipients)
    if (!recipient.on_duty.empty()) know(recipient.on_duty, rosters, "define it under duty: rosters:");
  for (const auto& roster : config.book.duty.rosters)
    for (const auto& turn : roster.turns)
      for (const std::string& who : turn.who) know(who, names, "who: takes the name of a recipient");
  std::vector<std::string> both = names;
  both.insert(both.end(), rosters.begin(), rosters.end());
  for (const auto& step : config.book.duty.chain)
    for (const std::string& to : step.to) know(to, both, "to: takes names of recipients and ids of rosters");
}

}  // namespace tingchao::service
