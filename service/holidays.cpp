// Days of kind holiday that are fixed for everybody; school holidays differ from town to town and change what
// people talk of, not whether a newsroom works.
#include "service/holidays.h"

#include <memory>
#include <set>

#include "service/resources.h"
#include "service/yaml.h"

namespace tingchao::service {
namespace {

constexpr double office_share = 0.05, press_share = 0.5;

// Of that kind, fixed for everybody.
std::set<std::string> read_days(std::string_view wanted) {
  std::set<std::string> days;
  for (const std::string& name : resource_names("rules/calendar/", ".yaml")) {
    Mistakes mistakes(name);
    auto root = YamlMap::parse(*resource(name), mistakes);
    if (!root) continue;
    for (YamlMap& map : root->maps("days")) {
      std::string kind, date, from, to;
      bool known = false;
      map.read("kind", kind);
      map.read("known", known);
      map.read("date", date);
      map.read("from", from);
      map.read("to", to);
      if (kind != wanted || !known) continue;
      const auto first = parse_time(date.empty() ? from : date), last = parse_time(date.empty() ? to : date);
      if (!first || !last) continue;
      for (Time day = *first; day <= *last; day += std::chrono::hours{24}) days.insert(china_date(day));
    }
  }
  return days;
}

}  // namespace

crawler::Holidays holidays_for(const Source& source) {
  const auto days = std::make_shared<const std::set<std::string>>(read_days("holiday"));
  // An hour is asked for many times in a row, mostly of the same day.
  struct Last {
    Time day{};
    bool is_one = false;
  };
  const auto last = std::make_shared<Last>();
  return [days, last, share = source.official ? office_share : press_share](Time at) {
    const Time day = china_midnight(at);
    if (day != last->day) *last = {day, days->contains(china_date(day))};
    return crawler::Holiday{last->is_one, last->is_one ? share : 1.0};
  };
}

alerting::DutyCalendar duty_calendar() {
  const auto numbers = [](std::string_view kind) {
    std::set<int> days;
    for (const std::string& day : read_days(kind))
      if (const auto at = parse_time(day)) days.insert(alerting::day_number(*at));
    return days;
  };
  return {numbers("holiday"), numbers("workday")};
}

}  // namespace tingchao::service
