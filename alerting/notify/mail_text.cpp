// The order is that of a decision: what and how grave, where and since when, why, in whose words, by
// when, what to do. Nothing is phrased freely: every sentence is a fixed form around values of the
// warning, or a quotation with its source.
#include "alerting/notify/mail_text.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/wording.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;

constexpr std::size_t title_chars_max = 80, subject_title_chars_max = 40, subject_fact_chars_max = 24;
constexpr std::size_t quote_chars_max = 160, quotes_max = 5;
constexpr std::size_t listed_max = 5, reasons_max = 8, spread_max = 5;

Time time_of(const Evidence& evidence) { return evidence.published_at.value_or(evidence.seen_at); }

std::string joined(const std::vector<std::string>& names, const char* unit) {
  std::string text;
  for (std::size_t at = 0; at < names.size() && at < listed_max; ++at)
    text += (at ? "、" : "") + one_line(names[at], 40);
  if (names.size() > listed_max) text += fmt::format("等 {} {}", names.size(), unit);
  return text;
}

std::string topic_path(std::string_view topic) {
  std::string path = one_line(topic, 60);
  for (std::size_t at = 0; (at = path.find('/', at)) != path.npos; at += 3) path.replace(at, 1, " › ");
  return path;
}

std::string topics_of(const Warning& warning) {
  std::vector<std::string> paths;
  for (const std::string& topic : warning.topics) paths.push_back(topic_path(topic));
  return joined(paths, "个");
}

// The clock whose step was the last to be reached: told_percent is kept, its moment is not.
const Clock* clock_told(const Warning& warning, Time now) {
  const Clock* told = nullptr;
  Time reached{};
  for (const Clock& clock : warning.clocks) {
    if (clock.met_at || clock.told_percent == 0) continue;
    const Time at = clock.started + (clock.due - clock.started) * clock.told_percent / 100;
    if (at > now || (told && at <= reached)) continue;
    told = &clock;
    reached = at;
  }
  return told;
}

const Clock* next_clock(const Warning& warning) {
  const Clock* next = nullptr;
  for (const Clock& clock : warning.clocks)
    if (!clock.met_at && (!next || clock.due < next->due)) next = &clock;
  return next;
}

// The first observation that fits a subject line and says a number.
std::string telling_fact(const Warning& warning) {
  for (const Reason& reason : warning.reasons) {
    const bool number = std::any_of(reason.observed.begin(), reason.observed.end(),
                                    [](unsigned char c) { return c >= '0' && c <= '9'; });
    if (!number) continue;
    // "6 小时内 18 条" speaks for itself; "18 条" needs the criterion's name before it.
    const bool alone = reason.observed.find("小时") != std::string::npos;
    const std::string fact = one_line(alone ? reason.observed : reason.name + " " + reason.observed, 200);
    if (count_chars(fact) <= subject_fact_chars_max) return fact;
  }
  return {};
}

// Short and for a bracket: what just happened.
std::string happened(const Raised& raised, Time now) {
  const WarningChange& change = raised.change;
  const std::string before = change.level_before ? level_words(*change.level_before) : std::string{};
  switch (change.event) {
    case WarningEvent::upgraded: return before.empty() ? "升级" : "升级自" + before;
    case WarningEvent::downgraded: return before.empty() ? "降级" : "降级自" + before;
    case WarningEvent::clock:
      if (const Clock* clock = clock_told(raised.warning, now))
        return one_line(clock->name, 20) + " " + remaining(clock->due, now);
      return "时限提醒";
    case WarningEvent::raised: return {};
    default: return chinese_name(change.event);
  }
}

std::string next_duty(const Raised& raised, Time now) {
  const Warning& warning = raised.warning;
  if (warning.state == WarningState::closed || warning.state == WarningState::dismissed)
    return std::string("本件") + chinese_name(warning.state) + "。";
  std::string duty;
  if (warning.needs_confirmation) duty = "最高级别为系统拟定，请负责人先行确认或排除。";
  if (const Clock* clock = next_clock(warning))
    duty += fmt::format("须在 {} 前{}（{}）。", moment(clock->due), one_line(clock->name, 30), remaining(clock->due, now));
  return duty;
}

std::string lead_of(const Raised& raised, Time now) {
  const Warning& warning = raised.warning;
  const std::string where = joined(warning.schools, "所学校");
  std::string lead = fmt::format("{}相关舆情{}{}，得分 {:.1f}。", where, warning.needs_confirmation ? "达到" : "为",
                                 level_words(warning), warning.score);
  return lead + next_duty(raised, now);
}

json::object fact(const char* name, std::string value) {
  json::object row;
  row["name"] = name;
  row["value"] = std::move(value);
  return row;
}

