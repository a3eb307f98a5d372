// A rule's own `unless` has already removed what it damps, so a match counts as affirmed unless its
// document as a whole refutes, rehearses or tells a tale. Negation and past alone do not damp: a
// complaint is often put as "没有退费".
#include "alerting/warn/story_memory.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

#include "alerting/warn/tail.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t sentence_bytes_max = 1200;   // of one evidence
constexpr std::size_t scanned_bytes_max = 20'000;  // of a body, for the word lists
constexpr int matches_a_document = 2;              // evidence rows that one document may give

bool is_press(const Document& document) {
  return document.official || document.medium == "news" || document.medium == "official";
}

const std::string& field_of(const Document& document, Field field) {
  return field == Field::title ? document.title : document.body;
}

std::string_view slice(std::string_view text, Span span) {
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  return cut_bytes(text.substr(begin, end - begin), sentence_bytes_max);
}

Evidence evidence_of(const Document& document, std::string_view sentence, Time now) {
  Evidence evidence;
  evidence.document = document.id;
  evidence.url = document.url;
  evidence.source_name = document.source_name.empty() ? document.source : document.source_name;
  evidence.title = document.title;
  evidence.sentence = std::string(sentence);
  evidence.snapshot_hash = document.snapshot_hash;
  evidence.published_at = document.published_at;
  evidence.seen_at = now;
  return evidence;
}

// Keeps the gravest, and among equals the oldest: the first words on a matter prove most.
void keep(StoryMemory& memory, Evidence evidence, char severity) {
  auto at = std::upper_bound(memory.evidence_severity.begin(), memory.evidence_severity.end(), severity);
  if (at - memory.evidence_severity.begin() >= static_cast<std::ptrdiff_t>(warning_evidence_max)) return;
  memory.evidence.insert(memory.evidence.begin() + (at - memory.evidence_severity.begin()), std::move(evidence));
  memory.evidence_severity.insert(at, severity);
  if (memory.evidence.size() > warning_evidence_max) {
    memory.evidence.pop_back();
    memory.evidence_severity.pop_back();
  }
}

void keep_evidence(StoryMemory& memory, const Document& document, const Analysis& analysis, Time now) {
  int kept = 0;
  for (const RuleMatch& match : analysis.matches) {
    if (match.hits.empty() || kept++ == matches_a_document) continue;
    const Hit& hit = match.hits.front();
    Evidence evidence = evidence_of(document, slice(field_of(document, hit.field), hit.sentence), now);
    evidence.rule = match.rule;
    evidence.rule_name = match.name;
    evidence.rule_version = match.version;
    keep(memory, std::move(evidence), static_cast<char>(match.severity));
  }
  if (kept > 0 || analysis.stance.label != StanceLabel::negative || analysis.stance.reasons.empty()) return;
  const StanceReason& reason = analysis.stance.reasons.front();
  constexpr char after_rules = 'N';  // negative words are evidence too, behind every rule's
  keep(memory, evidence_of(document, sentence_around(field_of(document, reason.field), reason.span), now), after_rules);
}

bool uses(const NamedWords& list, const Document& document) {
  // memmem: the first byte of a Chinese character, by which find() searches, is every third byte of a text.
  const auto stands_in = [](std::string_view text, const std::string& word) {
    return ::memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
  };
  const std::string_view body = cut_bytes(document.body, scanned_bytes_max);
  return std::any_of(list.words.begin(), list.words.end(), [&](const std::string& word) {
    return stands_in(document.title, word) || stands_in(body, word);
  });
}

