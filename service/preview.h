#pragma once
// What another measure would have raised: stored documents run through the pipeline of the daemon twice, in simulated
// time, under the measure of now and under the changed one.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "alerting/warn.h"
#include "store/store.h"

namespace tingchao::service {

struct Preview {
  long documents = 0;
  double days = 0;
  std::map<std::string, Warning> before, after;  // raised within the span, at their gravest
  // Threshold → alarms in 30 days under the changed measure: stories by score, the stream of everything by surprise.
  std::vector<std::pair<double, double>> score_curve, burst_curve;
};

// `before` empty: only the changed measure runs. What is known before `from` (up to 14 days of documents, 400 days of
// stream counts) is taken in without being counted. Fails with what the store said.
Result<Preview> preview(store::Store& store, std::shared_ptr<const alerting::Measure> before,
                        std::shared_ptr<const alerting::Measure> after, Time from, Time to);

// Two warnings speak of the same when they share the story, the stream within a day, or a document of evidence.
bool is_same_matter(const Warning& a, const Warning& b);

struct PreviewDifference {
  enum class Kind { added, dropped, raised, lowered } kind = Kind::added;
  Warning warning;              // after; of dropped ones before
  std::optional<Level> before;  // of raised and lowered
};
std::vector<PreviewDifference> differences(const std::map<std::string, Warning>& before,
                                           const std::map<std::string, Warning>& after);

}  // namespace tingchao::service
