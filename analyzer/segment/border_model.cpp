// A rolling window of sixteen sums stands over the text. Reading character p adds what the n-gram ending at
// p says (its suffixes merged into one vector beforehand) to the gaps p-2 … p+3, and what the words
// beginning at p say to the gaps p … p+12; then the sum of gap p-2 is complete, is read, and the window
// moves on by one. Lane k is the gap p-2+k.
//
// The tables are larger than the caches, so the text goes through in blocks, and each stage asks the memory
// for what the next one will read: codes, then pairs of characters, then triples and longer words, then what
// the words say, then the sums.
#include "analyzer/segment/border_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/large_pages.h"

namespace tingchao::analyzer {
namespace {

using Lanes = std::int16_t __attribute__((vector_size(16)));
// Sixteen gaps as well: which words end there and stretch over it, a bit each of their reach_class.
using Marks = std::uint8_t __attribute__((vector_size(16)));

std::uint8_t mark_of(std::size_t reach, bool inside) {
  return reach == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(1u << (reach - 1 + (inside ? 4 : 0)));
}

// By the marks of a gap: the longest that ends there, the longest that stretches over it.
struct Longest {
  std::uint8_t ends = 0, inside = 0;
};
constexpr auto longest_of_marks = [] {
  std::array<Longest, 256> longest{};
  for (unsigned marks = 0; marks < 256; ++marks)
    for (unsigned bit = 0; bit < 4; ++bit) {
      if (marks >> bit & 1) longest[marks].ends = static_cast<std::uint8_t>(bit + 1);
      if (marks >> (bit + 4) & 1) longest[marks].inside = static_cast<std::uint8_t>(bit + 1);
    }
  return longest;
}();

// A hash table with open addressing whose entries bring their vector along: one cache line a look-up.
template <class Entry>
class LaneTable {
 public:
  using Key =
      decltype(Entry::key);  // 0: free; no n-gram of a text is all blanks but the first, which says nothing
  void reserve(std::size_t count) {
    std::size_t size = 16;
    while (size * 3 < count * 4) size *= 2;
    entries_.assign(size, {});
    shift_ = 64 - static_cast<unsigned>(__builtin_ctzll(size));
  }
  const Entry* find(Key key) const {
    for (std::size_t i = place(key);; i = (i + 1) & (entries_.size() - 1)) {
      const Entry& entry = entries_[i];
      if (entry.key == key) return &entry;
      if (entry.key == Key{}) return nullptr;
    }
  }
  void prefetch(Key key) const { __builtin_prefetch(&entries_[place(key)]); }
  Entry& at(Key key) {
    for (std::size_t i = place(key);; i = (i + 1) & (entries_.size() - 1)) {
      Entry& entry = entries_[i];
      if (entry.key != Key{} && entry.key != key) continue;
      entry.key = key;
      return entry;
    }
  }

 private:
  std::size_t place(Key key) const {
    return (static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u) >> shift_;
  }
  LargeVector<Entry> entries_ = LargeVector<Entry>(16);
  unsigned shift_ = 60;
};

std::int16_t clamped(double value) { return static_cast<std::int16_t>(std::clamp(value, -30000.0, 30000.0)); }

struct Pair {
  std::uint32_t key = 0;
  std::uint32_t node = 0,
                base = 0;       // in the lexicon: where words go on that begin with the pair; base 0: none do
  std::uint16_t signature = 0;  // of the words that end with it
  std::uint16_t longer = 0;     // a triple ends with it
  alignas(16) Lanes lanes{};
};
struct Triple {
  std::uint64_t key = 0;
  alignas(16) Lanes lanes{};
};

bool is_run(CharType type) { return type == CharType::digit || type == CharType::latin; }

}  // namespace

struct BorderModel::Tables {
  explicit Tables(WordArray array) : words(std::move(array)) {}

