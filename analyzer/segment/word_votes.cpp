#include "analyzer/segment/word_votes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// Characters on either side of the term that are looked at; a border further away does not move one here.
constexpr std::size_t reach = 24;
// What the model needs to see around: its longest word and its window.
constexpr std::size_t context = array_word_max + window;
constexpr std::size_t run_max = 2 * reach + 64;

// On the path, in the lexicon's measure: a character that it does not know, a word of the user's own.
constexpr std::uint32_t cost_of_stranger = 18'000, cost_of_own = 8'000;

// What each judge's voice weighs: the model speaks in logits, at most so loud; the path in nats of
// likelihood; ICU only says yes or no. The term is no word where the sum is above the threshold, or where
// path and ICU are two against the model. Tuned on parts of SXU and PFR, on folds of UD-GSDSimp that the
// model of the fold had not seen, and on the list of traps.
constexpr double model_max = 6, path_max = 3, path_weight = 0.8, icu_weight = 1, threshold = -1.5;
// A word of the user's own that holds the term is as good as the model's certainty when the path through it
// is so much likelier, in nats, than any that crosses, and ICU agrees.
constexpr double path_of_own = 7;

// How far the model is for a border inside and against one at the ends.
double margin(const std::vector<int>& sums, std::size_t begin, std::size_t end) {
  const int ends = std::min(sums[begin], sums[end]);
  int inside = -BorderModel::sum_max;
  for (std::size_t gap = begin + 1; gap < end; ++gap) inside = std::max(inside, sums[gap]);
  return std::clamp(std::min(-ends, inside) / weight_scale, -model_max, model_max);
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

// The likeliest path of words that keeps the term whole against the likeliest that crosses it, both found in
// one pass: a path becomes a crossing one with the word that holds one end of the term without the other.
double WordVotes::path_margin(std::u32string_view run, std::size_t begin, std::size_t end) const {
  const CharShapes& shapes = CharShapes::instance();
  const auto code_at = [&](std::size_t i) {
    return i < run.size() ? shapes.of(run[i]).code : std::uint16_t{0};
  };
  constexpr std::uint32_t never = 1u << 30;
  struct Costs {
    std::uint32_t whole = never, crossing = never;
  };
  std::array<Costs, run_max + 1> costs;
  costs[0].whole = 0;
  const auto reachable = [&](std::size_t at, std::size_t length, std::uint32_t word) {
    const std::size_t to = at + length;
    if (to > run.size()) return;
    const bool crosses = (at < begin && to > begin && to < end) || (at > begin && at < end && to > end);
    std::uint32_t& next = crosses ? costs[to].crossing : costs[to].whole;
    next = std::min(next, costs[at].whole + word);
    costs[to].crossing = std::min(costs[to].crossing, costs[at].crossing + word);
  };
  for (std::size_t i = 0; i < run.size(); ++i) {
    reachable(i, 1, cost_of_stranger);
    words_.each(code_at, i, [&](std::size_t length, std::uint32_t word) { reachable(i, length, word); });
    if (!own_.empty())
      own_.trie.each(run, i, [&](WordTrie::Found found) { reachable(i, found.length, cost_of_own); });
  }
  const Costs& last = costs[run.size()];
  return (double(last.whole) - double(last.crossing)) / 1000;
}

bool WordVotes::lies_in_own(std::u32string_view run, std::size_t begin, std::size_t end) const {
  bool lies = false;
  if (own_.empty()) return lies;
  for (std::size_t i = 0; i <= begin; ++i)
    own_.trie.each(run, i, [&](WordTrie::Found found) { lies = lies || i + found.length >= end; });
  return lies;
}

bool WordVotes::decide(double model, std::u32string_view run, std::size_t begin, std::size_t end) const {
  const double path = path_margin(run, begin, end);
  const double sum = model + path_weight * std::clamp(path, -path_max, path_max) - threshold;
  const bool own = path <= -path_of_own && sum > 0 && lies_in_own(run, begin, end);
  if (sum > icu_weight ? !own : sum < -icu_weight && path <= 0) return sum > 0;
  std::vector<std::uint8_t> border;
  icu_->mark(run, border);
  const auto inner = border.begin() + std::ptrdiff_t(begin) + 1, last = border.begin() + std::ptrdiff_t(end);
  const bool whole = (border[begin] && border[end]) || std::find(inner, last, 1) == last;
  if (!whole && path > 0) return true;
  return sum + (whole ? -icu_weight : icu_weight) > 0 && !(own && whole);
}

bool WordVotes::crosses(const TextView& view, std::size_t begin, std::size_t end) const {
  if (view.border.size() != view.folded.size() + 1 || begin >= end || end - begin > 32) return false;
  const auto [left, right] = run_around(view.folded, begin, end);
  const std::u32string_view run = std::u32string_view(view.folded).substr(left, right - left);
  // The model sees what is no Han character, too.
  const std::size_t from = begin - std::min(begin, context);
  std::vector<int> sums;
  model_.weigh(std::u32string_view(view.folded).substr(from, end + context - from), own_, sums);
  return decide(margin(sums, begin - from, end - from), run, begin - left, end - left);
}

bool WordVotes::crosses_if_read(std::u32string_view text, std::size_t begin, std::size_t end,
                                std::u32string_view word) const {
  if (word.empty() || word.size() > 32) return false;
  const auto [left, right] = run_around(text, begin, end);
  std::u32string run(text.substr(left, begin - left));
  const std::size_t from = run.size(), to = from + word.size();
  run += word;
  run += text.substr(end, right - end);
  std::vector<int> sums;
  model_.weigh(run, own_, sums);
  return decide(margin(sums, from, to), run, from, to);
}

}  // namespace tingchao::analyzer
