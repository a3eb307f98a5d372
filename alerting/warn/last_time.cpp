// See the header.
#include "alerting/warn/last_time.h"

#include <fmt/format.h>

#include "alerting/wording.h"

namespace tingchao::alerting {
namespace {

std::string verdict_words(const std::string& verdict) {
  if (verdict == "handled") return "已办理";
  if (verdict == "false_alarm") return "误报";
  if (verdict == "duplicate") return "重复";
  if (verdict == "out_of_scope") return "不属本单位";
  return verdict;
}

// How it was dealt with, as far as that went.
std::string ending(const Warning& before) {
  std::string text;
  if (!before.assignee.empty()) text += "，交办 " + before.assignee;
  if (!before.answer_url.empty()) text += "，公开答复 " + before.answer_url;
  if (before.state == WarningState::closed)
    text += fmt::format("，{}以“{}”办结", china_date(before.changed_at), verdict_words(before.verdict));
  if (before.state == WarningState::dismissed) text += fmt::format("，{}排除", china_date(before.changed_at));
  return text;
}

}  // namespace

bool is_new_wave(const Warning& warning, const Story& story) {
  return story.woken_at && warning.raised_at < *story.woken_at && (!warning.wave || *warning.wave < *story.woken_at);
}

std::string last_time(const Warning& before, const Story& story, Time now) {
  const std::string text =
      fmt::format("上次 {} 预警（{}）{}", china_date(before.raised_at), level_words(before.level), ending(before));
  if (!story.slept_at) return "事件再起：" + text + "；";
  const Seconds span = std::max(Seconds{0}, now - *story.slept_at);
  return fmt::format("{}；沉寂 {} 天后复发，", text, std::chrono::floor<std::chrono::days>(span).count());
}

}  // namespace tingchao::alerting
