// duty: rosters, quiet hours and the chain as they hold at one moment, so that a person can check what was
// written.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "alerting/duty.h"
#include "core/json.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

using std::chrono::days;
constexpr days looked_ahead{14};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "、") + name;
  return text;
}

const char* weekday_of(Time at) {
  static constexpr const char* names[] = {"周日", "周一", "周二", "周三", "周四", "周五", "周六"};
  return names[china_weekday(at)];
}

void print_rosters(const Console& console, const alerting::Duty& duty, Time at) {
  for (const alerting::Roster& roster : duty.rosters) {
    const auto names = alerting::on_duty(duty, roster.id, at);
    console.line("  " + pad(roster.id, 14) +
                 (names.empty() ? console.paint("无人：该表所有人都会收到", Colour::red) : joined(names)));
    if (const auto gap = alerting::gap_of(duty, roster.id, at, at + looked_ahead))
      console.line(
          console.paint("  " + pad("", 14) + "两周内有空班，最早在 " + china_minute(*gap), Colour::yellow));
  }
}

void print_recipients(const Console& console, const alerting::Book& book, Time at) {
  for (const alerting::Recipient& recipient : book.recipients) {
    std::string state = fmt::format("听到第 {} 级及更重", recipient.level_rank_max);
    if (!recipient.on_duty.empty()) {
      const auto names = alerting::on_duty(book.duty, recipient.on_duty, at);
      const bool on = names.empty() || std::find(names.begin(), names.end(), recipient.name) != names.end();
      state += on ? "，当班" : "，不当班";
    }
    if (const auto until = alerting::quiet_until(recipient.quiet, book.duty.calendar, at))
      state +=
          fmt::format("，免打扰至 {}（第 {} 级及更重照发）", china_minute(*until), book.duty.urgent_rank);
    console.line("  " + pad(recipient.name, 14) + state);
  }
}

}  // namespace

int run_duty(const DutyOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto when = parse_when(options.at, config->clock.now(), config->clock.now());
  if (!when) return console.error(when.error());
  const Time at = *when;
  const alerting::Duty& duty = config->book.duty;
  const bool workday = duty.calendar.is_workday(at);
  if (console.json()) {
    boost::json::object rosters;
    for (const alerting::Roster& roster : duty.rosters) {
      boost::json::array names;
      for (const std::string& name : alerting::on_duty(duty, roster.id, at)) names.emplace_back(name);
      rosters[roster.id] = std::move(names);
    }
    console.line(to_line({{"at", to_rfc3339(at)}, {"workday", workday}, {"rosters", std::move(rosters)}}));
    return done;
  }
  console.line(console.paint(china_minute(at) + " " + weekday_of(at) + (workday ? "，工作日" : "，休息日"),
                             Colour::bold));
  print_rosters(console, duty, at);
  console.line(console.paint("收件人", Colour::bold));
  print_recipients(console, config->book, at);
  if (duty.chain.empty()) return console.line(console.paint("没有逐级通知（duty.chain）", Colour::dim)), done;
  console.line(console.paint("无人知悉时逐级通知", Colour::bold));
  for (const alerting::ChainStep& step : duty.chain)
    console.line(fmt::format("  {}后，第 {} 级及更重：{}", to_chinese(step.after), step.level_rank_max,
                             joined(step.to)));
  return done;
}

}  // namespace tingchao::service
