// E-mail by its at-sign; QQ and WeChat names only behind a label, for they look like any word; car plates
// by the province's character and the letter of the town.
#include <algorithm>

#include "analyzer/masking/cells.h"
#include "core/utf8.h"

namespace tingchao::analyzer::masking {
namespace {

bool in_local_part(const Cells& cells, std::size_t i) {
  return cells.is_word(i) || std::u32string_view(U"._-+%").find(cells.at(i)) != std::u32string_view::npos;
}

}  // namespace

void mask_email(Cells& cells) {
  for (std::size_t at = 1; at + 3 < cells.size(); ++at) {
    if (cells.text[at] != U'@') continue;
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && in_local_part(cells, begin - 1)) --begin;
    while (cells.is_word(end) || cells.at(end) == U'-' || (cells.at(end) == U'.' && cells.is_word(end + 1)))
      ++end;
    const std::u32string_view domain = std::u32string_view(cells.text).substr(at + 1, end - at - 1);
    const std::size_t dot = domain.rfind(U'.');
    if (begin == at || dot == domain.npos || dot == 0 || domain.size() - dot < 3) continue;
    cells.mask(at - begin > 2 ? begin + 1 : begin, at);
  }
}

void mask_handles(Cells& cells) {
  static const std::vector<std::u32string_view> qq{U"qq",   U"扣扣", U"qq群",  U"q群",
                                                   U"企鹅", U"加q",  U"腾讯qq"};
  static const std::vector<std::u32string_view> wechat{U"微信",   U"威信",   U"薇信", U"v信", U"微信同",
                                                       U"加微信", U"加微",   U"vx",   U"wx",  U"加v",
                                                       U"wechat", U"微信id", U"卫星"};
  for (std::size_t i = 1; i < cells.size(); ++i) {
    if (!cells.is_word(i) || cells.is_word(i - 1) || cells.in_url[i]) {
      // QQ12345678, vx:abc and the like without anything between.
      const bool clings = i >= 2 && cells.is_digit(i) && cells.is_letter(i - 1);
      if (!clings || cells.in_url[i]) continue;
    }
    std::size_t end = i;
    bool has_digit = false;
    while (cells.is_word(end) ||
           ((cells.at(end) == U'_' || cells.at(end) == U'-') && cells.is_word(end + 1))) {
      has_digit = has_digit || cells.is_digit(end);
      ++end;
    }
    const std::size_t length = end - i;
    const bool digits = std::all_of(cells.text.begin() + static_cast<std::ptrdiff_t>(i),
                                    cells.text.begin() + static_cast<std::ptrdiff_t>(end),
                                    [](char32_t c) { return c >= U'0' && c <= U'9'; });
    const bool is_qq = digits && length >= 5 && length <= 11 && cells.labelled(i, qq);
    // 微信paycode without a digit and without a colon is a word of the sentence, not a name.
    const bool marked =
        i > 0 && std::u32string_view(U":：号").find(cells.text[i - 1]) != std::u32string_view::npos;
    const bool is_wechat = length >= 6 && length <= 20 && (has_digit || marked) && cells.labelled(i, wechat);
    if (is_qq || is_wechat) {
      cells.mask(i + 2, end - 1);
      i = end - 1;
    }
  }
}

void mask_plates(Cells& cells) {
  static constexpr std::u32string_view provinces =
      U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
  const auto letter = [&](std::size_t i) {
    return cells.is_letter(i) && (cells.at(i) | 32) != U'i' && (cells.at(i) | 32) != U'o';
  };
  for (std::size_t i = 0; i + 6 < cells.size(); ++i) {
    if (provinces.find(cells.text[i]) == provinces.npos || !letter(i + 1)) continue;
    std::size_t begin = i + 2;
    if (std::u32string_view(U"·•・. -").find(cells.at(begin)) != std::u32string_view::npos) ++begin;
    std::size_t end = begin;
    int digits = 0;
    while (cells.is_word(end)) digits += cells.is_digit(end++);
    // Five characters, six for electric cars, with figures among them.
    if ((end - begin != 5 && end - begin != 6) || digits < 2) continue;
    cells.mask(begin + 1, end - 1);
    i = end - 1;
  }
}

}  // namespace tingchao::analyzer::masking
