#pragma once
// How near a story came to a warning: the measure asked about one story at one moment, without the life
// cycle. For reports, which tell what almost warned. Pure.

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

struct Heard {
  const Document* document = nullptr;
  const Analysis* analysis = nullptr;
};

// `heard`: the story's documents, oldest first. `heat_ranks`: Warner::heat_ranks() as stored; empty: heat has
// no place among others and gives no points.
Appraisal appraise(const Measure& measure, const Story& story, const std::vector<Heard>& heard,
                   std::string_view heat_ranks, Time now);

}  // namespace tingchao::alerting
