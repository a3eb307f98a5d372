// A document's terms carry the idf of its own day, and a centroid is the plain sum of its documents, so a
// story's vector needs no recomputation and survives a restart exactly.
#include "analyzer/group/held.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "analyzer/group/terms.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t uses_max = 256;
constexpr std::string_view topic_term = "topic:", topic_at_large = "topic:基础教育";
constexpr std::size_t telling_max = 16;        // text terms of a document that are looked up
constexpr std::size_t telling_story_max = 24;  // and under which a story is listed
constexpr std::size_t centroid_text_max = 44, centroid_anchors_max = 20;

float norm(const std::vector<WeightedTerm>& terms) {
  double sum = 0;
  for (const WeightedTerm& term : terms) sum += static_cast<double>(term.weight) * term.weight;
  return static_cast<float>(std::sqrt(sum));
}

// Without a branch on what the lists hold: which goes on next cannot be foretold.
double dot(const std::vector<WeightedTerm>& a, const std::vector<WeightedTerm>& b) {
  double sum = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::uint64_t x = a[i].term, y = b[j].term;
    const double product = static_cast<double>(a[i].weight) * b[j].weight;
    sum += x == y ? product : 0.0;
    i += x <= y;
    j += y <= x;
  }
  return sum;
}

// Sorts, measures and indexes what text, anchors, schools and places already hold.
void finish(TermVector& vector, std::size_t telling) {
  const auto by_term = [](const WeightedTerm& a, const WeightedTerm& b) { return a.term < b.term; };
  const auto heavier = [](const WeightedTerm& a, const WeightedTerm& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  };
  std::sort(vector.text.begin(), vector.text.end(), heavier);
  vector.telling.clear();
  for (std::size_t i = 0; i < std::min(telling, vector.text.size()); ++i)
    vector.telling.push_back(vector.text[i].term);
  for (const WeightedTerm& anchor : vector.anchors) vector.telling.push_back(anchor.term);
  std::sort(vector.telling.begin(), vector.telling.end());
  std::sort(vector.text.begin(), vector.text.end(), by_term);
  std::sort(vector.anchors.begin(), vector.anchors.end(), by_term);
  std::sort(vector.schools.begin(), vector.schools.end());
  std::sort(vector.places.begin(), vector.places.end());
  std::sort(vector.concerns.begin(), vector.concerns.end());
  vector.text_norm = norm(vector.text);
  vector.anchors_norm = norm(vector.anchors);
}

void note_kind(TermVector& vector, const TermWeight& term, std::uint64_t number) {
  if (term.term.starts_with(school_anchor)) vector.schools.push_back(number);
  if (term.term.starts_with(place_anchor)) vector.places.push_back(number);
  if (term.term.starts_with(topic_term) && !term.term.starts_with(topic_at_large))
    vector.concerns.push_back(number);
}

// Where numbers stand in a short list. Numbers are hashes already.
class Places {
 public:
  explicit Places(const std::vector<std::uint64_t>& numbers) : numbers_(numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::size_t at = numbers[i] & (places_.size() - 1);
      while (places_[at] != 0) at = (at + 1) & (places_.size() - 1);
      places_[at] = static_cast<std::uint8_t>(i + 1);
    }
  }
  std::optional<std::size_t> find(std::uint64_t number) const {
    for (std::size_t at = number & (places_.size() - 1); places_[at] != 0; at = (at + 1) & (places_.size() - 1))
      if (numbers_[places_[at] - 1u] == number) return places_[at] - 1u;
    return {};
  }

 private:
  const std::vector<std::uint64_t> numbers_;  // those that were there
  std::array<std::uint8_t, 256> places_{};    // 0: none; else the place plus one
};
static_assert(centroid_text_max + centroid_anchors_max < 128);

}  // namespace

const std::string& opener_of(const Story& story) { return story.opener.empty() ? story.id : story.opener; }

bool older(const Held* a, const Held* b) {
  // One that came back is as old as it was.
  const auto begun = [](const Story& story) {
    return std::pair(story.slept_at.value_or(story.first_seen), std::string_view(opener_of(story)));
  };
  return begun(a->story) < begun(b->story);
}

bool share(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x == *y) return true;
    if (*x < *y)
      ++x;
    else
      ++y;
  }
  return false;
}

