// A story is judged again by alerting/explain.h. A burst is a matter of counts: hours older than two days
// before the alarm are final and adopted as they were stored, the documents of three days before them remembered
// with their stories; those since then are observed once more, in their order, until the alarm comes again.
#include "service/explain.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "service/cli/setup.h"

namespace tingchao::service {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr hours still_counted{
    48};  // bursts.late of the shipped measure: older documents are never counted late
constexpr days season{400};
constexpr hours story_span{72};  // how far back a burst looks at the documents of one story

std::string bytes_of(const std::vector<Reason>& reasons) {
  boost::json::array array;
  for (const Reason& reason : reasons) array.push_back(to_json(reason));
  return to_line(array);
}

// The change that is asked for, and the reasons before it.
Result<WarningChange> change_of(const std::vector<WarningChange>& history, const ExplainQuery& query,
                                std::vector<Reason>& before) {
  const WarningChange* found = nullptr;
  for (const WarningChange& change : history) {
    if (change.reasons.empty() || (query.seq != 0 && change.seq > query.seq)) continue;
    if (found) before = found->reasons;
    found = &change;
  }
  if (!found || (query.seq != 0 && found->seq != query.seq))
    return Error{Errc::not_found,
                 fmt::format("warning {} has no change {} with reasons", query.warning, query.seq),
                 "`tingchao warnings show` lists the changes; those of levels have reasons"};
  return *found;
}

Result<std::shared_ptr<const alerting::Measure>> measure_then(store::Store& store, const std::string& version,
                                                              const alerting::Measure& now, Explained& out) {
  auto kept = store.measure(version);
  if (!kept) return kept.error();
  out.measure_from_store = kept->has_value();
  if (*kept) return alerting::parse_measure((*kept)->text, "measure " + version);
  if (alerting::version_of(now) == version) return alerting::parse_measure(alerting::text_of(now), "measure");
  return Error{Errc::not_found, "the store kept no text of measure " + version,
               "name a configuration whose measure is that version with -c"};
}

Result<std::vector<alerting::ReadDocument>> read(const std::vector<store::StoredDocument>& stored,
                                                 const analyzer::Analyzer* again) {
  std::vector<alerting::ReadDocument> documents;
  for (const store::StoredDocument& each : stored)
    documents.push_back({each.document, again ? again->analyze(each.document) : each.analysis,
                         !each.placement.copy_of.empty()});
  return documents;
}

void check_evidence(store::Store& store, Explained& out) {
  std::set<std::string> hashes;
  for (const Evidence& evidence : out.warning.evidence) {
    const auto stored = store.document(evidence.document);
    ++out.sentences;
    if (stored && *stored) {
      const Document& document = (*stored)->document;
      const bool there = document.title.find(evidence.sentence) != std::string::npos ||
                         document.body.find(evidence.sentence) != std::string::npos;
      out.sentences_same += there && document.snapshot_hash == evidence.snapshot_hash;
    }
    if (evidence.snapshot_hash.empty() || !hashes.insert(evidence.snapshot_hash).second) continue;
    ++out.snapshots;
    const auto page = store.snapshot(evidence.snapshot_hash);
    out.snapshots_same += page && sha256_hex(*page) == evidence.snapshot_hash;
  }
}

Result<void> derive_story(store::Store& store, const std::vector<Reason>& before,
                          const analyzer::Analyzer& analyzer, const alerting::Measure& measure_now,
                          Explained& out) {
  auto judgement = store.judgement(out.warning.id, out.change.seq);
  if (!judgement) return judgement.error();
  if (judgement->empty())
    return Error{Errc::not_found,
                 fmt::format("no judgement was kept with change {} of {}", out.change.seq, out.warning.id),
                 "it was made before this version, or a person set the level"};
  auto head = alerting::head_of(*judgement);
  if (!head) return head.error();
  out.judged = *head;
  if (out.judged->measure_version.empty()) out.judged->measure_version = out.warning.measure_version;
  auto measure = measure_then(store, out.judged->measure_version, measure_now, out);
  if (!measure) return measure.error();
  auto stored = store.documents_of(out.warning.story);
  if (!stored) return stored.error();
  const std::string rules_now = analyzer.rules() ? analyzer::version_of(*analyzer.rules()) : "";
  out.read_again = rules_now == out.judged->rules_version;
  if (!out.read_again && !out.judged->asleep)
    out.why.push_back(
        fmt::format("规则已由 {} 改为 {}，研读结果取存档", out.judged->rules_version, rules_now));
  auto documents = read(*stored, out.read_again ? &analyzer : nullptr);
  if (!documents) return documents.error();
  auto derived = alerting::rederive(*judgement, *documents, **measure, before);
  if (!derived) return derived.error();
  out.documents = documents->size();
  out.reasons = std::move(derived->reasons);
  out.why.insert(out.why.end(), derived->gaps.begin(), derived->gaps.end());
  return {};
}

Result<void> derive_burst(store::Store& store, const alerting::Measure& measure_now, Explained& out) {
  auto measure = measure_then(store, out.warning.measure_version, measure_now, out);
  if (!measure) return measure.error();
  alerting::Warner warner(*measure);
  const Time begin = std::chrono::floor<hours>(out.change.at - still_counted);
  const auto known = store.stream_hours_since(begin - season);
  if (!known) return known.error();
  for (const store::StreamHour& hour : *known)
    if (hour.hour < begin) warner.adopt(alerting::StreamCount{hour.stream, hour.hour, hour.documents});
  const auto others = store.warnings(begin - days{17}, begin, false);
  if (!others) return others.error();
  for (const Warning& other : *others)
    if (other.kind == "burst" && other.raised_at < begin) warner.adopt(other);
  std::map<std::string, Story> stories;
  const auto known_stories = each_stored(store, begin - story_span, begin, [&](store::StoredDocument each) {
    Story& story = stories[each.placement.story];
    story.id = each.placement.story;
    warner.remember(story, each.document, each.analysis, each.placement, each.document.fetched_at);
  });
  if (!known_stories) return known_stories.error();
  const auto ran = each_stored(store, begin, out.change.at + Seconds{1}, [&](store::StoredDocument each) {
    if (!out.reasons.empty() || effective_time(each.document) < begin) return;
    Story& story = stories[each.placement.story];  // of no account for a burst
    story.id = each.placement.story;
    ++out.documents;
    for (alerting::Raised& raised :
         warner.observe(story, each.document, each.analysis, each.placement, each.document.fetched_at))
      if (raised.warning.id == out.warning.id && raised.change.level.rank == out.change.level.rank)
        out.reasons = std::move(raised.change.reasons);
  });
  if (!ran) return ran.error();
  if (out.reasons.empty()) out.why.push_back("按存档计数与文档重走这两天，没有再次达到门槛");
  return {};
}

}  // namespace

