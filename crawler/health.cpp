// The state is carried on first, then the troubles are asked in the order of how much they explain: a page
// that cannot be read explains an empty one, an empty one explains a silence.
#include "crawler/health.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <boost/json.hpp>

#include "core/json.h"

namespace tingchao::crawler {
namespace {

constexpr int failures_told = 5;
constexpr std::chrono::hours failing_told{20};
constexpr int gone_told = 5, twice = 2;
constexpr std::chrono::hours long_interval{12};  // a second visit would come after the day
constexpr double entries_least = 2;
constexpr int charset_known = 5;
constexpr std::chrono::hours unwatched_least{6};
constexpr double day_documents_least = 3, day_share = 0.97;
constexpr int days_needed = 5;
constexpr double day_calls_max = 2, day_calls_least = -1, day_calls_a_year = 2;
constexpr double working_days_a_year = 245, day_calls_a_year_max = 3;
constexpr std::chrono::hours back_by_itself{72};

// How long the source may go unread before its silence says nothing.
Seconds unwatched(const Source& source) { return std::max<Seconds>(3 * source.interval, unwatched_least); }

void carry_charset(HealthState& state, const std::string& charset) {
  if (charset.empty() || charset == state.charset || state.charset.empty()) {
    if (!charset.empty()) {
      state.charset = charset;
      ++state.charset_times;
    }
    state.charset_new_times = 0;
    return;
  }
  state.charset_new_times = charset == state.charset_new ? state.charset_new_times + 1 : 1;
  state.charset_new = charset;
}

void carry_volume(HealthState& state, const Source& source, const Look& look, const Holidays& holidays) {
  const bool watched = state.last_good && look.at - *state.last_good <= unwatched(source);
  if (!state.quiet_since || !watched || look.documents_new > 0) {
    // What a first visit, or one after a long pause, finds is a stock and no flow.
    if (watched) state.volume.learn(*state.last_good, look.at, look.documents_new, holidays);
    state.quiet_since = look.at;
  } else if (state.told != Trouble::silent) {
    state.volume.learn(*state.last_good, look.at, 0, holidays);
  }
  state.last_good = look.at;
}

bool is_working_day(Time at, const Holidays& holidays) {
  const int weekday = china_weekday(at);
  return weekday != 0 && weekday != 6 && !(holidays && holidays(at).is_one);
}

// Before carry_volume(): `quiet_since` and `last_good` are those of before this visit.
void carry_days(HealthState& state, const Look& look, const Holidays& holidays) {
  const Time today = china_midnight(look.at);
  if (state.day != today) {
    if (state.day && is_working_day(*state.day, holidays)) {
      const bool watched = state.quiet_since && *state.quiet_since <= *state.day;
      if (state.day_documents > 0)
        ++state.days_in_a_row;
      else if (watched)
        state.days_in_a_row = 0;
    }
    state.day = today;
    state.day_documents = 0;
  }
  state.day_documents += look.documents_new;
}

// Nearly all that a working day should bring is overdue, of a source that lets no working day pass.
bool is_empty_working_day(const HealthState& state, const Look& look, const Holidays& holidays) {
  if (state.days_in_a_row < days_needed || state.day_calls < day_calls_least) return false;
  if (!state.day || state.day_documents > 0) return false;
  if (*state.quiet_since > *state.day || !is_working_day(look.at, holidays)) return false;
  const double due = state.volume.expected(*state.day, look.at, holidays);
  if (due < day_documents_least * day_share) return false;
  const Time end = *state.day + std::chrono::hours{24};
  const double whole = state.volume.expected(*state.day, end, holidays);
  if (whole < day_documents_least || due < day_share * whole) return false;
  if (state.day_calls >= 1) return true;
  const auto chance = state.volume.silence(*state.day, end, holidays);
  return chance && *chance * working_days_a_year <= day_calls_a_year_max;
}

void carry(HealthState& state, const Source& source, const Look& look, const Holidays& holidays) {
  if (state.last_look) {
    constexpr double year = 365.0 * 24 * 3600;
    const double years = static_cast<double>((look.at - *state.last_look).count()) / year;
    state.day_calls = std::min(day_calls_max, state.day_calls + years * day_calls_a_year);
  }
  state.last_look = look.at;
  if (look.error) {
    ++state.failures;
    return;
  }
  state.failures = 0;
  state.unchanged = look.entry_read ? 0 : state.unchanged + 1;
  if (look.entry_read) {
    state.entry_gone = look.entry_gone ? state.entry_gone + 1 : 0;
    state.empty = look.entries == 0 ? state.empty + 1 : 0;
    if (look.entries > 0)
      state.entries_usual =
          state.entries_usual == 0 ? look.entries : 0.8 * state.entries_usual + 0.2 * look.entries;
    carry_charset(state, look.charset);
  }
  if (look.contents > 0) state.gone = look.contents_gone == look.contents ? state.gone + look.contents : 0;
  carry_days(state, look, holidays);
  carry_volume(state, source, look, holidays);
}

Trouble trouble_of(const HealthState& state, const Source& source, const Look& look,
                   const Holidays& holidays) {
  const bool is_slow = source.interval >= long_interval;
  const int times = is_slow ? 1 : twice;
  const bool failing_long =
      state.failures >= twice && state.last_good && look.at - *state.last_good >= failing_told;
  if (state.failures >= failures_told || failing_long) return Trouble::failing;
  if (state.gone >= gone_told || state.entry_gone >= times) return Trouble::gone;
  if (source.kind != SourceKind::page && state.entries_usual >= entries_least && state.empty >= times)
    return Trouble::selector;
  if (state.charset_times >= charset_known && state.charset_new_times >= times) return Trouble::charset;
  if (look.error || !state.quiet_since) return Trouble::none;
  const auto chance = state.volume.silence(*state.quiet_since, look.at, holidays);
  if (chance && *chance < state.volume.threshold()) return Trouble::silent;
  return chance && is_empty_working_day(state, look, holidays) ? Trouble::silent : Trouble::none;
}

std::string silent_cause(const HealthState& state, const Source& source) {
  if (state.unchanged >= 3)
    return "最近 " + std::to_string(state.unchanged) + " 次读取服务器都答“未修改”：网站停更，或缓存没有刷新";
  std::string cause = "入口页仍能读到约 " + std::to_string(std::lround(state.entries_usual)) +
                      " 条，但都是旧的：网站停更，或栏目已迁移";
  if (!source.link_pattern.empty()) cause += "；也可能文章地址换了形式，不再符合 link_pattern";
  return cause;
}

HealthNews news_of(Trouble trouble, const HealthState& state, const Source& source, const Look& look,
                   const Holidays& holidays) {
  const std::string url = source.urls.empty() ? "" : source.urls.front();
  const std::string named = "信源“" + source.name + "”（" + source.id + "）";
  HealthNews news{trouble, false, "信源异常：" + source.name, ""};
  std::string cause, mend = "运行 tingchao source test " + url + " 取得新的定义，与配置比较。";
  switch (trouble) {
    case Trouble::failing:
      news.text = named + "连续 " + std::to_string(state.failures) + " 次读取失败。";
      cause = look.error ? describe(*look.error) : "";
      mend = "运行 tingchao fetch " + url + " 查看原因。";
      break;
    case Trouble::gone:
      news.text = named +
                  (state.gone >= gone_told ? "最近 " + std::to_string(state.gone) + " 个文章页"
                                           : std::string("的入口页")) +
                  "都说页面不存在，状态码却是成功。";
      cause = "网站改版或栏目迁移，旧地址都转到同一张提示页";
      break;
    case Trouble::selector:
      news.text = named + "的入口页平时约有 " + std::to_string(std::lround(state.entries_usual)) +
                  " 条，现在一条也读不到。";
      cause = look.note.empty() ? "网页结构改版，或内容改由脚本加载" : look.note;
      break;
    case Trouble::charset:
      news.text = named + "的编码由 " + state.charset + " 变为 " + state.charset_new + "。";
      cause = "网站改版，或网页声明的编码与内容不符";
      mend = "运行 tingchao fetch " + url + " 看文字是否正常；正常则无须处理，新编码已记住。";
      break;
    case Trouble::silent: {
      news.subject = "信源静默：" + source.name;
      char expected[32];
      std::snprintf(expected, sizeof expected, "%.1f",
                    state.volume.expected(*state.quiet_since, look.at, holidays));
      news.text = named + "已 " + to_chinese(look.at - *state.quiet_since) +
                  "没有新文档，按以往同样时段应有约 " + expected + " 篇。";
      cause = silent_cause(state, source);
      break;
    }
    case Trouble::none:
      break;
  }
  news.text += "\n可能原因：" + cause + "\n处理：" + mend;
  return news;
}

// Of what was told, whether it is past. A charset is told and remembered: nothing has to end.
bool is_past(const HealthState& state, const Look& look, Trouble now) {
  switch (state.told) {
    case Trouble::silent:
      return look.documents_new > 0;
    case Trouble::gone:
      return !look.error && now != Trouble::gone && state.gone == 0 && state.entry_gone == 0 &&
             (look.contents > 0 || look.entry_read);
    case Trouble::selector:
      return look.entry_read && look.entries > 0;
    case Trouble::failing:
      return !look.error;
    default:
      return true;
  }
}

const char* over_text(Trouble trouble) {
  switch (trouble) {
    case Trouble::failing:
      return "恢复正常读取。";
    case Trouble::gone:
      return "的网页恢复正常，不再说页面不存在。";
    case Trouble::selector:
      return "的入口页又能读到条目。";
    default:
      return "又有了新文档。";
  }
}

}  // namespace

std::optional<HealthNews> judge(HealthState& state, const Source& source, const Look& look,
                                const Holidays& holidays) {
  const std::optional<Time> quiet_before = state.quiet_since;
  carry(state, source, look, holidays);
  const Trouble now = trouble_of(state, source, look, holidays);
  if (state.told != Trouble::none) {
    if (!is_past(state, look, now)) return std::nullopt;
    HealthNews over{state.told, true, "信源恢复：" + source.name,
                    "信源“" + source.name + "”（" + source.id + "）" + over_text(state.told)};
    if (state.told == Trouble::silent && quiet_before)
      over.text +=
          "静默自 " + china_minute(*quiet_before) + " 起，共 " + to_chinese(look.at - *quiet_before) + "。";
    // What was no chance is not charged.
    if (state.day_told && look.at - *state.day_told > back_by_itself) state.day_calls += 1;
    state.day_told.reset();
    state.told = Trouble::none;
    return over;
  }
  if (now == Trouble::none) return std::nullopt;
  HealthNews news = news_of(now, state, source, look, holidays);
  if (now == Trouble::charset) {
    state.charset = state.charset_new;
    state.charset_times = state.charset_new_times;
    state.charset_new_times = 0;
  } else {
    state.told = now;
    const bool by_day = now == Trouble::silent && is_empty_working_day(state, look, holidays);
    if (by_day) {
      state.day_told = look.at;
      state.day_calls -= 1;
    }
  }
  return news;
}

std::string to_text(const HealthState& state) {
  boost::json::object object{{"volume", state.volume.to_text()},
                             {"failures", state.failures},
                             {"empty", state.empty},
                             {"entry_gone", state.entry_gone},
                             {"unchanged", state.unchanged},
                             {"gone", state.gone},
                             {"entries_usual", state.entries_usual},
                             {"charset", state.charset},
                             {"charset_new", state.charset_new},
                             {"charset_times", state.charset_times},
                             {"charset_new_times", state.charset_new_times},
                             {"told", static_cast<int>(state.told)},
                             {"day_documents", state.day_documents},
                             {"days_in_a_row", state.days_in_a_row},
                             {"day_calls", state.day_calls}};
  const std::pair<const char*, std::optional<Time>> times[] = {{"last_look", state.last_look},
                                                               {"last_good", state.last_good},
                                                               {"quiet_since", state.quiet_since},
                                                               {"day", state.day},
                                                               {"day_told", state.day_told}};
  for (const auto& [key, at] : times)
    if (at) object[key] = at->time_since_epoch().count();
  return to_line(object);
}

HealthState health_state(std::string_view text) {
  HealthState state;
  const auto parsed = parse_json(text);
  if (text.empty() || !parsed || !parsed->is_object()) return state;
  const auto& from = parsed->get_object();
  try {
    const auto volume = Volume::from_text(from.at("volume").as_string());
    if (volume) state.volume = *volume;
    const std::pair<const char*, int*> numbers[] = {{"failures", &state.failures},
                                                    {"empty", &state.empty},
                                                    {"entry_gone", &state.entry_gone},
                                                    {"unchanged", &state.unchanged},
                                                    {"gone", &state.gone},
                                                    {"charset_times", &state.charset_times},
                                                    {"charset_new_times", &state.charset_new_times}};
    for (const auto& [key, target] : numbers) *target = from.at(key).to_number<int>();
    const std::pair<const char*, int*> since_0_3[] = {{"day_documents", &state.day_documents},
                                                      {"days_in_a_row", &state.days_in_a_row}};
    for (const auto& [key, target] : since_0_3)  // a state of before goes on without
      if (const auto* value = from.if_contains(key)) *target = value->to_number<int>();
    if (const auto* calls = from.if_contains("day_calls")) state.day_calls = calls->to_number<double>();
    state.entries_usual = from.at("entries_usual").to_number<double>();
    state.charset = from.at("charset").as_string();
    state.charset_new = from.at("charset_new").as_string();
    const int told = from.at("told").to_number<int>();
    if (told >= 0 && told <= static_cast<int>(Trouble::silent)) state.told = static_cast<Trouble>(told);
    const std::pair<const char*, std::optional<Time>*> times[] = {{"last_look", &state.last_look},
                                                                  {"last_good", &state.last_good},
                                                                  {"quiet_since", &state.quiet_since},
                                                                  {"day", &state.day},
                                                                  {"day_told", &state.day_told}};
    for (const auto& [key, target] : times)
      if (const auto* at = from.if_contains(key)) *target = Time{Seconds{at->to_number<long>()}};
  } catch (const std::exception&) {
    return HealthState{};
  }
  return state;
}

}  // namespace tingchao::crawler
