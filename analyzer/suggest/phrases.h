#pragma once
// Counts the strings of two to phrase_chars_max letters of a text that occur often, length by length: a string can
// only be frequent when both its strings of one letter less are (Agrawal & Srikant 1994). Memory is some 30 bytes
// a letter of the text, work linear in it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::analyzer {

inline constexpr std::size_t phrase_chars_max = 8;

struct Phrase {
  std::u32string text;
  std::uint32_t count = 0;
  double cohesion = 0;  // bits; over its weakest cut
};

class PhraseCounts {
 public:
  explicit PhraseCounts(std::size_t chars_max) : chars_max_(chars_max) {}

  // Adds the runs of Chinese characters, Latin letters and digits of a folded document.
  void add(std::u32string_view folded, std::uint64_t document);
  // Phrases with a Chinese character and without a digit at either end, most frequent first, at most `most`.
  std::vector<Phrase> frequent(std::uint32_t count_min, double cohesion_min, std::size_t most) const;

 private:
  void thin_out();

  struct Document {
    std::size_t begin;
    std::uint64_t key;
  };
  std::size_t chars_max_;
  std::uint64_t stride_ = 1;  // of documents, by their keys
  std::u32string text_;       // runs, each closed by a 0
  std::vector<Document> documents_;
};

}  // namespace tingchao::analyzer
