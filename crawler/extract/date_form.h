#pragma once
// The forms in which a date may stand in a text, tried at one place of it.

#include <optional>
#include <string>

#include "crawler/extract/date_text.h"

namespace tingchao::crawler {

struct DateFields {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  bool has_clock = false;
  std::optional<int> zone_minutes;  // east of Greenwich
};

// The moment that the fields name; nothing when there is no such day or it is after now.
std::optional<Time> moment(const DateFields& fields, Time now);

struct DateHit {
  DateReading reading;   // without begin and end
  std::size_t end = 0;   // in characters
};

// A date that begins at that character of a text of plain characters (see date_text.cpp).
std::optional<DateHit> date_at(const std::u32string& text, std::size_t place, Time now);

}  // namespace tingchao::crawler
