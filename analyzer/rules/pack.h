#pragma once
// Reads a pack (docs/rules.md, "Packs") as YAML into rules that are not compiled yet, telling every
// mistake with its file, line and column.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"

namespace tingchao::analyzer {

inline constexpr std::size_t pack_bytes_max = 4u << 20;
inline constexpr std::size_t pack_rules_max = 20'000;
inline constexpr std::size_t rule_examples_max = 200;

// A place in a file, counted from 1; columns count characters.
struct FilePosition {
  int line = 1, column = 1;
};

struct PackRule {
  Rule rule;
  FilePosition id_at;
  std::size_t match_at = 0;  // byte in the file where the expression's YAML scalar begins
};

struct Pack {
  std::string id, version, title;
  FilePosition id_at;
  std::vector<PackRule> rules;
};

// Never fails as a whole: a pack that is no YAML has no rules and one diagnostic.
Pack read_pack(const NamedText& file, std::vector<Diagnostic>& diagnostics);

// The place in the file of the expression's character `column` (from 1), the expression being what
// YAML made of the scalar that begins at byte `match_at`.
FilePosition locate(std::string_view file, std::size_t match_at, std::string_view expression,
               std::uint32_t column);

}  // namespace tingchao::analyzer
