// All names and short forms stand in one trie; a match counts when it is made of whole words and what
// follows does not turn it into the name of something else (南京东路, 北京大学). A name that several
// places bear is resolved over the whole document: 鼓楼区 beside 徐州 is Xuzhou's. A form that is an
// everyday word (和平, 朝阳) is found like the others and dropped again when nothing beside it vouches.
#include "analyzer/entity/gazetteer.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "analyzer/entity/school_pattern.h"
#include "analyzer/segment/word_list.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<PlaceLevel> place_level(std::string_view name) {
  if (name == "province") return PlaceLevel::province;
  if (name == "city") return PlaceLevel::city;
  if (name == "district") return PlaceLevel::district;
  if (name == "town") return PlaceLevel::town;
  return {};
}

// What follows makes it the name of a street, a university, a newspaper …
bool names_something_else(const TextView& view, std::size_t end) {
  static constexpr std::array followers{U"路",   U"街",   U"大道", U"大街", U"银行", U"日报", U"晚报",
                                        U"卫视", U"时间", U"烤鸭", U"拉面", U"话",   U"菜",   U"火腿",
                                        U"小吃", U"米粉", U"啤酒", U"白药", U"证券"};
  const std::u32string_view rest = std::u32string_view(view.folded).substr(end);
  for (const std::u32string_view follower : followers)
    if (rest.starts_with(follower)) return !rest.starts_with(U"街道") && !rest.starts_with(U"路上");
  // 南京东路, 中山北路.
  if (rest.size() > 1 && std::u32string_view(U"东西南北中").find(rest[0]) != rest.npos &&
      (rest[1] == U'路' || rest[1] == U'街'))
    return true;
  // 北京大学, 北京师范大学; but not 河南|大学生.
  for (std::size_t i = 0; i + 1 < rest.size() && i < 5 && is_han(rest[i]); ++i)
    if ((rest[i] == U'大' || rest[i] == U'学') && (rest[i + 1] == U'学' || rest[i + 1] == U'院') &&
        rest[i] != rest[i + 1])
      return view.border[end + i + 2] != 0;
  return false;
}

// Who is named after the place that they answer for: 朝阳警方, 和平区委.
bool authority_follows(std::u32string_view rest) {
  static constexpr std::array authorities{U"教育局", U"教体局", U"教委",   U"警方", U"公安",   U"法院",
                                          U"检察院", U"消防",   U"交警",   U"区委", U"区政府", U"县委",
                                          U"县政府", U"市委",   U"市政府", U"政府", U"卫健",   U"城管",
                                          U"市监",   U"纪委",   U"融媒",   U"网信"};
  return std::any_of(authorities.begin(), authorities.end(),
                     [&](std::u32string_view authority) { return rest.starts_with(authority); });
}

// 许|广平, 叶|江川: behind a surname, the short form of a county is a given name.
bool is_given_name(const TextView& view, std::size_t begin, std::size_t length) {
  static constexpr std::u32string_view surnames =
      U"王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
      U"戴钟汪姜"
      U"范姚谭廖邹熊陆郝孔崔康毛邱秦顾侯邵孟段雷钱汤尹黎易乔贺赖龚齐";
  return length == 2 && begin > 0 && surnames.find(view.folded[begin - 1]) != surnames.npos &&
         view.border[begin - 1];
}

bool adjoins(const PlaceMention* before, const PlaceMention* behind) {
  return before && behind && before->field == behind->field && before->end == behind->begin;
}

// After a known place, the length of a district that no table has: 周口市|郸城县. 0: none.
std::size_t unknown_district(const TextView& view, std::size_t at) {
  static constexpr std::array plain{U"市区", U"地区", U"城区", U"小区", U"社区", U"校区",
                                    U"学区", U"园区", U"景区", U"片区", U"辖区", U"灾区",
                                    U"郊区", U"山区", U"矿区", U"牧区", U"街区", U"特区"};
  const std::u32string_view rest = std::u32string_view(view.folded).substr(at, 5);
  for (std::size_t i = 0; i < rest.size() && is_han(rest[i]); ++i) {
    if (i == 0 || std::u32string_view(U"区县旗").find(rest[i]) == rest.npos || !view.border[at + i + 1])
      continue;
    const std::u32string_view name = rest.substr(0, i + 1);
    for (const std::u32string_view word : plain)
      if (name.ends_with(word)) return 0;
    return i + 1;
  }
  return 0;
}

}  // namespace

