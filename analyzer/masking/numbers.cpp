// Numbers are read as chains of digit groups with at most one joint between (138 1234-5678). A chain, or
// a stretch of its groups, is a phone when its digits fit a numbering plan, an ID card when its check
// digit agrees (GB 11643-1999, ISO 7064 MOD 11-2) or a label says so, and a bank card when the Luhn
// sum agrees or a label says so. What fits none stays: dates, amounts, order numbers, hotlines.
#include <algorithm>
#include <array>

#include "analyzer/masking/cells.h"

namespace tingchao::analyzer::masking {
namespace {

using Labels = std::vector<std::u32string_view>;

struct Group {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

bool joins(char32_t c) {
  return c == U' ' || c == U'-' || c == U'.' || c == U'·' || c == U'—' || c == U'\u00a0' || c == U'\u3000' ||
         c == U'\u2010' || c == U'\u2011' || c == U'–';
}

// The digits of groups [first, last), with the cell of each.
struct Digits {
  std::u32string text;
  std::vector<std::size_t> cells;
};
Digits digits_of(const Cells& cells, const std::vector<Group>& groups, std::size_t first, std::size_t last) {
  Digits digits;
  for (std::size_t g = first; g < last; ++g)
    for (std::size_t i = groups[g].begin; i < groups[g].end; ++i) {
      digits.text.push_back(cells.text[i]);
      digits.cells.push_back(i);
    }
  return digits;
}

void mask_some(Cells& cells, const Digits& digits, std::size_t keep_front, std::size_t keep_back) {
  for (std::size_t i = keep_front; i + keep_back < digits.cells.size(); ++i)
    cells.mask(digits.cells[i], digits.cells[i] + 1);
}

int value(char32_t c) { return static_cast<int>(c - U'0'); }
int number(std::u32string_view digits) {
  int n = 0;
  for (const char32_t c : digits) n = n * 10 + value(c);
  return n;
}

bool is_date(std::u32string_view yyyymmdd) {
  const int year = number(yyyymmdd.substr(0, 4)), month = number(yyyymmdd.substr(4, 2)),
            day = number(yyyymmdd.substr(6, 2));
  return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
bool is_division(std::u32string_view digits) {
  const int province = number(digits.substr(0, 2));
  return (province >= 11 && province <= 65) || province == 71 || province == 81 || province == 82 || province == 83;
}

bool id_checksum(std::u32string_view id) {
  static constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  static constexpr std::u32string_view checks = U"10X98765432";
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += value(id[i]) * weights[i];
  return checks[static_cast<std::size_t>(sum % 11)] == (id[17] == U'x' ? U'X' : id[17]);
}

bool luhn(std::u32string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int d = value(digits[digits.size() - 1 - i]);
    if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

bool is_mobile(std::u32string_view d) { return d.size() == 11 && d[0] == U'1' && d[1] >= U'3'; }

// 010 and 02x take eight digits, the other area codes seven or eight.
std::size_t area_code(std::u32string_view d) {
  if (d.size() < 10 || d[0] != U'0') return 0;
  if (d[1] == U'1' || d[1] == U'2') return d.size() == 11 && d[3] >= U'2' ? 3 : 0;
  return d[1] >= U'3' && (d.size() == 11 || d.size() == 12) && d[4] >= U'2' ? 4 : 0;
}

// The ID card that begins at the chain's digits: 18 with an X at the end perhaps, or 15.
bool mask_id(Cells& cells, Digits digits, std::size_t chain_end) {
  const bool labelled = cells.labelled(digits.cells.front(), {U"身份证", U"身份证号", U"身份证号码", U"证件号", U"id"});
  if (digits.text.size() == 17 && (cells.at(chain_end) == U'X' || cells.at(chain_end) == U'x') &&
      !cells.is_word(chain_end + 1)) {
    digits.text.push_back(U'X');
    digits.cells.push_back(chain_end);
  }
  bool is_id = false;
  if (digits.text.size() == 18)
    is_id = labelled || (is_division(digits.text) && is_date(digits.text.substr(6, 8)) && id_checksum(digits.text));
  if (digits.text.size() == 15)
    is_id = labelled || (is_division(digits.text) && is_date(U"19" + digits.text.substr(6, 6)));
  if (is_id) mask_some(cells, digits, 3, 2);
  return is_id;
}

bool mask_card(Cells& cells, const Digits& digits) {
  static const Labels labels{U"卡号", U"银行卡", U"银行卡号", U"账号", U"帐号", U"账户", U"信用卡", U"储蓄卡", U"借记卡"};
  const bool labelled = digits.text.size() >= 12 && cells.labelled(digits.cells.front(), labels);
  const bool shaped = digits.text.size() >= 16 && digits.text[0] >= U'3' && digits.text[0] <= U'6' && luhn(digits.text);
  if (digits.text.size() > 19 || !(labelled || shaped)) return false;
  mask_some(cells, digits, 4, 4);
  return true;
}

bool mask_phone(Cells& cells, Digits digits) {
  // +86, 0086, 86 before a mobile number, in the same chain or as its head.
  for (const std::u32string_view prefix : {std::u32string_view(U"0086"), std::u32string_view(U"86")})
    if (digits.text.size() == 11 + prefix.size() && digits.text.starts_with(prefix) &&
        is_mobile(std::u32string_view(digits.text).substr(prefix.size()))) {
      digits.text.erase(0, prefix.size());
      digits.cells.erase(digits.cells.begin(), digits.cells.begin() + static_cast<std::ptrdiff_t>(prefix.size()));
      break;
    }
  if (is_mobile(digits.text)) {
    mask_some(cells, digits, 3, 4);
    return true;
  }
  if (const std::size_t area = area_code(digits.text)) {
    mask_some(cells, digits, area + 2, 2);
    return true;
  }
  static const Labels labels{U"电话", U"联系电话", U"咨询电话", U"座机", U"固话", U"tel", U"tel.", U"致电", U"联系方式",
                             U"热线", U"传真", U"手机", U"手机号"};
  const bool local = digits.text.size() == 7 || digits.text.size() == 8;
  if (!local || digits.text[0] < U'2' || !cells.labelled(digits.cells.front(), labels)) return false;
  if (digits.text.size() == 8 && is_date(digits.text)) return false;
  mask_some(cells, digits, 2, 2);
  return true;
}

// How people group the eleven digits of a mobile number; any other grouping is something else.
bool is_mobile_grouping(const std::vector<Group>& groups, std::size_t first, std::size_t last) {
  const std::size_t count = last - first;
  if (count == 1) return true;
  const std::size_t a = groups[first].size();
  if (count == 2) return a == 3 || a == 7 || a == 4 || a == 2 || (a == 4 && groups[first + 1].size() == 7);
  if (count == 3) return a >= 2 && a <= 4 && groups[first + 1].size() >= 3;
  return true;  // digit by digit, or with a country code
}

void mask_chain(Cells& cells, const std::vector<Group>& groups) {
  const std::size_t end = groups.back().end;
  for (std::size_t first = 0; first < groups.size(); ++first)
    for (std::size_t last = groups.size(); last > first; --last) {
      // A phone number spelt with a joint between all digits has eleven groups; more is a table.
      if (last - first > 14) continue;
      const Digits digits = digits_of(cells, groups, first, last);
      if (digits.text.size() < 7 || digits.text.size() > 19) continue;
      if (digits.text.starts_with(U"400") || digits.text.starts_with(U"800")) {
        if (digits.text.size() == 10) return;  // a public service number
      }
      const std::size_t cell_end = last == groups.size() ? end : groups[last - 1].end;
      const bool phone_shaped = is_mobile_grouping(groups, first, last) && mask_phone(cells, digits);
      if (phone_shaped || mask_id(cells, digits, cell_end) || mask_card(cells, digits)) {
        first = last - 1;
        break;
      }
    }
}

}  // namespace

void mask_numbers(Cells& cells) {
  for (std::size_t i = 0; i < cells.size();) {
    const bool begins = cells.is_digit(i) && !cells.in_url[i] && !(i > 0 && cells.is_letter(i - 1));
    if (!begins) {
      // Digits that cling to letters (B13812345678) are still a phone when they are eleven.
      if (cells.is_digit(i) && !cells.in_url[i]) {
        std::size_t end = i;
        while (cells.is_digit(end)) ++end;
        const Digits digits = digits_of(cells, {{i, end}}, 0, 1);
        if (is_mobile(digits.text)) mask_some(cells, digits, 3, 4);
        i = end;
      } else {
        ++i;
      }
      continue;
    }
    std::vector<Group> groups;
    std::size_t at = i;
    while (cells.is_digit(at)) {
      Group group{at, at};
      while (cells.is_digit(group.end)) ++group.end;
      groups.push_back(group);
      at = group.end;
      // (0571)8765-4321: a bracket may close the area code.
      if (cells.is_digit(at + 1) && (joins(cells.at(at)) || cells.at(at) == U')' || cells.at(at) == U'）')) ++at;
    }
    mask_chain(cells, groups);
    i = groups.back().end;
  }
}

}  // namespace tingchao::analyzer::masking
