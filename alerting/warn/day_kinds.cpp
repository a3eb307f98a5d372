// 1970-01-01 was a Thursday, so day 2 was a Saturday.
#include "alerting/warn/day_kinds.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

namespace tingchao::alerting {
namespace {

constexpr std::size_t holidays_max = 400;  // some seven a year
constexpr std::size_t made_up_max = 14;    // for one holiday
constexpr int holiday_days_max = 31;

bool is_weekend(int day) {
  const int weekday = (day % 7 + 7) % 7;  // 0 Thursday
  return weekday == 2 || weekday == 3;
}

// "2026-10-01" → days since 1970.
int read_date(YamlMap& map, const char* key, const std::string& text) {
  int year = 0, used = 0;
  unsigned month = 0, date = 0;
  const int fields =
      std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &date, &used);  // NOLINT: bounded widths
  const std::chrono::year_month_day day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{date}};
  if (fields != 3 || static_cast<std::size_t>(used) != text.size() || !day.ok()) {
    map.wrong(key, fmt::format("\"{}\" is no date", text), "write year, month and day: \"2026-10-01\"");
    return 0;
  }
  return static_cast<int>(std::chrono::sys_days{day}.time_since_epoch().count());
}

}  // namespace

void DayKinds::add(Holiday holiday) {
  for (const int day : holiday.made_up_on)
    made_up_.insert(std::upper_bound(made_up_.begin(), made_up_.end(), day), day);
  const auto place = std::upper_bound(holidays_.begin(), holidays_.end(), holiday.from,
                                      [](int from, const Holiday& each) { return from < each.from; });
  holidays_.insert(place, std::move(holiday));
}

const Holiday* DayKinds::holiday_at(int day) const {
  const auto after = std::upper_bound(holidays_.begin(), holidays_.end(), day,
                                      [](int of, const Holiday& each) { return of < each.from; });
  if (after == holidays_.begin()) return nullptr;
  const Holiday& holiday = *std::prev(after);
  return day <= holiday.to ? &holiday : nullptr;
}

bool DayKinds::is_made_up(int day) const { return std::binary_search(made_up_.begin(), made_up_.end(), day); }

DayKind DayKinds::at(int day) const {
  if (is_made_up(day)) return DayKind::work;
  if (holiday_at(day)) return DayKind::holiday;
  return is_weekend(day) ? DayKind::weekend : DayKind::work;
}

DayKinds read_holidays(YamlMap& top, Mistake& mistake) {
  DayKinds kinds;
  int last = 0;
  std::size_t number = 0;
  for (const YAML::Node& node : top.list_or_none("holidays", holidays_max)) {
    YamlMap map(node, fmt::format("holidays[{}]", ++number), mistake);
    Holiday holiday;
    holiday.name = map.text("name");
    holiday.from = read_date(map, "from", map.text("from"));
    holiday.to = map.has("to") ? read_date(map, "to", map.text("to")) : holiday.from;
    if (holiday.to < holiday.from || holiday.to - holiday.from >= holiday_days_max)
      map.wrong("to", "does not follow \"from\" within a month", "write the first and the last day off");
    else if (holiday.from <= last)
      map.wrong("from", "is not after the holiday before it", "write them in order, none within another");
    for (const std::string& text : map.texts_or_none("workdays", made_up_max)) {
      const int day = read_date(map, "workdays", text);
      if (!is_weekend(day))
        map.wrong("workdays", fmt::format("{} is no Saturday or Sunday", text), "name weekend days that are worked");
      holiday.made_up_on.push_back(day);
    }
    map.done();
    last = holiday.to;
    kinds.add(std::move(holiday));
  }
  return kinds;
}

}  // namespace tingchao::alerting
