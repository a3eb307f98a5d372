// From the type word (小学, 中学 …) the name is followed to the left word by word, and no further than it
// must: up to a place, whose mention is taken along, or to the first whole word that names something. Words
// that only tell the kind (民办, 寄宿制) or that every town has (实验, 中心) are passed over, as are pieces
// (附属, 师范, a single character); a second whole word is taken only when the stretch then begins where a
// name can begin: at a sentence's beginning, behind a stop word (某, 在, 投诉), behind a place.
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

constexpr std::size_t name_chars_max = 14;  // from the place's end or the name's beginning to the type word
constexpr std::size_t second_word_max = 7;  // the same, where a second whole word is taken
constexpr std::size_t word_chars_max = 6;

constexpr std::array types{
    View(U"职业高级中学"), View(U"职业技术学校"), View(U"特殊教育学校"), View(U"九年一贯制学校"),
    View(U"中等专业学校"), View(U"中等职业学校"), View(U"职业教育中心"), View(U"职教中心"),
    View(U"高级中学"),     View(U"初级中学"),     View(U"完全小学"),     View(U"完全中学"),
    View(U"职业中学"),     View(U"职业学校"),     View(U"中心校"),       View(U"外国语"),
    View(U"幼儿园"),       View(U"教学点"),       View(U"小学"),         View(U"中学"),
    View(U"学校"),         View(U"高中"),         View(U"初中"),         View(U"职高"),
    View(U"中专"),         View(U"职专"),         View(U"附小"),         View(U"附中"),
    View(U"附幼"),         View(U"实小"),         View(U"实中"),         View(U"完小"),
    View(U"职中")};

// One of them is all that a county has: the place alone names it.
constexpr std::array single_types{View(U"职业高级中学"), View(U"职业技术学校"), View(U"特殊教育学校"),
                                  View(U"职业教育中心"), View(U"职教中心"),     View(U"高级中学"),
                                  View(U"中等专业学校"), View(U"外国语"),       View(U"附小"),
                                  View(U"附中"),         View(U"附幼"),         View(U"实小"),
                                  View(U"实中")};

bool one_of(View c, View set) { return c.size() == 1 && set.find(c[0]) != View::npos; }
template <class Words>
bool begins_with_any(View text, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&](View word) { return text.starts_with(word); });
}

// With what type words and numerals begin: nowhere else is anything to be found.
bool may_begin(char32_t c) {
  static const std::bitset<0x10000> begins = [] {
    std::bitset<0x10000> out;
    for (const View type : types) out.set(type[0]);
    for (char32_t c = 0; c < 0x10000; ++c)
      if (numeral_length(View(&c, 1)) > 0) out.set(c);
    return out;
  }();
  return c < 0x10000 && begins[c];
}

// What follows makes the type word part of another: 小学生, 初中部, 小学数学, 外国语学校.
bool leads_elsewhere(View type, View rest) {
  static constexpr std::array lessons{
      View(U"数学"), View(U"语文"), View(U"英语"), View(U"物理"), View(U"化学"), View(U"历史"), View(U"地理"),
      View(U"政治"), View(U"阶段"), View(U"时代"), View(U"时期"), View(U"学历"), View(U"文凭"), View(U"课本"),
      View(U"教材"), View(U"课程"), View(U"知识"), View(U"生物"), View(U"学段"), View(U"学位")};
  static constexpr std::array not_pupils{View(U"生源"), View(U"生均"), View(U"生活"), View(U"生病")};
  static constexpr std::array schools{View(U"学校"), View(U"小学"), View(U"中学"),   View(U"高中"),
                                      View(U"初中"), View(U"实验"), View(U"幼儿园"), View(U"双语"),
                                      View(U"国际"), View(U"特色"), View(U"大学"),   View(U"学院")};
  if (rest.starts_with(U"部") && !rest.starts_with(U"部分")) return type != U"外国语";
  if (type == U"外国语") return begins_with_any(rest, schools);
  if (type == U"中学" || type == U"小学" || type == U"高中" || type == U"初中")
    return begins_with_any(rest, lessons) || (rest.starts_with(U"生") && !begins_with_any(rest, not_pupils));
  return false;
}

// The type word at `at`, longest first.
std::size_t type_length(View text, std::size_t at) {
  const View rest = text.substr(at);
  for (const View type : types)
    if (rest.starts_with(type)) return leads_elsewhere(type, rest.substr(type.size())) ? 0 : type.size();
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
                                     View(U"步"),   View(U"考"), View(U"选"), View(U"队"), View(U"午"),
                                     View(U"班"),   View(U"类"), View(U"块"), View(U"个"), View(U"名")};
  return begins_with_any(next, others) ? 0 : number + 1;
}

