// The analyzer's own way: fold both fields, cut sentences and words, find entities, mark contexts,
// match the rules, then read off stance, terms and fingerprint. Each step is one call.
#include "analyzer/analyze.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "analyzer/classify/judges.h"
#include "analyzer/entity/entities.h"
#include "analyzer/group/terms.h"
#include "analyzer/masking/masking.h"
#include "analyzer/rules/lint.h"
#include "analyzer/rules/match.h"
#include "analyzer/segment/segmenter.h"
#include "analyzer/segment/word_list.h"
#include "analyzer/similarity/fingerprint.h"
#include "analyzer/stance/stance.h"
#include "analyzer/stance/stance_model.h"
#include "analyzer/text/context.h"
#include "analyzer/text/prepared.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t near_ids_max = 3;

// How many letters must change to make one word of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] != b[j])});
      diagonal = above;
    }
  }
  return row.back();
}

std::string nearest_ids(const std::vector<Rule>& rules, std::string_view wanted) {
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const Rule& rule : rules) near.emplace_back(edit_distance(wanted, rule.id), rule.id);
  const std::size_t kept = std::min(near.size(), near_ids_max);
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end());
  std::string text;
  for (std::size_t i = 0; i < kept; ++i) text += (i ? ", " : "") + std::string(near[i].second);
  return text;
}

Document document_of(const Example& example) {
  Document document;
  document.id = "example";
  const std::size_t end = example.text.find('\n');
  if (end == std::string::npos) {
    document.body = example.text;
  } else {
    document.title = example.text.substr(0, end);
    document.body = example.text.substr(end + 1);
  }
  return document;
}

// What is said of the facts around the hits, over all of them.
Context context_of_hits(const std::vector<RuleMatch>& matches, const Prepared& prepared) {
  Context all;
  for (const RuleMatch& match : matches)
    for (const Hit& hit : match.hits) {
      const TextView& view = prepared.view(hit.field);
      const std::size_t at = view.at_byte(hit.span.begin);
      const auto& sentences = hit.field == Field::title ? prepared.title_context : prepared.body_context;
      for (const SentenceContext& sentence : sentences) {
        if (at < sentence.begin || at >= sentence.end) continue;
        all.refuted = all.refuted || sentence.marks.refuted;
        all.drill = all.drill || sentence.marks.drill;
        all.fiction = all.fiction || sentence.marks.fiction;
        all.past = all.past || sentence.marks.past;
        for (const auto& [begin, end] : sentence.negated)
          all.negated = all.negated || (at >= begin && at < end);
      }
    }
  return all;
}

}  // namespace

namespace {

std::string version_of_materials(const Materials& materials) {
  std::string all = materials.rules ? version_of(*materials.rules) : "none";
  const auto add = [&](const NamedText& text) {
    all += fmt::format("\n{}\n{}", text.name, sha256_hex(text.text));
  };
  for (const auto* texts : {&materials.lexicons, &materials.gazetteers, &materials.rosters,
                            &materials.context, &materials.stance, &materials.models})
    for (const NamedText& text : *texts) add(text);
  add(materials.stance_model);
  add(materials.borders);
  return "analyzer-" + sha256_hex(all + "\n" + materials.region).substr(0, 12);
}

}  // namespace

struct Analyzer::Impl {
  std::shared_ptr<const RuleSet> rules;
  std::shared_ptr<const ContextWords> context;
  std::unique_ptr<Segmenter> segmenter;
  std::unique_ptr<EntityFinder> entities;
  std::unique_ptr<StanceReader> stance;
  std::optional<TextModel> stance_model;
  Judges judges;
  NumberedSet known{gram_buckets};  // n-grams of any of those models
  TermReader terms;
  std::string version;

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
    entities->find(prepared);
    mark_context(prepared, *context);
    return prepared;
  }
};

Analyzer::Analyzer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Analyzer::~Analyzer() = default;

