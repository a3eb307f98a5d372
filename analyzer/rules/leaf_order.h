#pragma once
// Which leaf is found wherever another one is: 食堂 where =食堂 … , ~堂 where 食堂 is. What holds in every
// text is `certain`; what a term's own words say about the shorter term inside it is `usual` (term_sense.h).

#include <cstdint>
#include <map>
#include <tuple>

#include "analyzer/rules/rule_set.h"
#include "analyzer/rules/term_sense.h"

namespace tingchao::analyzer {

enum class Proof : std::uint8_t { none, usual, certain };

class LeafOrder {
 public:
  // Both outlive this; without `sense` nothing is usual.
  LeafOrder(const RuleSet& rules, TermSense* sense) : rules_(rules), sense_(sense) {}

  // Wherever `a` has a place, `b` has one within it.
  Proof inside(std::int32_t a, std::int32_t b);
  // Wherever `a` has a place, `b` has the very same.
  Proof same(std::int32_t a, std::int32_t b);
  // Of `a`, whose literals are looked at one by one: is there a place of `b` where literal `number` of it stands?
  Proof alternative_inside(std::int32_t a, std::size_t number, std::int32_t b);
  std::size_t alternatives(std::int32_t leaf) const;
  // The contexts that every word of the leaf brings along wherever it stands.
  Marks own_marks(std::int32_t leaf);

  const Leaf& leaf(std::int32_t number) const { return rules_.leaves[std::size_t(number)]; }
  const RuleSet& rules() const { return rules_; }
  TermSense* sense() { return sense_; }

 private:
  // One literal of a leaf, with what follows it in a phrase.
  struct Alternative {
    const std::u32string& text;
    const Leaf& leaf;
  };
  Proof compare(const Alternative& a, const Alternative& b, bool same_place);
  Proof contained(const Alternative& a, const Alternative& b);
  Proof relate(std::int32_t a, std::int32_t b, bool same_place);
  Proof every_atom(const Leaf& pattern, const Leaf& b) const;

  const RuleSet& rules_;
  TermSense* sense_;
  std::map<std::tuple<std::int32_t, std::int32_t, bool>, Proof> known_;
};

}  // namespace tingchao::analyzer
