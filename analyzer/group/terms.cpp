// Anchors are taken from the entities and from figures with units; their characters are then left out of
// the words, so that two matters of one school do not look alike by the school's name. The title counts
// three times: as words and as pairs of characters, which survive where segmentation differs.
#include "analyzer/group/terms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "analyzer/entity/entities.h"
#include "analyzer/segment/word_list.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr float title_weight = 3, body_weight = 1, topic_weight = 2;
constexpr float school_weight = 3, place_weight = 1.5f, body_name_weight = 1, number_weight = 1;
constexpr std::size_t anchors_max = 12, body_chars_read = 4000;

// What is counted in news about people and money; units of time are left out, for dates tell nothing.
constexpr std::array<std::u32string_view, 22> number_units{
    U"万元", U"亿元", U"名", U"人", U"岁", U"元", U"例", U"所", U"户", U"斤", U"吨",
    U"辆",   U"位",   U"套", U"份", U"箱", U"家", U"起", U"亩", U"米", U"分", U"%"};

using Taken = std::vector<std::uint8_t>;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_word_char(char32_t c) { return c > 0x3fff || is_han(c) || (c >= U'a' && c <= U'z') || is_digit(c); }

// Words with their weights, in a table with open addressing: a text has many, most of them seen once.
class WeightedWords {
 public:
  struct Entry {
    std::u32string_view word;
    float weight = 0;
  };
  explicit WeightedWords(std::size_t most) {
    std::size_t size = 16;
    while (size < 2 * most) size *= 2;
    places_.assign(size, 0);
    entries_.reserve(most);
  }
  float& operator[](std::u32string_view word) {
    std::uint64_t hash = 0;
    for (const char32_t c : word) hash = (hash ^ c) * 0x9E3779B97F4A7C15u;
    for (std::size_t i = hash >> 32 & (places_.size() - 1);; i = (i + 1) & (places_.size() - 1)) {
      if (places_[i] == 0) {
        entries_.push_back({word, 0});
        places_[i] = static_cast<std::uint32_t>(entries_.size());
      }
      Entry& entry = entries_[places_[i] - 1];
      if (entry.word == word) return entry.weight;
    }
  }
  std::vector<Entry>& entries() { return entries_; }

 private:
  std::vector<std::uint32_t> places_;  // 0: free; else the entry's number plus one
  std::vector<Entry> entries_;
};

}  // namespace

struct TermReader::Sums {
  WeightedWords words;
  std::map<std::string, float> anchors;
  void anchor(std::string_view prefix, std::string_view what, float weight) {
    float& sum = anchors[std::string(prefix) + std::string(what)];
    // Said twice is surer than once, but not twice as telling.
    sum = sum == 0 ? weight : std::min(sum + weight / 2, 2 * weight);
  }
  // Figures with units: 36名, 1.5万元. Marks them taken.
  void numbers(const TextView& view, Taken& taken, float weight) {
    const std::u32string& text = view.folded;
    const std::size_t size = std::min(text.size(), body_chars_read);
    for (std::size_t i = 0; i < size; ++i) {
      if (!is_digit(text[i]) || taken[i]) continue;
      std::size_t end = i;
      while (end < size &&
             (is_digit(text[end]) || (text[end] == U'.' && end + 1 < size && is_digit(text[end + 1]))))
        ++end;
      const std::u32string_view rest = std::u32string_view(text).substr(end, 3);
      std::size_t unit = rest.starts_with(U"余") || rest.starts_with(U"多") ? 1 : 0;
      std::size_t length = 0;
      for (const std::u32string_view candidate : number_units)
        if (rest.substr(unit).starts_with(candidate)) {
          length = candidate.size();
          break;
        }
      if (length > 0) {
        const std::u32string name = text.substr(i, end - i) + text.substr(end + unit, length);
        anchor(number_anchor, to_utf8(name), weight);
        std::fill(taken.begin() + static_cast<std::ptrdiff_t>(i),
                  taken.begin() + static_cast<std::ptrdiff_t>(end + unit + length), std::uint8_t{1});
      }
      i = end;
    }
  }
};

Result<TermReader> TermReader::build(const std::vector<NamedText>& lexicons) {
  TermReader reader;
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (const NamedText& lexicon : lexicons) {
    if (stem(lexicon.name) != stopwords_stem) continue;
    const auto words = parse_word_list(lexicon, 1);
    if (!words) return words.error();
    for (const ListedWord& word : *words) entries.emplace_back(fold_term(word.word), 0);
  }
  reader.stopwords_ = WordTrie(std::move(entries));
  return reader;
}