// 第二中学: the numeral belongs to the type word whatever the segmenter says.
std::size_t before_numeral(View text, std::size_t type_begin) {
  for (std::size_t length = 1; length <= 4 && length < type_begin; ++length)
    if (text[type_begin - length - 1] == U'第' &&
        numeral_length(text.substr(type_begin - length, length)) == length)
      return type_begin - length - 1;
  return type_begin;
}

// 华师一附中: the numeral before 附中.
bool university_ordinal(View text, std::size_t type_begin, std::size_t type) {
  const View word = text.substr(type_begin, type);
  return type_begin > 1 && (word == U"附中" || word == U"附小") &&
         View(U"一二三四").find(text[type_begin - 1]) != View::npos;
}

struct Walk {
  const TextView& view;
  const std::vector<PlaceMention>& places;
  const WordTrie& stops;
  const WordTrie& kinds;
  const WordTrie& shared;
  std::size_t limit = 0;  // the end of the school before

  const PlaceMention* place_ending_at(std::size_t end) const {
    const auto place =
        std::lower_bound(places.begin(), places.end(), end,
                         [](const PlaceMention& mention, std::size_t wanted) { return mention.end < wanted; });
    return place != places.end() && place->end == end ? &*place : nullptr;
  }
  std::size_t word_begin(std::size_t end) const {
    std::size_t begin = end - 1;
    while (begin > limit && !view.border[begin]) --begin;
    return begin;
  }
  View word_before(std::size_t end) const {
    const std::size_t begin = word_begin(end);
    return View(view.folded).substr(begin, end - begin);
  }
  static bool is_name_char(char32_t c) {
    return is_han(c) || (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z');
  }
  bool ends_name(View word) const {
    if (!std::all_of(word.begin(), word.end(), is_name_char) || word.size() > word_chars_max) return true;
    if (stops.contains(word)) return true;
    return word.size() > 1 &&
           (View(U"到从在了着过说是被把于给的得完让叫去").find(word.back()) != View::npos ||
            View(U"不没被让请把").find(word.front()) != View::npos);
  }
  // Whether a name may begin at `at`.
  bool may_begin_at(std::size_t at) const {
    return at <= limit || !is_name_char(view.folded[at - 1]) || place_ending_at(at) ||
           ends_name(word_before(at));
  }

  // Follows the name to the left of `type_begin`; sets begin, core, place. `open`: something must stand
  // there.
  void follow(SchoolPattern& pattern, std::size_t type_begin, bool numbered, bool open) const;

 private:
  struct Core {
    std::size_t begin = 0;   // where what has been taken begins
    std::size_t pieces = 0;  // single characters taken
    bool whole = false;      // names something by itself
    bool numbered = false;
    bool shared = false;  // has a word that every town has
    bool open = false;    // its leftmost piece wants something before it: 师范|大学
    bool university = false;
  };
  bool take(Core& core, std::size_t begin, std::size_t end, std::size_t type_begin) const;
  bool gap_behind_place(SchoolPattern& pattern, std::size_t type_begin) const;
  void take_places(SchoolPattern& pattern, const PlaceMention& nearest) const;
  std::size_t without_preposition(std::size_t begin, std::size_t end) const;
};

// Whether the word before the core belongs to the name; if so, takes it. Kinds are passed over until there
// is a name.
bool Walk::take(Core& core, std::size_t begin, std::size_t end, std::size_t type_begin) const {
  static constexpr std::array openers{View(U"附属"), View(U"师范"), View(U"理工"), View(U"科技"),
                                      View(U"大学"), View(U"师大"), View(U"新村"), View(U"师范大学")};
  const View word = View(view.folded).substr(begin, end - begin);
  const bool ordinal = word[0] == U'第' && numeral_length(word.substr(1)) == word.size() - 1;
  const bool opener = std::find(openers.begin(), openers.end(), word) != openers.end();
  if (ordinal) {
    core.whole = true;
  } else if (opener && (!core.whole || core.open)) {
    core.open = true;
    core.university = core.university || word.ends_with(U"大学");
  } else if (core.open) {
    core.open = false;
    core.whole = true;
  } else if (!core.whole && kinds.contains(word)) {
    return true;
  } else if (shared.contains(word) && (!core.whole || core.numbered)) {
    core.shared = true;  // 实验|二小
  } else if (core.whole) {
    // 柳嘉镇|初级中学, 中国|人民大学; a second word where a name may begin: 金色|童年|幼儿园, 小|太阳.
    const bool administrative = word.size() > 1 && View(U"镇乡村屯县区市").find(word.back()) != View::npos;
    const bool second = type_begin - begin <= second_word_max && may_begin_at(begin) &&
                        !kinds.contains(word) &&
                        (word.size() > 1 || View(U"小大东西南北上下新金").find(word[0]) != View::npos);
    if (!administrative && !second && !(core.university && word == U"中国")) return false;
  } else if (word.size() == 1) {
    core.whole = ++core.pieces > 1;
  } else {
    core.whole = true;
  }
  core.begin = begin;
  return true;
}

// 三亚市|丰和|学校: two characters between a place in full and the type are the name, however they are cut.
bool Walk::gap_behind_place(SchoolPattern& pattern, std::size_t type_begin) const {
  if (type_begin < limit + 3) return false;
  const View text = view.folded;
  const PlaceMention* place = place_ending_at(type_begin - 2);
  if (!place || View(U"省市县区旗州").find(text[place->end - 1]) == View::npos) return false;
  const View gap = text.substr(type_begin - 2, 2);
  if (!is_name_char(gap[0]) || !is_name_char(gap[1]) || ends_name(gap) || kinds.contains(gap) ||
      shared.contains(gap) || View(U"的某各一两几多三等与内里及有").find(gap[0]) != View::npos ||
      View(U"的所个家名座有某").find(gap[1]) != View::npos)
    return false;
  take_places(pattern, *place);
  pattern.core = type_begin - 2;
  return true;
}

// 从|望山路小学, where the segmenter took 从望 for a word.
std::size_t Walk::without_preposition(std::size_t begin, std::size_t end) const {
  static constexpr View prepositions = U"从在把到去跟与让给被是由";
  const bool there = end - begin > 2 && prepositions.find(view.folded[begin]) != View::npos;
  return there && !view.border[begin + 1] ? begin + 1 : begin;
}

void Walk::follow(SchoolPattern& pattern, std::size_t type_begin, bool numbered, bool open) const {
  if (!numbered && gap_behind_place(pattern, type_begin)) return;
  const View text = view.folded;
  Core core{.begin = type_begin, .whole = numbered && !open, .numbered = numbered, .open = open};
  for (std::size_t at = type_begin; at > limit && type_begin - at < name_chars_max;) {
    if (const PlaceMention* place = place_ending_at(at)) {
      take_places(pattern, *place);
      pattern.core = at;
      return;
    }
    const std::size_t begin = word_begin(at);
    const View word = text.substr(begin, at - begin);
    if (one_of(word, U"县市区州") && (core.whole || core.shared) && may_begin_at(begin)) {
      core.begin = begin;  // 县|实验小学, 市|一中
      core.whole = true;
      break;
    }
    const bool ordinal = word[0] == U'第' && numeral_length(word.substr(1)) == word.size() - 1;
    if ((!ordinal && ends_name(word)) || !take(core, begin, at, type_begin)) break;
    at = begin;
  }
  // One character is no name: 选|学校; nor is what is never said without something in front: 附属|小学.
  const bool named = (core.whole && !core.open) || (core.shared && core.pieces == 0);
  pattern.begin = pattern.core = named ? without_preposition(core.begin, type_begin) : type_begin;
}

void Walk::take_places(SchoolPattern& pattern, const PlaceMention& nearest) const {
  pattern.place = nearest.place;
  pattern.begin = nearest.begin;
  while (const PlaceMention* before = place_ending_at(pattern.begin)) {
    if (before->begin < limit) break;
    pattern.begin = before->begin;
  }
}

bool only_of(const TextView& view, const WordTrie& kinds, std::size_t begin, std::size_t end) {
  while (begin < end) {
    std::size_t next = begin + 1;
    while (next < end && !view.border[next]) ++next;
    if (!kinds.contains(View(view.folded).substr(begin, next - begin))) return false;
    begin = next;
  }
  return true;
}

// Nothing but a place before the type: 萧山中学 is a school's name, 杭州小学 and 郸城县小学 are any.
bool place_names_it(View text, const PlaceMention& place, PlaceLevel level, View type) {
  if (std::find(single_types.begin(), single_types.end(), type) != single_types.end()) return true;
  if (View(U"省市县区旗州盟").find(text[place.end - 1]) != View::npos) return false;
  static constexpr std::array people{View(U"教师"), View(U"老师"), View(U"学生"), View(U"生"),
                                     View(U"校长"), View(U"和"),   View(U"、"),   View(U"与")};
  const bool middle = type == U"中学" || type == U"高中" || type == U"高级中学";
  if (begins_with_any(text.substr(place.end + type.size()), people) && level != PlaceLevel::district)
    return false;
  return level >= PlaceLevel::district ? middle || type == U"小学" || type == U"初中"
                                       : level == PlaceLevel::city && middle;
}

// 北大附中|石景山学校: a branch that is called a school itself belongs to the name.
bool is_branch_of(View text, const SchoolPattern& before, const SchoolPattern& branch) {
  if (before.generic || branch.generic || before.end != branch.begin) return false;
  const char32_t last = text[before.end - 1];
  const View name = text.substr(before.begin, before.end - before.begin);
  return last == U'中' || last == U'小' || name.ends_with(U"附属中学") || name.ends_with(U"附属小学");
}

}  // namespace

