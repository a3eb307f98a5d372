// Places first, over both fields, because the other names lean on them. Then schools: the roster's
// names where they stand, and between them whatever reads as a school. The same-name guard: a name that
// says no place (文三街小学) is the roster's unless the document speaks of elsewhere alone; one that
// every district has (实验小学) only when the source is ours or our place is named.
#include "analyzer/entity/entities.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "analyzer/entity/school_names.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t long_name_chars = 5;

constexpr std::array bodies{
    U"教育局",     U"教体局",         U"教育和体育局", U"教育体育局", U"教育厅",         U"教委",
    U"教育委员会", U"公安局",         U"公安分局",     U"派出所",     U"市场监督管理局", U"市场监管局",
    U"市监局",     U"卫生健康委员会", U"卫健委",       U"卫健局",     U"卫生健康局",     U"疾控中心",
    U"人民法院",   U"法院",           U"检察院",       U"人民检察院", U"纪委监委",       U"纪委",
    U"信访局",     U"人社局",         U"住建局",       U"城管局",     U"消防救援大队",   U"交警大队",
    U"街道办",     U"街道办事处",     U"人民政府",     U"政府",       U"宣传部",         U"网信办",
    U"联合调查组", U"调查组",         U"考试院",       U"教育考试院", U"招生办",         U"教育督导室"};

// `taken` in order, none over another.
bool overlaps(const std::vector<std::pair<std::size_t, std::size_t>>& taken, std::size_t begin,
              std::size_t end) {
  const auto next = std::upper_bound(taken.begin(), taken.end(), begin,
                                     [](std::size_t at, const auto& t) { return at < t.second; });
  return next != taken.end() && next->first < end;
}

}  // namespace

struct EntityFinder::Reading {
  Prepared& prepared;
  std::vector<PlaceMention> places;
  bool names_ours = false, names_elsewhere = false;
  bool source_ours = false;  // the source's district is the region or within it
};

EntityFinder::EntityFinder(Gazetteer gazetteer, Roster roster, const std::vector<NamedText>& tables)
    : gazetteer_(std::move(gazetteer)), roster_(std::move(roster)), patterns_(tables) {
  std::vector<std::pair<std::u32string, std::uint32_t>> entries;
  for (const char32_t* body : bodies) entries.emplace_back(body, 0);
  bodies_ = WordTrie(std::move(entries));
}

Result<std::unique_ptr<EntityFinder>> EntityFinder::build(const std::vector<NamedText>& gazetteers,
                                                          const std::vector<NamedText>& rosters,
                                                          std::string_view region) {
  auto gazetteer = Gazetteer::build(gazetteers, region);
  if (!gazetteer) return gazetteer.error();
  auto roster = Roster::build(rosters, *gazetteer);
  if (!roster) return roster.error();
  return std::unique_ptr<EntityFinder>(
      new EntityFinder(std::move(*gazetteer), std::move(*roster), gazetteers));
}

void EntityFinder::find(Prepared& prepared) const {
  Reading reading{.prepared = prepared, .places = {}};
  const std::string empty;
  const std::string& district = prepared.document ? prepared.document->district : empty;
  const std::int32_t source = district.empty() ? -1 : gazetteer_.lookup(district);
  reading.places = gazetteer_.find(prepared.title, Field::title);
  const auto in_body = gazetteer_.find(prepared.body, Field::body);
  reading.places.insert(reading.places.end(), in_body.begin(), in_body.end());
  gazetteer_.resolve(reading.places, source >= 0 ? source : gazetteer_.region());
  reading.source_ours = gazetteer_.is_ours(source);
  for (const PlaceMention& mention : reading.places) {
    if (!mention.unlisted && gazetteer_.is_ours(mention.place))
      reading.names_ours = true;
    else if (mention.unlisted || !gazetteer_.is_above_ours(mention.place))
      reading.names_elsewhere = true;
  }
  read_field(reading, Field::title);
  read_field(reading, Field::body);
  if (prepared.entities.size() > entities_max) prepared.entities.resize(entities_max);
}

