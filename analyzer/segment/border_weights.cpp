// The bytes: magic, five counts, the numbers in order of their keys, a checksum of all before it. Little
// endian throughout.
#include "analyzer/segment/border_weights.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "core/hash.h"

namespace tingchao::analyzer {
namespace {

constexpr std::string_view magic = "TCBORD2\n";
// The format before, without besides and joints.
constexpr std::string_view magic_before = "TCBORD1\n";

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  bool take(T& value) {
    if (bytes_.size() - at_ < sizeof(T)) return false;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      sum |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_ + i])) << (8 * i);
    value = static_cast<T>(sum);
    at_ += sizeof(T);
    return true;
  }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = magic.size();
};

template <class Key, class List>
void put_list(std::string& out, const List& list) {
  for (const auto& [key, weights] : list) {
    put<Key>(out, static_cast<Key>(key));
    if constexpr (std::is_integral_v<std::decay_t<decltype(weights)>>)
      put(out, weights);
    else
      for (const std::int16_t weight : weights) put(out, weight);
  }
}

// False at the first entry that is cut off or out of order.
template <class List>
bool take_list(Reader& reader, std::uint32_t count, List& list) {
  list.reserve(std::min<std::size_t>(count, reader.left() / sizeof(list.front().first)));
  for (std::uint32_t i = 0; i < count; ++i) {
    typename List::value_type entry{};
    auto& [key, weights] = entry;
    if (!reader.take(key)) return false;
    if constexpr (std::is_integral_v<std::decay_t<decltype(weights)>>) {
      if (!reader.take(weights)) return false;
    } else {
      for (std::int16_t& weight : weights)
        if (!reader.take(weight)) return false;
    }
    if (!list.empty() && list.back().first >= key) return false;
    list.push_back(entry);
  }
  return true;
}

}  // namespace

std::string BorderWeights::to_bytes() const {
  std::string out(magic);
  for (const std::size_t count : {ones.size(), twos.size(), threes.size(), types.size(), besides.size()})
    put(out, static_cast<std::uint32_t>(count));
  put(out, bias);
  for (const auto& place : words)
    for (const auto& length : place)
      for (const std::int16_t weight : length) put(out, weight);
  for (const auto& joint : joints)
    for (const std::int16_t weight : joint) put(out, weight);
  put_list<std::uint16_t>(out, ones);
  put_list<std::uint32_t>(out, twos);
  put_list<std::uint64_t>(out, threes);
  put_list<std::uint32_t>(out, types);
  put_list<std::uint16_t>(out, besides);
  put(out, hash64(out));
  return out;
}

Result<BorderWeights> BorderWeights::parse(std::string_view bytes, std::string_view name) {
  const auto broken = [&](std::size_t at, std::string what) {
    return Error{Errc::bad_markup, fmt::format("{}: byte {}: {}", name, at, what),
                 "make the model again: tingchao train --head segment"};
  };
  if (bytes.starts_with(magic_before))
    return broken(0, "a model of an older version, which knew less about the words around a border");
  if (!bytes.starts_with(magic)) return broken(0, "not a model of word borders");
  if (bytes.size() < magic.size() + 8) return broken(bytes.size(), "it ends too soon");
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  std::uint64_t checksum = 0;
  for (std::size_t i = 0; i < 8; ++i)
    checksum |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[body.size() + i])) << (8 * i);
  if (checksum != hash64(body))
    return broken(body.size(), "the checksum does not agree: the file is damaged or cut");
  Reader reader(body);
  BorderWeights model;
  std::array<std::uint32_t, 5> counts{};
  bool good = true;
  for (std::uint32_t& count : counts) good = good && reader.take(count);
  good = good && reader.take(model.bias);
  for (auto& place : model.words)
    for (auto& length : place)
      for (std::int16_t& weight : length) good = good && reader.take(weight);
  for (auto& joint : model.joints)
    for (std::int16_t& weight : joint) good = good && reader.take(weight);
  good = good && take_list(reader, counts[0], model.ones) && take_list(reader, counts[1], model.twos) &&
         take_list(reader, counts[2], model.threes) && take_list(reader, counts[3], model.types) &&
         take_list(reader, counts[4], model.besides);
  if (!good) return broken(reader.at(), "cut off, or out of order");
  if (reader.at() != body.size()) return broken(reader.at(), "more bytes than its counts announce");
  if (!model.types.empty() && model.types.back().first >= type_windows)
    return broken(reader.at(), "types that are none");
  return model;
}

}  // namespace tingchao::analyzer
