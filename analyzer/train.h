#pragma once
// Makes models out of text that people have worked on: sentences cut into words for the segmenter, labelled
// texts for the classifiers. Pure; the same input always gives the same bytes.

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "core/result.h"

namespace tingchao::analyzer {

inline constexpr std::string_view segment_head = "segment";

struct TrainedModel {
  std::string bytes;
  std::vector<std::pair<std::string, std::string>> facts;  // what was learnt from, and how well, for people
};

struct Thrift {
  double prune = 0;             // leaves out n-grams whose weights all stay below; a tenth halves the model
  std::size_t triples_min = 1;  // does not learn n-grams of three characters that stand in fewer texts
};

// `head` is "segment": a sentence a line, words separated by spaces. Any other name makes a classifier of
// that name: "label TAB text" a line. Empty lines and lines that begin with "# " are passed over. Fails with
// bad_markup, naming file and line. The thrift is for classifiers.
Result<TrainedModel> train(std::string_view head, const NamedText& labels, const Thrift& thrift = {});

}  // namespace tingchao::analyzer
