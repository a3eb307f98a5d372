// A share is told with its base, a change with the number that it compares to; a period without
// documents is told as what it is, which is not an all-clear.
#include "alerting/digest/figures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace tingchao::alerting {
namespace {

constexpr std::size_t table_rows_max = 8;

struct PeriodWords {
  const char* key;
  const char* report;
  const char* now;
  const char* before;
};
constexpr PeriodWords periods[] = {{"day", "舆情日报", "本日", "上一日"},
                                   {"week", "舆情周报", "本周", "上一周"},
                                   {"month", "舆情月报", "本月", "上一月"},
                                   {"special", "舆情专报", "本期", "上一期"}};

const PeriodWords& words_of(std::string_view period) {
  for (const PeriodWords& words : periods)
    if (period == words.key) return words;
  return periods[0];
}

struct Date {
  int year;
  unsigned month, day;
};
Date date_parts(Time at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at + china_offset)};
  return {int(date.year()), unsigned(date.month()), unsigned(date.day())};
}

std::string share(long part, long whole) {
  return whole > 0 ? fmt::format("{:.1f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole)) : "";
}

// "Ⅱ级橙色 1 起、Ⅲ级黄色 2 起", gravest first, of those that fit.
template <class Fits>
std::string by_level(const std::vector<Warning>& warnings, Fits fits) {
  std::map<int, std::pair<std::string, int>> counts;
  for (const Warning& warning : warnings) {
    if (!fits(warning)) continue;
    auto& [words, count] = counts[warning.level.rank];
    words = level_words(warning.level);
    ++count;
  }
  std::string text;
  for (const auto& [rank, each] : counts)
    text += fmt::format("{}{} {} 起", text.empty() ? "" : "、", each.first, each.second);
  return text;
}

std::string change_of(const DigestInput& input) {
  const PeriodWords& words = words_of(input.period);
  if (input.documents_before <= 0) return fmt::format("{}无数据可比", words.before);
  const double change = 100.0 * (input.documents - input.documents_before) / input.documents_before;
  if (std::abs(change) < 0.5) return fmt::format("与{}持平", words.before);
  return fmt::format("比{}{} {:.0f}%", words.before, change > 0 ? "增加" : "减少", std::abs(change));
}

// For a tile: "较上一日 +23%".
std::string short_change(const DigestInput& input) {
  const PeriodWords& words = words_of(input.period);
  if (input.documents_before <= 0) return fmt::format("{}无数据", words.before);
  const double change = 100.0 * (input.documents - input.documents_before) / input.documents_before;
  if (std::abs(change) < 0.5) return fmt::format("与{}持平", words.before);
  return fmt::format("较{} {:+.0f}%", words.before, change);
}

std::string topic_leaf(std::string_view topic) {
  const std::size_t slash = topic.rfind('/');
  return one_line(slash == topic.npos ? topic : topic.substr(slash + 1), 30);
}

// "0–2时" of 0时 and 2时; "4/1–4/4".
std::string range_label(std::string first, const std::string& last) {
  constexpr std::string_view hour = "时";
  if (first.ends_with(hour)) first.resize(first.size() - hour.size());
  return first + "–" + last;
}

}  // namespace

const char* report_name(std::string_view period) { return words_of(period).report; }

std::string issue_of(const DigestInput& input) {
  using std::chrono::days, std::chrono::sys_days, std::chrono::January;
  if (input.period == "special") return {};
  const Time last = input.to - Seconds{1};
  const Date date = date_parts(last);
  if (input.period == "month") return fmt::format("{}年第{}期", date.year, date.month);
  const bool week = input.period == "week";
  auto day = std::chrono::floor<days>(last + china_offset);
  if (week) {  // the week of the middle day is that of the Thursday in it
    day -= days{3};
    day += days{4} - days{std::chrono::weekday{day}.iso_encoding()};
  }
  const std::chrono::year year = std::chrono::year_month_day{day}.year();
  const long ordinal = (day - sys_days{year / January / 1}).count();  // from 0
  return fmt::format("{}年第{}期", int(year), 1 + (week ? ordinal / 7 : ordinal));
}

std::string date_of(const DigestInput& input) {
  constexpr const char* weekdays[] = {"日", "一", "二", "三", "四", "五", "六"};
  const Time last = input.to - Seconds{1};
  const Date first_day = date_parts(input.from), last_day = date_parts(last);
  if (input.period == "month") return fmt::format("{}年{}月", last_day.year, last_day.month);
  if (input.period == "week")
    return fmt::format("{}年{}月{}日至{}月{}日", first_day.year, first_day.month, first_day.day, last_day.month,
                       last_day.day);
  return fmt::format("{}年{}月{}日（星期{}）", last_day.year, last_day.month, last_day.day, weekdays[china_weekday(last)]);
}

