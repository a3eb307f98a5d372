#include "analyzer/rules/term_sense.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analyzer/rules/sightings.h"
#include "analyzer/text/context.h"

namespace tingchao::analyzer {
namespace {

struct Frame {
  std::string_view before, behind;
};
// Alone; after and before function words, nouns and verbs; in the middle of a clause.
constexpr std::array<Frame, 10> frames{{{"", ""},
                                        {"", "的情况"},
                                        {"关于", "一事"},
                                        {"学校", "问题"},
                                        {"有家长说", "很差"},
                                        {"这次", "了"},
                                        {"孩子在", "里"},
                                        {"昨天，", "，大家都知道"},
                                        {"我们要求", "公开"},
                                        {"多名学生", "后回家"}}};
// Words of a text of usual length, as feeds bring them.
constexpr double words_of_text = 300;

TextView framed_view(const std::string& stored, const std::function<void(TextView&)>& mark) {
  TextView view = fold(stored);
  split(view);
  mark(view);
  return view;
}

std::string framed_text(const Frame& frame, std::u32string_view term) {
  return std::string(frame.before) + to_utf8(term) + std::string(frame.behind);
}

}  // namespace

bool TermSense::counts_inside(std::u32string_view whole, TermMode outer, std::size_t begin, std::size_t end,
                              TermMode inner) {
  const auto key = std::tuple(std::u32string(whole), outer, begin, end, inner);
  if (const auto known = inside_.find(key); known != inside_.end()) return known->second;
  bool any = false, all = true;
  for (const Frame& frame : frames) {
    const std::string stored = framed_text(frame, whole);
    const TextView view = framed_view(stored, parts_.mark);
    const std::size_t at = fold_term(frame.before).size();
    const auto place = [&](std::size_t from, std::size_t to) {
      return Occurrence{Field::body, std::uint32_t(at + from), std::uint32_t(at + to)};
    };
    if (at + whole.size() > view.folded.size() || !counts(view, place(0, whole.size()), outer)) continue;
    any = true;
    all = all && counts(view, place(begin, end), inner);
    if (!all) break;
  }
  return inside_[key] = any && all;
}

Marks TermSense::own_marks(std::u32string_view term) {
  if (!parts_.contexts) return 0;
  const auto [known, fresh] = marks_.try_emplace(std::u32string(term), Marks(0));
  if (!fresh) return known->second;
  Marks all = 0xFF;
  for (const Frame& frame : frames) {
    const std::string stored = framed_text(frame, term);
    Prepared prepared;
    prepared.body = framed_view(stored, parts_.mark);
    mark_context(prepared, *parts_.contexts);
    const std::size_t at = fold_term(frame.before).size();
    all &= marks_at(prepared.body_context, std::uint32_t(at), std::uint32_t(at + term.size()));
  }
  return known->second = all;
}

double TermSense::share_of_texts(std::u32string_view word) const {
  return 1 - std::exp(-words_of_text * parts_.share(word));
}

}  // namespace tingchao::analyzer
