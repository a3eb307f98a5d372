// Logistic regression by AdaGrad (Duchi et al. 2011) over the gaps of the sentences, whose order is shuffled
// anew for each pass by a generator of fixed seed.
#include "analyzer/segment/border_trainer.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

struct Weight {
  float value = 0, squares = 0, sum = 0;
};

// Positions are characters of all sentences behind one another, three blanks (code 0) between two.
struct Text {
  std::vector<std::uint16_t> codes;
  std::vector<std::uint8_t> types, border;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sentences;  // [begin, end) of positions
};

constexpr std::size_t blanks = window;

void add_blanks(Text& text) {
  for (std::size_t i = 0; i < blanks; ++i)
    text.codes.push_back(0), text.types.push_back(0), text.border.push_back(0);
}

Result<Text> read(std::string_view gold, std::string_view name) {
  const CharShapes& shapes = CharShapes::instance();
  Text text;
  add_blanks(text);
  int line_number = 0;
  for (std::size_t at = 0; at < gold.size();) {
    const std::size_t end = std::min(gold.find('\n', at), gold.size());
    const std::string_view line = gold.substr(at, end - at);
    at = end + 1;
    ++line_number;
    if (!is_utf8(line))
      return Error{Errc::bad_markup, fmt::format("{}:{}: not UTF-8", name, line_number),
                   "convert it: iconv -t utf-8"};
    const auto begin = static_cast<std::uint32_t>(text.codes.size());
    bool new_word = true;
    for (std::size_t i = 0; i < line.size();) {
      const CharShape shape = shapes.of(next_char(line, i));
      if (shape.type == CharType::space) {
        new_word = true;
        continue;
      }
      text.codes.push_back(shape.code);
      text.types.push_back(static_cast<std::uint8_t>(shape.type));
      text.border.push_back(new_word);
      new_word = false;
    }
    if (text.codes.size() == begin) continue;
    text.sentences.emplace_back(begin, static_cast<std::uint32_t>(text.codes.size()));
    add_blanks(text);
  }
  return text;
}

// Numbers the n-grams that end at each position; 0 where there is none worth a number.
template <class Key, class Make>
std::vector<std::uint32_t> number(const Text& text, std::uint32_t least, std::vector<Key>& keys,
                                  Make key_at) {
  std::unordered_map<Key, std::uint32_t> counts;
  counts.reserve(text.codes.size() / 4);
  for (std::size_t p = blanks; p < text.codes.size(); ++p) ++counts[key_at(p)];
  std::vector<std::uint32_t> numbers(text.codes.size());
  std::unordered_map<Key, std::uint32_t> number_of;
  number_of.reserve(counts.size());
  keys.assign(1, Key{});
  for (std::size_t p = blanks; p < text.codes.size(); ++p) {
    const Key key = key_at(p);
    if (counts.find(key)->second < least) continue;
    const auto [found, is_new] = number_of.try_emplace(key, static_cast<std::uint32_t>(keys.size()));
    if (is_new) keys.push_back(key);
    numbers[p] = found->second;
  }
  return numbers;
}

// Which word features stand at each position, a bit each: 60 of them.
std::vector<std::uint64_t> word_features(const Text& text, const WordArray& words) {
  std::vector<std::uint64_t> bits(text.codes.size() + 1);
  const auto bit = [](int place, std::size_t length, int bucket) {
    return std::uint64_t{1} << ((static_cast<std::size_t>(place) * length_classes + length) *
                                    frequency_buckets +
                                static_cast<std::size_t>(bucket));
  };
  const auto code_at = [&](std::size_t i) { return text.codes[i]; };
  for (std::size_t p = 0; p < text.codes.size(); ++p) {
    if (text.codes[p] == 0) continue;
    for (const WordArray::Part& part : words.signature(words.find(code_at, p))) {
      const std::size_t length = length_class(part.length);
      bits[p] |= bit(BorderWeights::begins, length, part.bucket);
      for (std::size_t k = 1; k < part.length; ++k)
        bits[p + k] |= bit(BorderWeights::inside, length, part.bucket);
      bits[p + part.length] |= bit(BorderWeights::ends, length, part.bucket);
    }
  }
  return bits;
}

