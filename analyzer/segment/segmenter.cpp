#include "analyzer/segment/segmenter.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyzer/segment/shipped.h"
#include "analyzer/segment/word_list.h"

namespace tingchao::analyzer {
namespace {

constexpr double weight_max = 10;
// How strongly a word of weight 1 holds together, in logits a character: as much as overrules what the model
// thinks of a pair that it has seldom seen, and not what it is sure of.
constexpr double strength = 1.0;
constexpr double name_weight = 3;

Result<OwnWords> own_words(const std::vector<NamedText>& lexicons, const std::vector<std::string>& words) {
  std::map<std::u32string, double> weights;
  for (const std::string& word : words) weights[fold_term(word)] = name_weight;
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
  OwnWords own;
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (const auto& [word, weight] : weights) {
    if (weight == 0 || word.size() < 2) continue;
    entries.emplace_back(word, static_cast<std::uint32_t>(own.strengths.size()));
    own.strengths.push_back(static_cast<float>(weight * strength * static_cast<double>(word.size())));
  }
  own.trie = WordTrie(std::move(entries));
  return own;
}

}  // namespace

Result<std::unique_ptr<Segmenter>> Segmenter::build(const std::vector<NamedText>& lexicons,
                                                    const std::vector<std::string>& words,
                                                    const NamedText& model) {
  auto own = own_words(lexicons, words);
  if (!own) return own.error();
  auto array = WordArray::open(shipped_words());
  if (!array) return array.error();
  const bool shipped = model.name.empty();
  auto weights = BorderWeights::parse(
      shipped ? shipped_borders() : std::string_view(model.text),
      shipped ? std::string_view("models/segment-gsdsimp.model") : std::string_view(model.name));
  if (!weights) return weights.error();
  std::unique_ptr<Segmenter> segmenter(new Segmenter(BorderModel(*weights, std::move(*array))));
  segmenter->own_ = std::move(*own);
  auto votes = WordVotes::open(segmenter->model_, segmenter->own_);
  if (!votes) return votes.error();
  segmenter->votes_ = std::move(*votes);
  return segmenter;
}

}  // namespace tingchao::analyzer