void EntityFinder::read_field(Reading& reading, Field field) const {
  const TextView& view = reading.prepared.view(field);
  std::vector<PlaceMention> places;
  for (const PlaceMention& mention : reading.places)
    if (mention.field == field) places.push_back(mention);

  auto& entities = reading.prepared.entities;
  const auto first = static_cast<std::ptrdiff_t>(entities.size());
  for (const PlaceMention& mention : places) {
    const bool ours = gazetteer_.region() < 0 || (!mention.unlisted && gazetteer_.is_ours(mention.place));
    const std::string text = to_utf8(view.folded.substr(mention.begin, mention.end - mention.begin));
    const Place& place = gazetteer_.at(mention.place);
    entities.push_back({.kind = EntityKind::place,
                        .id = mention.unlisted ? place.code + "/" + text : place.code,
                        .name = mention.unlisted ? text : place.name,
                        .field = field,
                        .span = view.bytes(mention.begin, mention.end),
                        .confidence = mention.confidence,
                        .ours = ours});
  }
  add_schools(reading, field, places);
  add_bodies(reading, field, places);
  std::sort(entities.begin() + first, entities.end(), [](const Entity& a, const Entity& b) {
    return std::tuple(a.span.begin, a.kind, a.span.end) < std::tuple(b.span.begin, b.kind, b.span.end);
  });
}

const Alias* EntityFinder::roster_alias(const Reading& reading, std::u32string_view text, std::size_t begin,
                                        std::size_t end) const {
  const Alias* alias = nullptr;
  roster_.each(text.substr(0, end), begin, [&](Roster::Found found) {
    if (begin + found.length == end) alias = found.alias;
  });
  if (!alias || !alias->bare) return alias;
  const bool ours = reading.names_ours || reading.source_ours;
  if (alias->common) return ours ? alias : nullptr;
  return ours || !reading.names_elsewhere ? alias : nullptr;
}

void EntityFinder::add_schools(Reading& reading, Field field, const std::vector<PlaceMention>& places) const {
  const TextView& view = reading.prepared.view(field);
  const std::u32string_view text = view.folded;
  const auto patterns = patterns_.find(view, places, gazetteer_);
  std::vector<std::pair<std::size_t, std::size_t>> taken;

  const auto pattern_ending = [&](std::size_t end) {
    const auto found =
        std::lower_bound(patterns.begin(), patterns.end(), end,
                         [](const SchoolPattern& p, std::size_t wanted) { return p.end < wanted; });
    return found == patterns.end() || found->end != end ? nullptr : &*found;
  };
  for (std::size_t i = 0; i < text.size() && !roster_.empty();) {
    std::size_t best = 0;
    const Alias* alias = nullptr;
    if (view.border[i])
      roster_.each(text, i, [&](Roster::Found found) {
        const std::size_t end = i + found.length;
        if (!view.border[end]) return;
        const Alias* allowed = roster_alias(reading, text, i, end);
        if (!allowed) return;
        const SchoolPattern* pattern = pattern_ending(end);
        // 二中 of 二中院 is no school, and 实验小学 of 育才实验小学 is another one.
        if (!pattern && is_common_name(text.substr(i, found.length))) return;
        // A long name that no place stands before is itself, whatever words ran into it: 介入|望山路小学.
        const bool long_name = found.length >= long_name_chars && pattern && pattern->place < 0;
        if (pattern && allowed->bare && pattern->begin < i && !long_name &&
            !(pattern->core == i &&
              (gazetteer_.is_ours(pattern->place) || gazetteer_.is_above_ours(pattern->place))))
          return;
        best = found.length;
        alias = allowed;
      });
    if (alias) {
      add_known(reading, field, *alias, i, i + best);
      taken.emplace_back(i, i + best);
    }
    i += std::max<std::size_t>(best, 1);
  }

  for (const SchoolPattern& pattern : patterns) {
    if (overlaps(taken, pattern.begin, pattern.end)) continue;
    const std::u32string_view name = text.substr(pattern.begin, pattern.end - pattern.begin);
    Entity entity{.kind = EntityKind::school,
                  .id = {},
                  .name = to_utf8(name),
                  .field = field,
                  .span = view.bytes(pattern.begin, pattern.end),
                  .confidence = 0.3};
    if (!pattern.generic) {
      const bool near_us = reading.source_ours || (reading.names_ours && !reading.names_elsewhere);
      entity.id = to_utf8(school_key(name));
      entity.confidence = pattern.numbered_only                        ? 0.4
                          : pattern.place < 0 || pattern.place_is_name ? 0.6
                                                                       : 0.9;
      entity.ours = gazetteer_.region() < 0 || (pattern.place < 0 || gazetteer_.is_above_ours(pattern.place)
                                                    ? near_us
                                                    : gazetteer_.is_ours(pattern.place));
    }
    reading.prepared.entities.push_back(std::move(entity));
  }
}

