// Six sections in the order that such reports have. Judgement and advice are the measure's own data: reasons
// with what was observed, clocks with their clause, what would lower the level. Nothing is concluded here.
#include "alerting/digest/special.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "alerting/digest/figures.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

using Kind = SpecialLine::Kind;

SpecialLine text(std::string words) { return {Kind::text, std::move(words), false, "", ""}; }
SpecialLine head(std::string words) { return {Kind::head, std::move(words), false, "", ""}; }

SpecialLine quotation(const ReportedDocument& reported, const SpecialLimits& limits) {
  Limits wide;
  wide.quote_chars = limits.quote_chars;
  const Excerpt excerpt = excerpt_of(reported, wide);
  return {Kind::quote, excerpt.quote.text, excerpt.quote.cut, excerpt.source + " · " + excerpt.time,
          excerpt.link};
}

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  std::string all;
  for (std::size_t at = 0; at < words.size() && at < most; ++at)
    all += (at ? "、" : "") + one_line(words[at], 40);
  if (words.size() > most) all += fmt::format(" 等 {} 个", words.size());
  return all;
}

long negatives(const SpecialInput& input) {
  return std::count_if(input.documents.begin(), input.documents.end(), [](const ReportedDocument& each) {
    return each.analysis.stance.label == StanceLabel::negative;
  });
}

// — 一、基本情况

SpecialSection basics(const SpecialInput& input, const SpecialLimits& limits) {
  SpecialSection section{"基本情况", {}, false};
  const Story& story = input.story;
  const std::size_t all = input.documents.size();
  if (all == 0) {
    section.lines.push_back(text("本事项是一路信息量的异常，没有归入单一事件的文档；依据见“研判”。"));
  } else {
    // What was kept for its time only, or is too much to read, is counted by the story itself.
    const bool part = story.documents > static_cast<int>(all);
    const std::string read = part ? fmt::format("{} 篇（本报告所依据的 {} 篇中转载", story.documents, all)
                                  : fmt::format("{} 篇（其中转载", all);
    std::string words = fmt::format(
        "截至 {}，本事件共采集公开信息 {} {} 篇），涉及 {} 个来源、{} 个独立首发。首见 {}，最新 {}。",
        moment(input.now), read, input.copies.size(), story.sources.size(), story.origins_total,
        moment(story.first_seen), moment(story.newest));
    const long negative = negatives(input);
    words += fmt::format("{}负面 {} 篇，占 {:.1f}%。", part ? "所依据的文档中" : "", negative,
                         100.0 * static_cast<double>(negative) / static_cast<double>(all));
    if (story.hot_rank_best > 0) words += fmt::format("曾上热榜，最高第 {} 位。", story.hot_rank_best);
    section.lines.push_back(text(words));
  }
  std::vector<std::string> topics;
  for (const std::string& topic : input.warning ? input.warning->topics : story.topics)
    topics.push_back(topic_words(topic));
  const std::vector<std::string>& schools = input.warning ? input.warning->schools : story.schools;
  if (!topics.empty()) section.lines.push_back(text("涉及话题：" + joined(topics, 5) + "。"));
  if (!schools.empty()) section.lines.push_back(text("涉及学校：" + joined(schools, 8) + "。"));
  if (const auto& w = input.warning)
    section.lines.push_back(
        text(fmt::format("预警编号 {}，级别 {}，得分 {:.1f}，{} 发出，现为“{}”{}。", w->id, level_words(*w),
                         w->score, moment(w->raised_at), chinese_name(w->state),
                         w->assignee.empty() ? "" : "，承办 " + one_line(w->assignee, 30))));
  else
    section.lines.push_back(text("本事件未发出预警。"));
  if (all > 0) section.lines.push_back(quotation(input.documents.front(), limits));
  return section;
}

// — 二、传播情况

std::string marks_of(const Document& document, bool first) {
  std::string marks = medium_name(document.medium);
  if (first) marks += "，首发";
  if (document.official) marks += "，官方";
  if (document.reach.rank) marks += fmt::format("，热榜第 {} 位", *document.reach.rank);
  return marks;
}

