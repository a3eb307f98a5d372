#pragma once
// How a term reads where it stands in ordinary sentences: whether a shorter term inside it would count as
// well, whether its own words put it into a context, how common it is. Asked of the segmenter in a few
// frames (这件事…, 在…, …的), so an answer is experience, not proof. Answers are remembered: one thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "analyzer/rules/syntax.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

class ContextWords;

class TermSense {
 public:
  struct Parts {
    std::function<void(TextView&)> mark;               // fills the borders and names the judges
    const ContextWords* contexts = nullptr;            // null: no contexts
    std::function<double(std::u32string_view)> share;  // of the dictionary's counts; 0: not in it
  };
  explicit TermSense(Parts parts) : parts_(std::move(parts)) {}

  // In every frame in which `whole`, folded and in one mode, counts, its characters [begin, end) count in the
  // other mode too.
  bool counts_inside(std::u32string_view whole, TermMode outer, std::size_t begin, std::size_t end, TermMode inner);
  // Contexts that `term` is in wherever it stands, because it names them: 辟谣 is always refuted.
  Marks own_marks(std::u32string_view term);
  // Of texts of usual length the part that has the word, taken from how common it is in the dictionary; 0 for
  // what the dictionary does not know.
  double share_of_texts(std::u32string_view word) const;

 private:
  Parts parts_;
  std::map<std::tuple<std::u32string, TermMode, std::size_t, std::size_t, TermMode>, bool> inside_;
  std::map<std::u32string, Marks> marks_;
};

}  // namespace tingchao::analyzer
