#pragma once
// Reads a pack (docs/rules.md, "Packs") as YAML into rules that are not compiled yet, telling every
// mistake with its file, line and column.

#include <string>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/rules/pack_report.h"

namespace tingchao::analyzer {

inline constexpr std::size_t pack_bytes_max = 4u << 20;
inline constexpr std::size_t pack_rules_max = 20'000;
inline constexpr std::size_t rule_examples_max = 200;

struct PackRule {
  Rule rule;
  std::size_t id_at = 0;     // bytes in the file where the id
  std::size_t match_at = 0;  // and the expression's scalar begin
};

struct Pack {
  std::string id, version, title;
  std::size_t id_at = 0;
  std::vector<PackRule> rules;
};

// Never fails as a whole: a pack that is no YAML has no rules and one diagnostic.
Pack read_pack(PackReport& report);

}  // namespace tingchao::analyzer