Result<Gazetteer> Gazetteer::build(const std::vector<NamedText>& tables, std::string_view region) {
  Gazetteer gazetteer;
  std::vector<std::string> parents;
  std::map<std::string, std::int32_t> by_code;
  for (const NamedText& table : tables)
    if (stem(table.name) == school_words_stem)
      continue;
    else if (auto done = gazetteer.read(table, parents, by_code); !done)
      return done.error();
  for (std::size_t i = 0; i < gazetteer.places_.size(); ++i) {
    if (parents[i].empty()) continue;
    const auto parent = by_code.find(parents[i]);
    if (parent == by_code.end() || gazetteer.at(parent->second).level >= gazetteer.places_[i].level)
      return Error{Errc::bad_config,
                   fmt::format("the division {} {} has the parent {}, which is none",
                               gazetteer.places_[i].code, gazetteer.places_[i].name, parents[i]),
                   "the parent is the code of a row of a higher level"};
    gazetteer.places_[i].parent = parent->second;
  }
  gazetteer.index_names();
  if (auto set = gazetteer.set_region(region); !set) return set.error();
  return gazetteer;
}

Result<void> Gazetteer::read(const NamedText& table, std::vector<std::string>& parents,
                             std::map<std::string, std::int32_t>& by_code) {
  if (!is_utf8(table.text))
    return Error{Errc::bad_config, fmt::format("{}: not UTF-8", table.name), "save the file as UTF-8"};
  for (const NumberedLine& line : lines_of(table.text)) {
    auto columns = split_at(line.text, '\t');
    if (columns[0] == "code") continue;                                 // the heading
    if (columns.size() == 3 || columns.size() == 4) columns.resize(5);  // a province ends in empty columns
    const auto level = columns.size() == 5 ? place_level(columns[1]) : std::nullopt;
    if (!level || columns[0].empty() || columns[2].empty())
      return Error{
          Errc::bad_config, fmt::format("{}:{}: not a division", table.name, line.line),
          "write code, level (province, city, district, town), name, short forms, parent, between tabs"};
    Place place{
        .code = std::string(columns[0]), .name = std::string(columns[2]), .level = *level, .shorts = {}};
    for (const std::string_view form : split_at(columns[3], ' '))
      if (!form.empty()) place.shorts.emplace_back(form);
    const auto [row, added] = by_code.try_emplace(place.code, static_cast<std::int32_t>(places_.size()));
    if (added) {
      places_.emplace_back();
      parents.emplace_back();
    }
    places_[static_cast<std::size_t>(row->second)] = std::move(place);
    parents[static_cast<std::size_t>(row->second)] = std::string(columns[4]);
  }
  return {};
}

void Gazetteer::index_names() {
  std::map<std::u32string, Name> names;
  codes_.clear();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto place = static_cast<std::int32_t>(i);
    codes_.push_back(place);
    names[fold_term(places_[i].name)].places.push_back(place);
    for (const std::string& form : places_[i].shorts) {
      const bool everyday = form.starts_with('?');
      Name& name = names[fold_term(std::string_view(form).substr(everyday))];
      name.places.push_back(place);
      name.everyday = name.everyday || everyday;
    }
  }
  std::sort(codes_.begin(), codes_.end(), [&](auto a, auto b) { return at(a).code < at(b).code; });
  by_name_.clear();
  by_name_.reserve(names.size());
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  entries.reserve(names.size());
  for (auto& [name, bearers] : names) {
    auto& places = bearers.places;
    std::sort(places.begin(), places.end(),
              [&](auto a, auto b) { return std::pair(at(a).level, a) < std::pair(at(b).level, b); });
    places.erase(std::unique(places.begin(), places.end()), places.end());
    entries.emplace_back(name, static_cast<std::uint32_t>(by_name_.size()));
    by_name_.push_back(std::move(bearers));
  }
  names_ = WordTrie(std::move(entries));
}

