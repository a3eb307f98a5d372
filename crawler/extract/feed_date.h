#pragma once
// Points in time as feeds and HTTP headers write them: RFC 822 and its many misspellings, RFC 3339
// and W3CDTF, HTTP's three forms, numbers with Chinese units. Pure; never guesses from today.

#include <optional>
#include <string_view>

#include "core/time.h"

namespace tingchao::crawler {

struct FeedTime {
  Time at{};
  bool to_the_minute = false;  // false: only the day is known; then `at` is its midnight
};

// `zone` is taken where the text names none or an unknown one: feeds read here are Chinese, and
// their CST is China's. Weekdays are not looked at: they are wrong too often. A day that the
// calendar does not have, or a year outside 1970–2199, gives nothing.
std::optional<FeedTime> parse_feed_date(std::string_view text, Seconds zone = china_offset);

}  // namespace tingchao::crawler
