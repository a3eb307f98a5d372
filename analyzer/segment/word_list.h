#pragma once
// Lists of words as people write them: a word a line, perhaps a number after it, '#' begins a remark.
// One form for user lexicons, stop words and the words of stance.

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "core/result.h"

namespace tingchao::analyzer {

struct ListedWord {
  std::string word;  // as written; inner spaces kept, so 请 … 处理 is one entry
  double number = 1;
  bool has_number = false;
  int line = 0;
};

// Lines that are neither empty nor remarks, trimmed, with their numbers; a byte order mark is skipped.
struct NumberedLine {
  int line = 0;
  std::string_view text;
};
std::vector<NumberedLine> lines_of(std::string_view text);

// Fails with bad_config naming file and line: not UTF-8, a number out of [-limit, limit], a word
// longer than word_chars_max.
Result<std::vector<ListedWord>> parse_word_list(const NamedText& list, double limit);
inline constexpr std::size_t word_chars_max = 32;

// A file's name without folders and ending: "rules/stance/negative.txt" is "negative".
std::string_view stem(std::string_view path);

}  // namespace tingchao::analyzer
