#pragma once
// The pages of the town, rendered for a moment of the afternoon. Pure: scenario, path and time in,
// page out, so that a restart serves the same town.

#include <optional>
#include <string>

#include "service/demo/scenario.h"

namespace tingchao::service {

struct TownPage {
  std::string content_type;
  std::string body;
};

enum class TownHost { paper, forum, bureau, hotlist };

// Empty: there is no such page (yet).
std::optional<TownPage> render(const Scenario& scenario, TownHost host, const std::string& path, Time now);

}  // namespace tingchao::service
