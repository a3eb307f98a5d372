#pragma once
// The warnings that live, and what the measure does to them: raise, raise again after a relapse,
// move up at once and down slowly, tell clocks. An agenda says when each wants to be looked at, so a
// tick costs what is due and not what is open.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "alerting/warn.h"
#include "alerting/warn/bursts.h"
#include "alerting/warn/judgement.h"
#include "alerting/warn/score.h"

namespace tingchao::alerting {

// Of a story that nobody speaks of any more: what its warning rested on until now.
Reason quiet_reason(const std::vector<Reason>& before, Seconds hold);

class Desk {
 public:
  explicit Desk(std::shared_ptr<const Measure> measure) : measure_(std::move(measure)) {}
  void replace(std::shared_ptr<const Measure> measure, Time now);

  const std::map<std::string, Warning>& open() const { return open_; }
  const Warning* of_story(const std::string& story) const;  // open, else nullptr

  // What the judgement changes, if anything.
  void consider(const Judged& judged, Time now, std::vector<Raised>& out);
  void burst(const Alarm& alarm, Time now, std::vector<Raised>& out);

  // The next thing that is due by now: a clock to tell, an acknowledgement that lapsed (both done and
  // told), or a story to be judged again, whose warning's id is returned. Empty: nothing is due.
  enum class Due { nothing, told, judge };
  Due next_due(Time now, std::string& id, std::vector<Raised>& out);
  // The answer to Due::judge: the story has gone to sleep, so nothing speaks for its level.
  void asleep(const std::string& id, Time now, std::vector<Raised>& out);

  void adopt(Warning warning);
  // Its open warning becomes the other story's; when that has one too, the two become one (joining.h). A closed one
  // is remembered for it.
  void follow(const StoryMerge& merge, Time now, std::vector<Raised>& out);
  // Open warnings of one story that were adopted so, as stories that were merged before warnings followed leave them,
  // become one.
  void join_adopted(Time now, std::vector<Raised>& out);
  // Closed warnings are remembered for relapses; those that no relapse can reach are dropped.
  void forget(Time now);

 private:
  // The open warning that leads at the story is the one that its judgements move.
  void attend(const std::string& story);
  void remember_closed(Warning warning);
  void join_at(const std::string& story, Time now, std::vector<Raised>& out);
  void raise(const Judged& judged, const std::string& last, Time now, std::vector<Raised>& out);
  // An official source has published on the story: shown and told once, stops nothing.
  void note_answer(Warning& warning, const Judged& judged, Time now, std::vector<Raised>& out) const;
  // The story slept and is back while the warning was never closed. `told`: by a move that stands at the end of `out`.
  void note_return(Warning& warning, const Judged& judged, bool told, Time now, std::vector<Raised>& out) const;
  void relapse(Warning closed, const Judged& judged, Time now, std::vector<Raised>& out);
  bool relapses(const Warning& closed, const Judged& judged, Time now) const;
  void move(Warning& warning, const Judged& judged, Time now, std::vector<Raised>& out);
  // Keeps below_since; true when the warning has been far enough below its level for long enough.
  bool falls(Warning& warning, double score, Time now) const;
  void lower(Warning& warning, double score, Time now, std::vector<Raised>& out);
  void refresh(Warning& warning, const Judged& judged, Time now) const;  // all but level and state
  void set_level(Warning& warning, std::size_t level) const;
  bool may_fall(const Warning& warning) const;
  std::optional<Time> lapse_of(const Warning& warning) const;
  void schedule(const Warning& warning, Time look);
  void unschedule(const std::string& id);

  std::shared_ptr<const Measure> measure_;
  std::map<std::string, Warning> open_;
  std::map<std::string, std::string> by_story_;  // story → id of its open warning
  std::set<std::string> doubled_;  // stories of which more than one open warning was adopted
  std::map<std::string, Warning> closed_;        // story → its last closed one
  std::set<std::pair<Time, std::string>> agenda_;
  struct Appointment { Time at{}, look{}; };     // next of all, next judgement
  std::map<std::string, Appointment> appointments_;
};

}  // namespace tingchao::alerting
