#include "analyzer/suggest/phrases.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) { return is_han(c) || is_digit(c) || (c >= 'a' && c <= 'z'); }

// The strings of one length, by number; `left` and `right` are the strings without their last and first letter.
struct Level {
  std::vector<std::uint32_t> left, right, count;
  std::vector<std::uint32_t> at;  // by place in the text: the number of the string there, or none
};

Level characters_of(std::u32string_view text) {
  Level out;
  std::unordered_map<char32_t, std::uint32_t> numbers;
  out.at.assign(text.size(), none);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 0) continue;
    const auto [found, fresh] = numbers.try_emplace(text[i], std::uint32_t(out.count.size()));
    if (fresh) out.count.push_back(0);
    ++out.count[out.at[i] = found->second];
  }
  return out;
}

Level longer(const Level& level, std::uint32_t count_min) {
  Level out;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  out.at.assign(level.at.size(), none);
  for (std::size_t i = 0; i + 1 < level.at.size(); ++i) {
    const std::uint32_t left = level.at[i], right = level.at[i + 1];
    if (left == none || right == none) continue;
    const auto [found, fresh] =
        numbers.try_emplace(std::uint64_t(left) << 32 | right, std::uint32_t(out.count.size()));
    if (fresh) out.left.push_back(left), out.right.push_back(right), out.count.push_back(0);
    ++out.count[out.at[i] = found->second];
  }
  for (std::uint32_t& number : out.at)
    if (number != none && out.count[number] < count_min) number = none;
  return out;
}

}  // namespace

void PhraseCounts::add(std::u32string_view folded, std::uint64_t document) {
  if (document % stride_ != 0) return;
  documents_.push_back({text_.size(), document});
  for (const char32_t c : folded) {
    if (is_letter(c))
      text_ += c;
    else if (!text_.empty() && text_.back() != 0)
      text_ += char32_t(0);
  }
  if (!text_.empty() && text_.back() != 0) text_ += char32_t(0);
  while (text_.size() > chars_max_ && documents_.size() > 1) thin_out();
}

void PhraseCounts::thin_out() {
  stride_ *= 2;
  std::u32string text;
  std::vector<Document> kept;
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    if (documents_[i].key % stride_ != 0) continue;
    const std::size_t end = i + 1 < documents_.size() ? documents_[i + 1].begin : text_.size();
    kept.push_back({text.size(), documents_[i].key});
    text.append(text_, documents_[i].begin, end - documents_[i].begin);
  }
  text_ = std::move(text);
  documents_ = std::move(kept);
}

std::vector<Phrase> PhraseCounts::frequent(std::uint32_t count_min, double cohesion_min, std::size_t most) const {
  std::array<Level, phrase_chars_max + 1> levels;
  levels[1] = characters_of(text_);
  double letters = 0;
  for (const std::uint32_t count : levels[1].count) letters += count;

  const auto cohesion = [&](std::size_t size, std::uint32_t number) {
    // Counts of all beginnings and all ends, by following the links down.
    std::array<double, phrase_chars_max> begins{}, ends{};
    std::uint32_t left = number, right = number;
    for (std::size_t n = size; n-- > 1;) {
      left = levels[n + 1].left[left];
      right = levels[n + 1].right[right];
      begins[n] = levels[n].count[left];
      ends[n] = levels[n].count[right];
    }
    double least = std::numeric_limits<double>::max();
    for (std::size_t n = 1; n < size; ++n)
      least = std::min(least, std::log2(levels[size].count[number] * letters / (begins[n] * ends[size - n])));
    return least;
  };

  std::vector<Phrase> out;
  for (std::size_t size = 2; size <= phrase_chars_max; ++size) {
    levels[size] = longer(levels[size - 1], count_min);
    levels[size - 1].at = {};
    std::vector<bool> seen(levels[size].count.size(), false);
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const std::uint32_t number = levels[size].at[i];
      if (number == none || seen[number]) continue;
      seen[number] = true;
      const std::u32string_view text = std::u32string_view(text_).substr(i, size);
      if (is_digit(text.front()) || is_digit(text.back()) || std::none_of(text.begin(), text.end(), is_han)) continue;
      const double bits = cohesion(size, number);
      if (bits >= cohesion_min) out.push_back({std::u32string(text), levels[size].count[number], bits});
    }
  }
  std::sort(out.begin(), out.end(), [](const Phrase& a, const Phrase& b) {
    return a.count != b.count ? a.count > b.count : a.text < b.text;
  });
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace tingchao::analyzer
