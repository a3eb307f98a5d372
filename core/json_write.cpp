// Nouns to JSON. Members appear in the order of the structs, so the bytes are stable.
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

#include "core/analysis.h"
#include "core/delivery.h"
#include "core/document.h"
#include "core/json.h"
#include "core/source.h"
#include "core/silence.h"
#include "core/story.h"
#include "core/warning.h"

namespace tingchao {
namespace {

namespace json = boost::json;

void put(json::object& object, const char* key, const std::optional<Time>& at) {
  if (at) object[key] = to_rfc3339(*at);
}
template <class N>
void put(json::object& object, const char* key, const std::optional<N>& number) {
  if (number) object[key] = *number;
}
void put(json::object& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

json::array strings(const std::vector<std::string>& all) {
  json::array array;
  for (const std::string& each : all) array.emplace_back(each);
  return array;
}
json::array span(const Span& s) { return {s.begin, s.end}; }

json::object of(const Hit& hit) {
  json::object object{{"field", name(hit.field)},
                      {"span", span(hit.span)},
                      {"sentence", span(hit.sentence)},
                      {"term", hit.term}};
  put(object, "folding", hit.folding);
  return object;
}

json::object of(const Entity& entity) {
  return {{"kind", name(entity.kind)},   {"id", entity.id},           {"name", entity.name},
          {"field", name(entity.field)}, {"span", span(entity.span)}, {"confidence", entity.confidence},
          {"ours", entity.ours}};
}

json::object of(const Stance& stance) {
  json::array reasons;
  for (const StanceReason& reason : stance.reasons)
    reasons.push_back({{"text", reason.text},
                       {"points", reason.points},
                       {"field", name(reason.field)},
                       {"span", span(reason.span)}});
  return {{"score", stance.score},
          {"label", name(stance.label)},
          {"demands", stance.demands},
          {"reasons", std::move(reasons)}};
}

json::object of(const Fingerprint& fingerprint) {
  json::array slots;
  for (const std::uint32_t slot : fingerprint.minhash) slots.emplace_back(slot);
  return {{"exact", fingerprint.exact}, {"minhash", std::move(slots)}};
}

json::array of(const std::vector<TermWeight>& terms) {
  json::array array;
  for (const TermWeight& term : terms) array.push_back({term.term, term.weight, term.anchor});
  return array;
}

json::array of_judgements(const std::vector<Judgement>& judgements) {
  json::array all;
  for (const Judgement& each : judgements)
    all.push_back({each.head, each.label, std::round(each.probability * 1e4) / 1e4, strings(each.because)});
  return all;
}

json::object of(const Evidence& evidence) {
  json::object object{{"document", evidence.document},          {"url", evidence.url},
                      {"source_name", evidence.source_name},    {"title", evidence.title},
                      {"sentence", evidence.sentence},          {"rule", evidence.rule},
                      {"rule_name", evidence.rule_name},        {"rule_version", evidence.rule_version},
                      {"snapshot_hash", evidence.snapshot_hash}};
  put(object, "published_at", evidence.published_at);
  object["seen_at"] = to_rfc3339(evidence.seen_at);
  return object;
}

json::object of(const SpreadStep& step) {
  json::object object{{"source_name", step.source_name}, {"medium", step.medium}, {"document", step.document},
                      {"url", step.url}, {"at", to_rfc3339(step.at)}};
  if (step.copy) object["copy"] = true;
  return object;
}

json::object of(const Clock& clock) {
  json::object object{{"id", clock.id},
                      {"name", clock.name},
                      {"clause", clock.clause},
                      {"started", to_rfc3339(clock.started)},
                      {"due", to_rfc3339(clock.due)}};
  put(object, "met_at", clock.met_at);
  object["told_percent"] = clock.told_percent;
  return object;
}

}  // namespace

json::object to_json(const Source& source) {
  json::object selectors;
  const std::pair<const char*, const std::string&> parts[] = {
      {"item", source.selectors.item}, {"link", source.selectors.link},    {"title", source.selectors.title},
      {"time", source.selectors.time}, {"body", source.selectors.body},    {"next", source.selectors.next},
      {"post", source.selectors.post}, {"author", source.selectors.author}};
  for (const auto& [key, selector] : parts) put(selectors, key, selector);
  return {{"id", source.id},
          {"name", source.name},
          {"kind", name(source.kind)},
          {"urls", strings(source.urls)},
          {"interval", to_text(source.interval)},
          {"medium", source.medium},
          {"weight", source.weight},
          {"official", source.official},
          {"district", source.district},
          {"selectors", std::move(selectors)}};
}

json::object to_json(const SourceHealth& health) {
  json::object object{{"source", health.source}};
  put(object, "last_visit", health.last_visit);
  put(object, "last_success", health.last_success);
  put(object, "last_document", health.last_document);
  object["failures"] = health.failures;
  object["last_error"] = health.last_error;
  object["documents_total"] = health.documents_total;
  object["documents_24h"] = health.documents_24h;
  object["next_due"] = to_rfc3339(health.next_due);
  object["waits_for"] = health.waits_for;
  return object;
}

json::object to_json(const Document& document) {
  json::object object{{"id", document.id},         {"url", document.url},
                      {"source", document.source}, {"source_name", document.source_name},
                      {"medium", document.medium}, {"official", document.official},
                      {"weight", document.weight}};
  put(object, "district", document.district);
  object["title"] = document.title;
  object["body"] = document.body;
  put(object, "published_at", document.published_at);
  object["published_by"] = name(document.published_by);
  object["published_to_the_minute"] = document.published_to_the_minute;
  put(object, "modified_at", document.modified_at);
  object["fetched_at"] = to_rfc3339(document.fetched_at);
  if (document.thread)
    object["thread"] = {{"thread", document.thread->thread},
                        {"floor", document.thread->floor},
                        {"page", document.thread->page}};
  json::object reach;
  put(reach, "views", document.reach.views);
  put(reach, "replies", document.reach.replies);
  put(reach, "likes", document.reach.likes);
  put(reach, "heat", document.reach.heat);
  put(reach, "rank", document.reach.rank);
  if (!reach.empty()) object["reach"] = std::move(reach);
  put(object, "author_hash", document.author_hash);
  object["language"] = document.language;
  object["content_hash"] = document.content_hash;
  put(object, "snapshot_hash", document.snapshot_hash);
  object["layer"] = document.layer;
  object["confidence"] = document.confidence;
  return object;
}

json::object to_json(const RuleMatch& match) {
  json::array hits;
  for (const Hit& hit : match.hits) hits.push_back(of(hit));
  return {{"rule", match.rule},       {"name", match.name},
          {"topic", match.topic},     {"severity", std::string(1, static_cast<char>(match.severity))},
          {"version", match.version}, {"hits", std::move(hits)}};
}

json::object to_json(const Analysis& analysis) {
  json::array matches, entities;
  for (const RuleMatch& match : analysis.matches) matches.push_back(to_json(match));
  for (const Entity& entity : analysis.entities) entities.push_back(of(entity));
  const Context& c = analysis.context;
  return {{"document", analysis.document},
          {"matches", std::move(matches)},
          {"topics", strings(analysis.topics)},
          {"education", analysis.education},
          {"stance", of(analysis.stance)},
          {"entities", std::move(entities)},
          {"ours", analysis.ours},
          {"context",
           {{"negated", c.negated},
            {"refuted", c.refuted},
            {"drill", c.drill},
            {"fiction", c.fiction},
            {"past", c.past}}},
          {"terms", of(analysis.terms)},
          {"fingerprint", of(analysis.fingerprint)},
          {"judgements", of_judgements(analysis.judgements)},
          {"rules_version", analysis.rules_version}};
}

json::object to_json(const Story& story) {
  json::array origins, hourly;
  for (const Origin& origin : story.origins)
    origins.push_back({{"document", origin.document},
                       {"fingerprint", of(origin.fingerprint)},
                       {"at", to_rfc3339(origin.at)},
                       {"copies", origin.copies}});
  for (const auto& [hour, count] : story.hourly) hourly.push_back({to_rfc3339(hour), count});
  json::object media;
  for (const auto& [medium, count] : story.media) media[medium] = count;
  json::object object{
          {"id", story.id},
          {"title", story.title},
          {"topics", strings(story.topics)},
          {"schools", strings(story.schools)},
          {"first_seen", to_rfc3339(story.first_seen)},
          {"newest", to_rfc3339(story.newest)},
          {"documents", story.documents},
          {"origins", std::move(origins)},
          {"origins_total", story.origins_total},
          {"media", std::move(media)},
          {"sources", strings(story.sources)},
          {"speakers", story.speakers},
          {"negative", story.negative},
          {"education", story.education},
          {"severity_best", std::string(1, story.severity_best)},
          {"heat", story.heat},
          {"heat_peak", story.heat_peak},
          {"hot_rank_best", story.hot_rank_best},
          {"hourly", std::move(hourly)},
          {"official_answer", story.official_answer},
          {"members", strings(story.members)},
          {"centroid", of(story.centroid)},
          {"merged", strings(story.merged)},
          {"opener", story.opener},
          {"split_from", story.split_from}};
  put(object, "slept_at", story.slept_at);
  put(object, "woken_at", story.woken_at);
  return object;
}

json::object to_json(const Level& level) {
  return {{"code", level.code}, {"colour", level.colour}, {"name", level.name}, {"rank", level.rank}};
}

json::object to_json(const Reason& reason) {
  return {{"criterion", reason.criterion}, {"name", reason.name},
          {"observed", reason.observed},   {"expected", reason.expected},
          {"threshold", reason.threshold}, {"points", reason.points},
          {"lowers", reason.lowers},       {"documents", strings(reason.documents)}};
}

json::object to_json(const Warning& warning) {
  json::array reasons, evidence, clocks, spread;
  for (const Reason& reason : warning.reasons) reasons.push_back(to_json(reason));
  for (const Evidence& each : warning.evidence) evidence.push_back(of(each));
  for (const Clock& clock : warning.clocks) clocks.push_back(of(clock));
  for (const SpreadStep& step : warning.spread) spread.push_back(of(step));
  json::object object{{"id", warning.id},       {"kind", warning.kind},   {"stream", warning.stream},
                      {"story", warning.story}, {"title", warning.title}, {"level", to_json(warning.level)}};
  if (warning.level_peak) object["level_peak"] = to_json(*warning.level_peak);
  object["score"] = warning.score;
  object["needs_confirmation"] = warning.needs_confirmation;
  object["level_held"] = warning.level_held;
  object["state"] = name(warning.state);
  object["topics"] = strings(warning.topics);
  object["schools"] = strings(warning.schools);
  object["reasons"] = std::move(reasons);
  object["evidence"] = std::move(evidence);
  object["clocks"] = std::move(clocks);
  object["spread"] = std::move(spread);
  object["raised_at"] = to_rfc3339(warning.raised_at);
  object["changed_at"] = to_rfc3339(warning.changed_at);
  object["state_since"] = to_rfc3339(warning.state_since);
  object["escalated"] = warning.escalated.count();
  put(object, "below_since", warning.below_since);
  object["measure_version"] = warning.measure_version;
  put(object, "assignee", warning.assignee);
  put(object, "answer_url", warning.answer_url);
  put(object, "official_answer", warning.official_answer);
  put(object, "official_url", warning.official_url);
  put(object, "verdict", warning.verdict);
  put(object, "merged_into", warning.merged_into);
  put(object, "wave", warning.wave);
  object["changes"] = warning.changes;
  object["version"] = warning.version;
  return object;
}

json::object to_json(const WarningChange& change) {
  json::array reasons;
  for (const Reason& reason : change.reasons) reasons.push_back(to_json(reason));
  json::object object{{"warning", change.warning},
                      {"seq", change.seq},
                      {"at", to_rfc3339(change.at)},
                      {"event", name(change.event)},
                      {"level", to_json(change.level)}};
  if (change.level_before) object["level_before"] = to_json(*change.level_before);
  object["state"] = name(change.state);
  object["actor"] = change.actor;
  put(object, "note", change.note);
  object["reasons"] = std::move(reasons);
  return object;
}

json::object to_json(const Delivery& delivery) {
  json::object object{{"id", delivery.id},
                      {"key", delivery.key},
                      {"warning", delivery.warning},
                      {"seq", delivery.seq},
                      {"stream", delivery.stream},
                      {"channel", delivery.channel},
                      {"recipient", delivery.recipient},
                      {"level_rank", delivery.level_rank},
                      {"subject", delivery.subject},
                      {"body", delivery.body},
                      {"message_id", delivery.message_id},
                      {"created", to_rfc3339(delivery.created)},
                      {"not_before", to_rfc3339(delivery.not_before)},
                      {"attempts", delivery.attempts},
                      {"state", name(delivery.state)},
                      {"answer", delivery.answer}};
  put(object, "sent_at", delivery.sent_at);
  return object;
}

json::object to_json(const Silence& silence) {
  json::object object{{"id", silence.id}};
  put(object, "warning", silence.warning);
  put(object, "topic", silence.topic);
  put(object, "school", silence.school);
  put(object, "stream", silence.stream);
  object["author"] = silence.author;
  object["reason"] = silence.reason;
  object["begins"] = to_rfc3339(silence.begins);
  object["ends"] = to_rfc3339(silence.ends);
  put(object, "lifted_at", silence.lifted_at);
  put(object, "lifted_by", silence.lifted_by);
  return object;
}

namespace {

// The shortest digits that read back as the same number, as a person would write them; the library's own
// form is 9E-1.
void write_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out += text;
  if (text.find_first_of(".e") == text.npos) out += ".0";
}

// As deep as the values that this program makes or has parsed within its bound.
void write(std::string& out, const json::value& value) {
  const auto list = [&out](const auto& items, char open, char close, const auto& one) {
    out.push_back(open);
    for (bool first = true; const auto& item : items) {
      if (!std::exchange(first, false)) out.push_back(',');
      one(item);
    }
    out.push_back(close);
  };
  if (const auto* number = value.if_double()) {
    write_number(out, *number);
  } else if (const auto* array = value.if_array()) {
    list(*array, '[', ']', [&](const json::value& item) { write(out, item); });
  } else if (const auto* object = value.if_object()) {
    list(*object, '{', '}', [&](const auto& member) {
      out += json::serialize(member.key());
      out.push_back(':');
      write(out, member.value());
    });
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string to_line(const json::value& value) {
  std::string out;
  write(out, value);
  return out;
}

Result<json::value> parse_json(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 32;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return Error{Errc::bad_markup, "not JSON: " + error.message(), "one complete JSON value"};
  return value;
}

}  // namespace tingchao
