#pragma once
// Writes the daily, weekly or monthly report: the stories with sources and quotes, warnings and their
// clocks, what was new, good news, and the health of sources. Extractive only: every sentence is
// copied from a document and links to it. Pure, except that cairo draws the pictures.

#include <map>
#include <string>
#include <vector>

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
};

struct DigestInput {
  std::string bureau;
  std::string period = "day";            // day, week, month
  Time from{}, to{};
  std::vector<ReportedStory> stories;    // hottest first
  std::vector<Warning> warnings;         // open, or changed in the period
  std::vector<ReportedDocument> good_news;
  std::vector<ReportedStory> near_misses;   // almost warned
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
  std::string trend_png;
  std::string docx, xlsx;  // file bytes
  std::string period;
  Time from{}, to{};
};

Result<Digest> compose(const DigestInput& input, std::string_view html_template,
                       std::string_view text_template);

// The HTML as a file of its own, the picture inside it.
std::string to_page(const Digest& digest);

// The complete MIME message for one recipient: multipart/alternative[text, related[html, png]].
std::string to_mail(const Digest& digest, const std::string& from, const std::string& to,
                    const std::string& message_id, Time date);

}  // namespace tingchao::alerting
