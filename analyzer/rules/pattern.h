#pragma once
// A regular expression of a rule: RE2 over the folded text, so linear in it, never run unless one of
// its literal atoms stands there. Immutable, shareable between threads.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tingchao::analyzer {

// What one expression may use for its program and its automaton's cache.
inline constexpr long pattern_bytes_max = 8l << 20;
// Places counted in one field. A pattern that looks far ahead costs text × places.
inline constexpr std::size_t pattern_places_max = 256;

class Pattern {
 public:
  // Takes the pattern as the rule writes it and folds its literal characters. Fails with bad_rule: bad
  // syntax, too large, or no atom of two characters that must stand in every match.
  static Result<std::unique_ptr<Pattern>> compile(std::string_view written);
  ~Pattern();

  // Folded literals; wherever the pattern matches, at least one of them stands.
  const std::vector<std::u32string>& atoms() const;
  // Could it match a text where just the atoms with `present[i]` stand?
  bool possible(const std::vector<bool>& present) const;
  // Every match from left to right, not overlapping, never empty: bytes of the folded UTF-8.
  void find(std::string_view folded, const std::function<void(std::size_t, std::size_t)>& on_match) const;

 private:
  struct Impl;
  explicit Pattern(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The pattern with its literal characters folded and everything with a meaning left alone.
std::string fold_pattern(std::string_view written);

}  // namespace tingchao::analyzer
