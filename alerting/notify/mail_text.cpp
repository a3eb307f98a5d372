// The order is that of a decision: what and how grave, where and since when, why, in whose words, by
// when, what to do. Nothing is phrased freely: every sentence is a fixed form around values of the
// warning, or a quotation with its source.
#include "alerting/notify/mail_text.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/notify/mail_rows.h"
#include "alerting/wording.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;

constexpr int urgent_rank = 2;  // Ⅰ and Ⅱ
constexpr std::size_t title_chars_max = 80, subject_title_chars_max = 40, subject_fact_chars_max = 24;

// The clock that a reminder is about: the one that its note names, else the one whose step was the
// last to be reached.
const Clock* clock_told(const Raised& raised, Time now) {
  const Warning& warning = raised.warning;
  for (const Clock& clock : warning.clocks)
    if (raised.change.note.find("“" + clock.name + "”") != std::string::npos) return &clock;
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

// What fits a subject line: "6 小时 18 条", which speaks for itself; else what the gravest rule is called; else a
// number, which needs its criterion's name.
std::string telling_fact(const Warning& warning) {
  std::string matter, number;
  for (const Reason& reason : warning.reasons) {
    const std::string observed = one_line(reason.observed, 200);
    const std::string named = one_line(reason.name + " " + observed, 200);
    const bool counts =
        std::any_of(observed.begin(), observed.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
    const bool alone = counts && observed.find("小时") != std::string::npos;
    if (alone && count_chars(observed) <= subject_fact_chars_max) return observed;
    if (std::string rule = rule_named_in(observed); matter.empty() && count_chars(rule) <= subject_fact_chars_max)
      matter = std::move(rule);
    if (number.empty() && counts && !alone && count_chars(named) <= subject_fact_chars_max) number = named;
  }
  return matter.empty() ? number : matter;
}

// Short and for a bracket: what just happened.
std::string happened(const Raised& raised, Time now) {
  const WarningChange& change = raised.change;
  const std::string before = change.level_before ? level_words(*change.level_before) : std::string{};
  switch (change.event) {
    case WarningEvent::upgraded: return before.empty() ? "升级" : "升级自" + before;
    case WarningEvent::downgraded: return before.empty() ? "降级" : "降级自" + before;
    case WarningEvent::clock:
      if (const Clock* clock = clock_told(raised, now))
        return one_line(clock->name, 20) + " " + remaining(clock->due, now);
      return "时限提醒";
    case WarningEvent::raised: return {};
    default: return chinese_name(change.event);
  }
}

std::string next_duty(const Raised& raised, Time now) {
  const Warning& warning = raised.warning;
  if (is_over(warning)) return std::string("本件") + chinese_name(warning.state) + "。";
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

const Reason* find_reason(const std::vector<Reason>& reasons, const std::string& criterion) {
  for (const Reason& reason : reasons)
    if (reason.criterion == criterion) return &reason;
  return nullptr;
}

void compare_reasons(const std::vector<Reason>& before, const std::vector<Reason>& after, json::array& lines) {
  for (const Reason& reason : after) {
    const Reason* old = find_reason(before, reason.criterion);
    const std::string now = one_line(without_rule_ids(reason.observed), 60);
    const std::string then = old ? one_line(without_rule_ids(old->observed), 60) : std::string{};
    if (!old)
      lines.emplace_back("新增依据：" + one_line(reason.name, 40) + " " + now);
    else if (then != now)
      lines.emplace_back(fmt::format("{}：{} → {}", one_line(reason.name, 40), then, now));
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
  if (const std::string who = person_of(change); !who.empty()) lines.emplace_back("操作人：" + who);
  if (!last) return lines;
  if (last->state != change.state)
    lines.emplace_back(fmt::format("状态：{} → {}", chinese_name(last->state), chinese_name(change.state)));
  if (const auto* then = reasons_then(background, *last)) compare_reasons(*then, raised.warning.reasons, lines);
  const std::size_t fresh = documents_kept(raised.warning, last->at);
  if (fresh > 0) lines.emplace_back(fmt::format("新增原文 {} 篇", fresh));
  return lines;
}

}  // namespace

std::string reason_in_words(const Reason& reason) {
  std::string text = one_line(reason.name, 40) + "：实测 " + one_line(reason.observed, 120);
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
  const std::size_t sentences = sentences_kept(warning);
  view["quotes_more"] =
      sentences > chosen.size() ? fmt::format("另有 {} 条留证未列出。", sentences - chosen.size()) : "";
  view["clocks"] = clocks_of(warning, now);
  view["has_clocks"] = !warning.clocks.empty();
  view["lowers"] = is_over(warning) ? json::array{} : lowers_of(warning.reasons);
  view["has_lowers"] = !view["lowers"].as_array().empty();
  view["actions"] = actions_of(warning);
  view["link"] = warning_link(book.base_url, warning.id);
  view["rules"] = rules_of(warning);
  view["has_rules"] = !view["rules"].as_array().empty();
  view["measure"] = one_line(warning.measure_version, 60);
  view["disclaimer"] = disclaimer;
  // What a glance at a telephone must give.
  view["schools"] = joined(warning.schools, "所学校");
  view["top_reason"] =
      warning.reasons.empty() ? std::string{} : without_rule_ids(reason_in_words(warning.reasons.front()));
  view["rank"] = warning.level.rank;
  view["grave"] = warning.level.rank <= urgent_rank;
  return view;
}

const std::string_view plain_template =
    R"({{level}} {{event}}：{{title}}
{{lead}}
{{#facts}}{{name}}：{{value}}
{{/facts}}
{{#reasons}}依据：{{name}} {{observed}}{{#terms}}；{{terms}}{{/terms}}
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
