// Goals first, then facts: a goal that is an AND needs each part, an OR needs one; a leaf needs a leaf that
// stands only where it does. What is denied follows backwards: NOT 食堂 gives NOT 食堂饭菜 because the latter
// gives the former. Within a sentence the same game is played again with the sentence's own facts.
#include "analyzer/rules/implication.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr long steps_max = 4'000;
constexpr int cases_deep = 2;            // ORs taken apart one inside the other
constexpr std::size_t arms_max = 64;     // of one of them
constexpr int cases_wide = 3;            // ORs tried at one point
constexpr long unlimited = std::numeric_limits<long>::max();

bool is_leaf(const Node& node) { return node.leaf >= 0; }
bool is_metadata(const Node& node) {
  return node.kind == NodeKind::source || node.kind == NodeKind::kind || node.kind == NodeKind::lang;
}

// More text, or fewer hits taken away, never makes it false.
bool is_monotone(const Node& node) {
  if (node.kind == NodeKind::none) return false;
  if (node.kind == NodeKind::count && node.compare != Compare::ge && node.compare != Compare::gt) return false;
  return std::all_of(node.children.begin(), node.children.end(), is_monotone);
}

bool is_equal(const Node& a, const Node& b) {
  return a.kind == b.kind && a.leaf == b.leaf && a.n == b.n && a.ordered == b.ordered && a.field == b.field &&
         a.marks == b.marks && a.compare == b.compare && a.value == b.value &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), is_equal);
}

bool within(const Stand& a, const Stand& b) { return (!a.title || b.title) && (!a.body || b.body); }

// The fields in which a positional node can have places.
Stand fields_of(const Node& node, const Stand& stand) {
  if (is_leaf(node)) return stand;
  const Stand inner = stand.below(node);
  Stand out = inner;
  out.title = out.body = node.kind == NodeKind::near;
  for (const Node& child : node.children) {
    const Stand one = fields_of(child, inner);
    const bool both = node.kind == NodeKind::near;
    out.title = both ? out.title && one.title : out.title || one.title;
    out.body = both ? out.body && one.body : out.body || one.body;
  }
  return out;
}

template <class Facts>
Facts without(const Facts& facts, std::size_t i) {
  Facts out = facts;
  out.erase(out.begin() + std::ptrdiff_t(i));
  return out;
}

// How often the child may stand there.
std::optional<std::pair<long, long>> range_of(const Fact& fact) {
  const long n = fact.node->n;
  switch (fact.node->compare) {
    case Compare::ge: return fact.denied ? std::pair(0l, n - 1) : std::pair(n, unlimited);
    case Compare::gt: return fact.denied ? std::pair(0l, n) : std::pair(n + 1, unlimited);
    case Compare::lt: return fact.denied ? std::pair(n, unlimited) : std::pair(0l, n - 1);
    case Compare::le: return fact.denied ? std::pair(n + 1, unlimited) : std::pair(0l, n);
    case Compare::eq: return fact.denied ? std::optional<std::pair<long, long>>() : std::pair(n, n);
  }
  return std::nullopt;
}

Fact child_of(const Fact& fact, std::size_t i = 0, bool denied = false) {
  return {&fact.node->children[i], fact.stand.below(*fact.node), denied};
}

}  // namespace

Stand Stand::below(const Node& node) const {
  Stand out = *this;
  switch (node.kind) {
    case NodeKind::in_field: (node.field == Field::title ? out.body : out.title) = false; break;
    case NodeKind::none: out.damped = 0; break;
    case NodeKind::count:
      if (holds_count(node.compare, 0, node.n) || node.compare == Compare::eq) out.damped = 0;
      break;
    case NodeKind::unless:
      out.damped |= node.marks;
      out.entities_too = node.entities_only;
      break;
    default: break;
  }
  return out;
}

