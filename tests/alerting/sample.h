#pragma once
// A made-up town for the tests of messages and reports: one warning with its history, a book of
// recipients, a day's report. Every name in it is invented.

#include <fstream>
#include <iterator>
#include <string>

#include "alerting/digest.h"
#include "alerting/notify.h"

namespace tingchao::tests {

Time at(const char* text);  // as parse_time; ends the test program when it is no time

inline const Level red{"Ⅰ", "红", "特别重大", 1}, orange{"Ⅱ", "橙", "重大", 2}, yellow{"Ⅲ", "黄", "较大", 3},
    blue{"Ⅳ", "蓝", "一般", 4};

// Raised to Ⅱ from Ⅲ at 2026-04-15 22:40, with reasons, evidence and clocks.
alerting::Raised sample_upgrade();
Story sample_story();
std::vector<WarningChange> sample_history();
// Channels "mail" (mail), "hook" (webhook), "files" (spool); recipients of each.
alerting::Book sample_book();
// With the templates that ship.
alerting::Book sample_book_with_templates();

alerting::DigestInput sample_day();
// Everything of the day's first story.
alerting::SpecialInput sample_special();
alerting::Digest sample_special_digest(const alerting::SpecialInput& input);
// Nothing was seen.
alerting::DigestInput sample_empty_day();

std::string shipped_template(const std::string& name);
// compose() with the shipped templates.
alerting::Digest sample_digest(const alerting::DigestInput& input);

}  // namespace tingchao::tests
