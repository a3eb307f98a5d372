// Civil time by <chrono>'s calendar types; China's zone is a constant, so no table is consulted.
#include "core/time.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace tingchao {
namespace {

using namespace std::chrono;

struct Civil {
  year_month_day date;
  hh_mm_ss<seconds> clock;
};

Civil china(Time at) {
  const Time local = at + china_offset;
  const auto day = floor<days>(local);
  return {year_month_day{day}, hh_mm_ss<seconds>{local - day}};
}

std::string format(const char* pattern, const Civil& c) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, static_cast<int>(c.date.year()),
                static_cast<unsigned>(c.date.month()), static_cast<unsigned>(c.date.day()),
                static_cast<int>(c.clock.hours().count()), static_cast<int>(c.clock.minutes().count()),
                static_cast<int>(c.clock.seconds().count()));
  return text;
}

// Reads exactly `count` digits at `at`.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  at += count;
  return value;
}

bool take(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

// "Z", "+08:00", "+0800" at the end; empty: China.
std::optional<seconds> zone(std::string_view text, std::size_t& at) {
  if (at == text.size()) return seconds{china_offset};
  if (take(text, at, 'Z') || take(text, at, 'z')) return seconds{0};
  const char sign = text[at];
  if (sign != '+' && sign != '-') return std::nullopt;
  ++at;
  const auto h = digits(text, at, 2);
  take(text, at, ':');
  const auto m = digits(text, at, 2);
  if (!h || !m || *h > 14 || *m > 59) return std::nullopt;
  const seconds offset = hours{*h} + minutes{*m};
  return sign == '-' ? -offset : offset;
}

}  // namespace

std::string to_rfc3339(Time at) { return format("%04d-%02u-%02uT%02d:%02d:%02d+08:00", china(at)); }
std::string china_date(Time at) { return format("%04d-%02u-%02u", china(at)); }
std::string china_minute(Time at) { return format("%04d-%02u-%02u %02d:%02d", china(at)); }

std::string china_clock(Time at) {
  const Civil c = china(at);
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(c.clock.hours().count()),
                static_cast<int>(c.clock.minutes().count()));
  return text;
}

Time china_midnight(Time at) { return Time{floor<days>(at + china_offset)} - china_offset; }
int china_hour(Time at) { return static_cast<int>(china(at).clock.hours().count()); }
int china_weekday(Time at) { return static_cast<int>(weekday{floor<days>(at + china_offset)}.c_encoding()); }

std::optional<Time> parse_time(std::string_view text) {
  std::size_t at = 0;
  const auto y = digits(text, at, 4);
  if (!y || !take(text, at, '-')) return std::nullopt;
  const auto m = digits(text, at, 2);
  if (!m || !take(text, at, '-')) return std::nullopt;
  const auto d = digits(text, at, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  const Time midnight = sys_days{date};
  if (at == text.size()) return midnight - china_offset;
  if (!take(text, at, 'T') && !take(text, at, 't') && !take(text, at, ' ')) return std::nullopt;
  const auto h = digits(text, at, 2);
  if (!h || !take(text, at, ':')) return std::nullopt;
  const auto min = digits(text, at, 2);
  if (!min) return std::nullopt;
  int sec = 0;
  if (take(text, at, ':')) {
    const auto s = digits(text, at, 2);
    if (!s) return std::nullopt;
    sec = *s;
    if (take(text, at, '.')) {
      const std::size_t fraction = at;
      while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
      if (at == fraction) return std::nullopt;
    }
  }
  if (*h > 24 || *min > 59 || sec > 60 || (*h == 24 && (*min > 0 || sec > 0))) return std::nullopt;
  const auto offset = zone(text, at);
  if (!offset || at != text.size()) return std::nullopt;
  return midnight + hours{*h} + minutes{*min} + seconds{sec} - *offset;
}

std::optional<Seconds> parse_duration(std::string_view text) {
  Seconds total{0};
  std::size_t at = 0;
  if (text.empty()) return std::nullopt;
  while (at < text.size()) {
    long value = 0;
    const std::size_t begin = at;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) && at - begin < 9)
      value = value * 10 + (text[at++] - '0');
    if (at == begin || at == text.size()) return std::nullopt;
    switch (text[at++]) {
      case 's':
        total += seconds{value};
        break;
      case 'm':
        total += minutes{value};
        break;
      case 'h':
        total += hours{value};
        break;
      case 'd':
        total += days{value};
        break;
      case 'w':
        total += weeks{value};
        break;
      default:
        return std::nullopt;
    }
  }
  return total;
}

std::string to_text(Seconds span) {
  if (span < Seconds{0}) return "-" + to_text(-span);
  std::string text;
  const std::pair<long, char> units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  long left = span.count();
  for (const auto& [size, unit] : units) {
    if (left / size > 0) text += std::to_string(left / size) + unit;
    left %= size;
  }
  return text.empty() ? "0s" : text;
}

std::string to_chinese(Seconds span) {
  if (span < Seconds{0}) span = -span;
  const std::pair<long, const char*> units[] = {{86400, " 天"}, {3600, " 小时"}, {60, " 分钟"}, {1, " 秒"}};
  long left = span.count();
  std::string text;
  int places = 0;
  for (const auto& [size, unit] : units) {
    const long count = left / size;
    left %= size;
    if (count == 0 && places == 0) continue;
    if (count > 0) text += (text.empty() ? "" : " ") + std::to_string(count) + unit;
    if (++places == 2) break;
  }
  return text.empty() ? "0 秒" : text;
}

}  // namespace tingchao
