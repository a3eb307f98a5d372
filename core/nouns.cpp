// The words of the nouns' enumerations, and the few questions that a noun answers about itself.
#include <algorithm>
#include <cmath>

#include "core/analysis.h"
#include "core/delivery.h"
#include "core/document.h"
#include "core/hash.h"
#include "core/names.h"
#include "core/page.h"
#include "core/source.h"
#include "core/story.h"
#include "core/warning.h"

namespace tingchao {
namespace {

constexpr std::pair<SourceKind, const char*> source_kinds[] = {
    {SourceKind::feed, "feed"}, {SourceKind::sitemap, "sitemap"}, {SourceKind::list, "list"},
    {SourceKind::page, "page"}, {SourceKind::hotlist, "hotlist"}, {SourceKind::board, "board"}};
constexpr std::pair<RobotsVerdict, const char*> verdicts[] = {
    {RobotsVerdict::allowed, "allowed"},
    {RobotsVerdict::allowed_no_file, "allowed: no robots.txt"},
    {RobotsVerdict::allowed_local, "allowed: local file"},
    {RobotsVerdict::disallowed, "disallowed"},
    {RobotsVerdict::unreachable, "robots.txt unreachable"}};
constexpr std::pair<WarningState, const char*> states[] = {
    {WarningState::open, "open"},         {WarningState::acknowledged, "acknowledged"},
    {WarningState::assigned, "assigned"}, {WarningState::responded, "responded"},
    {WarningState::closed, "closed"},     {WarningState::dismissed, "dismissed"}};
constexpr std::pair<DeliveryState, const char*> delivery_states[] = {{DeliveryState::waiting, "waiting"},
                                                                     {DeliveryState::sending, "sending"},
                                                                     {DeliveryState::sent, "sent"},
                                                                     {DeliveryState::dead, "dead"},
                                                                     {DeliveryState::dropped, "dropped"}};

constexpr double heat_half_life_seconds = 6 * 3600;

}  // namespace

const char* name(SourceKind kind) { return word_of(source_kinds, kind); }
std::optional<SourceKind> source_kind(std::string_view word) { return value_of(source_kinds, word); }

const char* name(RobotsVerdict verdict) { return word_of(verdicts, verdict); }

std::string_view header(const Headers& headers, std::string_view wanted) {
  for (const auto& [key, value] : headers)
    if (key == wanted) return value;
  return {};
}

const char* name(DateOrigin origin) {
  static constexpr const char* words[] = {"rule", "meta",     "structured", "feed", "visible",
                                          "url",  "relative", "header",     "none"};
  return words[static_cast<int>(origin)];
}

Time effective_time(const Document& document) {
  if (document.published_at && *document.published_at <= document.fetched_at) return *document.published_at;
  return document.fetched_at;
}

std::string document_id(std::string_view canonical_url, int floor) {
  std::string key(canonical_url);
  if (floor > 0) key += "#p" + std::to_string(floor);
  return stable_id(key);
}

std::string content_hash(std::string_view title, std::string_view body) {
  std::string whole(title);
  whole += '\0';
  whole += body;
  return sha256_hex(whole);
}

const char* name(Field field) { return field == Field::title ? "title" : "body"; }

const char* name(EntityKind kind) {
  static constexpr const char* words[] = {"place", "school", "organisation"};
  return words[static_cast<int>(kind)];
}

const char* name(StanceLabel label) {
  static constexpr const char* words[] = {"negative", "neutral", "positive"};
  return words[static_cast<int>(label)];
}

double heat_at(const Story& story, Time now) {
  const double passed = static_cast<double>((now - story.newest).count());
  return passed <= 0 ? story.heat : story.heat * std::exp2(-passed / heat_half_life_seconds);
}

int origins_within(const Story& story, Time now, Seconds span) {
  return static_cast<int>(
      std::count_if(story.origins.begin(), story.origins.end(),
                    [&](const Origin& origin) { return origin.at > now - span && origin.at <= now; }));
}

int documents_within(const Story& story, Time now, Seconds span) {
  int count = 0;
  for (const auto& [hour, documents] : story.hourly)
    if (hour > now - span && hour <= now) count += documents;
  return count;
}

const char* name(WarningState state) { return word_of(states, state); }
std::optional<WarningState> warning_state(std::string_view word) { return value_of(states, word); }

const char* chinese_name(WarningState state) {
  static constexpr const char* words[] = {"待处理", "已知悉", "已交办", "已回应", "已办结", "已排除"};
  return words[static_cast<int>(state)];
}

const char* name(WarningEvent event) {
  static constexpr const char* words[] = {"raised",       "upgraded", "downgraded", "clock",
                                          "acknowledged", "assigned", "responded",  "closed",
                                          "dismissed",    "reopened", "commented",  "confirmed",
                                          "escalated",    "answered", "merged",     "returned"};
  return words[static_cast<int>(event)];
}

const char* name(DeliveryState state) { return word_of(delivery_states, state); }
std::optional<DeliveryState> delivery_state(std::string_view word) { return value_of(delivery_states, word); }

const Judgement* judgement_of(const std::vector<Judgement>& judgements, std::string_view head) {
  for (const Judgement& each : judgements)
    if (each.head == head) return &each;
  return nullptr;
}

}  // namespace tingchao
