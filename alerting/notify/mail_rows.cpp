// Each row is worded from the warning alone. Quotations prefer a new source over a second sentence of
// the same one: five voices tell more than one voice five times.
#include "alerting/notify/mail_rows.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/wording.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;

constexpr std::size_t quote_chars_max = 160, quotes_max = 5;
constexpr std::size_t listed_max = 5, reasons_max = 8, spread_max = 5;
constexpr std::size_t lowers_chars_max = 240;  // five windows under two thresholds, with a story and a sum

Time time_of(const Evidence& evidence) { return evidence.published_at.value_or(evidence.seen_at); }

std::string topics_of(const Warning& warning) {
  std::vector<std::string> paths;
  for (const std::string& topic : warning.topics) paths.push_back(topic_words(topic));
  return joined(paths, "个");
}

json::object fact(const char* name, std::string value) {
  json::object row;
  row["name"] = name;
  row["value"] = std::move(value);
  return row;
}

// "常态 1.5 条 · 阈值 3 条".
std::string terms_of(const Reason& reason) {
  std::string terms;
  if (!reason.expected.empty()) terms = "常态 " + one_line(reason.expected, 60);
  if (!reason.threshold.empty()) terms += (terms.empty() ? "阈值 " : " · 阈值 ") + one_line(reason.threshold, 60);
  return terms;
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
  return fmt::format("已留证 {} 篇，来自 {} 个来源", documents_kept(warning, Time::min()), sources.size());
}

// "21:58 甲论坛 → 22:10 乙网", each source at its first word.
std::string spread_path(const Warning& warning) {
  std::string path, day;
  std::set<std::string> seen;
  for (const Evidence* each : by_time(warning)) {
    if (!seen.insert(each->source_name).second) continue;
    if (seen.size() > spread_max) break;
    const Time at = time_of(*each);
    const bool same_day = !path.empty() && china_date(at) == day;
    if (!path.empty()) path += " → ";
    path += (same_day ? china_clock(at) : moment(at)) + " " + one_line(each->source_name, 20);
    day = china_date(at);
  }
  return seen.size() > 1 ? path : std::string{};
}

json::object action(std::string command, const char* does) {
  json::object row;
  row["command"] = std::move(command);
  row["does"] = does;
  return row;
}

}  // namespace

std::string joined(const std::vector<std::string>& names, const char* unit) {
  std::string text;
  for (std::size_t at = 0; at < names.size() && at < listed_max; ++at)
    text += (at ? "、" : "") + one_line(names[at], 40);
  if (names.size() > listed_max) text += fmt::format("等 {} {}", names.size(), unit);
  return text;
}

std::size_t documents_kept(const Warning& warning, Time after) {
  std::set<std::pair<std::string, std::string>> documents;
  for (const Evidence& each : warning.evidence)
    if (each.seen_at > after) documents.emplace(each.document, each.url);
  return documents.size();
}

std::size_t sentences_kept(const Warning& warning) {
  std::set<std::pair<std::string, std::string>> sentences;
  for (const Evidence& each : warning.evidence) sentences.emplace(each.document, each.sentence);
  return sentences.size();
}

json::array facts_of(const Raised& raised, const Story* story) {
  const Warning& warning = raised.warning;
  json::array facts;
  const auto put = [&facts](const char* name, std::string value) {
    if (!value.empty()) facts.push_back(fact(name, std::move(value)));
  };
  put("涉及学校", joined(warning.schools, "所"));
  put("话题", topics_of(warning));
  if (warning.kind == "burst") put("监测范围", one_line(warning.stream, 40) + "（" + burst_words(warning) + "）");
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
  put("官方发布", link_or_nothing(warning.official_url));
  return facts;
}

json::array reasons_of(const std::vector<Reason>& reasons) {
  json::array rows;
  double most = 0;
  for (const Reason& reason : reasons) most = std::max(most, reason.points);
  for (const Reason& reason : reasons) {
    if (rows.size() == reasons_max) break;
    json::object row;
    row["name"] = one_line(reason.name, 40);
    row["observed"] = one_line(without_rule_ids(reason.observed), 120);
    row["terms"] = terms_of(reason);
    row["points"] = reason.points > 0.05 ? fmt::format("{:.1f}", reason.points) : "";
    row["bar"] = reason.points > 0.05 ? fmt::format("{:.0f}", std::clamp(100 * reason.points / most, 1.0, 99.0)) : "";
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array lowers_of(const std::vector<Reason>& reasons) {
  json::array lines;
  std::set<std::string> seen;
  for (const Reason& reason : reasons) {
    std::string line = one_line(reason.lowers, lowers_chars_max);
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
    row["left"] = left_of(clock, warning, now);
    row["met"] = clock.met_at.has_value();
    row["late"] = !clock.met_at && clock.due <= (is_over(warning) ? warning.state_since : now);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array actions_of(const Warning& warning) {
  const auto line = [&warning](const char* verb, const char* rest) {
    return fmt::format("tingchao warnings {} {} --by 姓名{}", verb, warning.id, rest);
  };
  json::array rows;
  switch (warning.state) {
    case WarningState::open:
      if (warning.needs_confirmation) rows.push_back(action(line("confirm", ""), "确认拟定的级别"));
      rows.push_back(action(line("ack", ""), "知悉：表示已有人过问；回应时限照常计算"));
      rows.push_back(action(line("dismiss", " --note 理由"), "排除：误报或与本地无关"));
      break;
    case WarningState::acknowledged:
      if (warning.needs_confirmation) rows.push_back(action(line("confirm", ""), "确认拟定的级别"));
      rows.push_back(action(line("assign", " --unit 科室或学校"), "交办承办单位"));
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
    const std::string version = one_line(each.rule_version, 40);
    if (!lines.empty()) lines.back() = std::string(lines.back().as_string()) + "；";
    lines.emplace_back(one_line(each.rule, 60) + (version.empty() ? "" : " @ " + version));
  }
  return lines;
}

}  // namespace tingchao::alerting
