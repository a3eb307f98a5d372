#pragma once
// Which of a few dozen fixed phrases a text contains, at the price of one look-up a character: the
// lines of a page are asked this again and again.

#include <array>
#include <bitset>
#include <cstddef>
#include <string_view>

namespace tingchao::crawler {

template <std::size_t N>
class Phrases {
 public:
  explicit Phrases(const std::string_view (&phrases)[N]) {
    for (std::size_t i = 0; i < N; ++i) {
      phrases_[i] = phrases[i];
      starts_.set(start_of(phrases[i].data()));
    }
  }

  bool in(std::string_view text) const {
    for (std::size_t at = 0; at + 2 < text.size(); ++at) {
      if (!starts_.test(start_of(text.data() + at))) continue;
      if (begin(text.substr(at))) return true;
    }
    return text.size() < 3 && begin(text);
  }

  // One of the phrases is what the text begins with.
  bool begin(std::string_view text) const {
    for (const std::string_view phrase : phrases_) {
      if (text.starts_with(phrase)) return true;
    }
    return false;
  }

 private:
  // A hash of the first three bytes: one Chinese character. Every phrase has as many.
  static std::size_t start_of(const char* bytes) {
    const auto byte = [&](int i) { return std::size_t(static_cast<unsigned char>(bytes[i])); };
    return (byte(0) * 1021 + byte(1) * 61 + byte(2)) % 8192;
  }

  std::array<std::string_view, N> phrases_;
  std::bitset<8192> starts_;
};

}  // namespace tingchao::crawler
