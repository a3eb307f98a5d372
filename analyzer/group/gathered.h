#pragma once
// The stories that share terms with a document, each with the sum of what it shares, and those of them that
// are worth a full comparison. Thousands are gathered for one document, so that nothing is allocated for one.

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tingchao::analyzer {

struct Held;

// Sums by story, kept between searches so that nothing is allocated or cleared for one.
class Gathered {
 public:
  struct Sum {
    const Held* held = nullptr;
    float weight = 0;
  };
  void begin() {
    sums_.clear();
    ++round_;
  }
  void add(const Held* held, float weight) {
    if (2 * sums_.size() >= places_.size()) widen();
    Place& place = place_of(held);
    if (place.round != round_) {
      place = {round_, static_cast<std::uint32_t>(sums_.size())};
      sums_.push_back({held, 0});
    }
    sums_[place.sum].weight += weight;
  }
  std::vector<Sum>& all() { return sums_; }

 private:
  struct Place {
    std::uint32_t round = 0, sum = 0;
  };
  Place& place_of(const Held* held) {
    const auto hash = reinterpret_cast<std::uintptr_t>(held) * 0x9e3779b97f4a7c15ULL >> 32;
    std::size_t at = hash & (places_.size() - 1);
    while (places_[at].round == round_ && sums_[places_[at].sum].held != held)
      at = (at + 1) & (places_.size() - 1);
    return places_[at];
  }
  void widen() {
    places_.assign(std::max<std::size_t>(1024, 2 * places_.size()), {});
    round_ = 1;
    for (std::uint32_t i = 0; i < sums_.size(); ++i) place_of(sums_[i].held) = {round_, i};
  }

  std::vector<Sum> sums_;
  std::vector<Place> places_;  // a power of two of them
  std::uint32_t round_ = 0;
};

// The heaviest `kept` to the front, in no order, of equals those with the smallest openers.
void to_front(std::vector<Gathered::Sum>& sums, std::size_t kept);

// Asks memory for what comparing reads: first where it lies, then, when that has come, the lists.
void fetch_place(const Held& held);
void fetch_lists(const Held& held);
// Of those that are compared one after the other, while it is the turn of `i`.
template <class HeldAt>
void fetch_ahead(std::size_t i, std::size_t count, HeldAt held_at) {
  constexpr std::size_t places_ahead = 8, lists_ahead = 4;
  if (i == 0)
    for (std::size_t k = 0; k < std::min(count, places_ahead); ++k) fetch_place(held_at(k));
  if (i + places_ahead < count) fetch_place(held_at(i + places_ahead));
  if (i + lists_ahead < count) fetch_lists(held_at(i + lists_ahead));
}

}  // namespace tingchao::analyzer
