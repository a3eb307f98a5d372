// Analyses are taken as stored: rules do not change here, only the measure. The curve by score needs one run,
// for a story's highest score says at which thresholds it would have warned; the curve by surprise has a
// Warner a threshold, fed with what grouping made once.
#include "service/preview.h"

#include <algorithm>
#include <functional>

#include "service/cli/setup.h"
#include "service/pipeline.h"

namespace tingchao::service {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr days warm_up{14}, season{400};
constexpr double scores[] = {15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95};
constexpr double surprises[] = {1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8};

// A measure at work in simulated time, and what it raised within the span.
class Run {
 public:
  Run(std::shared_ptr<const alerting::Measure> measure, Time from)
      : pipeline_(std::move(measure)), from_(from) {}

  void adopt(const store::StreamHour& hour) {
    pipeline_.warner().adopt(alerting::StreamCount{hour.stream, hour.hour, hour.documents});
  }
  Pipeline::Outcome take(const store::StoredDocument& each, Time now) {
    Pipeline::Outcome outcome = pipeline_.take(each.document, each.analysis, now);
    pipeline_.warner().take_counts();  // nobody stores them here
    note(outcome.raised, now);
    return outcome;
  }
  void tick(Time now) { note(pipeline_.tick(now), now); }
  double score_of(const std::string& story) { return pipeline_.warner().score_of(story); }
  std::map<std::string, Warning> take_warnings() { return std::move(warnings_); }

 private:
  void note(const std::vector<alerting::Raised>& raised, Time now) {
    for (const alerting::Raised& each : raised) {
      const auto known = warnings_.find(each.warning.id);
      if (known == warnings_.end()) {
        if (each.change.event == WarningEvent::raised && now >= from_)
          warnings_[each.warning.id] = each.warning;
      } else if (each.warning.level.rank < known->second.level.rank) {
        known->second = each.warning;
      }
    }
  }

  Pipeline pipeline_;
  Time from_;
  std::map<std::string, Warning> warnings_;
};

// How many stories crossed each threshold, and how many bursts.
class Curves {
 public:
  explicit Curves(const alerting::Measure& measure) {
    for (const double surprise : surprises)
      warners_.emplace_back(alerting::with_burst_threshold(measure, surprise));
    bursts_.resize(warners_.size());
  }
  void adopt(const store::StreamHour& hour) {
    for (alerting::Warner& warner : warners_)
      warner.adopt(alerting::StreamCount{hour.stream, hour.hour, hour.documents});
  }
  void take(const store::StoredDocument& each, const Pipeline::Outcome& outcome, double score, bool counts,
            Time now) {
    double& highest = highest_[outcome.story.id];
    for (std::size_t i = 0; i < std::size(scores); ++i)
      crossed_[i] += counts && highest < scores[i] && score >= scores[i];
    highest = std::max(highest, score);
    for (std::size_t i = 0; i < warners_.size(); ++i) {
      for (const alerting::Raised& raised :
           warners_[i].observe(outcome.story, each.document, each.analysis, outcome.placement, now))
        bursts_[i] += counts && raised.warning.kind == "burst" && raised.change.event == WarningEvent::raised;
      warners_[i].take_counts();
    }
  }
  void write(Preview& preview) const {
    const double months = std::max(preview.days, 1.0) / 30;
    for (std::size_t i = 0; i < std::size(scores); ++i)
      preview.score_curve.emplace_back(scores[i], crossed_[i] / months);
    for (std::size_t i = 0; i < warners_.size(); ++i)
      preview.burst_curve.emplace_back(surprises[i], bursts_[i] / months);
  }

 private:
  std::vector<alerting::Warner> warners_;
  std::vector<long> bursts_;
  long crossed_[std::size(scores)] = {};
  std::map<std::string, double> highest_;
};

}  // namespace

bool is_same_matter(const Warning& a, const Warning& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == "burst")
    return a.stream == b.stream && std::chrono::abs(a.raised_at - b.raised_at) < hours{24};
  if (a.story == b.story) return true;
  for (const Evidence& x : a.evidence)
    for (const Evidence& y : b.evidence)
      if (x.document == y.document) return true;
  return false;
}

std::vector<PreviewDifference> differences(const std::map<std::string, Warning>& before,
                                           const std::map<std::string, Warning>& after) {
  using Kind = PreviewDifference::Kind;
  std::vector<PreviewDifference> all;
  const auto find = [](const std::map<std::string, Warning>& where, const Warning& what) {
    return std::find_if(where.begin(), where.end(),
                        [&](const auto& each) { return is_same_matter(what, each.second); });
  };
  for (const auto& [id, warning] : after) {
    const auto was = find(before, warning);
    if (was == before.end()) {
      all.push_back({Kind::added, warning, {}});
    } else if (was->second.level.rank != warning.level.rank) {
      const bool up = warning.level.rank < was->second.level.rank;
      all.push_back({up ? Kind::raised : Kind::lowered, warning, was->second.level});
    }
  }
  for (const auto& [id, warning] : before)
    if (find(after, warning) == after.end()) all.push_back({Kind::dropped, warning, {}});
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.kind, a.warning.level.rank, a.warning.raised_at, a.warning.id) <
           std::tie(b.kind, b.warning.level.rank, b.warning.raised_at, b.warning.id);
  });
  return all;
}

Result<Preview> preview(store::Store& store, std::shared_ptr<const alerting::Measure> before,
                        std::shared_ptr<const alerting::Measure> after, Time from, Time to) {
  Preview result;
  result.days = std::chrono::duration<double, std::ratio<86400>>(to - from).count();
  std::vector<Run> runs;
  runs.emplace_back(after, from);
  if (before) runs.emplace_back(before, from);
  Curves curves(*after);
  const Time begin = from - warm_up;
  const auto known = store.stream_hours_since(begin - season);
  if (!known) return known.error();
  for (const store::StreamHour& hour : *known) {
    if (hour.hour >= begin) continue;
    for (Run& run : runs) run.adopt(hour);
    curves.adopt(hour);
  }
  Time tick = std::chrono::ceil<hours>(begin);
  const auto advance = [&](Time now) {
    for (; tick <= now; tick += hours{1})
      for (Run& run : runs) run.tick(tick);
  };
  const auto ran = each_stored(store, begin, to, [&](store::StoredDocument each) {
    const Time now = each.document.fetched_at;
    advance(now);
    const Pipeline::Outcome outcome = runs[0].take(each, now);
    if (runs.size() > 1) runs[1].take(each, now);
    curves.take(each, outcome, runs[0].score_of(outcome.story.id), now >= from, now);
    result.documents += now >= from;
  });
  if (!ran) return ran.error();
  advance(to);
  result.after = runs[0].take_warnings();
  if (before) result.before = runs[1].take_warnings();
  curves.write(result);
  return result;
}

}  // namespace tingchao::service
