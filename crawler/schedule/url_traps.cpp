#include "crawler/schedule/url_traps.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t segments_max = 20;  // no site that people made goes deeper
constexpr std::size_t repeats_max = 3;    // of one segment in a path
constexpr std::size_t parameters_max = 12;
constexpr std::size_t address_bytes_max = 1024;
constexpr int empty_max = 30, skipped_max = 20;
constexpr std::size_t patterns_max = 20'000;

struct Pieces {
  std::string_view host, path, query;
};

Pieces pieces_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != url.npos) url.remove_prefix(scheme + 3);
  Pieces out;
  const auto mark = std::min(url.find('?'), url.size());
  out.query = mark < url.size() ? url.substr(mark + 1) : std::string_view();
  url = url.substr(0, mark);
  const auto slash = std::min(url.find('/'), url.size());
  out.host = url.substr(0, slash);
  out.path = url.substr(slash);
  return out;
}

std::vector<std::string_view> cut(std::string_view text, char border) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(border), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

int number_of(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

bool is_calendar_word(std::string_view word) {
  for (const std::string_view known : {"calendar", "rili", "cal", "events", "schedule"})
    if (word == known) return true;
  return false;
}

// A page of a month or day that is neither news nor near: years off, and nothing on it that is a title.
bool is_far_calendar(const Pieces& pieces, int this_year) {
  bool calendar = false;
  int year = -1;
  for (const std::string_view segment : cut(pieces.path, '/')) {
    if (is_calendar_word(ascii_lower(segment.substr(0, segment.find('.'))))) calendar = true;
    if (segment.size() >= 4 && calendar && year < 0) year = number_of(segment.substr(0, 4));
  }
  bool month = false;
  for (const std::string_view pair : cut(pieces.query, '&')) {
    const std::string name = ascii_lower(pair.substr(0, pair.find('=')));
    const auto value = pair.substr(std::min(pair.find('=') + 1, pair.size()));
    if (name == "year" || name == "y" || name == "yr") year = number_of(value);
    if (name == "month" || name == "mon" || name == "m") month = true;
    if ((name == "date" || name == "day") && calendar && value.size() >= 4)
      year = number_of(value.substr(0, 4));
  }
  if (!calendar && !month) return false;
  return year >= 0 && (year > this_year + 1 || year < this_year - 5);
}

}  // namespace

std::string trap_in(std::string_view url, Time now) {
  if (url.size() > address_bytes_max) return "an address of " + std::to_string(url.size()) + " bytes";
  const Pieces pieces = pieces_of(url);
  const auto segments = cut(pieces.path, '/');
  if (segments.size() > segments_max) return std::to_string(segments.size()) + " folders deep";
  std::map<std::string_view, std::size_t> times;
  for (const std::string_view segment : segments)
    if (++times[segment] > repeats_max) return "'" + std::string(segment) + "' again and again in the path";
  if (const auto count = cut(pieces.query, '&').size(); count > parameters_max)
    return std::to_string(count) + " parameters";
  const int this_year = std::stoi(china_date(now).substr(0, 4));
  if (is_far_calendar(pieces, this_year)) return "a calendar far from today";
  return {};
}

std::string url_pattern(std::string_view url) {
  const Pieces pieces = pieces_of(url);
  std::string pattern(pieces.host);
  const auto blot = [&pattern](std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t from = at;
      bool digits = false;
      while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '%')) {
        digits = digits || std::isdigit(static_cast<unsigned char>(text[at]));
        ++at;
      }
      if (at > from) pattern += digits ? std::string("#") : std::string(text.substr(from, at - from));
      if (at < text.size()) pattern += text[at++];
    }
  };
  blot(pieces.path);
  if (!pieces.query.empty()) {
    pattern += '?';
    blot(pieces.query);
  }
  return pattern;
}

bool UrlYield::worth_reading(const std::string& pattern) {
  const auto found = barren_.find(pattern);
  if (found == barren_.end() || found->second.empty_in_a_row < empty_max) return true;
  if (++found->second.skipped < skipped_max) return false;
  found->second.skipped = 0;
  return true;
}

void UrlYield::read(const std::string& pattern, int documents_new) {
  if (documents_new > 0) {
    barren_.erase(pattern);
    return;
  }
  if (barren_.size() >= patterns_max && !barren_.contains(pattern)) barren_.clear();  // learns anew
  ++barren_[pattern].empty_in_a_row;
}

bool UrlYield::is_new(const std::string& pattern) {
  if (asked_.size() >= patterns_max) asked_.clear();
  return asked_.insert(pattern).second;
}

void UrlYield::restore_barren(const std::string& pattern) {
  if (barren_.size() >= patterns_max) barren_.clear();
  barren_[pattern].empty_in_a_row = empty_max;
}

bool UrlYield::barren(const std::string& pattern) const {
  const auto found = barren_.find(pattern);
  return found != barren_.end() && found->second.empty_in_a_row >= empty_max;
}

}  // namespace tingchao::crawler
