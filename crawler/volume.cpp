// Documents of a visit are spread evenly over the time since the visit before: nobody knows better.
#include "crawler/volume.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/json.hpp>

#include "core/json.h"

namespace tingchao::crawler {
namespace {

constexpr double weekly_memory = 0.87;  // γ: half is forgotten in five weeks
constexpr double daily_memory = 0.98;
constexpr double prior_weeks = 2;     // κ
constexpr double prior_spread = 0.5;  // ρ of a source that nobody knows
constexpr double prior_days = 5;      // how many days of its own outweigh that
constexpr double false_calls_a_year = 0.5;
constexpr double hours_a_year = 8760;
constexpr double documents_least = 10, hours_least = 168;
constexpr std::chrono::hours learnt_max{48};
constexpr std::chrono::days counted_max{120};  // a longer silence was called long before

int cell_of(Time at) { return china_weekday(at) * 24 + china_hour(at); }

// Calls `part(begin, share of an hour)` for each hour of China that (from, to] touches.
template <class F>
void each_hour(Time from, Time to, F part) {
  while (from < to) {
    const Time next =
        std::min<Time>(std::chrono::floor<std::chrono::hours>(from) + std::chrono::hours{1}, to);
    part(from, static_cast<double>((next - from).count()) / 3600.0);
    from = next;
  }
}

}  // namespace

double Volume::hourly() const {
  const double hours = std::accumulate(hours_.begin(), hours_.end(), 0.0);
  if (hours <= 0) return 0;
  double sum = 0;  // of cells, so that hours watched more often do not weigh more
  int seen = 0;
  for (int i = 0; i < cells; ++i)
    if (hours_[std::size_t(i)] > 0) sum += documents_[std::size_t(i)] / hours_[std::size_t(i)], ++seen;
  return seen > 0 ? sum / seen : 0;
}

double Volume::rate(int cell, double mean) const {
  const auto is_weekend = [](int day) { return day == 0 || day == 6; };
  double documents = 0, hours = 0;
  for (int day = 0; day < 7; ++day) {
    if (is_weekend(day) != is_weekend(cell / 24)) continue;
    documents += documents_[std::size_t(day * 24 + cell % 24)];
    hours += hours_[std::size_t(day * 24 + cell % 24)];
  }
  const double of_hour = (documents + prior_weeks * mean) / (hours + prior_weeks);
  return (documents_[std::size_t(cell)] + prior_weeks * of_hour) / (hours_[std::size_t(cell)] + prior_weeks);
}

double Volume::rate_at(Time at, double mean, const Holidays& holidays) const {
  const Holiday holiday = holidays ? holidays(at) : Holiday{};
  if (!holiday.is_one) return rate(cell_of(at), mean);
  return holiday.share * rate(china_hour(at), mean);  // Sunday is day 0
}

void Volume::close_day(Time at) {
  const Time day = china_midnight(at);
  if (day == day_) return;
  if (day_expected_ > 0) {
    const double off = day_found_ - day_expected_;
    excess_ = daily_memory * excess_ + off * off - day_expected_;
    square_ = daily_memory * square_ + day_expected_ * day_expected_;
  }
  day_ = day;
  day_found_ = day_expected_ = 0;
}

void Volume::learn(Time from, Time to, int documents, const Holidays& holidays) {
  if (to <= from) return;
  from = std::max(from, to - learnt_max);
  const double mean = hourly();
  const double each_second = documents / static_cast<double>((to - from).count());
  each_hour(from, to, [&](Time at, double share) {
    if (holidays && holidays(at).is_one) return;
    close_day(at);
    const double found = each_second * share * 3600;
    if (documents_total_ >= documents_least && hours_total_ >= hours_least) {
      day_found_ += found;
      day_expected_ += share * rate(cell_of(at), mean);
    }
    double &n = documents_[std::size_t(cell_of(at))], &e = hours_[std::size_t(cell_of(at))];
    const double memory = std::pow(weekly_memory, share);
    n = n * memory + found;
    e = e * memory + share;
    documents_total_ += found;
    hours_total_ += share;
  });
}

double Volume::expected(Time from, Time to, const Holidays& holidays) const {
  double sum = 0;
  const double mean = hourly();
  each_hour(std::max(from, to - counted_max), to,
            [&](Time at, double share) { sum += share * rate_at(at, mean, holidays); });
  return sum;
}

std::optional<double> Volume::silence(Time from, Time to, const Holidays& holidays) const {
  if (documents_total_ < documents_least || hours_total_ < hours_least) return std::nullopt;
  const double mean = hourly(), day_mean = 24 * mean;
  const double weight = prior_days * day_mean * day_mean;
  const double spread = std::clamp((excess_ + prior_spread * weight) / (square_ + weight), 0.02, 4.0);
  double log_chance = 0, today = 0;
  Time day = china_midnight(from);
  const auto close = [&] {
    log_chance -= std::log1p(spread * today) / spread;
    today = 0;
  };
  each_hour(std::max(from, to - counted_max), to, [&](Time at, double share) {
    if (china_midnight(at) != day) {
      close();
      day = china_midnight(at);
    }
    today += share * rate_at(at, mean, holidays);
  });
  close();
  return std::exp(log_chance);
}

double Volume::threshold() const {
  return std::clamp(false_calls_a_year / std::max(hours_a_year * hourly(), 1e-6), 1e-8, 1e-2);
}

std::string Volume::to_text() const {
  const auto rounded = [](double value) { return std::round(value * 1000) / 1000; };
  boost::json::array documents, hours;
  for (const double n : documents_) documents.push_back(rounded(n));
  for (const double e : hours_) hours.push_back(rounded(e));
  return to_line({{"documents", std::move(documents)},
                  {"hours", std::move(hours)},
                  {"documents_total", rounded(documents_total_)},
                  {"hours_total", rounded(hours_total_)},
                  {"day", day_.time_since_epoch().count()},
                  {"day_found", rounded(day_found_)},
                  {"day_expected", rounded(day_expected_)},
                  {"excess", rounded(excess_)},
                  {"square", rounded(square_)}});
}

std::optional<Volume> Volume::from_text(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const auto& from = parsed->get_object();
  Volume volume;
  try {  // Boost.JSON's accessors throw on a member that is missing or of another type
    for (std::size_t i = 0; i < cells; ++i) {
      volume.documents_[i] = from.at("documents").as_array().at(i).to_number<double>();
      volume.hours_[i] = from.at("hours").as_array().at(i).to_number<double>();
    }
    volume.documents_total_ = from.at("documents_total").to_number<double>();
    volume.hours_total_ = from.at("hours_total").to_number<double>();
    volume.day_ = Time{Seconds{from.at("day").to_number<long>()}};
    volume.day_found_ = from.at("day_found").to_number<double>();
    volume.day_expected_ = from.at("day_expected").to_number<double>();
    volume.excess_ = from.at("excess").to_number<double>();
    volume.square_ = from.at("square").to_number<double>();
  } catch (const std::exception&) {
    return std::nullopt;  // of another version: learnt again
  }
  return volume;
}

}  // namespace tingchao::crawler
