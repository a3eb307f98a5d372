// The text is cut into numbers, words and signs. What begins with a year of four digits is read as
// year, month, day in that order whatever stands between; all else by what each token can only be: a
// word names a month, a zone or half a day, a number with colons is a time, four digits are a year,
// the first small number is the day. Anything unknown is passed over: weekdays, "at", commas.

#include "crawler/extract/feed_date.h"

#include <array>
#include <vector>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t text_bytes_max = 100;

struct Token {
  enum Kind { number, word, sign } kind;
  std::string_view text;
  int value = 0;      // of a number of at most nine digits, else −1
};

struct Parts {
  std::optional<int> year, month, day, hour, minute;
  int second = 0;
  std::optional<bool> afternoon;
  std::optional<Seconds> zone;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(unsigned char c) { return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80; }

int value_of(std::string_view digits) {
  if (digits.size() > 9) return -1;
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (is_digit(text[at])) {
      while (end < text.size() && is_digit(text[end])) ++end;
      const auto digits = text.substr(at, end - at);
      tokens.push_back({Token::number, digits, value_of(digits)});
    } else if (is_letter(static_cast<unsigned char>(text[at]))) {
      while (end < text.size() && is_letter(static_cast<unsigned char>(text[end]))) ++end;
      tokens.push_back({Token::word, text.substr(at, end - at)});
    } else if (text[at] > ' ') {
      tokens.push_back({Token::sign, text.substr(at, 1)});
    }
    at = end;
  }
  return tokens;
}

