#include "analyzer/classify.h"

#include "analyzer/classify/text_model.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

Classifier::Classifier(std::unique_ptr<TextModel> model) : model_(std::move(model)) {}
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;
Classifier::~Classifier() = default;

Result<Classifier> Classifier::parse(const NamedText& model) {
  auto parsed = TextModel::parse(model.text, model.name);
  if (!parsed) return parsed.error();
  return Classifier(std::make_unique<TextModel>(std::move(*parsed)));
}

const std::string& Classifier::head() const { return model_->head(); }
const std::vector<std::string>& Classifier::labels() const { return model_->labels(); }

Verdict Classifier::judge(std::string_view text, std::size_t reasons) const {
  const TextView view = fold(text);
  const std::vector<TextModel::Gram> grams = model_->grams(view.folded);
  const TextModel::Answer answer = model_->classify(grams);
  Verdict judgement{model_->labels()[answer.label], answer.probability, {}};
  if (reasons > 0)
    for (const TextModel::Reason& reason : model_->reasons(view.folded, grams, answer, reasons))
      judgement.because.push_back(view.bytes(reason.begin, reason.end));
  return judgement;
}

}  // namespace tingchao::analyzer
