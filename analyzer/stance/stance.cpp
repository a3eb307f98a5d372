// One pass over each field, clause by clause. A negator turns round the word of stance that follows it
// within a few characters (没有虫子), on through an enumeration (没有体罚、辱骂); two negators cancel;
// a word of degree multiplies. The points of both fields, the title's double, are brought into −1 … 1
// by x / sqrt(x² + 15); that curve, and the idea that a turned word keeps but part of its force, are
// those of VADER (Hutto and Gilbert, 2014). Denied ill is weak good: "no pupil was hurt" is no praise.
#include "analyzer/stance/stance.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "analyzer/segment/word_list.h"

namespace tingchao::analyzer {
namespace {

constexpr double points_max = 5;
constexpr std::size_t negation_reach = 8, degree_reach = 4, demand_reach = 30;
constexpr double turned_good = -0.74, turned_ill = -0.3;
constexpr double title_factor = 2, repeat_factor = 0.5;
constexpr int repeats_max = 2;
constexpr double curve = 15, label_at = 0.25;
constexpr double plain_length = 300;  // a longer body's points count for less: it has more words of all kinds
constexpr std::size_t reasons_max = 5;

bool ends_clause(char32_t c) {
  if (c >= 0x3400 && c < 0xa000) return false;  // Han: the common case
  return std::u32string_view(U",.;:!?。，；：！？\n\"“”()（）…").find(c) != std::u32string_view::npos;
}
bool enumerates(char32_t c) {
  return std::u32string_view(U"、和或及与/").find(c) != std::u32string_view::npos;
}

}  // namespace

struct StanceReader::Sum {
  double points = 0;
  std::map<std::string, int> seen;
  std::vector<StanceReason> reasons;
};

// Where the pass over one field stands.
struct StanceReader::Reading {
  const TextView& view;
  Field field;
  double factor = 1;
  bool turned = false;
  std::size_t negator_begin = 0, negator_end = 0;
  double degree = 1;
  std::size_t degree_begin = 0, degree_end = 0;
  // The reason that a negator with points of its own made (拒绝); withdrawn when it turns another word.
  std::size_t tentative = std::string::npos;

