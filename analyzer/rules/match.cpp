// The candidates' trees are evaluated one by one; only rules that hold have their hits worked out.

#include "analyzer/rules/match.h"

#include <algorithm>

#include "analyzer/rules/evaluate.h"
#include "analyzer/rules/rule_set.h"
#include "analyzer/rules/sightings.h"

namespace tingchao::analyzer {
namespace {

std::vector<Hit> hits_of(const Prepared& prepared, std::vector<Spot> spots) {
  const auto key = [](const Spot& spot) { return std::tie(spot.place, spot.node->text); };
  std::sort(spots.begin(), spots.end(), [&](const Spot& a, const Spot& b) { return key(a) < key(b); });
  spots.erase(std::unique(spots.begin(), spots.end(),
                          [&](const Spot& a, const Spot& b) { return key(a) == key(b); }),
              spots.end());
  if (spots.size() > hits_of_rule_max) spots.resize(hits_of_rule_max);
  std::vector<Hit> out;
  for (const Spot& spot : spots) {
    const TextView& view = prepared.view(spot.place.field);
    Hit hit;
    hit.field = spot.place.field;
    hit.span = view.bytes(spot.place.begin, spot.place.end);
    hit.sentence = view.sentence_around(spot.place.begin);
    hit.term = spot.node->text;
    hit.folding = folding_of(*spot.node, spot.place, view.stored.substr(hit.span.begin, hit.span.end - hit.span.begin));
    out.push_back(std::move(hit));
  }
  return out;
}

}  // namespace

std::vector<RuleMatch> match(const RuleSet& rules, const Prepared& prepared) {
  std::vector<RuleMatch> out;
  Sightings sightings(rules, prepared);
  for (const std::uint32_t number : sightings.candidates()) {
    Evaluation evaluation(sightings);
    const Node& root = rules.roots[number];
    const Scope scope = evaluation.whole_document();
    if (!evaluation.holds(root, scope)) continue;
    std::vector<Spot> spots;
    evaluation.collect(root, scope, spots);
    const Rule& rule = rules.rules[number];
    RuleMatch found;
    found.rule = rule.id;
    found.name = rule.name;
    found.topic = rule.topic;
    found.severity = rule.severity;
    found.version = rule.version;
    found.hits = hits_of(prepared, std::move(spots));
    out.push_back(std::move(found));
  }
  std::sort(out.begin(), out.end(), [](const RuleMatch& a, const RuleMatch& b) {
    return a.severity != b.severity ? a.severity < b.severity : a.rule < b.rule;
  });
  return out;
}

}  // namespace tingchao::analyzer
