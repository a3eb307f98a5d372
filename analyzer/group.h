#pragma once
// Puts documents into stories as they stream in: TF-IDF cosine with a Gaussian in time, anchors
// (schools, places, numbers with units) weighing most, copies counted once as an origin. Pure and
// deterministic given the order of documents; owns its index; memory bounded by Options.
// Model: docs/grouping.md (after Miranda 2018; thresholds tighten as a story grows).

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis.h"
#include "core/document.h"
#include "core/story.h"

namespace tingchao::analyzer {

class Grouper {
 public:
  struct Options {
    Seconds active{std::chrono::days{7}};    // a story sleeps so long after its newest document
    std::size_t stories_max = 50'000;        // the oldest idle ones leave first
    std::size_t candidates_max = 80;
    double join_threshold = 0.047;
    Seconds copies_window{std::chrono::days{14}};
    std::size_t copies_max = 500'000;
  };
  Grouper();
  explicit Grouper(Options options);
  ~Grouper();
  Grouper(Grouper&&) noexcept;
  Grouper& operator=(Grouper&&) noexcept;

  // Places one document; `story` is that story's state afterwards. `document` must not have been
  // placed before. Now is the document's first-seen time (simulated in replay).
  struct Placed { Placement placement; Story story; };
  Placed place(const Document& document, const Analysis& analysis, Time now);

  // Looks, when ten minutes of the stream have passed since the last look, which stories have turned out to be one.
  // The older id stays, the other becomes its alias: find(), threads and copies follow it. What came of it; call
  // before place() and whenever time passes.
  std::vector<StoryMerge> reconcile(Time now);

  // A warning was raised for the story: when it sleeps it is remembered for 90 days (group/slept.h), and a new story
  // that is it again takes its id, with `slept_at` and counts of its own.
  void note_warning(const std::string& story);
  // The same of a story of a store that sleeps already; nothing where it is awake or its time is over.
  void remember_slept(const Story& story, Time now);

  // The state after a restart: stories from the store, then the recent documents, oldest first, so
  // that copies and term frequencies are known again.
  void restore(Story story);
  void remember(const Document& document, const Analysis& analysis, const Placement& placement);

  // How often terms stood in documents, at large and in stories that are older than what is remembered or were
  // merged, as text of at most 13 MB, to be stored now and then: a restart would else know the remembered documents
  // only. Adopt after restore() and before remember(), which then counts the terms of those documents only that the
  // text does not know. False: no such text, nothing changed.
  std::string frequencies() const;
  bool adopt_frequencies(std::string_view text);

  // Drops what has been idle too long; call now and then.
  void forget(Time now);

  // Also by an id that was merged away.
  const Story* find(const std::string& id) const;
  std::size_t active() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::analyzer
