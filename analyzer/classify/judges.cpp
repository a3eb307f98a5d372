#include "analyzer/classify/judges.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t reasons_max = 3;

Judgement judge_one(const TextModel& model, const Lead& lead) {
  const auto grams = model.grams(lead.grams);
  const TextModel::Answer answer = model.classify(grams);
  Judgement judgement{.head = model.head(),
                      .label = model.labels()[answer.label],
                      .probability = answer.probability,
                      .because = {}};
  if (judgement.head == relevance_head && judgement.label == "0") return judgement;
  for (const TextModel::Reason& reason : model.reasons(lead.text, grams, answer, reasons_max)) {
    std::u32string stretch = lead.text.substr(reason.begin, reason.end - reason.begin);
    std::replace(stretch.begin(), stretch.end(), U'\n', U' ');
    judgement.because.push_back(to_utf8(stretch));
  }
  return judgement;
}

}  // namespace

Lead lead_of(std::u32string_view title, std::u32string_view body, const NumberedSet* known) {
  Lead lead;
  lead.text = title;
  if (!lead.text.empty()) lead.text += U'\n';
  lead.body_at = lead.text.size();
  lead.text.append(body, 0, lead_chars);
  lead.grams = known ? hashed_grams(lead.text, *known) : hashed_grams(lead.text);
  return lead;
}

Result<Judges> Judges::build(const std::vector<NamedText>& models) {
  Judges judges;
  for (const NamedText& each : models) {
    auto model = TextModel::parse(each.text, each.name);
    if (!model) return model.error();
    for (const TextModel& other : judges.models_)
      if (other.head() == model->head())
        return Error{Errc::bad_markup, fmt::format("{}: a second model of the head {}", each.name, model->head()),
                     "name one model a head"};
    judges.models_.push_back(std::move(*model));
  }
  std::stable_partition(judges.models_.begin(), judges.models_.end(),
                        [](const TextModel& model) { return model.head() == relevance_head; });
  return judges;
}

void Judges::add_to(NumberedSet& all) const {
  for (const TextModel& model : models_) all.add(model.known());
}

void Judges::renumber(const NumberedSet& all) {
  for (TextModel& model : models_) model.renumber(all);
}

std::vector<Judgement> Judges::judge(const Lead& lead) const {
  std::vector<Judgement> out;
  if (lead.text.size() <= 1) return out;
  for (const TextModel& model : models_) {
    out.push_back(judge_one(model, lead));
    if (out.back().head == relevance_head && out.back().label == "0") break;
  }
  return out;
}

}  // namespace tingchao::analyzer
