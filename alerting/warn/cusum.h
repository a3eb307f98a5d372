#pragma once
// The cumulative sum of evidence for a raised level (Page 1954): slower than a scan for what comes at once,
// quicker for what keeps coming. And how long such a sum runs without cause, so that a threshold can be
// told as a rate of false alarms.

#include <functional>

namespace tingchao::alerting {

// One step: never below zero, so that a quiet week does not excuse a loud day.
inline double cusum_step(double sum, double gain) { return sum + gain > 0 ? sum + gain : 0; }

// ln of how much likelier the count is when the mean is `ratio` times as large; both negative binomial of
// size r (Hawkins & Olwell 1998, ch. 3).
double raised_level_gain(int count, double mean, double size, double ratio);

// Steps until the sum, begun at zero, first reaches the threshold, on average, when counts follow `mass`.
// By the Markov chain of Brook & Evans 1972 over `states` cells of the sum; exact when gains and
// threshold are multiples of threshold / states. `above`: an alarm needs more than the threshold, which then
// is a state of its own. `count_max`: masses beyond are taken together there. Cost O(states³).
struct RunLength {
  std::function<double(int)> mass;
  std::function<double(int)> gain;
  double threshold = 0;
  int states = 100;
  bool above = false;
  int count_max = 200;
};
double average_run_length(const RunLength& chain);

}  // namespace tingchao::alerting
