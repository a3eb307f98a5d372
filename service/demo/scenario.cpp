// Reads the scenario with the same reader, and the same strictness, as the configuration.
#include "service/demo/scenario.h"

#include <algorithm>

#include "service/yaml.h"

namespace tingchao::service {
namespace {

constexpr const char* file_name = "rules/demo/town.yaml";

Time time_of(YamlMap& map, const char* key, const std::string& date) {
  const auto text = map.scalar(key);
  if (!text) return Time{};
  const auto at = parse_time(date + "T" + *text);
  if (!at) map.mistake(key, "'" + *text + "' is no time of day", "write it like \"13:05\"");
  return at.value_or(Time{});
}

TownEvent read_event(YamlMap& map, const std::string& date) {
  using Place = TownEvent::Place;
  static constexpr std::pair<const char*, Place> places[] = {{"news", Place::news},
                                                             {"edu", Place::edu},
                                                             {"gov", Place::gov},
                                                             {"forum", Place::forum},
                                                             {"hotlist", Place::hotlist}};
  TownEvent event;
  event.at = time_of(map, "at", date);
  event.until = time_of(map, "until", date);
  std::string on;
  map.read("on", on);
  const auto place =
      std::find_if(std::begin(places), std::end(places), [&](const auto& p) { return on == p.first; });
  if (place == std::end(places))
    map.mistake("on", "no place '" + on + "'", "news, edu, gov, forum or hotlist");
  else
    event.place = place->second;
  map.read("rank", event.rank, 1, 50);
  map.read("thread", event.thread);
  map.read("author", event.author);
  map.read("title", event.title);
  map.read("text", event.text);
  map.finish();
  return event;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view yaml) {
  Mistakes mistakes(file_name);
  Scenario scenario;
  if (auto root = YamlMap::parse(yaml, mistakes)) {
    std::string date;
    root->read("date", date);
    scenario.begins = time_of(*root, "begins", date);
    scenario.ends = time_of(*root, "ends", date);
    root->read("digest", scenario.digest);
    for (YamlMap& map : root->maps("events")) scenario.events.push_back(read_event(map, date));
    root->finish();
  }
  if (!mistakes.empty()) return Error{Errc::bad_config, mistakes.text(), ""};
  std::stable_sort(scenario.events.begin(), scenario.events.end(),
                   [](const TownEvent& a, const TownEvent& b) { return a.at < b.at; });
  return scenario;
}

}  // namespace tingchao::service
