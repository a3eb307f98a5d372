// Each character that folding changes is sorted into one of the kinds that people know.

#include <array>

#include "analyzer/text/fold_table.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::array<std::string_view, 7> kinds = {"繁→简", "全角→半角", "大写→小写", "零宽字符", "组合字符",
                                                   "兼容字符", "空白"};
enum Kind : unsigned { simplified, half_width, lower_case, zero_width, composed, compatible, blank };

unsigned kinds_of(std::string_view text) {
  unsigned found = 0;
  const FoldTable& table = FoldTable::instance();
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    const FoldTable::Entry entry = table.entry(c);
    if (entry.plain()) continue;
    const char32_t to = entry.single() ? entry.character() : 0;
    if (entry.dropped()) {
      found |= 1u << zero_width;
    } else if (entry.joins()) {
      found |= 1u << composed;
    } else if ((c >= 0xFF00 && c < 0xFFF0) || c == 0x3000) {
      found |= 1u << half_width;
      if (c >= 0xFF21 && c <= 0xFF3A) found |= 1u << lower_case;
    } else if (is_han(c) && is_han(to)) {
      found |= 1u << simplified;
    } else if (to != 0 && (c < 0x2000 || c >= 0x10000)) {
      found |= 1u << lower_case;
    } else {
      found |= 1u << compatible;
    }
  }
  return found;
}

}  // namespace

std::string describe_folding(std::string_view stored, std::string_view term) {
  if (stored == term) return "";
  unsigned found = kinds_of(stored) | kinds_of(term);
  if (found == 0 && !term.empty()) found = 1u << blank;  // a phrase over another width of white space
  std::string out;
  for (unsigned kind = 0; kind < kinds.size(); ++kind) {
    if (!(found >> kind & 1)) continue;
    if (!out.empty()) out += "、";
    out += kinds[kind];
  }
  return out;
}

}  // namespace tingchao::analyzer
