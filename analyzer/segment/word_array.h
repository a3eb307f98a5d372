#pragma once
// A large lexicon as one block of bytes, compiled once and used in place: a double array (Aoe 1989) over the
// basic plane. Finds all words that begin at a character in one walk and answers with the *signature* of
// the set (which lengths, how frequent), because that is all that the border model asks.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/segment/characters.h"
#include "core/result.h"

namespace tingchao::analyzer {

inline constexpr std::size_t array_word_max = 12;  // longer words are left out
inline constexpr int frequency_buckets = 4;

// How common a word is, 0 … 3, from its count in the lexicon.
int frequency_bucket(double count);

class WordArray {
 public:
  // One word of a signature.
  struct Part {
    std::uint8_t length = 0, bucket = 0;
  };

  // Words in shapes (CharShape::code) with their counts; those of equal ones are added up.
  static std::string compile(std::vector<std::pair<std::u16string, double>> words);
  // Uses `bytes` in place; they must be aligned to 4 and outlive this. Empty bytes: no words. Fails with
  // bad_markup.
  static Result<WordArray> open(std::string_view bytes);

  // A place in the walk over words that share their first characters. 0 is nowhere.
  struct Node {
    std::uint32_t base = 0;       // 0: no longer words
    std::uint32_t check = 0;      // the node before
    std::uint16_t signature = 0;  // of the words up to here, when one ends here; 0: none does
    std::uint16_t cost = 0;       // of that word: 1000 × −ln of its share of the lexicon's counts
  };
  std::uint32_t id(std::uint16_t code) const { return ids_[code]; }  // 0: in no word
  std::uint32_t first(std::uint16_t code) const { return first_[code]; }
  const Node& node(std::uint32_t number) const { return nodes_[number]; }
  std::uint32_t next(std::uint32_t number, std::uint16_t code) const {
    return next(number, nodes_[number].base, code);
  }
  // The same for who keeps the node's base at hand; and that place asked for from the memory beforehand.
  std::uint32_t next(std::uint32_t number, std::uint32_t base, std::uint16_t code) const {
    const std::uint32_t id = ids_[code], next = base + id;
    return base != 0 && id != 0 && next < size_ && nodes_[next].check == number ? next : 0;
  }
  void prefetch_next(std::uint32_t base, std::uint16_t code) const {
    __builtin_prefetch(nodes_ + base + ids_[code]);
  }
  // Goes on from a node, over the characters from `at` on, to the longest word; `text(i)` gives a character's
  // code, 0 behind the end. The signature of all words met on the way, or `signature` when there is none.
  template <class Text>
  std::uint32_t walk(std::uint32_t number, const Text& text, std::size_t at, std::uint32_t signature) const {
    while ((number = next(number, text(at++))) != 0)
      if (const std::uint32_t ending = nodes_[number].signature) signature = ending;
    return signature;
  }
  // The signature of the words that begin at `at`; 0: none.
  template <class Text>
  std::uint32_t find(const Text& text, std::size_t at) const {
    const std::uint32_t number = first_[text(at)];
    return number == 0 ? 0 : walk(number, text, at + 1, nodes_[number].signature);
  }
  // Visits (length, cost) of every word that begins at `at`, shortest first.
  template <class Text, class Visit>
  void each(const Text& text, std::size_t at, Visit visit) const {
    std::size_t length = 1;
    for (std::uint32_t number = first_[text(at)]; number != 0; number = next(number, text(at + length++)))
      if (nodes_[number].signature != 0) visit(length, nodes_[number].cost);
  }
  // Visits (first code, second code, node) of every two characters that words begin with.
  template <class Visit>
  void each_pair(Visit visit) const {
    for (std::uint32_t n = 2; n < size_; ++n) {
      const std::uint32_t before = nodes_[n].check;
      if (before != 0 && nodes_[before].check == 1)
        visit(codes_[before - nodes_[1].base - 1], codes_[n - nodes_[before].base - 1], n);
    }
  }
  std::size_t signatures() const { return signatures_.size(); }
  std::span<const Part> signature(std::uint32_t number) const { return signatures_[number]; }

 private:
  std::vector<std::uint16_t> ids_ = std::vector<std::uint16_t>(0x10000);    // by code; 0: in no word
  std::vector<std::uint32_t> first_ = std::vector<std::uint32_t>(0x10000);  // node of a first character
  const std::uint16_t* codes_ = nullptr;                                    // by id - 1
  const Node* nodes_ = nullptr;                                             // 1 is the root
  std::uint32_t size_ = 0;
  std::vector<std::vector<Part>> signatures_;  // 0 is the empty one
};

}  // namespace tingchao::analyzer
