// NEAR pairs each hit with the nearest partner before it and the nearest behind it, which decides
// every question of distance in n log n. SENT tries only sentences where one of its leaves stands,
// unless it could hold in an empty one. UNLESS takes away the hits that stand in its contexts and
// asks whether the rest still holds; below NOT and upper bounds of COUNT, where fewer hits would make
// more rules hold, every hit keeps counting.

#include "analyzer/rules/evaluate.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

bool is_leaf(const Node& node) { return node.leaf >= 0; }

// The most that pairwise do not overlap: by end, each taken when free (interval scheduling).
long disjoint(std::vector<Occurrence> places) {
  std::sort(places.begin(), places.end(), [](const Occurrence& a, const Occurrence& b) {
    return std::tie(a.field, a.end, a.begin) < std::tie(b.field, b.end, b.begin);
  });
  long count = 0;
  const Occurrence* last = nullptr;
  for (const Occurrence& place : places) {
    if (last && last->field == place.field && place.begin < last->end) continue;
    ++count;
    last = &place;
  }
  return count;
}

bool is_prefix(std::string_view text, std::string_view head) { return text.substr(0, head.size()) == head; }

}  // namespace

Scope Evaluation::whole_document() const {
  Scope scope;
  for (const Field field : {Field::title, Field::body})
    scope.of(field) = {0, std::uint32_t(sightings_.view(field).folded.size())};
  return scope;
}

template <class OnPlace>
void Evaluation::each_place(const Node& node, const Scope& scope, OnPlace on_place) {
  const std::vector<Occurrence>& places = sightings_.of(node.leaf).places;
  const Marks damped = is_entity(node) && !scope.entities_too ? Marks(0) : scope.damped;
  for (const Field field : {Field::title, Field::body}) {
    const auto [begin, end] = scope.of(field);
    if (begin >= end) continue;
    auto at = std::lower_bound(places.begin(), places.end(), Occurrence{field, begin, 0});
    for (; at != places.end() && at->field == field && at->begin < end; ++at) {
      if (at->end > end || (damped && (sightings_.marks(*at) & damped))) continue;
      if (!on_place(*at)) return;
    }
  }
}

std::vector<Occurrence> Evaluation::leaf_places(const Node& node, const Scope& scope) {
  std::vector<Occurrence> out;
  each_place(node, scope, [&](const Occurrence& place) { return out.push_back(place), true; });
  return out;
}

bool Evaluation::holds_metadata(const Node& node) const {
  const Document* document = sightings_.prepared().document;
  if (!document) return false;
  if (node.kind == NodeKind::kind) return ascii_lower(document->medium) == node.value;
  if (node.kind == NodeKind::source)
    return ascii_lower(document->source) == node.value || ascii_lower(document->medium) == node.value;
  const std::string language = ascii_lower(document->language);  // zh matches zh-cn
  return language == node.value || is_prefix(language, node.value + "-");
}