// How long the longest words that end, stretch and begin at each position are, as reach_class.
struct Reach {
  std::uint8_t ends = 0, inside = 0, begins = 0;
};

std::vector<Reach> reaches(const Text& text, const WordArray& words) {
  std::vector<Reach> reach(text.codes.size() + 1);
  const auto code_at = [&](std::size_t i) { return text.codes[i]; };
  for (std::size_t p = 0; p < text.codes.size(); ++p) {
    if (text.codes[p] == 0) continue;
    for (const WordArray::Part& part : words.signature(words.find(code_at, p))) {
      const auto length = static_cast<std::uint8_t>(reach_class(part.length));
      const auto longest = [&](std::uint8_t& so_far) { so_far = std::max(so_far, length); };
      longest(reach[p].begins);
      for (std::size_t k = 1; k < part.length; ++k) longest(reach[p + k].inside);
      longest(reach[p + part.length].ends);
    }
  }
  return reach;
}

// Which n-grams of that many characters, by their numbers, are words of the lexicon.
template <class Key>
std::vector<bool> in_lexicon(const std::vector<Key>& keys, std::size_t characters, const WordArray& words) {
  std::vector<bool> is_word(keys.size());
  for (std::size_t n = 1; n < keys.size(); ++n) {
    const auto code_at = [&](std::size_t i) {
      return i < characters ? static_cast<std::uint16_t>(keys[n] >> (16 * (characters - 1 - i)))
                            : std::uint16_t{0};
    };
    words.each(code_at, 0,
               [&](std::size_t length, std::uint32_t) { is_word[n] = is_word[n] || length == characters; });
  }
  return is_word;
}

// An n-gram that is a word of the lexicon speaks twice to the gaps at its ends and inside: it is learnt as if
// the word were a feature of its own beside the n-gram. That makes it learn sooner, and costs nothing at
// work.
constexpr float as_word = 2;
constexpr bool two_touches(std::size_t k) { return k >= 1 && k <= 3; }

class Trainer {
 public:
  Trainer(const Text& text, const WordArray& words, const BorderTraining& how) : text_(text), how_(how) {
    const auto& codes = text.codes;
    one_ = number<std::uint16_t>(text, 1, one_keys_, [&](std::size_t p) { return codes[p]; });
    two_ = number<std::uint32_t>(text, how.twos_min, two_keys_, [&](std::size_t p) { return two_key(p); });
    three_ = number<std::uint64_t>(text, how.threes_min, three_keys_, [&](std::size_t p) {
      return static_cast<std::uint64_t>(codes[p - 2]) << 32 | two_key(p);
    });
    two_words_ = in_lexicon(two_keys_, 2, words);
    three_words_ = in_lexicon(three_keys_, 3, words);
    words_at_ = word_features(text, words);
    reach_ = reaches(text, words);
    besides_.resize(one_keys_.size() * beside_size);
    joints_.resize(reach_joints * type_pairs);
    ones_.resize(one_keys_.size() * one_gaps);
    twos_.resize(two_keys_.size() * two_gaps);
    threes_.resize(three_keys_.size() * three_gaps);
    types_.resize(type_windows);
    words_.resize(3 * length_classes * frequency_buckets);
  }

  void pass(std::vector<std::uint32_t>& order, std::uint64_t& seed) {
    for (std::size_t i = order.size(); i > 1; --i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      std::swap(order[i - 1], order[(seed >> 33) % i]);
    }
    gaps_ = wrong_ = 0;
    for (const std::uint32_t sentence : order) {
      const auto [begin, end] = text_.sentences[sentence];
      for (std::uint32_t gap = begin + 1; gap < end; ++gap) learn(gap);
    }
  }
  // Takes the weights as they stand into the average.
  void note() {
    for (auto* list : {&ones_, &twos_, &threes_, &types_, &words_, &besides_, &joints_})
      for (Weight& weight : *list) weight.sum += weight.value;
    bias_.sum += bias_.value;
    ++noted_;
  }
  std::size_t gaps() const { return gaps_; }
  std::size_t wrong() const { return wrong_; }

