#pragma once
// A host's state in the operator's words, for the command line and the status page.

#include <string>

#include "core/host.h"

namespace tingchao::service {

// "1.5 秒".
std::string delay_in_words(std::chrono::milliseconds delay);
// Why the host is not being read now: it rests (until when, and why), its robots.txt cannot be read, its
// delay has not passed; or "可以读取".
std::string waits_in_words(const HostMemory& host, Time now);

}  // namespace tingchao::service
