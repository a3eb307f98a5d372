#pragma once
// A Story is one concern as it lives in public: the documents that speak of the same event, their
// copies counted once as an origin, and how hot it is now.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis.h"
#include "core/time.h"

namespace tingchao {

// A group of copies: the first to publish and how many repeated it.
struct Origin {
  std::string document;  // the first
  Fingerprint fingerprint;  // the exact hash alone
  Time at{};
  int copies = 0;        // beyond the first
};

struct Story {
  std::string id;     // stable for ever: made from the first document
  std::string title;  // of the most telling document
  std::vector<std::string> topics;   // most frequent first
  std::vector<std::string> schools;  // canonical names, ours only unless none is configured
  Time first_seen{}, newest{};
  int documents = 0;
  std::vector<Origin> origins;       // bounded: the oldest are counted in origins_total only
  int origins_total = 0;
  std::map<std::string, int> media;  // documents by Medium
  std::vector<std::string> sources;  // distinct Source::id, bounded
  int speakers = 0;                  // distinct author hashes, bounded estimate
  int negative = 0;                  // documents whose stance is negative
  int education = 0;                 // documents that speak of basic education
  char severity_best = 'D';          // gravest rule matched and not damped

  double heat = 0;        // decayed to `newest` (half-life 6 h)
  double heat_peak = 0;
  int hot_rank_best = 0;  // 0: never on a hot list
  std::vector<std::pair<Time, int>> hourly;  // documents by hour, the last 72 that are not empty

  std::string official_answer;       // document id of an official source's text on it; empty: none
  std::vector<std::string> members;  // document ids, the newest story_members_max
  std::vector<TermWeight> centroid;  // grouping's own; bounded
  std::vector<std::string> merged;   // ids of stories that became this one, the latest story_merged_max
  std::string returns;               // id of the story that slept and that this one takes up again; empty: none
};
inline constexpr std::size_t story_merged_max = 256;
inline constexpr std::size_t story_members_max = 200;

// `story.heat` decayed to `now`.
double heat_at(const Story& story, Time now);
// Independent origins first seen within the span before `now`, of those still listed.
int origins_within(const Story& story, Time now, Seconds span);
int documents_within(const Story& story, Time now, Seconds span);

// Two stories that turned out to be one: `from` is an alias of `into` from then on and for ever.
struct StoryMerge {
  std::string from, into;
  Time at{};
};

// Where grouping put a document.
struct Placement {
  std::string document;
  std::string story;
  bool created = false;      // a new story
  std::string copy_of;       // document id of the origin that it repeats; empty: an origin itself
  double similarity = 0;     // to the story's centroid when it joined
};

}  // namespace tingchao
