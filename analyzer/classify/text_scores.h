#pragma once
// What held-out margins are worth: how well they tell labels apart, what to add to each label's, and how far
// they may be trusted. Pure; all O(texts · labels) times a constant number of tries.

#include <vector>

#include "analyzer/classify/text_vectors.h"

namespace tingchao::analyzer {

// By text, by label. Texts that were not judged have none.
using Margins = std::vector<std::vector<float>>;

struct Scores {
  double accuracy = 0;
  std::vector<double> f1;  // of each label
  double macro_f1() const;
};
// Of the texts that have margins.
Scores scores_of(const Margins& margins, const std::vector<LabelledText>& texts, std::size_t labels);

// What to add to each label's bias, where that makes macro-F1 notably better: one-against-the-rest margins
// sell labels short that are rare and unclear. Gains that are chance are left alone.
std::vector<float> offsets_of(const Margins& margins, const std::vector<LabelledText>& texts, std::size_t labels);
void add_offsets(Margins& margins, const std::vector<float>& offsets);

// The factor that makes the margins the logits which explain their labels best. All texts must have margins.
double sharpness_of(const Margins& margins, const std::vector<LabelledText>& texts);

}  // namespace tingchao::analyzer
