// The bytes: magic; head and labels as (length, text); scale, sharpness, bias; the buckets as differences in
// LEB128; importances and numbers by bucket; a checksum of all before it. Little endian.
#include "analyzer/classify/text_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "analyzer/classify/grams.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::string_view magic = "TCTEXT2\n";
constexpr std::string_view magic_of_any_version = "TCTEXT";
constexpr std::size_t labels_max = 1000;

void put_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}
void put_float(std::string& out, float value) { put_number(out, std::bit_cast<std::uint32_t>(value), 4); }
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size(), 2);
  out += text;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool good() const { return good_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  std::uint64_t number(std::size_t bytes) {
    if (left() < bytes) good_ = false;
    std::uint64_t value = 0;
    for (std::size_t i = 0; good_ && i < bytes; ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_++])) << (8 * i);
    return value;
  }
  float real() { return std::bit_cast<float>(static_cast<std::uint32_t>(number(4))); }
  std::string text() {
    const std::size_t size = number(2);
    if (left() < size) good_ = false;
    if (!good_) return {};
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }
  std::uint64_t packed() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint64_t byte = number(1);
      value |= (byte & 0x7F) << shift;
      if (!(byte & 0x80)) return value;
    }
    good_ = false;
    return 0;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = magic.size();
  bool good_ = true;
};

const std::array<float, 64> frequencies = [] {
  std::array<float, 64> out{};
  for (std::size_t count = 1; count < out.size(); ++count)
    out[count] = static_cast<float>(1 + std::log(static_cast<double>(count)));
  return out;
}();

}  // namespace

float term_frequency(std::size_t count) {
  return count < frequencies.size() ? frequencies[count]
                                    : static_cast<float>(1 + std::log(static_cast<double>(count)));
}

TextModel::TextModel(Weights weights)
    : weights_(std::move(weights)), known_(gram_buckets, weights_.buckets) {
  const std::size_t labels = weights_.labels.size();
  rows_.resize(weights_.buckets.size() * stride());
  for (std::size_t i = 0; i < weights_.buckets.size(); ++i) {
    std::int16_t* const to = &rows_[i * stride()];
    const long thousandths = std::lround(weights_.importance[i] * importance_scale);
    to[0] = static_cast<std::int16_t>(static_cast<std::uint16_t>(thousandths));
    std::copy_n(&weights_.numbers[i * labels], labels, to + 1);
  }
  weights_.buckets = {};
  weights_.importance = {};
  weights_.numbers = {};
}

void TextModel::renumber(const NumberedSet& all) {
  std::vector<std::uint32_t> members = known_.members();
  for (std::uint32_t& member : members) member = all.number(member);
  known_ = NumberedSet(all.size(), members);
}

// The set and the rows lie further away than the first cache, so n-grams come in batches, and each stage
// asks the memory for what the next one reads.
std::vector<TextModel::Gram> TextModel::grams(std::span<const HashedGram> hashed) const {
  constexpr std::size_t ahead = 24;  // n-grams whose place in the set is asked for in advance
  std::vector<Gram> out(hashed.size());
  std::size_t found = 0;  // about half are known, which no processor can foresee: written first, counted then
  for (std::size_t i = 0; i < hashed.size(); ++i) {
    known_.prefetch(hashed[std::min(i + ahead, hashed.size() - 1)].bucket);
    const HashedGram& gram = hashed[i];
    out[found] = {known_.number(gram.bucket), gram.begin, gram.length, gram.before};
    found += known_.has(gram.bucket);
  }
  out.resize(found);
  return out;
}

TextModel::Answer TextModel::classify(std::span<const Gram> grams) const {
  using Short = std::int16_t __attribute__((vector_size(2 * group)));
  using Float = float __attribute__((vector_size(4 * group)));
  const std::size_t count = weights_.labels.size(), groups = stride() / group;
  // In the place of the importance a sum that nobody reads. Few labels stay in registers.
  const auto sum_up = [&](auto number_of_groups, Float* sums) {
    float squares = 0;
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < grams.size(); ++i) {
      __builtin_prefetch(row(grams[std::min(i + ahead, grams.size() - 1)]));
      const std::int16_t* const numbers = row(grams[i]);
      const float importance = importance_of(numbers);
      float more = 1, worth = importance;
      if (grams[i].before != 0) {
        const float was = term_frequency(grams[i].before), is = term_frequency(grams[i].before + 1);
        more = is * is - was * was;
        worth *= is - was;
      }
      squares += importance * importance * more;
      for (std::size_t g = 0; g < number_of_groups; ++g) {
        Short some;
        std::memcpy(&some, numbers + g * group, sizeof some);
        sums[g] += worth * __builtin_convertvector(some, Float);
      }
    }
    return squares;
  };
  std::array<Float, 4> few{};
  std::vector<Float> many(groups > few.size() ? groups : 0);
  float squares = 0;
  if (groups == 1) {
    Float one{};
    squares = sum_up(std::integral_constant<std::size_t, 1>(), &one);
    few[0] = one;
  } else {
    squares = sum_up(groups, many.empty() ? few.data() : many.data());
  }
  const Float* const sums = many.empty() ? few.data() : many.data();
  Answer answer;
  const float length = squares > 0 ? 1 / (std::sqrt(squares) * weights_.scale) : 0;
  answer.margins.resize(count);
  for (std::size_t k = 0; k < count; ++k)
    answer.margins[k] = sums[(k + 1) / group][(k + 1) % group] * length + weights_.bias[k];
  answer.label = static_cast<std::size_t>(std::max_element(answer.margins.begin(), answer.margins.end()) -
                                          answer.margins.begin());
  answer.probability = probabilities(answer)[answer.label];
  return answer;
}