Result<Explained> explain(store::Store& store, const ExplainQuery& query, const analyzer::Analyzer& analyzer,
                          const alerting::Measure& measure) {
  auto warning = store.warning(query.warning);
  if (!warning) return warning.error();
  if (!*warning)
    return Error{Errc::not_found, "no warning " + query.warning, "`tingchao warnings list --all` shows ids"};
  auto history = store.history(query.warning);
  if (!history) return history.error();
  Explained out;
  out.warning = std::move(**warning);
  std::vector<Reason> before;
  auto change = change_of(*history, query, before);
  if (!change) return change.error();
  out.change = std::move(*change);
  const auto derived = out.warning.kind == "burst" ? derive_burst(store, measure, out)
                                                   : derive_story(store, before, analyzer, measure, out);
  if (!derived) return derived.error();
  check_evidence(store, out);
  const std::string stored = bytes_of(out.change.reasons);
  out.bytes = stored.size();
  out.hash = sha256_hex(stored);
  out.equal = stored == bytes_of(out.reasons);
  if (!out.equal && alerting::version_of(measure) != out.warning.measure_version)
    out.why.push_back(fmt::format("现行标准是 {}；这里按当时的 {} 重推", alerting::version_of(measure),
                                  out.warning.measure_version));
  return out;
}

}  // namespace tingchao::service
