#pragma once
// How surprising a count is: tail probabilities of the negative binomial distribution, which is a
// Poisson whose mean itself wavers. Own log-gamma, so that the result needs no global state and is
// the same in every thread.

namespace tingchao::alerting {

// ln Γ(x) for x > 0, to about 1e-12 relative.
double log_gamma(double x);

// P(X = count), X negative binomial with that mean and size r (variance mean + mean²/r).
double negative_binomial_mass(int count, double mean, double size);

// −log10 P(X ≥ count): 0 for what is expected or less, 3 for one in a thousand. A mean of 0 gives
// `surprise_max` for any count; so does whatever lies beyond it.
double surprise(int count, double mean, double size);
inline constexpr double surprise_max = 300;

}  // namespace tingchao::alerting
