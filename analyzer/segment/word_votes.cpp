#include "analyzer/segment/word_votes.h"

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// Characters on either side of the term that are looked at; a border further away does not move one here.
constexpr std::size_t reach = 24;
constexpr std::size_t run_max = 2 * reach + 64;

// On the path, in the lexicon's measure: a character that it does not know, a word of the user's own.
constexpr std::uint32_t cost_of_stranger = 18'000, cost_of_own = 8'000;

bool crosses_in(const std::uint8_t* border, std::size_t begin, std::size_t end) {
  if (border[begin] && border[end]) return false;
  return std::find(border + begin + 1, border + end, 1) != border + end;
}

// The Han characters on both sides of [begin, end), as far as they matter.
std::pair<std::size_t, std::size_t> run_around(std::u32string_view text, std::size_t begin, std::size_t end) {
  std::size_t left = begin, right = end;
  while (left > 0 && begin - left < reach && is_han(text[left - 1])) --left;
  while (right < text.size() && right - end < reach && is_han(text[right])) ++right;
  return {left, right};
}

}  // namespace

Result<std::unique_ptr<WordVotes>> WordVotes::open(const BorderModel& model, const OwnWords& own) {
  auto icu = IcuWords::open();
  if (!icu) return icu.error();
  return std::unique_ptr<WordVotes>(new WordVotes(std::move(*icu), model, own));
}

bool WordVotes::path_crosses(std::u32string_view run, std::size_t begin, std::size_t end) const {
  const CharShapes& shapes = CharShapes::instance();
  const auto code_at = [&](std::size_t i) {
    return i < run.size() ? shapes.of(run[i]).code : std::uint16_t{0};
  };
  std::array<std::uint32_t, run_max + 1> cost;
  std::array<std::uint8_t, run_max + 1> from{};
  std::fill_n(cost.begin(), run.size() + 1, 0xFFFFFFFFu);
  cost[0] = 0;
  const auto reachable = [&](std::size_t at, std::size_t length, std::uint32_t word) {
    const std::size_t to = at + length;
    if (to > run.size() || cost[at] + word >= cost[to]) return;
    cost[to] = cost[at] + word;
    from[to] = static_cast<std::uint8_t>(length);
  };
  for (std::size_t i = 0; i < run.size(); ++i) {
    reachable(i, 1, cost_of_stranger);
    words_.each(code_at, i, [&](std::size_t length, std::uint32_t word) { reachable(i, length, word); });
    if (!own_.empty())
      own_.trie.each(run, i, [&](WordTrie::Found found) { reachable(i, found.length, cost_of_own); });
  }
  std::array<std::uint8_t, run_max + 1> border{};
  border[0] = 1;
  for (std::size_t i = run.size(); i > 0; i -= from[i]) border[i] = 1;
  return crosses_in(border.data(), begin, end);
}

bool WordVotes::most_cross(std::u32string_view run, std::size_t begin, std::size_t end, bool model) const {
  const bool path = path_crosses(run, begin, end);
  if (model == path) return model;
  std::vector<std::uint8_t> border;
  icu_->mark(run, border);
  return crosses_in(border.data(), begin, end);
}

bool WordVotes::crosses(const TextView& view, std::size_t begin, std::size_t end) const {
  if (view.border.size() != view.folded.size() + 1 || begin >= end || end - begin > 32) return false;
  const auto [left, right] = run_around(view.folded, begin, end);
  const std::u32string_view run = std::u32string_view(view.folded).substr(left, right - left);
  return most_cross(run, begin - left, end - left, crosses_word(view, begin, end));
}

bool WordVotes::crosses_if_read(std::u32string_view text, std::size_t begin, std::size_t end,
                                std::u32string_view word) const {
  if (word.empty() || word.size() > 32) return false;
  const auto [left, right] = run_around(text, begin, end);
  std::u32string run(text.substr(left, begin - left));
  const std::size_t from = run.size(), to = from + word.size();
  run += word;
  run += text.substr(end, right - end);
  std::vector<std::uint8_t> border;
  model_.mark(run, own_, border);
  return most_cross(run, from, to, crosses_in(border.data(), from, to));
}

}  // namespace tingchao::analyzer
