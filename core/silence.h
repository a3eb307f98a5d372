#pragma once
// A Silence is a person's word, with a reason and an end, that some warnings need not be told for a while. It holds
// back messages only: the warning, its clocks and its history go on, and grave moves are told in any case.

#include <optional>
#include <string>

#include "core/time.h"

namespace tingchao {

struct Silence {
  std::string id;
  // Which warnings: all that is written here must fit; at least one of the first four is.
  std::string warning;  // Warning::id
  std::string topic;    // path prefix
  std::string school;   // canonical name
  std::string stream;   // of bursts
  std::string author, reason;
  Time begins{}, ends{};
  std::optional<Time> lifted_at;  // before its end
  std::string lifted_by;
  bool operator==(const Silence&) const = default;
};
inline constexpr std::chrono::days silence_max{7};

// Holds at that time.
inline bool is_on(const Silence& silence, Time at) {
  return silence.begins <= at && at < silence.ends && (!silence.lifted_at || at < *silence.lifted_at);
}

}  // namespace tingchao
