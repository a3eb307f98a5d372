// All literals in one pass; the hits sorted by literal, so that a leaf's places are a run of them.

#include "analyzer/rules/sightings.h"

#include <algorithm>
#include <array>

#include "analyzer/segment/word_votes.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t raw_before_counting = 1 << 16;

bool is_space(char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0x2028 || c == 0x2029; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
// Scripts that write words with spaces: Latin, Greek, Cyrillic.
bool is_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xC0 && c < 0x530 && c != 0xD7 && c != 0xF7);
}
bool same_run(char32_t a, char32_t b) {
  return (is_digit(a) && is_digit(b)) || (is_letter(a) && is_letter(b));
}

// 110 in 2110, art in party: cut out of a longer number or word.
bool cuts_run(std::u32string_view text, const Occurrence& place) {
  return (place.begin > 0 && same_run(text[place.begin - 1], text[place.begin])) ||
         (place.end < text.size() && same_run(text[place.end - 1], text[place.end]));
}

bool counts(const TextView& view, const Occurrence& place, TermMode mode) {
  if (mode == TermMode::raw) return true;
  if (cuts_run(view.folded, place)) return false;
  if (mode == TermMode::word) return !is_no_word(view, place.begin, place.end);
  const bool segmented = view.border.size() == view.folded.size() + 1;
  return !segmented || (view.border[place.begin] && view.border[place.end]);
}

// What hides a word confuses the segmenter, so the word is put back in its place before it is asked: 全体 罚站
// reads 全体罚站, in which nobody sees 体罚. As the text stands the place may be glued to a word on one side, but
// not on both (加强女干部); blanks part words anyway, so around them both must be borders (请补 课桌椅).
bool counts_disguised(const TextView& view, const Occurrence& place, std::u32string_view hidden) {
  if (cuts_run(view.folded, place)) return false;
  if (view.border.size() == view.folded.size() + 1) {
    const bool left = view.border[place.begin], right = view.border[place.end];
    const std::u32string_view stretch =
        std::u32string_view(view.folded).substr(place.begin, place.end - place.begin);
    const bool blanks = std::any_of(stretch.begin(), stretch.end(), is_space);
    if (blanks ? !left || !right : !left && !right) return false;
  }
  return !view.votes || !view.votes->crosses_if_read(view.folded, place.begin, place.end, hidden);
}

void sort_unique(std::vector<Occurrence>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

}  // namespace

Sightings::Sightings(const RuleSet& rules, const Prepared& prepared) : rules_(rules), prepared_(prepared) {
  for (const Field field : {Field::title, Field::body}) {
    scan(field);
    if (!rules_.with_signs.empty()) scan_without_signs(field);
  }
  std::sort(raw_.begin(), raw_.end());
}

void Sightings::scan(Field field) {
  std::vector<std::uint32_t> seen;
  rules_.matcher.scan(view(field).folded, [&](std::size_t begin, std::size_t end, std::int32_t literal) {
    if (raw_.size() >= raw_before_counting) {
      if (seen.empty()) seen.assign(rules_.literals.size(), 0);
      if (++seen[std::size_t(literal)] > places_of_literal_max) return;
    }
    raw_.push_back({std::uint32_t(literal), {field, std::uint32_t(begin), std::uint32_t(end)}});
  });
}

void Sightings::scan_without_signs(Field field) {
  const BareText bare = without_signs(view(field).folded);
  rules_.matcher.scan(bare.text, [&](std::size_t begin, std::size_t end, std::int32_t literal) {
    const std::uint32_t first = bare.from[begin], last = bare.from[end - 1];
    const auto number = static_cast<std::size_t>(literal);
    const std::uint32_t other = number < rules_.with_signs.size() ? rules_.with_signs[number] : 0;
    if (other == 0 || last - first == end - 1 - begin || raw_.size() >= raw_before_counting) return;
    raw_.push_back({other, {field, first, last + 1}});
  });
}

