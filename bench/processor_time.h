#pragma once
// Processor time of this process, in seconds: what else runs on the machine counts little.

#include <ctime>

namespace tingchao {

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace tingchao