Result<std::shared_ptr<const Analyzer>> Analyzer::build(Materials materials) {
  auto impl = std::make_unique<Impl>();
  impl->version = version_of_materials(materials);
  auto entities = EntityFinder::build(materials.gazetteers, materials.rosters, materials.region);
  if (!entities) return entities.error();
  impl->entities = std::move(*entities);

  auto terms = TermReader::build(materials.lexicons);
  if (!terms) return terms.error();
  impl->terms = std::move(*terms);

  std::erase_if(materials.lexicons,
                [](const NamedText& list) { return stem(list.name) == TermReader::stopwords_stem; });
  // The bureau's own places and schools are words, whatever the model makes of them.
  std::vector<std::string> names = impl->entities->gazetteer().words();
  const std::vector<std::string>& schools = impl->entities->roster().words();
  names.insert(names.end(), schools.begin(), schools.end());
  auto segmenter = Segmenter::build(materials.lexicons, names, materials.borders);
  if (!segmenter) return segmenter.error();
  impl->segmenter = std::move(*segmenter);

  auto stance = StanceReader::build(materials.stance);
  if (!stance) return stance.error();
  impl->stance = std::move(*stance);
  if (!materials.stance_model.text.empty()) {
    auto model = parse_stance_model(materials.stance_model.text, materials.stance_model.name);
    if (!model) return model.error();
    impl->stance_model = std::move(*model);
  }

  auto judges = Judges::build(materials.models);
  if (!judges) return judges.error();
  impl->judges = std::move(*judges);
  impl->judges.add_to(impl->known);
  if (impl->stance_model) impl->known.add(impl->stance_model->known());
  impl->judges.renumber(impl->known);
  if (impl->stance_model) impl->stance_model->renumber(impl->known);

  auto context = parse_context(materials.context);
  if (!context) return context.error();
  impl->context = std::move(*context);
  impl->rules = std::move(materials.rules);
  return std::shared_ptr<const Analyzer>(new Analyzer(std::move(impl)));
}

Document Analyzer::mask(Document document) const {
  document.title = mask_text(is_utf8(document.title) ? document.title : to_valid_utf8(document.title));
  document.body = mask_text(is_utf8(document.body) ? document.body : to_valid_utf8(document.body));
  document.content_hash = content_hash(document.title, document.body);
  return document;
}

Analysis Analyzer::analyze(const Document& document) const {
  Prepared prepared = impl_->prepare(document);
  Analysis analysis;
  analysis.document = document.id;
  if (impl_->rules) {
    analysis.matches = match(*impl_->rules, prepared);
    analysis.rules_version = version_of(*impl_->rules);
  }
  for (const RuleMatch& found : analysis.matches)
    if (std::find(analysis.topics.begin(), analysis.topics.end(), found.topic) == analysis.topics.end())
      analysis.topics.push_back(found.topic);
  // The packs are about schools, and the one that only tells relevance has the topic 基础教育 itself.
  analysis.education = !analysis.topics.empty();
  const Lead lead = lead_of(prepared.title.folded, prepared.body.folded, &impl_->known);
  analysis.stance = impl_->stance_model
                        ? read_stance(*impl_->stance_model, lead, prepared, *impl_->stance)
                        : impl_->stance->read(prepared);
  analysis.judgements = impl_->judges.judge(lead);
  analysis.ours = impl_->entities->is_ours(document, prepared.entities);
  analysis.context = context_of_hits(analysis.matches, prepared);
  analysis.terms = impl_->terms.read(prepared, analysis.topics);
  analysis.fingerprint = fingerprint(prepared.title.folded, prepared.body.folded);
  analysis.entities = std::move(prepared.entities);
  std::erase_if(analysis.entities, is_generic);
  return analysis;
}

