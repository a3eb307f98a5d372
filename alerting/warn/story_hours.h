#pragma once
// How often each story was told in one stream, by the hour of publication, over the last hours: many documents of
// one story are stronger evidence of something new than as many unrelated ones.

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alerting/warn/stream.h"

namespace tingchao::alerting {

class StoryHours {
 public:
  static constexpr int hours_kept = 24 + 48;            // the longest window, and how late documents may come
  static constexpr std::size_t stories_max = 50'000;  // some 5 MB; what was quiet longest leaves first

  void add(const std::string& story, HourNumber hour);
  int at(const std::string& story, HourNumber hour) const;  // documents of the story in that hour
  std::size_t stories() const { return told_.size(); }

 private:
  void forget();

  std::unordered_map<std::uint64_t, std::vector<std::pair<HourNumber, int>>> told_;
  HourNumber newest_ = 0, forgotten_ = 0;
};

}  // namespace tingchao::alerting
