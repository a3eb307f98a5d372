// The sum's arithmetic against published run lengths, and against simulation.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "alerting/warn/cusum.h"
#include "alerting/warn/tail.h"

using namespace tingchao::alerting;

namespace {

double poisson(int count, double mean) {
  return std::exp(count * std::log(mean) - mean - std::lgamma(count + 1.0));
}

// Poisson counts against a reference of 3 a step, threshold 10: all sums are whole numbers.
double poisson_run_length(double mean, bool above) {
  RunLength chain;
  chain.mass = [mean](int count) { return poisson(count, mean); };
  chain.gain = [](int count) { return count - 3.0; };
  chain.threshold = 10;
  chain.states = 10;
  chain.above = above;
  chain.count_max = 60;
  return average_run_length(chain);
}

}  // namespace

TEST_CASE("run lengths of a Poisson sum equal the published ones", "[warn][cusum]") {
  CHECK(poisson_run_length(2.4, false) == Approx(548.36).epsilon(0.001));
  CHECK(poisson_run_length(2.4, true) == Approx(854.45).epsilon(0.001));
  CHECK(poisson_run_length(4, false) == Approx(10.18).epsilon(0.001));
  CHECK(poisson_run_length(4, true) == Approx(11.18).epsilon(0.001));
}

TEST_CASE("the gain is the logarithm of the ratio of likelihoods", "[warn][cusum]") {
  for (const double mean : {0.05, 0.4, 3.0, 40.0})
    for (const double size : {0.3, 1.5, 20.0})
      for (const int count : {0, 1, 2, 7, 60}) {
        const double ratio =
            negative_binomial_mass(count, 2.5 * mean, size) / negative_binomial_mass(count, mean, size);
        CHECK(raised_level_gain(count, mean, size, 2.5) == Approx(std::log(ratio)).margin(1e-9));
      }
}

TEST_CASE("simulated streams alarm as often as the run length says", "[warn][cusum]") {
  struct Point {
    double mean, size, threshold;
  };
  for (const Point& p : {Point{0.2, 1.5, 3}, {0.2, 20, 3}, {1, 1.5, 4}, {3, 5, 4}, {10, 20, 4}}) {
    RunLength chain;
    chain.mass = [p](int count) { return negative_binomial_mass(count, p.mean, p.size); };
    chain.gain = [p](int count) { return raised_level_gain(count, p.mean, p.size, 2.5); };
    chain.threshold = p.threshold;
    chain.states = 200;
    const double told = average_run_length(chain);
    std::mt19937 random(11);
    std::gamma_distribution<double> rate(p.size, p.mean / p.size);
    double steps = 0, sum = 0;
    int alarms = 0;
    for (; alarms < 4000; ++steps) {
      const double mean = rate(random);
      const int count = mean > 0 ? std::poisson_distribution<int>(mean)(random) : 0;
      sum = cusum_step(sum, raised_level_gain(count, p.mean, p.size, 2.5));
      if (sum < p.threshold) continue;
      ++alarms;
      sum = 0;
    }
    CAPTURE(p.mean, p.size, told);
    CHECK(steps / alarms == Approx(told).epsilon(0.1));
  }
}
