// burst_bench HISTORY.jsonl SHAPES.json [SCAN [CUSUM]]: false alarms and detection of the stream of all
// school topics. Counts it in a real history, runs the measure's detectors over it hour by hour (thresholds
// may be given), then adds made-up incidents of 6, 12 and 24 posts with the time shapes of real cascades, one
// at a time, and tells how many are found within 5 and 24 hours. "Quiet" incidents begin where no alarm
// stands 24 h before to 48 h after; "any" begin anywhere but within the refractory span of an alarm.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include <boost/json.hpp>

#include "alerting/warn/bursts.h"
#include "service/knowledge.h"

using namespace tingchao;
using namespace tingchao::alerting;

namespace {

struct History {
  std::vector<int> said, alive;  // by hour since `first`
  HourNumber first = 0;
};

History read(const char* path, const analyzer::Analyzer& analyzer, const Measure& measure) {
  std::map<HourNumber, int> said, alive;
  Bursts bursts;
  std::ifstream file(path);
  std::string line;
  Time at{};
  const auto take = [&] {
    for (const StreamCount& each : bursts.take_counts()) {
      if (each.stream == alive_stream) alive[hour_number(each.hour)] = each.documents;
      if (each.stream == measure.bursts.all_stream) said[hour_number(each.hour)] = each.documents;
    }
  };
  for (long number = 1; std::getline(file, line); ++number) {
    const auto object = boost::json::parse(line).as_object();
    Document document;
    document.title = object.at("title").as_string().c_str();
    document.id = std::to_string(number);
    if (const auto* source = object.if_contains("source")) document.source = source->as_string().c_str();
    if (const auto* kind = object.if_contains("kind")) document.medium = kind->as_string().c_str();
    document.published_at = *parse_time(object.at("published_at").as_string().c_str());
    document.published_to_the_minute = true;
    document.published_by = DateOrigin::feed;
    at = std::max(at, *document.published_at);
    document.fetched_at = at;
    bursts.count(document, analyzer.analyze(document), measure, at);
    if (number % 2000 == 0) take();
  }
  take();
  History history;
  history.first = alive.begin()->first;
  const auto hours = static_cast<std::size_t>(alive.rbegin()->first - history.first + 1);
  history.said.resize(hours);
  history.alive.resize(hours);
  for (const auto& [hour, documents] : said)
    history.said[static_cast<std::size_t>(hour - history.first)] = documents;
  for (const auto& [hour, documents] : alive)
    history.alive[static_cast<std::size_t>(hour - history.first)] = documents;
  return history;
}

// The stream and its coverage as they were at an hour, and how they go on.
struct State {
  Stream stream;
  Coverage coverage;
  std::optional<HourNumber> alarmed;

  void hour(const History& history, HourNumber hour, int more) {
    const auto at = static_cast<std::size_t>(hour - history.first);
    if (history.alive[at] + more > 0) coverage.set_alive(hour, history.alive[at] + more);
    if (history.said[at] + more > 0) stream.set(hour, history.said[at] + more);
  }
  enum class Found { nothing, scan, sum, both };
  Found test(HourNumber hour, const Measure& measure) {
    const int rest = static_cast<int>(measure.bursts.refractory / std::chrono::hours{1});
    if (alarmed && hour - *alarmed < rest) return Found::nothing;
    if (stream.at(hour) == 0) return Found::nothing;  // alarms come with a document
    const Baseline& normal = stream.baseline(day_number(hour), coverage, measure);
    if (normal.history_days < measure.bursts.history / std::chrono::days{1}) return Found::nothing;
    const Scan scan = stream.scan(hour, coverage, measure);
    const bool by_scan = scan.hours > 0 && scan.surprise >= measure.bursts.levels.front().surprise;
    const bool by_sum = measure.bursts.cusum_ratio > 1 &&
                        stream.cusum(hour, alarmed, coverage, measure).value >= measure.bursts.cusum;
    if (!by_scan && !by_sum) return Found::nothing;
    alarmed = hour;
    return by_scan && by_sum ? Found::both : by_scan ? Found::scan : Found::sum;
  }
};

struct Wave {
  std::vector<int> seconds;  // quantiles 1 … 99
};
std::vector<Wave> read_waves(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::vector<Wave> shapes;
  const auto root = boost::json::parse(text.str()).as_object();
  for (const auto& kind : root.at("shapes").as_object())
    for (const auto& each : kind.value().as_array()) {
      Wave shape;
      for (const auto& second : each.as_array())
        shape.seconds.push_back(static_cast<int>(second.to_number<double>()));
      shapes.push_back(std::move(shape));
    }
  return shapes;
}

// Hours until the alarm; empty when none comes within a day.
std::optional<int> inject(State state, const History& history, HourNumber begin, int offset,
                          const Wave& shape, int posts, const Measure& measure) {
  std::map<HourNumber, int> more;
  for (int post = 0; post < posts; ++post) {
    const double quantile = (post + 0.5) / posts * 100 - 1;  // of 0 … 98
    const auto index = static_cast<std::size_t>(std::clamp(quantile, 0.0, 98.0));
    ++more[begin + (offset + shape.seconds[index]) / 3600];
  }
  for (HourNumber hour = begin; hour <= begin + 24; ++hour) {
    state.hour(history, hour, more.contains(hour) ? more[hour] : 0);
    if (state.test(hour, measure) != State::Found::nothing) return hour - begin;
  }
  return {};
}

struct Power {
  int tried = 0, in_5 = 0, in_24 = 0;
  std::vector<int> hours;
  void add(std::optional<int> found) {
    ++tried;
    if (!found) return;
    ++in_24;
    in_5 += *found <= 4;  // within five clock hours, the first one begun
    hours.push_back(*found);
  }
  void print(const char* where, int posts) {
    std::sort(hours.begin(), hours.end());
    const int median = hours.empty() ? -1 : hours[hours.size() / 2];
    std::printf("%-6s %2d posts: %4d incidents, within 5 h %.3f, within 24 h %.3f, median hour %d\n", where,
                posts, tried, tried ? double(in_5) / tried : 0, tried ? double(in_24) / tried : 0, median);
  }
};

}  // namespace

