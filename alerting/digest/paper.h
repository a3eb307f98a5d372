#pragma once
// A Word document being written: paragraphs of named styles, tables and pictures, in the layout of official
// papers (GB/T 9704: A4, text area 156 × 225 mm, title 小标宋 二号, text 仿宋 三号, 22 lines a page, page
// numbers outside).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace tingchao::alerting {

std::string ordinal(std::size_t number);           // 一 … 九十九, 1…99
std::string in_brackets(const std::string& text);  // （…）; nothing of nothing
// A sentence of ours as official papers write it: "，" for " · ", and no space between a Chinese character
// and a number or Latin letter, where Word sets its own.
std::string official(std::string_view text);

class Paper {
 public:
  void paragraph(const char* style, std::string_view text) { linked(style, text, "", ""); }
  void heading(std::string_view text) {
    paragraph("Heading1", ordinal(++headings_) + "、" + std::string(text));
  }
  // The line under a title, its two parts at the ends over a red rule: "2026年第105期 … 2026年4月15日".
  void masthead(std::string_view left, std::string_view right);
  // A paragraph that ends in a link; `link` may be empty.
  void linked(const char* style, std::string_view before, std::string_view words, const std::string& link);
  // `width` × `height` as shown, in pixels of 1/96 inch.
  void picture(const std::string& png, std::pair<int, int> size, std::string_view alt);
  // The first row is the head, repeated on every page; a line feed within a cell begins a line there;
  // `widths` in twentieths of a point.
  void table(const std::vector<int>& widths, const std::vector<std::vector<std::string>>& rows);
  // The file's bytes. Fails with io.
  Result<std::string> pack(const std::string& title, const std::string& creator) const;

 private:
  std::string anchor(std::string_view words, const std::string& link);
  std::string document() const;
  std::string relations() const;

  std::string body_;
  std::vector<std::string> links_, pictures_;
  std::size_t headings_ = 0;
};

}  // namespace tingchao::alerting
