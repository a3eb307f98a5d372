// Stories are chosen by heat, their documents by severity of what matched and by length of quote;
// nothing here writes a sentence.
#include "service/report.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "alerting/appraise.h"
#include "service/knowledge.h"
#include "service/ledger.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

using alerting::ReportedDocument;
using alerting::ReportedStory;

constexpr int stories_max = 12;
constexpr std::size_t documents_a_story = 5;
constexpr std::size_t good_news_max = 8;
constexpr std::size_t near_misses_max = 8;
constexpr double near_share = 0.6;  // of the lowest level's score
constexpr int story_documents_max = 2'000;
constexpr std::size_t unlisted_max = 12;
constexpr double unlisted_probability = 0.9;

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

// The most telling documents of a story, of those that it is shown one after the other.
class Telling {
 public:
  void look(const store::StoredDocument& each) {
    const int weight = weight_of(each);
    if (best_.size() == documents_a_story && weight <= best_.back().first) return;
    const auto place =
        std::find_if(best_.begin(), best_.end(), [&](const auto& other) { return other.first < weight; });
    best_.insert(place, {weight, {each.document, each.analysis}});
    if (best_.size() > documents_a_story) best_.pop_back();
  }
  ReportedStory of(const Story& story) const {
    ReportedStory reported;
    reported.story = story;
    for (const auto& [weight, document] : best_) reported.documents.push_back(document);
    return reported;
  }

 private:
  std::vector<std::pair<int, ReportedDocument>> best_;
};

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

std::set<std::string> warned_stories(const alerting::DigestInput& input) {
  std::set<std::string> stories;
  for (const Warning& warning : input.warnings)
    if (!warning.story.empty()) stories.insert(warning.story);
  return stories;
}

// What every document of the period is asked for, one at a time: its topics, whether it is good news, and
// whether it is relevant by the classifier though no rule matched, which is what the lists may lack. Copies,
// what is not ours and the rest of warned stories stay out of the latter two.
class EachDocument {
 public:
  explicit EachDocument(alerting::DigestInput& input) : input_(input), warned_(warned_stories(input)) {}

  void look(const store::StoredDocument& each) {
    for (const std::string& topic : each.analysis.topics) ++input_.topics[topic];
    if (warned_.contains(each.placement.story)) return;
    if (is_good_news(each) && input_.good_news.size() < good_news_max)
      input_.good_news.push_back({each.document, each.analysis});
    if (!each.analysis.matches.empty() || !each.analysis.ours || !each.placement.copy_of.empty()) return;
    const Judgement* relevance = judgement_of(each.analysis.judgements, "relevance");
    if (!relevance || relevance->label != "1" || relevance->probability < unlisted_probability) return;
    const auto place = std::find_if(unlisted_.begin(), unlisted_.end(),
                                    [&](const auto& other) { return other.first < relevance->probability; });
    unlisted_.insert(place, {relevance->probability, {each.document, each.analysis}});
    if (unlisted_.size() > unlisted_max) unlisted_.pop_back();
  }
  void finish() {
    for (auto& [probability, document] : unlisted_) input_.unlisted.push_back(std::move(document));
  }

 private:
  alerting::DigestInput& input_;
  std::set<std::string> warned_;
  std::vector<std::pair<double, ReportedDocument>> unlisted_;  // the surest first
};

Result<void> add_warnings(alerting::DigestInput& input, store::Store& store) {
  auto warnings = store.warnings(input.from, input.to, false);
  if (!warnings) return warnings.error();
  input.warnings = std::move(*warnings);
  auto still_open = store.warnings(Time{}, input.to, true);
  if (!still_open) return still_open.error();
  std::set<std::string> listed;
  for (const Warning& warning : input.warnings) listed.insert(warning.id);
  for (Warning& warning : *still_open)
    if (listed.insert(warning.id).second) input.warnings.push_back(std::move(warning));
  std::stable_sort(input.warnings.begin(), input.warnings.end(),
                   [](const Warning& a, const Warning& b) { return a.level.rank < b.level.rank; });
  return {};
}

// Nearest first, and no more of them than are told.
void add_near_miss(std::vector<ReportedStory>& near, ReportedStory story) {
  const auto place = std::find_if(near.begin(), near.end(), [&](const ReportedStory& other) {
    return other.appraisal->raw < story.appraisal->raw;
  });
  near.insert(place, std::move(story));
  if (near.size() > near_misses_max) near.pop_back();
}

// Hottest first into the stories; those without a warning that came near one at their newest moment, when
// their heat was greatest, into the near misses. Every story is asked with all its documents, one story and
// one document in memory at a time; quoted is what was seen within the period.
Result<void> add_stories(alerting::DigestInput& input, store::Store& store, const Config& config) {
  auto measure = load_measure(config.measure);
  if (!measure) return measure.error();
  auto ranks = store.note(heat_ranks_note);
  if (!ranks) return ranks.error();
  const std::set<std::string> warned = warned_stories(input);
  alerting::Appraiser appraiser(**measure, *ranks);
  return store.visit_stories(input.from, input.to, [&](const Story& story) -> Result<void> {
    if (story.education == 0) return {};
    const bool is_warned = warned.contains(story.id);
    const bool concerns = story.severity_best < 'D' || story.negative > 0;
    const bool room =
        static_cast<int>(input.stories.size()) < stories_max && (concerns || story.documents > 1);
    const bool may_be_near = !is_warned && concerns;
    if (!is_warned && !room && !may_be_near) return {};
    Telling telling;
    appraiser.forget();
    auto read = store.visit_documents_of(story.id, [&](const store::StoredDocument& each) {
      if (each.document.fetched_at >= input.to) return;
      if (may_be_near) appraiser.hear(each.document, each.analysis);
      if (each.document.fetched_at >= input.from) telling.look(each);
    });
    if (!read) return read;
    if (may_be_near) {
      alerting::Appraisal appraisal = appraiser.appraise(story, std::min(story.newest, input.to));
      if (appraisal.raw >= near_share * appraisal.needed) {
        ReportedStory near = telling.of(story);
        near.appraisal = std::move(appraisal);
        add_near_miss(input.near_misses, std::move(near));
        return {};
      }
    }
    if (is_warned || room) input.stories.push_back(telling.of(story));
    return {};
  });
}

