// The text becomes characters with full-width digits made plain; at each place where a date may begin
// the forms of date_form.cpp are tried from the most to the least explicit.

#include "crawler/extract/date_text.h"

#include <algorithm>
#include <string>

#include "core/utf8.h"
#include "crawler/extract/date_form.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t chars_max = 4000;

char32_t plain(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;  // full-width ASCII
  if (c == 0x00A0 || c == 0x3000 || c == U'\t' || c == U'\n' || (c >= 0x2000 && c <= 0x200A)) return U' ';
  if (c == 0x2013 || c == 0x2014 || c == 0x2212) return U'-';
  return c;
}

int digits_value(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// 20260415, 202604152240, 20260415224011 and moments since 1970.
std::optional<DateReading> bare_number(std::string_view value, Time now) {
  if (!std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  DateReading reading;
  reading.end = value.size();
  if (value.size() == 8 || value.size() == 12 || value.size() == 14) {
    DateFields f;
    f.year = digits_value(value.substr(0, 4));
    f.month = digits_value(value.substr(4, 2));
    f.day = digits_value(value.substr(6, 2));
    f.has_clock = value.size() > 8;
    if (f.has_clock) {
      f.hour = digits_value(value.substr(8, 2));
      f.minute = digits_value(value.substr(10, 2));
      if (value.size() == 14) f.second = digits_value(value.substr(12, 2));
    }
    const std::optional<Time> at = moment(f, now);
    if (!at) return std::nullopt;
    reading.at = *at;
    reading.to_the_minute = f.has_clock;
    return reading;
  }
  if (value.size() != 10 && value.size() != 13) return std::nullopt;
  long seconds = 0;
  for (const char c : value.substr(0, 10)) seconds = seconds * 10 + (c - '0');
  reading.at = Time(Seconds(seconds));
  reading.to_the_minute = true;
  if (now.time_since_epoch().count() != 0 && reading.at > now + std::chrono::days(1)) return std::nullopt;
  return reading;
}

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<DateReading> dates_in(std::string_view text, Time now, std::size_t count_max) {
  std::u32string chars;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < text.size() && chars.size() < chars_max;) {
    places.push_back(at);
    chars.push_back(plain(next_char(text, at)));
  }
  places.push_back(chars.size() < chars_max ? text.size() : places.back());
  std::vector<DateReading> found;
  for (std::size_t i = 0; i < chars.size() && found.size() < count_max;) {
    std::optional<DateHit> hit = date_at(chars, i, now);
    if (!hit) {
      ++i;
      continue;
    }
    hit->reading.begin = places[i];
    hit->reading.end = places[hit->end];
    found.push_back(hit->reading);
    i = hit->end;
  }
  return found;
}

std::optional<DateReading> read_date(std::string_view value, Time now) {
  const std::string_view trimmed = trim(value);
  if (trimmed.empty()) return std::nullopt;
  if (auto reading = bare_number(trimmed, now)) return reading;
  const std::vector<DateReading> found = dates_in(trimmed, now, 1);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<DateReading> date_in_url(std::string_view url, Time now) {
  const std::size_t host_end =
      url.find('/', std::min(url.find("//") == std::string_view::npos ? 0 : url.find("//") + 2, url.size()));
  if (host_end == std::string_view::npos) return std::nullopt;
  const std::string_view path = url.substr(host_end, url.find('?', host_end) - host_end);
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (!is_ascii_digit(path[i]) || is_ascii_digit(path[i - 1])) continue;
    const auto digits = [&](std::size_t at) {
      std::size_t end = at;
      while (end < path.size() && is_ascii_digit(path[end])) ++end;
      return path.substr(at, end - at);
    };
    const auto joint = [&](std::size_t at) {
      return at < path.size() && (path[at] == '/' || path[at] == '-' || path[at] == '_');
    };
    const std::string_view first = digits(i);
    std::string compact;
    std::size_t end = i + first.size();
    if (first.size() == 8 || first.size() == 14) {
      compact = first.substr(0, 8);
    } else if (first.size() == 4 && joint(end)) {
      const std::string_view second = digits(end + 1);
      const std::size_t behind = end + 1 + second.size();
      if (second.size() == 4) {
        compact = std::string(first) + std::string(second);
      } else if ((second.size() == 1 || second.size() == 2) && joint(behind)) {
        const std::string_view third = digits(behind + 1);
        if (third.size() == 1 || third.size() == 2) {
          compact = std::string(first) + (second.size() == 1 ? "0" : "") + std::string(second) +
                    (third.size() == 1 ? "0" : "") + std::string(third);
        }
      }
    }
    if (compact.empty()) continue;
    if (auto reading = bare_number(compact, now)) return reading;
  }
  return std::nullopt;
}

}  // namespace tingchao::crawler
