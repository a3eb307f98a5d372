// One function per form; fields become a moment in one place, which
// refuses the impossible.

#include "crawler/extract/date_form.h"

#include <algorithm>
#include <array>

#include "crawler/extract/date_cursor.h"

namespace tingchao::crawler {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int year_min = 1990;

bool is_known(Time now) { return now.time_since_epoch().count() != 0; }

}  // namespace

std::optional<Time> moment(const DateFields& f, Time now) {
  const std::chrono::year_month_day date{std::chrono::year(f.year), std::chrono::month(unsigned(f.month)),
                                         std::chrono::day(unsigned(f.day))};
  if (!date.ok() || f.year < year_min || f.year > 2100) return std::nullopt;
  if (f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
  const Time local =
      std::chrono::sys_days(date) + hours(f.hour) + minutes(f.minute) + Seconds(std::min(f.second, 59));
  const Time at = local - (f.zone_minutes ? Seconds(minutes(*f.zone_minutes)) : Seconds(china_offset));
  if (is_known(now) && at > now + days(1)) return std::nullopt;
  return at;
}

namespace {

std::chrono::year_month_day china_day(Time at) {
  return std::chrono::year_month_day(std::chrono::floor<days>(at + china_offset));
}

std::optional<DateHit> finish(const DateFields& f, const DateCursor& in, Time now) {
  const std::optional<Time> at = moment(f, now);
  if (!at) return std::nullopt;
  DateHit hit;
  hit.reading.at = *at;
  hit.reading.to_the_minute = f.has_clock;
  hit.end = in.at();
  return hit;
}

// 2026-04-15, 2026/4/15, 2026.4.15, 2026年4月15日; the separators must agree.
std::optional<DateHit> year_first(DateCursor in, Time now) {
  DateFields f;
  const std::size_t start = in.at();
  std::optional<int> year = in.number(4, 4);
  const bool short_year = !year;
  if (!year) year = in.number(2, 2);
  if (!year) {
    // 二〇二六年
    int value = 0, count = 0;
    while (count < 4 && chinese_digit(in.peek(std::size_t(count))) >= 0) {
      value = value * 10 + chinese_digit(in.peek(std::size_t(count++)));
    }
    if (count != 4) return std::nullopt;
    in.go(start + 4);
    year = value;
  }
  const bool two_digits = short_year && in.at() == start + 2;
  const bool apart = in.peek() == U' ';
  in.spaces();
  if (apart && is_plain_digit(in.peek()) && !short_year && is_plain_digit(in.peek(1))) {
    // 2026 04/15 08:30:16, as a head sets it in three sizes.
    const auto split_month = in.number(2, 2);
    const auto split_day = split_month && in.take(U'/') ? in.number(2, 2) : std::nullopt;
    if (!split_day) return std::nullopt;
    f.year = *year;
    f.month = *split_month;
    f.day = *split_day;
    read_clock_behind_date(in, f);
    return f.has_clock ? finish(f, in, now) : std::nullopt;
  }
  const char32_t separator = in.peek();
  if (separator != U'-' && separator != U'/' && separator != U'.' && separator != U'年') return std::nullopt;
  if (two_digits && (separator != U'-' && separator != U'年')) return std::nullopt;
  in.go(in.at() + 1);
  in.spaces();
  std::optional<int> month = in.number(1, 2);
  if (!month && separator == U'年') month = in.chinese_number();
  in.spaces();
  if (!month || !in.take(separator == U'年' ? U'月' : separator)) return std::nullopt;
  in.spaces();
  std::optional<int> day = in.number(1, 2);
  if (!day && separator == U'年') day = in.chinese_number();
  if (!day) return std::nullopt;
  if (separator == U'年') {
    const std::size_t before = in.at();
    in.spaces();
    if (!in.take_any({U"日", U"号", U"號"})) in.go(before);
  } else {
    in.take(U'日');
    // 2024-05-1234 is no date, but 2024.05.1205:39 is one whose blank got lost.
    if (is_plain_digit(in.peek()) && !(is_plain_digit(in.peek(1)) && in.peek(2) == U':')) return std::nullopt;
  }
  f.year = two_digits ? 2000 + *year : *year;
  f.month = *month;
  f.day = *day;
  read_clock_behind_date(in, f);
  // A score or a version might look like 24-5-13; with a clock it is a date.
  if (two_digits && !f.has_clock && separator != U'年') return std::nullopt;
  return finish(f, in, now);
}

// ", 2026" or " 2026", and no more digits behind it.
std::optional<int> year_behind(DateCursor& in) {
  const std::size_t start = in.at();
  in.take(U',');
  in.spaces();
  const auto year = in.number(4, 4);
  if (year && *year >= year_min && !is_plain_digit(in.peek())) return year;
  in.go(start);
  return std::nullopt;
}

// 04-15 22:40, 4月15日, 4/15 22:40: the year is the one that puts it last before now.
std::optional<DateHit> month_first(DateCursor in, Time now) {
  if (!is_known(now)) return std::nullopt;
  DateFields f;
  const std::size_t start = in.at();
  std::optional<int> month = in.number(1, 2);
  const std::size_t month_digits = in.at() - start;
  if (!month) month = in.chinese_number();
  if (!month) return std::nullopt;
  const char32_t separator = in.peek();
  if (separator != U'-' && separator != U'/' && separator != U'月') return std::nullopt;
  in.go(in.at() + 1);
  if (separator == U'月') in.spaces();
  const std::size_t day_start = in.at();
  std::optional<int> day = in.number(1, 2);
  const std::size_t day_digits = in.at() - day_start;
  if (!day && separator == U'月') day = in.chinese_number();
  if (!day) return std::nullopt;
  if (separator == U'月' && !in.take_any({U"日", U"号", U"號"})) return std::nullopt;
  if (separator != U'月' && (is_plain_digit(in.peek()) || in.peek() == separator)) return std::nullopt;
  f.month = *month;
  f.day = *day;
  if (separator == U'月') {
    if (const auto year = year_behind(in)) {  // 4月 15日, 2026 8:30
      f.year = *year;
      read_clock_behind_date(in, f);
      return finish(f, in, now);
    }
  }
  read_clock_behind_date(in, f);
  if (separator == U'/' && !f.has_clock) return std::nullopt;
  if (separator == U'-' && !f.has_clock && (month_digits != 2 || day_digits != 2)) return std::nullopt;
  const int this_year = int(china_day(now).year());
  for (f.year = this_year + 1; f.year >= this_year - 4; --f.year) {  // back to the last 29 February
    if (auto hit = finish(f, in, now)) {
      hit->reading.year_guessed = true;
      return hit;
    }
  }
  return std::nullopt;
}

// 今天, 昨天 21:03, 前天; and a count of time 前.
std::optional<DateHit> relative(DateCursor in, Time now) {
  if (!is_known(now)) return std::nullopt;
  DateHit hit;
  hit.reading.relative = true;
  if (in.take_any({U"刚刚", U"剛剛"})) {
    hit.reading.at = now;
    hit.reading.to_the_minute = true;
    hit.end = in.at();
    return hit;
  }
  int back = -1;
  if (in.take_any({U"今天", U"今日"})) back = 0;
  if (in.take_any({U"昨天", U"昨日"})) back = 1;
  if (in.take_any({U"前天", U"前日"})) back = 2;
  if (back >= 0) {
    const std::chrono::year_month_day date = china_day(now - days(back));
    DateFields f;
    f.year = int(date.year());
    f.month = int(unsigned(date.month()));
    f.day = int(unsigned(date.day()));
    in.spaces();
    read_clock(in, f);
    std::optional<DateHit> found = finish(f, in, now);
    if (found) found->reading.relative = true;
    return found;
  }
  std::optional<int> count = in.number(1, 3);
  if (!count) count = in.chinese_number();
  if (!count && in.take(U'半')) {
    if (!in.take_any({U"小时前", U"小時前"})) return std::nullopt;
    hit.reading.at = now - minutes(30);
    hit.reading.to_the_minute = true;
    hit.end = in.at();
    return hit;
  }
  if (!count) return std::nullopt;
  in.spaces();
  in.take(U'个');
  struct Unit {
    std::initializer_list<std::u32string_view> words;
    Seconds span;
    bool exact;
  };
  const Unit units[] = {{{U"秒前", U"秒钟前"}, Seconds(1), true},
                        {{U"分钟前", U"分前", U"分鐘前"}, minutes(1), true},
                        {{U"小时前", U"小時前", U"钟头前"}, hours(1), true},
                        {{U"天前", U"日前"}, days(1), false},
                        {{U"周前", U"星期前", U"週前"}, days(7), false},
                        {{U"月前"}, days(30), false}};
  for (const Unit& unit : units) {
    if (!in.take_any(unit.words)) continue;
    const Time at = now - *count * unit.span;
    hit.reading.at = unit.exact ? at : china_midnight(at);
    hit.reading.to_the_minute = unit.exact;
    hit.end = in.at();
    return hit;
  }
  return std::nullopt;
}

// 15 Apr 2026 14:40:11 GMT, Apr 15, 2026, Wed May 22 2024 16:09:05 GMT+0800, Wed Apr 15 08:30:00 CST 2026
std::optional<DateHit> english(DateCursor in, Time now) {
  static constexpr std::u32string_view names[] = {U"Jan", U"Feb", U"Mar", U"Apr", U"May", U"Jun",
                                                  U"Jul", U"Aug", U"Sep", U"Oct", U"Nov", U"Dec"};
  const auto month_name = [&]() -> int {
    for (int i = 0; i < 12; ++i) {
      if (!in.take(names[i])) continue;
      while (in.peek() >= U'a' && in.peek() <= U'z') in.go(in.at() + 1);
      in.take(U'.');
      return i + 1;
    }
    return 0;
  };
  DateFields f;
  const auto day = in.number(1, 2);
  if (day) {
    in.spaces();
    in.take(U'-');
  }
  f.month = month_name();
  if (f.month == 0) return std::nullopt;
  in.spaces();
  in.take(U'-');
  if (day) {
    f.day = *day;
  } else {
    const auto behind = in.number(1, 2);
    if (!behind) return std::nullopt;
    f.day = *behind;
    in.take(U',');
    in.spaces();
  }
  const std::size_t behind_day = in.at();
  auto year = in.number(4, 4);
  if (year) {
    f.year = *year;
    read_clock_behind_date(in, f);
    return finish(f, in, now);
  }
  in.go(behind_day);
  if (!read_clock(in, f)) return std::nullopt;
  in.spaces();
  in.take_any({U"CST", U"GMT+08:00"});  // Java's CST is China's time on servers there
  in.spaces();
  year = in.number(4, 4);
  if (!year) return std::nullopt;
  f.year = *year;
  return finish(f, in, now);
}

}  // namespace

std::optional<DateHit> date_at(const std::u32string& text, std::size_t place, Time now) {
  const char32_t c = text[place];
  const char32_t before = place > 0 ? text[place - 1] : U' ';
  if (is_plain_digit(c)) {
    // Not the tail of a longer number: 1,202 and 3.14 and A2024-1-1 begin no date.
    const bool tail = is_plain_digit(before) || before == U'.' || before == U'-' || before == U'/';
    if (tail) return std::nullopt;
    for (const auto form : {year_first, month_first, relative, english}) {
      if (auto hit = form(DateCursor(text, place), now)) return hit;
    }
    return std::nullopt;
  }
  if (chinese_digit(c) >= 0 || c == U'十' || c == U'半') {
    if (chinese_digit(before) >= 0 || before == U'十' || before == U'第') return std::nullopt;
    for (const auto form : {year_first, month_first, relative}) {
      if (auto hit = form(DateCursor(text, place), now)) return hit;
    }
    return std::nullopt;
  }
  if (c == U'今' || c == U'昨' || c == U'前' || c == U'刚' || c == U'剛')
    return relative(DateCursor(text, place), now);
  if (c >= U'A' && c <= U'S' && !(before >= U'A' && before <= U'z'))
    return english(DateCursor(text, place), now);
  return std::nullopt;
}

}  // namespace tingchao::crawler