// What a number of this period is held against: a whole month against the whole month before, else the same
// length.
Time before_from(const alerting::DigestInput& input) {
  const std::chrono::year_month_day first{std::chrono::floor<std::chrono::days>(input.from + china_offset)};
  const bool month = input.period == "month" && unsigned(first.day()) == 1;
  if (!month) return input.from - (input.to - input.from);
  const std::chrono::year_month_day next = first + std::chrono::months{1},
                                    last = first - std::chrono::months{1};
  if (std::chrono::floor<std::chrono::days>(input.to + china_offset) != std::chrono::sys_days{next})
    return input.from - (input.to - input.from);
  return std::chrono::time_point_cast<Seconds>(std::chrono::sys_days{last}) - china_offset;
}

// All that is kept of the story, but for more than anybody reads: then the first of them, and what it lists
// itself, its newest.
Result<void> add_members(alerting::SpecialInput& input, store::Store& store) {
  std::set<std::string> seen;
  const auto add = [&](const store::StoredDocument& each) {
    if (!seen.insert(each.document.id).second) return;
    if (!each.placement.copy_of.empty()) input.copies.insert(each.document.id);
    input.documents.push_back({each.document, each.analysis});
  };
  for (const std::string& id : input.story.members) {
    const auto document = store.document(id);
    if (!document) return document.error();
    if (*document) add(**document);
  }
  auto read = store.visit_documents_of(input.story.id, [&](const store::StoredDocument& each) {
    if (static_cast<int>(seen.size()) < story_documents_max) add(each);
  });
  if (!read) return read;
  std::stable_sort(input.documents.begin(), input.documents.end(), [](const auto& a, const auto& b) {
    return effective_time(a.document) < effective_time(b.document);
  });
  return {};
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

  auto before = store.hour_counts(before_from(input), from);
  if (!before) return before.error();
  for (const auto& hour : *before) input.documents_before += hour.documents;
  auto hours = store.hour_counts(from, to);
  if (!hours) return hours.error();
  add_trend(input, *hours);

  for (const auto& hour : *hours) input.documents += hour.documents;
  if (auto added = add_warnings(input, store); !added) return added.error();
  EachDocument each_document(input);
  constexpr int all = std::numeric_limits<int>::max();
  auto read =
      store.visit_newest(from, to, all, [&](const store::StoredDocument& each) { each_document.look(each); });
  if (!read) return read.error();
  each_document.finish();
  if (auto added = add_stories(input, store, config); !added) return added.error();
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

Result<alerting::Digest> write_special(store::Store& store, const Config& config, const std::string& id,
                                       Time now) {
  alerting::SpecialInput input;
  input.bureau = config.bureau;
  input.now = now;
  input.base_url = config.base_url;
  input.mail_domain = config.book.mail_domain;
  auto warning = store.warning(id);
  if (!warning) return warning.error();
  std::string story_id = id;
  if (*warning) {
    input.warning = std::move(**warning);
    story_id = input.warning->story;
    auto history = store.history(id);
    if (!history) return history.error();
    input.history = std::move(*history);
  }
  auto story = store.story(story_id);
  if (!story) return story.error();
  if (!*story && !input.warning)
    return Error{Errc::not_found, "no warning and no story " + id,
                 "`tingchao warnings list --all` and `tingchao stories list` show ids"};
  if (*story) input.story = std::move(**story);
  if (!input.warning) {
    auto warnings = store.warnings(Time{}, now + std::chrono::hours{24}, false);
    if (!warnings) return warnings.error();
    for (Warning& each : *warnings)
      if (each.story == story_id && (!input.warning || each.level.rank < input.warning->level.rank))
        input.warning = std::move(each);
    if (input.warning) {
      auto history = store.history(input.warning->id);
      if (!history) return history.error();
      input.history = std::move(*history);
    }
  }
  if (auto added = add_members(input, store); !added) return added.error();
  return alerting::compose_special(input, resource("rules/templates/special.html.mustache").value_or(""),
                                   resource("rules/templates/special.txt.mustache").value_or(""));
}

ReportSpan span_of(const std::string& period, Time day, Time now) {
  const Time midnight = china_midnight(day), end = midnight + std::chrono::hours{24};
  ReportSpan span{midnight, std::min(end, std::max(now, midnight + Seconds{1}))};
  if (period == "week") span.from = midnight - std::chrono::days{6};
  if (period == "month") {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(midnight + china_offset)};
    span.from = midnight - std::chrono::days{unsigned(date.day()) - 1};
  }
  return span;
}

std::vector<PlannedReport> reports_due(const Config& config, Time due) {
  std::vector<PlannedReport> reports{{"day", {due - std::chrono::hours{24}, due}}};
  const Time midnight = china_midnight(due), yesterday = midnight - std::chrono::hours{24};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(midnight + china_offset)};
  if (config.digest_week && china_weekday(midnight) == 1)
    reports.push_back({"week", span_of("week", yesterday, due)});
  if (config.digest_month && unsigned(date.day()) == 1)
    reports.push_back({"month", span_of("month", yesterday, due)});
  return reports;
}

}  // namespace tingchao::service
