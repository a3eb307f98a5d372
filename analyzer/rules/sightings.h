#pragma once
// What stands where in one document: the places of every leaf of every rule, found in one pass over
// the text and worked out leaf by leaf only as rules ask. Made for one document, used by one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/rules/rule_set.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

// Folded characters [begin, end) of a field.
struct Occurrence {
  Field field = Field::body;
  std::uint32_t begin = 0, end = 0;
  Disguise disguise = 0;
  bool operator==(const Occurrence&) const = default;
  auto operator<=>(const Occurrence&) const = default;
};

// Of one literal in one field; more are not looked at (a page of one word over and over).
inline constexpr std::size_t places_of_literal_max = 20'000;

class Sightings {
 public:
  Sightings(const RuleSet& rules, const Prepared& prepared);

  // Rules that may match, in order; all others cannot.
  std::vector<std::uint32_t> candidates() const;

  // Where the leaf counts, sorted; and where its characters stand but do not count.
  struct Found {
    std::vector<Occurrence> places, vetoed;
  };
  const Found& of(std::int32_t leaf);

  const Prepared& prepared() const { return prepared_; }
  const TextView& view(Field field) const { return prepared_.view(field); }
  // Characters between two folded indices as NEAR counts them: white space not at all, a run of Latin
  // letters or of digits once.
  std::uint32_t distance(Field field, std::uint32_t from, std::uint32_t to);
  // What the text says about the place: see SentenceContext.
  Marks marks(const Occurrence& place) const;

 private:
  struct Raw {
    std::uint32_t literal;
    Occurrence place;
    auto operator<=>(const Raw&) const = default;
  };
  void scan(Field field);
  void scan_without_signs(Field field);
  template <class OnPlace>
  void each_of(std::uint32_t literal, OnPlace on_place) const;
  Found find(const Leaf& leaf) const;
  void find_terms(const Leaf& leaf, Found& out) const;
  void find_pattern(const Leaf& leaf, Found& out) const;
  void find_entities(EntityKind kind, Found& out) const;
  std::optional<std::uint32_t> end_of_phrase(const Leaf& leaf, const Occurrence& first) const;

  const RuleSet& rules_;
  const Prepared& prepared_;
  std::vector<Raw> raw_;  // sorted: by literal, then place
  std::unordered_map<std::int32_t, Found> found_;
  mutable std::string utf8_[2];                // folded, for regular expressions
  std::vector<std::uint32_t> units_[2];  // units_[f][i]: runs and characters begun before i
};

// How the stored bytes of the node's place had to be read: "繁→简、全角→半角", "夹符号"; empty when as written.
std::string folding_of(const Node& node, const Occurrence& place, std::string_view stored);

// Ages under eighteen (8岁, 十七周岁), and numbers that count something.
std::vector<Occurrence> ages_of_minors(const TextView& view, Field field);
std::vector<Occurrence> numbers(const TextView& view, Field field);

}  // namespace tingchao::analyzer
