// Offsets come from a store that may hold what another version wrote, so every span is checked against
// the text before it is used.
#include "alerting/digest/excerpt.h"

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t sentence_chars_min = 6;
constexpr std::size_t look_around = 1200;  // bytes searched for a sentence's ends

bool is_border(std::string_view text, std::size_t at) {
  return at == text.size() || (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80);
}

std::string_view span_of(std::string_view text, Span span) {
  if (span.begin >= span.end || span.end > text.size()) return {};
  if (!is_border(text, span.begin) || !is_border(text, span.end)) return {};
  return text.substr(span.begin, span.end - span.begin);
}

constexpr std::array<std::string_view, 8> enders{"。", "！", "？", "!", "?", "\n", "\r", "；"};

// The length of the sentence end that stands at `at`, or 0.
std::size_t ender_at(std::string_view text, std::size_t at) {
  for (const std::string_view ender : enders)
    if (text.substr(at, ender.size()) == ender) return ender.size();
  return 0;
}

// The sentence that begins at `from`, its end mark included.
std::string_view sentence_from(std::string_view text, std::size_t from) {
  std::size_t at = from;
  while (at < text.size() && at - from < look_around) {
    if (const std::size_t length = ender_at(text, at)) {
      const bool line = text[at] == '\n' || text[at] == '\r';
      return text.substr(from, at - from + (line ? 0 : length));
    }
    next_char(text, at);
  }
  return text.substr(from, at - from);
}

std::string_view sentence_around(std::string_view text, std::size_t at) {
  std::size_t from = at > look_around ? at - look_around : 0;
  while (!is_border(text, from)) ++from;
  std::size_t start = from;
  for (std::size_t walk = from; walk < at;) {
    if (const std::size_t length = ender_at(text, walk)) {
      start = walk + length;
      walk = start;
    } else {
      next_char(text, walk);
    }
  }
  return trim(sentence_from(text, start));
}

bool is_telling(std::string_view sentence) { return count_chars(sentence) >= sentence_chars_min; }

std::string_view matched(const Document& document, const Analysis& analysis) {
  for (const RuleMatch& match : analysis.matches)
    for (const Hit& hit : match.hits) {
      if (hit.field != Field::body) continue;
      const std::string_view sentence = trim(span_of(document.body, hit.sentence));
      if (is_telling(sentence)) return sentence;
    }
  return {};
}

std::string_view felt(const Document& document, const Analysis& analysis) {
  for (const StanceReason& reason : analysis.stance.reasons) {
    if (reason.field != Field::body || span_of(document.body, reason.span).empty()) continue;
    const std::string_view sentence = sentence_around(document.body, reason.span.begin);
    if (is_telling(sentence)) return sentence;
  }
  return {};
}

std::string_view first_of(const Document& document) {
  const std::string_view body = document.body;
  for (std::size_t at = 0; at < body.size() && at < look_around;) {
    const std::string_view sentence = sentence_from(body, at);
    if (is_telling(trim(sentence))) return trim(sentence);
    at += std::max<std::size_t>(sentence.size(), 1);
    while (at < body.size() && !is_border(body, at)) ++at;
  }
  return trim(body.size() < look_around ? body : std::string_view{});
}

}  // namespace

std::string_view telling_sentence(const Document& document, const Analysis& analysis) {
  if (!is_utf8(document.body)) return document.title;
  for (const std::string_view found : {matched(document, analysis), felt(document, analysis), first_of(document)})
    if (!found.empty()) return found;
  return document.title;
}

}  // namespace tingchao::alerting
