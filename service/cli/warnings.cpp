// The duty officer's commands. A change goes straight into the store under the warning's version; a
// running daemon takes it up with its next step.
#include <algorithm>

#include <boost/json.hpp>

#include "alerting/explain.h"
#include "alerting/notify.h"
#include "alerting/wording.h"
#include "core/json.h"
#include "service/cli/setup.h"
#include "service/ledger.h"

namespace tingchao::service {
namespace {

std::string clock_text(const Console& console, const Warning& warning, const Clock& clock, Time now) {
  std::string text = "    " + pad(clock.name, 20) + "截止 " + china_minute(clock.due) + "  ";
  if (clock.met_at)
    text += console.paint("已于 " + china_minute(*clock.met_at) + " 完成", Colour::green);
  else if (alerting::is_over(warning))
    text += console.paint(alerting::left_of(clock, warning, now), Colour::dim);
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

// What is shown beside the warning itself.
struct Beside {
  std::vector<WarningChange> history;
  std::vector<SpreadStep> spread;  // as of now
  std::vector<Silence> silences;   // that cover it now
};

void show_state(const Console& console, const Warning& warning, const Beside& beside) {
  console.line("  得分 " + std::to_string(warning.score).substr(0, 5) + "  标准 " + warning.measure_version +
               (warning.level_held ? "  级别由人设定" : "") +
               (warning.assignee.empty() ? "" : "  交办 " + warning.assignee));
  if (!warning.merged_into.empty())
    console.line(warning.verdict == "duplicate" ? "  已并入预警 " + warning.merged_into
                                                : "  曾并入预警 " + warning.merged_into + "，由人分开");
  if (!warning.answer_url.empty()) console.line("  公开答复 " + warning.answer_url);
  if (!warning.official_answer.empty() && warning.answer_url.empty())
    console.line(console.paint("  官方已发布 ", Colour::green) +
                 (warning.official_url.empty() ? warning.official_answer : warning.official_url) +
                 console.paint("  如属本件答复，用 respond 登记", Colour::dim));
  for (const Silence& silence : beside.silences)
    console.line(console.paint("  静默至 " + china_minute(silence.ends), Colour::yellow) + "  " + silence.author + "：" +
                 silence.reason + console.paint("  " + silence.id, Colour::dim));
}

void show_spread(const Console& console, const std::vector<SpreadStep>& spread) {
  if (spread.empty()) return;
  console.line(console.paint("  传播路径", Colour::bold));
  for (std::size_t i = 0; i < spread.size(); ++i)
    console.line("    " + china_minute(spread[i].at) + "  " + pad(i == 0 ? "首发" : spread[i].copy ? "转载" : "跟进", 6) +
                 spread[i].source_name + "  " + console.paint(spread[i].url, Colour::dim));
}

// A sentence once, with all the rules that it made true.
void show_evidence(const Console& console, const std::vector<Evidence>& evidence) {
  console.line(console.paint("  依据", Colour::bold));
  std::vector<std::pair<const Evidence*, std::string>> sentences;
  for (const Evidence& each : evidence) {
    const std::string rule = each.rule.empty() ? "" : each.rule + "（" + each.rule_version + "）";  // a burst has none
    const auto known = std::find_if(sentences.begin(), sentences.end(), [&each](const auto& other) {
      return other.first->document == each.document && other.first->sentence == each.sentence;
    });
    if (known == sentences.end())
      sentences.emplace_back(&each, rule);
    else
      known->second += "、" + rule;
  }
  for (const auto& [first, rules] : sentences) {
    console.line("    “" + first->sentence + "”");
    console.line(console.paint("      " + first->source_name + "  " +
                                   (first->published_at ? china_minute(*first->published_at) : "时间未知") + "  " +
                                   first->url,
                               Colour::dim));
    const std::string by = rules.empty() ? "" : "规则 " + rules + "  ";
    const std::string kept = first->snapshot_hash.empty() ? "" : "快照 " + first->snapshot_hash.substr(0, 16);
    if (!by.empty() || !kept.empty()) console.line(console.paint("      " + by + kept, Colour::dim));
  }
}

void show(const Console& console, const Warning& warning, const Beside& beside, Time now) {
  console.line(headline(console, warning));
  show_state(console, warning, beside);
  console.line(console.paint("  理由", Colour::bold));
  for (const Reason& reason : warning.reasons) {
    console.line("    " + reason.name + "：" + reason.observed +
                 (reason.expected.empty() ? "" : "（预期 " + reason.expected + "）") +
                 (reason.threshold.empty() ? "" : "，阈值 " + reason.threshold) + "  +" +
                 std::to_string(reason.points).substr(0, 4));
    if (!reason.lowers.empty()) console.line(console.paint("      何时下降：" + reason.lowers, Colour::dim));
  }
  show_evidence(console, warning.evidence);
  show_spread(console, beside.spread);
  console.line(console.paint("  时限", Colour::bold));
  for (const Clock& clock : warning.clocks) console.line(clock_text(console, warning, clock, now));
  console.line(console.paint("  经过", Colour::bold));
  for (const WarningChange& change : beside.history) {
    const std::string who = alerting::person_of(change);
    console.line("    " + china_minute(change.at) + "  " + pad(alerting::chinese_name(change.event), 12) + "  " +
                 change.level.code + "级  " + (who.empty() ? "系统" : who) +
                 (change.note.empty() ? "" : "：" + change.note));
  }
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

// A level by its code or rank.
Result<Level> level_named(const std::string& text, const alerting::Measure& measure) {
  std::string known;
  for (const Level& level : alerting::levels_of(measure)) {
    if (text == level.code || text == std::to_string(level.rank)) return level;
    known += (known.empty() ? "" : "、") + level.code;
  }
  return Error{Errc::bad_argument, "没有“" + text + "”这一级", "用 --level 写 " + known};
}

// Fails with bad_argument.
Result<alerting::Action> action_of(const std::string& verb, const WarningsOptions& options, const Warning& warning,
                                   const alerting::Measure& measure) {
  alerting::Action action;
  if (const auto event = event_of(verb)) action.event = *event;
  action.actor = options.by;
  action.note = options.note;
  action.unit = options.unit;
  action.url = options.url;
  action.clock = options.clock;
  action.verdict = options.verdict;
  if (!options.duplicate_of.empty()) action.note = "同 " + options.duplicate_of + "：" + action.note;
  if (verb != "level") return action;
  auto level = level_named(options.level, measure);
  if (!level) return level.error();
  action.event = level->rank < warning.level.rank ? WarningEvent::upgraded : WarningEvent::downgraded;
  action.level = *level;
  return action;
}

// The change with its messages, in one transaction.
Result<void> keep(store::Store& store, const alerting::Book& book, const alerting::Raised& changed, Time now) {
  auto history = store.history(changed.warning.id);
  if (!history) return history.error();
  const auto silences = store.silences(now);
  if (!silences) return silences.error();
  const auto open = store.open_warnings();
  if (!open) return open.error();
  std::map<std::string, Warning> by_id;
  for (const Warning& each : *open) by_id[each.id] = each;
  const auto story = store.story(changed.warning.story);
  if (!story) return story.error();
  alerting::Background background;
  if (*story) background.story = &**story;
  background.history = &*history;
  background.silences = &*silences;
  background.open = &by_id;
  store::Batch batch;
  add_change(batch, changed, book, background, now);
  return store.commit(batch);
}

Result<Beside> beside_of(store::Store& store, const Warning& warning, Time now) {
  Beside beside;
  auto history = store.history(warning.id);
  if (!history) return history.error();
  beside.history = std::move(*history);
  beside.spread = warning.spread;
  if (!warning.story.empty()) {
    auto stored = store.documents_of(warning.story);
    if (!stored) return stored.error();
    std::vector<alerting::ReadDocument> documents;
    for (store::StoredDocument& each : *stored)
      documents.push_back({std::move(each.document), {}, !each.placement.copy_of.empty()});
    if (!documents.empty()) beside.spread = alerting::spread_of(documents);
  }
  const auto silences = store.silences(now);
  if (!silences) return silences.error();
  for (const Silence& silence : *silences)
    if (is_on(silence, now) && alerting::covers(silence, warning)) beside.silences.push_back(silence);
  return beside;
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
      if (!clock.met_at) console.line(clock_text(console, warning, clock, now));
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
  const Time now = config->clock.now();
  auto beside = beside_of(**store, **warning, now);
  if (!beside) return console.error(beside.error());
  const char* user = std::getenv("USER");
  if (auto kept = (*store)->audit({now, user ? user : "local", "warning.show", options.id, ""}); !kept)
    return console.error(kept.error());
  if (console.json()) {
    boost::json::object object = to_json(**warning);
    boost::json::array rows;
    for (const WarningChange& change : beside->history) rows.push_back(to_json(change));
    object["history"] = std::move(rows);
    console.line(to_line(object));
  } else {
    show(console, **warning, *beside, now);
  }
  return done;
}

int run_warnings_act(const std::string& verb, const WarningsOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto measure = load_measure(config->measure);
  if (!measure) return console.error(measure.error());
  alerting::Book book = book_of(*config);
  book.audiences = alerting::audiences_of(**measure);
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
    const auto action = action_of(verb, options, **warning, **measure);
    if (!action) return console.error(action.error());
    const Time now = config->clock.now();
    auto changed = alerting::apply(**warning, *action, now, measure->get());
    if (!changed) {
      const bool refused = changed.error().code == Errc::conflict;
      if (refused)  // who tried what the state does not allow
        if (auto noted = (*store)->audit({now, options.by, "refused." + verb, options.id, changed.error().detail});
            !noted)
          console.error(noted.error());
      console.error(changed.error());
      return refused ? nothing : usage;
    }
    const auto kept = keep(**store, book, *changed, now);
    if (!kept && kept.error().code == Errc::conflict && attempt < attempts_max) continue;
    if (!kept) return console.error(kept.error());
    console.line(console.json() ? to_line(to_json(changed->change)) : headline(console, changed->warning));
    return done;
  }
}

}  // namespace tingchao::service
