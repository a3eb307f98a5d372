// Looking things up in a folded view: every answer is a binary search in one of its sorted lists.

#include <algorithm>

#include "analyzer/segment/word_votes.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {

Span TextView::bytes(std::size_t begin, std::size_t end) const {
  if (begin >= end) return {from[std::min(begin, folded.size())], from[std::min(begin, folded.size())]};
  return {from[begin], until[end - 1]};
}

std::size_t TextView::at_byte(std::uint32_t byte) const {
  return std::size_t(std::upper_bound(until.begin(), until.end(), byte) - until.begin());
}

Span TextView::sentence_around(std::size_t folded_index) const {
  if (sentences.size() < 2) return {0, std::uint32_t(stored.size())};
  const auto next = std::upper_bound(sentences.begin(), sentences.end() - 1, std::uint32_t(folded_index));
  const auto first = next == sentences.begin() ? next : next - 1;
  const Span whole = bytes(*first, *(first + 1));
  const std::string_view text = stored.substr(whole.begin, whole.end - whole.begin);
  const std::string_view inner = trim(text);
  if (inner.empty()) return whole;
  const auto begin = std::uint32_t(inner.data() - stored.data());
  return {begin, begin + std::uint32_t(inner.size())};
}

bool crosses_word(const TextView& view, std::size_t begin, std::size_t end) {
  if (view.border.size() != view.folded.size() + 1 || begin >= end) return false;
  if (view.border[begin] && view.border[end]) return false;
  const auto inner = view.border.begin() + std::ptrdiff_t(begin) + 1;
  return std::find(inner, view.border.begin() + std::ptrdiff_t(end), 1) !=
         view.border.begin() + std::ptrdiff_t(end);
}

bool is_no_word(const TextView& view, std::size_t begin, std::size_t end) {
  return view.votes ? view.votes->crosses(view, begin, end) : crosses_word(view, begin, end);
}

}  // namespace tingchao::analyzer
