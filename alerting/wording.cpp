// Strings from pages are hostile until shown otherwise: a title may hold line breaks (a second mail
// header), direction overrides (words of ours read backwards) or forty thousand characters.
#include "alerting/wording.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr int meter_steps = 4;
constexpr std::string_view rule_opens = "（规则 ";

bool steers_direction(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

// Line and paragraph separators count as controls: some readers break lines at them.
bool is_space_or_control(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029 || c == 0x3000 || c == 0xFEFF;
}

}  // namespace

std::string level_words(const Level& level) {
  std::string words = one_line(level.code, 8) + "级";
  if (!level.colour.empty()) words += one_line(level.colour, 8) + (level.colour.ends_with("色") ? "" : "色");
  return words;
}

std::string level_words(const Warning& warning) {
  return (warning.needs_confirmation ? "拟" : "") + level_words(warning.level);
}

std::string level_meter(const Level& level) {
  const int filled = std::clamp(meter_steps + 1 - level.rank, 1, meter_steps);
  std::string meter;
  for (int step = 0; step < meter_steps; ++step) meter += step < filled ? "■" : "□";
  return meter;
}

Paint paint_of(const Level& level) {
  const std::string_view colour = level.colour;
  if (colour.starts_with("红")) return {"#B42318", "#FFFFFF"};
  if (colour.starts_with("橙")) return {"#B54708", "#FFFFFF"};
  if (colour.starts_with("黄")) return {"#F2C300", "#1F1A00"};
  if (colour.starts_with("蓝")) return {"#1D5FBF", "#FFFFFF"};
  return {"#475467", "#FFFFFF"};
}

const char* chinese_name(WarningEvent event) {
  switch (event) {
    case WarningEvent::raised: return "新预警";
    case WarningEvent::upgraded: return "预警升级";
    case WarningEvent::downgraded: return "预警降级";
    case WarningEvent::clock: return "时限提醒";
    case WarningEvent::acknowledged: return "已知悉";
    case WarningEvent::assigned: return "已交办";
    case WarningEvent::responded: return "已回应";
    case WarningEvent::closed: return "已办结";
    case WarningEvent::dismissed: return "已排除";
    case WarningEvent::reopened: return "重新打开";
    case WarningEvent::commented: return "批注";
    case WarningEvent::confirmed: return "级别已确认";
    case WarningEvent::escalated: return "无人知悉，逐级通知";
    case WarningEvent::answered: return "官方已发布";
    case WarningEvent::merged: return "并入另一预警";
    case WarningEvent::returned: return "事件复发";
  }
  return "";
}

std::string without_rule_ids(std::string words) {
  constexpr std::string_view close = "）";
  for (std::size_t at = 0; (at = words.find(rule_opens, at)) != words.npos;) {
    const std::size_t end = words.find(close, at);
    if (end == words.npos) break;
    words.erase(at, end + close.size() - at);
  }
  return words;
}

std::string rule_named_in(std::string_view observed) {
  constexpr std::string_view colon = "：";
  const std::size_t end = observed.find(rule_opens);
  if (end == observed.npos) return {};
  const std::size_t begin = observed.substr(0, end).rfind(colon);
  return begin == observed.npos ? std::string{}
                                : std::string(observed.substr(begin + colon.size(), end - begin - colon.size()));
}

std::string person_of(const WarningChange& change) {
  return change.actor == "measure" || change.actor == "duty" ? std::string{} : one_line(change.actor, 30);
}

const char* chinese_name(StanceLabel label) {
  switch (label) {
    case StanceLabel::negative: return "负面";
    case StanceLabel::neutral: return "中性";
    case StanceLabel::positive: return "正面";
  }
  return "";
}

const char* burst_words(const Warning& burst) {
  const std::string_view threshold = burst.reasons.empty() ? std::string_view{} : burst.reasons.front().threshold;
  if (threshold.starts_with(found_by_story)) return "同一事件短时间内集中出现";
  if (threshold.starts_with(found_by_sum)) return "声量持续偏高，不限于单一事件";
  return "声量异常，不限于单一事件";
}

std::string one_line(std::string_view text, std::size_t chars_max) {
  // A bound on the work for a title of megabytes; what lies behind it would be cut anyhow.
  const std::string valid = to_valid_utf8(cut_bytes(text, 64 * chars_max + 1024));
  std::string line;
  bool gap = false;
  for (std::size_t at = 0; at < valid.size();) {
    const char32_t c = next_char(valid, at);
    if (steers_direction(c)) continue;
    if (is_space_or_control(c)) {
      gap = !line.empty();
      continue;
    }
    if (gap) line += ' ';
    gap = false;
    append_char(line, c);
  }
  if (count_chars(line) <= chars_max) return line;
  return std::string(trim(cut_chars(line, chars_max - 1))) + "…";
}

Quote quote(std::string_view sentence, std::size_t chars_max) {
  if (!is_utf8(sentence)) return {to_valid_utf8(cut_bytes(sentence, 4 * chars_max)), true};
  const std::string_view kept = cut_chars(sentence, chars_max);
  return {std::string(kept), kept.size() < sentence.size()};
}

std::string link_or_nothing(std::string_view url) {
  const std::string start = ascii_lower(url.substr(0, 8));
  if (!start.starts_with("http://") && start != "https://") return {};
  for (const unsigned char c : url)
    if (c <= 0x20 || c == 0x7F || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\') return {};
  return is_utf8(url) ? std::string(url) : std::string{};
}

std::string warning_link(std::string_view base_url, const std::string& id) {
  while (base_url.ends_with('/')) base_url.remove_suffix(1);
  return base_url.empty() ? std::string{} : link_or_nothing(std::string(base_url) + "/#/warnings/" + id);
}

std::string topic_words(std::string_view topic) {
  std::string words = one_line(topic, 60);
  constexpr std::string_view arrow = " › ";
  for (std::size_t at = 0; (at = words.find('/', at)) != words.npos; at += arrow.size()) words.replace(at, 1, arrow);
  return words;
}

std::string moment(Time at) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at + china_offset)};
  return fmt::format("{}月{}日 {}", unsigned(day.month()), unsigned(day.day()), china_clock(at));
}

std::string remaining(Time due, Time now) {
  if (due == now) return "此刻到期";
  return due > now ? "还剩 " + to_chinese(due - now) : "已超 " + to_chinese(now - due);
}

bool is_over(const Warning& warning) {
  return warning.state == WarningState::closed || warning.state == WarningState::dismissed;
}

std::string left_of(const Clock& clock, const Warning& warning, Time now) {
  if (clock.met_at) return "已于 " + moment(*clock.met_at) + " 完成";
  if (!is_over(warning)) return remaining(clock.due, now);
  return clock.due <= warning.state_since ? "到期未完成" : "不再计时";
}

std::string grouped(long number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, "\u00A0");
  return (number < 0 ? "-" : "") + digits;
}

}  // namespace tingchao::alerting
