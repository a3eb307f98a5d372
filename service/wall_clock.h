#pragma once
// The daemon's clock. Normally the system's; the demo runs an afternoon in half a minute by a faster
// one, whose course is fixed by the configuration so that a restart finds the same time.

#include "core/time.h"

namespace tingchao::service {

class WallClock {
 public:
  WallClock() = default;  // the system's
  // Simulated time is `begins` at the real instant `started` and runs `factor` times as fast.
  WallClock(Time begins, std::chrono::system_clock::time_point started, double factor)
      : begins_(begins), started_(started), factor_(factor) {}

  Time now() const {
    const auto real = std::chrono::system_clock::now();
    if (factor_ == 1.0) return std::chrono::floor<Seconds>(real);
    const std::chrono::duration<double> passed = real - started_;
    return begins_ + Seconds(static_cast<long>(passed.count() * factor_));
  }
  // How long to sleep in reality until that simulated time; at least a millisecond.
  std::chrono::milliseconds until(Time at) const {
    const auto real = std::chrono::system_clock::now();
    std::chrono::duration<double> left;
    if (factor_ == 1.0) {
      left = at - real;
    } else {
      left = std::chrono::duration<double>((at - begins_).count() / factor_) - (real - started_);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left);
    return std::max(wait, std::chrono::milliseconds{1});
  }
  bool simulated() const { return factor_ != 1.0; }
  double factor() const { return factor_; }

 private:
  Time begins_{};
  std::chrono::system_clock::time_point started_{};
  double factor_ = 1.0;
};

}  // namespace tingchao::service
