#pragma once
// What the classifier says of texts that no rule matched: is it about education at all? The one place that
// asks, so that where the answer comes from can change.

#include <optional>

#include "analyzer/classify.h"
#include "core/document.h"
#include "core/result.h"
#include "service/config.h"

namespace tingchao::service {

class Relevance {
 public:
  // The configured model of the head, else the shipped one. Fails as Classifier::parse, or with not_found.
  static Result<Relevance> load(const Config& config);
  // Probability that the text is relevant, 0…1. O(title and lead).
  double of(const Document& document) const;

 private:
  explicit Relevance(analyzer::Classifier classifier) : classifier_(std::move(classifier)) {}
  analyzer::Classifier classifier_;
};

}  // namespace tingchao::service
