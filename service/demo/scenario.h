#pragma once
// The made-up afternoon as data (rules/demo/town.yaml): what is published where and when.

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace tingchao::service {

struct TownEvent {
  enum class Place { news, edu, gov, forum, hotlist } place = Place::news;
  Time at{};
  Time until{};        // hotlist: when it leaves the list
  int rank = 0;        // hotlist
  std::string thread;  // forum
  std::string author;  // forum
  std::string title, text;
};

struct Scenario {
  Time begins{}, ends{};
  std::string digest;             // "18:00"
  std::vector<TownEvent> events;  // by time
};

// Fails with bad_config, naming the line.
Result<Scenario> parse_scenario(std::string_view yaml);

}  // namespace tingchao::service
