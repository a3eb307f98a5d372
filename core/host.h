#pragma once
// What is remembered of a server across restarts, so that a new process is as polite as the one before
// it would have been: how it answered, what it asked for, and its robots.txt.

#include <chrono>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace tingchao {

struct HostMemory {
  std::string host;  // "www.example.com:443"
  Time last_request{};
  std::chrono::milliseconds latency{0};  // of the last answer
  std::chrono::milliseconds delay{0};    // in force between two requests
  std::optional<std::chrono::milliseconds> crawl_delay;
  std::optional<Time> rests_until;  // it asked for it, or did not answer
  std::string rests_why;
  int times_later = 0, times_silent = 0;  // "later" and no answer at all, each in a row
  std::string address;                    // IP of the last answer
  std::string robots;                     // in a few words
  long links_waiting = 0;                 // the store's own answer; not kept
};

struct RobotsCopy {
  enum class State { file, no_file, closed };
  std::string origin;  // "https://www.example.com"
  State state = State::file;
  std::string body;  // raw, at most 512 KiB; empty unless file
  Time read_at{}, valid_until{};
  int failures = 0;  // to read it, in a row
  Error why;         // closed
};

}  // namespace tingchao
