#pragma once
// The numbers of a report and their wording: totals, the change against the period before, the trend
// by hour or day. Pure.

#include <string>
#include <utility>
#include <vector>

#include "alerting/digest.h"
#include "alerting/digest/outline.h"

namespace tingchao::alerting {

struct Totals {
  long documents = 0, negative = 0, based_on = 0;  // negatives are counted among `based_on`
  long raised = 0, open = 0, late = 0;
};
Totals totals_of(const DigestInput& input);

// "2026年4月15日（星期三）"; of a month "2026年4月".
std::string date_of(const DigestInput& input);
// "2026年第105期": of a day's report the day of its year, of a month's the month, of a week's the week by ISO 8601 that
// most of its days lie in, with that week's year. It follows from the period alone, so a report made again has the same
// number. Empty of a special report, which has no place in a series.
std::string issue_of(const DigestInput& input);
// "4月15日 24:00": midnight that ends a day belongs to that day.
std::string end_moment(Time at);

// One paragraph.
std::string overview_of(const DigestInput& input, const Totals& totals);
std::vector<Outline::Tile> tiles_of(const DigestInput& input, const Totals& totals);
std::vector<std::pair<std::string, int>> topics_by_count(const DigestInput& input);  // most first

// By hour up to two days, by day beyond.
std::vector<Bar> trend_of(const DigestInput& input);
// The same in at most eight rows.
std::vector<Bar> table_of(const std::vector<Bar>& bars);

}  // namespace tingchao::alerting
