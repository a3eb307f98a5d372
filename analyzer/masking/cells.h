#pragma once
// A text spread out for masking: one cell a character, full-width digits and letters also read as the
// narrow ones. Detectors look at cells and mark those that must go.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::analyzer::masking {

struct Cells {
  std::u32string text;               // narrow
  std::vector<std::uint8_t> masked;  // by cell
  std::vector<std::uint8_t> in_url;  // numbers in an address of the web name a page, not a person

  std::size_t size() const { return text.size(); }
  char32_t at(std::size_t i) const { return i < text.size() ? text[i] : U'\0'; }
  bool is_digit(std::size_t i) const { return at(i) >= U'0' && at(i) <= U'9'; }
  bool is_letter(std::size_t i) const {
    return (at(i) >= U'a' && at(i) <= U'z') || (at(i) >= U'A' && at(i) <= U'Z');
  }
  bool is_word(std::size_t i) const { return is_digit(i) || is_letter(i); }
  void mask(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end && i < masked.size(); ++i) masked[i] = 1;
  }
  // True when one of `labels` ends right before `at`, with nothing between but what joins a label to
  // its value: 电话：, 微信号是.
  bool labelled(std::size_t at, const std::vector<std::u32string_view>& labels) const;
};

// The detectors, in the order in which they run.
void mask_email(Cells& cells);
void mask_numbers(Cells& cells);    // phones, ID cards, bank cards
void mask_handles(Cells& cells);    // QQ, WeChat
void mask_plates(Cells& cells);
void mask_addresses(Cells& cells);

}  // namespace tingchao::analyzer::masking
