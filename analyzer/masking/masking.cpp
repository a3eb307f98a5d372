// Characters are read one by one into cells, the detectors mark, and what is marked is written as '*'.
#include "analyzer/masking/masking.h"

#include <algorithm>

#include "analyzer/masking/cells.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace masking {

bool Cells::labelled(std::size_t place, const std::vector<std::u32string_view>& labels) const {
  static constexpr std::size_t joints_max = 4;
  std::size_t end = place;
  for (std::size_t joints = 0;; ++joints) {
    for (const std::u32string_view label : labels) {
      if (label.size() > end) continue;
      bool same = true;
      for (std::size_t i = 0; same && i < label.size(); ++i) {
        char32_t c = text[end - label.size() + i];
        if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
        same = c == label[i];
      }
      if (same) return true;
    }
    if (joints == joints_max || end == 0 ||
        std::u32string_view(U" :：\t(（[【是为号码") .find(text[end - 1]) == std::u32string_view::npos)
      return false;
    --end;
  }
}

namespace {

Cells read_cells(std::string_view text) {
  Cells cells;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    const bool wide = (c >= U'０' && c <= U'９') || (c >= U'Ａ' && c <= U'Ｚ') || (c >= U'ａ' && c <= U'ｚ');
    cells.text.push_back(wide || c == U'＠' || c == U'－' ? c - 0xfee0 : c);
  }
  cells.masked.assign(cells.size(), 0);
  cells.in_url.assign(cells.size(), 0);
  for (std::size_t i = cells.text.find(U"://"); i != cells.text.npos; i = cells.text.find(U"://", i)) {
    while (i < cells.size() && cells.text[i] > U' ' && cells.text[i] < 0x7f) cells.in_url[i++] = 1;
  }
  return cells;
}

}  // namespace
}  // namespace masking

namespace {

std::string mask_once(std::string_view text) {
  masking::Cells cells = masking::read_cells(text);
  masking::mask_email(cells);
  masking::mask_numbers(cells);
  masking::mask_handles(cells);
  masking::mask_plates(cells);
  masking::mask_addresses(cells);
  if (std::find(cells.masked.begin(), cells.masked.end(), 1) == cells.masked.end()) return std::string(text);

  std::string out;
  std::size_t cell = 0;
  for (std::size_t at = 0; at < text.size(); ++cell) {
    const char32_t c = next_char(text, at);
    append_char(out, cells.masked[cell] ? U'*' : c);
  }
  return out;
}

}  // namespace

std::string mask_text(std::string_view text) {
  // What one finding takes away may have hidden another. Real texts are done after the second pass; the
  // bound is for texts made to need more.
  constexpr int passes_max = 6;
  std::string masked = mask_once(text), before(text);
  for (int pass = 1; pass < passes_max && masked != before; ++pass) {
    before = std::move(masked);
    masked = mask_once(before);
  }
  return masked;
}

}  // namespace tingchao::analyzer
