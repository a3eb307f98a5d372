// Compiles rules/measure.yaml: section by section, each value checked where it is read, so that a
// mistake is told with its line and mend and the daemon never runs on half a measure.
#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "alerting/warn/measure.h"
#include "alerting/warn/yaml_reader.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t yaml_bytes_max = 1 << 20;
constexpr std::size_t entries_max = 64;  // of any list of the measure
constexpr Seconds day{std::chrono::days{1}};
constexpr Seconds year = 366 * day;

// What the sections share: the measure so far, and where mistakes go.
struct Work {
  Measure& measure;
  Mistake& mistake;

  std::optional<std::size_t> level(const std::string& code) const {
    for (std::size_t i = 0; i < measure.levels.size(); ++i)
      if (measure.levels[i].level.code == code) return i;
    return std::nullopt;
  }
  std::string level_codes() const {
    std::string codes;
    for (const LevelRule& rule : measure.levels) codes += (codes.empty() ? "" : ", ") + rule.level.code;
    return codes;
  }
};

std::optional<double> read_rate(YamlMap& map) {
  if (!map.has("alarms_per_30d")) return std::nullopt;
  return map.number("alarms_per_30d", 0, 100'000);
}

std::optional<std::size_t> read_level(YamlMap& map, const char* key, Work& work) {
  const std::string code = map.text(key);
  const auto found = work.level(code);
  if (!found && !code.empty())
    map.wrong(key, fmt::format("there is no level \"{}\"", code), "one of " + work.level_codes());
  return found;
}

void read_levels(YamlMap& top, Work& work) {
  std::size_t number = 0;
  for (const YAML::Node& node : top.list("levels", 9)) {
    YamlMap map(node, fmt::format("levels[{}]", ++number), work.mistake);
    LevelRule rule;
    rule.level = {map.text("code"), map.text("colour"), map.text("name"), map.whole("rank", 1, 9)};
    rule.score = map.number("score", 1, 100);
    rule.confirm = map.yes_or("confirm", false);
    const std::string down = map.text_or("down", "measure");
    rule.person_lowers = down == "person";
    if (down != "person" && down != "measure")
      map.wrong("down", fmt::format("\"{}\" is unknown", down), "write person or measure");
    if (map.has("acknowledged"))
      rule.acknowledged = map.span("acknowledged", Seconds{60}, 30 * day);
    rule.alarms_per_30d = read_rate(map);
    rule.to = map.texts_or_none("to", entries_max);
    if (map.has("to") && rule.to.empty())
      map.wrong("to", "names nobody", "name recipients, groups or rosters, or leave it out");
    if (rule.level.rank != static_cast<int>(number))
      map.wrong("rank", "the gravest level comes first with rank 1, the next has rank 2, and so on", "renumber");
    if (work.level(rule.level.code)) map.wrong("code", "stands twice", "give each level its own");
    if (!work.measure.levels.empty() && rule.score >= work.measure.levels.back().score)
      map.wrong("score", "is not below that of the level before", "scores fall from the gravest level on");
    map.done();
    work.measure.plain_levels.push_back(rule.level);
    work.measure.levels.push_back(std::move(rule));
  }
}

// "severity", "documents_6h", "words.vulnerable".
std::optional<Measured> read_measured(const std::string& key, const YAML::Node& place, Work& work) {
  if (key.starts_with("words.")) {
    const auto& lists = work.measure.words;
    const auto found = std::find_if(lists.begin(), lists.end(), [&](const auto& l) { return l.name == key.substr(6); });
    if (found != lists.end()) return Measured{Quantity::count, static_cast<int>(found - lists.begin())};
    work.mistake.at(place, fmt::format("there is no word list \"{}\"", key.substr(6)), "write it under \"words:\"");
    return std::nullopt;
  }
  if (const auto found = quantity(key)) return Measured{*found, -1};
  work.mistake.unknown(place, fmt::format("there is no quantity \"{}\"", key),
                       fmt::format("did you mean \"{}\"? docs/measure.md lists all", nearest_quantity(key)));
  return std::nullopt;
}

Shape shape_of(const Measured& of) {
  return of.words >= 0 ? Shape::number : alerting::shape_of(of.quantity);
}

// The value of a condition after its comparison: "3", "yes", "B".
std::optional<double> read_value(std::string_view text, Shape shape) {
  if (shape == Shape::flag) {
    if (text == "yes" || text == "true") return 1;
    if (text == "no" || text == "false") return 0;
    return std::nullopt;
  }
  if (shape == Shape::severity) {
    if (text == "none") return 0;
    if (text.size() == 1 && severity_number(text[0]) > 0) return severity_number(text[0]);
    return std::nullopt;
  }
  return parse_number(text);
}

const char* mend_of(Shape shape) {
  switch (shape) {
    case Shape::flag: return "write yes or no";
    case Shape::severity: return "write a class, such as A or \">= C\" (C or graver)";
    case Shape::share:
    case Shape::percentile: return "write a comparison with a share from 0 to 1, such as \">= 0.6\"";
    default: return "write a comparison with a number, such as \">= 3\"";
  }
}

std::optional<Condition> read_condition(const std::string& key, const YAML::Node& node, Work& work) {
  const auto of = read_measured(key, node, work);
  if (!of) return std::nullopt;
  const char* mend = mend_of(shape_of(*of));
  if (!node.IsScalar()) {
    work.mistake.at(node, fmt::format("{} is no single value", key), mend);
    return std::nullopt;
  }
  using enum Condition::Comparison;
  constexpr std::pair<std::string_view, Condition::Comparison> signs[] = {
      {">=", at_least}, {"<=", at_most}, {">", more}, {"<", less}, {"=", equal}};
  Condition condition{*of, equal, 0, node.Scalar()};
  std::string_view rest = trim(condition.written);
  for (const auto& [sign, comparison] : signs) {
    if (!rest.starts_with(sign)) continue;
    condition.comparison = comparison;
    rest = trim(rest.substr(sign.size()));
    break;
  }
  const auto value = read_value(rest, shape_of(*of));
  if (!value) {
    work.mistake.at(node, fmt::format("{}: \"{}\" cannot be compared with", key, condition.written), mend);
    return std::nullopt;
  }
  condition.value = *value;
  return condition;
}

std::vector<Condition> read_conditions(const YAML::Node& node, const std::string& where, Work& work) {
  std::vector<Condition> conditions;
  YamlMap map(node, where, work.mistake);
  const auto entries = map.entries();
  if (entries.empty()) work.mistake.at(node, where + " has no condition", "write at least one, such as ours: yes");
  for (const auto& [key, value] : entries)
    if (auto condition = read_condition(key, value, work)) conditions.push_back(std::move(*condition));
  return conditions;
}

void read_words(YamlMap& top, Work& work) {
  if (!top.has("words")) return;
  YamlMap map(top.at("words"), "words", work.mistake);
  for (const auto& [name, node] : map.entries()) {
    NamedWords words{name, map.texts_or_none(name.c_str(), 500)};
    work.measure.words.push_back(std::move(words));
  }
  if (work.measure.words.size() > word_lists_max)
    top.wrong("words", "holds too many lists", fmt::format("{} are the most", word_lists_max));
}

// "06-05" → 605.
int read_month_day(YamlMap& map, const char* key) {
  const std::string text = map.text(key);
  int month = 0, date = 0, used = 0;
  const int fields = std::sscanf(text.c_str(), "%2d-%2d%n", &month, &date, &used);  // NOLINT: bounded widths
  if (fields != 2 || static_cast<std::size_t>(used) != text.size() || month < 1 || month > 12 || date < 1 || date > 31)
    map.wrong(key, fmt::format("\"{}\" is no day of the year", text), "write month and day: \"06-05\"");
  return month * 100 + date;
}

void read_calendar(YamlMap& top, Work& work) {
  std::size_t number = 0;
  for (const YAML::Node& node : top.list_or_none("calendar", entries_max)) {
    YamlMap map(node, fmt::format("calendar[{}]", ++number), work.mistake);
    CalendarDay entry;
    entry.name = map.text("name");
    entry.from = read_month_day(map, "from");
    entry.to = read_month_day(map, "to");
    entry.factor = map.number_or("factor", 1, 20, 1);
    entry.sensitive = map.yes_or("sensitive", false);
    map.done();
    work.measure.calendar.push_back(std::move(entry));
  }
}

void read_qualify(YamlMap& top, Work& work) {
  std::size_t number = 0;
  for (const YAML::Node& node : top.list("qualify", entries_max))
    work.measure.qualify.push_back(read_conditions(node, fmt::format("qualify[{}]", ++number), work));
}

Part read_part(const YAML::Node& node, const std::string& where, Work& work) {
  YamlMap map(node, where, work.mistake);
  Part part;
  const std::string of = map.text("of");
  if (const auto measured = of.empty() ? std::nullopt : read_measured(of, map.at("of"), work)) part.of = *measured;
  if (map.has("classes")) {
    YamlMap classes(map.at("classes"), where + ".classes", work.mistake);
    part.by_severity = {0, classes.number("D", 0, 1), classes.number("C", 0, 1), classes.number("B", 0, 1),
                        classes.number("A", 0, 1)};
    classes.done();
    if (part.of.quantity != Quantity::severity)
      map.wrong("classes", "only severity has classes", "write from and to");
  } else {
    part.from = map.number("from", -1e9, 1e9);
    part.to = map.number("to", -1e9, 1e9);
    if (part.from == part.to) map.wrong("to", "equals from", "x grows from 0 at \"from\" to 1 at \"to\"");
  }
  part.most = map.number_or("most", 0, 1, 1);
  map.done();
  return part;
}

void read_criteria(YamlMap& top, Work& work) {
  std::size_t number = 0;
  for (const YAML::Node& node : top.list("criteria", entries_max)) {
    YamlMap map(node, fmt::format("criteria[{}]", ++number), work.mistake);
    Criterion criterion;
    criterion.id = map.text("id");
    criterion.name = map.text("name");
    criterion.weight = map.number("weight", 0, 1);
    criterion.lowers = map.text("lowers");
    criterion.alarms_per_30d = read_rate(map);
    std::size_t part_number = 0;
    for (const YAML::Node& part : map.list("parts", entries_max))
      criterion.parts.push_back(read_part(part, fmt::format("{}.parts[{}]", map.where(), ++part_number), work));
    for (const Criterion& other : work.measure.criteria)
      if (other.id == criterion.id) map.wrong("id", fmt::format("\"{}\" stands twice", other.id), "name it otherwise");
    map.done();
    work.measure.criteria.push_back(std::move(criterion));
  }
}

std::vector<Bound> read_bounds(YamlMap& top, const char* key, bool may_silence, Work& work) {
  std::vector<Bound> bounds;
  std::size_t number = 0;
  for (const YAML::Node& node : top.list_or_none(key, entries_max)) {
    YamlMap map(node, fmt::format("{}[{}]", key, ++number), work.mistake);
    Bound bound;
    bound.id = map.text("id");
    bound.name = map.text("name");
    bound.lowers = map.text("lowers");
    bound.alarms_per_30d = read_rate(map);
    const bool silences = map.has("level") && map.text("level") == "none";
    if (!silences) bound.level = read_level(map, "level", work);
    if (silences && !may_silence) map.wrong("level", "a floor needs a level", "one of " + work.level_codes());
    if (map.has("when"))
      bound.when = read_conditions(map.at("when"), map.where() + ".when", work);
    else
      map.wrong("when", "is missing", "write the conditions, all of which must hold");
    map.done();
    bounds.push_back(std::move(bound));
  }
  return bounds;
}

void read_clocks(YamlMap& top, Work& work) {
  std::size_t number = 0;
  for (const YAML::Node& node : top.list("clocks", entries_max)) {
    YamlMap map(node, fmt::format("clocks[{}]", ++number), work.mistake);
    ClockRule clock;
    clock.id = map.text("id");
    clock.name = map.text("name");
    clock.clause = map.text("clause");
    clock.replaces = map.text_or("replaces", "");
    clock.within = map.span("within", Seconds{60}, year);
    for (const std::string& code : map.texts_or_none("levels", entries_max)) {
      if (const auto found = work.level(code))
        clock.ranks.push_back(work.measure.levels[*found].level.rank);
      else
        map.wrong("levels", fmt::format("there is no level \"{}\"", code), "one of " + work.level_codes());
    }
    if (clock.ranks.empty()) map.wrong("levels", "names none", "one or more of " + work.level_codes());
    map.done();
    work.measure.clocks.push_back(std::move(clock));
  }
  for (const std::string& text : top.texts_or_none("tell_percent", 20)) {
    const auto percent = parse_number(text);
    const auto& told = work.measure.tell_percent;
    if (!percent || *percent < 1 || *percent > 1000 || (!told.empty() && *percent <= told.back()))
      top.wrong("tell_percent", fmt::format("\"{}\" does not fit", text), "write rising whole numbers: [50, 80, 100]");
    work.measure.tell_percent.push_back(static_cast<int>(percent.value_or(100)));
  }
}

std::vector<int> read_windows(YamlMap& map, int most) {
  std::vector<int> hours;
  for (const std::string& text : map.texts_or_none("windows", 24)) {
    const auto span = parse_duration(text);
    if (!span || *span < std::chrono::hours{1} || *span > std::chrono::hours{most} ||
        span->count() % 3600 != 0)
      map.wrong("windows", fmt::format("\"{}\" is no whole hours up to {}h", text, most), "such as [1h, 3h, 6h]");
    else
      hours.push_back(static_cast<int>(span->count() / 3600));
  }
  if (hours.empty()) map.wrong("windows", "names none", "such as [1h, 3h, 6h]");
  std::sort(hours.begin(), hours.end());
  return hours;
}

constexpr std::size_t half_months = 24;

std::vector<BurstLevel> read_burst_levels(YamlMap& map, const char* key, Work& work) {
  std::vector<BurstLevel> levels;
  std::size_t number = 0;
  for (const YAML::Node& node : map.list(key, 9)) {
    YamlMap entry(node, fmt::format("{}.{}[{}]", map.where(), key, ++number), work.mistake);
    BurstLevel level{read_level(entry, "level", work).value_or(0), entry.number("surprise", 0.1, 300)};
    if (!levels.empty() && (level.surprise <= levels.back().surprise || level.level >= levels.back().level))
      entry.wrong("surprise", "entries rise in level and surprise", "put the least grave first");
    entry.done();
    levels.push_back(level);
  }
  return levels;
}

void read_bursts(YamlMap& top, Work& work) {
  YamlMap map(top.at("bursts"), "bursts", work.mistake);
  BurstRule& rule = work.measure.bursts;
  rule.all_stream = map.text("stream");
  rule.topics = map.yes_or("topics", true);
  rule.windows = read_windows(map, 24);
  rule.levels = read_burst_levels(map, "levels", work);
  rule.topic_levels = map.has("topic_levels") ? read_burst_levels(map, "topic_levels", work) : rule.levels;
  rule.schools = map.yes_or("schools", false);
  rule.cells = map.yes_or("cells", false);
  rule.cell_levels = map.has("cell_levels") ? read_burst_levels(map, "cell_levels", work) : rule.topic_levels;
  rule.refractory = map.span("refractory", Seconds{3600}, 30 * day);
  rule.outage = map.span("outage", Seconds{3600}, 7 * day);
  rule.history = map.span("history", day, year);
  rule.late = map.span("late", Seconds{3600}, 30 * day);
  rule.observed_min = map.whole("observed_min", 1, 1'000'000);
  rule.alarms_per_30d = map.number_or("alarms_per_30d", 0, 1000, 0);
  if (map.has("cusum")) {
    YamlMap sum(map.at("cusum"), "bursts.cusum", work.mistake);
    rule.cusum_ratio = sum.number("ratio", 1.1, 20);
    rule.cusum = sum.number("threshold", 0.1, 1000);
    rule.topic_cusum = sum.number_or("topic_threshold", 0.1, 1000, rule.cusum);
    sum.done();
  }
  if (map.has("season")) {
    for (const std::string& text : map.texts_or_none("season", half_months))
      if (const auto value = parse_number(text); value && *value >= 0.05 && *value <= 20) rule.season.push_back(*value);
    if (rule.season.size() != half_months)
      map.wrong("season", "is not 24 numbers from 0.05 to 20", "one a half month, from the first of January on");
  }
  if (map.has("days")) {
    YamlMap days(map.at("days"), "bursts.days", work.mistake);
    rule.weekend = days.number_or("weekend", 0.05, 20, 1);
    rule.holiday = days.number_or("holiday", 0.05, 20, rule.weekend);
    days.done();
  }
  if (map.has("story")) {
    YamlMap story(map.at("story"), "bursts.story", work.mistake);
    rule.story = {story.number("surprise", 0.1, 300), story.number("share", 0.01, 1), story.number("size", 0.1, 100),
                  story.number_or("fresh", 0, 1, 0)};
    story.done();
  }
  map.done();
}

void read_dynamics(YamlMap& top, Work& work) {
  Measure& measure = work.measure;
  YamlMap down(top.at("down"), "down", work.mistake);
  measure.margin = down.number("margin", 0, 100);
  measure.hold = down.span("hold", Seconds{0}, 30 * day);
  down.done();
  YamlMap relapse(top.at("relapse"), "relapse", work.mistake);
  measure.relapse_within = relapse.span("within", Seconds{0}, year);
  measure.relapse_after = relapse.span("after", Seconds{0}, year);
  measure.relapse_heat = relapse.number("heat", 0, 1);
  relapse.done();
  YamlMap heat(top.at("heat"), "heat", work.mistake);
  measure.percentile_stories_min = heat.number("stories_min", 1, 1e6);
  heat.done();
  YamlMap growth(top.at("growth"), "growth", work.mistake);
  measure.growth = {read_windows(growth, 48), growth.number("typical", 0.01, 1e6), growth.number("size", 0.1, 100)};
  growth.done();
}

void read_measure(const YAML::Node& root, Work& work) {
  YamlMap top(root, "the measure", work.mistake);
  Measure& measure = work.measure;
  measure.name = top.text("name");
  measure.notice = top.text("notice");
  measure.version = top.text("version");
  measure.measured = top.text_or("measured", "");
  read_levels(top, work);
  read_words(top, work);
  read_calendar(top, work);
  measure.day_kinds = read_holidays(top, work.mistake);
  read_dynamics(top, work);
  read_qualify(top, work);
  read_criteria(top, work);
  measure.floors = read_bounds(top, "floors", false, work);
  measure.ceilings = read_bounds(top, "ceilings", true, work);
  read_clocks(top, work);
  read_bursts(top, work);
  top.done();
}

}  // namespace

Result<std::shared_ptr<const Measure>> parse_measure(std::string_view yaml, std::string_view file) {
  if (yaml.size() > yaml_bytes_max)
    return Error{Errc::bad_config, fmt::format("{}: {} bytes are no measure", file, yaml.size()), "1 MiB is the most"};
  if (!is_utf8(yaml)) return Error{Errc::bad_config, fmt::format("{}: not UTF-8", file), "save the file as UTF-8"};
  auto measure = std::make_shared<Measure>();
  Mistake mistake(file);
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    Work work{*measure, mistake};
    read_measure(root, work);
  } catch (const YAML::Exception& bad) {  // yaml-cpp knows no other way to say so
    mistake.at(bad.mark.is_null() ? 1 : bad.mark.line + 1, bad.msg,
               "indent with spaces, not tabs, and quote texts that hold \": \"");
  }
  if (mistake.first()) return *mistake.first();
  measure->version += "-" + sha256_hex(yaml).substr(0, 8);
  measure->text = std::string(yaml);
  return std::shared_ptr<const Measure>(std::move(measure));
}

}  // namespace tingchao::alerting