std::vector<const Evidence*> by_time(const Warning& warning) {
  std::vector<const Evidence*> sorted;
  for (const Evidence& each : warning.evidence) sorted.push_back(&each);
  std::sort(sorted.begin(), sorted.end(), [](const Evidence* a, const Evidence* b) {
    return time_of(*a) != time_of(*b) ? time_of(*a) < time_of(*b) : a < b;  // all of one vector
  });
  return sorted;
}

std::string spread_numbers(const Warning& warning, const Story* story) {
  if (story) {
    std::string text = fmt::format("{} 篇，{} 个来源，{} 个独立首发", story->documents, story->sources.size(),
                                   story->origins_total);
    if (story->negative > 0) text += fmt::format("，其中负面 {} 篇", story->negative);
    if (story->hot_rank_best > 0) text += fmt::format("，热榜最高第 {} 位", story->hot_rank_best);
    return text;
  }
  std::set<std::string> sources;
  for (const Evidence& each : warning.evidence) sources.insert(each.source_name);
  if (sources.empty()) return {};
  return fmt::format("已留证 {} 篇，来自 {} 个来源", warning.evidence.size(), sources.size());
}

// "21:58 甲论坛 → 22:10 乙网", each source at its first word.
std::string spread_path(const Warning& warning) {
  std::string path;
  std::set<std::string> seen;
  for (const Evidence* each : by_time(warning)) {
    if (!seen.insert(each->source_name).second) continue;
    if (seen.size() > spread_max) break;
    path += (path.empty() ? "" : " → ") + moment(time_of(*each)) + " " + one_line(each->source_name, 20);
  }
  return seen.size() > 1 ? path : std::string{};
}

json::array facts_of(const Raised& raised, const Story* story) {
  const Warning& warning = raised.warning;
  json::array facts;
  const auto put = [&facts](const char* name, std::string value) {
    if (!value.empty()) facts.push_back(fact(name, std::move(value)));
  };
  put("涉及学校", joined(warning.schools, "所"));
  put("话题", topics_of(warning));
  if (warning.kind == "burst") put("监测范围", one_line(warning.stream, 40) + "（声量异常，不限于单一事件）");
  put("得分", fmt::format("{:.1f}（满分 100）", warning.score));
  put("处置状态", chinese_name(warning.state) +
                      (warning.assignee.empty() ? "" : " · " + one_line(warning.assignee, 40)));
  const auto sorted = by_time(warning);
  if (!sorted.empty())
    put("最早发现", fmt::format("{} {}《{}》", moment(time_of(*sorted.front())),
                                one_line(sorted.front()->source_name, 30), one_line(sorted.front()->title, 50)));
  put("传播情况", spread_numbers(warning, story));
  put("传播路径", spread_path(warning));
  put("公开回应", link_or_nothing(warning.answer_url));
  return facts;
}

