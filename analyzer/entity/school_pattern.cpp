// From the type word (小学, 中学 …) the name is followed to the left word by word: through a numeral,
// through words that are no stop words, up to a place, whose mention is taken along. Words that only
// tell the kind (民办, 农村, 寄宿制) name nothing; a stop word (某, 这所, 多所, 家长) ends the name.
#include "analyzer/entity/school_pattern.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "analyzer/entity/school_names.h"
#include "analyzer/segment/word_list.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

using View = std::u32string_view;

constexpr std::size_t name_chars_max = 10;
constexpr std::size_t placeless_chars_max = 6;

constexpr std::array types{
    View(U"职业高级中学"), View(U"职业技术学校"), View(U"特殊教育学校"), View(U"九年一贯制学校"),
    View(U"中等专业学校"), View(U"中等职业学校"), View(U"职业教育中心"), View(U"高级中学"),
    View(U"初级中学"),     View(U"完全小学"),     View(U"完全中学"),     View(U"职业中学"),
    View(U"职业学校"),     View(U"中心校"),       View(U"外国语"),       View(U"幼儿园"),
    View(U"小学"),         View(U"中学"),         View(U"学校"),         View(U"高中"),
    View(U"初中"),         View(U"职高"),         View(U"中专"),         View(U"职专"),
    View(U"附小"),         View(U"附中"),         View(U"附幼"),         View(U"实小"),
    View(U"实中"),         View(U"完小"),         View(U"职中")};

// With what type words and numerals begin: nowhere else is anything to be found.
bool may_begin(char32_t c) {
  static const std::bitset<0x10000> begins = [] {
    std::bitset<0x10000> out;
    for (const View type : types) out.set(type[0]);
    for (const char32_t c : View(U"0123456789零一二三四五六七八九十百")) out.set(c);
    return out;
  }();
  return c < 0x10000 && begins[c];
}

// The type word at `at`, longest first; the numbered short forms 一中, 49中, 三小 too.
std::size_t type_length(View text, std::size_t at) {
  const View rest = text.substr(at);
  for (const View type : types)
    if (rest.starts_with(type)) return type.size();
  return 0;
}

// N中, N小, N幼 at `at`; what follows must not make it another word (三中全会, 十中旬).
std::size_t numbered_length(const TextView& view, std::size_t at) {
  const View text = view.folded;
  const std::size_t number = numeral_length(text.substr(at));
  const std::size_t end = at + number;
  if (number == 0 || end >= text.size() || View(U"中小幼").find(text[end]) == View::npos) return 0;
  if (at > 0 && (text[at - 1] == U'第' || numeral_value(text.substr(at - 1, 1)) || text[at - 1] == U'几'))
    return 0;
  if (!view.border[at] || !view.border[end + 1]) return 0;
  const View next = text.substr(end + 1, 2);
  static constexpr std::array others{View(U"全会"), View(U"院"), View(U"心"), View(U"间"), View(U"旬"),
                                     View(U"国"),   View(U"外"), View(U"年"), View(U"央"), View(U"时"),
                                     View(U"学"),   View(U"组"), View(U"儿"), View(U"型"), View(U"号"),
                                     View(U"步"),   View(U"考"), View(U"选")};
  for (const View other : others)
    if (next.starts_with(other)) return 0;
  return number + 1;
}

struct Walk {
  const TextView& view;
  const std::vector<PlaceMention>& places;
  const WordTrie& stops;
  const WordTrie& kinds;