SchoolPatterns::SchoolPatterns(const std::vector<NamedText>& tables) {
  using Entries = std::vector<std::pair<std::u32string, std::uint32_t>>;
  Entries stops, kinds, shared;
  for (const NamedText& table : tables) {
    if (stem(table.name) != school_words_stem) continue;
    for (const NumberedLine& line : lines_of(table.text)) {
      const std::size_t tab = std::min(line.text.find('\t'), line.text.size());
      const std::string_view role = line.text.substr(0, tab);
      Entries* entries = role == "stop"     ? &stops
                         : role == "kind"   ? &kinds
                         : role == "shared" ? &shared
                                            : nullptr;
      if (!entries) continue;
      for (std::string_view rest = trim(line.text.substr(tab)); !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        entries->emplace_back(fold_term(rest.substr(0, end)), 0);
        rest = trim(rest.substr(end));
      }
    }
  }
  stops_ = WordTrie(std::move(stops));
  kinds_ = WordTrie(std::move(kinds));
  shared_ = WordTrie(std::move(shared));
}

std::vector<SchoolPattern> SchoolPatterns::find(const TextView& view, const std::vector<PlaceMention>& places,
                                                const Gazetteer& gazetteer) const {
  std::vector<SchoolPattern> patterns;
  const View text = view.folded;
  Walk walk{view, places, stops_, kinds_, shared_};
  for (std::size_t i = 0; i < text.size();) {
    if (!may_begin(text[i])) {
      ++i;
      continue;
    }
    const std::size_t numbered = numbered_length(view, i);
    const std::size_t type = numbered ? 0 : type_length(text, i);
    const std::size_t end = i + std::max(numbered, type);
    if (end == i || !view.border[end]) {
      ++i;
      continue;
    }
    // 小学 of 中小学 names no school.
    const bool plural = type && i > 0 && text[i - 1] == U'中' && text.substr(i, type) == U"小学";
    std::size_t name_end = numbered ? i : before_numeral(text, i);
    const bool has_number = numbered || name_end < i;
    walk.limit = patterns.empty() ? 0 : patterns.back().end;
    SchoolPattern pattern{.begin = name_end, .end = end, .core = name_end};
    const bool open = university_ordinal(text, i, type) && name_end == i;
    if (open) pattern.begin = pattern.core = --name_end;
    if (!plural && name_end > walk.limit) walk.follow(pattern, name_end, has_number, open);
    if (open && pattern.begin == name_end) pattern.begin = pattern.core = i;
    pattern.numbered_only = has_number && pattern.place < 0 && pattern.begin == name_end;
    const View type_word = text.substr(i, type);
    // 外国语 alone is a subject, and a name only behind a place or a name.
    if (type_word == U"外国语" && pattern.begin == i) {
      i = end;
      continue;
    }
    if (!has_number) {
      const PlaceMention* place = pattern.place >= 0 ? walk.place_ending_at(pattern.core) : nullptr;
      if (pattern.core == i && place) {
        const PlaceLevel level = place->unlisted ? PlaceLevel::district : gazetteer.at(place->place).level;
        pattern.place_is_name = place_names_it(text, *place, level, type_word);
        pattern.generic = !pattern.place_is_name;
      } else {
        pattern.generic = only_of(view, kinds_, pattern.core, i) ||
                          (pattern.place < 0 && only_of(view, shared_, pattern.core, i));
      }
      if (pattern.generic) pattern.begin = pattern.core = i;
    }
    if (!patterns.empty() && is_branch_of(text, patterns.back(), pattern) && type) {
      patterns.back().end = end;
    } else {
      patterns.push_back(pattern);
    }
    i = end;
  }
  return patterns;
}

}  // namespace tingchao::analyzer