Result<void> Gazetteer::set_region(std::string_view region) {
  const std::u32string text = fold_term(trim(region));
  if (text.empty()) return {};
  const auto steps = steps_of(text);
  const Prefix known = steps.empty() ? Prefix{} : steps.back();
  if (steps.size() == 1) {
    const auto& bearers = by_name_[names_.longest(text, 0).value].places;
    if (bearers.size() > 1 && at(bearers[0]).level == at(bearers[1]).level)
      return Error{Errc::bad_config,
                   fmt::format("region {}: it could be {} or {}", trim(region), full_name(bearers[0]),
                               full_name(bearers[1])),
                   "write province and city in front"};
  }
  region_ = known.place;
  if (known.length == text.size()) return {};

  // 郸城县 of 河南省周口市郸城县, or a name that no table has: a place of our own.
  const std::u32string rest = text.substr(known.length);
  Place place{.code = "region",
              .name = to_utf8(rest),
              .level = PlaceLevel::district,
              .shorts = {},
              .parent = known.place};
  if (rest.size() > 2 && std::u32string_view(U"区县市旗").find(rest.back()) != std::u32string_view::npos)
    place.shorts.push_back(to_utf8(rest.substr(0, rest.size() - 1)));
  region_ = static_cast<std::int32_t>(places_.size());
  places_.push_back(std::move(place));
  index_names();
  return {};
}

std::vector<Gazetteer::Prefix> Gazetteer::steps_of(std::u32string_view text) const {
  std::vector<Prefix> steps;
  std::size_t at = 0;
  for (WordTrie::Found found; at < text.size() && (found = names_.longest(text, at)).length;) {
    const auto& candidates = by_name_[found.value].places;
    std::int32_t chosen = -1;
    for (const std::int32_t candidate : candidates) {
      if (!steps.empty() && (candidate == steps.back().place || !within(candidate, steps.back().place)))
        continue;
      if (chosen < 0 || closeness(candidate, region_) > closeness(chosen, region_)) chosen = candidate;
    }
    if (chosen < 0) break;
    at += found.length;
    steps.push_back({at, chosen});
  }
  return steps;
}

Gazetteer::Prefix Gazetteer::prefix_of(std::u32string_view text) const {
  const auto steps = steps_of(text);
  return steps.empty() ? Prefix{} : steps.back();
}

std::int32_t Gazetteer::lookup(std::string_view address) const {
  const std::u32string text = fold_term(trim(address));
  const Prefix known = prefix_of(text);
  if (known.length == text.size()) return known.place;
  return -1;
}

std::int32_t Gazetteer::by_code(std::string_view code) const {
  const auto found =
      std::lower_bound(codes_.begin(), codes_.end(), code,
                       [&](std::int32_t place, std::string_view wanted) { return at(place).code < wanted; });
  return found != codes_.end() && at(*found).code == code ? *found : -1;
}

bool Gazetteer::within(std::int32_t place, std::int32_t around) const {
  for (; place >= 0; place = at(place).parent)
    if (place == around) return true;
  return false;
}

std::vector<PlaceMention> Gazetteer::find(const TextView& view, Field field) const {
  std::vector<PlaceMention> mentions;
  const std::u32string& text = view.folded;
  for (std::size_t i = 0; i < text.size();) {
    WordTrie::Found best;
    names_.each(text, i, [&](WordTrie::Found found) {
      // 浙江省 is sure by itself; a short form must be made of whole words.
      const bool whole = view.border[i] && view.border[i + found.length];
      if ((whole || (found.length > 2 && !crosses_word(view, i, i + found.length))) &&
          !names_something_else(view, i + found.length))
        best = found;
    });
    if (best.length == 0) {
      ++i;
      continue;
    }
    const Name& name = by_name_[best.value];
    const bool behind_a_place = !mentions.empty() && mentions.back().end == i;
    if (!behind_a_place && at(name.places.front()).level >= PlaceLevel::district &&
        is_given_name(view, i, best.length)) {
      i += best.length;
      continue;
    }
    mentions.push_back({.field = field, .begin = i, .end = i + best.length, .candidates = &name.places});
    i += best.length;
    if (name.everyday) {
      mentions.back().everyday = true;
      mentions.back().vouched = authority_follows(std::u32string_view(text).substr(i));
      continue;
    }
    if (names_.longest(text, i).length > 0) continue;
    if (const std::size_t length = unknown_district(view, i)) {
      mentions.push_back({.field = field, .begin = i, .end = i + length, .unlisted = true});
      i += length;
    }
  }
  return mentions;
}