Scope Evaluation::below(const Node& node, const Scope& scope) {
  Scope out = scope;
  switch (node.kind) {
    case NodeKind::in_field: out.of(node.field == Field::title ? Field::body : Field::title) = {0, 0}; break;
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

bool Evaluation::holds(const Node& node, const Scope& scope) {
  const auto child_holds = [&](const Node& child) { return holds(child, scope); };
  switch (node.kind) {
    case NodeKind::all: return std::all_of(node.children.begin(), node.children.end(), child_holds);
    case NodeKind::any: return std::any_of(node.children.begin(), node.children.end(), child_holds);
    case NodeKind::none: return !holds(node.children.front(), below(node, scope));
    case NodeKind::in_field: case NodeKind::unless: return holds(node.children.front(), below(node, scope));
    case NodeKind::at_least:
      return std::count_if(node.children.begin(), node.children.end(), child_holds) >= node.n;
    case NodeKind::count: return holds_count(node.compare, count(node, scope), node.n);
    case NodeKind::near: {
      const bool found = !pairs(node, scope).empty();
      arena_.clear();
      return found;
    }
    case NodeKind::sentence: case NodeKind::paragraph: {
      const std::vector<Scope> all = pieces(node, scope);
      return std::any_of(all.begin(), all.end(),
                         [&](const Scope& piece) { return holds(node.children.front(), piece); });
    }
    case NodeKind::source: case NodeKind::kind: case NodeKind::lang: return holds_metadata(node);
    default: break;
  }
  bool found = false;
  each_place(node, scope, [&](const Occurrence&) { return found = true, false; });
  return found;
}

void Evaluation::collect(const Node& node, const Scope& scope, std::vector<Spot>& out) {
  switch (node.kind) {
    case NodeKind::none: case NodeKind::source: case NodeKind::kind: case NodeKind::lang: return;
    case NodeKind::in_field: case NodeKind::unless:
      return collect(node.children.front(), below(node, scope), out);
    case NodeKind::all: case NodeKind::any: case NodeKind::at_least:
      for (const Node& child : node.children)
        if (holds(child, scope)) collect(child, scope, out);
      return;
    case NodeKind::count:
      spots_of(stretches(node.children.front(), below(node, scope)), out);
      return arena_.clear();
    case NodeKind::near:
      spots_of(pairs(node, scope), out);
      return arena_.clear();
    case NodeKind::sentence: case NodeKind::paragraph:
      for (const Scope& piece : pieces(node, scope))
        if (holds(node.children.front(), piece)) collect(node.children.front(), piece, out);
      return;
    default: break;
  }
  each_place(node, scope, [&](const Occurrence& place) { return out.push_back({place, &node}), true; });
}

long Evaluation::count(const Node& node, const Scope& scope) {
  std::vector<Occurrence> places;
  for (const std::int32_t one : stretches(node.children.front(), below(node, scope)))
    places.push_back(arena_[std::size_t(one)].place);
  arena_.clear();
  return disjoint(std::move(places));
}

// Stretches share parts, so each is looked into once.
void Evaluation::spots_of(const std::vector<std::int32_t>& stretches, std::vector<Spot>& out) const {
  std::vector<bool> seen(arena_.size(), false);
  std::vector<std::int32_t> waiting = stretches;
  while (!waiting.empty()) {
    const auto number = std::size_t(waiting.back());
    waiting.pop_back();
    if (seen[number]) continue;
    seen[number] = true;
    const Stretch& one = arena_[number];
    if (one.node) {
      out.push_back({one.place, one.node});
    } else {
      waiting.push_back(one.first);
      waiting.push_back(one.second);
    }
  }
}

std::int32_t Evaluation::keep(Stretch stretch) {
  arena_.push_back(stretch);
  return std::int32_t(arena_.size() - 1);
}

// In order of their places, each place once: without this a chain of NEAR over words that stand at
// the same place (甲 OR =甲) would double at every link.
std::vector<std::int32_t> Evaluation::merged(std::vector<std::int32_t> stretches) {
  const auto place = [this](std::int32_t i) -> const Occurrence& { return arena_[std::size_t(i)].place; };
  std::sort(stretches.begin(), stretches.end(), [&](std::int32_t a, std::int32_t b) {
    return place(a) != place(b) ? place(a) < place(b) : a < b;
  });
  std::vector<std::int32_t> out;
  for (const std::int32_t one : stretches) {
    if (out.empty() || place(out.back()) != place(one)) {
      out.push_back(one);
    } else {
      out.back() = keep({place(one), nullptr, out.back(), one});
    }
  }
  return out;
}

// Of a positional node, sorted by place, each place once.
std::vector<std::int32_t> Evaluation::stretches(const Node& node, const Scope& scope) {
  std::vector<std::int32_t> out;
  if (node.kind == NodeKind::near) return pairs(node, scope);
  if (is_leaf(node)) {
    each_place(node, scope, [&](const Occurrence& place) { return out.push_back(keep({place, &node, -1, -1})), true; });
    return out;
  }
  const Scope inner = below(node, scope);
  for (const Node& child : node.children) {
    const std::vector<std::int32_t> found = stretches(child, inner);
    out.insert(out.end(), found.begin(), found.end());
  }
  return node.children.size() == 1 ? out : merged(std::move(out));
}

std::vector<std::int32_t> Evaluation::pairs(const Node& node, const Scope& scope) {
  const std::vector<std::int32_t> left = stretches(node.children[0], scope);
  if (left.empty()) return {};
  const std::vector<std::int32_t> right = stretches(node.children[1], scope);
  std::vector<std::pair<std::int32_t, std::int32_t>> found;  // in order of the text
  const auto place = [this](std::int32_t i) -> const Occurrence& { return arena_[std::size_t(i)].place; };
  const auto near_enough = [&](std::int32_t a, std::int32_t b) {
    return place(a).field == place(b).field &&
           sightings_.distance(place(a).field, place(a).end, place(b).begin) <= std::uint32_t(node.n);
  };
  // Every `one` with the nearest of `others` behind it, and every other with the nearest `one` before.
  const auto match = [&](const std::vector<std::int32_t>& ones, const std::vector<std::int32_t>& others) {
    for (const std::int32_t a : ones) {  // others are sorted by field, begin, end
      const auto b = std::lower_bound(others.begin(), others.end(), Occurrence{place(a).field, place(a).end, 0},
                                      [&](std::int32_t i, const Occurrence& key) { return place(i) < key; });
      if (b != others.end() && near_enough(a, *b)) found.emplace_back(a, *b);
    }
    std::vector<std::int32_t> by_end = ones;
    const auto key = [&](std::int32_t i) { return std::tuple(place(i).field, place(i).end, place(i).begin); };
    std::sort(by_end.begin(), by_end.end(), [&](std::int32_t a, std::int32_t b) { return key(a) < key(b); });
    for (const std::int32_t b : others) {
      const auto behind = std::upper_bound(
          by_end.begin(), by_end.end(), std::tuple(place(b).field, place(b).begin, std::uint32_t(-1)),
          [&](const auto& bound, std::int32_t i) { return bound < key(i); });
      if (behind != by_end.begin() && near_enough(*(behind - 1), b)) found.emplace_back(*(behind - 1), b);
    }
  };
  match(left, right);
  if (!node.ordered) match(right, left);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::int32_t> out;
  for (const auto& [a, b] : found)
    out.push_back(keep({{place(a).field, place(a).begin, std::max(place(a).end, place(b).end)}, nullptr, a, b}));
  return merged(std::move(out));
}

std::optional<std::uint32_t> Evaluation::nearest(const Node& node, const Scope& scope) {
  Node wide = node;
  wide.n = std::numeric_limits<int>::max();
  std::optional<std::uint32_t> best;
  for (const std::int32_t number : pairs(wide, scope)) {
    const Stretch* pair = &arena_[std::size_t(number)];
    // Merged stretches of the same place: any of the ways will do for a message.
    while (pair->first >= 0 && arena_[std::size_t(pair->first)].place == pair->place)
      pair = &arena_[std::size_t(pair->first)];
    if (pair->first < 0) continue;
    const Occurrence &a = arena_[std::size_t(pair->first)].place, &b = arena_[std::size_t(pair->second)].place;
    const std::uint32_t apart = sightings_.distance(a.field, std::min(a, b).end, std::max(a, b).begin);
    if (!best || apart < *best) best = apart;
  }
  arena_.clear();
  return best;
}

// True when it may hold where none of its leaves stands.
bool Evaluation::holds_without_hits(const Node& node) {
  const auto& children = node.children;
  switch (node.kind) {
    case NodeKind::none: case NodeKind::source: case NodeKind::kind: case NodeKind::lang: return true;
    case NodeKind::all: return std::all_of(children.begin(), children.end(), holds_without_hits);
    case NodeKind::any: return std::any_of(children.begin(), children.end(), holds_without_hits);
    case NodeKind::at_least:
      return std::count_if(children.begin(), children.end(), holds_without_hits) >= node.n;
    case NodeKind::count: return holds_count(node.compare, 0, node.n);
    case NodeKind::sentence: case NodeKind::paragraph: case NodeKind::in_field: case NodeKind::unless:
      return holds_without_hits(children.front());
    default: return false;
  }
}

void Evaluation::gather_pieces(const Node& node, const Scope& scope, NodeKind by,
                               std::vector<std::pair<Field, std::uint32_t>>& out) {
  if (!is_leaf(node)) {
    for (const Node& child : node.children) gather_pieces(child, scope, by, out);
    return;
  }
  Scope undamped = scope;  // a superset will do
  undamped.damped = 0;
  each_place(node, undamped, [&](const Occurrence& place) {
    const TextView& view = sightings_.view(place.field);
    const auto& begins = by == NodeKind::sentence ? view.sentences : view.paragraphs;
    const auto next = std::upper_bound(begins.begin(), begins.end(), place.begin);
    if (next != begins.begin()) out.emplace_back(place.field, std::uint32_t(next - begins.begin() - 1));
    return true;
  });
}

std::vector<Scope> Evaluation::pieces(const Node& node, const Scope& scope) {
  std::vector<std::pair<Field, std::uint32_t>> numbers;
  if (!holds_without_hits(node.children.front())) {
    gather_pieces(node.children.front(), scope, node.kind, numbers);
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  } else {
    for (const Field field : {Field::title, Field::body}) {
      const TextView& view = sightings_.view(field);
      const auto& begins = node.kind == NodeKind::sentence ? view.sentences : view.paragraphs;
      for (std::uint32_t i = 0; i + 1 < begins.size(); ++i) numbers.emplace_back(field, i);
    }
  }
  std::vector<Scope> out;
  for (const auto& [field, number] : numbers) {
    const TextView& view = sightings_.view(field);
    const auto& begins = node.kind == NodeKind::sentence ? view.sentences : view.paragraphs;
    if (number + 1 >= begins.size()) continue;
    const auto [begin, end] = scope.of(field);
    const std::uint32_t from = std::max(begin, begins[number]), to = std::min(end, begins[number + 1]);
    if (from >= to) continue;
    Scope piece;
    piece.damped = scope.damped;
    piece.entities_too = scope.entities_too;
    piece.of(field) = {from, to};
    out.push_back(piece);
  }
  return out;
}

}  // namespace tingchao::analyzer
