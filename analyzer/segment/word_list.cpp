// A line's last blank-separated part is its number when it reads as one; all before is the word.
#include "analyzer/segment/word_list.h"

#include <charconv>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {

std::vector<NumberedLine> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<NumberedLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    line = trim(line.substr(0, line.find('#')));
    if (!line.empty()) lines.push_back({number, line});
  }
  return lines;
}

Result<std::vector<ListedWord>> parse_word_list(const NamedText& list, double limit) {
  if (!is_utf8(list.text))
    return Error{Errc::bad_config, fmt::format("{}: not UTF-8", list.name), "save the file as UTF-8"};
  std::vector<ListedWord> words;
  for (const NumberedLine& line : lines_of(list.text)) {
    ListedWord word{.word = std::string(line.text), .line = line.line};
    const std::size_t blank = line.text.find_last_of(" \t");
    const std::string_view last = blank == line.text.npos ? std::string_view{} : line.text.substr(blank + 1);
    double number = 0;
    const auto read = std::from_chars(last.data(), last.data() + last.size(), number);
    if (!last.empty() && read.ec == std::errc{} && read.ptr == last.data() + last.size()) {
      if (!(number >= -limit && number <= limit))
        return Error{Errc::bad_config,
                     fmt::format("{}:{}: the number {} is out of range", list.name, line.line, last),
                     fmt::format("use a number from {} to {}", -limit, limit)};
      word.word = std::string(trim(line.text.substr(0, blank)));
      word.number = number;
      word.has_number = true;
    }
    if (count_chars(word.word) > word_chars_max)
      return Error{
          Errc::bad_config,
          fmt::format("{}:{}: a word of more than {} characters", list.name, line.line, word_chars_max),
          "write one word a line"};
    words.push_back(std::move(word));
  }
  return words;
}

std::string_view stem(std::string_view path) {
  if (const std::size_t slash = path.find_last_of("/\\"); slash != path.npos) path.remove_prefix(slash + 1);
  return path.substr(0, path.find('.'));
}

}  // namespace tingchao::analyzer