Result<std::string> Analyzer::explain(const Document& document, std::string_view rule) const {
  static const std::vector<Rule> none;
  const std::vector<Rule>& rules = impl_->rules ? rules_of(*impl_->rules) : none;
  const auto named = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == rule; });
  if (!rule.empty() && named == rules.end()) {
    const std::string near = nearest_ids(rules, rule);
    return Error{Errc::not_found, fmt::format("no rule has the id {}", rule),
                 near.empty() ? "no rules are loaded" : fmt::format("nearest ids: {}", near)};
  }
  const Prepared prepared = impl_->prepare(document);
  if (!rule.empty()) return explain_rule(*impl_->rules, *named, prepared);
  std::string text;
  for (const Rule& candidate : rules) text += explain_rule(*impl_->rules, candidate, prepared);
  return text;
}

const RuleSet* Analyzer::rules() const { return impl_->rules.get(); }
const std::string& Analyzer::version() const { return impl_->version; }

// Each rule on the examples of rules about other matters, which it should mostly leave alone.
static RuleUse use_of_examples(const Analyzer& analyzer) {
  const auto matter = [](std::string_view topic) { return topic.substr(0, topic.find('/')); };
  RuleUse use;
  use.what = "别的话题的例句";
  std::map<std::string, std::string_view> matters;
  for (const Rule& rule : rules_of(*analyzer.rules())) matters[rule.id] = matter(rule.topic);
  for (const Rule& rule : rules_of(*analyzer.rules()))
    for (const Example& example : rule.examples) {
      if (!example.must_match) continue;
      for (const auto& [id, about] : matters) use.of[id].texts += about != matter(rule.topic);
      for (const RuleMatch& match : analyzer.analyze(document_of(example)).matches)
        use.of[match.rule].matched += matter(match.topic) != matter(rule.topic);
    }
  return use;
}

std::vector<Diagnostic> Analyzer::lint(const std::vector<NamedText>& packs, std::vector<RuleUse> uses) const {
  if (!impl_->rules) return {};
  TermSense sense({[this](TextView& view) { impl_->segmenter->mark(view); }, impl_->context.get(),
                   [this](std::u32string_view word) { return impl_->segmenter->share(word); }});
  uses.push_back(use_of_examples(*this));
  return placed(*impl_->rules, packs, analyzer::lint(*impl_->rules, &sense, uses));
}

NewWords Analyzer::new_words(NewWordLimits limits) const {
  return NewWords(*impl_->segmenter, impl_->rules.get(), limits);
}

std::vector<Span> Analyzer::segment(std::string_view text) const {
  TextView view = fold(text);
  impl_->segmenter->mark(view);
  std::vector<Span> words;
  std::uint32_t begin = 0;
  // A border inside what one stored character folds to (½ → 1⁄2) is none of the stored text.
  for (std::size_t i = 1; i <= view.folded.size(); ++i) {
    const bool last = i == view.folded.size();
    if (!last && (!view.border[i] || view.from[i] < view.until[i - 1])) continue;
    const std::uint32_t end = last ? static_cast<std::uint32_t>(text.size()) : view.from[i];
    if (end > begin) words.push_back({begin, end});
    begin = end;
  }
  if (begin < text.size()) words.push_back({begin, static_cast<std::uint32_t>(text.size())});
  return words;
}

std::vector<Span> segment(const Analyzer& analyzer, std::string_view text) { return analyzer.segment(text); }

std::vector<ExampleFailure> test_examples(const Analyzer& analyzer) {
  std::vector<ExampleFailure> failures;
  if (!analyzer.rules()) return failures;
  for (const Rule& rule : rules_of(*analyzer.rules()))
    for (const Example& example : rule.examples) {
      const Document document = document_of(example);
      const Analysis analysis = analyzer.analyze(document);
      const bool matched = std::any_of(analysis.matches.begin(), analysis.matches.end(),
                                       [&](const RuleMatch& match) { return match.rule == rule.id; });
      if (matched == example.must_match) continue;
      auto explanation = analyzer.explain(document, rule.id);
      failures.push_back({.rule = rule.id,
                          .file = rule.file,
                          .line = rule.line,
                          .example = example,
                          .explanation = explanation ? *explanation : explanation.error().detail});
    }
  return failures;
}

}  // namespace tingchao::analyzer
