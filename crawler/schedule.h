#pragma once
// Decides when a source is due and how long a troubled one rests. Pure: takes what is known and
// `now`, and answers; never parks a source for ever.

#include <optional>
#include <string>

#include "core/page.h"
#include "core/result.h"
#include "core/source.h"

namespace tingchao::crawler {

struct Visit {
  Time at{};
  bool success = false;
  bool changed = false;                   // something new was found
  std::optional<Error> error;
  std::optional<Seconds> server_asks;     // Retry-After, max-age or ttl of the answer
  int failures_before = 0;                // in a row, before this visit
  std::optional<Seconds> adapted;         // the gap that the source's rhythm asks for, at most its interval
};

struct Due {
  Time at{};
  std::string why;  // "interval", "backoff after 3 failures", "server asks 10m" …
};

// After a success: interval (or the shorter adapted gap), or longer when the server asks (at most 24 h).
// After the n-th failure in a row: 2^n minutes, at least the interval, at most 6 h; Retry-After is obeyed.
// `seed` spreads the sources: ±10 % of the span, the same for the same source and visit.
Due next_due(const Source& source, const Visit& visit);

// The first visit after a start: sources are spread over `spread`, by a hash of their id.
Time first_due(const Source& source, std::optional<Time> last_visit, Time now, Seconds spread);

// Retry-After in both forms (seconds, HTTP date).
std::optional<Seconds> retry_after(const Headers& headers, Time now);
// Cache-Control max-age, else Expires; never negative.
std::optional<Seconds> freshness(const Headers& headers, Time now);

}  // namespace tingchao::crawler
