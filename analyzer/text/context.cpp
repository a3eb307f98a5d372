// One pass finds every cue. A negator governs the rest of its clause, up to its reach or to a word
// that turns back to facts (但, 导致); "… 并未发生" at a clause's end governs what stands before it.
// The other contexts hold for the whole sentence, and from the title for the whole text.

#include "analyzer/text/context.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "analyzer/text/context_words.h"

namespace tingchao::analyzer {
namespace {

using Kind = ContextCue::Kind;
using Part = ContextWords::Part;

// A word that closes a clause may have so many characters behind it: 并未发生过的。
constexpr std::uint32_t after_slack = 2;
// A year counts as past when it ended at least so long ago.
constexpr int past_years = 2;

bool ends_clause(char32_t c) {
  if (c >= 0x3400 && c < 0xa000) return false;  // Han: the common case
  constexpr std::u32string_view signs = U",;:!?。\n\r";
  return signs.find(c) != signs.npos;
}
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_number_before(std::u32string_view text, std::size_t at) {
  constexpr std::u32string_view numerals = U"两二三四五六七八九十百千数多几余";
  return at > 0 && (is_digit(text[at - 1]) || numerals.find(text[at - 1]) != numerals.npos);
}

void set(Context& marks, Kind kind) {
  switch (kind) {
    case Kind::negated: marks.negated = true; break;
    case Kind::refuted: marks.refuted = true; break;
    case Kind::drill: marks.drill = true; break;
    case Kind::fiction: marks.fiction = true; break;
    case Kind::past: marks.past = true; break;
  }
}

struct Cue {
  std::uint32_t begin, end;
  Part part;
};

std::optional<int> year_of(const Document* document) {
  if (!document) return std::nullopt;
  const Time at = document->published_at.value_or(document->fetched_at);
  if (at == Time{}) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at + china_offset)};
  return int(day.year());
}

class Marker {
 public:
  Marker(const TextView& view, Field field, const ContextWords& words, std::optional<int> year)
      : text_(view.folded), view_(view), field_(field), words_(words), year_(year) {}

  std::vector<SentenceContext> run() {
    find_cues();
    std::vector<SentenceContext> out;
    std::size_t first = 0;
    for (std::size_t i = 0; i + 1 < view_.sentences.size(); ++i) {
      SentenceContext context;
      context.begin = view_.sentences[i];
      context.end = view_.sentences[i + 1];
      std::size_t last = first;
      while (last < cues_.size() && cues_[last].begin < context.end) ++last;
      if (first < last) mark_sentence(context, first, last);
      first = last;
      out.push_back(std::move(context));
    }
    return out;
  }

 private:
  void find_cues() {
    words_.matcher.scan(text_, [&](std::size_t begin, std::size_t end, std::int32_t literal) {
      for (const Part& part : words_.parts[std::size_t(literal)]) {
        const Cue cue{std::uint32_t(begin), std::uint32_t(end), part};
        if (part.role == Part::except) {
          excepted_.push_back(cue);
        } else if (is_word(begin, end)) {
          cues_.push_back(cue);
        }
      }
    });
    std::erase_if(cues_, [&](const Cue& cue) { return covered(cue, excepted_); });
    // 历史上的今天 speaks of the past, whatever 今天 alone would say.
    const std::vector<Cue> all = cues_;
    std::erase_if(cues_, [&](const Cue& cue) { return cue.part.role == Part::now && covered(cue, all); });
  }

  // Inside a longer word of the same context; both lists are in order of their begin.
  static bool covered(const Cue& cue, const std::vector<Cue>& by) {
    const std::uint32_t reach = cue.begin > literal_chars_max ? cue.begin - literal_chars_max : 0;
    auto at = std::lower_bound(by.begin(), by.end(), reach,
                               [](const Cue& one, std::uint32_t key) { return one.begin < key; });
    for (; at != by.end() && at->begin <= cue.begin; ++at)
      if (at->part.kind == cue.part.kind && at->part.role != cue.part.role && at->end >= cue.end) return true;
    return false;
  }

  // One character alone is a cue only as a word: 未 but not in 未来. Without borders all are taken.
  bool is_word(std::size_t begin, std::size_t end) const {
    if (view_.border.size() != text_.size() + 1) return true;
    if (end - begin == 1) return view_.border[begin] && view_.border[end];
    return !crosses_word(view_, begin, end);
  }

  void add(SentenceContext& context, const Cue& cue, std::uint32_t from, std::uint32_t until) {
    if (from >= until) return;
    set(context.marks, cue.part.kind);
    context.cues.push_back({cue.part.kind, field_, cue.begin, cue.end, from, until});
    if (cue.part.kind == Kind::negated) context.negated.emplace_back(from, until);
  }

