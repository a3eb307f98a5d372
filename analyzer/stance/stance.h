#pragma once
// Whether a text speaks well or ill, by words of a lexicon with negation and degree, and the words that
// made it so; and whether it asks somebody to act. Immutable; may be shared between threads.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/segment/word_trie.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"

namespace tingchao::analyzer {

class StanceReader {
 public:
  // Lists are told by their file names: negative, positive, negators, degree, demand; others are not
  // read, absent ones are empty. Fails with bad_config naming file and line.
  static Result<std::unique_ptr<StanceReader>> build(const std::vector<NamedText>& lists);

  // Needs borders and entities: a word of stance in a school's name (希望小学) says nothing.
  Stance read(const Prepared& prepared) const;
  // Its `demands` alone.
  bool asks(const Prepared& prepared) const;

 private:
  struct Word {
    float points = 0;     // below 0: ill
    float degree = 0;     // 0: no word of degree
    bool negator = false;
    bool neutral = false; // contains a negator and turns nothing round: 不仅
  };
  struct Sum;
  struct Reading;

  void add(std::u32string word, const Word& more);
  Result<void> add_list(const NamedText& list);
  void read_view(const Prepared& prepared, Field field, Sum& sum) const;
  void take_word(Reading& reading, Sum& sum, std::size_t begin, std::size_t end, const Word& word) const;
  bool asks(const TextView& view) const;

  std::vector<std::pair<std::u32string, Word>> listed_;  // while building
  std::vector<Word> words_;
  WordTrie trie_;
  std::vector<std::vector<std::u32string>> demands_;     // the parts of each, in order
  WordTrie demand_begins_;                               // first part → index into starts_
  std::vector<std::vector<std::uint32_t>> starts_;       // demands that begin with it
};

}  // namespace tingchao::analyzer