TermVector vector_of(const std::vector<TermWeight>& terms, const std::vector<std::uint64_t>& numbers,
                     Vocabulary& vocabulary, Time now) {
  TermVector vector;
  vector.sureness = vocabulary.sureness(now);
  for (const std::uint64_t number : numbers) vocabulary.fetch(number);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto weight = static_cast<float>(terms[i].weight * vocabulary.usual.idf(numbers[i], now));
    const auto spread = static_cast<float>(vocabulary.spread(numbers[i], now));
    (terms[i].anchor ? vector.anchors : vector.text).push_back({numbers[i], weight, spread});
    note_kind(vector, terms[i], numbers[i]);
  }
  const auto to_one = [](std::vector<WeightedTerm>& list) {
    const float length = norm(list);
    for (WeightedTerm& term : list) term.weight /= length;
  };
  to_one(vector.text);
  to_one(vector.anchors);
  finish(vector, telling_max);
  return vector;
}

void read_centroid(Held& held) {
  held.centroid_numbers.clear();
  cut_centroid(held);
}

void add_to_centroid(Held& held, const std::vector<TermWeight>& terms, const std::vector<std::uint64_t>& numbers,
                     const TermVector& document) {
  const auto weight_of = [&](const TermWeight& term, std::uint64_t number) {
    const auto& list = term.anchor ? document.anchors : document.text;
    const auto found = std::lower_bound(list.begin(), list.end(), number,
                                        [](const WeightedTerm& t, std::uint64_t n) { return t.term < n; });
    return found != list.end() && found->term == number ? found->weight : 0.0f;
  };
  auto& centroid = held.story.centroid;
  const Places known(held.centroid_numbers);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const float weight = weight_of(terms[i], numbers[i]);
    if (const auto place = known.find(numbers[i])) {
      centroid[*place].weight += weight;
    } else {
      centroid.push_back({terms[i].term, weight, terms[i].anchor});
      held.centroid_numbers.push_back(numbers[i]);
    }
  }
  cut_centroid(held);
}

void cut_centroid(Held& held) {
  auto& centroid = held.story.centroid;
  auto& numbers = held.centroid_numbers;
  for (std::size_t i = numbers.size(); i < centroid.size(); ++i) numbers.push_back(hash64(centroid[i].term));
  std::vector<std::uint32_t> order(centroid.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
    const TermWeight &a = centroid[x], &b = centroid[y];
    return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
  });
  std::vector<TermWeight> kept;
  std::vector<std::uint64_t> kept_numbers;
  kept.reserve(order.size());
  kept_numbers.reserve(order.size());
  held.vector = {};
  for (const std::uint32_t i : order) {
    TermWeight& term = centroid[i];
    auto& list = term.anchor ? held.vector.anchors : held.vector.text;
    if (list.size() == (term.anchor ? centroid_anchors_max : centroid_text_max)) continue;
    list.push_back({numbers[i], term.weight});
    note_kind(held.vector, term, numbers[i]);
    kept_numbers.push_back(numbers[i]);
    kept.push_back(std::move(term));
  }
  centroid = std::move(kept);
  numbers = std::move(kept_numbers);
  finish(held.vector, telling_story_max);
}

double faded(Time since, Time now) {
  const double half_lives = static_cast<double>((now - since).count()) / Vocabulary::recent_half_life.count();
  return std::exp2(-std::max(0.0, half_lives));
}

double cosine(const std::vector<WeightedTerm>& a, float a_norm, const std::vector<WeightedTerm>& b,
              float b_norm) {
  return a_norm > 0 && b_norm > 0 ? dot(a, b) / (a_norm * b_norm) : 0.0;
}

void add_uses(Held& held, const std::vector<std::uint64_t>& numbers, Time now) {
  const auto by_term = [](const WeightedTerm& a, const WeightedTerm& b) { return a.term < b.term; };
  const auto fade = static_cast<float>(faded(held.uses_at, now));
  for (WeightedTerm& use : held.uses) use.weight *= fade;
  held.uses_at = std::max(held.uses_at, now);
  const auto known = static_cast<std::ptrdiff_t>(held.uses.size());
  for (const std::uint64_t number : numbers) {
    const WeightedTerm fresh{.term = number, .weight = 1};
    const auto at = std::lower_bound(held.uses.begin(), held.uses.begin() + known, fresh, by_term);
    if (at != held.uses.begin() + known && at->term == fresh.term)
      at->weight += 1;
    else
      held.uses.push_back(fresh);
  }
  if (held.uses.size() > uses_max) {
    std::nth_element(held.uses.begin(), held.uses.begin() + uses_max, held.uses.end(),
                     [](const WeightedTerm& a, const WeightedTerm& b) {
                       return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
                     });
    held.uses.resize(uses_max);
  }
  std::sort(held.uses.begin(), held.uses.end(), by_term);
}

}  // namespace tingchao::analyzer