SpecialSection spread(const SpecialInput& input, const SpecialLimits& limits) {
  SpecialSection section{"传播情况", {}, true};
  std::string media;
  for (const auto& [medium, count] : input.story.media)
    media += fmt::format("{}{} {} 篇", media.empty() ? "" : "、", medium_name(medium), count);
  if (!media.empty()) section.lines.push_back(text("按渠道：" + media + "。"));
  std::map<std::string, int> sources;
  for (const ReportedDocument& each : input.documents) ++sources[one_line(each.document.source_name, 30)];
  std::vector<std::pair<std::string, int>> most(sources.begin(), sources.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string named;
  for (std::size_t at = 0; at < most.size() && at < 6; ++at)
    named += fmt::format("{}{} {} 篇", at ? "、" : "", most[at].first, most[at].second);
  if (!named.empty()) section.lines.push_back(text("发布较多的来源：" + named + "。"));
  std::size_t told = 0, left = 0, replies = 0;
  std::set<std::string> threads;
  for (const ReportedDocument& each : input.documents) {
    if (input.copies.contains(each.document.id)) continue;
    // The floors of a thread share its title: the first stands for them.
    if (each.document.thread && !threads.insert(each.document.source + "\n" + each.document.title).second) {
      ++replies;
      continue;
    }
    if (told == limits.steps) {
      ++left;
      continue;
    }
    const Document& d = each.document;
    section.lines.push_back({Kind::step,
                             moment(effective_time(d)) + "　" + one_line(d.source_name, 30) + "（" +
                                 marks_of(d, told == 0) + "）：" + one_line(d.title, 80),
                             false, "", link_or_nothing(d.url)});
    ++told;
  }
  if (left > 0) section.lines.push_back(text(fmt::format("另有独立首发 {} 篇，见台账。", left)));
  if (replies > 0)
    section.lines.push_back(text(fmt::format("同帖内的跟帖 {} 篇未逐一列出，见台账。", replies)));
  if (section.lines.empty()) section.lines.push_back(text("没有可列的文档。"));
  return section;
}

// — 三、主要观点

void add_views(SpecialSection& section, const SpecialInput& input, const SpecialLimits& limits,
               const char* name, bool (*belongs)(const ReportedDocument&)) {
  std::size_t all = 0;
  std::vector<SpecialLine> lines;
  std::set<std::string> said;
  for (const ReportedDocument& each : input.documents) {
    if (!belongs(each)) continue;
    ++all;
    if (lines.size() == limits.quotes || input.copies.contains(each.document.id)) continue;
    SpecialLine line = quotation(each, limits);
    if (!line.text.empty() && said.insert(line.text).second) lines.push_back(std::move(line));
  }
  if (all == 0) return;
  section.lines.push_back(head(fmt::format("{}（{} 篇）", name, all)));
  section.lines.insert(section.lines.end(), lines.begin(), lines.end());
}

SpecialSection views(const SpecialInput& input, const SpecialLimits& limits) {
  SpecialSection section{"主要观点", {}, false};
  add_views(section, input, limits, "官方发布",
            [](const ReportedDocument& d) { return d.document.official; });
  add_views(section, input, limits, "负面与质疑", [](const ReportedDocument& d) {
    return !d.document.official && d.analysis.stance.label == StanceLabel::negative;
  });
  add_views(section, input, limits, "中性陈述", [](const ReportedDocument& d) {
    return !d.document.official && d.analysis.stance.label == StanceLabel::neutral;
  });
  add_views(section, input, limits, "正面评价", [](const ReportedDocument& d) {
    return !d.document.official && d.analysis.stance.label == StanceLabel::positive;
  });
  if (section.lines.empty())
    section.lines.push_back(text("没有可引的文档。"));
  else
    section.lines.push_back(text("以上均逐字摘自原文；归类由规则和词典得出，供人工核对。"));
  return section;
}

// — 四、研判

SpecialSection judgement(const SpecialInput& input) {
  SpecialSection section{"研判", {}, false};
  if (!input.warning) {
    section.lines.push_back(text("未达到预警标准，标准未给出级别。"));
    return section;
  }
  const Warning& w = *input.warning;
  section.lines.push_back(
      text(fmt::format("依据《预警标准》（版本 {}），系统建议定为{}{}，得分 {:.1f}。", w.measure_version,
                       level_words(w), w.level.name.empty() ? "" : "（" + w.level.name + "）", w.score)));
  for (const Reason& reason : w.reasons) {
    std::string words = one_line(reason.name, 30);
    if (reason.points > 0) words += fmt::format("（{:.1f} 分）", reason.points);
    words += "：" + without_rule_ids(one_line(reason.observed, 120));
    if (!reason.expected.empty()) words += "；常态 " + one_line(reason.expected, 60);
    if (!reason.threshold.empty()) words += "；门槛 " + one_line(reason.threshold, 60);
    section.lines.push_back(text(words + "。"));
  }
  if (w.needs_confirmation) section.lines.push_back(text("最高级别须经人工确认后生效。"));
  return section;
}

// — 五、处置情况

std::string change_words(const WarningChange& change) {
  std::string words = moment(change.at) + "　" + chinese_name(change.event);
  const bool judged = change.event == WarningEvent::raised || change.event == WarningEvent::upgraded ||
                      change.event == WarningEvent::downgraded || change.event == WarningEvent::confirmed;
  if (judged) words += " " + level_words(change.level);
  if (const std::string who = person_of(change); !who.empty()) words += "（" + who + "）";
  if (!change.note.empty()) words += "：" + one_line(change.note, 120);
  return words;
}

SpecialSection handling(const SpecialInput& input, const SpecialLimits& limits) {
  SpecialSection section{"处置情况", {}, false};
  const std::size_t first = input.history.size() > limits.history ? input.history.size() - limits.history : 0;
  if (first > 0) section.lines.push_back(text(fmt::format("较早的 {} 条记录从略。", first)));
  for (std::size_t at = first; at < input.history.size(); ++at)
    section.lines.push_back({Kind::step, change_words(input.history[at]), false, "", ""});
  if (input.warning)
    for (const Clock& clock : input.warning->clocks)
      section.lines.push_back(
          text(one_line(clock.name, 30) + "：" +
               (clock.met_at ? left_of(clock, *input.warning, input.now) + "（时限 " + moment(clock.due) + "）"
                             : "未完成，时限 " + moment(clock.due) + "，" + left_of(clock, *input.warning, input.now)) +
               "。"));
  if (input.warning && !input.warning->answer_url.empty())
    section.lines.push_back(
        {Kind::text, "公开回应：", false, "", link_or_nothing(input.warning->answer_url)});
  for (const ReportedDocument& each : input.documents)
    if (!input.story.official_answer.empty() && each.document.id == input.story.official_answer)
      section.lines.push_back(
          {Kind::text, "官方信源已发布：" + one_line(each.document.title, 80), false,
           one_line(each.document.source_name, 30) + " · " + moment(effective_time(each.document)),
           link_or_nothing(each.document.url)});
  if (section.lines.empty()) section.lines.push_back(text("没有处置记录。"));
  return section;
}

// — 六、建议

SpecialSection advice(const SpecialInput& input) {
  SpecialSection section{"建议", {}, false};
  if (!input.warning) {
    section.lines.push_back(text("预警标准对未达级别的事件未规定时限和措施。"));
    return section;
  }
  if (is_over(*input.warning)) {
    section.lines.push_back(text(fmt::format("预警{}，预警标准没有进一步的时限和条件。", chinese_name(input.warning->state))));
    return section;
  }
  for (const Clock& clock : input.warning->clocks)
    if (!clock.met_at)
      section.lines.push_back(text((clock.clause.empty() ? "" : "按" + one_line(clock.clause, 60) + "，") +
                                   "于" + moment(clock.due) + "前" + one_line(clock.name, 30) + "。"));
  for (const Reason& reason : input.warning->reasons)
    if (!reason.lowers.empty())
      section.lines.push_back(
          text("“" + one_line(reason.name, 30) + "”回落的条件：" + one_line(reason.lowers, 240) + "。"));
  section.lines.push_back(text("以上出自预警标准所载的时限和条件，未作增补；如何处置由本单位研究决定。"));
  return section;
}

}  // namespace

