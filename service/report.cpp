// Stories are chosen by heat, their documents by severity of what matched and by length of quote;
// nothing here writes a sentence.
#include "service/report.h"

#include <algorithm>
#include <map>
#include <set>

#include "service/resources.h"

namespace tingchao::service {
namespace {

using alerting::ReportedDocument;
using alerting::ReportedStory;

constexpr int stories_max = 12;
constexpr std::size_t documents_a_story = 5;
constexpr std::size_t good_news_max = 8;
constexpr std::size_t near_misses_max = 8;
constexpr int documents_max = 20'000;

// How telling a document is for a reader of the report.
int weight_of(const store::StoredDocument& each) {
  int weight = each.placement.copy_of.empty() ? 4 : 0;
  if (!each.analysis.matches.empty())
    weight += 'E' - static_cast<char>(each.analysis.matches.front().severity);
  if (each.document.official) weight += 3;
  if (!each.document.body.empty()) weight += 1;
  if (!each.document.thread || each.document.thread->floor == 1) weight += 1;
  return weight;
}

ReportedStory report_story(const Story& story, std::vector<const store::StoredDocument*> members) {
  std::stable_sort(members.begin(), members.end(),
                   [](const auto* a, const auto* b) { return weight_of(*a) > weight_of(*b); });
  if (members.size() > documents_a_story) members.resize(documents_a_story);
  ReportedStory reported;
  reported.story = story;
  for (const auto* member : members) reported.documents.push_back({member->document, member->analysis});
  return reported;
}

bool is_good_news(const store::StoredDocument& each) {
  const Analysis& a = each.analysis;
  return a.education && a.ours && each.placement.copy_of.empty() && a.stance.label == StanceLabel::positive &&
         std::all_of(a.matches.begin(), a.matches.end(),
                     [](const RuleMatch& m) { return m.severity == Severity::d; });
}

void add_trend(alerting::DigestInput& input, const std::vector<store::Store::HourCount>& hours) {
  const bool daily = input.to - input.from > std::chrono::hours{49};
  const Seconds step = daily ? Seconds{std::chrono::hours{24}} : Seconds{std::chrono::hours{1}};
  std::map<Time, std::pair<int, int>> buckets;
  for (Time at = daily ? china_midnight(input.from) : std::chrono::floor<std::chrono::hours>(input.from);
       at < input.to; at += step)
    buckets[at];
  for (const auto& hour : hours) {
    auto bucket = buckets.upper_bound(hour.hour);
    if (bucket == buckets.begin()) continue;
    --bucket;
    bucket->second.first += hour.documents;
    bucket->second.second += hour.negative;
  }
  for (const auto& [at, counts] : buckets) {
    input.trend.emplace_back(at, counts.first);
    input.trend_negative.emplace_back(at, counts.second);
  }
}

}  // namespace

Result<alerting::DigestInput> gather_digest(store::Store& store, const Config& config, Time from, Time to,
                                            const std::string& period) {
  alerting::DigestInput input;
  input.bureau = config.bureau;
  input.period = period;
  input.from = from;
  input.to = to;
  input.base_url = config.base_url;
  input.mail_domain = config.book.mail_domain;
  for (const Source& source : config.sources) input.source_names[source.id] = source.name;

  auto documents = store.documents_between(from, to, documents_max);
  if (!documents) return documents.error();
  auto before = store.hour_counts(from - (to - from), from);
  if (!before) return before.error();
  for (const auto& hour : *before) input.documents_before += hour.documents;
  auto hours = store.hour_counts(from, to);
  if (!hours) return hours.error();
  add_trend(input, *hours);

  for (const auto& hour : *hours) input.documents += hour.documents;
  std::map<std::string, std::vector<const store::StoredDocument*>> members;
  for (const store::StoredDocument& each : *documents) {
    members[each.placement.story].push_back(&each);
    for (const std::string& topic : each.analysis.topics) ++input.topics[topic];
    if (is_good_news(each) && input.good_news.size() < good_news_max)
      input.good_news.push_back({each.document, each.analysis});
  }

  auto warnings = store.warnings(from, to, false);
  if (!warnings) return warnings.error();
  input.warnings = std::move(*warnings);
  auto still_open = store.warnings(Time{}, to, true);
  if (!still_open) return still_open.error();
  std::set<std::string> listed, warned;
  for (const Warning& warning : input.warnings) listed.insert(warning.id);
  for (Warning& warning : *still_open)
    if (listed.insert(warning.id).second) input.warnings.push_back(std::move(warning));
  std::stable_sort(input.warnings.begin(), input.warnings.end(),
                   [](const Warning& a, const Warning& b) { return a.level.rank < b.level.rank; });
  for (const Warning& warning : input.warnings) warned.insert(warning.story);

  auto stories = store.stories(from, to, 400);
  if (!stories) return stories.error();
  for (const Story& story : *stories) {
    if (story.education == 0) continue;
    const bool is_warned = warned.count(story.id) > 0;
    const bool concerns = story.severity_best < 'D' || story.negative > 0;
    if (is_warned || static_cast<int>(input.stories.size()) < stories_max) {
      if (is_warned || concerns || story.documents > 1)
        input.stories.push_back(report_story(story, members[story.id]));
    } else if (concerns && input.near_misses.size() < near_misses_max) {
      input.near_misses.push_back(report_story(story, members[story.id]));
    }
  }
  auto health = store.health();
  if (!health) return health.error();
  input.sources = std::move(*health);
  return input;
}

Result<alerting::Digest> write_digest(store::Store& store, const Config& config, Time from, Time to,
                                      const std::string& period) {
  auto input = gather_digest(store, config, from, to, period);
  if (!input) return input.error();
  return alerting::compose(*input, resource("rules/templates/digest.html.mustache").value_or(""),
                           resource("rules/templates/digest.txt.mustache").value_or(""));
}

}  // namespace tingchao::service