void Implication::add(Facts& out, const Fact& fact) const {
  const Node& node = *fact.node;
  const auto each = [&] {
    for (std::size_t i = 0; i < node.children.size(); ++i) add(out, child_of(fact, i, fact.denied));
  };
  const std::size_t size = node.children.size();
  switch (node.kind) {
    case NodeKind::in_field: case NodeKind::unless: return each();
    case NodeKind::all:
      if (!fact.denied || size == 1) return each();
      break;
    case NodeKind::any:
      if (fact.denied || size == 1) return each();
      break;
    case NodeKind::at_least:
      if (fact.denied ? node.n == 1 : std::size_t(node.n) == size) return each();
      break;
    case NodeKind::none: return add(out, child_of(fact, 0, !fact.denied));
    case NodeKind::near:
      if (!fact.denied) each();
      break;
    case NodeKind::count:
      if (const auto range = range_of(fact)) {
        if (range->first >= 1) add(out, child_of(fact));
        if (range->second == 0) add(out, child_of(fact, 0, true));
      }
      break;
    case NodeKind::sentence: case NodeKind::paragraph:
      if (!fact.denied) add_wider(out, node.children.front(), fact.stand);
      break;
    default: break;
  }
  out.push_back(fact);
}

// What holds in a sentence and cannot become false with more text holds in the whole.
void Implication::add_wider(Facts& out, const Node& node, const Stand& stand) const {
  if (is_monotone(node)) return add(out, {&node, stand, false});
  if (node.kind != NodeKind::all && node.kind != NodeKind::in_field && node.kind != NodeKind::unless) return;
  for (const Node& child : node.children) add_wider(out, child, stand.below(node));
}

Implication::Facts Implication::taken_apart(const std::vector<Fact>& facts) const {
  Facts out;
  for (const Fact& fact : facts) add(out, fact);
  return out;
}

bool Implication::prove(const Facts& facts, const Fact& goal, int cases) {
  if (!spend()) return false;
  return direct(facts, goal, cases) || by_cases(facts, &goal, cases);
}

bool Implication::direct(const Facts& facts, const Fact& goal, int cases) {
  if (goal.denied) return denies(facts, goal, cases);
  const Node& node = *goal.node;
  const auto proven = [&](std::size_t i, int deep) { return prove(facts, child_of(goal, i), deep); };
  switch (node.kind) {
    case NodeKind::all: case NodeKind::in_field: case NodeKind::unless:
      for (std::size_t i = 0; i < node.children.size(); ++i)
        if (!proven(i, cases)) return false;
      return true;
    case NodeKind::any:
      for (std::size_t i = 0; i < node.children.size(); ++i)
        if (proven(i, 0)) return true;
      return words_find(facts, goal);
    case NodeKind::none: return prove(facts, child_of(goal, 0, true), cases);
    case NodeKind::at_least: return enough(facts, goal, cases);
    case NodeKind::near: return near_finds(facts, goal);
    case NodeKind::count: return counts_find(facts, goal, cases);
    case NodeKind::sentence: case NodeKind::paragraph: return piece_finds(facts, goal, cases);
    default: return finds(facts, goal);
  }
}

bool Implication::denies(const Facts& facts, const Fact& goal, int cases) {
  const Node& node = *goal.node;
  const std::size_t size = node.children.size();
  const auto denied = [&](int deep) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < size; ++i) count += prove(facts, child_of(goal, i, true), deep);
    return count;
  };
  switch (node.kind) {
    case NodeKind::none: return prove(facts, child_of(goal), cases);
    case NodeKind::in_field: case NodeKind::unless: return prove(facts, child_of(goal, 0, true), cases);
    case NodeKind::any:
      if (denied(cases) == size) return true;
      break;
    case NodeKind::all:
      if (denied(0) > 0) return true;
      break;
    case NodeKind::at_least:
      if (denied(0) + std::size_t(node.n) > size) return true;
      break;
    case NodeKind::count:
      if (counts_find(facts, goal, cases)) return true;
      break;
    default: break;
  }
  Facts opposite;
  add(opposite, {goal.node, goal.stand, false});
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    if (fact.denied) return prove(opposite, {fact.node, fact.stand, false}, 0);
    return metadata_clash(fact, {goal.node, goal.stand, false});
  });
}

