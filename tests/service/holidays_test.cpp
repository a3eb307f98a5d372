// The measure and the calendar of rosters name the same public holidays and the same weekends that are worked.
#include <catch2/catch.hpp>

#include "alerting/warn/measure.h"
#include "alerting/warn/stream.h"
#include "service/holidays.h"
#include "service/knowledge.h"

using namespace tingchao;
using namespace tingchao::service;

TEST_CASE("the measure's holidays are those of the calendar", "[explain][holidays]") {
  const auto measure = *load_measure("");
  const alerting::DutyCalendar calendar = duty_calendar();
  REQUIRE(calendar.holidays.size() > 20);
  REQUIRE(calendar.workdays.size() > 4);
  const int year = *calendar.holidays.begin() / 10000;
  int compared = 0;
  for (Time noon = *parse_time(std::to_string(year) + "-01-01T12:00:00+08:00");
       alerting::day_number(noon) / 10000 <= *calendar.holidays.rbegin() / 10000; noon += std::chrono::days{1}) {
    const int day = alerting::day_number(alerting::hour_number(noon));
    CAPTURE(china_minute(noon));
    CHECK((measure->day_kinds.holiday_at(day) != nullptr) == calendar.holidays.contains(alerting::day_number(noon)));
    CHECK(measure->day_kinds.is_made_up(day) == calendar.workdays.contains(alerting::day_number(noon)));
    CHECK((measure->day_kinds.at(day) == alerting::DayKind::work) == calendar.is_workday(noon));
    ++compared;
  }
  CHECK(compared >= 365);
}
