#pragma once
// Whether a term that stands in a text is a word there, or only happens to lie across the border of two
// (校服 in 学校|服务). Three judges are asked, each wrong in its own way: the border model, how much likelier
// a path through the dictionary is that crosses the term, and ICU. Each says how sure it is, and the sum
// decides; ICU is asked only where it can turn the balance. Immutable; may be shared between threads.

#include <memory>

#include "analyzer/segment/border_model.h"
#include "analyzer/segment/icu_words.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

class WordVotes {
 public:
  // `model` and `own` outlive this. Fails with bad_config when ICU's data is not installed.
  static Result<std::unique_ptr<WordVotes>> open(const BorderModel& model, const OwnWords& own);

  // True when folded [begin, end) crosses a border of words, after the judges. O(length of the run of Han
  // characters around, at most some eighty).
  bool crosses(const TextView& view, std::size_t begin, std::size_t end) const;
  // The same if `word` (1 to 32 characters) stood in the place of text [begin, end).
  bool crosses_if_read(std::u32string_view text, std::size_t begin, std::size_t end,
                       std::u32string_view word) const;

 private:
  WordVotes(std::unique_ptr<IcuWords> icu, const BorderModel& model, const OwnWords& own)
      : icu_(std::move(icu)), model_(model), words_(model.words()), own_(own) {}
  // True when [begin, end) of a run crosses; `model`: how sure that judge is of it, in logits.
  bool decide(double model, std::u32string_view run, std::size_t begin, std::size_t end) const;
  // How much likelier the best crossing path is than the best that keeps the term whole, in nats.
  double path_margin(std::u32string_view run, std::size_t begin, std::size_t end) const;
  bool lies_in_own(std::u32string_view run, std::size_t begin, std::size_t end) const;

  std::unique_ptr<IcuWords> icu_;
  const BorderModel& model_;
  const WordArray& words_;
  const OwnWords& own_;
};

}  // namespace tingchao::analyzer
