#pragma once
// Builders for the tests of warn: the shipped measure, and documents, analyses and stories that say
// only what a case is about.

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "alerting/warn.h"
#include "alerting/warn/measure.h"
#include "core/hash.h"

namespace tingchao::alerting::testing {

using std::chrono::hours;
using std::chrono::minutes;

inline Time at(const char* text) {
  const auto time = parse_time(text);
  REQUIRE(time);
  return *time;
}

inline std::string shipped_yaml() {
  std::ifstream file(TINGCHAO_SOURCE_DIR "/rules/measure.yaml");
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::shared_ptr<const Measure> measure_of(const std::string& yaml) {
  auto measure = parse_measure(yaml, "measure.yaml");
  if (!measure) FAIL(describe(measure.error()));
  return *measure;
}

inline std::shared_ptr<const Measure> shipped() { return measure_of(shipped_yaml()); }

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto found = text.find(from);
  REQUIRE(found != std::string::npos);
  return text.replace(found, from.size(), to);
}

inline Document document(std::string title, Time when, std::string source = "forum-a") {
  Document d;
  d.id = stable_id(title + source + to_rfc3339(when));
  d.url = "https://" + source + ".example/" + d.id;
  d.source = d.source_name = std::move(source);
  d.medium = "forum";
  d.title = std::move(title);
  d.body = "正文第一句。" + d.title + "！末句。";
  d.published_at = d.fetched_at = when;
  d.published_to_the_minute = true;
  d.snapshot_hash = sha256_hex(d.body);
  return d;
}

// Matches one rule of that severity in the title; 0: no rule at all.
inline Analysis analysis(const Document& d, char severity, std::string topic = "校园安全/食品安全") {
  Analysis a;
  a.document = d.id;
  a.education = true;
  a.rules_version = "1-abcdef01";
  if (severity == 0) return a;
  RuleMatch match;
  match.rule = "safety.food";
  match.name = "食堂食物中毒";
  match.topic = topic;
  match.severity = static_cast<Severity>(severity);
  match.version = "1-abcdef01";
  Hit hit;
  hit.field = Field::title;
  hit.span = hit.sentence = {0, static_cast<std::uint32_t>(d.title.size())};
  hit.term = d.title;
  match.hits.push_back(hit);
  a.matches.push_back(match);
  a.topics.push_back(std::move(topic));
  return a;
}

// The story after its document joined: counts as grouping would keep them.
inline void join(Story& story, const Document& d, const Analysis& a, Time now, bool copy = false) {
  if (story.documents == 0) {
    story.id = stable_id("story:" + d.id);
    story.title = d.title;
    story.first_seen = now;
  }
  story.heat = heat_at(story, now) + 1;
  story.heat_peak = std::max(story.heat_peak, story.heat);
  story.newest = now;
  ++story.documents;
  if (!copy) {
    story.origins.push_back({d.id, {}, now, 0});
    ++story.origins_total;
  }
  ++story.media[d.medium];
  if (std::find(story.sources.begin(), story.sources.end(), d.source) == story.sources.end())
    story.sources.push_back(d.source);
  story.negative += a.stance.label == StanceLabel::negative;
  story.education += a.education;
  if (!a.matches.empty()) story.severity_best = std::min(story.severity_best, static_cast<char>(a.matches[0].severity));
  for (const std::string& topic : a.topics)
    if (std::find(story.topics.begin(), story.topics.end(), topic) == story.topics.end()) story.topics.push_back(topic);
  const Time hour = std::chrono::floor<hours>(now);
  if (story.hourly.empty() || story.hourly.back().first != hour) story.hourly.emplace_back(hour, 0);
  ++story.hourly.back().second;
  story.members.push_back(d.id);
}

// A warner with one story that documents join.
struct Scene {
  explicit Scene(std::shared_ptr<const Measure> measure) : warner(std::move(measure)) {}

  std::vector<Raised> say(const Document& d, const Analysis& a, Time now, bool copy = false) {
    join(story, d, a, now, copy);
    return warner.observe(story, d, a, Placement{d.id, story.id, story.documents == 1, copy ? "x" : "", 0}, now);
  }
  std::vector<Raised> tick(Time now) {
    const auto find = [](const void* context, const std::string& id) -> const Story* {
      const auto* known = static_cast<const Story*>(context);
      return known->id == id ? known : nullptr;
    };
    return warner.tick(now, find, &story);
  }
  const Warning& only() const {
    REQUIRE(warner.open().size() == 1);
    return warner.open().begin()->second;
  }

  Warner warner;
  Story story;
};

}  // namespace tingchao::alerting::testing