int main(int count, char** words) {
  if (count < 3) return std::fprintf(stderr, "burst_bench HISTORY.jsonl SHAPES.json [SCAN [CUSUM]]\n"), 2;
  const auto analyzer = service::load_analyzer({});
  const auto shipped = service::load_measure("");
  if (!analyzer || !shipped) return std::fprintf(stderr, "the shipped rules do not load\n"), 1;
  const History history = read(words[1], **analyzer, **shipped);
  const auto shapes = read_waves(words[2]);

  for (int set = 3; set < std::max(count, 4); set += 2) {
    Measure measure = **shipped;
    if (count > set) measure.bursts.levels.front().surprise = std::atof(words[set]);
    if (count > set + 1) {
      measure.bursts.cusum = std::atof(words[set + 1]);
      measure.bursts.cusum_ratio = measure.bursts.cusum > 0 ? 2.5 : 0;
    }
    const HourNumber last = history.first + static_cast<HourNumber>(history.said.size()) - 50;
    std::vector<HourNumber> alarms;
    std::map<int, std::map<State::Found, int>> by_year;
    std::map<int, int> in_june;
    State state;
    for (HourNumber hour = history.first; hour < last; ++hour) {
      state.hour(history, hour, 0);
      const auto found = state.test(hour, measure);
      if (found == State::Found::nothing) continue;
      alarms.push_back(hour);
      const std::string date = china_date(hour_begin(hour));
      ++by_year[std::atoi(date.c_str())][found];
      if (date.substr(5, 2) == "06") ++in_june[std::atoi(date.c_str())];
    }
    const double days = (last - history.first) / 24.0;
    int june = 0;
    for (const auto& [year, number] : in_june) june += number;
    std::printf("scan %.2f, sum %.2f: %zu alarms in %.0f days, %.2f per 30 days, June's share %.2f\n",
                measure.bursts.levels.front().surprise, measure.bursts.cusum, alarms.size(), days,
                alarms.size() * 30 / days, alarms.empty() ? 0 : double(june) / double(alarms.size()));
    for (auto& [year, found] : by_year)
      std::printf("  %d: scan alone %d, sum alone %d, both %d\n", year, found[State::Found::scan],
                  found[State::Found::sum], found[State::Found::both]);

    // Incidents: three places a shape, of either kind.
    std::mt19937 random(20260415);
    const auto near = [&](HourNumber hour, int before, int after) {
      return std::any_of(alarms.begin(), alarms.end(),
                         [&](HourNumber a) { return a > hour - before && a < hour + after; });
    };
    struct Place {
      HourNumber hour;
      int offset;
      const Wave* shape;
      bool quiet;
    };
    std::vector<Place> places;
    const HourNumber from = history.first + 60 * 24;
    for (const Wave& shape : shapes)
      for (const bool quiet : {true, true, true, false, false, false}) {
        HourNumber hour;
        do hour = from + static_cast<HourNumber>(random() % static_cast<unsigned>(last - from - 48));
        while (quiet ? near(hour, 24, 48) : near(hour, 24, 1));
        places.push_back({hour, static_cast<int>(random() % 3600), &shape, quiet});
      }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.hour < b.hour; });
    std::map<std::pair<bool, int>, Power> powers;
    State walk;
    std::size_t next_alarm = 0;
    auto place = places.begin();
    for (HourNumber hour = history.first; hour < last && place != places.end(); ++hour) {
      for (; place != places.end() && place->hour == hour; ++place)
        for (const int posts : {6, 12, 24})
          powers[{place->quiet, posts}].add(
              inject(walk, history, hour, place->offset, *place->shape, posts, measure));
      walk.hour(history, hour, 0);
      if (next_alarm < alarms.size() && alarms[next_alarm] == hour) walk.alarmed = alarms[next_alarm++];
    }
    for (const bool quiet : {true, false})
      for (const int posts : {6, 12, 24}) powers[{quiet, posts}].print(quiet ? "quiet" : "any", posts);
  }
  return 0;
}
