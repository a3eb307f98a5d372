#include "analyzer/group/telling.h"

#include <algorithm>

namespace tingchao::analyzer {
namespace {

constexpr std::size_t listed_max = 4000;

}  // namespace

void TellingTerms::strike(std::uint64_t term, const Held& held) {
  const auto found = lists_.find(term);
  if (found == lists_.end()) return;
  found->second.erase(std::remove(found->second.begin(), found->second.end(), &held), found->second.end());
  if (found->second.empty()) lists_.erase(found);
}

const TellingTerms::Stories* TellingTerms::of(std::uint64_t term) const {
  const auto found = lists_.find(term);
  return found == lists_.end() ? nullptr : &found->second;
}

void TellingTerms::gather(const TermVector& document, Gathered& into) const {
  into.begin();
  const auto look_up = [&](const WeightedTerm& term) {
    const auto* stories = of(term.term);
    if (!stories || stories->size() > listed_max) return;
    for (const Held* held : *stories) into.add(held, term.weight * term.weight);
  };
  for (const WeightedTerm& term : document.text)
    if (std::binary_search(document.telling.begin(), document.telling.end(), term.term)) look_up(term);
  for (const WeightedTerm& term : document.anchors) look_up(term);
}

}  // namespace tingchao::analyzer
