#pragma once
// The places of the country as a tree, from tables of divisions, and which of them a text names. Knows
// the bureau's region, so that every place is ours, above ours, or elsewhere. Immutable.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/segment/word_trie.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"

namespace tingchao::analyzer {

enum class PlaceLevel { province, city, district, town };

struct Place {
  std::string code;  // GB/T 2260, the id that entities carry
  std::string name;
  PlaceLevel level = PlaceLevel::province;
  std::vector<std::string> shorts;  // "?和平": an everyday word too
  std::int32_t parent = -1;         // index of the place around it; -1: none
};

// A stretch of a text that names a place; several candidates where places share the name.
struct PlaceMention {
  Field field = Field::body;
  std::size_t begin = 0, end = 0;                         // folded
  const std::vector<std::int32_t>* candidates = nullptr;  // null: unlisted
  std::int32_t place = -1;                                // the resolved one
  double confidence = 1.0;                                // see the constants below
  bool everyday = false;                                  // 和平: a place in some company only
  bool vouched = false;                                   // and what follows is such company: 和平|警方
  bool unlisted = false;                                  // a district within `place` that no table has
};

// How sure a mention is of its place: it has one bearer, or stands behind the place around it; the
// document names that place elsewhere; the source or region is near; an everyday word in company; a
// district that no table has; several bear the name and nothing tells.
inline constexpr double place_certain = 1.0, place_by_document = 0.9, place_by_source = 0.8,
                        place_everyday = 0.7, place_unlisted = 0.8, place_undecided = 0.5;

class Gazetteer {
 public:
  // `region` such as 浙江省杭州市西湖区; a last part that no table knows is added as a district.
  // Fails with bad_config naming file and line: a row without five columns, an unknown level or parent; and
  // for a region that several places are: 西湖区.
  static Result<Gazetteer> build(const std::vector<NamedText>& tables, std::string_view region);

  // Places named in the view, left to right, whole words only, not yet resolved.
  std::vector<PlaceMention> find(const TextView& view, Field field) const;
  // Chooses among candidates: a place inside the one named directly before it, inside another one named
  // in the document (the nearest), inside or beside `near` (the source's district or the bureau's region),
  // then the one of the highest level. Everyday words without company are dropped.
  void resolve(std::vector<PlaceMention>& mentions, std::int32_t near) const;

  // The place that an address such as 浙江省杭州市西湖区 ends in; of several 西湖区 the one nearest to the
  // bureau's region. -1: unknown.
  std::int32_t lookup(std::string_view address) const;
  // The place of a division code; -1: none has it.
  std::int32_t by_code(std::string_view code) const;
  // The length in characters of the place names that `text` (folded) begins with, and the last of them.
  struct Prefix {
    std::size_t length = 0;
    std::int32_t place = -1;
  };
  Prefix prefix_of(std::u32string_view text) const;
  // The same step by step: 杭州市, 杭州市西湖区.
  std::vector<Prefix> steps_of(std::u32string_view text) const;

  const Place& at(std::int32_t place) const { return places_[static_cast<std::size_t>(place)]; }
  std::int32_t region() const { return region_; }
  bool within(std::int32_t place, std::int32_t around) const;  // itself included
  bool is_ours(std::int32_t place) const { return region_ >= 0 && place >= 0 && within(place, region_); }
  bool is_above_ours(std::int32_t place) const {
    return region_ >= 0 && place >= 0 && within(region_, place);
  }
  // 浙江省杭州市西湖区.
  std::string full_name(std::int32_t place) const;
  // The names and short forms of the region, what is in it and what it is in, for the segmenter.
  std::vector<std::string> words() const;

 private:
  // A name or short form and who bears it, the highest level first.
  struct Name {
    std::vector<std::int32_t> places;
    bool everyday = false;
  };
  Result<void> read(const NamedText& table, std::vector<std::string>& parents,
                    std::map<std::string, std::int32_t>& by_code);
  void choose(PlaceMention& mention, const PlaceMention* before, const std::vector<const PlaceMention*>& sure,
              std::int32_t near) const;
  bool has_company(const PlaceMention& mention, const PlaceMention* before, const PlaceMention* behind) const;
  int closeness(std::int32_t place, std::int32_t near) const;
  void index_names();
  Result<void> set_region(std::string_view region);

  std::vector<Place> places_;
  std::vector<std::int32_t> codes_;  // the places by code
  WordTrie names_;
  std::vector<Name> by_name_;  // by value of the trie
  std::int32_t region_ = -1;
};

}  // namespace tingchao::analyzer