  void end_clause() {
    turned = false;
    degree = 1;
    degree_end = 0;
    tentative = std::string::npos;
  }
};

Result<std::unique_ptr<StanceReader>> StanceReader::build(const std::vector<NamedText>& lists) {
  auto reader = std::make_unique<StanceReader>();
  for (const NamedText& list : lists)
    if (auto done = reader->add_list(list); !done) return done.error();

  std::map<std::u32string, Word> merged;
  for (auto& [text, word] : reader->listed_) {
    Word& all = merged[text];
    if (word.points != 0) all.points = word.points;
    if (word.degree != 0) all.degree = word.degree;
    all.negator = all.negator || word.negator;
    all.neutral = all.neutral || word.neutral;
  }
  reader->listed_.clear();
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (auto& [text, word] : merged) {
    entries.emplace_back(text, static_cast<std::uint32_t>(reader->words_.size()));
    reader->words_.push_back(word);
  }
  reader->trie_ = WordTrie(std::move(entries));

  std::map<std::u32string, std::vector<std::uint32_t>> begins;
  for (std::size_t i = 0; i < reader->demands_.size(); ++i)
    begins[reader->demands_[i].front()].push_back(static_cast<std::uint32_t>(i));
  std::vector<std::pair<std::u32string, std::uint32_t>> starts;
  for (auto& [text, demands] : begins) {
    starts.emplace_back(text, static_cast<std::uint32_t>(reader->starts_.size()));
    reader->starts_.push_back(std::move(demands));
  }
  reader->demand_begins_ = WordTrie(std::move(starts));
  return reader;
}

Result<void> StanceReader::add_list(const NamedText& list) {
  const std::string_view kind = stem(list.name);
  if (kind != "negative" && kind != "positive" && kind != "negators" && kind != "degree" && kind != "demand")
    return {};
  const auto words = parse_word_list(list, points_max);
  if (!words) return words.error();
  for (const ListedWord& listed : *words) {
    if (listed.number < 0)
      return Error{Errc::bad_config, fmt::format("{}:{}: a number below 0", list.name, listed.line),
                   "the file's name tells good from ill; write how strong the word is"};
    const auto number = static_cast<float>(listed.number);
    const std::u32string text = fold_term(listed.word);
    if (kind == "negative") listed_.push_back({text, Word{.points = -number}});
    if (kind == "positive") listed_.push_back({text, Word{.points = number}});
    if (kind == "negators") listed_.push_back({text, Word{.negator = number > 0, .neutral = number == 0}});
    if (kind == "degree") listed_.push_back({text, Word{.degree = number}});
    if (kind != "demand") continue;
    // 请 … 处理: the parts in order. Folding writes … as three dots.
    std::vector<std::u32string> parts(1);
    for (const char32_t c : text)
      if (c == U'…' || c == U'.') {
        if (!parts.back().empty()) parts.emplace_back();
      } else if (c != U' ') {
        parts.back().push_back(c);
      }
    if (parts.back().empty()) parts.pop_back();
    if (!parts.empty()) demands_.push_back(std::move(parts));
  }
  return {};
}

Stance StanceReader::read(const Prepared& prepared) const {
  Sum title, body;
  read_view(prepared, Field::title, title);
  body.seen = title.seen;
  read_view(prepared, Field::body, body);
  const double length = static_cast<double>(prepared.body.folded.size());
  const double shrink = std::max(1.0, std::sqrt(length / plain_length));
  const double points = title.points + body.points / shrink;

  Stance stance;
  stance.score = points / std::sqrt(points * points + curve);
  stance.label = stance.score <= -label_at  ? StanceLabel::negative
                 : stance.score >= label_at ? StanceLabel::positive
                                            : StanceLabel::neutral;
  stance.demands = asks(prepared);
  stance.reasons = std::move(title.reasons);
  stance.reasons.insert(stance.reasons.end(), body.reasons.begin(), body.reasons.end());
  std::erase_if(stance.reasons, [](const StanceReason& reason) { return reason.points == 0; });
  std::sort(stance.reasons.begin(), stance.reasons.end(), [](const StanceReason& a, const StanceReason& b) {
    if (std::abs(a.points) != std::abs(b.points)) return std::abs(a.points) > std::abs(b.points);
    if (a.field != b.field) return a.field == Field::title;
    return a.span.begin < b.span.begin;
  });
  if (stance.reasons.size() > reasons_max) stance.reasons.resize(reasons_max);
  return stance;
}

bool StanceReader::asks(const Prepared& prepared) const { return asks(prepared.title) || asks(prepared.body); }

void StanceReader::read_view(const Prepared& prepared, Field field, Sum& sum) const {
  const TextView& view = prepared.view(field);
  Reading reading{.view = view, .field = field, .factor = field == Field::title ? title_factor : 1};
  std::vector<std::pair<std::size_t, std::size_t>> names;
  for (const Entity& entity : prepared.entities)
    if (entity.field == field && entity.kind == EntityKind::school && !entity.id.empty())
      names.emplace_back(view.at_byte(entity.span.begin), view.at_byte(entity.span.end));

  std::size_t name = 0;
  for (std::size_t i = 0; i < view.folded.size();) {
    while (name < names.size() && names[name].second <= i) ++name;
    if (name < names.size() && names[name].first <= i) {
      i = names[name].second;
      continue;
    }
    if (ends_clause(view.folded[i])) reading.end_clause();
    WordTrie::Found best;
    trie_.each(view.folded, i, [&](WordTrie::Found found) {
      const std::size_t end = i + found.length;
      const Word& word = words_[found.value];
      // A single character counts only as a word of its own, but 不 and 没 cling to others.
      const bool stands = found.length == 1 && !word.negator ? view.border[i] && view.border[end]
                                                             : !crosses_word(view, i, end) || word.neutral;
      if (stands) best = found;
    });
    if (best.length > 0) take_word(reading, sum, i, i + best.length, words_[best.value]);
    i += std::max<std::size_t>(best.length, 1);
  }
}

void StanceReader::take_word(Reading& reading, Sum& sum, std::size_t begin, std::size_t end,
                             const Word& word) const {
  if (word.neutral) return;
  const bool in_reach = reading.turned && begin <= reading.negator_end + negation_reach;
  const bool degree_near = reading.degree_end > 0 && begin <= reading.degree_end + degree_reach;
  // 好 is a degree before another word of stance (好难吃) and praise else.
  bool is_degree = word.degree != 0;
  if (is_degree && word.points != 0) {
    const WordTrie::Found next = trie_.longest(reading.view.folded, end);
    is_degree = next.length > 0 && words_[next.value].points != 0;
  }
  if (is_degree) {
    reading.degree = word.degree;
    reading.degree_begin = begin;
    reading.degree_end = end;
    return;
  }
  const std::size_t tentative = reading.tentative;
  if (word.points != 0) {
    double points = word.points * reading.factor * (degree_near ? reading.degree : 1);
    std::size_t from = degree_near ? reading.degree_begin : begin;
    if (in_reach) {
      points *= word.points > 0 ? turned_good : turned_ill;
      from = std::min(from, reading.negator_begin);
      if (tentative != std::string::npos) {
        sum.points -= sum.reasons[tentative].points;
        sum.reasons[tentative].points = 0;
        reading.tentative = std::string::npos;
      }
    }
    const std::string text = to_utf8(reading.view.folded.substr(from, end - from));
    const int times = ++sum.seen[text];
    if (times > 1) points *= repeat_factor;
    if (times <= repeats_max) {
      sum.points += points;
      sum.reasons.push_back(
          {.text = text, .points = points, .field = reading.field, .span = reading.view.bytes(from, end)});
    }
    const bool goes_on = in_reach && end < reading.view.folded.size() && enumerates(reading.view.folded[end]);
    reading.turned = goes_on;
    if (goes_on) reading.negator_end = end;
    reading.degree_end = 0;
    reading.degree = 1;
    if (word.negator && times <= repeats_max) reading.tentative = sum.reasons.size() - 1;
  }
  if (word.negator) {
    reading.turned = !(in_reach && word.points == 0);
    reading.negator_begin = begin;
    reading.negator_end = end;
  }
}

bool StanceReader::asks(const TextView& view) const {
  for (std::size_t i = 0; i < view.folded.size(); ++i) {
    bool found = false;
    demand_begins_.each(view.folded, i, [&](WordTrie::Found begin) {
      for (const std::uint32_t demand : starts_[begin.value]) {
        std::size_t at = i + begin.length;
        bool all = !crosses_word(view, i, at) || begin.length > 2;
        for (std::size_t part = 1; all && part < demands_[demand].size(); ++part) {
          const std::u32string_view rest = std::u32string_view(view.folded).substr(at, demand_reach);
          const std::u32string_view sentence = rest.substr(0, rest.find_first_of(U"。!?\n"));
          const std::size_t place = sentence.find(demands_[demand][part]);
          all = place != sentence.npos;
          at += place + demands_[demand][part].size();
        }
        found = found || all;
      }
    });
    if (found) return true;
  }
  return false;
}

}  // namespace tingchao::analyzer
