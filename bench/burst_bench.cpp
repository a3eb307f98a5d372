// burst_bench HISTORY.jsonl SHAPES.json [KEY=VALUE … [/ KEY=VALUE …]]: false alarms and detection of the stream of all
// school topics, by the product's own classes: each document of a real history is read, grouped into its story and
// shown to Bursts at its own second. Then made-up incidents of 6, 12 and 24 posts with the time shapes of real cascades
// are added, one at a time, each from a random second on in a quiet stretch (no alarm 24 h before to 48 h after), and
// the alarm's time is compared with that of the incident's origin and of its first post. Posts are those at the middle
// quantiles of the shape, or random draws from it, or the origin and those at the middle quantiles; they are
// one story, or as many as there are posts ("apart").
// Keys: scan, sum, ratio, story (thresholds; 0: none), share, size, fresh, min, season=0 (of the measure's bursts).
// Each set after a / begins with the shipped measure. "rate" leaves the incidents out, "list" prints the alarms,
// "cuts" looks for alarms that only a gap in the input makes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include <boost/json.hpp>
#include <boost/math/distributions/beta.hpp>

#include "alerting/warn/bursts.h"
#include "analyzer/group.h"
#include "service/knowledge.h"

using namespace tingchao;
using namespace tingchao::alerting;
using std::chrono::hours;

namespace {

struct Heard {
  Document document;
  Analysis analysis;
  std::string story;
};

std::vector<Heard> read(const char* path, const analyzer::Analyzer& analyzer) {
  std::vector<Heard> history;
  analyzer::Grouper grouper;
  std::ifstream file(path);
  std::string line;
  Time at{};
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
    const Analysis analysis = analyzer.analyze(document);
    (void)grouper.reconcile(at);
    std::string story = grouper.place(document, analysis, at).placement.story;
    if (number % 1000 == 0) grouper.forget(at);
    Analysis kept;
    kept.education = analysis.education;
    if (!kept.education) document.title.clear();
    history.push_back({std::move(document), std::move(kept), std::move(story)});
  }
  return history;
}

using Shape = std::vector<double>;  // seconds at quantiles 1 … 99
std::vector<Shape> read_shapes(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::vector<Shape> shapes;
  const auto root = boost::json::parse(text.str()).as_object();
  for (const auto& kind : root.at("shapes").as_object())
    for (const auto& each : kind.value().as_array()) {
      Shape shape;
      for (const auto& second : each.as_array()) shape.push_back(second.to_number<double>());
      shapes.push_back(std::move(shape));
    }
  return shapes;
}

// Linear between the known quantiles, from the origin to the first; the last one stands for all beyond it.
Seconds time_of(const Shape& shape, double share) {
  const double quantile = share * 100;
  if (quantile <= 1) return Seconds{std::lround(shape.front() * quantile)};
  if (quantile >= 99) return Seconds{std::lround(shape.back())};
  const auto below = static_cast<std::size_t>(quantile);
  const double way = quantile - static_cast<double>(below);
  return Seconds{std::lround(shape[below - 1] + way * (shape[below] - shape[below - 1]))};
}

using Random = std::mt19937;
double uniform(Random& random) { return (static_cast<double>(random()) + 0.5) / 4294967296.0; }

// The posts of an incident: what followed its origin, at the middle quantiles of the shape or at random ones; or the
// origin, and what followed at the middle quantiles.
enum class Posts { middle, drawn, with_origin };
constexpr const char* name_of(Posts kind) {
  return kind == Posts::middle ? "middle" : kind == Posts::drawn ? "drawn" : "with origin";
}
std::vector<Time> posts_of(const Shape& shape, Time origin, int number, Posts kind, Random& random) {
  std::vector<Time> posts;
  if (kind == Posts::with_origin) posts.push_back(origin), --number;
  for (int post = 0; post < number; ++post)
    posts.push_back(origin + time_of(shape, kind == Posts::drawn ? uniform(random) : (post + 0.5) / number));
  std::sort(posts.begin(), posts.end());
  return posts;
}

// The alarms that one more document makes.
std::vector<Alarm> hear(Bursts& bursts, const Heard& heard, const Measure& measure) {
  return bursts.observe({heard.document, heard.analysis, heard.story}, measure, heard.document.fetched_at);
}

struct Tried {
  Time origin{}, first{};
  std::optional<Time> alarm;
};

