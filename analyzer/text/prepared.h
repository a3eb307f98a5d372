#pragma once
// A document made ready for matching: each field as a folded view whose every character knows the
// stored bytes it came from, with word, sentence and paragraph borders and the entities found. Built
// once a document; the rule matcher, entities, stance and grouping all read it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis.h"
#include "core/document.h"

namespace tingchao::analyzer {

class WordVotes;

// Folding for matching: NFKC, case folded, full width → half width, traditional → simplified,
// zero-width characters dropped. One stored character may give several folded ones and several may
// give one; `from` maps back, so spans are always bytes of the stored text.
struct TextView {
  std::string_view stored;             // outlives the view
  std::u32string folded;
  std::vector<std::uint32_t> from;     // folded.size() + 1 byte offsets into stored, non-decreasing;
                                       // folded[i] came from stored [from[i], until[i])
  std::vector<std::uint32_t> until;    // folded.size() end offsets

  // Filled by the segmenter: border[i] is 1 when a word begins at folded[i]; size folded.size() + 1,
  // first and last are 1. A hit [a, b) is a union of whole words when border[a] and border[b], lies
  // inside one word when no border is in [a+1, b-1] … see crosses_word().
  std::vector<std::uint8_t> border;
  const WordVotes* votes = nullptr;       // asked about single terms; null: the borders alone decide
  std::vector<std::uint32_t> sentences;   // folded index where each sentence begins, then the size
  std::vector<std::uint32_t> paragraphs;  // the same for paragraphs (line breaks)

  Span bytes(std::size_t begin, std::size_t end) const;     // of folded [begin, end)
  std::size_t at_byte(std::uint32_t byte) const;            // folded index of the character there
  Span sentence_around(std::size_t folded_index) const;     // stored bytes, trimmed of white space
};

// True when [begin, end) neither is a union of whole words nor lies inside one word: 校服 in 学校|服务.
bool crosses_word(const TextView& view, std::size_t begin, std::size_t end);
// The same after all judges of the view; slower, surer, for terms of rules.
bool is_no_word(const TextView& view, std::size_t begin, std::size_t end);

// Folds `stored`; words, sentences and paragraphs still empty (sentences/paragraphs by split()).
TextView fold(std::string_view stored);
// The folded form of a term, as it must be compared.
std::u32string fold_term(std::string_view term);
std::string to_utf8(std::u32string_view text);
// How `stored` had to be read to match the term as its rule writes it: "繁→简、全角→半角"; empty when
// they are the same bytes, or, without a term, when nothing in `stored` folds.
std::string describe_folding(std::string_view stored, std::string_view term);
// Fills sentences (。！？!?… and line breaks; closing quotes stay with their sentence) and paragraphs.
void split(TextView& view);

// The words that put something into a context, and how far they reach.
struct ContextCue {
  enum class Kind : std::uint8_t { negated, refuted, drill, fiction, past } kind = Kind::negated;
  Field field = Field::body;         // of the words; a title speaks for the whole text
  std::uint32_t begin = 0, end = 0;  // folded range of the words
  std::uint32_t from = 0, until = 0; // folded range governed, in the sentence's own field
};

// The context of one sentence: words such as 未发现, 辟谣, 演练, 电影, 十年前 before or around a hit.
struct SentenceContext {
  std::uint32_t begin = 0, end = 0;  // folded range
  Context marks;
  // Folded ranges that a negator governs; a hit inside one is negated.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> negated;
  std::vector<ContextCue> cues;  // why, in order of the text
};

struct Prepared {
  const Document* document = nullptr;
  TextView title, body;
  std::vector<Entity> entities;        // @school @place and their confidence
  std::vector<SentenceContext> title_context, body_context;  // one a sentence, in order
  const TextView& view(Field field) const { return field == Field::title ? title : body; }
};

}  // namespace tingchao::analyzer
