// Sentences end behind a terminator and whatever closes with it (quotes, brackets, more
// terminators), and at line breaks; a paragraph is a line. White space between two belongs to the
// one before, so every sentence begins with something to read.

#include <algorithm>

#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {
namespace {

// Posts without any punctuation would be one sentence of a whole page: useless as evidence. Longer
// runs are cut behind the last comma or space that fits, or hard.
constexpr std::uint32_t sentence_chars_max = 400;

bool is_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0x2028 || c == 0x2029; }
bool is_break(char32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }
bool is_closing(char32_t c) {
  constexpr std::u32string_view closing = U"”’\"')]}》〉」』】〕";
  return closing.find(c) != closing.npos;
}
bool is_comma(char32_t c) { return c == ',' || c == ';' || c == U'、' || is_space(c); }
bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 0xDF && c < 0x250); }

// True when the character at i ends a sentence. A full stop of Latin script ends one only behind a
// word and before white space; of two or more dots (… folds to three) the last does.
bool is_end(std::u32string_view text, std::size_t i) {
  const char32_t c = text[i];
  if (c == U'。' || c == '!' || c == '?') return true;
  if (c != '.' || i == 0) return false;
  const bool last = i + 1 == text.size() || is_space(text[i + 1]) || is_closing(text[i + 1]);
  if (text[i - 1] == '.') return i + 1 == text.size() || text[i + 1] != '.';
  return last && is_letter(text[i - 1]);
}

void cut_long(std::u32string_view text, std::vector<std::uint32_t>& sentences, std::uint32_t end) {
  while (end - sentences.back() > sentence_chars_max) {
    const std::uint32_t begin = sentences.back();
    std::uint32_t at = begin + sentence_chars_max;
    while (at > begin && !is_comma(text[at - 1])) --at;
    sentences.push_back(at == begin ? begin + sentence_chars_max : at);
  }
}

}  // namespace

void split(TextView& view) {
  const std::u32string_view text = view.folded;
  view.sentences.clear();
  view.paragraphs.clear();
  const auto size = std::uint32_t(text.size());
  bool ended = true, broken = true;  // what comes next begins a sentence, a paragraph
  for (std::uint32_t i = 0; i < size; ++i) {
    const char32_t c = text[i];
    if (is_space(c)) {
      if (is_break(c)) ended = broken = true;
      continue;
    }
    if (broken) {
      view.paragraphs.push_back(view.paragraphs.empty() ? 0 : i);
      broken = false;
    }
    const bool follows_end = ended && !view.sentences.empty() && i > 0 && !is_space(text[i - 1]);
    if (ended && !(follows_end && (is_closing(c) || is_end(text, i)))) {
      if (!view.sentences.empty()) cut_long(text, view.sentences, i);
      view.sentences.push_back(view.sentences.empty() ? 0 : i);
      ended = false;
    }
    if (is_end(text, i)) ended = true;
  }
  if (size > 0 && view.sentences.empty()) view.sentences.push_back(0), view.paragraphs.push_back(0);
  if (size > 0) cut_long(text, view.sentences, size);
  view.sentences.push_back(size);
  view.paragraphs.push_back(size);
}

}  // namespace tingchao::analyzer
