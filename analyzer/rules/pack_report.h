#pragma once
// What is wrong with one file, told by its bytes and shown by lines and columns: the map between both,
// and the list that grows, bounded, while the file is read and its rules are compiled.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"

namespace tingchao::analyzer {

// Of each grade; more are counted but not told: the first ones explain the others.
inline constexpr std::size_t diagnostics_of_file_max = 200;

class PackReport {
 public:
  // Both outlive the report.
  PackReport(const NamedText& file, std::vector<Diagnostic>& out);

  std::string_view text() const { return text_; }
  const std::string& name() const { return file_.name; }

  // Where a line (from 0) and a byte of it lie in the text.
  std::size_t byte_of(int line, int column) const;
  int line_of(std::size_t byte) const;  // from 1
  // The byte of the expression's character `column` (from 1), the expression being what YAML made of
  // the scalar that begins at `scalar`.
  std::size_t byte_in_scalar(std::size_t scalar, std::string_view expression, std::uint32_t column) const;

  void add(std::size_t byte, std::string_view rule, std::string message, std::string mend,
           Diagnostic::Grade grade = Diagnostic::Grade::error);
  // No more of this grade will be told: spare the work of finding its place.
  bool full(Diagnostic::Grade grade) const { return told_[std::size_t(grade)] >= diagnostics_of_file_max; }
  // Says how many were not told.
  void finish();

 private:
  const NamedText& file_;
  std::string_view text_;
  std::vector<Diagnostic>& out_;
  std::vector<std::size_t> lines_;  // where each begins
  std::array<std::size_t, 2> told_{}, untold_{};  // errors, warnings
};

}  // namespace tingchao::analyzer
