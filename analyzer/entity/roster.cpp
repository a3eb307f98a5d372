// Every school is entered under its name, with and without the places in front of it, each also in its
// short forms. An alias that names no place is marked bare, and common when other districts have the
// same: which mention is ours is then decided by the document (see entities.cpp).
#include "analyzer/entity/roster.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "analyzer/entity/school_names.h"
#include "analyzer/segment/word_list.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t schools_max = 100'000;

enum class Column { name, district, code, alias };

Column column_of(std::string_view heading) {
  const std::string word = ascii_lower(heading);
  if (word == "name" || word == "学校" || word == "学校名称" || word == "名称" || word == "校名")
    return Column::name;
  if (word == "district" || word == "区" || word == "区县" || word == "所在区" || word == "所属区" ||
      word == "属地")
    return Column::district;
  if (word == "code" || word == "id" || word == "代码" || word == "编号" || word == "学校代码" ||
      word == "标识码")
    return Column::code;
  return Column::alias;
}

// 杭州二中、二中；Hangzhou No. 2 in one field.
std::vector<std::string> split_aliases(std::string_view field) {
  std::vector<std::string> aliases;
  std::string word;
  for (std::size_t at = 0; at <= field.size();) {
    const char32_t c = at < field.size() ? next_char(field, at) : (++at, U';');
    if (c == U'、' || c == U';' || c == U'；' || c == U'|' || c == U'/') {
      if (const std::string_view done = trim(word); !done.empty()) aliases.emplace_back(done);
      word.clear();
    } else {
      append_char(word, c);
    }
  }
  return aliases;
}

// (文苑校区) is said without the brackets, too.
std::u32string without_brackets(std::u32string_view name) {
  std::u32string out;
  for (const char32_t c : name)
    if (c != U'(' && c != U')') out.push_back(c);
  return out;
}

}  // namespace

std::vector<std::string> csv_record(std::string_view text, std::size_t& at, int& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  ++line;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '"' && at + 1 < text.size() && text[at + 1] == '"')
        fields.back().push_back('"'), ++at;
      else if (c == '"')
        quoted = false;
      else
        fields.back().push_back(c), line += c == '\n';
    } else if (c == '"' && trim(fields.back()).empty()) {
      quoted = true;
      fields.back().clear();
    } else if (c == ',' || c == '\t') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else {
      fields.back().push_back(c);
    }
  }
  for (std::string& field : fields) field = std::string(trim(field));
  return fields;
}

Result<Roster> Roster::build(const std::vector<NamedText>& lists, const Gazetteer& gazetteer) {
  Roster roster;
  for (const NamedText& list : lists)
    if (auto done = roster.read(list, gazetteer); !done) return done.error();
  std::map<std::string, int> names;
  for (const School& school : roster.schools_) ++names[school.name];
  for (School& school : roster.schools_)
    if (school.id.empty())
      school.id = names[school.name] > 1 ? school.name + "@" + school.district : school.name;
  roster.index_names(gazetteer);
  return roster;
}

Result<void> Roster::read(const NamedText& list, const Gazetteer& gazetteer) {
  if (!is_utf8(list.text))
    return Error{Errc::bad_config, fmt::format("{}: not UTF-8", list.name),
                 "save the list as \"CSV UTF-8\", not in the system's code page"};
  std::string_view text = list.text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Column> columns{Column::name, Column::district};
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    int last = line;
    const auto fields = csv_record(text, at, last);
    const int number = line + 1;
    const bool first = line == 0;
    line = last;
    if (std::all_of(fields.begin(), fields.end(), [](const std::string& f) { return f.empty(); })) continue;
    if (fields[0].starts_with("#")) continue;
    if (first && std::any_of(fields.begin(), fields.end(),
                             [](const auto& f) { return column_of(f) == Column::name; })) {
      columns.clear();
      for (const std::string& field : fields) columns.push_back(column_of(field));
      continue;
    }
    School school;
    std::vector<std::string> aliases;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Column column = i < columns.size() ? columns[i] : Column::alias;
      if (column == Column::name && school.name.empty())
        school.name = fields[i];
      else if (column == Column::district)
        school.district = fields[i];
      else if (column == Column::code)
        school.id = fields[i];
      else
        for (std::string& alias : split_aliases(fields[i])) aliases.push_back(std::move(alias));
    }
    if (count_chars(school.name) < 2)
      return Error{Errc::bad_config, fmt::format("{}:{}: a school without a name", list.name, number),
                   "write name, district, aliases, separated by commas"};
    if (schools_.size() == schools_max)
      return Error{
          Errc::bad_config, fmt::format("{}:{}: more than {} schools", list.name, number, schools_max), {}};
    school.place = gazetteer.lookup(school.district);
    schools_.push_back(std::move(school));
    given_.push_back(std::move(aliases));
  }
  return {};
}

