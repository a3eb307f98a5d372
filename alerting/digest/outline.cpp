// Turns numbers into the wording of a report. Counts say what they count; a share is told with its
// base; a list that was cut says how many are missing.
#include "alerting/digest/outline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "alerting/digest/excerpt.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t table_rows_max = 8;
constexpr Seconds silent_after = std::chrono::hours{24 * 7};
constexpr int failures_told = 3;

struct PeriodWords {
  const char* key;
  const char* report;
  const char* now;
  const char* before;
};
constexpr PeriodWords periods[] = {{"day", "舆情日报", "本日", "上一日"},
                                   {"week", "舆情周报", "本周", "上一周"},
                                   {"month", "舆情月报", "本月", "上一月"}};

const PeriodWords& words_of(std::string_view period) {
  for (const PeriodWords& words : periods)
    if (period == words.key) return words;
  return periods[0];
}

struct Day {
  int year;
  unsigned month, day;
};
Day day_of(Time at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at + china_offset)};
  return {int(date.year()), unsigned(date.month()), unsigned(date.day())};
}

std::string date_of(const DigestInput& input) {
  constexpr const char* weekdays[] = {"日", "一", "二", "三", "四", "五", "六"};
  const Time last = input.to - Seconds{1};
  const Day first_day = day_of(input.from), last_day = day_of(last);
  if (input.period == "month") return fmt::format("{}年{}月", last_day.year, last_day.month);
  if (input.period == "week")
    return fmt::format("{}年{}月{}日至{}月{}日", first_day.year, first_day.month, first_day.day, last_day.month,
                       last_day.day);
  return fmt::format("{}年{}月{}日（星期{}）", last_day.year, last_day.month, last_day.day, weekdays[china_weekday(last)]);
}

// Midnight that ends a day reads 24:00 of that day.
std::string end_moment(Time at) {
  if (at != china_midnight(at)) return moment(at);
  const Day day = day_of(at - Seconds{1});
  return fmt::format("{}月{}日 24:00", day.month, day.day);
}

const char* medium_name(const std::string& medium) {
  static constexpr std::pair<std::string_view, const char*> names[] = {
      {"news", "新闻"}, {"official", "政务"}, {"forum", "论坛"}, {"board", "留言板"},
      {"hotlist", "热榜"}, {"blog", "博客"}, {"video", "视频"}, {"import", "导入"}};
  for (const auto& [key, name] : names)
    if (medium == key) return name;
  return "其他";
}

template <class T>
void cut(Told<T>& told, std::size_t most) {
  if (told.items.size() <= most) return;
  told.more = told.items.size() - most;
  told.items.resize(most);
}

