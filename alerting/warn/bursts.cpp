// Counting is by the hour a document was published in; an undated one only shows that the input is
// alive, for on the day of the first crawl a whole archive would look like a burst. For the same
// reason what is older than `late` when first seen is not counted at all, nor is the entry of a hot
// list that stood there the day before (a list read anew after midnight would repeat itself whole).
#include "alerting/warn/bursts.h"

#include <algorithm>

#include "core/hash.h"

namespace tingchao::alerting {
namespace {

// The hour that a document counts in; empty when it does not count.
std::optional<HourNumber> counted_hour(const Document& document, const Measure& measure, Time now) {
  if (!is_dated(document)) return std::nullopt;
  Time at = std::min(effective_time(document), now);
  // Only the day is known: today's count when seen, an earlier day's at its noon.
  if (!document.published_to_the_minute) {
    const bool today = china_midnight(at) == china_midnight(now);
    at = today ? now : china_midnight(at) + std::chrono::hours{12};
  }
  if (now - at > measure.bursts.late) return std::nullopt;
  return hour_number(at);
}

constexpr std::size_t listed_max = 20'000;
constexpr std::size_t changed_max = 50'000;  // a caller that never takes the counts does not keep them

Evidence mention(const Document& document) {
  Evidence evidence;
  evidence.document = document.id;
  evidence.url = document.url;
  evidence.source_name = document.source_name.empty() ? document.source : document.source_name;
  evidence.title = document.title;
  evidence.sentence = document.title;
  evidence.snapshot_hash = document.snapshot_hash;
  evidence.published_at = document.published_at;
  return evidence;
}

constexpr const char* school_prefix = "学校·";
constexpr const char* cell_prefix = "分区·";

const std::vector<BurstLevel>& levels_for(const std::string& stream, const BurstRule& rule) {
  if (stream == rule.all_stream) return rule.levels;
  return is_school_stream(stream) || is_cell_stream(stream) ? rule.cell_levels : rule.topic_levels;
}

bool looks_at_stories(const std::string& stream, const BurstRule& rule) {
  return stream == rule.all_stream && rule.story.surprise > 0;
}

double sum_threshold(const std::string& stream, const BurstRule& rule) {
  return stream == rule.all_stream ? rule.cusum : rule.topic_cusum;
}

std::string top_level(const std::string& topic) { return topic.substr(0, topic.find('/')); }

// The measure's scores run linearly between the thresholds of its levels.
double score_of(const std::vector<BurstLevel>& levels, const Measure& measure, double surprise) {
  const auto score = [&measure](const BurstLevel& level) { return measure.levels[level.level].score; };
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    if (surprise >= levels[i + 1].surprise) continue;
    const double way = (surprise - levels[i].surprise) / (levels[i + 1].surprise - levels[i].surprise);
    return score(levels[i]) + way * (score(levels[i + 1]) - score(levels[i]));
  }
  return score(levels.back());
}

}  // namespace

bool is_school_stream(const std::string& stream) { return stream.starts_with(school_prefix); }
bool is_cell_stream(const std::string& stream) { return stream.starts_with(cell_prefix); }

void name_stream(Warning& warning, const Measure& measure) {
  const std::string_view stream = warning.stream;
  if (is_school_stream(warning.stream)) {
    warning.schools = {std::string(stream.substr(std::string_view(school_prefix).size()))};
  } else if (is_cell_stream(warning.stream)) {
    const std::string_view rest = stream.substr(std::string_view(cell_prefix).size());
    warning.topics = {std::string(rest.substr(0, rest.find("·")))};
  } else if (stream != measure.bursts.all_stream) {
    warning.topics = {warning.stream};
  }
}

std::vector<std::string> Bursts::streams_of(const Document& document, const Analysis& analysis,
                                            const Measure& measure) const {
  std::vector<std::string> streams;
  if (analysis.education) streams.push_back(measure.bursts.all_stream);
  const auto add = [&streams](std::string stream) {
    if (std::find(streams.begin(), streams.end(), stream) == streams.end())
      streams.push_back(std::move(stream));
  };
  std::vector<std::string> topics;
  for (const std::string& topic : analysis.topics) {
    std::string stream = top_level(topic);
    if (stream.empty() || stream == alive_stream || stream == missing_stream) continue;
    if (std::find(topics.begin(), topics.end(), stream) == topics.end()) topics.push_back(std::move(stream));
  }
  if (measure.bursts.topics)
    for (const std::string& topic : topics) add(topic);
  if (measure.bursts.cells)
    for (const std::string& topic : topics)
      add(cell_prefix + topic + "·" + (document.district.empty() ? "未分区" : document.district) + "·" +
          document.medium);
  if (measure.bursts.schools)
    for (const Entity& entity : analysis.entities)
      if (entity.kind == EntityKind::school && entity.ours) add(school_prefix + entity.name);
  return streams;
}

