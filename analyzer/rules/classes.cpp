// @minor's ages and @number: small readers over folded text, from the unit backwards and from the
// first numeral forwards. 一 alone is mostly no number (一起, 一定), so Chinese numerals count only
// in front of a measure word, or as a longer figure.

#include <algorithm>
#include <optional>

#include "analyzer/rules/sightings.h"

namespace tingchao::analyzer {
namespace {

constexpr std::u32string_view chinese_digits = U"〇零一二三四五六七八九两";
constexpr std::u32string_view chinese_powers = U"十百千万亿";
constexpr std::u32string_view vague_numerals = U"数几多余";  // 数十名, 十余人
constexpr std::u32string_view measures =
    U"人名个位岁例起件次元万亿年月日天周时分秒点号米吨斤克条所家座间班套份批届户床辆台度级倍成代";
constexpr std::u32string_view no_measure_after_one = U"起个件次点时度级天年成代分号批套";
// A longer run of numerals is no figure that anybody reads.
constexpr std::size_t figure_chars_max = 16;

bool in(std::u32string_view set, char32_t c) { return set.find(c) != set.npos; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_chinese_numeral(char32_t c) { return in(chinese_digits, c) || in(chinese_powers, c); }

// The number whose last character is at end − 1, when it is a small one; `begin` becomes its start.
std::optional<int> small_number_before(std::u32string_view text, std::size_t end, std::size_t& begin) {
  begin = end;
  while (begin > 0 && end - begin < 4 && is_digit(text[begin - 1])) --begin;
  if (begin < end) {
    if (end - begin > 2) return std::nullopt;
    int value = 0;
    for (std::size_t i = begin; i < end; ++i) value = value * 10 + int(text[i] - '0');
    return value;
  }
  while (begin > 0 && end - begin < 4 && is_chinese_numeral(text[begin - 1])) --begin;
  const std::u32string_view written = text.substr(begin, end - begin);
  if (written.empty() || written.size() > 3) return std::nullopt;
  const std::size_t ten = written.find(U'十');
  const auto digit = [](char32_t c) {
    const std::size_t at = chinese_digits.find(c);
    return c == U'两' ? 2 : at == 0 || at == chinese_digits.npos ? -1 : int(at) - 1;
  };
  if (ten == written.npos) {
    if (written.size() > 1) return std::nullopt;
    return digit(written[0]);
  }
  const int tens = ten == 0 ? 1 : digit(written[ten - 1]);
  const int ones = ten + 1 == written.size() ? 0 : digit(written[ten + 1]);
  if (ten > 1 || tens < 0 || ones < 0) return std::nullopt;
  return tens * 10 + ones;
}

std::size_t end_of_digits(std::u32string_view text, std::size_t at) {
  while (at < text.size() &&
         (is_digit(text[at]) ||
          ((text[at] == '.' || text[at] == ',') && at + 1 < text.size() && is_digit(text[at + 1]))))
    ++at;
  return at;
}

// A Chinese figure from `begin`; where it ends, or begin when it counts nothing.
std::size_t end_of_chinese(std::u32string_view text, std::size_t begin) {
  std::size_t i = begin;
  const std::size_t limit = std::min(text.size(), begin + figure_chars_max);
  while (i < limit && (is_chinese_numeral(text[i]) || in(vague_numerals, text[i]))) ++i;
  const bool lone_one = i == begin + 1 && text[begin] == U'一';
  if (i < text.size() && in(measures, text[i]) && !(lone_one && in(no_measure_after_one, text[i]))) return i + 1;
  const bool figure = i - begin >= 2 && in(chinese_digits, text[begin]) && in(chinese_powers, text[i - 1]);
  return figure ? i : begin;
}

// 30, 3,000.5, 三十余名, 3万人, 30多名.
std::size_t end_of_arabic(std::u32string_view text, std::size_t begin) {
  std::size_t i = end_of_digits(text, begin);
  std::size_t measure = i;
  while (measure < text.size() && measure - i < 3 &&
         (in(chinese_powers, text[measure]) || in(vague_numerals, text[measure])))
    ++measure;
  if (measure < text.size() && in(measures, text[measure])) i = measure + 1;
  return i;
}

}  // namespace

std::vector<Occurrence> ages_of_minors(const TextView& view, Field field) {
  std::vector<Occurrence> out;
  const std::u32string_view text = view.folded;
  for (std::size_t i = text.find(U'岁'); i != text.npos; i = text.find(U'岁', i + 1)) {
    const std::size_t end = i > 0 && text[i - 1] == U'周' ? i - 1 : i;  // 12 周岁
    std::size_t begin = end;
    const std::optional<int> age = small_number_before(text, end, begin);
    if (age && *age >= 0 && *age < 18) out.push_back({field, std::uint32_t(begin), std::uint32_t(i + 1)});
  }
  return out;
}

std::vector<Occurrence> numbers(const TextView& view, Field field) {
  std::vector<Occurrence> out;
  const std::u32string_view text = view.folded;
  const auto begins_chinese = [&](std::size_t i) {
    if (is_chinese_numeral(text[i])) return true;
    const bool vague = text[i] == U'数' || text[i] == U'几';  // 数十名
    return vague && i + 1 < text.size() && in(chinese_powers, text[i + 1]);
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    if (is_digit(text[i])) {
      end = end_of_arabic(text, i);
    } else if (begins_chinese(i)) {
      end = end_of_chinese(text, i);
    }
    if (end > i) out.push_back({field, std::uint32_t(i), std::uint32_t(end)});
    i = std::max(end, i + 1);
  }
  return out;
}

}  // namespace tingchao::analyzer