bool Implication::leaf_follows(const Fact& a, const Fact& b) {
  if (!is_leaf(*a.node) || !is_leaf(*b.node) || !within(a.stand, b.stand)) return false;
  const Marks taken = b.stand.damped_for(*b.node);
  if (taken & ~a.stand.damped_for(*a.node)) return false;
  if (enough_proof(order_.same(a.node->leaf, b.node->leaf))) return true;
  const Proof proof = order_.inside(a.node->leaf, b.node->leaf);
  // A context may begin in the middle of the longer term.
  return enough_proof(taken == 0 ? proof : std::min(proof, Proof::usual));
}

bool Implication::finds(const Facts& facts, const Fact& goal) {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    if (fact.denied) return false;
    if (!is_metadata(*goal.node)) return leaf_follows(fact, goal);
    const Node &a = *fact.node, &b = *goal.node;
    if (a.kind == b.kind && a.value == b.value) return true;
    if (a.kind == NodeKind::kind && b.kind == NodeKind::source) return a.value == b.value;
    return a.kind == NodeKind::lang && b.kind == NodeKind::lang && a.value.starts_with(b.value + "-");
  });
}

// Each word of a list may be found by another arm.
bool Implication::words_find(const Facts& facts, const Fact& goal) {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    if (fact.denied || !is_leaf(*fact.node)) return false;
    const std::size_t words = order_.alternatives(fact.node->leaf);
    if (words < 2 || words > arms_max || !within(fact.stand, goal.stand) || !spend()) return false;
    const Marks taken = goal.stand.damped;
    if ((taken & ~fact.stand.damped) || (taken && wanted_ == Proof::certain)) return false;
    for (std::size_t i = 0; i < words; ++i) {
      const bool found = std::any_of(goal.node->children.begin(), goal.node->children.end(), [&](const Node& arm) {
        return is_leaf(arm) && enough_proof(order_.alternative_inside(fact.node->leaf, i, arm.leaf));
      });
      if (!found) return false;
    }
    return true;
  });
}

bool Implication::same_spots(const Fact& a, const Fact& b) {
  if (!spend()) return false;
  const auto wrapped = [](const Node& node) {
    return node.kind == NodeKind::in_field || node.kind == NodeKind::unless;
  };
  if (wrapped(*a.node)) return same_spots(child_of(a), b);
  if (wrapped(*b.node)) return same_spots(a, child_of(b));
  const auto each = [](const Fact& fact, auto test) {
    for (std::size_t i = 0; i < fact.node->children.size(); ++i)
      if (test(child_of(fact, i))) return true;
    return false;
  };
  if (a.node->kind == NodeKind::any) return !each(a, [&](const Fact& arm) { return !same_spots(arm, b); });
  if (b.node->kind == NodeKind::any) return each(b, [&](const Fact& arm) { return same_spots(a, arm); });
  if (is_leaf(*a.node) && is_leaf(*b.node))
    return within(a.stand, b.stand) && !(b.stand.damped_for(*b.node) & ~a.stand.damped_for(*a.node)) &&
           enough_proof(order_.same(a.node->leaf, b.node->leaf));
  // Which pairs a NEAR makes depends on all of their places.
  return is_equal(*a.node, *b.node) && a.stand.title == b.stand.title && a.stand.body == b.stand.body &&
         a.stand.damped == b.stand.damped && a.stand.entities_too == b.stand.entities_too;
}

bool Implication::near_finds(const Facts& facts, const Fact& goal) {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    if (fact.denied || fact.node->kind != NodeKind::near || fact.node->n > goal.node->n) return false;
    if (goal.node->ordered && !fact.node->ordered) return false;
    const auto both = [&](std::size_t first, std::size_t second) {
      return same_spots(child_of(fact, 0), child_of(goal, first)) &&
             same_spots(child_of(fact, 1), child_of(goal, second));
    };
    return both(0, 1) || (!goal.node->ordered && both(1, 0));
  });
}

