// Tail probabilities against sums by hand and against known values.
#include <catch2/catch.hpp>

#include <cmath>

#include "alerting/warn/tail.h"

using namespace tingchao::alerting;

TEST_CASE("log-gamma has its known values", "[warn][tail]") {
  struct Case { double x, want; };
  const Case cases[] = {{1, 0},
                        {2, 0},
                        {0.5, 0.57236494292470008707},   // ln √π
                        {10, 12.801827480081469611},     // ln 9!
                        {0.3, 1.0957979948180756},
                        {101, 363.73937555556349014}};   // ln 100!
  for (const Case& c : cases) CHECK(log_gamma(c.x) == Approx(c.want).margin(1e-12).epsilon(1e-12));
}

TEST_CASE("the tail is the sum of the masses above it", "[warn][tail]") {
  for (double mean : {0.05, 0.8, 3.0, 17.5, 240.0})
    for (double size : {0.3, 1.4, 20.0}) {
      double all = 0;
      for (int k = 0; k < 60'000; ++k) all += negative_binomial_mass(k, mean, size);
      CHECK(all == Approx(1).epsilon(1e-9));
      const int count = static_cast<int>(mean * 2) + 2;
      double below = 0;
      for (int k = 0; k < count; ++k) below += negative_binomial_mass(k, mean, size);
      CHECK(std::pow(10, -surprise(count, mean, size)) == Approx(1 - below).epsilon(1e-8).margin(1e-13));
    }
}

TEST_CASE("known tails", "[warn][tail]") {
  struct Case { const char* name; int count; double mean, size, want; };
  const Case cases[] = {
      // Size 1 is the geometric distribution: P(X ≥ k) = (m/(1+m))^k.
      {"几何分布", 10, 1, 1, 10 * std::log10(2.0)},
      {"几何分布 均值 3", 8, 3, 1, 8 * std::log10(4.0 / 3)},
      // A huge size is the Poisson distribution: P(X ≥ 5 | 1) = 1 − e⁻¹·(1+1+1/2+1/6+1/24).
      {"泊松", 5, 1, 1e9, -std::log10(1 - std::exp(-1) * (2.5 + 1.0 / 6 + 1.0 / 24))},
      {"等于均值即不异常", 5, 5, 2, 0},
      {"低于均值", 1, 5, 2, 0},
      {"零条", 0, 0.01, 2, 0},
      {"均值为零", 1, 0, 2, surprise_max},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    CHECK(surprise(c.count, c.mean, c.size) == Approx(c.want).epsilon(1e-6).margin(1e-9));
  }
}

TEST_CASE("a flood costs bounded time and stays finite", "[warn][tail]") {
  CHECK(surprise(2'000'000'000, 1e9, 0.3) > 0);
  CHECK(surprise(2'000'000'000, 1, 20) == surprise_max);
}

TEST_CASE("surprise rises with the count and falls with the mean", "[warn][tail]") {
  for (int count = 2; count < 60; ++count) CHECK(surprise(count + 1, 1.5, 4) > surprise(count, 1.5, 4));
  for (double mean = 0.1; mean < 10; mean *= 1.3) CHECK(surprise(20, mean * 1.3, 4) < surprise(20, mean, 4));
}
