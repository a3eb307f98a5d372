#pragma once
// The daemon: builds the parts in order, runs a coroutine per source, one for the outbox and one for
// what time brings, serves the API, and ends cleanly on SIGTERM and SIGINT. SIGHUP rereads the rules,
// the measure, and of the configuration recipients and duty; a mistake in them leaves the old ones in force.

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "service/config.h"
#include "service/watch.h"

namespace tingchao::service {

struct DaemonOptions {
  // Called on the I/O thread after each visit; for `crawl`'s progress.
  std::function<void(const Source&, const VisitReport&)> visited;
  bool once = false;              // every source once, then stop; no digest, no API
  std::vector<std::string> only;  // source ids; empty: all
  bool send = true;               // false: messages stay in the outbox
};

// Runs until stopped. Fails only where it cannot start: store, rules, measure, port.
Result<void> run_daemon(const Config& config, const DaemonOptions& options);

}  // namespace tingchao::service