std::vector<std::uint32_t> Sightings::candidates() const {
  std::vector<std::uint32_t> out;
  std::vector<std::uint32_t> present;  // literals, in order
  for (const Raw& raw : raw_) {
    if (!present.empty() && present.back() == raw.literal) continue;
    present.push_back(raw.literal);
    const auto& filed = rules_.rules_of_literal[raw.literal];
    out.insert(out.end(), filed.begin(), filed.end());
  }
  const auto has = [&](EntityKind kind) {
    const auto& all = prepared_.entities;
    return std::any_of(all.begin(), all.end(), [&](const Entity& entity) { return entity.kind == kind; });
  };
  const bool school = has(EntityKind::school), place = has(EntityKind::place);
  if (school) out.insert(out.end(), rules_.rules_of_school.begin(), rules_.rules_of_school.end());
  if (place) out.insert(out.end(), rules_.rules_of_place.begin(), rules_.rules_of_place.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  // The clause that called the rule up is one of several; most candidates lack another.
  std::array<std::uint64_t, 8> likely{};  // a bit for each literal modulo 512: most are turned away by it
  for (const std::uint32_t one : present) likely[one >> 6 & 7] |= std::uint64_t{1} << (one & 63);
  const auto stands = [&](std::uint32_t one) {
    return (likely[one >> 6 & 7] >> (one & 63) & 1) &&
           std::binary_search(present.begin(), present.end(), one);
  };
  std::erase_if(out, [&](std::uint32_t rule) {
    const std::uint32_t* gate = rules_.gates.data() + rules_.gate_begins[rule];
    const std::uint32_t* const end = rules_.gates.data() + rules_.gate_begins[rule + 1];
    while (gate < end) {
      const std::uint32_t head = *gate++;
      const std::uint32_t* const next = gate + (head & ~(RuleSet::gate_school | RuleSet::gate_place));
      const bool by_entity =
          (school && (head & RuleSet::gate_school)) || (place && (head & RuleSet::gate_place));
      if (!by_entity && std::none_of(gate, next, stands)) return true;
      gate = next;
    }
    return false;
  });
  return out;
}

const Sightings::Found& Sightings::of(std::int32_t leaf) {
  const auto known = found_.find(leaf);
  if (known != found_.end()) return known->second;
  return found_.emplace(leaf, find(rules_.leaves[std::size_t(leaf)])).first->second;
}

template <class OnPlace>
void Sightings::each_of(std::uint32_t literal, OnPlace on_place) const {
  auto at = std::lower_bound(raw_.begin(), raw_.end(), Raw{literal, {Field::title, 0, 0}});
  for (; at != raw_.end() && at->literal == literal; ++at) on_place(at->place);
}

Sightings::Found Sightings::find(const Leaf& leaf) const {
  Found out;
  switch (leaf.kind) {
    case NodeKind::pattern: find_pattern(leaf, out); break;
    case NodeKind::school: find_entities(EntityKind::school, out); break;
    case NodeKind::place: find_entities(EntityKind::place, out); break;
    case NodeKind::number:
      for (const Field field : {Field::title, Field::body})
        for (const Occurrence& place : numbers(view(field), field)) out.places.push_back(place);
      break;
    case NodeKind::minor:
      for (const Field field : {Field::title, Field::body})
        for (const Occurrence& place : ages_of_minors(view(field), field)) out.places.push_back(place);
      find_terms(leaf, out);
      break;
    default: find_terms(leaf, out); break;
  }
  sort_unique(out.places);
  sort_unique(out.vetoed);
  return out;
}

std::optional<std::uint32_t> Sightings::end_of_phrase(const Leaf& leaf, const Occurrence& first) const {
  const std::u32string_view text = view(first.field).folded;
  std::size_t at = first.end;
  for (const std::u32string& part : leaf.rest) {
    const std::size_t gap = at;
    while (at < text.size() && is_space(text[at])) ++at;
    if (at == gap || text.substr(at, part.size()) != part) return std::nullopt;
    at += part.size();
  }
  return std::uint32_t(at);
}

void Sightings::find_terms(const Leaf& leaf, Found& out) const {
  for (std::size_t i = 0; i < leaf.literals.size(); ++i)
    each_of(leaf.literals[i], [&](Occurrence place) {
      const auto end = end_of_phrase(leaf, place);
      if (!end) return;
      place.end = *end;
      place.disguise = leaf.disguises.empty() ? 0 : leaf.disguises[i];
      const bool good = place.disguise
                            ? counts_disguised(view(place.field), place, rules_.literals[leaf.hidden[i]])
                            : counts(view(place.field), place, leaf.mode);
      (good ? out.places : out.vetoed).push_back(place);
    });
}

void Sightings::find_pattern(const Leaf& leaf, Found& out) const {
  for (const Field field : {Field::title, Field::body}) {
    std::vector<bool> present(leaf.literals.size(), false);
    for (std::size_t i = 0; i < present.size(); ++i)
      each_of(leaf.literals[i], [&](const Occurrence& place) { present[i] = present[i] || place.field == field; });
    if (!leaf.pattern->possible(present)) continue;
    std::string& text = utf8_[field == Field::title ? 0 : 1];
    if (text.empty()) text = to_utf8(view(field).folded);
    std::size_t byte = 0, index = 0;  // walk together: matches come in order
    const auto index_of = [&](std::size_t to) {
      for (; byte < to; ++index) next_char(text, byte);
      return std::uint32_t(index);
    };
    leaf.pattern->find(text, [&](std::size_t begin, std::size_t end) {
      const std::uint32_t from = index_of(begin);
      out.places.push_back({field, from, index_of(end)});
    });
  }
}

void Sightings::find_entities(EntityKind kind, Found& out) const {
  for (const Entity& entity : prepared_.entities) {
    if (entity.kind != kind) continue;
    const TextView& text = view(entity.field);
    const auto begin = std::uint32_t(text.at_byte(entity.span.begin));
    const auto end = std::uint32_t(text.at_byte(entity.span.end));
    if (begin < end) out.places.push_back({entity.field, begin, end});
  }
}

std::uint32_t Sightings::distance(Field field, std::uint32_t from, std::uint32_t to) {
  const std::u32string_view text = view(field).folded;
  auto& units = units_[field == Field::title ? 0 : 1];
  const auto begins_unit = [&](std::size_t i) {
    return !is_space(text[i]) && (i == 0 || !same_run(text[i - 1], text[i]));
  };
  if (units.empty()) {
    units.resize(text.size() + 1, 0);
    for (std::size_t i = 0; i < text.size(); ++i) units[i + 1] = units[i] + begins_unit(i);
  }
  if (from >= to) return 0;
  const bool inside_run = !is_space(text[from]) && !begins_unit(from);
  return units[to] - units[from] + inside_run;
}

Marks Sightings::marks(const Occurrence& place) const {
  const auto& contexts = place.field == Field::title ? prepared_.title_context : prepared_.body_context;
  const auto next = std::upper_bound(contexts.begin(), contexts.end(), place.begin,
                                     [](std::uint32_t at, const SentenceContext& c) { return at < c.begin; });
  if (next == contexts.begin()) return 0;
  const SentenceContext& context = *(next - 1);
  Marks out = 0;
  if (context.marks.refuted) out |= mark_refuted;
  if (context.marks.drill) out |= mark_drill;
  if (context.marks.fiction) out |= mark_fiction;
  if (context.marks.past) out |= mark_past;
  for (const auto& [begin, end] : context.negated)
    if (place.begin >= begin && place.end <= end) out |= mark_negated;
  return out;
}

std::string folding_of(const Node& node, const Occurrence& place, std::string_view stored) {
  const bool as_written = node.kind == NodeKind::term && !place.disguise;
  std::string out = describe_folding(stored, as_written ? std::string_view(node.value) : std::string_view());
  if (!place.disguise) return out;
  return describe_disguise(place.disguise) + (out.empty() ? "" : "、") + out;
}

}  // namespace tingchao::analyzer
