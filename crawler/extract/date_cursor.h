#pragma once
// A cursor over plain characters, which the forms of a date are read with, and the clock behind a date.

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/extract/date_form.h"

namespace tingchao::crawler {

inline bool is_plain_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

inline int chinese_digit(char32_t c) {
  switch (c) {
    case U'〇':
    case U'○':
    case U'零':
    case U'Ｏ':
      return 0;
    case U'一':
      return 1;
    case U'二':
      return 2;
    case U'三':
      return 3;
    case U'四':
      return 4;
    case U'五':
      return 5;
    case U'六':
      return 6;
    case U'七':
      return 7;
    case U'八':
      return 8;
    case U'九':
      return 9;
    default:
      return -1;
  }
}

// A cursor; every reader moves it only when it succeeds.
class DateCursor {
 public:
  DateCursor(const std::u32string& text, std::size_t at) : text_(text), at_(at) {}

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
    while (count < most && is_plain_digit(peek(std::size_t(count))))
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

// 22:40, 22:40:11, 22时40分, 下午3点, 下午3点半, 3:20 PM, with a zone behind; false, and the cursor where it
// was, when no clock stands there.
bool read_clock(DateCursor& in, DateFields& f);
// The same behind a date, past a weekday and what else may stand between.
void read_clock_behind_date(DateCursor& in, DateFields& f);

}  // namespace tingchao::crawler
