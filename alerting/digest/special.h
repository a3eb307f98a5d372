#pragma once
// What a special report says of one story or warning: sections of lines, each either wording of numbers that
// the store holds or a quotation with its place. Pure.

#include <string>
#include <vector>

#include "alerting/digest/outline.h"

namespace tingchao::alerting {

struct SpecialLine {
  enum class Kind { text, head, quote, step } kind = Kind::text;  // step: of a time line
  std::string text;
  bool cut = false;        // of a quotation: something was left off
  std::string cite, link;  // where it stands
};

struct SpecialSection {
  std::string heading;  // without its number
  std::vector<SpecialLine> lines;
  bool pictured = false;  // the trend belongs here
};

struct Special {
  std::string bureau, title, date;  // "2026年4月15日 22:40"
  std::string level;                // empty: not warned
  Paint paint{"", ""};
  std::string headline;
  std::vector<SpecialSection> sections;
  std::vector<Bar> trend;
};

// How many steps and quotations a section holds.
struct SpecialLimits {
  std::size_t steps = 20, quotes = 6, history = 40, quote_chars = 200;
};
bool shrink(SpecialLimits& limits);

Special special_of(const SpecialInput& input, const SpecialLimits& limits);
std::vector<Bar> story_trend(const SpecialInput& input);

}  // namespace tingchao::alerting
