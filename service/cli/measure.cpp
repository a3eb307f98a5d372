// measure check and preview: what a measure says, and what a change of it would have raised and dropped.
#include <fmt/format.h>
#include <boost/json.hpp>

#include "alerting/preview_chart.h"
#include "core/json.h"
#include "service/cli/setup.h"
#include "service/files.h"
#include "service/preview.h"

namespace tingchao::service {
namespace {

using Kind = PreviewDifference::Kind;
constexpr std::size_t differences_shown_max = 60;

const char* word_of(Kind kind) {
  static constexpr const char* words[] = {"added", "dropped", "raised", "lowered"};
  return words[static_cast<int>(kind)];
}
const char* sign_of(Kind kind) {
  static constexpr const char* signs[] = {"＋ 新增", "－ 不再", "↑ 升级", "↓ 降级"};
  return signs[static_cast<int>(kind)];
}

std::string level_text(const Level& level) { return level.code + "级" + level.colour; }

int count_of(const std::map<std::string, Warning>& warnings, int rank) {
  int count = 0;
  for (const auto& [id, warning] : warnings) count += warning.level.rank == rank;
  return count;
}

struct Compared {
  std::string before, after;  // what they are called
  std::vector<Level> levels;
  Time from{}, to{};
  const Preview& preview;
  std::vector<PreviewDifference> differences;
};

void print_table(const Console& console, const Compared& c) {
  const auto row = [&](const std::string& name, int before, int after, Colour colour) {
    const int change = after - before;
    console.line("  " + console.paint(pad(name, 12), colour) +
                 fmt::format("{:>8}{:>8}{:>8}", before, after,
                             change == 0 ? std::string("0") : fmt::format("{:+}", change)));
  };
  const Preview& p = c.preview;
  console.line(console.paint(fmt::format("{} 至 {}，{:.0f} 天，{} 篇文档", china_date(c.from),
                                         china_date(c.to), p.days, p.documents),
                             Colour::bold));
  console.line("  左：" + c.before);
  console.line("  右：" + c.after);
  console.line("  " + pad("", 12) + "      左      右    增减");
  int before = 0, after = 0;
  for (const Level& level : c.levels) {
    const int was = count_of(p.before, level.rank), would = count_of(p.after, level.rank);
    row(level_text(level), was, would, level_colour(level.rank));
    before += was;
    after += would;
  }
  row("合计", before, after, Colour::bold);
  const double months = std::max(p.days, 1.0) / 30;
  console.line(fmt::format("  {}{:>8.1f}{:>8.1f}", pad("每 30 天", 12), before / months, after / months));
}

void print_differences(const Console& console, const Compared& c) {
  if (c.differences.empty()) return console.line("没有差别：同样的预警，同样的级别。");
  std::size_t shown = 0;
  for (const PreviewDifference& each : c.differences) {
    if (console.json()) {
      boost::json::object object{{"difference", word_of(each.kind)},
                                 {"warning", each.warning.id},
                                 {"kind", each.warning.kind},
                                 {"title", each.warning.title},
                                 {"level", to_json(each.warning.level)},
                                 {"at", to_rfc3339(each.warning.raised_at)}};
      if (each.before) object["level_before"] = to_json(*each.before);
      console.line(to_line(object));
      continue;
    }
    if (shown++ == differences_shown_max) break;
    const std::string level =
        (each.before ? level_text(*each.before) + "→" : "") + level_text(each.warning.level);
    console.line(pad(sign_of(each.kind), 8) + "  " + china_minute(each.warning.raised_at) + "  " +
                 console.paint(pad(level, 16), level_colour(each.warning.level.rank)) + "  " +
                 clip(each.warning.title, 60));
  }
  if (!console.json() && c.differences.size() > differences_shown_max)
    console.line(fmt::format("… 另有 {} 条，用 --json 看全部", c.differences.size() - differences_shown_max));
}

void print_curve(const Console& console, const char* title,
                 const std::vector<std::pair<double, double>>& curve, double at) {
  std::string thresholds = "  " + pad("门槛", 12), alarms = "  " + pad("每 30 天", 12);
  for (const auto& [threshold, count] : curve) {
    thresholds += fmt::format("{:>6.3g}", threshold);
    alarms += fmt::format("{:>6.1f}", count);
  }
  console.line(console.paint(title, Colour::bold) + fmt::format("（现定 {:g}）", at));
  console.line(thresholds);
  console.line(alarms);
}

boost::json::array points_of(const std::vector<std::pair<double, double>>& curve) {
  boost::json::array points;
  for (const auto& [threshold, count] : curve) points.push_back(boost::json::array{threshold, count});
  return points;
}

alerting::PreviewPicture picture_of(const Compared& c, const alerting::Measure& measure) {
  using std::chrono::days;
  alerting::PreviewPicture picture;
  picture.title = fmt::format("预警标准预览：{} 至 {}", china_date(c.from), china_date(c.to));
  picture.before = c.before;
  picture.after = c.after;
  picture.levels = c.levels;
  const auto week_of = [&](Time at) { return static_cast<std::size_t>((at - c.from) / days{7}); };
  picture.weeks.resize(week_of(c.to - Seconds{1}) + 1);
  for (std::size_t i = 0; i < picture.weeks.size(); ++i) {
    auto& week = picture.weeks[i];
    week.label = china_date(c.from + days{7} * static_cast<int>(i)).substr(5);
    week.before.resize(c.levels.size());
    week.after.resize(c.levels.size());
  }
  const auto count = [&](const std::map<std::string, Warning>& warnings, bool after) {
    for (const auto& [id, warning] : warnings)
      for (std::size_t i = 0; i < c.levels.size(); ++i)
        if (c.levels[i].rank == warning.level.rank && warning.raised_at >= c.from &&
            warning.raised_at < c.to) {
          auto& week = picture.weeks[week_of(warning.raised_at)];
          ++(after ? week.after : week.before)[i];
        }
  };
  count(c.preview.before, false);
  count(c.preview.after, true);
  alerting::PreviewPicture::Curve stories{
      "事件预警：得分门槛与每 30 天条数", "得分门槛", c.preview.score_curve, {}};
  for (const Level& level : c.levels)
    stories.marks.emplace_back(alerting::score_of(measure, level), level.code + "级");
  alerting::PreviewPicture::Curve bursts{
      "话题量预警（全部基础教育）：异常度门槛与每 30 天条数", "异常度门槛", c.preview.burst_curve, {}};
  bursts.marks.emplace_back(alerting::burst_threshold_of(measure), "现定");
  picture.curves = {std::move(stories), std::move(bursts)};
  return picture;
}

}  // namespace

int run_measure_check(const MeasureOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  auto measure = load_measure(options.measure.empty() ? config->measure : options.measure);
  if (!measure) return console.error(measure.error());
  if (auto book = book_of(*config, **measure); !book) return console.error(book.error());
  const auto doubts = alerting::doubts_about(**measure);
  if (console.json()) {
    boost::json::array lines;
    for (const std::string& doubt : doubts) lines.emplace_back(doubt);
    console.line(to_line({{"version", alerting::version_of(**measure)}, {"doubts", std::move(lines)}}));
    return done;
  }
  console.line(alerting::summary_of(**measure));
  for (const std::string& doubt : doubts) console.line(console.paint("! ", Colour::yellow) + doubt);
  console.line(doubts.empty() ? console.paint("✓ 没有错误", Colour::green)
                              : console.paint("✓ 没有错误", Colour::green) +
                                    fmt::format("；{} 处可再斟酌", doubts.size()));
  return done;
}

int run_measure_preview(const MeasureOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  const auto span = parse_duration(options.last);
  if (!span || *span <= Seconds{0})
    return console.error(
        {Errc::bad_argument, "--last '" + options.last + "' is no span", "write it like 90d or 36h"});
  auto present = load_measure(config->measure);
  if (!present) return console.error(present.error());
  auto changed = options.measure.empty() ? *present : nullptr;
  if (!changed) {
    auto loaded = load_measure(options.measure);
    if (!loaded) return console.error(loaded.error());
    changed = *loaded;
  }
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const Time to = config->clock.now(), from = to - *span;
  const bool compares_with_past = options.measure.empty();
  auto ran = preview(**store, compares_with_past ? nullptr : *present, changed, from, to);
  if (!ran) return console.error(ran.error());
  if (compares_with_past) {
    auto was = (*store)->warnings(from, to, false);
    if (!was) return console.error(was.error());
    for (Warning& warning : *was)
      if (warning.raised_at >= from) {
        warning.level = warning.level_peak.value_or(warning.level);
        ran->before[warning.id] = std::move(warning);
      }
  }
  const std::string version = alerting::version_of(*changed);
  Compared compared{compares_with_past ? "当时实际发出" : "现行标准 " + alerting::version_of(**present),
                    (compares_with_past ? "现行标准 " : "改后标准 ") + version,
                    alerting::levels_of(*changed),
                    from,
                    to,
                    *ran,
                    differences(ran->before, ran->after)};
  if (console.json()) {
    print_differences(console, compared);
    console.line(to_line({{"documents", ran->documents},
                          {"days", ran->days},
                          {"before", ran->before.size()},
                          {"after", ran->after.size()},
                          {"score_curve", points_of(ran->score_curve)},
                          {"burst_curve", points_of(ran->burst_curve)}}));
  } else {
    print_table(console, compared);
    console.line("");
    print_differences(console, compared);
    console.line("");
    print_curve(console, "事件预警：得分门槛与条数", ran->score_curve,
                alerting::score_of(*changed, compared.levels.back()));
    print_curve(console, "话题量预警：异常度门槛与条数", ran->burst_curve,
                alerting::burst_threshold_of(*changed));
  }
  if (!options.out.empty()) {
    auto png = alerting::draw_preview(picture_of(compared, *changed));
    if (!png) return console.error(png.error());
    if (auto written = write_file(options.out, *png); !written) return console.error(written.error());
    console.note("tingchao: picture in " + options.out);
  }
  return ran->documents > 0 ? done : nothing;
}

}  // namespace tingchao::service
