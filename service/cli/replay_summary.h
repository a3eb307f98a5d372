#pragma once
// What a replay amounts to: how often it alarms, with the interval that so few alarms leave open, how soon,
// and what another measure would have done.

#include <map>
#include <string>
#include <vector>

#include "core/warning.h"
#include "service/cli/console.h"

namespace tingchao::service {

struct Rate {
  int alarms = 0;
  double per_30d = 0, low = 0, high = 0;  // exact 95 % interval of a Poisson count (Garwood 1936)
};
Rate rate_of(int alarms, double days);

struct ReplaySummary {
  long documents = 0;
  Time from{}, to{};
  std::map<std::string, int> bursts;         // raised, by stream
  std::map<int, int> stories;                // raised, by rank of the gravest level reached
  std::map<std::string, double> june_share;  // of a stream's bursts
  std::vector<double> delays;                // hours from a story's first document to its warning, sorted
};
ReplaySummary summarise(const std::map<std::string, Warning>& warnings, long documents, Time from, Time to);
void print_summary(const Console& console, const ReplaySummary& summary, const std::string& measure);

}  // namespace tingchao::service
