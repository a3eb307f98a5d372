// Revisit policies on simulated sources: how long an item waits until a visit finds it. 60 sources on 6 hosts
// publish for eight weeks (a working day's rhythm, quieter weekends, night desks, weekend forums, sources
// that hardly ever publish, and rates over four orders of magnitude); the first two weeks are for learning,
// the other six are measured. Every policy makes as many visits on each host as the adaptive one did:
//   uniform      every source of a host at the same gap
//   adaptive     the program's own code, which knows only what its visits found
//   clairvoyant  knows the true rate of every source and hour, bound by no shortest or longest gap
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "crawler/schedule/rhythm.h"

using namespace tingchao;
using namespace tingchao::crawler;

namespace {

constexpr int sources_count = 60, hosts_count = 6;
constexpr std::chrono::days learning{14}, whole{56};
constexpr Seconds interval = std::chrono::hours(2);  // the source's promise: never a longer gap
constexpr double budget = 4;                         // visits an interval, on average over the host's sources
const Time start = *parse_time("2026-03-02T00:00:00+08:00");  // a Monday

struct Truth {
  std::array<double, rhythm_bins> rate{};  // items an hour
  std::vector<Time> items;
  int host = 0;
};

std::vector<Truth> make_sources(std::mt19937_64& random) {
  std::vector<Truth> all(sources_count);
  std::normal_distribution<double> normal;
  for (int i = 0; i < sources_count; ++i) {
    Truth& source = all[static_cast<std::size_t>(i)];
    source.host = i % hosts_count;
    const double a_day = 6 * std::exp(1.6 * normal(random));
    const int kind = static_cast<int>(random() % 4);  // office, portal, forum, night desk
    double sum = 0;
    for (std::size_t bin = 0; bin < rhythm_bins; ++bin) {
      const double hour = static_cast<double>(bin % 24);
      const bool off = bin >= 24;
      double shape = 1;
      if (kind == 0) shape = off ? 0.05 : (hour >= 8.5 && hour < 18 ? 1.0 : 0.03);
      if (kind == 1) shape = (off ? 0.6 : 1.0) * (hour >= 7 && hour < 23 ? 1.0 : 0.15);
      if (kind == 2)
        shape = (off ? 1.4 : 1.0) * (0.1 + std::exp(-std::pow((hour - 20.5) / 3, 2)) +
                                     0.6 * std::exp(-std::pow((hour - 12.5) / 2, 2)));
      if (kind == 3) shape = hour < 3 || hour >= 21 ? 1.0 : 0.1;
      source.rate[bin] = shape;
      sum += shape * (off ? 2 : 5);
    }
    for (double& rate : source.rate) rate *= a_day * 7 / sum;
    const double most = *std::max_element(source.rate.begin(), source.rate.end());
    std::exponential_distribution<double> wait(most);
    std::uniform_real_distribution<double> dice(0, most);
    for (double hours = wait(random); hours < 24.0 * whole.count(); hours += wait(random)) {
      const Time at = start + Seconds(static_cast<long>(hours * 3600));
      if (dice(random) < source.rate[rhythm_bin(at)]) source.items.push_back(at);
    }
  }
  return all;
}

// Mean wait in hours of the items measured, over all sources, weighing each item alike.
struct Score {
  double waited = 0;
  long items = 0, visits = 0;
  double mean_minutes() const { return 60 * waited / static_cast<double>(std::max(items, 1L)); }
};

void score_visits(const Truth& source, const std::vector<Time>& visits, Score& score) {
  const Time from = start + learning;
  for (const Time at : visits) score.visits += at >= from && at < start + whole;
  std::size_t v = 0;
  for (const Time item : source.items) {
    if (item < from) continue;
    while (v < visits.size() && visits[v] < item) ++v;
    if (v == visits.size()) return;
    score.waited += static_cast<double>((visits[v] - item).count()) / 3600;
    ++score.items;
  }
}

// The adaptive policy, visit by visit in the order of time, as the daemon runs it: each host's factor is
// worked out anew with each of its visits.
std::vector<std::vector<Time>> run_adaptive(const std::vector<Truth>& truths) {
  std::vector<Rhythm> rhythms(truths.size());
  std::vector<std::vector<Time>> visits(truths.size());
  std::vector<Time> last(truths.size(), start), due(truths.size());
  std::vector<std::size_t> next_item(truths.size(), 0);
  for (std::size_t i = 0; i < due.size(); ++i) due[i] = start + Seconds(static_cast<long>(i) * 60);
  for (;;) {
    const std::size_t i = static_cast<std::size_t>(std::min_element(due.begin(), due.end()) - due.begin());
    const Time now = due[i];
    if (now >= start + whole + std::chrono::days(1)) return visits;
    int found = 0;
    while (next_item[i] < truths[i].items.size() && truths[i].items[next_item[i]] <= now)
      ++found, ++next_item[i];
    rhythms[i].observe(last[i], now, found);
    last[i] = now;
    visits[i].push_back(now);
    std::vector<Revisited> neighbours;
    for (std::size_t j = 0; j < truths.size(); ++j)
      if (truths[j].host == truths[i].host)
        neighbours.push_back({&rhythms[j], interval, revisit_gap_min(interval), 1.0});
    const double factor =
        revisit_factor(neighbours, budget * static_cast<double>(neighbours.size()) * 3600 / interval.count());
    due[i] = revisit_at({&rhythms[i], interval, revisit_gap_min(interval), 1.0}, factor, now);
  }
}

long visits_on(const std::vector<Truth>& truths, const std::vector<std::vector<Time>>& visits, int host) {
  long sum = 0;
  for (std::size_t i = 0; i < truths.size(); ++i)
    if (truths[i].host == host)
      sum += std::count_if(visits[i].begin(), visits[i].end(),
                           [](Time at) { return at >= start + learning && at < start + whole; });
  return sum;
}

// Visits of one source whose rate is proportional to `wish` (a rate by bin), at `phase` of a gap.
std::vector<Time> visits_by(const std::array<double, rhythm_bins>& wish, double phase) {
  std::vector<Time> visits;
  double sum = phase;
  for (Time hour = start + learning; hour < start + whole + std::chrono::days(2);
       hour += std::chrono::hours(1)) {
    const double rate = wish[rhythm_bin(hour)];
    for (double at = (1 - sum) / rate; at < 1; at += 1 / rate)
      visits.push_back(hour + Seconds(static_cast<long>(at * 3600)));
    sum += rate;
    sum -= std::floor(sum);
  }
  return visits;
}

}  // namespace

