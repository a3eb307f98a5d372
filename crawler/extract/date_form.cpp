// A cursor over plain characters and one function per form; fields become a moment in one place, which
// refuses the impossible.

#include "crawler/extract/date_form.h"

#include <algorithm>
#include <array>

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
  const Time local = std::chrono::sys_days(date) + hours(f.hour) + minutes(f.minute) + Seconds(std::min(f.second, 59));
  const Time at = local - (f.zone_minutes ? Seconds(minutes(*f.zone_minutes)) : Seconds(china_offset));
  if (is_known(now) && at > now + days(1)) return std::nullopt;
  return at;
}

namespace {

std::chrono::year_month_day china_day(Time at) {
  return std::chrono::year_month_day(std::chrono::floor<days>(at + china_offset));
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

int chinese_digit(char32_t c) {
  switch (c) {
    case U'〇': case U'○': case U'零': case U'Ｏ': return 0;
    case U'一': return 1;
    case U'二': return 2;
    case U'三': return 3;
    case U'四': return 4;
    case U'五': return 5;
    case U'六': return 6;
    case U'七': return 7;
    case U'八': return 8;
    case U'九': return 9;
    default: return -1;
  }
}

// A cursor; every reader moves it only when it succeeds.
class Reader {
 public:
  Reader(const std::u32string& text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  void spaces() {
    while (peek() == U' ') ++at_;
  }
  bool take(char32_t c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool take(std::u32string_view word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  bool take_any(std::initializer_list<std::u32string_view> words) {
    return std::any_of(words.begin(), words.end(), [this](std::u32string_view word) { return take(word); });
  }
  // The same behind any number of blanks.
  bool take_spaced(std::initializer_list<std::u32string_view> words) {
    const std::size_t start = at_;
    spaces();
    if (take_any(words)) return true;
    at_ = start;
    return false;
  }
  // Between `least` and `most` digits.
  std::optional<int> number(int least, int most) {
    int value = 0, count = 0;
    while (count < most && is_digit(peek(std::size_t(count))))
      value = value * 10 + int(peek(std::size_t(count++)) - U'0');
    if (count < least) return std::nullopt;
    at_ += std::size_t(count);
    return value;
  }
  // 五, 十, 十五, 二十, 三十一
  std::optional<int> chinese_number() {
    const std::size_t start = at_;
    int value = 0;
    bool any = false;
    if (const int tens = chinese_digit(peek()); tens >= 0) {
      value = tens;
      ++at_;
      any = true;
    }
    if (take(U'十')) {
      value = any ? value * 10 : 10;
      any = true;
      if (const int ones = chinese_digit(peek()); ones > 0) {
        value += ones;
        ++at_;
      }
    }
    if (!any) at_ = start;
    return any ? std::optional(value) : std::nullopt;
  }
  void go(std::size_t place) { at_ = place; }

 private:
  const std::u32string& text_;
  std::size_t at_;
};

void skip_weekday(Reader& in) {
  const std::size_t start = in.at();
  in.spaces();
  const bool open = in.take_any({U"(", U"（", U"["});
  if (in.take_any({U"星期", U"周", U"週", U"礼拜"})) {
    if (chinese_digit(in.peek()) >= 1 || in.peek() == U'日' || in.peek() == U'天') {
      in.go(in.at() + 1);
      if (open) in.take_any({U")", U"）", U"]"});
      return;
    }
  }
  in.go(start);
}

// Hours to add for the words that Chinese clocks carry; -1: no such word.
enum class Part { none, morning, noon, afternoon };

Part part_of_day(Reader& in) {
  if (in.take_any({U"上午", U"早上", U"凌晨", U"清晨", U"AM", U"am", U"早"})) return Part::morning;
  if (in.take_any({U"中午"})) return Part::noon;
  if (in.take_any({U"下午", U"晚上", U"傍晚", U"晚间", U"夜间", U"PM", U"pm", U"晚"})) return Part::afternoon;
  return Part::none;
}

int on_24_hours(int hour, Part part) {
  if (part == Part::afternoon && hour < 12) return hour + 12;
  if (part == Part::noon && hour >= 1 && hour <= 3) return hour + 12;
  if (part == Part::morning && hour == 12) return 0;
  return hour;
}

void read_zone(Reader& in, DateFields& f) {
  const std::size_t start = in.at();
  if (in.take(U'.')) {
    // Fractions of a second.
    if (!in.number(1, 9)) in.go(start);
  }
  const std::size_t after = in.at();
  if (in.take(U'Z')) {
    f.zone_minutes = 0;
    return;
  }
  in.spaces();
  const bool greenwich = in.take_any({U"GMT", U"UTC"});
  const char32_t sign = in.peek();
  if (sign == U'+' || sign == U'-') {
    in.go(in.at() + 1);
    const std::optional<int> h = in.number(2, 2);
    in.take(U':');
    const std::optional<int> m = h ? in.number(2, 2) : std::nullopt;
    if (h && *h <= 14 && m && *m < 60) {
      f.zone_minutes = (sign == U'-' ? -1 : 1) * (*h * 60 + *m);
      return;
    }
  }
  if (greenwich) {
    f.zone_minutes = 0;
    return;
  }
  in.go(after);
}

// 22:40, 22:40:11, 22时40分, 下午3点, 下午3点半, 3:20 PM
bool read_clock(Reader& in, DateFields& f) {
  const std::size_t start = in.at();
  const Part part = part_of_day(in);
  in.spaces();
  std::optional<int> hour = in.number(1, 2);
  if (!hour) hour = in.chinese_number();
  if (!hour) {
    in.go(start);
    return false;
  }
  f.second = f.minute = 0;
  bool done = false;
  if (in.take(U':')) {
    if (const auto minute = in.number(2, 2)) {
      f.minute = *minute;
      done = true;
      const std::size_t before = in.at();
      if (in.take(U':')) {
        const auto second = in.number(2, 2);
        second ? void(f.second = *second) : in.go(before);
      }
    }
  } else if (in.take_spaced({U"时", U"時", U"点", U"點"})) {
    done = true;
    const std::size_t before = in.at();
    in.spaces();
    if (in.take(U'半')) {
      f.minute = 30;
    } else if (const auto minute = in.number(1, 2); minute && *minute <= 59 && in.take_spaced({U"分"})) {
      f.minute = *minute;
      const std::size_t seconds = in.at();
      in.spaces();
      const auto second = in.number(1, 2);
      second && in.take_spaced({U"秒"}) ? void(f.second = *second) : in.go(seconds);
    } else {
      in.go(before);
    }
  }
  if (!done || *hour > 23 || f.minute > 59) {
    in.go(start);
    return false;
  }
  Part told = part;
  if (told == Part::none) {
    const std::size_t before = in.at();
    in.spaces();
    told = in.take_any({U"AM", U"am", U"A.M."})   ? Part::morning
           : in.take_any({U"PM", U"pm", U"P.M."}) ? Part::afternoon
                                                  : Part::none;
    if (told == Part::none) in.go(before);
  }
  f.hour = on_24_hours(*hour, told);
  f.has_clock = true;
  read_zone(in, f);
  return true;
}

// What may stand between a date and its clock.
void read_clock_behind_date(Reader& in, DateFields& f) {
  const std::size_t start = in.at();
  skip_weekday(in);
  in.take_any({U"T", U",", U"，"});
  in.spaces();
  in.take_any({U"/", U"|"});
  in.spaces();
  if (!read_clock(in, f)) in.go(start);
}

std::optional<DateHit> finish(const DateFields& f, const Reader& in, Time now) {
  const std::optional<Time> at = moment(f, now);
  if (!at) return std::nullopt;
  DateHit hit;
  hit.reading.at = *at;
  hit.reading.to_the_minute = f.has_clock;
  hit.end = in.at();
  return hit;
}

// 2026-04-15, 2026/4/15, 2026.4.15, 2026年4月15日; the separators must agree.
std::optional<DateHit> year_first(Reader in, Time now) {
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
  if (apart && is_digit(in.peek()) && !short_year && is_digit(in.peek(1))) {
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
    if (is_digit(in.peek()) && !(is_digit(in.peek(1)) && in.peek(2) == U':')) return std::nullopt;
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
std::optional<int> year_behind(Reader& in) {
  const std::size_t start = in.at();
  in.take(U',');
  in.spaces();
  const auto year = in.number(4, 4);
  if (year && *year >= year_min && !is_digit(in.peek())) return year;
  in.go(start);
  return std::nullopt;
}

// 04-15 22:40, 4月15日, 4/15 22:40: the year is the one that puts it last before now.
std::optional<DateHit> month_first(Reader in, Time now) {
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
  if (separator != U'月' && (is_digit(in.peek()) || in.peek() == separator)) return std::nullopt;
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
std::optional<DateHit> relative(Reader in, Time now) {
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
std::optional<DateHit> english(Reader in, Time now) {
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
  if (is_digit(c)) {
    // Not the tail of a longer number: 1,202 and 3.14 and A2024-1-1 begin no date.
    const bool tail = is_digit(before) || before == U'.' || before == U'-' || before == U'/';
    if (tail) return std::nullopt;
    for (const auto form : {year_first, month_first, relative, english}) {
      if (auto hit = form(Reader(text, place), now)) return hit;
    }
    return std::nullopt;
  }
  if (chinese_digit(c) >= 0 || c == U'十' || c == U'半') {
    if (chinese_digit(before) >= 0 || before == U'十' || before == U'第') return std::nullopt;
    for (const auto form : {year_first, month_first, relative}) {
      if (auto hit = form(Reader(text, place), now)) return hit;
    }
    return std::nullopt;
  }
  if (c == U'今' || c == U'昨' || c == U'前' || c == U'刚' || c == U'剛') return relative(Reader(text, place), now);
  if (c >= U'A' && c <= U'S' && !(before >= U'A' && before <= U'z')) return english(Reader(text, place), now);
  return std::nullopt;
}

}  // namespace tingchao::crawler
