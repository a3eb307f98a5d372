#include "analyzer/classify/text_vectors.h"

#include <algorithm>
#include <cmath>

#include "analyzer/classify/grams.h"

namespace tingchao::analyzer {

template <class Wanted>
void TextVectors::keep(Wanted wanted) {
  std::size_t kept = 0, at = 0;
  for (std::size_t text = 0; text < texts(); ++text) {
    const std::size_t end = begins_[text + 1];
    begins_[text] = kept;
    for (; at < end; ++at) {
      if (!wanted(features_[at].column)) continue;
      features_[kept] = features_[at];
      counts_[kept++] = counts_[at];
    }
  }
  begins_.back() = kept;
  features_.resize(kept);
  counts_.resize(kept);
}

TextVectors::TextVectors(const std::vector<LabelledText>& texts, std::size_t triples_min) {
  std::vector<std::uint32_t> with(std::size_t{1} << gram_bits);
  std::vector<std::uint8_t> length(with.size());
  std::vector<std::uint32_t> of_text;
  for (const LabelledText& text : texts) {
    begins_.push_back(features_.size());
    of_text.clear();
    each_gram(text.folded, [&](const HashedGram& gram) {
      of_text.push_back(gram.bucket);
      length[gram.bucket] = static_cast<std::uint8_t>(gram.characters);
    });
    std::sort(of_text.begin(), of_text.end());
    for (std::size_t i = 0; i < of_text.size();) {
      const std::size_t begin = i;
      while (i < of_text.size() && of_text[i] == of_text[begin]) ++i;
      features_.push_back({of_text[begin], 0});
      counts_.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(i - begin, 0xFFFF)));
      ++with[of_text[begin]];
    }
  }
  begins_.push_back(features_.size());
  const auto wanted = [&](std::uint32_t bucket) {
    return with[bucket] > 0 && (length[bucket] < 3 || with[bucket] >= triples_min);
  };
  keep(wanted);
  std::vector<std::uint32_t> column_of(with.size());
  for (std::uint32_t bucket = 0; bucket < with.size(); ++bucket) {
    if (!wanted(bucket)) continue;
    column_of[bucket] = static_cast<std::uint32_t>(buckets_.size());
    buckets_.push_back(bucket);
    texts_with_.push_back(with[bucket]);
    lengths_.push_back(length[bucket]);
  }
  for (Feature& feature : features_) feature.column = column_of[feature.column];
}

float TextVectors::worth(std::size_t column, const GramShape& shape) const {
  const double rarity = std::log(1 + static_cast<double>(texts()) / static_cast<double>(texts_with_[column]));
  // Square roots are the same on every machine, powers need not be.
  double worth = rarity;
  if (shape.rarity_quarters == 2) worth = std::sqrt(rarity);
  if (shape.rarity_quarters == 3) worth = std::sqrt(rarity * std::sqrt(rarity));
  // As the model's file keeps it.
  const float weighed = static_cast<float>(worth) * (lengths_[column] == 3 ? shape.three : 1);
  return std::round(weighed * importance_scale) / importance_scale;
}

void TextVectors::weigh(const GramShape& shape) {
  std::vector<float> worths(buckets_.size());
  for (std::size_t column = 0; column < worths.size(); ++column) worths[column] = worth(column, shape);
  for (std::size_t text = 0; text < texts(); ++text) {
    float squares = 0;
    for (std::size_t i = begins_[text]; i < begins_[text + 1]; ++i) {
      Feature& feature = features_[i];
      feature.value = term_frequency(counts_[i]) * worths[feature.column];
      squares += feature.value * feature.value;
    }
    const float length = squares > 0 ? 1 / std::sqrt(squares) : 0;
    for (std::size_t i = begins_[text]; i < begins_[text + 1]; ++i) features_[i].value *= length;
  }
}

}  // namespace tingchao::analyzer