void Roster::index_names(const Gazetteer& gazetteer) {
  for (std::size_t i = 0; i < schools_.size(); ++i) {
    const auto school = static_cast<std::int32_t>(i);
    add_names(school, schools_[i].name, gazetteer);
    for (const std::string& alias : given_[i]) {
      const std::u32string folded = fold_term(alias);
      const std::size_t place = gazetteer.prefix_of(folded).length;
      add(folded, school, place == 0, place == 0 && is_common_name(folded));
    }
  }
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (auto& [name, alias] : by_name_) {
    entries.emplace_back(name, static_cast<std::uint32_t>(aliases_.size()));
    if (!alias.common && name.size() >= 4) words_.push_back(to_utf8(name));
    aliases_.push_back(std::move(alias));
  }
  by_name_.clear();
  given_.clear();
  names_ = WordTrie(std::move(entries));
}

void Roster::add_names(std::int32_t school, const std::string& name, const Gazetteer& gazetteer) {
  const std::u32string full = without_brackets(fold_term(name));
  // The places in front, one after the other: 杭州市|西湖区|文三街小学.
  std::vector<std::int32_t> places;
  std::vector<std::size_t> ends{0};
  for (const auto& step : gazetteer.steps_of(std::u32string_view(full).substr(0, full.size() - 1))) {
    places.push_back(step.place);
    ends.push_back(step.length);
  }
  // A district that no table knows still stands in front of its schools' names.
  const School& row = schools_[static_cast<std::size_t>(school)];
  const std::u32string district = fold_term(row.district);
  const bool unlisted = row.place < 0 && district.size() > 1;
  if (unlisted && full.size() > district.size() &&
      std::u32string_view(full).substr(ends.back()).starts_with(district))
    ends.push_back(ends.back() + district.size());
  const std::u32string core = full.substr(ends.back());
  std::set<std::u32string> cores = short_forms(core);
  cores.insert(core);

  // What may stand before the core: any of the places onwards, or one place in its short form.
  std::set<std::u32string> heads;
  for (const std::size_t begin : ends)
    if (begin < ends.back()) heads.insert(full.substr(begin, ends.back() - begin));
  if (places.empty() && row.place >= 0) places.push_back(row.place);
  const auto add_head = [&](const std::u32string& place) {
    heads.insert(place);
    if (place.size() > 2 && std::u32string_view(U"省市区县").find(place.back()) != std::u32string_view::npos)
      heads.insert(place.substr(0, place.size() - 1));
  };
  if (unlisted) add_head(district);
  for (const std::int32_t place : places) {
    add_head(fold_term(gazetteer.at(place).name));
    for (const std::string& form : gazetteer.at(place).shorts) heads.insert(fold_term(form));
  }
  for (const std::u32string& tail : cores) {
    for (const std::u32string& head : heads) add(head + tail, school, false, false);
    if (!is_bare_type(tail)) add(tail, school, true, is_common_name(tail) || tail.size() < 3);
  }
  if (ends.size() > 1)
    add(full, school, false, false);
  else if (!is_bare_type(full))
    add(full, school, true, is_common_name(full));
}

void Roster::add(std::u32string name, std::int32_t school, bool bare, bool common) {
  if (name.size() < 2) return;
  const auto [entry, created] = by_name_.try_emplace(std::move(name));
  Alias& alias = entry->second;
  if (created) alias.bare = bare, alias.common = common;
  alias.bare = alias.bare && bare;
  alias.common = alias.common && common;
  if (std::find(alias.schools.begin(), alias.schools.end(), school) == alias.schools.end())
    alias.schools.push_back(school);
}

}  // namespace tingchao::analyzer
