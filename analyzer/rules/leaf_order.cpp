// A leaf is a set of literals; it lies within another leaf when each of its literals does. Raw terms count
// wherever their characters stand, so they lie in everything that contains them; plain ones are at the
// mercy of the word borders around, which a longer term does not fix, so there only experience speaks.
#include "analyzer/rules/leaf_order.h"

#include <algorithm>

namespace tingchao::analyzer {
namespace {

bool is_list(const Leaf& leaf) { return leaf.kind == NodeKind::term || leaf.kind == NodeKind::words; }

bool is_plain(const Leaf& leaf, std::size_t literal) {
  return leaf.disguises.empty() || leaf.disguises[literal] == 0;
}

}  // namespace

std::size_t LeafOrder::alternatives(std::int32_t number) const {
  const Leaf& one = leaf(number);
  return is_list(one) && one.disguises.empty() ? one.literals.size() : 1;
}

Proof LeafOrder::contained(const Alternative& a, const Alternative& b) {
  if (!b.leaf.rest.empty()) return Proof::none;
  const bool raw = b.leaf.mode == TermMode::raw;
  Proof best = Proof::none;
  const auto look = [&](const std::u32string& part, bool whole) {
    for (std::size_t at = part.find(b.text); at != part.npos; at = part.find(b.text, at + 1)) {
      if (raw) best = Proof::certain;
      if (best == Proof::none && whole && sense_ &&
          sense_->counts_inside(part, a.leaf.mode, at, at + b.text.size(), b.leaf.mode))
        best = Proof::usual;
      if (best != Proof::none) return;
    }
  };
  look(a.text, a.leaf.rest.empty());
  for (const std::u32string& part : a.leaf.rest) look(part, false);
  return best;
}

Proof LeafOrder::compare(const Alternative& a, const Alternative& b, bool same_place) {
  if (a.text == b.text && a.leaf.rest == b.leaf.rest) {
    const TermMode strict = a.leaf.mode, loose = b.leaf.mode;
    if (strict == loose || loose == TermMode::raw) return Proof::certain;
    // A whole word after the model alone; most of the three judges will agree.
    if (strict == TermMode::whole) return sense_ ? Proof::usual : Proof::none;
    return Proof::none;
  }
  return same_place ? Proof::none : contained(a, b);
}

// Every match of a regular expression has one of its atoms in it.
Proof LeafOrder::every_atom(const Leaf& pattern, const Leaf& b) const {
  if (b.kind != NodeKind::term || b.mode != TermMode::raw || !b.rest.empty() || pattern.literals.empty())
    return Proof::none;
  const std::u32string& wanted = rules_.literals[b.literals.front()];
  const bool all = std::all_of(pattern.literals.begin(), pattern.literals.end(), [&](std::uint32_t atom) {
    return rules_.literals[atom].find(wanted) != std::u32string::npos;
  });
  return all ? Proof::certain : Proof::none;
}

Proof LeafOrder::alternative_inside(std::int32_t a, std::size_t number, std::int32_t b) {
  const Leaf &from = leaf(a), &to = leaf(b);
  if (a == b) return Proof::certain;
  if (!is_list(to) && to.kind != NodeKind::minor) return Proof::none;
  const Alternative one{rules_.literals[from.literals[number]], from};
  Proof best = Proof::none;
  for (std::size_t i = 0; i < to.literals.size() && best != Proof::certain; ++i)
    if (is_plain(to, i)) best = std::max(best, compare(one, {rules_.literals[to.literals[i]], to}, false));
  return best;
}

Proof LeafOrder::relate(std::int32_t a, std::int32_t b, bool same_place) {
  const Leaf &from = leaf(a), &to = leaf(b);
  if (!same_place && from.kind == NodeKind::pattern) return every_atom(from, to);
  if (!is_list(from) || (!is_list(to) && to.kind != NodeKind::minor)) return Proof::none;
  Proof worst = Proof::certain;
  for (std::size_t i = 0; i < from.literals.size() && worst != Proof::none; ++i) {
    if (!is_plain(from, i)) continue;
    const Alternative one{rules_.literals[from.literals[i]], from};
    Proof best = Proof::none;
    for (std::size_t k = 0; k < to.literals.size() && best != Proof::certain; ++k) {
      // Hidden forms are made from the word, so who has the word disguised has all of them.
      if (!is_plain(to, k)) continue;
      if (!from.disguises.empty() && (to.disguises.empty() || from.literals[i] != to.literals[k])) continue;
      best = std::max(best, compare(one, {rules_.literals[to.literals[k]], to}, same_place));
    }
    worst = std::min(worst, best);
  }
  return worst;
}

Proof LeafOrder::inside(std::int32_t a, std::int32_t b) {
  if (a == b) return Proof::certain;
  const auto [known, fresh] = known_.try_emplace({a, b, false}, Proof::none);
  if (!fresh) return known->second;
  const Proof found = relate(a, b, false);
  return known_[{a, b, false}] = found;
}

Proof LeafOrder::same(std::int32_t a, std::int32_t b) {
  if (a == b) return Proof::certain;
  const auto [known, fresh] = known_.try_emplace({a, b, true}, Proof::none);
  if (!fresh) return known->second;
  const Proof found = relate(a, b, true);
  return known_[{a, b, true}] = found;
}

Marks LeafOrder::own_marks(std::int32_t number) {
  const Leaf& one = leaf(number);
  if (!sense_ || !is_list(one) || !one.rest.empty()) return 0;
  Marks all = 0xFF;
  for (std::size_t i = 0; i < one.literals.size() && all != 0; ++i)
    if (is_plain(one, i)) all &= sense_->own_marks(rules_.literals[one.literals[i]]);
  return all;
}

}  // namespace tingchao::analyzer
