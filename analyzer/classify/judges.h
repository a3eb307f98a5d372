#pragma once
// All questions that learnt models answer about a document. Its title and lead are cut into n-grams once, and
// every model looks up the same ones: the models have learnt from short texts, and what an article is about
// stands in front. Pure and immutable.

#include <vector>

#include "analyzer/classify.h"
#include "analyzer/classify/text_model.h"
#include "analyzer/rules.h"
#include "core/result.h"

namespace tingchao::analyzer {

inline constexpr std::size_t lead_chars = 160;

// The title, a line break, the begin of the body.
struct Lead {
  std::u32string text;
  std::size_t body_at = 0;  // where in `text` the body begins
  std::vector<HashedGram> grams;
};
// Both folded. With a set: only the n-grams that it has, as it numbers them.
Lead lead_of(std::u32string_view title, std::u32string_view body, const NumberedSet* known = nullptr);

class Judges {
 public:
  Judges() = default;
  // `models`: of `tingchao train`, one a head. Fails with bad_markup naming the file, or when two are of one head.
  static Result<Judges> build(const std::vector<NamedText>& models);

  // Relevance first. Where it is refused (label 0) the other heads, which have only learnt from relevant texts,
  // are not asked. Empty: no text, or no models.
  std::vector<Judgement> judge(const Lead& lead) const;
  // The n-grams that the models know, added; and see TextModel::renumber().
  void add_to(NumberedSet& all) const;
  void renumber(const NumberedSet& all);

 private:
  std::vector<TextModel> models_;
};

inline constexpr const char* relevance_head = "relevance";

}  // namespace tingchao::analyzer
