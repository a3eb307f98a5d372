// All names and short forms stand in one trie; a match counts when it is made of whole words and what
// follows does not turn it into the name of something else (南京东路, 北京大学). A name that several
// places bear is resolved over the whole document: 鼓楼区 beside 徐州 is Xuzhou's.
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
                                        U"卫视", U"时间", U"烤鸭", U"拉面", U"话",   U"菜",   U"火腿"};
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
  gazetteer.set_region(region);
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
  std::map<std::u32string, std::vector<std::int32_t>> by_name;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    by_name[fold_term(places_[i].name)].push_back(static_cast<std::int32_t>(i));
    for (const std::string& form : places_[i].shorts)
      by_name[fold_term(form)].push_back(static_cast<std::int32_t>(i));
  }
  candidates_.clear();
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (auto& [name, places] : by_name) {
    std::sort(places.begin(), places.end(),
              [&](auto a, auto b) { return std::pair(at(a).level, a) < std::pair(at(b).level, b); });
    places.erase(std::unique(places.begin(), places.end()), places.end());
    entries.emplace_back(name, static_cast<std::uint32_t>(candidates_.size()));
    candidates_.push_back(std::move(places));
  }
  names_ = WordTrie(std::move(entries));
}

void Gazetteer::set_region(std::string_view region) {
  const std::u32string text = fold_term(trim(region));
  if (text.empty()) return;
  const Prefix known = prefix_of(text);
  region_ = known.place;
  if (known.length == text.size()) return;

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
}

std::vector<Gazetteer::Prefix> Gazetteer::steps_of(std::u32string_view text) const {
  std::vector<Prefix> steps;
  std::size_t at = 0;
  for (WordTrie::Found found; at < text.size() && (found = names_.longest(text, at)).length;) {
    const auto& candidates = candidates_[found.value];
    std::int32_t chosen = steps.empty() ? candidates.front() : -1;
    if (!steps.empty())
      for (const std::int32_t candidate : candidates)
        if (candidate != steps.back().place && within(candidate, steps.back().place)) chosen = candidate;
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
    mentions.push_back(
        {.field = field, .begin = i, .end = i + best.length, .candidates = &candidates_[best.value]});
    i += best.length;
    if (names_.longest(text, i).length > 0) continue;
    if (const std::size_t length = unknown_district(view, i)) {
      mentions.push_back({.field = field, .begin = i, .end = i + length, .unlisted = true});
      i += length;
    }
  }
  return mentions;
}

void Gazetteer::resolve(std::vector<PlaceMention>& mentions, std::int32_t near) const {
  std::vector<std::int32_t> sure;
  for (PlaceMention& mention : mentions)
    if (mention.candidates && mention.candidates->size() == 1)
      sure.push_back(mention.place = mention.candidates->front());
  const PlaceMention* before = nullptr;
  for (PlaceMention& mention : mentions) {
    const bool adjoins = before && before->field == mention.field && before->end == mention.begin;
    if (mention.candidates && mention.candidates->size() > 1) choose(mention, sure, near);
    // 长春朝阳区: the only 朝阳区 that the tables know is Beijing's, so this is one they do not.
    if (adjoins && (mention.unlisted || (at(before->place).level < at(mention.place).level &&
                                         !within(mention.place, before->place)))) {
      mention.unlisted = true;
      mention.place = before->place;
    }
    before = &mention;
  }
}

void Gazetteer::choose(PlaceMention& mention, const std::vector<std::int32_t>& sure,
                       std::int32_t near) const {
  int best_score = -1;
  for (const std::int32_t candidate : *mention.candidates) {
    int score = 0;
    for (const std::int32_t other : sure)
      if (other != candidate && within(candidate, other)) score = 4 + static_cast<int>(at(other).level);
    if (score == 0 && near >= 0) {
      if (within(candidate, near))
        score = 3;
      else if (at(candidate).parent >= 0 && within(near, at(candidate).parent))
        score = 2;  // a neighbour
    }
    if (score > best_score) best_score = score, mention.place = candidate;  // ties: the higher level
  }
  const bool one_above = at(mention.candidates->front()).level < at((*mention.candidates)[1]).level;
  mention.sure = best_score > 0 || one_above;
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
    words.insert(words.end(), places_[i].shorts.begin(), places_[i].shorts.end());
  }
  return words;
}

}  // namespace tingchao::analyzer