  BorderWeights weights() const {
    BorderWeights out;
    const auto fixed = [this](const Weight& weight, float times = 1) {
      return static_cast<std::int16_t>(
          std::clamp(std::lround(times * weight.sum / noted_ * weight_scale), -16000L, 16000L));
    };
    const auto keep = [&](const std::vector<Weight>& from, std::size_t number, auto& numbers, auto times) {
      float most = 0;
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        const Weight& weight = from[number * numbers.size() + k];
        most = std::max(most, std::abs(times(k) * weight.sum / noted_));
        numbers[k] = fixed(weight, times(k));
      }
      return most >= static_cast<float>(how_.prune);
    };
    const auto once = [](std::size_t) { return 1.0f; };
    for (std::size_t n = 1; n < one_keys_.size(); ++n)
      if (BorderWeights::One numbers; keep(ones_, n, numbers, once))
        out.ones.emplace_back(one_keys_[n], numbers);
    for (std::size_t n = 1; n < two_keys_.size(); ++n)
      if (BorderWeights::Two numbers; keep(twos_, n, numbers, [&](std::size_t k) { return two_times(n, k); }))
        out.twos.emplace_back(two_keys_[n], numbers);
    for (std::size_t n = 1; n < three_keys_.size(); ++n)
      if (BorderWeights::Three numbers;
          keep(threes_, n, numbers, [&](std::size_t) { return three_times(n); }))
        out.threes.emplace_back(three_keys_[n], numbers);
    for (std::size_t n = 1; n < one_keys_.size(); ++n)
      if (BorderWeights::Beside numbers; keep(besides_, n, numbers, once))
        out.besides.emplace_back(one_keys_[n], numbers);
    for (std::size_t n = 0; n < joints_.size(); ++n)
      out.joints[n / type_pairs][n % type_pairs] = fixed(joints_[n]);
    for (std::uint32_t n = 0; n < types_.size(); ++n)
      if (const std::int16_t weight = fixed(types_[n])) out.types.emplace_back(n, weight);
    for (std::size_t place = 0; place < 3; ++place)
      for (std::size_t length = 0; length < length_classes; ++length)
        for (std::size_t bucket = 0; bucket < frequency_buckets; ++bucket)
          out.words[place][length][bucket] =
              fixed(words_[(place * length_classes + length) * frequency_buckets + bucket]);
    out.bias = fixed(bias_);
    std::sort(out.ones.begin(), out.ones.end());
    std::sort(out.twos.begin(), out.twos.end());
    std::sort(out.besides.begin(), out.besides.end());
    std::sort(out.threes.begin(), out.threes.end());
    return out;
  }

 private:
  std::uint32_t two_key(std::size_t p) const {
    return static_cast<std::uint32_t>(text_.codes[p - 1]) << 16 | text_.codes[p];
  }

  float two_times(std::size_t number, std::size_t k) const {
    return two_words_[number] && two_touches(k) ? as_word : 1;
  }
  float three_times(std::size_t number) const { return three_words_[number] ? as_word : 1; }

  // All weights that speak to the gap before position `gap`.
  void gather(std::uint32_t gap) {
    features_.clear();
    const auto add = [this](Weight& weight, float times = 1) { features_.emplace_back(&weight, times); };
    // An n-gram ending at position p speaks to the gaps p-2 …: the k-th of them is this one.
    for (std::uint32_t k = 0; k < one_gaps; ++k)
      if (const auto n = one_[gap + 2 - k]) add(ones_[n * one_gaps + k]);
    for (std::uint32_t k = 0; k < two_gaps; ++k)
      if (const auto n = two_[gap + 2 - k]) add(twos_[n * two_gaps + k], two_times(n, k));
    for (std::uint32_t k = 0; k < three_gaps; ++k)
      if (const auto n = three_[gap + 2 - k]) add(threes_[n * three_gaps + k], three_times(n));
    std::uint32_t types = 0;
    for (std::uint32_t i = gap - 3; i < gap + 3; ++i) types = types << 3 | text_.types[i];
    add(types_[types]);
    for (std::uint64_t bits = words_at_[gap]; bits != 0; bits &= bits - 1)
      add(words_[static_cast<std::size_t>(__builtin_ctzll(bits))]);
    const Reach reach = reach_[gap];
    Weight *const left = &besides_[one_[gap - 1] * beside_size], *const right =
                                                                     &besides_[one_[gap] * beside_size];
    add(left[BorderWeights::left_inside * reach_classes + reach.inside]);
    add(left[BorderWeights::left_begins * reach_classes + reach.begins]);
    add(right[BorderWeights::right_inside * reach_classes + reach.inside]);
    add(right[BorderWeights::right_ends * reach_classes + reach.ends]);
    add(joints_[reach_joint(reach.ends, reach.inside, reach.begins) * type_pairs +
                (text_.types[gap - 1] << 3 | text_.types[gap])]);
    add(bias_);
  }

  void learn(std::uint32_t gap) {
    gather(gap);
    float sum = 0;
    for (const auto& [weight, times] : features_) sum += times * weight->value;
    const bool border = text_.border[gap];
    ++gaps_;
    wrong_ += (sum > 0) != border;
    const float error = 1 / (1 + std::exp(-sum)) - (border ? 1.0f : 0.0f);
    if (std::abs(error) < 1e-4f) return;
    const float step = static_cast<float>(how_.step), decay = static_cast<float>(how_.decay);
    for (const auto& [weight, times] : features_) {
      const float slope = error + decay * weight->value;
      weight->squares += slope * slope;
      weight->value -= step * slope / std::sqrt(weight->squares);
    }
  }

  const Text& text_;
  const BorderTraining& how_;
  std::vector<std::uint16_t> one_keys_;
  std::vector<std::uint32_t> two_keys_;
  std::vector<std::uint64_t> three_keys_;
  std::vector<std::uint32_t> one_, two_, three_;
  static constexpr std::size_t beside_size = std::tuple_size_v<BorderWeights::Beside>;
  std::vector<bool> two_words_, three_words_;
  std::vector<std::uint64_t> words_at_;
  std::vector<Reach> reach_;
  std::vector<Weight> ones_, twos_, threes_, types_, words_, besides_, joints_;
  Weight bias_;
  std::vector<std::pair<Weight*, float>> features_;
  std::size_t gaps_ = 0, wrong_ = 0;
  float noted_ = 0;
};

}  // namespace