Note note_of(const Document& document, const Analysis& analysis, Time now) {
  Note note;
  note.document = document.id;
  note.at = now;
  const Context& context = analysis.context;
  note.damped = context.refuted || context.drill || context.fiction;
  if (!analysis.matches.empty() && !note.damped) note.severity = static_cast<char>(analysis.matches.front().severity);
  note.negative = analysis.stance.label == StanceLabel::negative;
  note.demands = analysis.stance.demands;
  note.press = is_press(document);
  note.matched = !analysis.matches.empty();
  note.refuted = context.refuted;
  note.official = document.official;
  note.ours = analysis.ours;
  for (const Entity& entity : analysis.entities) note.school |= entity.kind == EntityKind::school;
  note.hot = document.medium == "hotlist" || document.reach.rank.has_value();
  note.source = hash64(document.source);
  note.medium = hash64(document.medium);
  return note;
}

// Adds what a note says to the counts, or with -1 takes it back; flags are only set.
void count(StoryMemory& memory, const Note& note, int by) {
  memory.documents += by;
  if (note.severity) {
    memory.affirmed += by * (note.severity < 'D');  // D is of interest, not of concern
    memory.severity = std::max(memory.severity, severity_number(note.severity));
  }
  memory.damped += by * (note.matched && note.damped);
  memory.refuted += by * note.refuted;
  memory.officially_refuted |= note.refuted && note.official;
  memory.demands += by * note.demands;
  memory.press += by * note.press;
  memory.ours |= note.ours;
  memory.school |= note.school;
  for (std::size_t i = 0; i < memory.words.size(); ++i) memory.words[i] += by * static_cast<int>(note.words >> i & 1U);
}

// As if all documents had come to one story: gravest first, then in the order in which they were taken in.
void absorb_evidence(StoryMemory& into, StoryMemory&& from) {
  struct Ranked {
    char severity;
    std::uint64_t turn;
    Evidence evidence;
  };
  std::vector<Ranked> all;
  for (StoryMemory* memory : {&into, &from})
    for (std::size_t i = 0; i < memory->evidence.size(); ++i) {
      Evidence& each = memory->evidence[i];
      const auto note = std::find_if(into.notes.begin(), into.notes.end(),
                                     [&each](const Note& n) { return n.document == each.document; });
      all.push_back({memory->evidence_severity[i], note == into.notes.end() ? 0 : note->turn, std::move(each)});
    }
  std::stable_sort(all.begin(), all.end(), [](const Ranked& a, const Ranked& b) {
    return std::tie(a.severity, a.turn) < std::tie(b.severity, b.turn);
  });
  if (all.size() > warning_evidence_max) all.resize(warning_evidence_max);
  into.evidence.clear();
  into.evidence_severity.clear();
  for (Ranked& each : all) {
    into.evidence.push_back(std::move(each.evidence));
    into.evidence_severity.push_back(each.severity);
  }
}

}  // namespace

std::string_view sentence_around(std::string_view text, Span span) {
  static constexpr std::string_view ends[] = {"。", "！", "？", "；", "\n", "!", "?"};
  std::size_t begin = 0, end = text.size();
  const std::size_t from = std::min<std::size_t>(span.begin, text.size());
  const std::size_t to = std::clamp<std::size_t>(span.end, from, text.size());
  for (std::string_view mark : ends) {
    if (const auto before = text.substr(0, from).rfind(mark); before != std::string_view::npos)
      begin = std::max(begin, before + mark.size());
    if (const auto after = text.find(mark, to); after != std::string_view::npos)
      end = std::min(end, after + (mark == "\n" ? 0 : mark.size()));
  }
  return cut_bytes(text.substr(begin, end - begin), sentence_bytes_max);
}

void remember(StoryMemory& memory, const Document& document, const Analysis& analysis, const Measure& measure,
              Time now) {
  Note note = note_of(document, analysis, now);
  for (std::size_t i = 0; i < measure.words.size() && i < word_lists_max; ++i)
    if (uses(measure.words[i], document)) note.words |= 1U << i;
  count(memory, note, 1);
  keep_evidence(memory, document, analysis, now);
  if (memory.notes.size() == notes_max) memory.notes.erase(memory.notes.begin());
  memory.notes.push_back(std::move(note));
  memory.rules_version = analysis.rules_version;
  memory.touched = now;
}