  const PlaceMention* place_ending_at(std::size_t end) const {
    const auto place = std::lower_bound(
        places.begin(), places.end(), end,
        [](const PlaceMention& mention, std::size_t wanted) { return mention.end < wanted; });
    return place != places.end() && place->end == end ? &*place : nullptr;
  }
  std::size_t word_begin(std::size_t end) const {
    std::size_t begin = end - 1;
    while (begin > 0 && !view.border[begin]) --begin;
    return begin;
  }
  // Follows the name to the left of `end`; sets begin, core, place of the pattern.
  void follow(SchoolPattern& pattern, std::size_t type_begin) const {
    const View text = view.folded;
    std::size_t at = type_begin, name = type_begin;
    while (at > 0 && type_begin - at < name_chars_max) {
      if (const PlaceMention* place = place_ending_at(at)) {
        take_places(pattern, *place);
        pattern.core = at;
        return;
      }
      const std::size_t begin = word_begin(at);
      const View word = text.substr(begin, at - begin);
      const bool named = std::all_of(word.begin(), word.end(), [](char32_t c) {
        return is_han(c) || (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z');
      });
      if (!named || stops.contains(word) || word.size() > placeless_chars_max) break;
      at = begin;
      if (!kinds.contains(word)) name = at;
      if (name == at && type_begin - at >= placeless_chars_max) break;
    }
    // No place: from the leftmost word that is more than a kind.
    pattern.begin = pattern.core = std::min(name, type_begin);
    if (type_begin - pattern.begin > placeless_chars_max) pattern.begin = pattern.core = type_begin;
  }
  void take_places(SchoolPattern& pattern, const PlaceMention& nearest) const {
    pattern.place = nearest.place;
    pattern.begin = nearest.begin;
    while (const PlaceMention* before = place_ending_at(pattern.begin)) pattern.begin = before->begin;
  }
};

bool is_kind_only(const TextView& view, const WordTrie& kinds, std::size_t begin, std::size_t end) {
  while (begin < end) {
    std::size_t next = begin + 1;
    while (next < end && !view.border[next]) ++next;
    if (!kinds.contains(View(view.folded).substr(begin, next - begin))) return false;
    begin = next;
  }
  return true;
}

// 第二中学: the numeral belongs to the type word whatever the segmenter says.
std::size_t before_numeral(View text, std::size_t type_begin) {
  for (std::size_t length = 1; length <= 4 && length < type_begin; ++length)
    if (text[type_begin - length - 1] == U'第' &&
        numeral_length(text.substr(type_begin - length, length)) == length)
      return type_begin - length - 1;
  return type_begin;
}

}  // namespace

SchoolPatterns::SchoolPatterns(const std::vector<NamedText>& tables) {
  std::vector<std::pair<std::u32string, std::uint32_t>> stops, kinds;
  for (const NamedText& table : tables) {
    if (stem(table.name) != school_words_stem) continue;
    for (const NumberedLine& line : lines_of(table.text)) {
      const bool stop = line.text.starts_with("stop\t");
      if (!stop && !line.text.starts_with("kind\t")) continue;
      for (std::string_view rest = trim(line.text.substr(4)); !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        (stop ? stops : kinds).emplace_back(fold_term(rest.substr(0, end)), 0);
        rest = trim(rest.substr(end));
      }
    }
  }
  stops_ = WordTrie(std::move(stops));
  kinds_ = WordTrie(std::move(kinds));
}

std::vector<SchoolPattern> SchoolPatterns::find(const TextView& view,
                                                const std::vector<PlaceMention>& places) const {
  std::vector<SchoolPattern> patterns;
  const View text = view.folded;
  const Walk walk{view, places, stops_, kinds_};
  for (std::size_t i = 0; i < text.size();) {
    if (!may_begin(text[i])) {
      ++i;
      continue;
    }
    const std::size_t numbered = numbered_length(view, i);
    const std::size_t type = numbered ? 0 : type_length(text, i);
    const std::size_t end = i + std::max(numbered, type);
    if (end == i || !view.border[end] || text.substr(end).starts_with(U"生物")) {
      ++i;
      continue;
    }
    // 实验小学 inside 中小学 would begin in a word: 中小学 names no school.
    const bool plural = type && i > 0 && text[i - 1] == U'中' && text.substr(i, type) == U"小学";
    const std::size_t name_end = numbered ? i : before_numeral(text, i);
    SchoolPattern pattern{.begin = name_end, .end = end, .core = name_end};
    if (!plural) walk.follow(pattern, name_end);
    const bool has_number = numbered || name_end < i;
    pattern.numbered_only = has_number && pattern.place < 0 && pattern.begin == name_end;
    // 外国语 alone is a subject, and a name only behind a place or a name.
    if (type && text.substr(i, type) == U"外国语" && pattern.begin == i) {
      i = end;
      continue;
    }
    if (!has_number && is_kind_only(view, kinds_, pattern.core, i)) {
      pattern.generic = true;
      pattern.begin = pattern.core = i;
    }
    // A name cannot reach into the pattern before it.
    if (!patterns.empty() && pattern.begin < patterns.back().end)
      pattern.begin = pattern.core = std::max(pattern.core, patterns.back().end);
    patterns.push_back(pattern);
    i = end;
  }
  return patterns;
}

}  // namespace tingchao::analyzer