namespace {

Result<BorderTrained> train_text(const Text& text, std::string_view name, const WordArray& words,
                                 const BorderTraining& how) {
  if (std::none_of(text.sentences.begin(), text.sentences.end(),
                   [](const auto& s) { return s.second - s.first > 1; }))
    return Error{Errc::bad_markup, fmt::format("{}:1: no sentence of two characters or more", name),
                 "a sentence a line, words separated by spaces"};
  Trainer trainer(text, words, how);
  std::vector<std::uint32_t> order(text.sentences.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::uint64_t seed = 1;
  for (int epoch = 0; epoch < how.epochs; ++epoch) {
    trainer.pass(order, seed);
    if (2 * epoch + 2 >= how.epochs) trainer.note();
  }
  return BorderTrained{
      trainer.weights(), text.sentences.size(), trainer.gaps(),
      trainer.gaps() ? static_cast<double>(trainer.wrong()) / static_cast<double>(trainer.gaps()) : 0};
}

}  // namespace

BorderTraining BorderTraining::for_gaps(std::size_t gaps) {
  BorderTraining how;
  if (gaps < 400'000)
    how.epochs = 16, how.step = 0.1, how.decay = 5e-4;
  else if (gaps < 1'500'000)
    how.step = 0.1, how.decay = 1e-5;
  return how;
}

Result<BorderTrained> train_borders(std::string_view gold, std::string_view name, const WordArray& words) {
  auto text = read(gold, name);
  if (!text) return text.error();
  return train_text(*text, name, words, BorderTraining::for_gaps(text->codes.size()));
}

Result<BorderTrained> train_borders(std::string_view gold, std::string_view name, const WordArray& words,
                                    const BorderTraining& how) {
  auto text = read(gold, name);
  if (!text) return text.error();
  return train_text(*text, name, words, how);
}

}  // namespace tingchao::analyzer
