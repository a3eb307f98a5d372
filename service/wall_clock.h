#pragma once
// The daemon's clock. Normally the system's; the demo runs an afternoon in half a minute by a faster
// one, whose course is fixed by the configuration so that a restart finds the same time.

#include <algorithm>
#include <chrono>

#include "core/time.h"

namespace tingchao::service {

class WallClock {
 public:
  WallClock() = default;  // the system's
  // Simulated time is `begins` at the real instant `started` and runs `factor` times as fast until it
  // is `ends`; from then on as fast as real time.
  WallClock(Time begins, std::chrono::system_clock::time_point started, double factor, Time ends)
      : begins_(begins), started_(started), factor_(factor), ends_(ends) {}

  Time now() const {
    const auto real = std::chrono::system_clock::now();
    if (!simulated()) return std::chrono::floor<Seconds>(real);
    const std::chrono::duration<double> passed = real - started_;
    const double fast = std::min(passed.count(), fast_real_seconds());
    return begins_ + Seconds(static_cast<long>(fast * factor_ + (passed.count() - fast)));
  }
  // How long to sleep in reality until that time of this clock; at least a millisecond.
  std::chrono::milliseconds until(Time at) const {
    const auto real = std::chrono::system_clock::now();
    std::chrono::duration<double> left = at - real;
    if (simulated()) {
      const double ahead = static_cast<double>((at - begins_).count()), fast = fast_real_seconds();
      const double due = ahead <= fast * factor_ ? ahead / factor_ : fast + (ahead - fast * factor_);
      left = std::chrono::duration<double>(due) - (real - started_);
    }
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds{1});
  }
  bool simulated() const { return factor_ != 1.0; }
  double factor() const { return factor_; }
  long long started_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(started_.time_since_epoch()).count();
  }

 private:
  double fast_real_seconds() const { return static_cast<double>((ends_ - begins_).count()) / factor_; }

  Time begins_{};
  std::chrono::system_clock::time_point started_{};
  double factor_ = 1.0;
  Time ends_{};
};

}  // namespace tingchao::service