Bursts::Watched* Bursts::watch(const std::string& stream) {
  if (const auto found = streams_.find(stream); found != streams_.end()) return &found->second;
  if (streams_.size() >= streams_max) return nullptr;
  return &streams_[stream];
}

bool Bursts::is_listed_on(const Document& document, HourNumber hour) {
  if (document.medium != "hotlist") return false;
  constexpr int days = 2;
  const int day = day_number(hour);
  if (listed_.size() >= listed_max)
    std::erase_if(listed_, [day](const auto& entry) { return day - entry.second.last_day > days; });
  if (listed_.size() >= listed_max) listed_.clear();
  const auto key = hash64(document.title, hash64(document.source));
  const auto entry = listed_.try_emplace(key, Listed{day, day}).first;
  Listed& listed = entry->second;
  if (day - listed.last_day > days) listed.first_day = day;
  listed.last_day = std::max(listed.last_day, day);
  return listed.first_day < day;
}

std::vector<std::string> Bursts::count(const Told& told, const Measure& measure, Time now) {
  const HourNumber hour_now = hour_number(now);
  coverage_.set_alive(hour_now, coverage_.alive(hour_now) + 1);
  if (changed_.size() >= changed_max) changed_.clear();
  changed_.insert({alive_stream, hour_now});
  const auto hour = counted_hour(told.document, measure, now);
  std::vector<std::string> counted;
  const std::vector<std::string> streams = streams_of(told.document, told.analysis, measure);
  if (!hour || streams.empty() || is_listed_on(told.document, *hour)) return counted;
  for (const std::string& stream : streams) {
    Watched* watched = watch(stream);
    if (!watched || !watched->counts.keeps(*hour)) continue;
    watched->counts.set(*hour, watched->counts.at(*hour) + 1);
    changed_.insert({stream, *hour});
    remember_in(*watched, told, now);
    counted.push_back(stream);
  }
  if (told.analysis.education && !told.story.empty()) stories_.add(told.story, *hour);
  return counted;
}

std::vector<Alarm> Bursts::observe(const Told& told, const Measure& measure, Time now) {
  std::vector<Alarm> alarms;
  for (const std::string& stream : count(told, measure, now))
    if (auto alarm = alarm_due(stream, streams_.at(stream), told.story, measure, now))
      alarms.push_back(std::move(*alarm));
  return alarms;
}

void Bursts::remember_in(Watched& watched, const Told& told, Time now) {
  watched.recent.push_back({std::min(effective_time(told.document), now), told.story, mention(told.document)});
  watched.recent.back().evidence.seen_at = now;
  if (watched.recent.size() > burst_documents_max) watched.recent.pop_front();
}

void Bursts::remember(const Told& told, const Measure& measure, Time now) {
  const auto hour = counted_hour(told.document, measure, now);
  const std::vector<std::string> streams = streams_of(told.document, told.analysis, measure);
  if (!hour || streams.empty() || is_listed_on(told.document, *hour)) return;
  for (const std::string& stream : streams)
    if (Watched* watched = watch(stream)) remember_in(*watched, told, now);
  if (told.analysis.education && !told.story.empty()) stories_.add(told.story, *hour);
}

// What the whole topic, or everything, has just alarmed for is no news in one of its parts.
bool Bursts::parent_rests(const std::string& cell, const BurstRule& rule, Time now) const {
  const std::string_view rest = std::string_view(cell).substr(std::string_view(cell_prefix).size());
  for (const std::string& parent : {rule.all_stream, std::string(rest.substr(0, rest.find("·")))})
    if (const auto found = streams_.find(parent); found != streams_.end())
      if (found->second.alarmed && now - *found->second.alarmed < rule.refractory) return true;
  return false;
}

// Of a stream that has not alarmed within the refractory span the first of: the window, one story, the sum. Else
// only a window that reaches a higher level than the alarm that stands.
std::optional<Alarm> Bursts::detect(const std::string& stream, const Watched& watched, const std::string& story,
                                    const Measure& measure, Time now) const {
  const BurstRule& rule = measure.bursts;
  const HourNumber hour = hour_number(now);
  const auto& levels = levels_for(stream, rule);
  const bool resting = watched.alarmed && now - *watched.alarmed < rule.refractory;
  Alarm alarm;
  alarm.stream = stream;
  alarm.first = !resting;
  alarm.since = resting ? *watched.alarmed : now;
  alarm.scan = watched.counts.scan(hour, coverage_, measure);
  const BurstLevel* reached = nullptr;
  for (const BurstLevel& level : levels)
    if (alarm.scan.hours > 0 && alarm.scan.surprise >= level.surprise) reached = &level;
  if (reached) {
    if (resting && reached->level >= watched.alarmed_level) return {};
    alarm.level = reached->level;
    alarm.threshold = reached->surprise;
    alarm.score = score_of(levels, measure, alarm.scan.surprise);
    return alarm;
  }
  if (resting) return {};
  alarm.level = levels.front().level;
  alarm.score = measure.levels[alarm.level].score;
  if (looks_at_stories(stream, rule) && !story.empty()) {
    alarm.found = Alarm::Found::story;
    alarm.threshold = rule.story.surprise;
    alarm.scan = watched.counts.scan_story(hour, stories_, story, coverage_, measure);
    if (alarm.scan.hours > 0 && alarm.scan.surprise >= rule.story.surprise) return alarm;
  }
  if (rule.cusum_ratio <= 1) return {};
  const auto alarmed = watched.alarmed ? std::optional(hour_number(*watched.alarmed)) : std::nullopt;
  const Sum sum = watched.counts.cusum(hour, alarmed, coverage_, measure);
  alarm.found = Alarm::Found::sum;
  alarm.threshold = sum_threshold(stream, rule);
  if (sum.value < alarm.threshold || sum.observed < rule.observed_min) return {};
  alarm.sum = sum.value;
  alarm.scan = {sum.hours, sum.observed, sum.expected, 0};
  return alarm;
}