std::vector<TermWeight> TermReader::read(const Prepared& prepared,
                                         const std::vector<std::string>& topics) const {
  const std::u32string_view title = prepared.title.folded;
  const std::size_t body_size = std::min(prepared.body.folded.size(), body_chars_read);
  Sums sums{WeightedWords(2 * title.size() + body_size / 2 + topics.size()), {}};
  Taken in_title(title.size(), 0), in_body(prepared.body.folded.size(), 0);
  for (const Entity& entity : prepared.entities) {
    if (is_generic(entity)) continue;
    const TextView& view = prepared.view(entity.field);
    Taken& taken = entity.field == Field::title ? in_title : in_body;
    const auto begin = static_cast<std::ptrdiff_t>(view.at_byte(entity.span.begin));
    const auto end = static_cast<std::ptrdiff_t>(view.at_byte(entity.span.end));
    std::fill(taken.begin() + begin, taken.begin() + std::max(begin, end), std::uint8_t{1});
    const float factor = (entity.field == Field::title ? 1.0f : 0.5f) * static_cast<float>(entity.confidence);
    if (entity.kind == EntityKind::school) sums.anchor(school_anchor, entity.id, school_weight * factor);
    if (entity.kind == EntityKind::place) sums.anchor(place_anchor, entity.id, place_weight * factor);
    if (entity.kind == EntityKind::organisation)
      sums.anchor(body_anchor, entity.id, body_name_weight * factor);
  }
  sums.numbers(prepared.title, in_title, number_weight);
  sums.numbers(prepared.body, in_body, number_weight / 2);

  add_words(prepared.title, in_title, title_weight, sums);
  add_words(prepared.body, in_body, body_weight, sums);
  for (std::size_t i = 0; i + 1 < title.size(); ++i)
    if (is_han(title[i]) && is_han(title[i + 1]) && !in_title[i] && !in_title[i + 1] &&
        !stopwords_.contains(title.substr(i, 2)))
      sums.words[title.substr(i, 2)] += title_weight;
  std::vector<std::u32string> topic_terms;  // all at hand before the first is looked at
  for (const std::string& topic : topics) {
    std::u32string& term = topic_terms.emplace_back(U"topic:");
    for (std::size_t at = 0; at < topic.size();) term += next_char(topic, at);
  }
  for (const std::u32string& topic : topic_terms) sums.words[topic] += topic_weight;

  const auto heavier = [](const TermWeight& a, const TermWeight& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  };
  std::vector<TermWeight> terms;
  for (const auto& [term, weight] : sums.anchors) terms.push_back({term, weight, true});
  std::sort(terms.begin(), terms.end(), heavier);
  if (terms.size() > anchors_max) terms.resize(anchors_max);
  // Characters in order of their numbers are UTF-8 in order of its bytes.
  auto& words = sums.words.entries();
  const std::size_t kept = std::min(words.size(), analysis_terms_max - terms.size());
  const auto end = words.begin() + static_cast<std::ptrdiff_t>(kept);
  const auto weightier = [](const WeightedWords::Entry& a, const WeightedWords::Entry& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.word < b.word;
  };
  if (end != words.end()) std::nth_element(words.begin(), end, words.end(), weightier);
  std::sort(words.begin(), end, weightier);
  const auto anchors = static_cast<std::ptrdiff_t>(terms.size());
  terms.reserve(terms.size() + kept);
  for (std::size_t i = 0; i < kept; ++i) terms.push_back({to_utf8(words[i].word), words[i].weight, false});
  std::inplace_merge(terms.begin(), terms.begin() + anchors, terms.end(), heavier);
  return terms;
}

void TermReader::add_words(const TextView& view, const std::vector<std::uint8_t>& taken, float weight,
                           Sums& sums) const {
  const std::size_t size = std::min(view.folded.size(), body_chars_read);
  WeightedWords counts(size / 2);
  for (std::size_t begin = 0; begin < size;) {
    bool named = taken[begin], word_like = is_word_char(view.folded[begin]),
         figure = is_digit(view.folded[begin]);
    std::size_t end = begin + 1;
    for (; end < size && !view.border[end]; ++end) {
      named = named || taken[end];
      word_like = word_like && is_word_char(view.folded[end]);
      figure = figure && is_digit(view.folded[end]);
    }
    const std::u32string_view word = std::u32string_view(view.folded).substr(begin, end - begin);
    if (word.size() >= 2 && word_like && !named && !figure && !stopwords_.contains(word)) ++counts[word];
    begin = end;
  }
  for (const auto& [word, count] : counts.entries())
    sums.words[word] += weight * (count == 1 ? 1 : 1 + std::log(count));
}

}  // namespace tingchao::analyzer
