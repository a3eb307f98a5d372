// Instead of shrinking every count as time goes by, what is added grows: a document now weighs twice what
// one weighed a half-life ago, and only ratios are ever read. When the weights get large, all are
// divided once. The order in which the table is walked plays no part in any result.
#include "analyzer/group/frequencies.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "analyzer/group/bytes.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t head_bytes = 20, row_bytes = 12;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

}  // namespace

double TermFrequencies::grown(Time now) {
  if (grown_ > 0 && now == grown_at_) return grown_;
  if (!begun_) origin_ = now, begun_ = true;
  const double half_lives =
      static_cast<double>((now - origin_).count()) / static_cast<double>(half_life_.count());
  const double one = std::exp2(std::clamp(half_lives, -40.0, 400.0));
  grown_at_ = now;
  if (one < 1e12) return grown_ = one;
  counts_.change([one](float count) { return static_cast<float>(count / one); });
  documents_ /= one;
  origin_ = now;
  return grown_ = 1;
}

double TermFrequencies::idf(std::uint64_t term, Time now) {
  const double one = grown(now);
  const float* found = counts_.find(term);
  const double count = std::max(0.5 * one, found ? static_cast<double>(*found) : 0.0);
  return std::log1p(std::max(documents_, one) / count);
}

double TermFrequencies::count(std::uint64_t term, Time now) {
  const double one = grown(now);
  const float* found = counts_.find(term);
  return found ? static_cast<double>(*found) / one : 0.0;
}

void TermFrequencies::drop_faded(double one) {
  // A quarter more each round until enough is gone: the rarest and longest unseen go first.
  for (double limit = 0.1; counts_.size() > terms_max_ * 3 / 4; limit *= 1.25)
    counts_.drop_below(static_cast<float>(limit * one));
}

std::string TermFrequencies::save(std::size_t terms_max) const {
  std::vector<std::pair<std::uint64_t, float>> rows;
  rows.reserve(counts_.size());
  counts_.each([&](std::uint64_t term, float count) { rows.emplace_back(term, count); });
  const auto rarer = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  if (rows.size() > terms_max) {
    std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(terms_max), rows.end(), rarer);
    rows.resize(terms_max);
  }
  std::sort(rows.begin(), rows.end());
  std::string bytes;
  bytes.reserve(head_bytes + rows.size() * row_bytes);
  put_number(bytes, static_cast<std::uint64_t>(begun_ ? origin_.time_since_epoch().count() : never), 8);
  put_number(bytes, std::bit_cast<std::uint64_t>(documents_), 8);
  put_number(bytes, rows.size(), 4);
  for (const auto& [term, count] : rows) {
    put_number(bytes, term, 8);
    put_number(bytes, std::bit_cast<std::uint32_t>(count), 4);
  }
  return to_base64(bytes);
}

bool TermFrequencies::load(std::string_view text) {
  const std::string raw = from_base64(text);
  std::string_view bytes = raw;
  if (bytes.size() < head_bytes) return false;
  const auto origin = static_cast<std::int64_t>(take_number(bytes, 8));
  const auto documents = std::bit_cast<double>(take_number(bytes, 8));
  const std::uint64_t rows = take_number(bytes, 4);
  if (rows > terms_max_ || bytes.size() != rows * row_bytes || !(documents >= 0 && documents < 1e300)) return false;
  TermCounts counts;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::uint64_t term = take_number(bytes, 8);
    const auto count = std::bit_cast<float>(static_cast<std::uint32_t>(take_number(bytes, 4)));
    if (!(count > 0 && count < 1e30f)) return false;
    counts[term] = count;
  }
  begun_ = origin != never;
  origin_ = begun_ ? Time(Seconds(origin)) : Time{};
  documents_ = documents;
  counts_ = std::move(counts);
  grown_ = 0;
  return true;
}

}  // namespace tingchao::analyzer
