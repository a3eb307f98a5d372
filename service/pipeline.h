#pragma once
// The pure second half of the way: a document and its analysis are grouped and judged. The daemon,
// `crawl` and `replay` run this same code; only the clock and what happens to the outcome differ.

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "alerting/warn.h"
#include "analyzer/group.h"
#include "core/analysis.h"
#include "core/document.h"
#include "core/story.h"

namespace tingchao::service {

class Pipeline {
 public:
  explicit Pipeline(std::shared_ptr<const alerting::Measure> measure) : warner_(std::move(measure)) {}

  struct Outcome {
    Placement placement;
    const Story& story;  // valid until the next call
    std::vector<alerting::Raised> raised;
    bool opened = false;                // Grouper::Placed::opened
    analyzer::Grouper::Settled settled;  // before the document came
  };
  Outcome take(const Document& document, const Analysis& analysis, Time now) {
    Reconciled before = reconcile(now);
    analyzer::Grouper::Placed placed = grouper_.place(document, analysis, now);
    std::vector<alerting::Raised> raised = std::move(before.raised);
    for (alerting::Raised& each : warner_.observe(placed.story, document, analysis, placed.placement, now))
      raised.push_back(std::move(each));
    for (const alerting::Raised& each : raised)
      if (each.change.event == WarningEvent::raised && !each.warning.story.empty())
        grouper_.note_warning(each.warning.story);
    return {std::move(placed.placement), placed.story, std::move(raised), placed.opened, std::move(before.settled)};
  }

  // Into its story, without judging: for history that is imported. Only what became of known stories is raised.
  Outcome group(const Document& document, const Analysis& analysis, Time now) {
    Reconciled before = reconcile(now);
    analyzer::Grouper::Placed placed = grouper_.place(document, analysis, now);
    return {std::move(placed.placement), placed.story, std::move(before.raised), placed.opened,
            std::move(before.settled)};
  }

  // Settles what is due, every ten minutes of the stream. What warnings know follows the documents, in the same
  // transaction; stories to which some moved, and those that took another in, are judged.
  struct Reconciled {
    analyzer::Grouper::Settled settled;
    std::vector<alerting::Raised> raised;
  };
  Reconciled reconcile(Time now) {
    Reconciled done{grouper_.reconcile(now), {}};
    for (const StoryMerge& merge : done.settled.merges)
      for (alerting::Raised& each : warner_.follow(merge, now)) done.raised.push_back(std::move(each));
    std::set<std::string> grown;
    for (const StoryMerge& merge : done.settled.merges) grown.insert(merge.into);
    for (const StoryMove& move : done.settled.moves) {
      warner_.follow(move);
      if (move.from != move.placement.story) grown.insert(move.placement.story);
    }
    for (const std::string& id : grown)
      if (const Story* story = grouper_.find(id))
        for (alerting::Raised& each : warner_.consider(*story, now)) done.raised.push_back(std::move(each));
    return done;
  }

  // Time has passed: each minute in the daemon, each simulated hour in replay.
  std::vector<alerting::Raised> tick(Time now) {
    grouper_.forget(now);
    const auto find = [](const void* grouper, const std::string& id) {
      return static_cast<const analyzer::Grouper*>(grouper)->find(id);
    };
    return warner_.tick(now, find, &grouper_);
  }

  analyzer::Grouper& grouper() { return grouper_; }
  alerting::Warner& warner() { return warner_; }

 private:
  analyzer::Grouper grouper_;
  alerting::Warner warner_;
};

}  // namespace tingchao::service
