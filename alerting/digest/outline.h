#pragma once
// What a report says, in its order, ready to be set as HTML, plain text or Word: numbers worded,
// sentences chosen, lists cut with how many are left off. Pure.

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "alerting/digest.h"
#include "alerting/wording.h"

namespace tingchao::alerting {

// How much of each list is told. Word gets the widest, mail what fits its size.
struct Limits {
  std::size_t stories = 20, quotes = 3, warnings = 30, near_misses = 10, good_news = 10, unlisted = 8, topics = 10,
              sources = 20;
  std::size_t quote_chars = 140, title_chars = 80;
};
// A smaller edition, for a mail that came out too large; false when nothing more can go.
bool shrink(Limits& limits);

struct Excerpt {
  Quote quote;
  std::string source, time, link;
};

struct Answer {
  std::string title, source, link;
};

// A story, a near miss or a piece of good news.
struct Item {
  std::string title, link;
  std::string level;        // "Ⅱ级橙色"; empty: not warned
  Paint paint{"", ""};
  std::string numbers;      // "18 篇 · 6 个来源 …"
  std::string times;        // "首见 … · 最新 …"
  std::string why;          // of a near miss: "得分 31.2，预警线 35；主要因素：…"; else empty
  std::vector<Excerpt> excerpts;
  std::vector<Answer> answers;  // at most one
};

struct WarningLine {
  std::string level, meter, title, link, id, state, score, raised, assignee;
  Paint paint{"", ""};
  std::string clock, due, left;  // the next open clock; empty when none is open
  bool late = false;
};

struct Bar {
  std::string label;
  int documents = 0, negative = 0;
  int percent = 0;  // of the longest
};

struct SourceLine {
  std::string name, trouble, since;
};

// A list as told, and how many were left off.
template <class T>
struct Told {
  std::vector<T> items;
  std::size_t more = 0;
};

struct Outline {
  std::string bureau, kind;       // 舆情日报
  std::string issue;              // "2026年第105期"
  std::string date, span;         // "2026年4月15日（星期三）", "4月15日 00:00 — 4月16日 00:00"
  std::string headline;           // for the subject and the preview line
  struct Tile { std::string label, value, note; };
  std::vector<Tile> tiles;
  std::string overview;           // one paragraph of numbers
  bool quiet = false;             // nothing was seen
  std::vector<Bar> trend;         // every bucket, for the picture
  std::vector<Bar> trend_table;   // at most eight rows
  Told<Item> stories, near_misses, unlisted, good_news;
  Told<WarningLine> warnings;
  Told<Bar> topics;
  Told<SourceLine> sources;       // those in trouble
  std::string sources_summary;
  std::string base_url;
};

// A document's telling sentence with its place.
Excerpt excerpt_of(const ReportedDocument& reported, const Limits& limits);
// "新闻" of the medium news.
const char* medium_name(std::string_view medium);

Outline outline_of(const DigestInput& input, const Limits& limits);
boost::json::object to_view(const Outline& outline);

// "舆情日报", "舆情周报", "舆情月报", "舆情专报".
const char* report_name(std::string_view period);

}  // namespace tingchao::alerting