struct Incident {
  Time origin{};
  std::vector<Time> posts;
  bool apart = false;  // each a story of its own
};

// One incident beside the history from `next` on; looks until 24 h after its first post.
Tried inject(Bursts bursts, const std::vector<Heard>& history, std::size_t next, const Incident& incident,
             const Measure& measure) {
  const std::vector<Time>& posts = incident.posts;
  Tried tried{incident.origin, posts.front(), {}};
  Heard post;
  post.analysis.education = true;
  post.document.medium = "forum";
  post.document.published_to_the_minute = true;
  post.document.published_by = DateOrigin::feed;
  post.story = "incident";
  std::size_t number = 0;
  const Time end = posts.front() + hours{24};
  while (!tried.alarm) {
    const bool is_post =
        number < posts.size() && (next == history.size() || posts[number] < history[next].document.fetched_at);
    if (!is_post && next == history.size()) break;
    if (is_post) {
      post.document.published_at = post.document.fetched_at = posts[number++];
      if (incident.apart) post.story = "incident" + std::to_string(number);
    }
    const Heard& heard = is_post ? post : history[next++];
    if (heard.document.fetched_at > end) break;
    if (!hear(bursts, heard, measure).empty()) tried.alarm = heard.document.fetched_at;
  }
  return tried;
}

std::string share_of(int number, int of) {
  using Beta = boost::math::beta_distribution<>;
  const double low = number > 0 ? quantile(Beta(number, of - number + 1), 0.025) : 0;
  const double high = number < of ? quantile(Beta(number + 1, of - number), 0.975) : 1;
  char text[64];
  std::snprintf(text, sizeof text, "%.3f (%.3f-%.3f)", double(number) / of, low, high);
  return text;
}

struct Power {
  std::vector<double> from_origin, from_first;  // seconds until the alarm
  int tried = 0;
  void add(const Tried& each) {
    ++tried;
    if (!each.alarm) return;
    from_origin.push_back(static_cast<double>((*each.alarm - each.origin).count()));
    from_first.push_back(static_cast<double>((*each.alarm - each.first).count()));
  }
  static int within(const std::vector<double>& seconds, double hour) {
    return static_cast<int>(
        std::count_if(seconds.begin(), seconds.end(), [hour](double s) { return s <= hour * 3600; }));
  }
  // Of all incidents, those that are never found last.
  double median_minutes() {
    std::sort(from_origin.begin(), from_origin.end());
    const auto middle = static_cast<std::size_t>(tried / 2);
    return middle < from_origin.size() ? from_origin[middle] / 60 : -1;
  }
  void print(int posts, const char* drawn, const char* stories) {
    std::printf("  %2d posts, %-11s %-9s of %4d, from the origin: 5 h %s, 24 h %s; from the first post: 5 h %.3f, "
                "24 h %.3f; median %.0f min\n",
                posts, drawn, stories, tried, share_of(within(from_origin, 5), tried).c_str(),
                share_of(within(from_origin, 24), tried).c_str(), double(within(from_first, 5)) / tried,
                double(within(from_first, 24)) / tried, median_minutes());
  }
};

