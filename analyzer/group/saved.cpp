// A line of a mark and until when documents are counted, the two tables a line each, then a line a story: id, time,
// terms.
#include "analyzer/group/saved.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "analyzer/group/bytes.h"
#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::string_view mark = "frequencies 2 ";
constexpr std::size_t terms_max = 185'000;  // of each table: 3 MB
constexpr std::size_t uses_bytes_max = 6'000'000;
// Younger stories are learnt again whole, even when the service stood still for a week.
constexpr std::chrono::days young{7};
constexpr std::size_t use_bytes = 12;

std::string_view cut_line(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view line = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return line;
}

std::optional<Time> read_time(std::string_view text) {
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  if (text.empty() || std::from_chars(text.data(), end, seconds).ptr != end) return {};
  return Time(Seconds(seconds));
}

std::string write_time(Time at) { return std::to_string(at.time_since_epoch().count()); }

std::string write_uses(const Held& held) {
  std::string bytes;
  for (const WeightedTerm& use : held.uses) {
    put_number(bytes, use.term, 8);
    put_number(bytes, std::bit_cast<std::uint32_t>(use.weight), 4);
  }
  return held.story.id + ' ' + write_time(held.uses_at) + ' ' + to_base64(bytes) + '\n';
}

struct SavedUses {
  std::string story;
  Time at{};
  std::vector<WeightedTerm> uses;
};

std::optional<SavedUses> read_uses(std::string_view line) {
  SavedUses saved;
  saved.story = cut_line(line, ' ');
  const auto at = read_time(cut_line(line, ' '));
  const std::string raw = from_base64(line);
  std::string_view bytes = raw;
  if (saved.story.empty() || !at || bytes.empty() || bytes.size() % use_bytes != 0) return {};
  saved.at = *at;
  while (!bytes.empty()) {
    WeightedTerm use{.term = take_number(bytes, 8)};
    use.weight = std::bit_cast<float>(static_cast<std::uint32_t>(take_number(bytes, 4)));
    const bool ordered = saved.uses.empty() || saved.uses.back().term < use.term;
    if (!ordered || !(use.weight >= 0 && use.weight < 1e9f)) return {};
    saved.uses.push_back(use);
  }
  return saved;
}

// Of stories that became one since, the uses of both.
void adopt(Held& held, SavedUses saved) {
  if (!held.uses_adopted) {
    held.uses = std::move(saved.uses);
    held.uses_at = saved.at;
    held.uses_adopted = true;
    return;
  }
  const Time now = std::max(held.uses_at, saved.at);
  std::map<std::uint64_t, float> sum;
  for (const WeightedTerm& use : held.uses) sum[use.term] += use.weight * static_cast<float>(faded(held.uses_at, now));
  for (const WeightedTerm& use : saved.uses) sum[use.term] += use.weight * static_cast<float>(faded(saved.at, now));
  held.uses.clear();
  for (const auto& [term, weight] : sum) held.uses.push_back({.term = term, .weight = weight});
  held.uses_at = now;
}

}  // namespace

std::string write_frequencies(const Vocabulary& vocabulary, const StoryIndex& index, Time settled) {
  std::string text = std::string(mark) + write_time(settled) + '\n' + vocabulary.usual.save(terms_max) + '\n' +
                     vocabulary.recent.save(terms_max) + '\n';
  std::size_t room = uses_bytes_max;
  index.each_awake([&](const Held& held) {
    const bool learnt_again = held.story.first_seen > settled - young && held.story.merged.empty();
    if (learnt_again || held.uses.empty()) return;
    std::string line = write_uses(held);
    if (line.size() > room) return;
    room -= line.size();
    text += line;
  });
  return text;
}

std::optional<Time> read_frequencies(std::string_view text, Vocabulary& vocabulary, StoryIndex& index) {
  if (!text.starts_with(mark)) return {};
  text.remove_prefix(mark.size());
  const auto settled = read_time(cut_line(text, '\n'));
  Vocabulary known{vocabulary_terms_max};
  if (!settled || !known.usual.load(cut_line(text, '\n')) || !known.recent.load(cut_line(text, '\n'))) return {};
  std::vector<SavedUses> all;
  while (!text.empty()) {
    auto saved = read_uses(cut_line(text, '\n'));
    if (!saved) return {};
    all.push_back(std::move(*saved));
  }
  vocabulary = std::move(known);
  for (SavedUses& saved : all)
    if (Held* held = index.find(saved.story)) adopt(*held, std::move(saved));
  return settled;
}

}  // namespace tingchao::analyzer
