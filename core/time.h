#pragma once
// Points in time and spans of it, as the product stores and prints them: whole seconds UTC inside,
// RFC 3339 in +08:00 outside (China keeps one zone without summer time, so no zone table is needed).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tingchao {

using Time = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

inline constexpr std::chrono::hours china_offset{8};

// "2026-04-15T22:40:00+08:00".
std::string to_rfc3339(Time at);
// "2026-04-15" in China, "2026-04-15 22:40", "22:40".
std::string china_date(Time at);
std::string china_minute(Time at);
std::string china_clock(Time at);

// Midnight in China of the day that `at` falls on.
Time china_midnight(Time at);
int china_hour(Time at);     // 0…23
int china_weekday(Time at);  // 0 Sunday … 6 Saturday

// RFC 3339 and its usual looseness: a space for the T, no seconds, no zone (then +08:00), a date
// alone (then midnight in China). Nothing else: dates of web pages are crawler's matter.
std::optional<Time> parse_time(std::string_view text);

// "90s", "15m", "6h", "7d", "1h30m"; a bare number is refused, for nobody remembers the unit.
std::optional<Seconds> parse_duration(std::string_view text);
// "1h30m", the shortest exact form.
std::string to_text(Seconds span);
// "3 天 4 小时", "12 分钟": two places at most, for people.
std::string to_chinese(Seconds span);

}  // namespace tingchao
