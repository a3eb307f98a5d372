// f(x; m, r) is proportional to (r / (r + m))^r · (m / (r + m))^x, and all else cancels in the ratio.
#include "alerting/warn/cusum.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tingchao::alerting {

double raised_level_gain(int count, double mean, double size, double ratio) {
  return count * std::log(ratio) - (count + size) * std::log((size + ratio * mean) / (size + mean));
}

namespace {

// Solves rows·x = right by elimination; rows are of I − Q, which dominates its diagonal.
std::vector<double> solve(std::vector<std::vector<double>> rows, std::vector<double> right) {
  const std::size_t size = right.size();
  for (std::size_t pivot = 0; pivot < size; ++pivot) {
    for (std::size_t below = pivot + 1; below < size; ++below) {
      const double factor = rows[below][pivot] / rows[pivot][pivot];
      if (factor == 0) continue;
      for (std::size_t column = pivot; column < size; ++column)
        rows[below][column] -= factor * rows[pivot][column];
      right[below] -= factor * right[pivot];
    }
  }
  for (std::size_t row = size; row-- > 0;) {
    for (std::size_t column = row + 1; column < size; ++column)
      right[row] -= rows[row][column] * right[column];
    right[row] /= rows[row][row];
  }
  return right;
}

}  // namespace

double average_run_length(const RunLength& chain) {
  const double width = chain.threshold / chain.states;
  const int states = chain.states + (chain.above ? 1 : 0);
  std::vector<std::vector<double>> rows(static_cast<std::size_t>(states),
                                        std::vector<double>(static_cast<std::size_t>(states)));
  for (int from = 0; from < states; ++from) {
    auto& row = rows[static_cast<std::size_t>(from)];
    row[static_cast<std::size_t>(from)] = 1;
    double told = 0;
    for (int count = 0; count <= chain.count_max; ++count) {
      const double mass = count == chain.count_max ? 1 - told : chain.mass(count);
      told += mass;
      const double next = cusum_step(from * width, chain.gain(count));
      const bool alarm =
          chain.above ? next > chain.threshold + width / 1e6 : next >= chain.threshold - width / 1e6;
      if (alarm) continue;
      const int to = std::min(states - 1, static_cast<int>(std::lround(next / width)));
      row[static_cast<std::size_t>(to)] -= mass;
    }
  }
  return solve(std::move(rows), std::vector<double>(static_cast<std::size_t>(states), 1)).front();
}

}  // namespace tingchao::alerting
