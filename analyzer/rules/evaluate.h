#pragma once
// Does a rule hold in a document, and which places make it hold? Evaluated top down within a scope
// (the document, a field, a sentence …); lists of places exist only where NEAR and COUNT need them.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/rules/sightings.h"
#include "analyzer/rules/syntax.h"

namespace tingchao::analyzer {

// A place of a leaf, with the node that looked for it.
struct Spot {
  Occurrence place;
  const Node* node = nullptr;
};

// Where to look, and which contexts make a hit there worth nothing.
struct Scope {
  std::array<std::pair<std::uint32_t, std::uint32_t>, 2> range{};  // folded, of title and body
  Marks damped = 0;
  bool entities_too = false;  // contexts damp entities too: when nothing else stands under UNLESS
  auto& of(Field field) { return range[field == Field::title ? 0 : 1]; }
  const auto& of(Field field) const { return range[field == Field::title ? 0 : 1]; }
};

class Evaluation {
 public:
  explicit Evaluation(Sightings& sightings) : sightings_(sightings) {}

  Scope whole_document() const;
  bool holds(const Node& node, const Scope& scope);
  // The places that make `node` hold, of all branches that do; precondition: it holds.
  void collect(const Node& node, const Scope& scope, std::vector<Spot>& out);

  // For explanations.
  // Pieces of the scope that SENT or PARA tries, in order.
  std::vector<Scope> pieces(const Node& node, const Scope& scope);
  static Scope below(const Node& node, const Scope& scope);  // of in_field, none, unless, count
  long count(const Node& node, const Scope& scope);
  // Of a NEAR: the least distance of two that are in order, however far.
  std::optional<std::uint32_t> nearest(const Node& node, const Scope& scope);
  std::vector<Occurrence> leaf_places(const Node& node, const Scope& scope);

 private:
  // A stretch of text for NEAR and COUNT: a leaf's place; or two stretches and what lies between; or
  // the same place come by in two ways.
  struct Stretch {
    Occurrence place;
    const Node* node = nullptr;            // of a leaf
    std::int32_t first = -1, second = -1;  // else, in arena_
  };
  template <class OnPlace>
  void each_place(const Node& node, const Scope& scope, OnPlace on_place);
  std::vector<std::int32_t> stretches(const Node& node, const Scope& scope);
  std::vector<std::int32_t> pairs(const Node& node, const Scope& scope);
  std::int32_t keep(Stretch stretch);
  std::vector<std::int32_t> merged(std::vector<std::int32_t> stretches);
  void spots_of(const std::vector<std::int32_t>& stretches, std::vector<Spot>& out) const;
  bool holds_metadata(const Node& node) const;
  static bool holds_without_hits(const Node& node);
  void gather_pieces(const Node& node, const Scope& scope, NodeKind by,
                     std::vector<std::pair<Field, std::uint32_t>>& out);

  Sightings& sightings_;
  std::vector<Stretch> arena_;  // of the NEAR or COUNT being worked out; they never hold one another's
};

}  // namespace tingchao::analyzer