  struct WordLanes {
    Lanes low{}, high{};
    Marks marks{};
    std::uint8_t begins = 0;  // reach_class of the longest
  };
  // One cache line a character.
  struct alignas(64) Beside {
    BorderWeights::Beside numbers{};
  };
  struct Single {
    std::uint16_t signature = 0;  // of the word of one character
    std::uint16_t beside = 0;     // 0: nothing known
  };
  LargeVector<Lanes> ones = LargeVector<Lanes>(0x10000);
  LaneTable<Pair> twos;
  LaneTable<Triple> threes;
  std::vector<std::int16_t> types = std::vector<std::int16_t>(type_windows);
  WordArray words;
  LargeVector<Single> single = LargeVector<Single>(0x10000);
  LargeVector<Beside> besides = LargeVector<Beside>(1);
  std::array<std::array<std::int16_t, type_pairs>, reach_joints> joints{};
  LargeVector<WordLanes> of_signature;
  const CharShapes& shapes = CharShapes::instance();

  // put(gap, sum, left and right types) for the gaps 1 … text.size() - 1 in turn; `extra` is added, if any.
  template <class Put>
  void scan(std::u32string_view text, const std::vector<std::int16_t>& extra, Put put) const;
};

BorderModel::BorderModel(BorderModel&&) noexcept = default;
BorderModel& BorderModel::operator=(BorderModel&&) noexcept = default;
BorderModel::~BorderModel() = default;

BorderModel::BorderModel(const BorderWeights& weights, WordArray words)
    : tables_(std::make_unique<Tables>(std::move(words))) {
  Tables& t = *tables_;
  for (const auto& [c, numbers] : weights.ones)
    for (std::size_t k = 0; k < numbers.size(); ++k) t.ones[c][k] = numbers[k];
  // A pair stands in the table when it has weights, when a triple ends with it, or when words begin with it.
  std::vector<std::uint32_t> pairs;
  for (const auto& [key, numbers] : weights.twos) pairs.push_back(key);
  for (const auto& [key, numbers] : weights.threes) pairs.push_back(static_cast<std::uint32_t>(key));
  const auto key_of = [](std::uint16_t b, std::uint16_t c) {
    return static_cast<std::uint32_t>(b) << 16 | c;
  };
  t.words.each_pair([&](std::uint16_t b, std::uint16_t c, std::uint32_t) { pairs.push_back(key_of(b, c)); });
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  t.twos.reserve(pairs.size());
  for (const std::uint32_t key : pairs) t.twos.at(key).lanes = t.ones[key & 0xFFFF];
  for (const auto& [key, numbers] : weights.twos) {
    auto& entry = t.twos.at(key);
    for (std::size_t k = 0; k < numbers.size(); ++k)
      entry.lanes[k] = static_cast<std::int16_t>(entry.lanes[k] + numbers[k]);
  }
  t.words.each_pair([&](std::uint16_t b, std::uint16_t c, std::uint32_t node) {
    auto& entry = t.twos.at(key_of(b, c));
    entry.node = node;
    entry.base = t.words.node(node).base;
    entry.signature = t.words.node(node).signature;
  });
  for (std::uint32_t code = 0; code < t.single.size(); ++code)
    if (const std::uint32_t node = t.words.first(static_cast<std::uint16_t>(code)))
      t.single[code].signature = t.words.node(node).signature;
  t.threes.reserve(weights.threes.size());
  for (const auto& [key, numbers] : weights.threes) {
    auto& suffix = t.twos.at(static_cast<std::uint32_t>(key));
    suffix.longer = 1;
    auto& entry = t.threes.at(key);
    entry.lanes = suffix.lanes;
    for (std::size_t k = 0; k < numbers.size(); ++k)
      entry.lanes[k] = static_cast<std::int16_t>(entry.lanes[k] + numbers[k]);
  }
  std::fill(t.types.begin(), t.types.end(), weights.bias);
  for (const auto& [key, weight] : weights.types)
    t.types[key] = static_cast<std::int16_t>(weights.bias + weight);

  t.joints = weights.joints;
  for (const auto& [code, numbers] : weights.besides) {
    if (t.besides.size() > 0xFFFF) break;  // code 0 speaks of no character
    t.single[code].beside = static_cast<std::uint16_t>(t.besides.size());
    t.besides.push_back({numbers});
  }

  t.of_signature.resize(t.words.signatures());
  for (std::size_t s = 0; s < t.words.signatures(); ++s) {
    std::array<double, 16> lanes{};
    for (const WordArray::Part& part : t.words.signature(static_cast<std::uint32_t>(s))) {
      const std::size_t length = length_class(part.length), reach = reach_class(part.length);
      Tables::WordLanes& out = t.of_signature[s];
      out.begins = std::max(out.begins, static_cast<std::uint8_t>(reach));
      for (std::size_t k = 1; k < part.length; ++k) out.marks[2 + k] |= mark_of(reach, true);
      out.marks[2u + part.length] |= mark_of(reach, false);
      lanes[2] += weights.words[BorderWeights::begins][length][part.bucket];
      for (std::size_t k = 1; k < part.length; ++k)
        lanes[2 + k] += weights.words[BorderWeights::inside][length][part.bucket];
      lanes[2u + part.length] += weights.words[BorderWeights::ends][length][part.bucket];
    }
    for (std::size_t k = 0; k < 8; ++k) {
      t.of_signature[s].low[k] = clamped(lanes[k]);
      t.of_signature[s].high[k] = clamped(lanes[8 + k]);
    }
  }
}

const WordArray& BorderModel::words() const { return tables_->words; }

namespace {

// Longest words first come, first laid: a word of the user's own adds its strength at both ends and takes it
// away inside. Only where no longer one of them lies around it.
void add_own(std::u32string_view text, const OwnWords& own, std::vector<std::int16_t>& extra) {
  std::size_t covered = 0;  // end of the last word laid
  for (std::size_t i = 0; i < text.size(); ++i) {
    const WordTrie::Found found = own.trie.longest(text, i);
    if (found.length == 0 || i + found.length <= covered) continue;
    if (extra.empty()) extra.resize(text.size() + 1);
    const double strength = own.strengths[found.value] * weight_scale;
    const auto add = [&](std::size_t gap, double value) { extra[gap] = clamped(extra[gap] + value); };
    add(i, strength);
    for (std::size_t gap = i + 1; gap < i + found.length; ++gap) add(gap, -strength);
    add(i + found.length, strength);
    covered = i + found.length;
  }
}

}  // namespace

template <class Put>
void BorderModel::Tables::scan(std::u32string_view text, const std::vector<std::int16_t>& extra,
                               Put put) const {
  const Tables& t = *this;
  const std::size_t size = text.size();
  constexpr std::size_t block = 64;
  // Of the characters from `from` on, two before and two behind them: [i] is character from + i - 2.
  std::array<CharShape, block + 4> near{};
  std::array<const Pair*, block + 4> pairs{};    // that end with that character
  std::array<const Lanes*, block + 4> grams;     // what the n-grams that end with it say
  std::array<const WordLanes*, block + 4> said;  // and the words that begin with it
  const auto code_at = [&](std::size_t i) { return i < size ? t.shapes.of(text[i]).code : std::uint16_t{0}; };
  const auto pair_key = [&](std::size_t i) {
    return static_cast<std::uint32_t>(near[i - 1].code) << 16 | near[i].code;
  };
  const auto triple_key = [&](std::size_t i) {
    return static_cast<std::uint64_t>(near[i - 2].code) << 32 | pair_key(i);
  };
  std::array<const Beside*, block + 4> beside;  // and that character beside a gap
  // The last three of each, as the sums are three characters behind the reading.
  const Beside *left = t.besides.data(), *right = left, *next = left;
  std::uint8_t begins = 0, begins_next = 0;
  Lanes low{}, high{};
  Marks marks{};
  std::uint32_t around = 0;  // types
  for (std::size_t from = 0; from < size + 2; from += block) {
    const std::size_t count = std::min(block, size + 2 - from);
    std::copy_n(near.end() - 4, from == 0 ? 0 : 4, near.begin());
    std::copy_n(pairs.end() - 4, from == 0 ? 0 : 4, pairs.begin());
    const std::size_t fresh = from == 0 ? 2 : 4;
    for (std::size_t i = fresh; i < count + 4; ++i) {
      const std::size_t p = from + i - 2;
      near[i] = p < size ? t.shapes.of(text[p]) : CharShape{};
      t.twos.prefetch(pair_key(i));
    }
    for (std::size_t i = fresh; i < count + 4; ++i) {
      pairs[i] = t.twos.find(pair_key(i));
      if (!pairs[i]) continue;
      if (pairs[i]->longer) t.threes.prefetch(triple_key(i));
      if (pairs[i]->base && i + 1 < count + 4) t.words.prefetch_next(pairs[i]->base, near[i + 1].code);
    }
    for (std::size_t i = 2; i < count + 2; ++i) {
      const Pair* const pair = pairs[i];
      grams[i] = pair ? &pair->lanes : &t.ones[near[i].code];
      if (pair && pair->longer)
        if (const Triple* const triple = t.threes.find(triple_key(i))) grams[i] = &triple->lanes;
      std::uint32_t signature = 0;
      if (const std::size_t p = from + i - 2; p < size) {
        signature = t.single[near[i].code].signature;
        if (const Pair* const begun = pairs[i + 1]; begun && begun->node) {
          if (begun->signature) signature = begun->signature;
          if (const std::uint32_t third = t.words.next(begun->node, begun->base, near[i + 2].code)) {
            if (const std::uint32_t ending = t.words.node(third).signature) signature = ending;
            signature = t.words.walk(third, code_at, p + 3, signature);
          }
        }
      }
      said[i] = &t.of_signature[signature];
      __builtin_prefetch(said[i]);
      beside[i] = &t.besides[t.single[near[i].code].beside];
      __builtin_prefetch(beside[i]);
    }
    for (std::size_t i = 2; i < count + 2; ++i) {
      const std::size_t p = from + i - 2;
      const CharShape shape = near[i];
      low += *grams[i];
      low += said[i]->low;
      high += said[i]->high;
      marks |= said[i]->marks;
      around = (around << 3 | static_cast<std::uint32_t>(shape.type)) & (type_windows - 1);
      if (p >= 3) {
        const std::size_t gap = p - 2;
        const auto [ends, inside] = longest_of_marks[marks[0]];
        int sum = low[0] + t.types[around] + t.joints[reach_joint(ends, inside, begins)][around >> 6 & 63];
        sum += left->numbers[BorderWeights::left_inside * reach_classes + inside] +
               left->numbers[BorderWeights::left_begins * reach_classes + begins] +
               right->numbers[BorderWeights::right_inside * reach_classes + inside] +
               right->numbers[BorderWeights::right_ends * reach_classes + ends];
        if (!extra.empty()) sum += extra[gap];
        put(gap, sum, static_cast<CharType>(around >> 9 & 7), static_cast<CharType>(around >> 6 & 7));
      }
      left = right, right = next, next = beside[i];
      begins = begins_next, begins_next = said[i]->begins;
      marks = __builtin_shufflevector(marks, Marks{}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
      low = __builtin_shufflevector(low, high, 1, 2, 3, 4, 5, 6, 7, 8);
      high = __builtin_shufflevector(high, Lanes{}, 1, 2, 3, 4, 5, 6, 7, 8);
    }
  }
}

void BorderModel::mark(std::u32string_view text, const OwnWords& own,
                       std::vector<std::uint8_t>& border) const {
  border.assign(text.size() + 1, 0);
  border.front() = border.back() = 1;
  if (text.size() < 2) return;
  std::vector<std::int16_t> extra;  // stays empty, unallocated, unless a word of one's own stands in the text
  if (!own.empty()) add_own(text, own, extra);
  tables_->scan(text, extra, [&](std::size_t gap, int sum, CharType before, CharType behind) {
    const bool blank = before == CharType::space || behind == CharType::space;
    const bool run = is_run(before) && before == behind;
    border[gap] = blank | ((sum > 0) & !run);
  });
}

void BorderModel::weigh(std::u32string_view text, const OwnWords& own, std::vector<int>& sums) const {
  sums.assign(text.size() + 1, sum_max);
  if (text.size() < 2) return;
  std::vector<std::int16_t> extra;
  if (!own.empty()) add_own(text, own, extra);
  tables_->scan(text, extra, [&](std::size_t gap, int sum, CharType before, CharType behind) {
    sums[gap] = sum;
    if (is_run(before) && before == behind) sums[gap] = -sum_max;
    if (before == CharType::space || behind == CharType::space) sums[gap] = sum_max;
  });
}

}  // namespace tingchao::analyzer
