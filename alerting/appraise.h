#pragma once
// How near a story came to a warning: the measure asked about one story at one moment, without the life
// cycle. For reports, which tell what almost warned. Pure.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "alerting/warn.h"

namespace tingchao::alerting {

struct Appraisal {
  double raw = 0;               // what the criteria gave, 0…100
  double score = 0;             // after floors and ceilings
  double needed = 0;            // of the lowest level
  bool qualifies = false;       // met one of the measure's conditions for warning at all
  std::optional<Level> level;   // that it would have; empty: none
  std::vector<Reason> reasons;  // heaviest first
};

// Hears the documents of one story, oldest first, keeps of them what the Warner would (bounded), appraises it, and
// forgets it for the next one. `measure` must outlive it.
class Appraiser {
 public:
  // `heat_ranks`: Warner::heat_ranks() as stored; empty: heat has no place among others and gives no points.
  Appraiser(const Measure& measure, std::string_view heat_ranks);
  ~Appraiser();
  void forget();
  void hear(const Document& document, const Analysis& analysis);
  Appraisal appraise(const Story& story, Time now) const;

 private:
  struct Memory;
  const Measure& measure_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace tingchao::alerting
