// A roster's name reaches whoever is on duty by it; so a roster that names nobody at that time must reach all its
// recipients, or a level would be told to no one.
#include "alerting/audience.h"

#include <algorithm>

namespace tingchao::alerting {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_roster(const Duty& duty, const std::string& name) {
  return std::any_of(duty.rosters.begin(), duty.rosters.end(), [&name](const Roster& r) { return r.id == name; });
}

}  // namespace

bool is_named(const Recipient& recipient, const std::vector<std::string>& names, const Duty& duty, Time at) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    if (name == recipient.name || contains(recipient.groups, name)) return true;
    if (!is_roster(duty, name)) return false;
    const auto present = on_duty(duty, name, at);
    return present.empty() ? recipient.on_duty == name : contains(present, recipient.name);
  });
}

bool hears_level(const Recipient& recipient, int rank, const Book& book, Time at) {
  const auto audience = book.audiences.find(rank);
  if (audience == book.audiences.end()) return rank <= recipient.level_rank_max;
  return is_named(recipient, audience->second, book.duty, at);
}

std::vector<std::string> known_names(const Book& book) {
  std::vector<std::string> names;
  for (const Recipient& recipient : book.recipients) {
    names.push_back(recipient.name);
    names.insert(names.end(), recipient.groups.begin(), recipient.groups.end());
  }
  for (const Roster& roster : book.duty.rosters) names.push_back(roster.id);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> unknown_names(const Book& book) {
  const auto known = known_names(book);
  std::vector<std::string> unknown;
  for (const auto& [rank, names] : book.audiences)
    for (const std::string& name : names)
      if (!contains(known, name) && !contains(unknown, name)) unknown.push_back(name);
  return unknown;
}

}  // namespace tingchao::alerting
