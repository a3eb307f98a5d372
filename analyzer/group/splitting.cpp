// The names decide, not the words: two canteens make people sick in the same words, and one brawl of two schools is
// told with both names. So what counts is how many name one, the other, and both.
#include "analyzer/group/splitting.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "analyzer/group/terms.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t alone_min = 2;
constexpr std::size_t both_share = 4;  // at most a quarter of those that name one alone
constexpr double gap_min = 0.35;       // of cosines, within less across

using Indices = std::vector<std::size_t>;

// A division's code without the zeros that say nothing more exact: a district lies within its city.
std::string_view stem_of(std::string_view anchor, std::string_view kind) {
  if (kind == school_anchor) return anchor;
  while (anchor.size() > kind.size() + 2 && anchor.ends_with("00")) anchor.remove_suffix(2);
  return anchor;
}

bool within(std::string_view a, std::string_view b, std::string_view kind) {
  const std::string_view x = stem_of(a, kind), y = stem_of(b, kind);
  return kind == school_anchor ? x == y : x.starts_with(y) || y.starts_with(x);
}

// What a document names of a kind; of a place within another only the smaller.
std::vector<std::string_view> named(const Arrived& document, std::string_view kind) {
  std::vector<std::string_view> out;
  for (const TermWeight& term : document.terms) {
    if (!term.anchor || !term.term.starts_with(kind)) continue;
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](std::string_view known) { return within(known, term.term, kind); });
    if (same == out.end())
      out.push_back(term.term);
    else if (stem_of(term.term, kind).size() > stem_of(*same, kind).size())
      *same = term.term;
  }
  return out;
}

struct Sides {
  std::string_view a, b;
  Indices only_a, only_b, others;
  std::size_t both = 0;
};

// The two names that most documents bear alone.
std::optional<Sides> sides_of(const std::vector<const Arrived*>& members, std::string_view kind) {
  std::map<std::string_view, Indices> alone;
  std::vector<std::vector<std::string_view>> names;
  for (std::size_t i = 0; i < members.size(); ++i) {
    names.push_back(named(*members[i], kind));
    if (names[i].size() == 1) alone[names[i][0]].push_back(i);
  }
  std::vector<std::pair<std::string_view, Indices>> most(alone.begin(), alone.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& x, const auto& y) { return x.second.size() > y.second.size(); });
  if (most.size() < 2) return {};
  const auto second = std::find_if(most.begin() + 1, most.end(),
                                   [&](const auto& each) { return !within(each.first, most[0].first, kind); });
  if (second == most.end() || second->second.size() < alone_min) return {};
  Sides sides{most[0].first, second->first, {}, {}, {}, 0};
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto names_it = [&](std::string_view name) {
      return std::any_of(names[i].begin(), names[i].end(),
                         [&](std::string_view each) { return within(each, name, kind); });
    };
    const bool of_a = names_it(sides.a), of_b = names_it(sides.b);
    sides.both += of_a && of_b;
    (of_a == of_b ? sides.others : of_a ? sides.only_a : sides.only_b).push_back(i);
  }
  const std::size_t alone_all = sides.only_a.size() + sides.only_b.size();
  if (sides.both * both_share > alone_all || 2 * alone_all < members.size()) return {};
  return sides;
}

double alike(const std::vector<TermVector>& vectors, const Indices& a, const Indices& b) {
  double sum = 0;
  std::size_t pairs = 0;
  for (const std::size_t i : a)
    for (const std::size_t j : b) {
      if (i == j) continue;
      sum += cosine(vectors[i].text, vectors[i].text_norm, vectors[j].text, vectors[j].text_norm);
      ++pairs;
    }
  return pairs == 0 ? 0 : sum / static_cast<double>(pairs);
}

std::string name_of(const std::vector<const Arrived*>& members, std::string_view anchor, std::string_view kind) {
  for (const Arrived* each : members)
    for (const auto& [id, name] : each->part.names)
      if (anchor.substr(kind.size()) == id) return name;
  return std::string(anchor.substr(kind.size()));
}

}  // namespace

std::uint64_t RecentMembers::add(Arrived document) {
  document.sketch = {};
  documents_.push_back(std::move(document));
  if (documents_.size() > most_) {
    documents_.pop_front();
    ++first_;
  }
  return first_ + documents_.size() - 1;
}

