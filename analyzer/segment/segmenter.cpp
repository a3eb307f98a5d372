// ICU votes for or against a border at every gap. Each lexicon word that stands in the text may be
// laid over those votes: it gains weight × length², and pays for every vote it overrules (a border
// inside it, a missing border at its ends). The best set of words that do not overlap is found by
// dynamic programming from left to right. Where no lexicon word lies, ICU's borders stand.
//
// With weight 1 a two-character word gains 4 and a vote weighs 1.5: 校服 in 小学校|服 overrules two
// votes and wins, in 学校|服务 it would overrule three and loses.
#include "analyzer/segment/segmenter.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyzer/segment/word_list.h"

namespace tingchao::analyzer {
namespace {

constexpr float vote = 1.5f;
constexpr double weight_max = 10;

// Inside a run of Latin letters or digits no word begins or ends: such a run is one token.
bool in_run(std::u32string_view text, std::size_t at) {
  const auto part = [](char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9'); };
  return at > 0 && at < text.size() && part(text[at - 1]) && part(text[at]);
}

struct Laid {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;  // 0: no lexicon word ends here
  bool after_word = false;   // the best path had a lexicon word end at `begin`
};

}  // namespace

Result<std::unique_ptr<Segmenter>> Segmenter::build(const std::vector<NamedText>& lexicons,
                                                    const std::vector<std::string>& words) {
  auto icu = IcuWords::open();
  if (!icu) return icu.error();

  std::map<std::u32string, double> weights;
  for (const std::string& word : words) weights[fold_term(word)] = 1;
  for (const NamedText& lexicon : lexicons) {
    auto listed = parse_word_list(lexicon, weight_max);
    if (!listed) return listed.error();
    for (const ListedWord& word : *listed) {
      if (word.number < 0)
        return Error{Errc::bad_config, fmt::format("{}:{}: a weight below 0", lexicon.name, word.line),
                     "0 takes a word out of the lexicon"};
      weights[fold_term(word.word)] = word.number;
    }
  }
  auto segmenter = std::make_unique<Segmenter>();
  segmenter->icu_ = std::move(*icu);
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (const auto& [word, weight] : weights) {
    if (weight == 0 || word.size() < 2) continue;
    entries.emplace_back(word, static_cast<std::uint32_t>(segmenter->gains_.size()));
    segmenter->gains_.push_back(static_cast<float>(weight) * static_cast<float>(word.size() * word.size()));
  }
  segmenter->lexicon_ = WordTrie(std::move(entries));
  return segmenter;
}

void Segmenter::mark(TextView& view) const {
  icu_->mark(view.folded, view.border);
  apply_lexicon(view);
}

void Segmenter::apply_lexicon(TextView& view) const {
  const std::u32string& text = view.folded;
  std::vector<std::uint8_t>& border = view.border;
  const std::size_t size = text.size();
  if (size < 2 || lexicon_.empty()) return;

  // best_word[i]: the best sum when a lexicon word ends at i; best_plain[i]: when none does.
  std::vector<float> best_word(size + 1, -1e9f), best_plain(size + 1, 0);
  std::vector<Laid> word_at(size + 1);
  std::vector<std::uint8_t> plain_after_word(size + 1, 0);
  bool any = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (!in_run(text, i)) lexicon_.each(text, i, [&](WordTrie::Found found) {
      const std::size_t end = i + found.length;
      if (in_run(text, end)) return;
      float gain = gains_[found.value];
      for (std::size_t gap = i + 1; gap < end; ++gap) gain -= border[gap] ? vote : 0;
      gain -= border[end] ? 0 : vote;
      const float after_plain = best_plain[i] - (border[i] ? 0 : vote);
      const bool after_word = best_word[i] >= after_plain;
      const float sum = gain + std::max(best_word[i], after_plain);
      if (sum <= best_word[end]) return;
      best_word[end] = sum;
      word_at[end] = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(found.length), after_word};
      any = true;
    });
    plain_after_word[i + 1] = best_word[i] > best_plain[i];
    best_plain[i + 1] = std::max(best_word[i], best_plain[i]);
  }
  if (!any) return;

  bool word = best_word[size] > best_plain[size];
  for (std::size_t i = size; i > 0;) {
    if (!word) {
      word = plain_after_word[i];
      --i;
      continue;
    }
    const Laid laid = word_at[i];
    border[i] = border[laid.begin] = 1;
    std::fill(border.begin() + laid.begin + 1, border.begin() + static_cast<std::ptrdiff_t>(i), std::uint8_t{0});
    i = laid.begin;
    word = laid.after_word;
  }
}

}  // namespace tingchao::analyzer
