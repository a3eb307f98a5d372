// Silences: set, lifted and listed. They hold back messages only, and never the grave ones (alerting/duty.h).
#include <fmt/format.h>
#include <boost/json.hpp>

#include "alerting/duty.h"
#include "core/hash.h"
#include "core/json.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

std::string subject_of(const Silence& silence) {
  std::string text;
  const auto add = [&](const char* what, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : "，") + std::string(what) + " " + value;
  };
  add("预警", silence.warning);
  add("话题", silence.topic);
  add("学校", silence.school);
  add("量流", silence.stream);
  return text;
}

std::string line_of(const Console& console, const Silence& silence, Time now) {
  const bool on = is_on(silence, now);
  std::string state = on                  ? "还有 " + to_chinese(silence.ends - now)
                      : silence.lifted_at ? "已由 " + silence.lifted_by + " 解除"
                                          : "已到期";
  return console.paint(silence.id, Colour::dim) + "  " +
         console.paint(pad(state, 22), on ? Colour::yellow : Colour::dim) + "至 " +
         china_minute(silence.ends) + "  " + subject_of(silence) + "  " + silence.author + "：" +
         silence.reason;
}

Result<Silence> silence_from(const SilenceOptions& options, Time now) {
  Silence silence{{},
                  options.warning,
                  options.topic,
                  options.school,
                  options.stream,
                  options.by,
                  options.note,
                  now,
                  {},
                  {},
                  {}};
  if (!options.span.empty()) {
    const auto span = parse_duration(options.span);
    if (!span)
      return Error{Errc::bad_argument, "--for '" + options.span + "' is no span", "write it like 12h or 2d"};
    silence.ends = now + *span;
  } else if (const auto until = parse_time(options.until)) {
    silence.ends = *until;
  } else {
    return Error{Errc::bad_argument, "没有写明静默到何时", "用 --for 2d，或 --until 2026-12-01T08:00"};
  }
  silence.id =
      stable_id(fmt::format("silence:{}:{}:{}", subject_of(silence), silence.author, to_rfc3339(now)));
  if (auto mistake = alerting::mistake_in(silence, now)) return *mistake;
  return silence;
}

}  // namespace

int run_silence(const SilenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  const Time now = config->clock.now();
  auto silence = silence_from(options, now);
  if (!silence) return console.error(silence.error());
  auto store = open_store(*config, false);
  if (!store) return console.error(store.error());
  if (!silence->warning.empty()) {
    auto warning = (*store)->warning(silence->warning);
    if (!warning) return console.error(warning.error());
    if (!*warning) {
      console.note("tingchao: no warning " + silence->warning +
                   " (`tingchao warnings list --all` shows ids)");
      return nothing;
    }
  }
  store::Batch batch;
  batch.silences.push_back(*silence);
  batch.audits.push_back(
      {now, silence->author, "silence.set", silence->id,
       subject_of(*silence) + "；至 " + china_minute(silence->ends) + "；" + silence->reason});
  if (auto kept = (*store)->commit(batch); !kept) return console.error(kept.error());
  console.line(console.json() ? to_line(to_json(*silence)) : line_of(console, *silence, now));
  if (!console.json())
    console.line(
        console.paint("升至或新报Ⅰ、Ⅱ级（duty.urgent）及其逾限照常通知；时限照常计算。", Colour::dim));
  return done;
}

int run_unsilence(const SilenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, false);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  auto silences = (*store)->silences(now);
  if (!silences) return console.error(silences.error());
  for (Silence& silence : *silences) {
    if (silence.id != options.id || !is_on(silence, now)) continue;
    silence.lifted_at = now;
    silence.lifted_by = options.by;
    store::Batch batch;
    batch.silences.push_back(silence);
    batch.audits.push_back({now, options.by, "silence.lift", silence.id, options.note});
    if (auto kept = (*store)->commit(batch); !kept) return console.error(kept.error());
    console.line(console.json() ? to_line(to_json(silence)) : line_of(console, silence, now));
    return done;
  }
  console.note("tingchao: no silence " + options.id + " in force (`tingchao warnings silences` shows ids)");
  return nothing;
}

int run_silences(const SilenceOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  auto silences = (*store)->silences(options.all ? Time{} : now);
  if (!silences) return console.error(silences.error());
  int shown = 0;
  for (const Silence& silence : *silences) {
    if (!options.all && !is_on(silence, now)) continue;
    console.line(console.json() ? to_line(to_json(silence)) : line_of(console, silence, now));
    ++shown;
  }
  return shown > 0 ? done : nothing;
}

}  // namespace tingchao::service