Arrived* RecentMembers::find(std::uint64_t number) {
  return number < first_ || number - first_ >= documents_.size() ? nullptr : &documents_[number - first_];
}

std::optional<Parting> parting(const std::vector<const Arrived*>& members, Vocabulary& vocabulary, Time now) {
  for (const std::string_view kind : {school_anchor, place_anchor}) {
    auto sides = sides_of(members, kind);
    if (!sides) continue;
    std::vector<TermVector> vectors;
    for (const Arrived* each : members) vectors.push_back(vector_of(each->terms, each->numbers, vocabulary, now));
    Indices &a = sides->only_a, &b = sides->only_b;
    const double inside = std::min(alike(vectors, a, a), alike(vectors, b, b));
    if (kind == place_anchor && inside - alike(vectors, a, b) < gap_min) continue;
    const std::string cause = fmt::format(
        "{}：只提“{}”的 {} 篇，只提“{}”的 {} 篇，两者都提的 {} 篇", kind == school_anchor ? "两所学校" : "两个地方",
        name_of(members, sides->a, kind), a.size(), name_of(members, sides->b, kind), b.size(), sides->both);
    const Indices told_a = a, told_b = b;
    for (const std::size_t i : sides->others)
      (alike(vectors, {i}, told_a) >= alike(vectors, {i}, told_b) ? a : b).push_back(i);
    const bool a_leaves = a.size() != b.size() ? a.size() < b.size() : std::find(a.begin(), a.end(), 0u) == a.end();
    Parting out{a_leaves ? a : b, cause};
    std::sort(out.leaving.begin(), out.leaving.end());
    return out;
  }
  return {};
}

namespace {

// All documents of the story; empty: some are not known any more.
std::vector<const Arrived*> all_of(const Held& story, RecentMembers& recent) {
  std::vector<const Arrived*> members;
  if (static_cast<int>(story.recent.size()) != story.story.documents) return members;
  for (const std::uint64_t number : story.recent) {
    members.push_back(recent.find(number));
    if (!members.back()) return {};
  }
  return members;
}

void tell(Held& story, const Arrived& member, Layer& layer, Vocabulary& vocabulary, Time at) {
  if (story.story.opener.empty()) {
    story.story.opener = member.part.document;
    story.story.title = member.part.heading;
  }
  Choice choice;
  choice.is_reply = member.is_reply;
  choice.copy_of = member.placement.copy_of;
  if (!choice.is_reply && choice.copy_of.empty())
    choice.vector = vector_of(member.terms, member.numbers, vocabulary, at);
  layer.put_again(story, member, choice);
}

}  // namespace

std::optional<Parted> part(Held& whole, Layer& layer, RecentMembers& recent, Vocabulary& vocabulary, Time at) {
  if (whole.vector.schools.size() < 2 && whole.vector.places.size() < 2) return {};
  const std::vector<const Arrived*> members = all_of(whole, recent);
  const auto found = members.empty() ? std::nullopt : parting(members, vocabulary, at);
  if (!found) return {};
  const Story known = whole.story;
  const std::vector<std::uint64_t> numbers = whole.recent;
  const std::string first = members[found->leaving.front()]->part.document;
  Story rest, leaving;
  rest.id = known.id;
  rest.merged = known.merged;
  rest.slept_at = known.slept_at;
  rest.woken_at = known.woken_at;
  rest.split_from = known.split_from;
  leaving.id = stable_id("story " + first);
  if (layer.index.find(leaving.id)) leaving.id = stable_id("story part " + first);
  leaving.split_from = known.id;
  Parted out;
  out.split = {.id = leaving.id,
               .from = known.id,
               .at = at,
               .documents = static_cast<int>(found->leaving.size()),
               .cause = found->cause};
  Held& stays = layer.index.add(std::move(rest), at);
  Held& leaves = layer.index.add(std::move(leaving), at);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool goes = std::binary_search(found->leaving.begin(), found->leaving.end(), i);
    Arrived& member = *recent.find(numbers[i]);
    tell(goes ? leaves : stays, member, layer, vocabulary, at);
    (goes ? leaves : stays).recent.push_back(numbers[i]);
    if (!goes) continue;
    member.placement.story = out.split.id;
    member.placement.created = i == found->leaving.front();
    out.moves.push_back({member.placement, known.id});
  }
  stays.story.heat_peak = std::max(stays.story.heat_peak, known.heat_peak);
  return out;
}

}  // namespace tingchao::analyzer
