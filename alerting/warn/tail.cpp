// Stirling's series for ln Γ after shifting the argument to 10 or more (Abramowitz & Stegun 6.1.41);
// the tail is summed upwards from the count, where the terms fall geometrically, so nothing cancels
// and no probability is lost below 1e-16 as it would be in 1 − (lower sum).
#include "alerting/warn/tail.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tingchao::alerting {
namespace {

constexpr int terms_max = 100'000;  // enough for means in the ten thousands; a bound, not a tuning

// ln P(X = count), by the ratio of gamma functions.
double log_mass(int count, double mean, double size) {
  return log_gamma(count + size) - log_gamma(size) - log_gamma(count + 1.0) + size * std::log(size / (size + mean)) +
         count * std::log(mean / (size + mean));
}

}  // namespace

double log_gamma(double x) {
  double shift = 1;
  for (; x < 10; x += 1) shift *= x;
  const double i = 1 / x, i2 = i * i;
  const double series = i * (1.0 / 12 - i2 * (1.0 / 360 - i2 * (1.0 / 1260 - i2 * (1.0 / 1680 - i2 / 1188))));
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series - std::log(shift);
}

double negative_binomial_mass(int count, double mean, double size) {
  if (mean <= 0) return count == 0 ? 1 : 0;
  return std::exp(log_mass(count, mean, size));
}

double surprise(int count, double mean, double size) {
  if (count <= 0) return 0;
  if (mean <= 0) return surprise_max;
  if (count <= mean) return 0;
  const double q = mean / (size + mean);
  double term = 1, sum = 1;
  for (int steps = 0; steps < terms_max && term > sum * 1e-15; ++steps) {
    const double k = static_cast<double>(count) + steps;
    term *= q * (k + size) / (k + 1.0);
    sum += term;
  }
  const double log_tail = log_mass(count, mean, size) + std::log(sum);
  return std::clamp(-log_tail / std::numbers::ln10, 0.0, surprise_max);
}

}  // namespace tingchao::alerting
