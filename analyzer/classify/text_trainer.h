#pragma once
// Learns a TextModel from labelled texts. The same texts always give the same model, on every machine.

#include <string_view>
#include <vector>

#include "analyzer/classify/text_model.h"
#include "analyzer/classify/text_vectors.h"

namespace tingchao::analyzer {

struct TextTraining {
  int passes = 30;              // of coordinate descent, at most
  std::size_t folds = 5;        // held out in turn to choose, to calibrate and to measure
  double prune = 0;             // n-grams whose weights all stay below are left out
  std::size_t triples_min = 1;  // texts that an n-gram of three characters must stand in, or it is not learnt
};

struct TextTrained {
  TextModel model;
  double cost = 0;  // the C of the L2-regularised squared hinge loss, and the shape: chosen on held-out folds
  GramShape shape;
  float share = 0;         // of the second model (text_trainer.cpp)
  double second_cost = 0;  // its C
  double accuracy = 0;     // on the held-out folds, all texts once
  std::vector<double> f1;  // of each label, there
  double macro_f1() const;
};

// Needs texts of at least two labels. O(passes · labels · n-grams); memory 12 bytes an n-gram.
TextTrained train_texts(std::string_view head, std::vector<std::string> labels,
                        const std::vector<LabelledText>& texts, const TextTraining& how);

}  // namespace tingchao::analyzer