std::optional<int> month_of(std::string_view word) {
  static constexpr std::array names{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string lower = ascii_lower(word);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (lower.starts_with(names[i])) return static_cast<int>(i) + 1;
  return {};
}

std::optional<Seconds> zone_of(std::string_view word) {
  using std::chrono::hours;
  struct Zone {
    const char* name;
    int hours;
  };
  // CST is China's here, not America's.
  static constexpr Zone zones[] = {{"z", 0},   {"gmt", 0},  {"ut", 0},   {"utc", 0},  {"wet", 0},  {"bst", 1},
                                   {"cet", 1}, {"cest", 2}, {"eet", 2},  {"msk", 3},  {"cst", 8},  {"hkt", 8},
                                   {"sgt", 8}, {"jst", 9},  {"kst", 9},  {"est", -5}, {"edt", -4}, {"cdt", -5},
                                   {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}};
  const std::string lower = ascii_lower(word);
  for (const Zone& zone : zones)
    if (lower == zone.name) return hours(zone.hours);
  return {};
}

bool is(const std::vector<Token>& tokens, std::size_t i, std::string_view text) {
  return i < tokens.size() && tokens[i].text == text;
}
bool is_number(const std::vector<Token>& tokens, std::size_t i) {
  return i < tokens.size() && tokens[i].kind == Token::number;
}
bool is_any(const std::vector<Token>& tokens, std::size_t i, std::initializer_list<std::string_view> texts) {
  for (const auto text : texts)
    if (is(tokens, i, text)) return true;
  return false;
}

// "22:40", "22:40:05.123", "22时40分05秒"; moves `i` behind it.
bool take_time(const std::vector<Token>& tokens, std::size_t& i, Parts& parts) {
  if (!is_number(tokens, i) || tokens[i].text.size() > 2) return false;
  if (!is_any(tokens, i + 1, {":", "：", "时", "點", "点"})) return false;
  if (!is_number(tokens, i + 2)) {
    if (is(tokens, i + 1, ":") || is(tokens, i + 1, "：")) return false;
    parts.hour = tokens[i].value;
    parts.minute = 0;
    i += 2;
    return true;
  }
  parts.hour = tokens[i].value;
  parts.minute = tokens[i + 2].value;
  i += 3;
  if (is_any(tokens, i, {":", "：", "分"}) && is_number(tokens, i + 1)) {
    parts.second = tokens[i + 1].value;
    i += 2;
    if (is_any(tokens, i, {".", ","}) && is_number(tokens, i + 1)) i += 2;
  }
  if (is_any(tokens, i, {"分", "秒"})) ++i;
  return true;
}

// "+08:00", "-0530", "+8"; moves `i` behind it.
bool take_offset(const std::vector<Token>& tokens, std::size_t& i, Parts& parts) {
  if (!is_any(tokens, i, {"+", "-"}) || !is_number(tokens, i + 1)) return false;
  const Token& number = tokens[i + 1];
  int hours = number.value, minutes = 0;
  const std::size_t sign_at = i;
  if (number.text.size() == 4) {
    hours = number.value / 100;
    minutes = number.value % 100;
  } else if (number.text.size() > 2) {
    return false;
  }
  i += 2;
  if (number.text.size() <= 2 && is(tokens, i, ":") && is_number(tokens, i + 1)) {
    minutes = tokens[i + 1].value;
    i += 2;
  }
  if (hours > 14 || minutes > 59) return true;  // nonsense: as if it were absent
  const Seconds offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  parts.zone = is(tokens, sign_at, "-") ? -offset : offset;
  return true;
}

void take_half_day(std::string_view word, Parts& parts) {
  const std::string lower = ascii_lower(word);
  const auto names = [&](std::string_view text) { return word.find(text) != word.npos; };  // 日上午 is one word
  if (lower == "am" || names("上午") || names("凌晨") || names("早上")) parts.afternoon = false;
  if (lower == "pm" || names("下午") || names("晚上")) parts.afternoon = true;
}

// Times, zones and halves of the day, from `i` on.
void take_clock(const std::vector<Token>& tokens, std::size_t i, Parts& parts) {
  while (i < tokens.size()) {
    if (!parts.hour && take_time(tokens, i, parts)) continue;
    if (parts.hour && take_offset(tokens, i, parts)) continue;
    if (tokens[i].kind == Token::word) {
      take_half_day(tokens[i].text, parts);
      if (const auto zone = zone_of(tokens[i].text); zone && !parts.zone) parts.zone = zone;
    }
    ++i;
  }
}

// 2026-04-15…, 2026/4/15, 2026.4.15, 2026年4月15日, 20260415T2240, 2026-04, 2026.
void take_year_first(const std::vector<Token>& tokens, Parts& parts) {
  std::size_t i = 0;
  const std::string_view first = tokens[0].text;
  if (first.size() == 8) {
    parts.year = value_of(first.substr(0, 4));
    parts.month = value_of(first.substr(4, 2));
    parts.day = value_of(first.substr(6, 2));
    i = 1;
    if (is(tokens, i, "T")) ++i;
    if (is_number(tokens, i) && (tokens[i].text.size() == 4 || tokens[i].text.size() == 6)) {
      parts.hour = value_of(tokens[i].text.substr(0, 2));
      parts.minute = value_of(tokens[i].text.substr(2, 2));
      if (tokens[i].text.size() == 6) parts.second = value_of(tokens[i].text.substr(4, 2));
      ++i;
    }
    return take_clock(tokens, i, parts);
  }
  parts.year = tokens[0].value;
  i = 1;
  for (std::optional<int>* part : {&parts.month, &parts.day}) {
    if (!is_any(tokens, i, {"-", "/", ".", "年", "月"}) || !is_number(tokens, i + 1)) break;
    if (tokens[i + 1].text.size() > 2) break;
    *part = tokens[i + 1].value;
    i += 2;
  }
  if (!parts.month) parts.month = 1;
  if (!parts.day) parts.day = 1;
  take_clock(tokens, i, parts);
}

// 4/15/2026 10:40 PM, as some servers print; day first where it can only be so.
void take_slashes(const std::vector<Token>& tokens, Parts& parts) {
  parts.month = tokens[0].value;
  parts.day = tokens[2].value;
  if (*parts.month > 12) std::swap(parts.month, parts.day);
  parts.year = tokens[4].value;
  take_clock(tokens, 5, parts);
}

void take_words(const std::vector<Token>& tokens, Parts& parts) {
  for (std::size_t i = 0; i < tokens.size();) {
    if (!parts.hour && take_time(tokens, i, parts)) continue;
    if (parts.hour && take_offset(tokens, i, parts)) continue;
    const Token& token = tokens[i++];
    if (token.kind == Token::number) {
      if (!parts.day && token.text.size() <= 2)
        parts.day = token.value;
      else if (!parts.year && (token.text.size() == 4 || token.text.size() == 2))
        parts.year = token.value;
    } else if (token.kind == Token::word) {
      if (const auto month = month_of(token.text); month && !parts.month) parts.month = month;
      if (const auto zone = zone_of(token.text); zone && !parts.zone) parts.zone = zone;
      take_half_day(token.text, parts);
    }
  }
}

std::optional<FeedTime> assemble(Parts parts, Seconds zone) {
  namespace chrono = std::chrono;
  if (!parts.year || !parts.month || !parts.day) return {};
  if (*parts.year < 100) *parts.year += *parts.year < 70 ? 2000 : 1900;
  if (*parts.year < 1970 || *parts.year > 2199) return {};
  if (*parts.month < 1 || *parts.month > 12 || *parts.day < 1 || *parts.day > 31) return {};
  const chrono::year_month_day date{chrono::year(*parts.year), chrono::month(static_cast<unsigned>(*parts.month)),
                                    chrono::day(static_cast<unsigned>(*parts.day))};
  if (!date.ok()) return {};

  FeedTime result;
  result.at = chrono::sys_days(date) - parts.zone.value_or(zone);
  if (!parts.hour) {
    result.at = chrono::sys_days(date) - zone;
    return result;
  }
  int hour = *parts.hour;
  if (parts.afternoon == true && hour < 12) hour += 12;
  if (parts.afternoon == false && hour == 12) hour = 0;
  if (hour < 0 || hour > 24 || *parts.minute < 0 || *parts.minute > 59 || parts.second < 0) return {};
  if (hour == 24 && *parts.minute > 0) return {};
  const int second = parts.second > 59 ? 59 : parts.second;  // a leap second
  result.at += chrono::hours(hour) + chrono::minutes(*parts.minute) + chrono::seconds(second);
  result.to_the_minute = true;
  return result;
}

}  // namespace

std::optional<FeedTime> parse_feed_date(std::string_view text, Seconds zone) {
  text = trim(text);
  if (text.empty() || text.size() > text_bytes_max) return {};
  const auto tokens = tokens_of(text);
  if (tokens.empty()) return {};

  Parts parts;
  const std::size_t second = is(tokens, 1, "-") ? 2 : 1;
  const bool named_month =
      second < tokens.size() && tokens[second].kind == Token::word && month_of(tokens[second].text);
  const bool year_first = tokens[0].kind == Token::number && !named_month &&
                          (tokens[0].text.size() == 4 || tokens[0].text.size() == 8);
  const bool slashes = is_number(tokens, 0) && is(tokens, 1, "/") && is_number(tokens, 2) && is(tokens, 3, "/") &&
                       is_number(tokens, 4);
  if (year_first)
    take_year_first(tokens, parts);
  else if (slashes)
    take_slashes(tokens, parts);
  else
    take_words(tokens, parts);
  return assemble(parts, zone);
}

}  // namespace tingchao::crawler