void Gazetteer::resolve(std::vector<PlaceMention>& mentions, std::int32_t near) const {
  std::vector<PlaceMention> read;
  read.swap(mentions);
  std::vector<const PlaceMention*> sure;
  for (PlaceMention& mention : read)
    if (mention.candidates && mention.candidates->size() == 1) {
      mention.place = mention.candidates->front();
      if (!mention.everyday) sure.push_back(&mention);
    }
  for (std::size_t i = 0; i < read.size(); ++i) {
    PlaceMention& mention = read[i];
    const PlaceMention* before =
        !mentions.empty() && adjoins(&mentions.back(), &mention) ? &mentions.back() : nullptr;
    const PlaceMention* behind =
        i + 1 < read.size() && adjoins(&mention, &read[i + 1]) ? &read[i + 1] : nullptr;
    if (mention.everyday && !has_company(mention, before, behind)) continue;
    if (mention.candidates && mention.candidates->size() > 1) choose(mention, before, sure, near);
    // 长春平安区: the only 平安区 that the tables know is elsewhere, so this is one they do not.
    if (before && (mention.unlisted || (at(before->place).level < at(mention.place).level &&
                                        !within(mention.place, before->place)))) {
      mention.unlisted = true;
      mention.place = before->place;
      mention.confidence = place_unlisted;
    }
    if (mention.unlisted && !before) continue;  // what stood before it was none
    if (mention.everyday) mention.confidence = std::min(mention.confidence, place_everyday);
    mentions.push_back(mention);
  }
}

// An everyday word is a place behind the place around it (沈阳|和平), before one inside it (朝阳|北票) or
// before an authority.
bool Gazetteer::has_company(const PlaceMention& mention, const PlaceMention* before,
                            const PlaceMention* behind) const {
  if (mention.vouched) return true;
  for (const std::int32_t candidate : *mention.candidates) {
    if (before && candidate != before->place && within(candidate, before->place)) return true;
    if (behind && behind->candidates)
      for (const std::int32_t inside : *behind->candidates)
        if (inside != candidate && within(inside, candidate)) return true;
  }
  return false;
}

// 3: within `near`; 2: beside it; 1: in the same province; 0: elsewhere.
int Gazetteer::closeness(std::int32_t place, std::int32_t near) const {
  if (near < 0) return 0;
  if (within(place, near)) return 3;
  const std::int32_t parent = at(place).parent;
  if (parent >= 0 && within(near, parent)) return 2;
  return parent >= 0 && at(parent).parent >= 0 && within(near, at(parent).parent) ? 1 : 0;
}

void Gazetteer::choose(PlaceMention& mention, const PlaceMention* before,
                       const std::vector<const PlaceMention*>& sure, std::int32_t near) const {
  const auto& candidates = *mention.candidates;
  const auto inside = [&](std::int32_t candidate, std::int32_t around) {
    return candidate != around && within(candidate, around);
  };
  mention.place = candidates.front();
  if (before)
    for (const std::int32_t candidate : candidates)
      if (inside(candidate, before->place)) {
        mention.place = candidate;
        mention.confidence = place_certain;
        return;
      }
  // A place named elsewhere in the document: the smallest around a candidate, of those the nearest.
  std::pair<int, std::size_t> best{-1, 0};
  for (const PlaceMention* other : sure)
    for (const std::int32_t candidate : candidates) {
      if (!inside(candidate, other->place)) continue;
      const std::size_t apart = other->field != mention.field  ? 1u << 30
                                : other->begin < mention.begin ? mention.begin - other->begin
                                                               : other->begin - mention.begin;
      const std::pair<int, std::size_t> score{static_cast<int>(at(other->place).level), ~apart};
      if (score > best) best = score, mention.place = candidate;
    }
  if (best.first >= 0) {
    mention.confidence = place_by_document;
    return;
  }
  int closest = 0;
  for (const std::int32_t candidate : candidates)
    if (const int score = closeness(candidate, near); score > closest)
      closest = score, mention.place = candidate;
  if (closest > 0)
    mention.confidence = place_by_source;
  else
    mention.confidence =
        at(candidates[0]).level < at(candidates[1]).level ? place_by_source : place_undecided;
}

std::string Gazetteer::full_name(std::int32_t place) const {
  std::string name;
  for (; place >= 0; place = at(place).parent) name = at(place).name + name;
  return name;
}

std::vector<std::string> Gazetteer::words() const {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto place = static_cast<std::int32_t>(i);
    if (!is_ours(place) && !is_above_ours(place)) continue;
    words.push_back(places_[i].name);
    for (const std::string& form : places_[i].shorts)
      if (!form.starts_with('?')) words.push_back(form);
  }
  return words;
}

}  // namespace tingchao::analyzer
