#pragma once
// Points in time as Chinese pages write them: 2026年4月15日 22:40, 2026/4/15, 04-15 22:40, 昨天 21:03,
// 3小时前, 二〇二六年四月十五日, 下午3点; and as machines do: ISO 8601, RFC 1123, seconds since 1970.
// Without a zone the clock is China's.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace tingchao::crawler {

struct DateReading {
  Time at{};
  bool to_the_minute = false;  // false: only the day is known, `at` is its midnight in China
  bool relative = false;       // counted from `now`: 3小时前, 昨天
  bool year_guessed = false;   // 04-15: the year that puts it last before `now`
  std::size_t begin = 0, end = 0;  // bytes of the text
};

// The dates in a text, from left to right, at most `count_max`. `now` is when the text was fetched:
// what lies more than a day after it is no date, and relative ones count from it; at the epoch
// nothing is known of it, and neither rule applies. Reads at most the first 4,000 characters.
std::vector<DateReading> dates_in(std::string_view text, Time now, std::size_t count_max = 16);

// The date that a value is: all forms above, and besides 20260415, 20260415224011 and seconds or
// milliseconds since 1970, which in running text might be any number.
std::optional<DateReading> read_date(std::string_view value, Time now);

// /2026/04/15/, /20260415/, t20260415_, /2026-04/15/, /2026/0415/ in an address.
std::optional<DateReading> date_in_url(std::string_view url, Time now);

}  // namespace tingchao::crawler