SpreadStep spread_step(const Document& document, bool copy) {
  return {document.source_name.empty() ? document.source : document.source_name, document.medium, document.id,
          document.url, effective_time(document), copy};
}

void enter(std::vector<SpreadStep>& spread, SpreadStep step) {
  const auto known = std::find_if(spread.begin(), spread.end(),
                                  [&](const SpreadStep& s) { return s.source_name == step.source_name; });
  if (known != spread.end()) {
    if (std::tie(known->at, known->document) <= std::tie(step.at, step.document)) return;
    spread.erase(known);
  }
  const auto place = std::upper_bound(spread.begin(), spread.end(), step, [](const SpreadStep& a, const SpreadStep& b) {
    return std::tie(a.at, a.document) < std::tie(b.at, b.document);
  });
  spread.insert(place, std::move(step));
  if (spread.size() > warning_spread_max) spread.pop_back();
}

void remember_place(StoryMemory& memory, const Story& story, const Document& document) {
  const bool origin = std::any_of(story.origins.begin(), story.origins.end(),
                                  [&](const Origin& o) { return o.document == document.id; });
  enter(memory.spread, spread_step(document, !origin && story.documents > 1));
  if (story.official_answer == document.id) memory.official_url = document.url;
}

Growth growth_of(const Story& story, const GrowthRule& rule, Time now) {
  using std::chrono::hours;
  Growth best;
  std::vector<Growth> windows;
  const int longest = rule.windows.back();
  for (int window : rule.windows) {
    Growth growth;
    growth.hours = window;
    growth.observed = documents_within(story, now, hours{window});
    const int before = documents_within(story, now, hours{2 * window}) - growth.observed;
    growth.expected = std::max(rule.typical * window / longest, static_cast<double>(before));
    growth.surprise = surprise(growth.observed, growth.expected, rule.size);
    windows.push_back(growth);
    if (growth.surprise > best.surprise || best.hours == 0) best = growth;
  }
  best.windows = std::move(windows);
  return best;
}

std::optional<StoryMemory> take_out(StoryMemory& memory, const std::string& document) {
  const auto note = std::find_if(memory.notes.begin(), memory.notes.end(),
                                 [&](const Note& each) { return each.document == document; });
  if (note == memory.notes.end()) return {};
  StoryMemory out;
  count(out, *note, 1);
  count(memory, *note, -1);
  out.notes.push_back(std::move(*note));
  memory.notes.erase(note);
  for (std::size_t i = memory.evidence.size(); i-- > 0;) {
    if (memory.evidence[i].document != document) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    out.evidence.insert(out.evidence.begin(), std::move(memory.evidence[i]));
    out.evidence_severity.insert(out.evidence_severity.begin(), memory.evidence_severity[i]);
    memory.evidence.erase(memory.evidence.begin() + at);
    memory.evidence_severity.erase(memory.evidence_severity.begin() + at);
  }
  for (const SpreadStep& step : memory.spread)
    if (step.document == document) out.spread.push_back(step);
  std::erase_if(memory.spread, [&](const SpreadStep& step) { return step.document == document; });
  out.rules_version = memory.rules_version;
  out.touched = memory.touched;
  if (memory.documents != static_cast<int>(memory.notes.size())) return out;  // others are not known one by one
  memory.severity = 0;
  memory.officially_refuted = memory.ours = memory.school = false;
  for (const Note& each : memory.notes) {
    if (each.severity) memory.severity = std::max(memory.severity, severity_number(each.severity));
    memory.officially_refuted |= each.refuted && each.official;
    memory.ours |= each.ours;
    memory.school |= each.school;
  }
  return out;
}