int main() {
  double worst_uniform = 0, worst_clairvoyant = 0;
  std::printf("%-6s %12s %12s %12s %12s %9s %9s\n", "seed", "uniform", "adaptive", "clairvoyant",
              "visits/day", "/uniform", "/clairv.");
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    std::mt19937_64 random(seed);
    const std::vector<Truth> truths = make_sources(random);
    const auto adaptive = run_adaptive(truths);
    Score by_adaptive, by_uniform, by_clairvoyant;
    for (std::size_t i = 0; i < truths.size(); ++i) score_visits(truths[i], adaptive[i], by_adaptive);
    const double measured_hours = 24.0 * (whole - learning).count();
    for (int host = 0; host < hosts_count; ++host) {
      const double an_hour = static_cast<double>(visits_on(truths, adaptive, host)) / measured_hours;
      double roots = 0, members = 0;
      for (const Truth& truth : truths) {
        if (truth.host != host) continue;
        ++members;
        for (std::size_t bin = 0; bin < rhythm_bins; ++bin)
          roots += std::sqrt(truth.rate[bin]) * (bin < 24 ? 5 : 2) / 168;
      }
      for (const Truth& truth : truths) {
        if (truth.host != host) continue;
        const double phase = static_cast<double>(random() % 1000) / 1000;
        std::array<double, rhythm_bins> even{}, best{};
        even.fill(an_hour / members);
        for (std::size_t bin = 0; bin < rhythm_bins; ++bin)
          best[bin] = std::sqrt(truth.rate[bin]) * an_hour / roots;
        score_visits(truth, visits_by(even, phase), by_uniform);
        score_visits(truth, visits_by(best, phase), by_clairvoyant);
      }
    }
    const double to_uniform = by_adaptive.mean_minutes() / by_uniform.mean_minutes();
    const double to_clairvoyant = by_adaptive.mean_minutes() / by_clairvoyant.mean_minutes();
    worst_uniform = std::max(worst_uniform, to_uniform);
    worst_clairvoyant = std::max(worst_clairvoyant, to_clairvoyant);
    std::printf("%-6u %8.1f min %8.1f min %8.1f min %12.0f %9.3f %9.3f\n", seed, by_uniform.mean_minutes(),
                by_adaptive.mean_minutes(), by_clairvoyant.mean_minutes(),
                static_cast<double>(by_adaptive.visits) / static_cast<double>((whole - learning).count()),
                to_uniform, to_clairvoyant);
    std::printf("       visits: uniform %ld, adaptive %ld, clairvoyant %ld\n", by_uniform.visits,
                by_adaptive.visits, by_clairvoyant.visits);
  }
  std::printf("worst of the seeds: %.3f of uniform, %.3f of clairvoyant\n", worst_uniform, worst_clairvoyant);
}
