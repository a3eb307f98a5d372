// Lines are found by binary search; columns count characters, as an editor does.

#include "analyzer/rules/pack_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

bool is_blank(char32_t c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// YAML's own signs and indentation around an expression are at most so much longer than it.
constexpr std::size_t scalar_growth = 8, scalar_slack = 4096;

}  // namespace

PackReport::PackReport(const NamedText& file, std::vector<Diagnostic>& out)
    : file_(file), text_(file.text), out_(out) {
  lines_.push_back(0);
  for (std::size_t at = 0; (at = text_.find('\n', at)) != text_.npos;) lines_.push_back(++at);
}

std::size_t PackReport::byte_of(int line, int column) const {
  if (line < 0 || std::size_t(line) >= lines_.size()) return text_.size();
  return std::min(lines_[std::size_t(line)] + std::size_t(std::max(column, 0)), text_.size());
}

int PackReport::line_of(std::size_t byte) const {
  return int(std::upper_bound(lines_.begin(), lines_.end(), byte) - lines_.begin());
}

std::size_t PackReport::byte_in_scalar(std::size_t scalar, std::string_view expression, std::uint32_t column) const {
  // Walks both at once: what YAML left out (quotes, indentation, a block's head) is stepped over.
  std::size_t at = std::min(scalar, text_.size());
  const std::string_view file = text_.substr(0, at + expression.size() * scalar_growth + scalar_slack);
  if (at < file.size() && (file[at] == '|' || file[at] == '>')) at = std::min(file.find('\n', at), file.size());
  std::size_t in = 0;
  for (std::uint32_t passed = 1; in < expression.size(); ++passed) {
    const char32_t c = next_char(expression, in);
    std::size_t found = at;
    while (found < file.size()) {
      std::size_t behind = found;
      const char32_t f = next_char(file, behind);
      if (f == c || (is_blank(c) && is_blank(f))) break;
      found = behind;
    }
    if (found >= file.size()) break;  // an escape that cannot be followed: the last place known
    if (passed == column) return found;
    next_char(file, found);
    at = found;
    const bool more_blanks = in < expression.size() && is_blank(char32_t(expression[in]));
    while (is_blank(c) && !more_blanks && at < file.size() && is_blank(char32_t(file[at]))) ++at;
  }
  return at;
}

void PackReport::add(std::size_t byte, std::string_view rule, std::string message, std::string mend,
                     Diagnostic::Grade grade) {
  if (full(grade)) {
    ++untold_[std::size_t(grade)];
    return;
  }
  ++told_[std::size_t(grade)];
  byte = std::min(byte, text_.size());
  Diagnostic one;
  one.grade = grade;
  one.file = file_.name;
  one.line = line_of(byte);
  const std::size_t begin = lines_[std::size_t(one.line) - 1];
  const bool mark = begin == 0 && text_.substr(0, 3) == "\xEF\xBB\xBF";
  one.column = int(count_chars(text_.substr(begin, byte - begin))) + 1 - int(mark && byte >= 3);
  one.rule = rule;
  one.message = std::move(message);
  one.mend = std::move(mend);
  out_.push_back(std::move(one));
}

void PackReport::finish() {
  for (const auto grade : {Diagnostic::Grade::error, Diagnostic::Grade::warning}) {
    const std::size_t more = untold_[std::size_t(grade)];
    if (more == 0) continue;
    told_[std::size_t(grade)] = 0;
    const char* what = grade == Diagnostic::Grade::error ? "错误" : "提醒";
    add(text_.size(), "", fmt::format("另有 {} 处{}没有列出", more, what), "先改正前面的", grade);
  }
}

}  // namespace tingchao::analyzer