void absorb(StoryMemory& into, StoryMemory from) {
  into.severity = std::max(into.severity, from.severity);
  for (const auto count : {&StoryMemory::documents, &StoryMemory::affirmed, &StoryMemory::damped,
                           &StoryMemory::refuted, &StoryMemory::demands, &StoryMemory::press})
    into.*count += from.*count;
  for (const auto flag : {&StoryMemory::officially_refuted, &StoryMemory::ours, &StoryMemory::school})
    into.*flag = into.*flag || from.*flag;
  for (std::size_t i = 0; i < into.words.size(); ++i) into.words[i] += from.words[i];
  into.notes.insert(into.notes.end(), from.notes.begin(), from.notes.end());
  std::sort(into.notes.begin(), into.notes.end(), [](const Note& a, const Note& b) { return a.turn < b.turn; });
  absorb_evidence(into, std::move(from));
  if (into.notes.size() > notes_max)
    into.notes.erase(into.notes.begin(), into.notes.end() - static_cast<std::ptrdiff_t>(notes_max));
  for (SpreadStep& step : from.spread) enter(into.spread, std::move(step));
  if (into.official_url.empty()) into.official_url = std::move(from.official_url);
  into.touched = std::max(into.touched, from.touched);
}

Facts facts_of(const Story& story, const StoryMemory& memory, const Measure& measure, const HeatRank& ranks, Time now) {
  const Seconds age = now - story.first_seen;
  const bool known = ranks.stories(age) >= measure.percentile_stories_min;
  return facts_of(story, memory, measure, known ? ranks.percentile(memory.place, age, heat_at(story, now)) : 0, now);
}

Facts facts_of(const Story& story, const StoryMemory& memory, const Measure& measure, double cooler, Time now) {
  using std::chrono::hours;
  Facts facts;
  const bool complete = memory.documents >= story.documents;  // saw them all
  const double story_severity = story.severity_best == 'D' ? 0 : severity_number(story.severity_best);
  using enum Quantity;
  facts[severity] = complete ? memory.severity : std::max(memory.severity, story_severity);
  facts[affirmed] = complete || story_severity == 0 ? memory.affirmed : std::max(memory.affirmed, 1);
  facts[damped] = memory.damped;
  facts[refuted] = memory.refuted;
  facts[officially_refuted] = memory.officially_refuted;
  facts[ours] = memory.ours || memory.documents == 0;
  facts[education] = story.education;
  facts[school] = memory.school || !story.schools.empty();
  facts[documents] = story.documents;
  facts[documents_1h] = documents_within(story, now, hours{1});
  facts[documents_6h] = documents_within(story, now, hours{6});
  facts[documents_24h] = documents_within(story, now, hours{24});
  facts[origins] = story.origins_total;
  facts[origins_6h] = origins_within(story, now, hours{6});
  facts[origins_24h] = origins_within(story, now, hours{24});
  facts[sources] = static_cast<double>(story.sources.size());
  facts[media] = static_cast<double>(story.media.size());
  int press_total = 0;
  for (const auto& [medium, number] : story.media) press_total += medium == "news" || medium == "official" ? number : 0;
  facts[press] = std::max(press_total, memory.press);
  facts[hot_list] = story.media.contains("hotlist") || story.hot_rank_best > 0;
  facts[hot_rank] = story.hot_rank_best;
  facts[heat] = heat_at(story, now);
  const Seconds age = now - story.first_seen;
  facts[heat_percentile] = cooler;
  facts[growth] = growth_of(story, measure.growth, now).surprise;
  facts[negative] = story.negative;
  facts[negative_share] = story.documents > 0 ? static_cast<double>(story.negative) / story.documents : 0;
  facts[demands] = memory.demands;
  facts[speakers] = story.speakers;
  facts[answered] = !story.official_answer.empty();
  facts[age_hours] = std::floor(std::chrono::duration<double, std::ratio<3600>>(age).count());
  const CalendarDay* today = day_of(measure.calendar, now);
  facts[season] = today != nullptr && today->sensitive;
  for (std::size_t i = 0; i < word_lists_max; ++i) facts.words[i] = memory.words[i];
  return facts;
}

}  // namespace tingchao::alerting
