#pragma once
// Working days, weekends and public holidays in China: a week's Saturday and Sunday rest, but the State Council's
// notice of each year moves some (调休): a day of a public holiday rests whatever its weekday, and a weekend day named
// as making up for one is worked. Years that the list does not know have plain weeks.

#include <string>
#include <vector>

#include "alerting/warn/yaml_reader.h"

namespace tingchao::alerting {

enum class DayKind { work, weekend, holiday };

// Days are numbers since 1970, as in stream.h.
struct Holiday {
  std::string name;
  int from = 0, to = 0;         // both included
  std::vector<int> made_up_on;  // worked for it
};

class DayKinds {
 public:
  void add(Holiday holiday);
  DayKind at(int day) const;
  bool is_made_up(int day) const;            // a weekend day that is worked
  const Holiday* holiday_at(int day) const;  // or nullptr
  std::size_t holidays() const { return holidays_.size(); }

 private:
  std::vector<Holiday> holidays_;  // by `from`
  std::vector<int> made_up_;       // ascending
};

// `holidays:` of a measure: name, from, to and workdays of each, as dates with their year. None when the key is
// missing.
DayKinds read_holidays(YamlMap& top, Mistake& mistake);

}  // namespace tingchao::alerting