struct Walk {
  std::vector<std::pair<Time, Alarm>> alarms;
  Time begin{}, end{};
  double days() const { return static_cast<double>((end - begin).count()) / 86'400; }
};

// All alarms of the history from a day on, with nothing known before it.
Walk walk(const std::vector<Heard>& history, Time from, const Measure& measure) {
  Walk walk;
  Bursts bursts;
  for (const Heard& heard : history) {
    const Time at = heard.document.fetched_at;
    if (at < from) continue;
    if (walk.begin == Time{}) walk.begin = at;
    walk.end = at;
    for (const Alarm& alarm : hear(bursts, heard, measure))
      if (alarm.first) walk.alarms.emplace_back(at, alarm);
    if ((heard.document.id.size() + heard.document.id.back()) % 16 == 0) (void)bursts.take_counts();
  }
  return walk;
}

void print(const char* what, const Walk& walk) {
  std::map<std::string, std::map<Alarm::Found, int>> years;
  int june = 0;
  for (const auto& [at, alarm] : walk.alarms) {
    const std::string date = china_date(at);
    ++years[date.substr(0, 4)][alarm.found];
    june += date.substr(5, 2) == "06";
  }
  const auto number = static_cast<double>(walk.alarms.size());
  std::printf("%s: %.0f alarms in %.0f days, %.2f per 30 days, June's share %.2f\n", what, number, walk.days(),
              number * 30 / walk.days(), number > 0 ? june / number : 0);
  for (auto& [year, found] : years)
    std::printf("  %s: %2d; window %d, story %d, sum %d\n", year.c_str(),
                found[Alarm::Found::window] + found[Alarm::Found::story] + found[Alarm::Found::sum],
                found[Alarm::Found::window], found[Alarm::Found::story], found[Alarm::Found::sum]);
}

// Each whole year of the history, begun anew on its first day.
void print_cold_starts(const std::vector<Heard>& history, const Walk& whole, const Measure& measure) {
  for (int year = std::stoi(china_date(whole.begin).substr(0, 4)) + 1;; ++year) {
    const Time begin = *parse_time(std::to_string(year) + "-01-01T00:00:00+08:00");
    const Time end = *parse_time(std::to_string(year + 1) + "-01-01T00:00:00+08:00");
    if (end > whole.end + hours{24}) return;
    Walk cold = walk(history, begin, measure);
    std::erase_if(cold.alarms, [end](const auto& a) { return a.first >= end; });
    cold.end = std::min(cold.end, end);
    print(("begun anew in " + std::to_string(year)).c_str(), cold);
  }
}

void list(const Walk& walk) {
  for (const auto& [at, alarm] : walk.alarms) {
    const char* found = alarm.found == Alarm::Found::window ? "window"
                        : alarm.found == Alarm::Found::story ? "story" : "sum";
    const double reached = alarm.found == Alarm::Found::sum ? alarm.sum : alarm.scan.surprise;
    std::printf("  %s %-6s %3d h, %3d beside %5.1f, %4.1f  %s\n", china_minute(at).c_str(), found, alarm.scan.hours,
                alarm.scan.observed, alarm.scan.expected, reached,
                alarm.documents.empty() ? "" : alarm.documents.front().title.c_str());
  }
}

void measure_power(const std::vector<Heard>& history, const std::vector<Shape>& shapes, const Walk& known,
                   const Measure& measure) {
  struct Place {
    Time origin;
    const Shape* shape;
    unsigned seed;
  };
  std::vector<Place> places;
  const Time from = known.begin + hours{24 * 60};
  const auto span = static_cast<double>((known.end - from - hours{50}).count());
  const auto loud = [&](Time at) {
    return std::any_of(known.alarms.begin(), known.alarms.end(),
                       [at](const auto& a) { return a.first > at - hours{24} && a.first < at + hours{48}; });
  };
  for (const Shape& shape : shapes)
    for (int time = 0; time < 3; ++time) {
      Random random(static_cast<unsigned>(places.size()));  // of its own: other alarms move no other place
      Time origin;
      do origin = from + Seconds{static_cast<long>(span * uniform(random))};
      while (loud(origin));
      places.push_back({origin, &shape, static_cast<unsigned>(random())});
    }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.origin < b.origin; });
  std::map<std::tuple<bool, Posts, int>, Power> powers;
  Bursts bursts;
  auto place = places.begin();
  for (std::size_t next = 0; next < history.size() && place != places.end(); ++next) {
    for (; place != places.end() && place->origin < history[next].document.fetched_at; ++place)
      for (const bool apart : {false, true})
        for (const Posts kind : {Posts::middle, Posts::drawn, Posts::with_origin})
          for (const int posts : {6, 12, 24}) {
            Random own(place->seed);
            const Incident incident{place->origin, posts_of(*place->shape, place->origin, posts, kind, own), apart};
            powers[{apart, kind, posts}].add(inject(bursts, history, next, incident, measure));
          }
    (void)hear(bursts, history[next], measure);
    if (next % 64 == 0) (void)bursts.take_counts();
  }
  for (auto& [kind, power] : powers)
    power.print(std::get<2>(kind), name_of(std::get<1>(kind)), std::get<0>(kind) ? "apart" : "one story");
}

