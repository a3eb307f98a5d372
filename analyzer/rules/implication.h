#pragma once
// Does one condition follow from others, in every text? A prover for the rule language: facts are taken
// apart as far as they are ANDs, goals as far as they are ORs, and ORs among the facts are tried arm by arm.
// It never claims what is not so, gives up after a number of steps, and knows nothing of a text's limits
// (20,000 places of a literal, 256 of a regular expression).

#include <cstdint>
#include <vector>

#include "analyzer/rules/leaf_order.h"
#include "analyzer/rules/syntax.h"

namespace tingchao::analyzer {

// Where a node is looked at: the fields it may use and the contexts that take its hits away.
struct Stand {
  bool title = true, body = true;
  bool entities_too = false;
  Marks damped = 0;
  Stand below(const Node& node) const;
  Marks damped_for(const Node& leaf) const { return is_entity(leaf) && !entities_too ? Marks(0) : damped; }
};

// That the node holds there, or that it does not.
struct Fact {
  const Node* node = nullptr;
  Stand stand;
  bool denied = false;
};

// Why facts cannot hold together.
struct Clash {
  enum class Why { none, denied, counted, metadata, field, context, too_few } why = Why::none;
  const Node* part = nullptr;     // what cannot be
  const Node* against = nullptr;  // what stands against it, where something does
};

class Implication {
 public:
  explicit Implication(LeafOrder& order) : order_(order) {}

  Proof follows(const std::vector<Fact>& facts, const Fact& goal);
  // The facts cannot all hold; `clash` tells which of them, where two or one alone are enough.
  Proof impossible(const std::vector<Fact>& facts, Clash* clash = nullptr);
  // Every place of `a` is one of `b`; both positional.
  Proof same_places(const Fact& a, const Fact& b);

 private:
  using Facts = std::vector<Fact>;
  struct Range {
    long low = 0, high = 0;
  };
  void add(Facts& out, const Fact& fact) const;
  void add_wider(Facts& out, const Node& node, const Stand& stand) const;
  Facts taken_apart(const std::vector<Fact>& facts) const;

  bool prove(const Facts& facts, const Fact& goal, int cases);
  bool direct(const Facts& facts, const Fact& goal, int cases);
  bool denies(const Facts& facts, const Fact& goal, int cases);
  bool finds(const Facts& facts, const Fact& goal);
  bool words_find(const Facts& facts, const Fact& goal);
  bool near_finds(const Facts& facts, const Fact& goal);
  bool counts_find(const Facts& facts, const Fact& goal, int cases);
  bool piece_finds(const Facts& facts, const Fact& goal, int cases);
  bool enough(const Facts& facts, const Fact& goal, int cases);
  bool by_cases(const Facts& facts, const Fact* goal, int cases);
  bool refute(const Facts& facts, int cases);
  bool clashes(const Facts& facts, int cases);
  bool alone_clashes(const Fact& fact, int cases);
  bool counts_clash(const Fact& low, const Fact& high);
  bool metadata_clash(const Fact& a, const Fact& b);
  bool leaf_follows(const Fact& a, const Fact& b);
  bool same_spots(const Fact& a, const Fact& b);
  bool found(Clash::Why why, const Fact& part, const Fact* against);
  bool enough_proof(Proof proof) const { return proof >= wanted_; }
  bool spend() { return steps_ > 0 && --steps_ > 0; }

  LeafOrder& order_;
  Proof wanted_ = Proof::certain;
  long steps_ = 0;
  Clash clash_;
};

}  // namespace tingchao::analyzer