std::vector<double> TextModel::probabilities(const Answer& answer) const {
  std::vector<double> shares;
  shares.reserve(answer.margins.size());
  double total = 0;
  for (const float margin : answer.margins) {
    shares.push_back(
        std::exp(static_cast<double>((margin - answer.margins[answer.label]) * weights_.sharpness)));
    total += shares.back();
  }
  for (double& share : shares) share /= total;
  return shares;
}

std::vector<TextModel::Reason> TextModel::reasons(std::u32string_view folded, std::span<const Gram> grams,
                                                  const Answer& answer, std::size_t count) const {
  const std::size_t labels = weights_.labels.size(), label = answer.label;
  std::size_t rival = label == 0 ? 1 : 0;
  for (std::size_t k = 0; k < labels; ++k)
    if (k != label && answer.margins[k] > answer.margins[rival]) rival = k;
  // What each character carries: an n-gram's worth in equal parts.
  std::vector<float> carried(folded.size());
  for (const Gram& gram : grams) {
    if (gram.length == 0) continue;
    const std::int16_t* const numbers = row(gram);
    const float worth = importance_of(numbers) * static_cast<float>(numbers[label + 1] - numbers[rival + 1]) /
                        weights_.scale / static_cast<float>(gram.length);
    for (std::size_t i = gram.begin; i < gram.begin + gram.length; ++i) carried[i] += worth;
  }
  // Runs of characters that speak for it.
  std::vector<Reason> runs;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    if (carried[i] <= 0 || folded[i] <= U' ') continue;
    Reason run{i, i, 0};
    for (; run.end < folded.size() && carried[run.end] > 0 && run.end - i < 12; ++run.end)
      run.worth += carried[run.end];
    runs.push_back(run);
    i = run.end - 1;
  }
  const auto better = [](const Reason& a, const Reason& b) {
    return a.worth != b.worth ? a.worth > b.worth : a.begin < b.begin;
  };
  count = std::min(count, runs.size());
  std::partial_sort(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(count), runs.end(), better);
  runs.resize(count);
  return runs;
}

std::string TextModel::to_bytes() const {
  const Weights& w = weights_;
  std::string out(magic);
  put_text(out, w.head);
  put_number(out, w.labels.size(), 2);
  for (const std::string& label : w.labels) put_text(out, label);
  put_float(out, w.scale);
  put_float(out, w.sharpness);
  for (const float bias : w.bias) put_float(out, bias);
  put_number(out, rows_.size() / stride(), 4);
  std::uint32_t before = 0;
  for (const std::uint32_t bucket : known_.members()) {
    std::uint32_t rest = bucket - before;
    before = bucket;
    for (; rest >= 0x80; rest >>= 7) out.push_back(static_cast<char>(0x80 | (rest & 0x7F)));
    out.push_back(static_cast<char>(rest));
  }
  for (std::size_t i = 0; i < rows_.size(); i += stride())
    put_number(out, static_cast<std::uint16_t>(rows_[i]), 2);
  for (std::size_t i = 0; i < rows_.size(); i += stride())
    for (std::size_t k = 1; k <= w.labels.size(); ++k)
      put_number(out, static_cast<std::uint16_t>(rows_[i + k]), 2);
  put_number(out, hash64(out), 8);
  return out;
}

Result<TextModel> TextModel::parse(std::string_view bytes, std::string_view name) {
  const auto broken = [&](std::size_t at, std::string what) {
    return Error{Errc::bad_markup, fmt::format("{}: byte {}: {}", name, at, what),
                 "make the model again: tingchao train"};
  };
  if (!bytes.starts_with(magic))
    return broken(0, bytes.starts_with(magic_of_any_version) ? "a model of another version of the program"
                                                             : "not a model of texts");
  if (bytes.size() < magic.size() + 8) return broken(bytes.size(), "it ends too soon");
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  std::string checksum;
  put_number(checksum, hash64(body), 8);
  if (bytes.substr(body.size()) != checksum)
    return broken(body.size(), "the checksum does not agree: damaged or cut");
  Reader reader(body);
  Weights w;
  w.head = reader.text();
  const std::size_t labels = reader.number(2);
  if (labels < 2 || labels > labels_max) return broken(reader.at(), "labels: 2 to 1000 are possible");
  for (std::size_t i = 0; i < labels; ++i) w.labels.push_back(reader.text());
  w.scale = reader.real();
  w.sharpness = reader.real();
  for (std::size_t i = 0; i < labels; ++i) w.bias.push_back(reader.real());
  const std::size_t buckets = reader.number(4);
  if (!reader.good() || buckets > reader.left()) return broken(reader.at(), "it ends too soon");
  std::uint64_t bucket = 0;
  for (std::size_t i = 0; i < buckets && reader.good(); ++i) {
    const std::uint64_t step = reader.packed();
    bucket += step;
    if (bucket >> gram_bits != 0 || (i > 0 && step == 0)) return broken(reader.at(), "buckets out of order");
    w.buckets.push_back(static_cast<std::uint32_t>(bucket));
  }
  if (reader.left() != buckets * 2 * (1 + labels))
    return broken(reader.at(), "not as many numbers as its counts announce");
  for (std::size_t i = 0; i < buckets; ++i)
    w.importance.push_back(static_cast<float>(reader.number(2)) / importance_scale);
  for (std::size_t i = 0; i < buckets * labels; ++i)
    w.numbers.push_back(static_cast<std::int16_t>(reader.number(2)));
  const auto usable = [](float value) { return std::isfinite(value); };
  if (!reader.good() || !usable(w.scale) || w.scale <= 0 || !usable(w.sharpness) ||
      !std::all_of(w.bias.begin(), w.bias.end(), usable))
    return broken(reader.at(), "numbers that are none");
  return TextModel(std::move(w));
}

}  // namespace tingchao::analyzer