// Deletes 6 to 48 hours of the history, at 500 places one at a time, and tells what alarms within a day after the gap's
// end that does not without the gap (an alarm within a refractory span of there).
void measure_cuts(const std::vector<Heard>& history, const Walk& known, const Measure& measure) {
  Random random(20261128);
  std::map<std::size_t, Seconds> cuts;
  while (cuts.size() < 500)
    cuts.emplace(static_cast<std::size_t>(uniform(random) * static_cast<double>(history.size())),
                 Seconds{static_cast<long>(3600 * (6 + 42 * uniform(random)))});
  int raised = 0, of_gaps = 0;
  Bursts bursts;
  for (std::size_t next = 0; next < history.size(); ++next) {
    if (const auto cut = cuts.find(next); cut != cuts.end()) {
      const Time begin = history[next].document.fetched_at, end = begin + cut->second;
      Bursts holed = bursts;
      for (std::size_t i = next; i < history.size() && history[i].document.fetched_at < end + hours{24}; ++i) {
        const Time at = history[i].document.fetched_at;
        if (at < end) continue;
        for (const Alarm& alarm : hear(holed, history[i], measure)) {
          if (!alarm.first) continue;
          ++raised;
          const bool is_known = std::any_of(known.alarms.begin(), known.alarms.end(), [&](const auto& a) {
            return std::chrono::abs(a.first - at) <= measure.bursts.refractory + cut->second;
          });
          if (is_known) continue;
          ++of_gaps;
          std::printf("  gap %s to %s: alarm %s, %d h, %d beside %.1f, %.2f\n", china_minute(begin).c_str(),
                      china_minute(end).c_str(), china_minute(at).c_str(), alarm.scan.hours, alarm.scan.observed,
                      alarm.scan.expected, alarm.found == Alarm::Found::sum ? alarm.sum : alarm.scan.surprise);
        }
      }
    }
    (void)hear(bursts, history[next], measure);
    if (next % 64 == 0) (void)bursts.take_counts();
  }
  std::printf("  500 gaps of 6 to 48 h: %d alarms within a day after, %d of them for the gap\n", raised, of_gaps);
}

bool change(Measure& measure, const std::string& word) {
  const auto split = word.find('=');
  if (split == word.npos) return false;
  BurstRule& rule = measure.bursts;
  const std::string key = word.substr(0, split);
  const double value = std::atof(word.c_str() + split + 1);
  if (key == "scan") rule.levels.front().surprise = value;
  else if (key == "sum") value > 0 ? rule.cusum = value : rule.cusum_ratio = value;
  else if (key == "ratio") rule.cusum_ratio = value;
  else if (key == "story") rule.story.surprise = value;
  else if (key == "share") rule.story.share = value;
  else if (key == "size") rule.story.size = value;
  else if (key == "fresh") rule.story.fresh = value;
  else if (key == "season") rule.season.clear();
  else if (key == "min") rule.observed_min = static_cast<int>(value);
  else return false;
  return true;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return std::fprintf(stderr, "burst_bench HISTORY.jsonl SHAPES.json [KEY=VALUE ...]\n"), 2;
  const auto analyzer = service::load_analyzer({});
  const auto shipped = service::load_measure("");
  if (!analyzer || !shipped) return std::fprintf(stderr, "the shipped rules do not load\n"), 1;
  const auto history = read(words[1], **analyzer);
  const auto shapes = read_shapes(words[2]);
  for (int word = 3; word <= std::max(count, 3); ++word) {
    Measure measure = **shipped;
    measure.bursts.topics = measure.bursts.schools = measure.bursts.cells = false;
    bool power = true, listed = false, cuts = false;
    std::string settings;
    for (; word < count && std::string(words[word]) != "/"; ++word) {
      settings += std::string(" ") + words[word];
      if (std::string(words[word]) == "rate") power = false;
      else if (std::string(words[word]) == "list") listed = true;
      else if (std::string(words[word]) == "cuts") cuts = true;
      else if (!change(measure, words[word])) return std::fprintf(stderr, "what is %s?\n", words[word]), 2;
    }
    std::printf("== scan %g, story %g, sum %g%s\n", measure.bursts.levels.front().surprise,
                measure.bursts.story.surprise, measure.bursts.cusum, settings.c_str());
    const Walk whole = walk(history, Time{}, measure);
    print("all", whole);
    if (listed) list(whole);
    if (cuts) measure_cuts(history, whole, measure);
    print_cold_starts(history, whole, measure);
    if (power) measure_power(history, shapes, whole, measure);
    std::fflush(stdout);
  }
  return 0;
}
