// Cells are logarithmic: cell = 4·log2(heat) + 24, that is from 1/64 to 2^18.
#include "alerting/warn/heat_rank.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace tingchao::alerting {
namespace {

using std::chrono::hours;
constexpr std::array<Seconds, 7> age_ends{hours{1}, hours{3}, hours{6}, hours{12}, hours{24}, hours{72}, hours{168}};
constexpr double cells_per_doubling = 4, cell_of_one = 24;

int cell_of(double heat, int cells) {
  if (heat <= 0) return 0;
  return std::clamp(static_cast<int>(std::floor(cells_per_doubling * std::log2(heat) + cell_of_one)), 0, cells - 1);
}

int age_of(Seconds age) {
  return static_cast<int>(std::upper_bound(age_ends.begin(), age_ends.end(), age) - age_ends.begin());
}

}  // namespace

HeatRank::Place HeatRank::place_of(Seconds age, double heat) {
  return {age_of(age), cell_of(heat, static_cast<int>(cells))};
}

void HeatRank::move(Place& place, Seconds age, double heat) {
  const Place next = place_of(age, heat);
  const auto row = static_cast<std::size_t>(next.age);
  if (next.age == place.age) {
    if (next.cell <= place.cell) return;
    std::int32_t& old = counts_[row][static_cast<std::size_t>(place.cell)];
    if (old > 0) --old, --totals_[row];
  }
  ++counts_[row][static_cast<std::size_t>(next.cell)];
  ++totals_[row];
  place = next;
  if (totals_[row] > stories_max) halve(row);
}

void HeatRank::halve(std::size_t age) {
  totals_[age] = 0;
  for (std::int32_t& count : counts_[age]) totals_[age] += count /= 2;
}

double HeatRank::percentile(const Place& own, Seconds age, double heat) const {
  const Place at = place_of(age, heat);
  const auto& row = counts_[static_cast<std::size_t>(at.age)];
  double below = 0, equal = row[static_cast<std::size_t>(at.cell)], total = totals_[static_cast<std::size_t>(at.age)];
  for (int cell = 0; cell < at.cell; ++cell) below += row[static_cast<std::size_t>(cell)];
  if (own.age == at.age) {  // itself is among them
    total -= 1;
    (own.cell < at.cell ? below : equal) -= own.cell <= at.cell ? 1 : 0;
  }
  return total > 0 ? std::clamp((below + 0.5 * std::max(0.0, equal)) / total, 0.0, 1.0) : 0.5;
}

double HeatRank::median(Seconds age) const {
  const auto row = static_cast<std::size_t>(age_of(age));
  std::int32_t seen = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    seen += counts_[row][cell];
    if (seen > 0 && 2 * seen >= totals_[row])
      return std::exp2((static_cast<double>(cell) + 0.5 - cell_of_one) / cells_per_doubling);
  }
  return 0;
}

double HeatRank::stories(Seconds age) const { return totals_[static_cast<std::size_t>(age_of(age))]; }

std::string HeatRank::save() const {
  std::string text;
  for (std::size_t age = 0; age < ages; ++age)
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (counts_[age][cell] > 0) text += fmt::format("{} {} {}\n", age, cell, counts_[age][cell]);
  return text;
}

void HeatRank::load(std::string_view text) {
  counts_ = {};
  totals_ = {};
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    std::array<std::uint32_t, 3> numbers{};
    const char* at = line.data();
    const char* const end = at + line.size();
    bool good = true;
    for (std::uint32_t& number : numbers) {
      while (at != end && *at == ' ') ++at;
      const auto parsed = std::from_chars(at, end, number);
      good = good && parsed.ec == std::errc{};
      at = parsed.ptr;
    }
    if (!good || numbers[0] >= ages || numbers[1] >= cells || numbers[2] > stories_max) continue;
    counts_[numbers[0]][numbers[1]] += static_cast<std::int32_t>(numbers[2]);
    totals_[numbers[0]] += static_cast<std::int32_t>(numbers[2]);
  }
}

}  // namespace tingchao::alerting
