#pragma once
// A Page is what a server answered, byte for byte, with how we came to it.

#include <string>
#include <utility>
#include <vector>

#include "core/time.h"

namespace tingchao {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names lower-case, in order

// The value of the first header of that lower-case name, or an empty view.
std::string_view header(const Headers& headers, std::string_view name);

struct Hop {
  std::string url;  // asked for
  int status = 0;   // its answer
};

enum class RobotsVerdict { allowed, allowed_no_file, allowed_local, disallowed, unreachable };
const char* name(RobotsVerdict verdict);

// What a server said to remember for the next conditional request; opaque bytes, quotes included.
struct Validators {
  std::string etag;
  std::string last_modified;
  bool empty() const { return etag.empty() && last_modified.empty(); }
};

struct Page {
  std::string source;         // Source::id
  std::string requested_url;
  std::string url;            // final, after redirects
  std::vector<Hop> redirects; // every hop before the final answer
  Headers request_headers;    // as they were sent for `url`, but for Host; empty: not kept (before 0.2)
  int status = 0;
  Headers headers;
  std::string body;           // decoded of its Content-Encoding, otherwise untouched
  bool truncated = false;     // the decoded size hit the cap; body holds what fitted
  bool not_modified = false;  // 304, or the same bytes as last time
  Validators validators;
  std::string address;        // the peer's IP
  RobotsVerdict robots = RobotsVerdict::allowed;
  std::string robots_rule;    // the line that decided, for people
  Time fetched_at{};
  std::chrono::milliseconds took{0};
};

}  // namespace tingchao
