#include "service/cli/replay_summary.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>
#include <boost/math/distributions/chi_squared.hpp>

#include "core/json.h"

namespace tingchao::service {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

double days_of(const ReplaySummary& summary) {
  return std::max(1.0, static_cast<double>((summary.to - summary.from).count()) / 86'400);
}

boost::json::object rate_json(const Rate& rate) {
  return {{"alarms", rate.alarms}, {"per_30d", rate.per_30d}, {"low", rate.low}, {"high", rate.high}};
}

std::string rate_words(const Rate& rate) {
  return fmt::format("{} 次，每 30 天 {:.2f}（95% 区间 {:.2f}—{:.2f}）", rate.alarms, rate.per_30d, rate.low,
                     rate.high);
}

}  // namespace

Rate rate_of(int alarms, double days) {
  using Law = boost::math::chi_squared;
  Rate rate;
  rate.alarms = alarms;
  const double scale = 30 / days;
  rate.per_30d = alarms * scale;
  rate.low = alarms > 0 ? boost::math::quantile(Law(2.0 * alarms), 0.025) / 2 * scale : 0;
  rate.high = boost::math::quantile(Law(2.0 * alarms + 2), 0.975) / 2 * scale;
  return rate;
}

ReplaySummary summarise(const std::map<std::string, Warning>& warnings, long documents, Time from, Time to) {
  ReplaySummary summary;
  summary.documents = documents;
  summary.from = from;
  summary.to = to;
  std::map<std::string, int> in_june;
  for (const auto& [id, warning] : warnings) {
    if (warning.kind == "burst") {
      ++summary.bursts[warning.stream];
      in_june[warning.stream] += china_date(warning.raised_at).substr(5, 2) == "06";
      continue;
    }
    ++summary.stories[warning.level_peak ? std::min(warning.level_peak->rank, warning.level.rank)
                                         : warning.level.rank];
    std::optional<Time> first;
    for (const Evidence& each : warning.evidence) {
      const Time at = each.published_at.value_or(each.seen_at);
      if (!first || at < *first) first = at;
    }
    if (first)
      summary.delays.push_back(
          std::max(0.0, static_cast<double>((warning.raised_at - *first).count()) / 3600));
  }
  for (const auto& [stream, number] : summary.bursts)
    summary.june_share[stream] = static_cast<double>(in_june[stream]) / number;
  std::sort(summary.delays.begin(), summary.delays.end());
  return summary;
}

void print_summary(const Console& console, const ReplaySummary& summary, const std::string& measure) {
  const double days = days_of(summary);
  if (console.json()) {
    boost::json::object bursts, stories;
    for (const auto& [stream, number] : summary.bursts) {
      boost::json::object rate = rate_json(rate_of(number, days));
      rate["june_share"] = summary.june_share.at(stream);
      bursts[stream] = std::move(rate);
    }
    for (const auto& [rank, number] : summary.stories)
      stories[std::to_string(rank)] = rate_json(rate_of(number, days));
    console.line(to_line({{"summary", measure},
                          {"documents", summary.documents},
                          {"days", days},
                          {"bursts", std::move(bursts)},
                          {"stories_by_rank", std::move(stories)},
                          {"delay_hours_median", quantile(summary.delays, 0.5)},
                          {"delay_hours_p90", quantile(summary.delays, 0.9)}}));
    return;
  }
  console.line(
      console.paint(fmt::format("小结　标准 {}　{} 篇，{} 至 {}（{:.0f} 天）", measure, summary.documents,
                                china_date(summary.from), china_date(summary.to), days),
                    Colour::bold));
  for (const auto& [rank, number] : summary.stories)
    console.line(fmt::format("  事件预警，最高第 {} 级　{}", rank, rate_words(rate_of(number, days))));
  for (const auto& [stream, number] : summary.bursts)
    console.line(fmt::format("  话题量异常　{}　{}　六月占 {:.0f}%", stream,
                             rate_words(rate_of(number, days)), 100 * summary.june_share.at(stream)));
  if (!summary.delays.empty())
    console.line(fmt::format("  首篇到预警　中位数 {:.1f} 小时，九成在 {:.1f} 小时内",
                             quantile(summary.delays, 0.5), quantile(summary.delays, 0.9)));
}

}  // namespace tingchao::service
