// Counts by the hour, and which hours say nothing. Days are kept in a ring of places; an idle one has none.
#include <algorithm>

#include "alerting/warn/stream.h"

namespace tingchao::alerting {

HourNumber hour_number(Time at) {
  return static_cast<HourNumber>(
      std::chrono::floor<std::chrono::hours>(at.time_since_epoch() + china_offset).count());
}

Time hour_begin(HourNumber hour) { return Time{std::chrono::hours{hour} - china_offset}; }

void HourCounts::drop_oldest() {
  if (days_.front() != idle) {
    busy_[static_cast<std::size_t>(days_.front())].fill(0);
    free_.push_back(days_.front());
  }
  days_.pop_front();
  ++first_day_;
}

void HourCounts::set(HourNumber hour, int count) {
  const int day = day_number(hour);
  if (days_.empty()) first_day_ = day;
  if (day >= end_day() + days_kept) {  // a leap past all that is kept
    days_.clear();
    busy_.clear();
    free_.clear();
    first_day_ = day;
  }
  if (day < first_day_) {
    if (end_day() - day > days_kept) return;
    for (; first_day_ > day; --first_day_) days_.push_front(idle);
  }
  while (day >= end_day()) days_.push_back(idle);
  while (static_cast<int>(days_.size()) > days_kept) drop_oldest();
  std::int32_t& place = days_[static_cast<std::size_t>(day - first_day_)];
  if (place == idle) {
    if (count == 0) return;
    if (free_.empty()) {
      free_.push_back(static_cast<std::int32_t>(busy_.size()));
      busy_.emplace_back();
    }
    place = free_.back();
    free_.pop_back();
  }
  busy_[static_cast<std::size_t>(place)][static_cast<std::size_t>(hour - day * 24)] = count;
}

int HourCounts::at(HourNumber hour) const {
  const int day = day_number(hour);
  if (day < first_day_ || day >= end_day()) return 0;
  const std::int32_t place = days_[static_cast<std::size_t>(day - first_day_)];
  return place == idle ? 0
                       : busy_[static_cast<std::size_t>(place)][static_cast<std::size_t>(hour - day * 24)];
}

bool HourCounts::keeps(HourNumber hour) const { return end_day() - day_number(hour) <= days_kept; }

std::optional<HourNumber> HourCounts::first() const {
  for (std::size_t day = 0; day < days_.size(); ++day)
    for (int hour = 0; days_[day] != idle && hour < 24; ++hour)
      if (busy_[static_cast<std::size_t>(days_[day])][static_cast<std::size_t>(hour)] != 0)
        return (first_day_ + static_cast<int>(day)) * 24 + hour;
  return std::nullopt;
}

void Coverage::set_alive(HourNumber hour, int documents) {
  const bool was_silent = alive_.at(hour) == 0;
  alive_.set(hour, documents);
  if (was_silent == (documents == 0)) return;
  found_outage_ = 0;  // to be found anew
  // Right after an hour with documents the newest one changes nothing that a baseline has looked at.
  if (hour < newest_ || alive_.at(hour - 1) == 0) ++edition_;
  newest_ = std::max(newest_, hour);
}

void Coverage::set_missing(HourNumber hour) {
  declared_.set(hour, 1);
  found_outage_ = 0;
  ++edition_;
}

void Coverage::find_gaps(int outage_hours) const {
  found_outage_ = outage_hours;
  missing_day_ = alive_.first_day();
  missing_.assign(static_cast<std::size_t>(alive_.end_day() - missing_day_) * 24, false);
  const int begin = missing_day_ * 24;
  // A gap of n hours holds n − 1 whole clock hours wherever it begins.
  const int silent_min = std::max(1, outage_hours - 1);
  int silent = silent_min;  // before the first document there was no input
  for (int i = 0; i <= static_cast<int>(missing_.size()); ++i) {
    const bool at_end = i == static_cast<int>(missing_.size());
    if (!at_end && alive_.at(begin + i) == 0) {
      ++silent;
      continue;
    }
    if (silent >= silent_min)
      for (int back = std::max(0, i - silent); back < i; ++back)
        missing_[static_cast<std::size_t>(back)] = true;
    silent = 0;
  }
}

bool Coverage::missing(HourNumber hour, int outage_hours) const {
  if (declared_.at(hour) != 0) return true;
  if (found_outage_ != outage_hours) find_gaps(outage_hours);
  const int index = hour - missing_day_ * 24;
  return index < 0 || index >= static_cast<int>(missing_.size()) || missing_[static_cast<std::size_t>(index)];
}

}  // namespace tingchao::alerting
