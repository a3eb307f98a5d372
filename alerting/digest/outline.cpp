// Turns numbers into the wording of a report. Counts say what they count; a share is told with its
// base; a list that was cut says how many are missing.
#include "alerting/digest/outline.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "alerting/digest/excerpt.h"
#include "alerting/digest/figures.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr Seconds silent_after = std::chrono::hours{24 * 7};
constexpr int failures_told = 3;
constexpr std::size_t factors_told = 3;

template <class T>
void cut(Told<T>& told, std::size_t most) {
  if (told.items.size() <= most) return;
  told.more = told.items.size() - most;
  told.items.resize(most);
}

// — items

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

// How far from a warning, and what brought it that near.
std::string why_of(const Appraisal& appraisal) {
  std::string text = fmt::format("得分 {:.1f}，预警线 {:.0f}", appraisal.score, appraisal.needed);
  if (appraisal.raw > appraisal.score + 0.05) text += fmt::format("（封顶前 {:.1f}）", appraisal.raw);
  if (!appraisal.qualifies) text += "，未满足评定条件";
  std::string factors;
  for (std::size_t at = 0; at < appraisal.reasons.size() && at < factors_told; ++at) {
    const Reason& reason = appraisal.reasons[at];
    factors += (at ? "、" : "") + one_line(reason.name, 20);
    const std::string observed = one_line(reason.observed, 60);
    if (!observed.empty()) factors += "（" + observed.substr(0, observed.find("（")) + "）";
  }
  return factors.empty() ? text : text + "；主要因素：" + factors;
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
  if (reported.appraisal) item.why = why_of(*reported.appraisal);
  item.excerpts = excerpts_of(reported.documents, limits);
  add_answer(item, reported);
  return item;
}

Item document_item(const ReportedDocument& reported, const Limits& limits) {
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
  line.link = warning_link(input.base_url, warning.id);
  line.state = chinese_name(warning.state);
  line.score = fmt::format("{:.1f}", warning.score);
  line.raised = moment(warning.raised_at);
  line.assignee = one_line(warning.assignee, 30);
  const Clock* next = nullptr;
  for (const Clock& clock : warning.clocks)
    if (!clock.met_at && (!next || clock.due < next->due)) next = &clock;
  if (!next || is_over(warning)) return line;
  line.clock = one_line(next->name, 30);
  line.due = moment(next->due);
  line.left = remaining(next->due, input.to);
  line.late = next->due <= input.to;
  return line;
}

// — the rest

Told<Bar> topics_of(const DigestInput& input, std::size_t most) {
  Told<Bar> told;
  for (const auto& [topic, count] : topics_by_count(input)) {
    Bar bar;
    bar.label = topic_words(topic);
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
                                       : fmt::format("共 {} 个信源，正常 {} 个，异常 {} 个；异常期间的舆情可能漏报。",
                                                     all, all - bad, bad);
  cut(outline.sources, most);
}

}  // namespace

const char* medium_name(std::string_view medium) {
  static constexpr std::pair<std::string_view, const char*> names[] = {
      {"news", "新闻"}, {"official", "政务"}, {"forum", "论坛"}, {"board", "留言板"},
      {"hotlist", "热榜"}, {"blog", "博客"}, {"video", "视频"}, {"import", "导入"}};
  for (const auto& [key, name] : names)
    if (medium == key) return name;
  return "其他";
}

Excerpt excerpt_of(const ReportedDocument& reported, const Limits& limits) {
  const Document& document = reported.document;
  Excerpt excerpt;
  excerpt.quote = quote(telling_sentence(document, reported.analysis), limits.quote_chars);
  excerpt.source = one_line(document.source_name.empty() ? document.source : document.source_name, 30);
  excerpt.time = moment(effective_time(document));
  excerpt.link = link_or_nothing(document.url);
  return excerpt;
}

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
  lessen(limits.unlisted, 2);
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
  outline.issue = issue_of(input);
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
  for (const ReportedStory& story : input.near_misses)
    outline.near_misses.items.push_back(item_of(story, warned, limits));
  for (const ReportedDocument& each : input.good_news) outline.good_news.items.push_back(document_item(each, limits));
  for (const Warning& warning : input.warnings) outline.warnings.items.push_back(warning_line(warning, input));
  for (const ReportedDocument& each : input.unlisted) outline.unlisted.items.push_back(document_item(each, limits));
  cut(outline.unlisted, limits.unlisted);
  cut(outline.stories, limits.stories);
  cut(outline.near_misses, limits.near_misses);
  cut(outline.good_news, limits.good_news);
  cut(outline.warnings, limits.warnings);
  outline.topics = topics_of(input, limits.topics);
  add_sources(outline, input, limits.sources);
  return outline;
}

}  // namespace tingchao::alerting
