// What a text must contain for a rule to hold, as an AND of ORs of leaves. AND, NEAR and the scopes
// pass their parts' clauses up; OR multiplies them out while that stays small and else keeps one; NOT
// and upper bounds require nothing. The cheapest clause, which the rule is filed under, comes first:
// long literals before short ones, few before many.

#include <algorithm>

#include "analyzer/rules/rule_set.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t clauses_max = 16;
constexpr std::size_t product_max = 8;

class Clauses {
 public:
  Clauses(const std::vector<Leaf>& leaves, const std::vector<std::u32string>& literals)
      : leaves_(leaves), literals_(literals) {}

  std::vector<Clause> of(const Node& node) const {
    std::vector<Clause> out;
    switch (node.kind) {
      case NodeKind::term: case NodeKind::pattern: case NodeKind::words: case NodeKind::school:
      case NodeKind::place:
        if (node.leaf >= 0) out.push_back({node.leaf});
        return out;
      case NodeKind::all: case NodeKind::near: case NodeKind::sentence: case NodeKind::paragraph:
      case NodeKind::in_field: case NodeKind::unless: return every(node);
      case NodeKind::any: return either(node);
      case NodeKind::at_least: return some(node);
      case NodeKind::count: return holds_count(node.compare, 0, node.n) ? out : every(node);
      default: return out;  // minor, number, metadata and NOT
    }
  }

  double cost(const Clause& clause) const {
    double sum = 0;
    for (const std::int32_t leaf : clause) sum += cost(leaves_[std::size_t(leaf)]);
    return sum;
  }

 private:
  // How often a leaf is met, guessed from its length: the order matters, not the numbers.
  double cost(const Leaf& leaf) const {
    if (leaf.kind == NodeKind::school) return 300;
    if (leaf.kind == NodeKind::place) return 1000;
    constexpr double by_length[] = {0, 2000, 100, 20, 5};
    double sum = 0;
    for (const std::uint32_t literal : leaf.literals)
      sum += by_length[std::min<std::size_t>(literals_[literal].size(), 4)];
    return sum;
  }

  void order(std::vector<Clause>& clauses) const {
    std::sort(clauses.begin(), clauses.end(), [this](const Clause& a, const Clause& b) {
      const double ca = cost(a), cb = cost(b);
      return ca != cb ? ca < cb : a < b;
    });
    clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
  }

  // The cheapest few, without those that a smaller one already implies.
  std::vector<Clause> telling(std::vector<Clause> clauses) const {
    order(clauses);
    std::vector<Clause> out;
    for (Clause& clause : clauses) {
      const bool implied = std::any_of(out.begin(), out.end(), [&](const Clause& smaller) {
        return std::includes(clause.begin(), clause.end(), smaller.begin(), smaller.end());
      });
      if (!implied && out.size() < clauses_max) out.push_back(std::move(clause));
    }
    return out;
  }

  std::vector<Clause> every(const Node& node) const {
    std::vector<Clause> out;
    for (const Node& child : node.children)
      for (Clause& clause : of(child)) out.push_back(std::move(clause));
    return telling(std::move(out));
  }

  static Clause united(const Clause& a, const Clause& b) {
    Clause out;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
  }

  std::vector<Clause> either(const Node& node) const {
    std::vector<std::vector<Clause>> parts;
    std::size_t product = 1;
    for (const Node& child : node.children) {
      parts.push_back(of(child));
      if (parts.back().empty()) return {};
      product = std::min(product * parts.back().size(), product_max + 1);
    }
    std::vector<Clause> out{Clause{}};
    for (const auto& part : parts) {
      const std::size_t used = product > product_max ? 1 : part.size();
      std::vector<Clause> next;
      for (const Clause& so_far : out)
        for (std::size_t i = 0; i < used; ++i) next.push_back(united(so_far, part[i]));
      out = std::move(next);
    }
    return telling(std::move(out));
  }

  // Of m items n hold, so among any m − n + 1 of them one does.
  std::vector<Clause> some(const Node& node) const {
    if (node.n < 1 || std::size_t(node.n) > node.children.size()) return {};
    if (std::size_t(node.n) == node.children.size()) return every(node);
    std::vector<Clause> best;
    for (const Node& child : node.children) {
      std::vector<Clause> found = of(child);
      if (!found.empty()) best.push_back(std::move(found.front()));
    }
    const std::size_t needed = node.children.size() - std::size_t(node.n) + 1;
    if (best.size() < needed) return {};
    order(best);
    Clause all;
    // Items whose clauses are equal were merged by order(); fewer clauses then cover as many items.
    for (std::size_t i = 0; i < std::min(needed, best.size()); ++i) all = united(all, best[i]);
    return {all};
  }

  const std::vector<Leaf>& leaves_;
  const std::vector<std::u32string>& literals_;
};

}  // namespace

std::vector<Clause> clauses_of(const Node& node, const std::vector<Leaf>& leaves,
                               const std::vector<std::u32string>& literals) {
  return Clauses(leaves, literals).of(node);
}

const Node& loose_part(const Node& node, const std::vector<Leaf>& leaves,
                       const std::vector<std::u32string>& literals) {
  for (const Node& child : node.children) {
    const bool decides = node.kind == NodeKind::any || node.children.size() == 1;
    if (decides && node.kind != NodeKind::none && node.kind != NodeKind::count &&
        clauses_of(child, leaves, literals).empty())
      return loose_part(child, leaves, literals);
  }
  return node;
}

}  // namespace tingchao::analyzer
