#include "analyzer/stance/stance_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/classify/judges.h"

namespace tingchao::analyzer {
namespace {

constexpr const char* label_names[] = {"负面", "中性", "正面"};  // by StanceLabel
constexpr std::size_t reasons_max = 5, model_reasons_max = 3;
constexpr double points_max = 5;  // as a word of the lists may have

std::size_t index_of(const TextModel& model, StanceLabel label) {
  const auto& labels = model.labels();
  return static_cast<std::size_t>(
      std::find(labels.begin(), labels.end(), label_names[static_cast<int>(label)]) - labels.begin());
}

}  // namespace

Result<TextModel> parse_stance_model(std::string_view bytes, std::string_view name) {
  auto model = TextModel::parse(bytes, name);
  if (!model) return model.error();
  for (const StanceLabel label : {StanceLabel::negative, StanceLabel::neutral, StanceLabel::positive})
    if (model->labels().size() != 3 || index_of(*model, label) == 3)
      return Error{Errc::bad_markup, fmt::format("{}: its labels are not 负面, 中性 and 正面", name),
                   "tingchao train --head stance with these labels"};
  return model;
}

Stance read_stance(const TextModel& model, const Lead& lead, const Prepared& prepared,
                   const StanceReader& words) {
  const std::u32string& text = lead.text;
  const std::size_t body_at = lead.body_at;
  if (text.size() <= 1) return words.read(prepared);

  const std::vector<TextModel::Gram> grams = model.grams(lead.grams);
  const TextModel::Answer answer = model.classify(grams);
  const std::vector<double> shares = model.probabilities(answer);
  Stance stance;
  stance.score =
      shares[index_of(model, StanceLabel::positive)] - shares[index_of(model, StanceLabel::negative)];
  for (const StanceLabel label : {StanceLabel::negative, StanceLabel::neutral, StanceLabel::positive})
    if (index_of(model, label) == answer.label) stance.label = label;
  if (stance.label == StanceLabel::neutral) {
    stance.demands = words.asks(prepared);
    return stance;
  }

  Stance by_words = words.read(prepared);
  stance.demands = by_words.demands;
  const double sign = stance.label == StanceLabel::negative ? -1 : 1;
  for (StanceReason& reason : by_words.reasons)
    if (reason.points * sign > 0) stance.reasons.push_back(std::move(reason));
  const std::size_t of_words = stance.reasons.size();
  const auto stretches = model.reasons(text, grams, answer, model_reasons_max);
  for (const TextModel::Reason& stretch : stretches) {
    const Field field = stretch.begin < body_at && body_at > 0 ? Field::title : Field::body;
    const TextView& view = prepared.view(field);
    const std::size_t from = field == Field::title ? 0 : body_at;
    const std::size_t end = std::min(stretch.end - from, view.folded.size());
    const Span span = view.bytes(stretch.begin - from, end);
    const auto overlaps = [&](const StanceReason& other) {
      return other.field == field && other.span.begin < span.end && span.begin < other.span.end;
    };
    if (span.begin >= span.end ||
        std::any_of(stance.reasons.begin(), stance.reasons.begin() + static_cast<std::ptrdiff_t>(of_words),
                    overlaps))
      continue;
    const double points = sign * points_max * answer.probability * stretch.worth / stretches.front().worth;
    stance.reasons.push_back(
        {std::string(view.stored.substr(span.begin, span.end - span.begin)), points, field, span});
  }
  std::stable_sort(
      stance.reasons.begin(), stance.reasons.end(),
      [&](const StanceReason& a, const StanceReason& b) { return a.points * sign > b.points * sign; });
  if (stance.reasons.size() > reasons_max) stance.reasons.resize(reasons_max);
  return stance;
}

}  // namespace tingchao::analyzer
