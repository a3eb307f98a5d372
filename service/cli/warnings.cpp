// The duty officer's commands. A change goes straight into the store under the warning's version; a
// running daemon takes it up with its next step.
#include <boost/json.hpp>

#include "alerting/notify.h"
#include "core/json.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

std::string clock_text(const Console& console, const Clock& clock, Time now) {
  std::string text = "    " + pad(clock.name, 20) + "截止 " + china_minute(clock.due) + "  ";
  if (clock.met_at)
    text += console.paint("已于 " + china_minute(*clock.met_at) + " 完成", Colour::green);
  else if (clock.due < now)
    text += console.paint("已超时 " + to_chinese(now - clock.due), Colour::red);
  else
    text += "剩余 " + to_chinese(clock.due - now);
  return text + "  " + console.paint(clock.clause, Colour::dim);
}

std::string headline(const Console& console, const Warning& warning) {
  const std::string level =
      (warning.needs_confirmation ? "拟" : "") + warning.level.code + "级" + warning.level.colour;
  return console.paint(warning.id, Colour::dim) + "  " +
         console.paint(pad(level, 10), level_colour(warning.level.rank)) +
         pad(chinese_name(warning.state), 8) + china_minute(warning.raised_at) + "  " + warning.title;
}

void show(const Console& console, const Warning& warning, const std::vector<WarningChange>& history,
          Time now) {
  console.line(headline(console, warning));
  console.line("  得分 " + std::to_string(warning.score).substr(0, 5) + "  标准 " + warning.measure_version);
  console.line(console.paint("  理由", Colour::bold));
  for (const Reason& reason : warning.reasons) {
    console.line("    " + reason.name + "：" + reason.observed +
                 (reason.expected.empty() ? "" : "（预期 " + reason.expected + "）") +
                 (reason.threshold.empty() ? "" : "，阈值 " + reason.threshold) + "  +" +
                 std::to_string(reason.points).substr(0, 4));
    if (!reason.lowers.empty()) console.line(console.paint("      何时下降：" + reason.lowers, Colour::dim));
  }
  console.line(console.paint("  依据", Colour::bold));
  for (const Evidence& evidence : warning.evidence) {
    console.line("    “" + evidence.sentence + "”");
    console.line(console.paint(
        "      " + evidence.source_name + "  " +
            (evidence.published_at ? china_minute(*evidence.published_at) : "时间未知") + "  " + evidence.url,
        Colour::dim));
    console.line(console.paint("      规则 " + evidence.rule + "（" + evidence.rule_version + "）  快照 " +
                                   evidence.snapshot_hash.substr(0, 16),
                               Colour::dim));
  }
  console.line(console.paint("  时限", Colour::bold));
  for (const Clock& clock : warning.clocks) console.line(clock_text(console, clock, now));
  console.line(console.paint("  经过", Colour::bold));
  for (const WarningChange& change : history)
    console.line("    " + china_minute(change.at) + "  " + pad(name(change.event), 14) + change.level.code +
                 "级  " + change.actor + (change.note.empty() ? "" : "：" + change.note));
}

std::optional<WarningEvent> event_of(const std::string& verb) {
  if (verb == "ack") return WarningEvent::acknowledged;
  if (verb == "confirm") return WarningEvent::confirmed;
  if (verb == "assign") return WarningEvent::assigned;
  if (verb == "respond") return WarningEvent::responded;
  if (verb == "close") return WarningEvent::closed;
  if (verb == "dismiss") return WarningEvent::dismissed;
  if (verb == "reopen") return WarningEvent::reopened;
  if (verb == "comment") return WarningEvent::commented;
  return std::nullopt;
}

}  // namespace

int run_warnings_list(const WarningsOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time now = config->clock.now();
  auto warnings = (*store)->warnings(Time{}, now + std::chrono::hours{24 * 3660}, !options.all);
  if (!warnings) return console.error(warnings.error());
  for (const Warning& warning : *warnings) {
    if (console.json()) {
      console.line(to_line(to_json(warning)));
      continue;
    }
    console.line(headline(console, warning));
    for (const Clock& clock : warning.clocks)
      if (!clock.met_at) console.line(clock_text(console, clock, now));
  }
  return warnings->empty() ? nothing : done;
}

int run_warnings_show(const WarningsOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, false);  // looking at evidence leaves an audit row
  if (!store) return console.error(store.error());
  auto warning = (*store)->warning(options.id);
  if (!warning) return console.error(warning.error());
  if (!*warning) {
    console.note("tingchao: no warning " + options.id + " (`tingchao warnings list --all` shows ids)");
    return nothing;
  }
  auto history = (*store)->history(options.id);
  if (!history) return console.error(history.error());
  const Time now = config->clock.now();
  const char* user = std::getenv("USER");
  if (auto kept = (*store)->audit({now, user ? user : "local", "warning.show", options.id, ""}); !kept)
    return console.error(kept.error());
  if (console.json()) {
    boost::json::object object = to_json(**warning);
    boost::json::array rows;
    for (const WarningChange& change : *history) rows.push_back(to_json(change));
    object["history"] = std::move(rows);
    console.line(to_line(object));
  } else {
    show(console, **warning, *history, now);
  }
  return done;
}

int run_warnings_act(const std::string& verb, const WarningsOptions& options, const Console& console) {
  const auto event = event_of(verb);
  TINGCHAO_ASSERT(event.has_value());
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto store = open_store(*config, false);
  if (!store) return console.error(store.error());
  constexpr int attempts_max = 5;  // the daemon may change the same warning in between
  for (int attempt = 1;; ++attempt) {
    auto warning = (*store)->warning(options.id);
    if (!warning) return console.error(warning.error());
    if (!*warning) {
      console.note("tingchao: no warning " + options.id + " (`tingchao warnings list --all` shows ids)");
      return nothing;
    }
    alerting::Action action;
    action.event = *event;
    action.actor = options.by;
    action.note = options.note;
    action.unit = options.unit;
    action.url = options.url;
    action.verdict = options.verdict;
    const Time now = config->clock.now();
    auto changed = alerting::apply(**warning, action, now);
    if (!changed) {
      console.error(changed.error());
      return changed.error().code == Errc::conflict ? nothing : usage;
    }
    auto history = (*store)->history(options.id);
    if (!history) return console.error(history.error());
    alerting::Background background;
    background.history = &*history;
    store::Batch batch;
    batch.warnings.push_back({changed->warning, changed->change});
    batch.deliveries = alerting::plan(*changed, book_of(*config), now, background);
    const auto kept = (*store)->commit(batch);
    if (!kept && kept.error().code == Errc::conflict && attempt < attempts_max) continue;
    if (!kept) return console.error(kept.error());
    console.line(console.json() ? to_line(to_json(changed->change)) : headline(console, changed->warning));
    return done;
  }
}

}  // namespace tingchao::service