std::string share(long part, long whole) {
  return whole > 0 ? fmt::format("{:.1f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole)) : "";
}

// — items

Excerpt excerpt_of(const ReportedDocument& reported, const Limits& limits) {
  const Document& document = reported.document;
  Excerpt excerpt;
  excerpt.quote = quote(telling_sentence(document, reported.analysis), limits.quote_chars);
  excerpt.source = one_line(document.source_name.empty() ? document.source : document.source_name, 30);
  excerpt.time = moment(effective_time(document));
  excerpt.link = link_or_nothing(document.url);
  return excerpt;
}

std::vector<Excerpt> excerpts_of(const std::vector<ReportedDocument>& documents, const Limits& limits) {
  std::vector<Excerpt> excerpts;
  std::set<std::string> said;
  for (const ReportedDocument& each : documents) {
    if (excerpts.size() == limits.quotes) break;
    Excerpt excerpt = excerpt_of(each, limits);
    if (!excerpt.quote.text.empty() && said.insert(excerpt.quote.text).second) excerpts.push_back(std::move(excerpt));
  }
  return excerpts;
}

std::string numbers_of(const Story& story) {
  std::string text = fmt::format("{} 篇 · {} 个来源 · {} 个独立首发", story.documents, story.sources.size(),
                                 story.origins_total);
  if (story.negative > 0) text += fmt::format(" · 负面 {} 篇", story.negative);
  if (story.hot_rank_best > 0) text += fmt::format(" · 热榜最高第 {} 位", story.hot_rank_best);
  std::string media;
  for (const auto& [medium, count] : story.media)
    media += fmt::format("{}{} {}", media.empty() ? "" : "、", medium_name(medium), count);
  return media.empty() ? text : text + "（" + media + "）";
}

void add_answer(Item& item, const ReportedStory& reported) {
  const std::string& id = reported.story.official_answer;
  if (id.empty()) return;
  Answer answer{"已有官方信源发布相关信息", "", ""};
  for (const ReportedDocument& each : reported.documents)
    if (each.document.id == id)
      answer = {one_line(each.document.title, 60), one_line(each.document.source_name, 30),
                link_or_nothing(each.document.url)};
  item.answers.push_back(std::move(answer));
}

Item item_of(const ReportedStory& reported, const std::map<std::string, const Warning*>& warned, const Limits& limits) {
  Item item;
  const Story& story = reported.story;
  item.title = one_line(story.title, limits.title_chars);
  if (!reported.documents.empty()) item.link = link_or_nothing(reported.documents.front().document.url);
  if (const auto found = warned.find(story.id); found != warned.end()) {
    item.level = level_words(*found->second);
    item.paint = paint_of(found->second->level);
  }
  item.numbers = numbers_of(story);
  item.times = fmt::format("首见 {} · 最新 {}", moment(story.first_seen), moment(story.newest));
  item.excerpts = excerpts_of(reported.documents, limits);
  add_answer(item, reported);
  return item;
}

Item good_news_of(const ReportedDocument& reported, const Limits& limits) {
  Item item;
  item.title = one_line(reported.document.title, limits.title_chars);
  item.link = link_or_nothing(reported.document.url);
  item.excerpts.push_back(excerpt_of(reported, limits));
  return item;
}

// — warnings

WarningLine warning_line(const Warning& warning, const DigestInput& input) {
  WarningLine line;
  line.level = level_words(warning);
  line.meter = level_meter(warning.level);
  line.paint = paint_of(warning.level);
  line.title = one_line(warning.title, 60);
  line.id = warning.id;
  if (!input.base_url.empty())
    line.link = link_or_nothing(input.base_url + (input.base_url.ends_with('/') ? "" : "/") + "#/warnings/" + warning.id);
  line.state = chinese_name(warning.state);
  line.score = fmt::format("{:.1f}", warning.score);
  line.raised = moment(warning.raised_at);
  line.assignee = one_line(warning.assignee, 30);
  const Clock* next = nullptr;
  for (const Clock& clock : warning.clocks)
    if (!clock.met_at && (!next || clock.due < next->due)) next = &clock;
  const bool over = warning.state == WarningState::closed || warning.state == WarningState::dismissed;
  if (!next || over) return line;
  line.clock = one_line(next->name, 30);
  line.due = moment(next->due);
  line.left = remaining(next->due, input.to);
  line.late = next->due <= input.to;
  return line;
}

bool is_open(const Warning& warning) {
  return warning.state != WarningState::closed && warning.state != WarningState::dismissed;
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

// — numbers

struct Totals {
  long documents = 0, negative = 0, based_on = 0;  // negatives are counted among `based_on`
  long raised = 0, open = 0, late = 0;
};

Totals totals_of(const DigestInput& input) {
  Totals totals;
  totals.documents = input.documents;
  for (const auto& [at, count] : input.trend) totals.based_on += count;
  for (const auto& [at, count] : input.trend_negative) totals.negative += count;
  for (const Warning& warning : input.warnings) {
    totals.raised += warning.raised_at >= input.from && warning.raised_at < input.to;
    totals.open += is_open(warning);
    if (is_open(warning))
      for (const Clock& clock : warning.clocks) totals.late += !clock.met_at && clock.due <= input.to;
  }
  return totals;
}

std::string change_of(const DigestInput& input) {
  const PeriodWords& words = words_of(input.period);
  if (input.documents_before <= 0) return fmt::format("{}无数据可比", words.before);
  const double change = 100.0 * (input.documents - input.documents_before) / input.documents_before;
  if (std::abs(change) < 0.5) return fmt::format("与{}持平", words.before);
  return fmt::format("比{}{} {:.0f}%", words.before, change > 0 ? "增加" : "减少", std::abs(change));
}

std::string topic_leaf(std::string_view topic) {
  const std::size_t slash = topic.rfind('/');
  return one_line(slash == topic.npos ? topic : topic.substr(slash + 1), 30);
}

std::vector<std::pair<std::string, int>> topics_by_count(const DigestInput& input) {
  std::vector<std::pair<std::string, int>> topics(input.topics.begin(), input.topics.end());
  std::sort(topics.begin(), topics.end(),
            [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
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
  return {{"采集信息", grouped(input.documents), change_of(input)},
          {"负面占比", totals.based_on > 0 ? share(totals.negative, totals.based_on) : "—",
           fmt::format("负面 {} 篇", grouped(totals.negative))},
          {"重点事件", grouped(static_cast<long>(input.stories.size())),
           fmt::format("近似预警 {} 件", input.near_misses.size())},
          {"新发预警", grouped(fresh),
           totals.late > 0 ? fmt::format("超期 {} 项", totals.late) : fmt::format("未办结 {} 起", totals.open)}};
}

// — trend

std::vector<Bar> trend_of(const DigestInput& input) {
  std::map<Time, int> negative(input.trend_negative.begin(), input.trend_negative.end());
  std::vector<Bar> bars;
  const bool hours = input.to - input.from <= std::chrono::hours{49};
  for (const auto& [at, count] : input.trend) {
    Bar bar;
    const Day day = day_of(at);
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
    if (end - at > 1) row.label = bars[at].label + "–" + bars[end - 1].label;
    rows.push_back(std::move(row));
  }
  return rows;
}

// — the rest

Told<Bar> topics_of(const DigestInput& input, std::size_t most) {
  Told<Bar> told;
  for (const auto& [topic, count] : topics_by_count(input)) {
    Bar bar;
    bar.label = one_line(topic, 40);
    for (std::size_t at = 0; (at = bar.label.find('/', at)) != std::string::npos; at += 3) bar.label.replace(at, 1, " › ");
    bar.documents = count;
    told.items.push_back(std::move(bar));
  }
  cut(told, most);
  const int longest = told.items.empty() ? 0 : told.items.front().documents;
  for (Bar& bar : told.items) bar.percent = longest > 0 ? std::clamp(100 * bar.documents / longest, 1, 100) : 0;
  return told;
}

std::string trouble_of(const SourceHealth& health, Time now) {
  if (!health.last_error.empty() || health.failures >= failures_told)
    return fmt::format("连续失败 {} 次：{}", std::max(1, health.failures), one_line(health.last_error, 60));
  if (!health.last_success) return "尚未成功访问";
  if (!health.last_document) return "可访问，但从未采到内容";
  if (now - *health.last_document > silent_after) return "可访问，但 " + to_chinese(now - *health.last_document) + "无新内容";
  return {};
}

void add_sources(Outline& outline, const DigestInput& input, std::size_t most) {
  for (const SourceHealth& health : input.sources) {
    std::string trouble = trouble_of(health, input.to);
    if (trouble.empty()) continue;
    const auto named = input.source_names.find(health.source);
    SourceLine line;
    line.name = one_line(named == input.source_names.end() ? health.source : named->second, 30);
    line.trouble = std::move(trouble);
    line.since = health.last_success ? "最近成功 " + moment(*health.last_success) : "";
    outline.sources.items.push_back(std::move(line));
  }
  const std::size_t bad = outline.sources.items.size(), all = input.sources.size();
  outline.sources_summary = all == 0   ? "尚未配置信源。"
                            : bad == 0 ? fmt::format("{} 个信源均运行正常。", all)
                                       : fmt::format("共 {} 个信源，正常 {} 个，异常 {} 个。异常期间的舆情可能漏报。", all, all - bad, bad);
  cut(outline.sources, most);
}

}  // namespace

const char* report_name(std::string_view period) { return words_of(period).report; }

bool shrink(Limits& limits) {
  bool less = false;
  const auto lessen = [&less](std::size_t& limit, std::size_t least) {
    const std::size_t smaller = std::max(least, limit * 3 / 4);
    less = less || smaller < limit;
    limit = smaller;
  };
  lessen(limits.stories, 3);
  lessen(limits.quotes, 1);
  lessen(limits.warnings, 5);
  lessen(limits.near_misses, 2);
  lessen(limits.good_news, 2);
  lessen(limits.topics, 5);
  lessen(limits.sources, 5);
  lessen(limits.quote_chars, 60);
  lessen(limits.title_chars, 40);
  return less;
}

Outline outline_of(const DigestInput& input, const Limits& limits) {
  Outline outline;
  const Totals totals = totals_of(input);
  outline.bureau = one_line(input.bureau, 60);
  outline.kind = report_name(input.period);
  outline.date = date_of(input);
  outline.span = moment(input.from) + " — " + end_moment(input.to);
  outline.quiet = input.documents == 0;
  outline.tiles = tiles_of(input, totals);
  outline.overview = overview_of(input, totals);
  outline.headline = outline.quiet ? "未监测到相关信息"
                                   : fmt::format("{} 篇，重点事件 {} 件，新发预警 {} 起", grouped(input.documents),
                                                 input.stories.size(), totals.raised);
  outline.trend = trend_of(input);
  outline.trend_table = table_of(outline.trend);
  outline.base_url = link_or_nothing(input.base_url);

  std::map<std::string, const Warning*> warned;
  for (const Warning& warning : input.warnings)
    if (!warning.story.empty()) warned.emplace(warning.story, &warning);
  for (const ReportedStory& story : input.stories) outline.stories.items.push_back(item_of(story, warned, limits));
  for (const ReportedStory& story : input.near_misses) outline.near_misses.items.push_back(item_of(story, warned, limits));
  for (const ReportedDocument& each : input.good_news) outline.good_news.items.push_back(good_news_of(each, limits));
  for (const Warning& warning : input.warnings) outline.warnings.items.push_back(warning_line(warning, input));
  cut(outline.stories, limits.stories);
  cut(outline.near_misses, limits.near_misses);
  cut(outline.good_news, limits.good_news);
  cut(outline.warnings, limits.warnings);
  outline.topics = topics_of(input, limits.topics);
  add_sources(outline, input, limits.sources);
  return outline;
}

}  // namespace tingchao::alerting