bool shrink(SpecialLimits& limits) {
  const auto lessen = [](std::size_t& limit, std::size_t least) {
    const std::size_t smaller = std::max(least, limit * 3 / 4);
    return std::exchange(limit, smaller) > smaller;
  };
  const bool steps = lessen(limits.steps, 4), quotes = lessen(limits.quotes, 1);
  const bool history = lessen(limits.history, 6), chars = lessen(limits.quote_chars, 60);
  return steps || quotes || history || chars;
}

std::vector<Bar> story_trend(const SpecialInput& input) {
  if (input.documents.empty()) return {};
  DigestInput counted;
  Time first = Time::max(), last = Time::min();
  for (const ReportedDocument& each : input.documents) {
    first = std::min(first, effective_time(each.document));
    last = std::max(last, effective_time(each.document));
  }
  const bool hours = last - first <= std::chrono::hours{47};
  const Seconds step = hours ? Seconds{std::chrono::hours{1}} : Seconds{std::chrono::hours{24}};
  counted.from = hours ? std::chrono::floor<std::chrono::hours>(first) : china_midnight(first);
  constexpr std::size_t buckets_max = 62;
  if (last - counted.from > step * static_cast<long>(buckets_max))
    counted.from = china_midnight(last - step * static_cast<long>(buckets_max - 1));
  for (Time at = counted.from; at <= last; at += step) {
    counted.trend.emplace_back(at, 0);
    counted.trend_negative.emplace_back(at, 0);
  }
  counted.to = counted.from + step * static_cast<long>(counted.trend.size());
  for (const ReportedDocument& each : input.documents) {
    const Time when = effective_time(each.document);
    if (when < counted.from) continue;
    const auto bucket = static_cast<std::size_t>((when - counted.from) / step);
    ++counted.trend[bucket].second;
    if (each.analysis.stance.label == StanceLabel::negative) ++counted.trend_negative[bucket].second;
  }
  return trend_of(counted);
}

Special special_of(const SpecialInput& input, const SpecialLimits& limits) {
  Special special;
  special.bureau = one_line(input.bureau, 60);
  special.title = one_line(input.warning ? input.warning->title : input.story.title, 80);
  special.date = china_date(input.now).substr(0, 4) + "年" + moment(input.now);
  if (input.warning) {
    special.level = level_words(*input.warning);
    special.paint = paint_of(input.warning->level);
  }
  special.headline = special.title;
  special.sections = {basics(input, limits), spread(input, limits),   views(input, limits),
                      judgement(input),      handling(input, limits), advice(input)};
  special.trend = story_trend(input);
  return special;
}

}  // namespace tingchao::alerting