void EntityFinder::add_known(Reading& reading, Field field, const Alias& alias, std::size_t begin,
                             std::size_t end) const {
  const TextView& view = reading.prepared.view(field);
  std::int32_t chosen = alias.schools.size() == 1 ? alias.schools.front() : -1;
  if (chosen < 0) {
    // Several bear the name: the one whose district is named nearest before or behind decides, else the
    // source's.
    std::size_t nearest = view.folded.size() + 1;
    for (const std::int32_t school : alias.schools)
      for (const PlaceMention& mention : reading.places) {
        if (roster_.at(school).place < 0 || !gazetteer_.within(mention.place, roster_.at(school).place))
          continue;
        const std::size_t distance = mention.field != field  ? view.folded.size()
                                     : mention.begin < begin ? begin - mention.begin
                                                             : mention.begin - begin;
        if (distance < nearest) nearest = distance, chosen = school;
      }
    const std::int32_t source =
        reading.prepared.document ? gazetteer_.lookup(reading.prepared.document->district) : -1;
    for (const std::int32_t school : alias.schools)
      if (chosen < 0 && source >= 0 && roster_.at(school).place == source) chosen = school;
  }
  const std::string text = to_utf8(view.folded.substr(begin, end - begin));
  reading.prepared.entities.push_back({.kind = EntityKind::school,
                                       .id = chosen < 0 ? text : roster_.at(chosen).id,
                                       .name = chosen < 0 ? text : roster_.at(chosen).name,
                                       .field = field,
                                       .span = view.bytes(begin, end),
                                       .confidence = chosen < 0     ? 0.5
                                                     : !alias.bare  ? 1.0
                                                     : alias.common ? 0.8
                                                                    : 0.9,
                                       .ours = true});
}

void EntityFinder::add_bodies(Reading& reading, Field field, const std::vector<PlaceMention>& places) const {
  const TextView& view = reading.prepared.view(field);
  const std::u32string_view text = view.folded;
  for (std::size_t i = 1; i < text.size();) {
    const WordTrie::Found found = bodies_.longest(text, i);
    const std::size_t end = i + found.length;
    if (found.length == 0 || !view.border[end]) {
      ++i;
      continue;
    }
    auto before = std::lower_bound(places.begin(), places.end(), i,
                                   [](const PlaceMention& p, std::size_t wanted) { return p.end < wanted; });
    if (before != places.end() && before->end != i) before = places.end();
    std::size_t begin = i;
    if (before != places.end())
      begin = before->begin;
    else if (std::u32string_view(U"省市区县州").find(text[i - 1]) != text.npos && view.border[i - 1])
      begin = i - 1;
    if (begin < i) {
      const std::int32_t place = before != places.end() ? before->place : -1;
      const std::string name = to_utf8(text.substr(begin, end - begin));
      reading.prepared.entities.push_back({.kind = EntityKind::organisation,
                                           .id = name,
                                           .name = name,
                                           .field = field,
                                           .span = view.bytes(begin, end),
                                           .confidence = place >= 0 ? 0.9 : 0.5,
                                           .ours = gazetteer_.region() < 0 || gazetteer_.is_ours(place) ||
                                                   (place < 0 && reading.source_ours)});
    }
    i = end;
  }
}

bool EntityFinder::is_ours(const Document& document, const std::vector<Entity>& entities) const {
  const std::int32_t region = gazetteer_.region();
  if (region < 0) return true;
  bool elsewhere = false;
  for (const Entity& entity : entities) {
    if (is_generic(entity) || entity.kind == EntityKind::organisation) continue;
    if (entity.ours) return true;
    if (entity.kind == EntityKind::place && entity.confidence > 0.5) {
      const std::int32_t place = gazetteer_.by_code(entity.id);
      const bool unlisted = entity.id.find('/') != std::string::npos;
      elsewhere = elsewhere || unlisted || place < 0 || !gazetteer_.is_above_ours(place);
    }
  }
  if (elsewhere) return false;
  // No place, or only the city and province around ours: then the source tells. A source that states no
  // district is one of home, unless it is a hot list, which is everybody's.
  if (document.district.empty()) return document.medium != "hotlist";
  const std::int32_t source = gazetteer_.lookup(document.district);
  if (source >= 0) return gazetteer_.is_ours(source);
  return gazetteer_.full_name(region).ends_with(document.district);
}

}  // namespace tingchao::analyzer
