// JSON back to nouns; the mirror of json_write.cpp.
#include "core/json_read.h"

#include "core/analysis.h"
#include "core/document.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/silence.h"
#include "core/story.h"
#include "core/utf8.h"
#include "core/warning.h"

namespace tingchao {
namespace {

namespace json = boost::json;

// An enumeration by its word: tries each value's name from the first on.
template <class E>
void read_word(Members& m, std::string_view key, E& target, int count) {
  std::string word;
  m.read(key, word);
  if (word.empty()) return;
  for (int i = 0; i < count; ++i)
    if (word == name(static_cast<E>(i))) {
      target = static_cast<E>(i);
      return;
    }
  m.wrong(key, "is an unknown word");
}

void read_span(Members& m, std::string_view key, Span& span) {
  const auto* value = m.find(key);
  if (!value) return;
  const auto* array = value->if_array();
  json::error_code first, second;
  if (!array || array->size() != 2) return m.wrong(key, "is no pair");
  span.begin = (*array)[0].to_number<std::uint32_t>(first);
  span.end = (*array)[1].to_number<std::uint32_t>(second);
  if (first || second || span.end < span.begin) m.wrong(key, "is no span");
}

// Reads one item with `read(Members&)`; its mistake becomes the parent's.
template <class F>
void item(Members& parent, std::string_view key, const json::value& value, F read) {
  Members m(value, key);
  read(m);
  if (!m.good()) parent.wrong("", m.error().detail);
}

void read_severity(Members& m, std::string_view key, char& severity) {
  std::string text;
  m.read(key, text);
  if (text.empty()) return;
  if (text.size() != 1 || text[0] < 'A' || text[0] > 'D') return m.wrong(key, "is none of A, B, C, D");
  severity = text[0];
}

void read(Members& m, Fingerprint& fingerprint) {
  m.read("exact", fingerprint.exact);
  m.each("minhash", [&](const json::value& slot) {
    json::error_code error;
    fingerprint.minhash.push_back(slot.to_number<std::uint32_t>(error));
    if (error) m.wrong("minhash", "holds something that is no slot");
  });
}

void read_terms(Members& m, std::string_view key, std::vector<TermWeight>& terms) {
  m.each(key, [&](const json::value& value) {
    const auto* array = value.if_array();
    if (!array || array->size() != 3 || !(*array)[0].is_string() || !(*array)[1].is_number() ||
        !(*array)[2].is_bool())
      return m.wrong(key, "holds something that is no term");
    const auto& text = (*array)[0].get_string();
    terms.push_back(
        {std::string(text.data(), text.size()), (*array)[1].to_number<float>(), (*array)[2].get_bool()});
  });
}

void read_judgements(Members& m, std::string_view key, std::vector<Judgement>& judgements) {
  m.each(key, [&](const json::value& value) {
    const auto* row = value.if_array();
    if (!row || row->size() != 4 || !(*row)[0].is_string() || !(*row)[1].is_string() || !(*row)[2].is_number() ||
        !(*row)[3].is_array())
      return m.wrong(key, "holds something that is no judgement");
    Judgement& judgement = judgements.emplace_back();
    judgement.head = (*row)[0].get_string().c_str();
    judgement.label = (*row)[1].get_string().c_str();
    judgement.probability = (*row)[2].to_number<double>();
    for (const json::value& reason : (*row)[3].get_array())
      if (const auto* text = reason.if_string()) judgement.because.emplace_back(text->c_str());
  });
}

void read(Members& m, Hit& hit) {
  read_word(m, "field", hit.field, 2);
  read_span(m, "span", hit.span);
  read_span(m, "sentence", hit.sentence);
  m.read("term", hit.term);
  m.read("folding", hit.folding);
}

void read(Members& m, RuleMatch& match) {
  m.read("rule", match.rule);
  m.read("name", match.name);
  m.read("topic", match.topic);
  char severity = 'D';
  read_severity(m, "severity", severity);
  match.severity = static_cast<Severity>(severity);
  m.read("version", match.version);
  m.each("hits", [&](const json::value& value) {
    item(m, "hit", value, [&](Members& h) { read(h, match.hits.emplace_back()); });
  });
}

void read(Members& m, Entity& entity) {
  read_word(m, "kind", entity.kind, 3);
  m.read("id", entity.id);
  m.read("name", entity.name);
  read_word(m, "field", entity.field, 2);
  read_span(m, "span", entity.span);
  m.read("confidence", entity.confidence);
  m.read("ours", entity.ours);
}

void read(Members& m, Stance& stance) {
  m.read("score", stance.score);
  read_word(m, "label", stance.label, 3);
  m.read("demands", stance.demands);
  m.each("reasons", [&](const json::value& value) {
    item(m, "reason", value, [&](Members& r) {
      StanceReason& reason = stance.reasons.emplace_back();
      r.read("text", reason.text);
      r.read("points", reason.points);
      read_word(r, "field", reason.field, 2);
      read_span(r, "span", reason.span);
    });
  });
}

void read(Members& m, Level& level) {
  m.read("code", level.code);
  m.read("colour", level.colour);
  m.read("name", level.name);
  m.read("rank", level.rank);
}

void read(Members& m, Reason& reason) {
  m.read("criterion", reason.criterion);
  m.read("name", reason.name);
  m.read("observed", reason.observed);
  m.read("expected", reason.expected);
  m.read("threshold", reason.threshold);
  m.read("points", reason.points);
  m.read("lowers", reason.lowers);
  m.read("documents", reason.documents);
}

void read(Members& m, Evidence& evidence) {
  m.read("document", evidence.document);
  m.read("url", evidence.url);
  m.read("source_name", evidence.source_name);
  m.read("title", evidence.title);
  m.read("sentence", evidence.sentence);
  m.read("rule", evidence.rule);
  m.read("rule_name", evidence.rule_name);
  m.read("rule_version", evidence.rule_version);
  m.read("snapshot_hash", evidence.snapshot_hash);
  m.read("published_at", evidence.published_at);
  m.read("seen_at", evidence.seen_at);
}

void read(Members& m, Clock& clock) {
  m.read("id", clock.id);
  m.read("name", clock.name);
  m.read("clause", clock.clause);
  m.read("started", clock.started);
  m.read("due", clock.due);
  m.read("met_at", clock.met_at);
  m.read("told_percent", clock.told_percent);
}

void read(Members& m, SpreadStep& step) {
  m.read("source_name", step.source_name);
  m.read("medium", step.medium);
  m.read("document", step.document);
  m.read("url", step.url);
  m.read("at", step.at);
  m.read("copy", step.copy);
}

template <class T>
void read_part(Members& m, std::string_view key, T& target) {
  if (const auto* value = m.find(key)) item(m, key, *value, [&](Members& part) { read(part, target); });
}
template <class T>
void read_all(Members& m, std::string_view key, std::vector<T>& targets) {
  m.each(key, [&](const json::value& value) {
    item(m, key, value, [&](Members& part) { read(part, targets.emplace_back()); });
  });
}

template <class T>
Result<T> finish(const Members& m, T&& value) {
  if (!m.good()) return m.error();
  return std::forward<T>(value);
}

void read_reach(Members& m, Reach& reach) {
  m.read("views", reach.views);
  m.read("replies", reach.replies);
  m.read("likes", reach.likes);
  m.read("heat", reach.heat);
  m.read("rank", reach.rank);
}

}  // namespace

Result<Document> document_from_json(const json::value& value) {
  Members m(value, "document");
  Document d;
  m.read("id", d.id);
  m.read("url", d.url);
  m.read("source", d.source);
  m.read("source_name", d.source_name);
  m.read("medium", d.medium);
  m.read("official", d.official);
  m.read("weight", d.weight);
  m.read("district", d.district);
  m.read("title", d.title);
  m.read("body", d.body);
  m.read("published_at", d.published_at);
  read_word(m, "published_by", d.published_by, 9);
  m.read("published_to_the_minute", d.published_to_the_minute);
  m.read("modified_at", d.modified_at);
  m.read("fetched_at", d.fetched_at);
  if (const auto* thread = m.find("thread"))
    item(m, "thread", *thread, [&](Members& t) {
      d.thread.emplace();
      t.read("thread", d.thread->thread);
      t.read("floor", d.thread->floor);
      t.read("page", d.thread->page);
    });
  if (const auto* reach = m.find("reach"))
    item(m, "reach", *reach, [&](Members& r) { read_reach(r, d.reach); });
  m.read("author_hash", d.author_hash);
  m.read("language", d.language);
  m.read("content_hash", d.content_hash);
  m.read("snapshot_hash", d.snapshot_hash);
  m.read("layer", d.layer);
  m.read("confidence", d.confidence);
  return finish(m, std::move(d));
}

Result<Analysis> analysis_from_json(const json::value& value) {
  Members m(value, "analysis");
  Analysis a;
  m.read("document", a.document);
  read_all(m, "matches", a.matches);
  m.read("topics", a.topics);
  m.read("education", a.education);
  read_part(m, "stance", a.stance);
  read_all(m, "entities", a.entities);
  m.read("ours", a.ours);
  if (const auto* context = m.find("context"))
    item(m, "context", *context, [&](Members& c) {
      c.read("negated", a.context.negated);
      c.read("refuted", a.context.refuted);
      c.read("drill", a.context.drill);
      c.read("fiction", a.context.fiction);
      c.read("past", a.context.past);
    });
  read_terms(m, "terms", a.terms);
  read_part(m, "fingerprint", a.fingerprint);
  read_judgements(m, "judgements", a.judgements);
  m.read("rules_version", a.rules_version);
  return finish(m, std::move(a));
}

Result<Story> story_from_json(const json::value& value) {
  Members m(value, "story");
  Story s;
  m.read("id", s.id);
  m.read("title", s.title);
  m.read("topics", s.topics);
  m.read("schools", s.schools);
  m.read("first_seen", s.first_seen);
  m.read("newest", s.newest);
  m.read("documents", s.documents);
  m.each("origins", [&](const json::value& each) {
    item(m, "origin", each, [&](Members& o) {
      Origin& origin = s.origins.emplace_back();
      o.read("document", origin.document);
      read_part(o, "fingerprint", origin.fingerprint);
      o.read("at", origin.at);
      o.read("copies", origin.copies);
    });
  });
  m.read("origins_total", s.origins_total);
  if (const auto* media = m.find("media"))
    item(m, "media", *media, [&](Members& counts) {
      for (const auto& member : media->get_object())
        counts.read(member.key(), s.media[std::string(member.key())]);
    });
  m.read("sources", s.sources);
  m.read("speakers", s.speakers);
  m.read("negative", s.negative);
  m.read("education", s.education);
  read_severity(m, "severity_best", s.severity_best);
  m.read("heat", s.heat);
  m.read("heat_peak", s.heat_peak);
  m.read("hot_rank_best", s.hot_rank_best);
  m.each("hourly", [&](const json::value& each) {
    const auto* pair = each.if_array();
    if (!pair || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_int64())
      return m.wrong("hourly", "holds no pair");
    const auto at = parse_time({(*pair)[0].get_string().data(), (*pair)[0].get_string().size()});
    if (!at) return m.wrong("hourly", "holds no time");
    s.hourly.emplace_back(*at, static_cast<int>((*pair)[1].get_int64()));
  });
  m.read("official_answer", s.official_answer);
  m.read("members", s.members);
  read_terms(m, "centroid", s.centroid);
  m.read("merged", s.merged);
  m.read("opener", s.opener);
  m.read("split_from", s.split_from);
  m.read("slept_at", s.slept_at);
  m.read("woken_at", s.woken_at);
  return finish(m, std::move(s));
}

Result<Warning> warning_from_json(const json::value& value) {
  Members m(value, "warning");
  Warning w;
  m.read("id", w.id);
  m.read("kind", w.kind);
  m.read("stream", w.stream);
  m.read("story", w.story);
  m.read("title", w.title);
  read_part(m, "level", w.level);
  if (m.find("level_peak")) read_part(m, "level_peak", w.level_peak.emplace());
  m.read("score", w.score);
  m.read("needs_confirmation", w.needs_confirmation);
  m.read("level_held", w.level_held);
  read_word(m, "state", w.state, 6);
  m.read("topics", w.topics);
  m.read("schools", w.schools);
  read_all(m, "reasons", w.reasons);
  read_all(m, "evidence", w.evidence);
  read_all(m, "clocks", w.clocks);
  m.read("raised_at", w.raised_at);
  m.read("changed_at", w.changed_at);
  read_all(m, "spread", w.spread);
  w.state_since = w.changed_at;  // of warnings from before it was kept
  m.read("state_since", w.state_since);
  long escalated = 0;
  m.read("escalated", escalated);
  w.escalated = Seconds{escalated};
  m.read("below_since", w.below_since);
  m.read("measure_version", w.measure_version);
  m.read("assignee", w.assignee);
  m.read("answer_url", w.answer_url);
  m.read("official_answer", w.official_answer);
  m.read("official_url", w.official_url);
  m.read("verdict", w.verdict);
  m.read("merged_into", w.merged_into);
  m.read("wave", w.wave);
  m.read("changes", w.changes);
  m.read("version", w.version);
  return finish(m, std::move(w));
}

Result<WarningChange> warning_change_from_json(const json::value& value) {
  Members m(value, "change");
  WarningChange c;
  m.read("warning", c.warning);
  m.read("seq", c.seq);
  m.read("at", c.at);
  read_word(m, "event", c.event, 16);
  read_part(m, "level", c.level);
  if (m.find("level_before")) read_part(m, "level_before", c.level_before.emplace());
  read_word(m, "state", c.state, 6);
  m.read("actor", c.actor);
  m.read("note", c.note);
  read_all(m, "reasons", c.reasons);
  return finish(m, std::move(c));
}

Result<Silence> silence_from_json(const json::value& value) {
  Members m(value, "silence");
  Silence s;
  m.read("id", s.id);
  m.read("warning", s.warning);
  m.read("topic", s.topic);
  m.read("school", s.school);
  m.read("stream", s.stream);
  m.read("author", s.author);
  m.read("reason", s.reason);
  m.read("begins", s.begins);
  m.read("ends", s.ends);
  m.read("lifted_at", s.lifted_at);
  m.read("lifted_by", s.lifted_by);
  return finish(m, std::move(s));
}

Result<Document> document_from_import(std::string_view line) {
  const std::string valid = to_valid_utf8(line);
  auto value = parse_json(valid);
  if (!value) return value.error();
  Members m(*value, "line");
  Document d;
  m.read("url", d.url);
  m.read("title", d.title);
  m.read("text", d.body);
  m.read("published_at", d.published_at);
  m.read("source", d.source);
  m.read("kind", d.medium);
  read_reach(m, d.reach);
  if (!m.good()) return Error{Errc::bad_markup, m.error().detail, "see docs/replay.md for the members"};
  if (d.title.empty() && d.body.empty())
    return Error{Errc::bad_markup, "neither title nor text", "give at least one of them"};
  if (!d.published_at)
    return Error{Errc::bad_markup, "published_at is missing", "write it like 2026-04-15T22:40:00+08:00"};
  d.source_name = d.source;
  d.published_by = DateOrigin::feed;
  d.published_to_the_minute = true;
  d.fetched_at = *d.published_at;
  d.layer = "import";
  d.content_hash = content_hash(d.title, d.body);
  // The same address on two days is two sightings; the same line imported twice is one.
  d.id = stable_id((d.url.empty() ? d.content_hash + d.source : d.url) + "@" + to_rfc3339(d.fetched_at));
  return d;
}

}  // namespace tingchao
