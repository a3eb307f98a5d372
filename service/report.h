#pragma once
// Gathers from the store what a digest is made of, and has it written.

#include <string>
#include <vector>

#include "alerting/digest.h"
#include "core/result.h"
#include "service/config.h"
#include "store/store.h"

namespace tingchao::service {

Result<alerting::DigestInput> gather_digest(store::Store& store, const Config& config, Time from, Time to,
                                            const std::string& period);
Result<alerting::Digest> write_digest(store::Store& store, const Config& config, Time from, Time to,
                                      const std::string& period);

// 专报 of a warning or a story by its id. Fails with not_found, naming where ids are listed.
Result<alerting::Digest> write_special(store::Store& store, const Config& config, const std::string& id,
                                       Time now);

// The span that a report of this period covers, which ends with the day of `day`, or at `now` within it. A
// month is a month of the calendar.
struct ReportSpan {
  Time from{}, to{};
};
ReportSpan span_of(const std::string& period, Time day, Time now);

// The reports that are sent at `due`: the day's, on Mondays the week's, on the 1st the month's.
struct PlannedReport {
  std::string period;
  ReportSpan span;
};
std::vector<PlannedReport> reports_due(const Config& config, Time due);

}  // namespace tingchao::service
