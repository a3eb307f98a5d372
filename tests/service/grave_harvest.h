#pragma once
// A harvest of one grave document, as tests of the ledger admit it.

#include <string>
#include <vector>

#include "core/hash.h"
#include "service/ledger.h"

namespace tingchao::tests {

// A grave matter, told in these words; terms that begin with "school:" are anchors.
inline service::Harvest harvest_of(const std::string& title, const std::vector<std::string>& words, Time published,
                                   Time seen) {
  service::Harvest harvest;
  auto& [document, analysis] = harvest.documents.emplace_back();
  document.url = "http://a.example/" + title;
  document.id = analysis.document = stable_id(document.url);
  document.source = document.source_name = "forum-" + title;
  document.medium = "forum";
  document.title = title;
  document.fetched_at = seen;
  document.published_at = published;
  document.published_to_the_minute = true;
  analysis.education = analysis.ours = true;
  for (const std::string& word : words)
    analysis.terms.push_back({.term = word, .weight = 1, .anchor = word.starts_with("school:")});
  RuleMatch match;
  match.rule = "safety.food";
  match.name = "食堂食物中毒";
  match.topic = "校园安全/食品安全";
  match.severity = static_cast<Severity>('A');
  match.version = "1-abcdef01";
  Hit hit;
  hit.field = Field::title;
  hit.span = hit.sentence = {0, static_cast<std::uint32_t>(title.size())};
  hit.term = title;
  match.hits.push_back(hit);
  analysis.matches.push_back(match);
  analysis.topics.push_back(match.topic);
  return harvest;
}

}  // namespace tingchao::tests
