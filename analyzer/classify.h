#pragma once
// Which label fits a text, how surely, and why: one head of the classifiers. Pure and immutable.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "core/analysis.h"
#include "core/result.h"

namespace tingchao::analyzer {

class TextModel;

struct Verdict {
  std::string label;
  double probability = 0;     // 0…1, calibrated on held-out texts
  std::vector<Span> because;  // bytes of the text that speak most for it, best first
};

class Classifier {
 public:
  // `model` as train() makes it. Fails with bad_markup naming file and byte.
  static Result<Classifier> parse(const NamedText& model);
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;
  ~Classifier();

  const std::string& head() const;
  const std::vector<std::string>& labels() const;
  // `text` valid UTF-8. O(length).
  Verdict judge(std::string_view text, std::size_t reasons = 3) const;

 private:
  explicit Classifier(std::unique_ptr<TextModel> model);
  std::unique_ptr<TextModel> model_;
};

}  // namespace tingchao::analyzer
