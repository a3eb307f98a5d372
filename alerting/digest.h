#pragma once
// Writes the daily, weekly or monthly report: the stories with sources and quotes, warnings and their
// clocks, what was new, good news, and the health of sources. Extractive only: every sentence is
// copied from a document and links to it. Pure, except that cairo draws the pictures.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "alerting/appraise.h"
#include "core/analysis.h"
#include "core/document.h"
#include "core/result.h"
#include "core/source.h"
#include "core/story.h"
#include "core/warning.h"

namespace tingchao::alerting {

struct ReportedDocument {
  Document document;
  Analysis analysis;
};

struct ReportedStory {
  Story story;
  std::vector<ReportedDocument> documents;  // the most telling, at most five
  std::optional<Appraisal> appraisal = std::nullopt;  // of a near miss: how far from a warning it is
};

struct DigestInput {
  std::string bureau;
  std::string period = "day";            // day, week, month
  Time from{}, to{};
  std::vector<ReportedStory> stories;    // hottest first
  std::vector<Warning> warnings;         // open, or changed in the period
  std::vector<ReportedDocument> good_news;
  std::vector<ReportedStory> near_misses;   // almost warned, nearest first
  std::vector<ReportedDocument> unlisted;   // relevant by the classifier, though no rule of the lists matched
  std::vector<SourceHealth> sources;
  std::map<std::string, std::string> source_names;
  std::vector<std::pair<Time, int>> trend;          // documents per bucket
  std::vector<std::pair<Time, int>> trend_negative;
  std::map<std::string, int> topics;
  int documents = 0, documents_before = 0;          // this period, the one before
  std::string base_url, mail_domain;
};

struct Digest {
  std::string subject;
  std::string text;        // plain part
  std::string html;        // ≤ 90 KB, reads without images; pictures as cid:trend
  std::string trend_png, topics_png;  // cid:trend, cid:topics; empty: not in the text either
  std::string docx, xlsx;  // file bytes
  std::string file_name;   // of the Word file, without ".docx": 舆情日报-2026-04-15
  std::string period;      // day, week, month, special
  Time from{}, to{};
};

Result<Digest> compose(const DigestInput& input, std::string_view html_template,
                       std::string_view text_template);

// 专报: everything about one warning or one story.
struct SpecialInput {
  std::string bureau;
  Time now{};
  Story story;                              // of a burst's warning: empty but for the title
  std::vector<ReportedDocument> documents;  // all that are kept, oldest first
  std::set<std::string> copies;             // ids of those that repeat another
  std::optional<Warning> warning;
  std::vector<WarningChange> history;       // of the warning, oldest first
  std::string base_url, mail_domain;
};
Result<Digest> compose_special(const SpecialInput& input, std::string_view html_template,
                               std::string_view text_template);

// The HTML as a file of its own, the pictures inside it.
std::string to_page(const Digest& digest);

// One recipient's mail.
struct Envelope {
  std::string from, to, message_id;
  Time date{};
  std::string unsubscribe_url;  // https: one click ends the digest (RFC 8058); empty: by mail to `from` only
};
// The complete MIME message: multipart/mixed[alternative[text, related[html, png…]], docx, xlsx].
std::string to_mail(const Digest& digest, const Envelope& envelope);

}  // namespace tingchao::alerting
