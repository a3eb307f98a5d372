#include "analyzer/train.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analyzer/classify/text_trainer.h"
#include "analyzer/segment/border_trainer.h"
#include "analyzer/segment/shipped.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

Result<TrainedModel> train_segmenter(const NamedText& gold) {
  auto words = WordArray::open(shipped_words());
  if (!words) return words.error();
  auto trained = train_borders(gold.text, gold.name, *words);
  if (!trained) return trained.error();
  const BorderWeights& weights = trained->weights;
  return TrainedModel{
      weights.to_bytes(),
      {{"sentences", std::to_string(trained->sentences)},
       {"gaps", std::to_string(trained->gaps)},
       {"wrong in the last pass", fmt::format("{:.3f} %", trained->wrong * 100)},
       {"n-grams", std::to_string(weights.ones.size() + weights.twos.size() + weights.threes.size())}}};
}

// What an analyst may expect of the model on texts like those that it learnt from.
std::vector<std::pair<std::string, std::string>> facts_of(const TextTrained& trained,
                                                          const std::vector<LabelledText>& texts) {
  const std::vector<std::string>& labels = trained.model.labels();
  std::vector<std::pair<std::string, std::string>> facts{
      {"texts", std::to_string(texts.size())},
      {"labels", std::to_string(labels.size())},
      {"chosen", fmt::format("C {}, rarity to the {}/4, three characters {}, {} of a second model of C {}",
                             trained.cost, trained.shape.rarity_quarters, trained.shape.three, trained.share,
                             trained.second_cost)},
      {"accuracy, held-out folds", fmt::format("{:.4f}", trained.accuracy)},
      {"macro-F1, held-out folds", fmt::format("{:.4f}", trained.macro_f1())}};
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const auto of_label = std::count_if(texts.begin(), texts.end(),
                                        [&](const LabelledText& text) { return text.label == k; });
    facts.emplace_back("F1 of " + labels[k], fmt::format("{:.4f} ({} texts)", trained.f1[k], of_label));
  }
  return facts;
}

Result<TrainedModel> train_classifier(std::string_view head, const NamedText& labelled, const Thrift& thrift) {
  std::map<std::string, std::size_t> number_of;
  std::vector<std::pair<std::string, std::string_view>> lines;
  int number = 0;
  const std::string_view all = labelled.text;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    std::string_view line = all.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("# ")) continue;
    const auto wrong = [&](std::string what, std::string mend) {
      return Error{Errc::bad_markup, fmt::format("{}:{}: {}", labelled.name, number, what), std::move(mend)};
    };
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) return wrong("no tab", "label TAB text a line");
    if (trim(line.substr(0, tab)).empty()) return wrong("no label", "label TAB text a line");
    if (!is_utf8(line)) return wrong("not UTF-8", "convert it: iconv -t utf-8");
    lines.emplace_back(trim(line.substr(0, tab)), line.substr(tab + 1));
    number_of.emplace(lines.back().first, 0);
  }
  if (number_of.size() < 2)
    return Error{Errc::bad_markup, fmt::format("{}: {} label(s)", labelled.name, number_of.size()),
                 "two labels at least"};
  if (number_of.size() > 1000)
    return Error{Errc::bad_markup, fmt::format("{}: {} labels", labelled.name, number_of.size()),
                 "at most 1000; is the label really in front of the tab?"};
  std::vector<std::string> labels;
  for (auto& [label, index] : number_of) {
    index = labels.size();
    labels.push_back(label);
  }
  std::vector<LabelledText> texts;
  for (const auto& [label, text] : lines) texts.push_back({fold(text).folded, number_of[label]});
  const TextTrained trained =
      train_texts(head, std::move(labels), texts, {.prune = thrift.prune, .triples_min = thrift.triples_min});
  return TrainedModel{trained.model.to_bytes(), facts_of(trained, texts)};
}

}  // namespace

Result<TrainedModel> train(std::string_view head, const NamedText& labels, const Thrift& thrift) {
  if (trim(head).empty())
    return Error{Errc::bad_config, "a head without a name", "segment, relevance, stance …"};
  return head == segment_head ? train_segmenter(labels) : train_classifier(head, labels, thrift);
}

}  // namespace tingchao::analyzer
