// Stories by the hash of their id: two that fall together are one in two billion pairs of 50,000.
#include "alerting/warn/story_hours.h"

#include <algorithm>

#include "core/hash.h"

namespace tingchao::alerting {
namespace {

HourNumber last_hour(const std::vector<std::pair<HourNumber, int>>& hours) {
  return std::max_element(hours.begin(), hours.end())->first;
}

}  // namespace

void StoryHours::add(const std::string& story, HourNumber hour) {
  if (told_.empty()) newest_ = forgotten_ = hour;
  newest_ = std::max(newest_, hour);
  if (hour <= newest_ - hours_kept) return;
  if (newest_ - forgotten_ >= hours_kept || told_.size() >= stories_max) forget();
  auto& hours = told_[hash64(story)];
  const auto known = std::find_if(hours.begin(), hours.end(), [hour](const auto& each) { return each.first == hour; });
  if (known != hours.end())
    ++known->second;
  else
    hours.emplace_back(hour, 1);
}

int StoryHours::at(const std::string& story, HourNumber hour) const {
  const auto found = told_.find(hash64(story));
  if (found == told_.end()) return 0;
  for (const auto& [each, count] : found->second)
    if (each == hour) return count;
  return 0;
}

void StoryHours::forget() {
  forgotten_ = newest_;
  for (auto& [story, hours] : told_)
    std::erase_if(hours, [this](const auto& each) { return each.first <= newest_ - hours_kept; });
  std::erase_if(told_, [](const auto& entry) { return entry.second.empty(); });
  // Still too many: the span that is kept is halved until half of them are left.
  for (int kept = hours_kept / 2; told_.size() >= stories_max && kept >= 0; kept = kept > 0 ? kept / 2 : -1)
    std::erase_if(told_, [this, kept](const auto& entry) { return last_hour(entry.second) <= newest_ - kept; });
}

}  // namespace tingchao::alerting
