#pragma once
// Puts documents into stories as they stream in: TF-IDF cosine with a Gaussian in time, anchors
// (schools, places, numbers with units) weighing most, copies counted once as an origin. Pure and
// deterministic; owns its index; memory bounded by Options. A document is answered at once, and settled when ten
// minutes have passed, in an order that does not depend on when it arrived.
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
  // placed before. Now is the document's first-seen time (simulated in replay). Settles first what is due.
  struct Placed {
    Placement placement;
    const Story& story;   // valid until the next change
    bool opened = false;  // the story had no open document before: settled() is what it is without
  };
  Placed place(const Document& document, const Analysis& analysis, Time now);

  // Settles what is due at `now`: documents of a clock's ten minutes that ended ten minutes ago are put into their
  // stories in the order of their turns, then stories that have turned out to be one are. The older id stays, the
  // other becomes its alias: find(), threads and copies follow it. What came of that and of place() since the last
  // call; call before place() and whenever time passes.
  struct Settled {
    bool any = false;                  // nothing was due: all below is empty
    Time until{};                      // turns before are settled
    std::vector<StoryMerge> merges;    // in their order
    std::vector<StoryMove> moves;      // after the merges
    std::vector<StorySplit> splits;
    std::vector<std::string> changed;  // stories, by id
    std::vector<std::string> open;     // those that hold open documents: all
  };
  Settled reconcile(Time now);

  // A warning was raised for the story: when it sleeps it is remembered for 90 days (group/slept.h), and a new story
  // that is it again takes its id, with `slept_at` and counts of its own.
  void note_warning(const std::string& story);

  // The state after a restart: until when documents are settled, stories from the store without their open documents
  // (as settled() gave them), then the recent documents, oldest first, so that copies, term frequencies and what is
  // open are known again.
  void settled_until(Time until);
  void restore(Story story);
  // A story of the store that had a warning, as it is there. Before remember(), for it may sleep.
  void restore_warned(const Story& story, Time now);
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
  // Without its open documents; null: there is none without.
  const Story* settled(const std::string& id) const;
  std::size_t active() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::analyzer