  void mark_sentence(SentenceContext& context, std::size_t first, std::size_t last) {
    const auto any = [&](Part::Role role) {
      return std::any_of(cues_.begin() + std::ptrdiff_t(first), cues_.begin() + std::ptrdiff_t(last),
                         [&](const Cue& cue) { return cue.part.role == role; });
    };
    const bool speaks_of_now = any(Part::now);
    for (std::size_t i = first; i < last; ++i) {
      const Cue& cue = cues_[i];
      switch (cue.part.role) {
        case Part::cue:
          if (cue.part.kind == Kind::negated) {
            add(context, cue, cue.end, end_of_negation(context, i, last));
          } else if (cue.part.kind != Kind::past || !speaks_of_now) {
            add(context, cue, context.begin, context.end);
          }
          break;
        case Part::after: mark_before(context, cue); break;
        case Part::years:
          if (!speaks_of_now && names_past_year(context)) add(context, cue, context.begin, context.end);
          break;
        case Part::ago:
          if (!speaks_of_now && is_number_before(text_, cue.begin)) add(context, cue, context.begin, context.end);
          break;
        default: break;
      }
    }
  }

  std::uint32_t end_of_negation(const SentenceContext& context, std::size_t cue, std::size_t last) const {
    const Cue& negator = cues_[cue];
    const std::uint32_t limit = std::min(context.end, negator.end + negator.part.reach);
    std::uint32_t end = negator.end;
    while (end < limit && !ends_clause(text_[end])) ++end;
    for (std::size_t i = cue + 1; i < last; ++i)
      if (cues_[i].part.role == Part::stop && cues_[i].begin > negator.end) end = std::min(end, cues_[i].begin);
    return end;
  }

  void mark_before(SentenceContext& context, const Cue& cue) {
    std::uint32_t end = cue.end;
    while (end < context.end && !ends_clause(text_[end])) ++end;
    if (end > cue.end + after_slack) return;
    std::uint32_t begin = cue.begin;
    while (begin > context.begin && cue.begin - begin < cue.part.reach && !ends_clause(text_[begin - 1])) --begin;
    add(context, cue, begin, cue.begin);
  }

  bool names_past_year(const SentenceContext& context) const {
    if (!year_) return false;
    for (std::size_t i = context.begin; i + 4 < context.end; ++i) {
      if (text_[i + 4] != U'年' || (i > 0 && is_digit(text_[i - 1]))) continue;
      int year = 0;
      for (std::size_t k = i; k < i + 4; ++k) year = is_digit(text_[k]) ? year * 10 + int(text_[k] - '0') : -100000;
      if (year > 1900 && year <= *year_ - past_years) return true;
    }
    return false;
  }

  std::u32string_view text_;
  const TextView& view_;
  Field field_;
  const ContextWords& words_;
  std::optional<int> year_;
  std::vector<Cue> cues_, excepted_;  // by begin
};

bool has(const Context& marks, Kind kind) {
  switch (kind) {
    case Kind::negated: return marks.negated;
    case Kind::refuted: return marks.refuted;
    case Kind::drill: return marks.drill;
    case Kind::fiction: return marks.fiction;
    case Kind::past: return marks.past;
  }
  return false;
}

// What the title says holds for every sentence; a negation stays where it is.
void spread(const ContextCue& cue, std::vector<SentenceContext>& over) {
  for (SentenceContext& context : over) {
    if (has(context.marks, cue.kind)) continue;
    set(context.marks, cue.kind);
    context.cues.push_back(cue);
    context.cues.back().from = context.begin;
    context.cues.back().until = context.end;
  }
}

}  // namespace

void mark_context(Prepared& prepared, const ContextWords& words) {
  const std::optional<int> year = year_of(prepared.document);
  prepared.title_context = Marker(prepared.title, Field::title, words, year).run();
  prepared.body_context = Marker(prepared.body, Field::body, words, year).run();
  std::array<std::optional<ContextCue>, context_kinds> first;
  for (const SentenceContext& sentence : prepared.title_context)
    for (const ContextCue& cue : sentence.cues)
      if (auto& known = first[std::size_t(cue.kind)]; cue.kind != Kind::negated && !known) known = cue;
  for (const auto& cue : first) {
    if (!cue) continue;
    spread(*cue, prepared.title_context);
    spread(*cue, prepared.body_context);
  }
}

}  // namespace tingchao::analyzer