json::array reasons_of(const std::vector<Reason>& reasons) {
  json::array rows;
  for (const Reason& reason : reasons) {
    if (rows.size() == reasons_max) break;
    json::object row;
    row["name"] = one_line(reason.name, 40);
    row["observed"] = one_line(reason.observed, 80);
    row["expected"] = one_line(reason.expected, 60);
    row["threshold"] = one_line(reason.threshold, 60);
    row["points"] = reason.points > 0.05 ? fmt::format("{:.1f}", reason.points) : "";
    row["lowers"] = one_line(reason.lowers, 120);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array lowers_of(const std::vector<Reason>& reasons) {
  json::array lines;
  std::set<std::string> seen;
  for (const Reason& reason : reasons) {
    std::string line = one_line(reason.lowers, 120);
    if (!line.empty() && lines.size() < listed_max && seen.insert(line).second) lines.emplace_back(line);
  }
  return lines;
}

// In the warning's order, but a sentence once, and a source twice only after every source spoke.
std::vector<const Evidence*> telling(const Warning& warning) {
  std::vector<const Evidence*> chosen;
  std::set<std::string> sentences, sources;
  for (const bool repeat : {false, true})
    for (const Evidence& each : warning.evidence) {
      if (chosen.size() == quotes_max) return chosen;
      if (trim(each.sentence).empty() || sentences.count(each.sentence)) continue;
      if (!repeat && !sources.insert(each.source_name).second) continue;
      sentences.insert(each.sentence);
      chosen.push_back(&each);
    }
  return chosen;
}

json::array quotes_of(const std::vector<const Evidence*>& chosen) {
  json::array rows;
  for (const Evidence* each : chosen) {
    const Quote words = quote(each->sentence, quote_chars_max);
    json::object row;
    row["number"] = static_cast<std::int64_t>(rows.size() + 1);
    row["text"] = words.text;
    row["cut"] = words.cut;
    row["source"] = one_line(each->source_name, 40);
    row["time"] = china_minute(time_of(*each)) + (each->published_at ? "" : "（发现时间）");
    row["title"] = one_line(each->title, 60);
    row["link"] = link_or_nothing(each->url);
    row["hash"] = one_line(each->snapshot_hash, 64);
    row["rule"] = one_line(each->rule_name.empty() ? each->rule : each->rule_name, 40);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array clocks_of(const Warning& warning, Time now) {
  json::array rows;
  for (const Clock& clock : warning.clocks) {
    json::object row;
    row["name"] = one_line(clock.name, 40);
    row["clause"] = one_line(clock.clause, 60);
    row["due"] = china_minute(clock.due);
    row["left"] = clock.met_at ? "已于 " + moment(*clock.met_at) + " 完成" : remaining(clock.due, now);
    row["met"] = clock.met_at.has_value();
    row["late"] = !clock.met_at && clock.due <= now;
    rows.push_back(std::move(row));
  }
  return rows;
}

const Reason* find_reason(const std::vector<Reason>& reasons, const std::string& criterion) {
  for (const Reason& reason : reasons)
    if (reason.criterion == criterion) return &reason;
  return nullptr;
}

void compare_reasons(const std::vector<Reason>& before, const std::vector<Reason>& after, json::array& lines) {
  for (const Reason& reason : after) {
    const Reason* old = find_reason(before, reason.criterion);
    if (!old)
      lines.emplace_back("新增依据：" + one_line(reason.name, 40) + " " + one_line(reason.observed, 60));
    else if (old->observed != reason.observed)
      lines.emplace_back(fmt::format("{}：{} → {}", one_line(reason.name, 40), one_line(old->observed, 60),
                                     one_line(reason.observed, 60)));
  }
  for (const Reason& old : before)
    if (!find_reason(after, old.criterion)) lines.emplace_back("不再成立：" + one_line(old.name, 40));
}

// The reasons as they were when the recipient was last told.
const std::vector<Reason>* reasons_then(const Background& background, const WarningChange& last) {
  const std::vector<Reason>* reasons = nullptr;
  if (background.history)
    for (const WarningChange& change : *background.history)
      if (change.seq <= last.seq && !change.reasons.empty()) reasons = &change.reasons;
  return reasons;
}

json::array news_of(const Raised& raised, const Background& background, const WarningChange* last) {
  const WarningChange& change = raised.change;
  json::array lines;
  const auto before = last ? std::optional<Level>(last->level) : change.level_before;
  if (before && *before != change.level)
    lines.emplace_back(fmt::format("级别：{} → {}", level_words(*before), level_words(change.level)));
  if (!change.note.empty()) lines.emplace_back("说明：" + one_line(change.note, 200));
  if (!change.actor.empty() && change.actor != "measure")
    lines.emplace_back("操作人：" + one_line(change.actor, 40));
  if (!last) return lines;
  if (last->state != change.state)
    lines.emplace_back(fmt::format("状态：{} → {}", chinese_name(last->state), chinese_name(change.state)));
  if (const auto* then = reasons_then(background, *last)) compare_reasons(*then, raised.warning.reasons, lines);
  const auto fresh = std::count_if(raised.warning.evidence.begin(), raised.warning.evidence.end(),
                                   [last](const Evidence& each) { return each.seen_at > last->at; });
  if (fresh > 0) lines.emplace_back(fmt::format("新增原文 {} 篇", fresh));
  return lines;
}

json::object action(std::string command, const char* does) {
  json::object row;
  row["command"] = std::move(command);
  row["does"] = does;
  return row;
}

json::array actions_of(const Warning& warning) {
  const auto line = [&warning](const char* verb, const char* rest) {
    return fmt::format("tingchao warnings {} {} --by 姓名{}", verb, warning.id, rest);
  };
  json::array rows;
  switch (warning.state) {
    case WarningState::open:
      if (warning.needs_confirmation) rows.push_back(action(line("confirm", ""), "确认拟定的级别"));
      rows.push_back(action(line("ack", ""), "签收：表示已有人处理；回应时限照常计算"));
      rows.push_back(action(line("dismiss", " --note 理由"), "排除：误报或与本地无关"));
      break;
    case WarningState::acknowledged:
      if (warning.needs_confirmation) rows.push_back(action(line("confirm", ""), "确认拟定的级别"));
      rows.push_back(action(line("assign", " --unit 科室或学校"), "指派承办单位"));
      [[fallthrough]];
    case WarningState::assigned:
      rows.push_back(action(line("respond", " --url 回应网址"), "登记公开回应，时限随之办结"));
      break;
    case WarningState::responded:
      rows.push_back(action(line("close", " --verdict handled --note 结论"), "办结"));
      break;
    case WarningState::closed:
    case WarningState::dismissed: rows.push_back(action(line("reopen", " --note 理由"), "再次发酵时重新打开")); break;
  }
  return rows;
}

json::array rules_of(const Warning& warning) {
  json::array lines;
  std::set<std::string> seen;
  for (const Evidence& each : warning.evidence) {
    if (each.rule.empty() || !seen.insert(each.rule + "\n" + each.rule_version).second) continue;
    lines.emplace_back(one_line(each.rule, 60) + (each.rule_version.empty() ? "" : " @ " + one_line(each.rule_version, 40)));
  }
  return lines;
}

}  // namespace

std::string warning_link(const Book& book, const std::string& id) {
  if (book.base_url.empty()) return {};
  return book.base_url + (book.base_url.ends_with('/') ? "" : "/") + "#/warnings/" + id;
}

std::string reason_in_words(const Reason& reason) {
  std::string text = one_line(reason.name, 40) + "：实测 " + one_line(reason.observed, 80);
  if (!reason.expected.empty()) text += "，常态 " + one_line(reason.expected, 60);
  if (!reason.threshold.empty()) text += "，阈值 " + one_line(reason.threshold, 60);
  if (reason.points > 0.05) text += fmt::format("（+{:.1f} 分）", reason.points);
  return text;
}

std::string subject_of(const Raised& raised, Time now) {
  const Warning& warning = raised.warning;
  std::string bracket;
  const bool numbers = raised.change.event == WarningEvent::raised || raised.change.event == WarningEvent::upgraded;
  if (numbers) bracket = telling_fact(warning);
  if (const std::string what = happened(raised, now); !what.empty()) bracket += (bracket.empty() ? "" : "，") + what;
  return fmt::format("【{}】{}{}", level_words(warning), one_line(warning.title, subject_title_chars_max),
                     bracket.empty() ? "" : "（" + bracket + "）");
}

json::object warning_view(const Raised& raised, const Book& book, const Background& background,
                          const WarningChange* last, Time now) {
  const Warning& warning = raised.warning;
  const Paint paint = paint_of(warning.level);
  const auto chosen = telling(warning);
  json::object view;
  view["bureau"] = one_line(book.bureau, 60);
  view["id"] = warning.id;
  view["level"] = level_words(warning);
  view["level_name"] = one_line(warning.level.name, 12);
  view["meter"] = level_meter(warning.level);
  view["fill"] = paint.fill;
  view["ink"] = paint.ink;
  view["event"] = chinese_name(raised.change.event);
  view["title"] = one_line(warning.title, title_chars_max);
  view["at"] = china_minute(raised.change.at);
  view["lead"] = lead_of(raised, now);
  view["pending"] = warning.needs_confirmation;
  view["facts"] = facts_of(raised, background.story);
  view["reasons"] = reasons_of(warning.reasons);
  view["has_reasons"] = !warning.reasons.empty();
  view["news"] = news_of(raised, background, last);
  view["has_news"] = !view["news"].as_array().empty();
  view["since"] = last ? fmt::format("与上次通知（{} {}）相比", moment(last->at), chinese_name(last->event)) : "本次变化";
  view["quotes"] = quotes_of(chosen);
  view["has_quotes"] = !chosen.empty();
  view["quotes_more"] = warning.evidence.size() > chosen.size()
                            ? fmt::format("另有 {} 条留证未列出。", warning.evidence.size() - chosen.size()) : "";
  view["clocks"] = clocks_of(warning, now);
  view["has_clocks"] = !warning.clocks.empty();
  view["lowers"] = lowers_of(warning.reasons);
  view["has_lowers"] = !view["lowers"].as_array().empty();
  view["actions"] = actions_of(warning);
  view["link"] = link_or_nothing(warning_link(book, warning.id));
  view["rules"] = rules_of(warning);
  view["has_rules"] = !view["rules"].as_array().empty();
  view["measure"] = one_line(warning.measure_version, 60);
  view["disclaimer"] = disclaimer;
  return view;
}

const std::string_view plain_template =
    R"({{level}} {{event}}：{{title}}
{{lead}}
{{#facts}}{{name}}：{{value}}
{{/facts}}
{{#reasons}}依据：{{name}} {{observed}}；常态 {{expected}}；阈值 {{threshold}}
{{/reasons}}{{#quotes}}
“{{text}}”{{#cut}}（下略）{{/cut}}
{{source}} {{time}} {{link}}
快照 {{hash}}
{{/quotes}}
{{#clocks}}{{name}}：{{due}}（北京时间），{{left}}
{{/clocks}}{{#actions}}{{command}}
{{/actions}}
{{disclaimer}}
)";

}  // namespace tingchao::alerting
