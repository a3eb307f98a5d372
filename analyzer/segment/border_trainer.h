#pragma once
// Learns the border model from text that people cut into words. The same text and lexicon always give the
// same weights, on every machine.

#include <cstddef>
#include <string_view>

#include "analyzer/segment/border_weights.h"
#include "core/result.h"

namespace tingchao::analyzer {

struct BorderTraining {
  int epochs = 8;
  double step = 0.25;   // of AdaGrad
  double decay = 1e-6;  // L2, per gap seen
  double prune = 0.10;  // n-grams whose weights all stay below (in logits) are left out
  std::uint32_t twos_min = 1, threes_min = 1;  // how often an n-gram must occur

  // What did best on development sets of that size: few sentences need more restraint and more passes.
  static BorderTraining for_gaps(std::size_t gaps);
};

struct BorderTrained {
  BorderWeights weights;
  std::size_t sentences = 0, gaps = 0;
  double wrong = 0;  // share of gaps decided wrongly in the last pass over the training text
};

// `gold`: a sentence a line, words separated by white space. Fails with bad_markup naming `name` and the line
// when it is not UTF-8 or holds no borders at all. Time: O(epochs · characters); memory: some 60 bytes a
// character.
Result<BorderTrained> train_borders(std::string_view gold, std::string_view name, const WordArray& words);
Result<BorderTrained> train_borders(std::string_view gold, std::string_view name, const WordArray& words,
                                    const BorderTraining& how);

}  // namespace tingchao::analyzer
