// Doubling pauses, spread by a hash of the key instead of chance: many messages that failed together
// do not come back together, and the same history gives the same times in a test.
#include <algorithm>
#include <cmath>

#include "alerting/notify.h"
#include "core/hash.h"

namespace tingchao::alerting {
namespace {

constexpr double pause_first = 5, pause_max = 600;  // seconds
constexpr Seconds patience = std::chrono::hours{24};
constexpr int doublings_max = 7;  // 5 s · 2⁷ lies past the cap

// A name that does not resolve is no dead mailbox: resolvers fail, and come back.
bool may_pass(Errc code) { return is_transient(code) || code == Errc::not_found; }

}  // namespace

std::optional<Time> retry_at(const Delivery& delivery, const Error& error, Time now) {
  if (!may_pass(error.code)) return {};
  const int failures = std::max(1, delivery.attempts);
  const double pause = pause_first * (1 << std::min(failures - 1, doublings_max));
  const double share = static_cast<double>(hash64(delivery.key, static_cast<std::uint64_t>(failures)) >> 11) * 0x1p-53;
  const double spread = std::min(pause, pause_max) * (0.8 + 0.4 * share);
  const Time next = now + Seconds(std::lround(std::min(spread, pause_max)));
  if (next > delivery.created + patience) return {};
  return next;
}

}  // namespace tingchao::alerting
