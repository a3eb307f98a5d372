#pragma once
// Where a story's heat stands among stories of the same age: 3.2 says nothing, "hotter than 97 % of
// stories six hours old" does. A histogram per age, in cells of a quarter power of two, so a
// quantile is off by 19 % of the heat at most and the whole takes a few kilobytes for ever.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace tingchao::alerting {

class HeatRank {
 public:
  // The cell that a story counts in; every story counts once per age, with its peak there.
  struct Place {
    int age = -1;
    int cell = 0;
  };

  static Place place_of(Seconds age, double heat);
  // Counts the story at its age and heat; `place` is where it stood and stands.
  void move(Place& place, Seconds age, double heat);

  // Share of the other stories of that age that are cooler (equals count half).
  double percentile(const Place& own, Seconds age, double heat) const;
  double median(Seconds age) const;
  double stories(Seconds age) const;

  // As text, for the store, and back; what is not well-formed is ignored.
  std::string save() const;
  void load(std::string_view text);

 private:
  static constexpr std::size_t ages = 8, cells = 96;
  static constexpr std::int32_t stories_max = 20'000;  // then all counts of the age are halved: old ones fade

  void halve(std::size_t age);
  std::array<std::array<std::int32_t, cells>, ages> counts_{};
  std::array<std::int32_t, ages> totals_{};
};

}  // namespace tingchao::alerting
