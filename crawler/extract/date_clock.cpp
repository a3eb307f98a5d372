#include "crawler/extract/date_cursor.h"

namespace tingchao::crawler {
namespace {

void skip_weekday(DateCursor& in) {
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

Part part_of_day(DateCursor& in) {
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

void read_zone(DateCursor& in, DateFields& f) {
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

}  // namespace

bool read_clock(DateCursor& in, DateFields& f) {
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
      second&& in.take_spaced({U"秒"}) ? void(f.second = *second) : in.go(seconds);
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

void read_clock_behind_date(DateCursor& in, DateFields& f) {
  const std::size_t start = in.at();
  skip_weekday(in);
  in.take_any({U"T", U",", U"，"});
  in.spaces();
  in.take_any({U"/", U"|"});
  in.spaces();
  if (!read_clock(in, f)) in.go(start);
}

}  // namespace tingchao::crawler