bool Implication::counts_find(const Facts& facts, const Fact& goal, int cases) {
  const auto wanted = range_of(goal);
  if (!wanted) return false;
  const Fact counted = child_of(goal);
  const auto by_fact = [&](auto test) {
    return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
      const auto range = fact.node->kind == NodeKind::count ? range_of(fact) : std::nullopt;
      return range && test(*range, child_of(fact));
    });
  };
  const bool often = wanted->first == 0 || by_fact([&](const auto& range, const Fact& child) {
                       return range.first >= wanted->first && same_spots(child, counted);
                     }) || (wanted->first == 1 && prove(facts, counted, cases));
  if (!often) return false;
  if (wanted->second == unlimited) return true;
  Fact absent = counted;
  absent.denied = true;
  return by_fact([&](const auto& range, const Fact& child) {
    return range.second <= wanted->second && same_spots(counted, child);
  }) || (wanted->second >= 0 && prove(facts, absent, 0));
}

bool Implication::piece_finds(const Facts& facts, const Fact& goal, int cases) {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    if (fact.denied) return false;
    const bool same = fact.node->kind == goal.node->kind;
    const bool wider = fact.node->kind == NodeKind::sentence && goal.node->kind == NodeKind::paragraph &&
                       is_monotone(goal.node->children.front());
    if (!same && !wider) return false;
    return prove(taken_apart({child_of(fact)}), child_of(goal), cases);
  });
}

bool Implication::enough(const Facts& facts, const Fact& goal, int cases) {
  const std::size_t size = goal.node->children.size(), n = std::size_t(goal.node->n);
  std::size_t proven = 0;
  for (std::size_t i = 0; i < size && proven < n; ++i) proven += prove(facts, child_of(goal, i), n == size ? cases : 0);
  if (proven >= n) return true;
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    if (fact.denied || fact.node->kind != NodeKind::at_least) return false;
    std::vector<bool> used(size, false);
    std::size_t mapped = 0;
    for (std::size_t k = 0; k < fact.node->children.size(); ++k) {
      const Facts one = taken_apart({child_of(fact, k)});
      for (std::size_t i = 0; i < size; ++i) {
        if (used[i] || !prove(one, child_of(goal, i), 0)) continue;
        used[i] = true;
        ++mapped;
        break;
      }
    }
    return n + fact.node->children.size() <= std::size_t(fact.node->n) + mapped;
  });
}

// Of each OR among the facts, every arm must lead to the goal, or be impossible; of n of m items, m − n + 1.
bool Implication::by_cases(const Facts& facts, const Fact* goal, int cases) {
  int tried = 0;
  for (std::size_t i = 0; i < facts.size() && cases > 0 && tried < cases_wide; ++i) {
    const Fact& fact = facts[i];
    const NodeKind kind = fact.node->kind;
    const bool is_or = kind == (fact.denied ? NodeKind::all : NodeKind::any);
    const bool is_some = kind == NodeKind::at_least && !fact.denied;
    const std::size_t size = fact.node->children.size();
    if ((!is_or && !is_some) || size > arms_max) continue;
    ++tried;
    const std::size_t needed = is_some ? size - std::size_t(fact.node->n) + 1 : size;
    const Facts others = without(facts, i);
    std::size_t done = 0;
    for (std::size_t k = 0; k < size && done + (size - k) >= needed; ++k) {
      if (!spend()) return false;
      Facts one = others;
      add(one, child_of(fact, k, fact.denied));
      done += (goal && prove(one, *goal, cases - 1)) || refute(one, cases - 1);
    }
    if (done >= needed) return true;
  }
  return false;
}

bool Implication::refute(const Facts& facts, int cases) {
  return spend() && (clashes(facts, cases) || by_cases(facts, nullptr, cases));
}

bool Implication::found(Clash::Why why, const Fact& part, const Fact* against) {
  clash_ = {why, part.node, against ? against->node : nullptr};
  return true;
}

