#pragma once
// Learns a TextModel from labelled texts. The same texts always give the same model, on every machine.

#include <string_view>
#include <vector>

#include "analyzer/classify/text_model.h"

namespace tingchao::analyzer {

struct LabelledText {
  std::u32string folded;
  std::size_t label = 0;
};

struct TextTraining {
  double cost = 0;  // C of the L2-regularised squared hinge loss; 0: the best of a few on a held-out fold
  int passes = 30;  // of coordinate descent, at most
  std::size_t folds = 4;  // held out in turn to calibrate the probabilities
  bool idf = true;
  double prune = 0;  // buckets whose weights all stay below are left out
};

struct TextTrained {
  TextModel model;
  double cost = 0;      // the C that was used
  double accuracy = 0;  // on the held-out folds
};

// Needs texts of at least two labels. O(passes · labels · n-grams); memory 8 bytes an n-gram.
TextTrained train_texts(std::string_view head, std::vector<std::string> labels,
                        const std::vector<LabelledText>& texts, const TextTraining& how);

}  // namespace tingchao::analyzer