// Midnight that ends a day reads 24:00 of that day.
std::string end_moment(Time at) {
  if (at != china_midnight(at)) return moment(at);
  const Date day = date_parts(at - Seconds{1});
  return fmt::format("{}月{}日 24:00", day.month, day.day);
}

Totals totals_of(const DigestInput& input) {
  Totals totals;
  totals.documents = input.documents;
  for (const auto& [at, count] : input.trend) totals.based_on += count;
  for (const auto& [at, count] : input.trend_negative) totals.negative += count;
  for (const Warning& warning : input.warnings) {
    totals.raised += warning.raised_at >= input.from && warning.raised_at < input.to;
    totals.open += !is_over(warning);
    if (!is_over(warning))
      for (const Clock& clock : warning.clocks) totals.late += !clock.met_at && clock.due <= input.to;
  }
  return totals;
}

std::vector<std::pair<std::string, int>> topics_by_count(const DigestInput& input) {
  std::vector<std::pair<std::string, int>> topics(input.topics.begin(), input.topics.end());
  std::sort(topics.begin(), topics.end(), [](const auto& a, const auto& b) {
    return std::tie(b.second, a.first) < std::tie(a.second, b.first);
  });
  return topics;
}

std::string overview_of(const DigestInput& input, const Totals& totals) {
  const PeriodWords& words = words_of(input.period);
  if (input.documents == 0)
    return fmt::format("{}未监测到相关信息；这不等于没有舆情，请结合信源运行情况和信访、热线等渠道综合研判。", words.now);
  std::string text = fmt::format("{}共采集公开信息 {} 篇，{}", words.now, grouped(input.documents), change_of(input));
  if (input.documents_before > 0) text += fmt::format("（{} {} 篇）", words.before, grouped(input.documents_before));
  if (totals.based_on > 0)
    text += fmt::format("；其中负面 {} 篇，占 {}", grouped(totals.negative), share(totals.negative, totals.based_on));
  text += input.stories.empty() ? "。未形成需要关注的事件" : fmt::format("。列入重点事件 {} 件", input.stories.size());
  const std::string raised =
      by_level(input.warnings, [&](const Warning& w) { return w.raised_at >= input.from && w.raised_at < input.to; });
  text += raised.empty() ? "，未新发预警" : fmt::format("，新发预警 {} 起（{}）", totals.raised, raised);
  if (totals.open > 0) text += fmt::format("；截至期末未办结 {} 起", totals.open);
  if (totals.late > 0) text += fmt::format("，{} 项回应时限已超期", totals.late);
  const auto topics = topics_by_count(input);
  std::string hot;
  for (std::size_t at = 0; at < topics.size() && at < 3; ++at)
    hot += fmt::format("{}{}（{} 篇）", at ? "、" : "", topic_leaf(topics[at].first), topics[at].second);
  if (!hot.empty()) text += "。关注较多的话题：" + hot;
  return text + "。";
}

std::vector<Outline::Tile> tiles_of(const DigestInput& input, const Totals& totals) {
  const long fresh = totals.raised;
  return {{"采集信息", grouped(input.documents), short_change(input)},
          {"负面占比", totals.based_on > 0 ? share(totals.negative, totals.based_on) : "—",
           fmt::format("负面 {} 篇", grouped(totals.negative))},
          {"重点事件", grouped(static_cast<long>(input.stories.size())),
           fmt::format("近似预警 {} 件", input.near_misses.size())},
          {"新发预警", grouped(fresh),
           totals.late > 0 ? fmt::format("超期 {} 项", totals.late) : fmt::format("未办结 {} 起", totals.open)}};
}

std::vector<Bar> trend_of(const DigestInput& input) {
  std::map<Time, int> negative(input.trend_negative.begin(), input.trend_negative.end());
  std::vector<Bar> bars;
  const bool hours = input.to - input.from <= std::chrono::hours{49};
  for (const auto& [at, count] : input.trend) {
    Bar bar;
    const Date day = date_parts(at);
    bar.label = hours ? fmt::format("{}时", china_hour(at)) : fmt::format("{}/{}", day.month, day.day);
    bar.documents = std::max(0, count);
    bar.negative = std::clamp(negative[at], 0, bar.documents);
    bars.push_back(std::move(bar));
  }
  return bars;
}

std::vector<Bar> table_of(const std::vector<Bar>& bars) {
  const std::size_t step = std::max<std::size_t>(1, (bars.size() + table_rows_max - 1) / table_rows_max);
  std::vector<Bar> rows;
  for (std::size_t at = 0; at < bars.size(); at += step) {
    Bar row = bars[at];
    const std::size_t end = std::min(bars.size(), at + step);
    for (std::size_t each = at + 1; each < end; ++each) {
      row.documents += bars[each].documents;
      row.negative += bars[each].negative;
    }
    if (end - at > 1) row.label = range_label(bars[at].label, bars[end - 1].label);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tingchao::alerting