bool Implication::clashes(const Facts& facts, int cases) {
  for (const Fact& fact : facts)
    if (!fact.denied && alone_clashes(fact, cases)) return true;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact& fact = facts[i];
    if (fact.denied) {
      const Fact opposite{fact.node, fact.stand, false};
      for (const Fact& other : facts)
        if (!other.denied && direct({other}, opposite, 0)) return found(Clash::Why::denied, fact, &other);
      if (direct(facts, opposite, 0)) return found(Clash::Why::denied, fact, nullptr);
    }
    for (const Fact& other : facts) {
      if (&other == &fact) continue;
      if (counts_clash(fact, other)) return found(Clash::Why::counted, fact, &other);
      if (!fact.denied && !other.denied && metadata_clash(fact, other))
        return found(Clash::Why::metadata, fact, &other);
    }
  }
  return false;
}

bool Implication::alone_clashes(const Fact& fact, int cases) {
  if (!spend()) return false;
  const Node& node = *fact.node;
  if (is_leaf(node)) {
    if (!fact.stand.title && !fact.stand.body) return found(Clash::Why::field, fact, nullptr);
    const Marks damped = fact.stand.damped_for(node);
    if (damped && (order_.own_marks(node.leaf) & damped)) return found(Clash::Why::context, fact, nullptr);
    return false;
  }
  if (node.kind == NodeKind::near) {
    const Stand fields = fields_of(node, fact.stand);
    return !fields.title && !fields.body && found(Clash::Why::field, fact, nullptr);
  }
  if (node.kind == NodeKind::sentence || node.kind == NodeKind::paragraph)
    return refute(taken_apart({child_of(fact)}), cases);
  if (node.kind != NodeKind::at_least) return false;
  std::size_t possible = 0;
  for (std::size_t i = 0; i < node.children.size(); ++i) possible += !refute(taken_apart({child_of(fact, i)}), 0);
  return possible < std::size_t(node.n) && found(Clash::Why::too_few, fact, nullptr);
}

bool Implication::counts_clash(const Fact& low, const Fact& high) {
  if (low.node->kind != NodeKind::count || high.node->kind != NodeKind::count) return false;
  const auto least = range_of(low), most = range_of(high);
  return least && most && least->first > most->second && same_spots(child_of(low), child_of(high));
}

bool Implication::metadata_clash(const Fact& a, const Fact& b) {
  const Node &one = *a.node, &other = *b.node;
  if (one.kind != other.kind) return false;
  if (one.kind == NodeKind::kind) return one.value != other.value;
  if (one.kind != NodeKind::lang || one.value == other.value) return false;
  return !one.value.starts_with(other.value + "-") && !other.value.starts_with(one.value + "-");
}

Proof Implication::follows(const std::vector<Fact>& facts, const Fact& goal) {
  const Facts apart = taken_apart(facts);
  for (const Proof wanted : {Proof::certain, Proof::usual}) {
    wanted_ = wanted;
    steps_ = steps_max;
    if (prove(apart, goal, cases_deep)) return wanted;
    if (!order_.sense()) break;
  }
  return Proof::none;
}

Proof Implication::impossible(const std::vector<Fact>& facts, Clash* clash) {
  const Facts apart = taken_apart(facts);
  for (const Proof wanted : {Proof::certain, Proof::usual}) {
    wanted_ = wanted;
    steps_ = steps_max;
    clash_ = {};
    if (refute(apart, cases_deep)) {
      if (clash) *clash = clash_;
      return wanted;
    }
    if (!order_.sense()) break;
  }
  return Proof::none;
}

Proof Implication::same_places(const Fact& a, const Fact& b) {
  for (const Proof wanted : {Proof::certain, Proof::usual}) {
    wanted_ = wanted;
    steps_ = steps_max;
    if (same_spots(a, b)) return wanted;
    if (!order_.sense()) break;
  }
  return Proof::none;
}

}  // namespace tingchao::analyzer