Alarm::Lower Bursts::lower_of(const Alarm& alarm, const Watched& watched, const std::string& story,
                              const Measure& measure, Time now) const {
  const BurstRule& rule = measure.bursts;
  const Stream& counts = watched.counts;
  const HourNumber hour = hour_number(now);
  const double lowest = levels_for(alarm.stream, rule).front().surprise;
  Alarm::Lower lower;
  lower.windows = counts.limits(lowest, hour, coverage_, measure);
  if (alarm.found == Alarm::Found::window && alarm.threshold > lowest)
    lower.under_level = counts.limits(alarm.threshold, hour, coverage_, measure);
  if (!alarm.first) return lower;  // neither a story nor the sum is asked while the first alarm stands
  if (looks_at_stories(alarm.stream, rule) && !story.empty())
    lower.story = counts.story_limits(hour, stories_, story, coverage_, measure);
  if (rule.cusum_ratio <= 1) return lower;
  const auto alarmed = watched.alarmed ? std::optional(hour_number(*watched.alarmed)) : std::nullopt;
  lower.sum = counts.sum_limit(sum_threshold(alarm.stream, rule), hour, alarmed, coverage_, measure);
  if (lower.sum) lower.steady = counts.steady(hour, coverage_, measure);
  return lower;
}

std::optional<Alarm> Bursts::alarm_due(const std::string& stream, Watched& watched, const std::string& story,
                                       const Measure& measure, Time now) const {
  const HourNumber hour = hour_number(now);
  const Baseline& normal = watched.counts.baseline(day_number(hour), coverage_, measure);
  if (normal.history_days < measure.bursts.history / std::chrono::days{1}) return {};
  if (is_cell_stream(stream) && parent_rests(stream, measure.bursts, now)) return {};
  std::optional<Alarm> alarm = detect(stream, watched, story, measure, now);
  if (!alarm) return {};
  alarm->lower = lower_of(*alarm, watched, story, measure, now);
  watched.alarmed = alarm->since;
  watched.alarmed_level = alarm->level;
  const Time begin = hour_begin(hour - alarm->scan.hours + 1);
  for (auto recent = watched.recent.rbegin(); recent != watched.recent.rend(); ++recent)
    if (recent->at >= begin && (alarm->found != Alarm::Found::story || recent->story == story))
      alarm->documents.push_back(recent->evidence);
  return alarm;
}

void Bursts::measure_changed() {
  for (auto& [stream, watched] : streams_) watched.counts.forget_baseline();
}

void Bursts::mark_missing(Time hour) {
  coverage_.set_missing(hour_number(hour));
  changed_.insert({missing_stream, hour_number(hour)});
}

std::vector<StreamCount> Bursts::take_counts() {
  std::vector<StreamCount> counts;
  for (const auto& [stream, hour] : changed_) {
    int documents = 1;
    if (stream == alive_stream)
      documents = coverage_.alive(hour);
    else if (stream != missing_stream)
      documents = streams_.at(stream).counts.at(hour);
    counts.push_back({stream, hour_begin(hour), documents});
  }
  changed_.clear();
  return counts;
}

void Bursts::adopt(const StreamCount& count) {
  const HourNumber hour = hour_number(count.hour);
  if (count.stream == alive_stream) {
    coverage_.set_alive(hour, count.documents);
  } else if (count.stream == missing_stream) {
    if (count.documents > 0) coverage_.set_missing(hour);
  } else if (Watched* watched = watch(count.stream)) {
    watched->counts.set(hour, count.documents);
  }
}

void Bursts::adopt_alarm(const std::string& stream, std::size_t level, Time since) {
  Watched* watched = watch(stream);
  if (!watched || (watched->alarmed && *watched->alarmed > since)) return;
  watched->alarmed = since;
  watched->alarmed_level = level;
}

}  // namespace tingchao::alerting
