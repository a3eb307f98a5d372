// A home address is a chain of numbers with units: 文三路123号|5幢|2单元|301室. One such link alone may
// be any public place (文三路123号, 3号楼, 302室) and stays; a chain with two dwelling units, or with
// one behind a house number or a residential name, leads to somebody's door, and its numbers go. The
// road and the name of the estate stay: they tell the neighbourhood, not the family.
#include <array>

#include "analyzer/masking/cells.h"

namespace tingchao::analyzer::masking {
namespace {

struct Unit {
  std::u32string_view text;
  bool dwelling;  // leads into a house
};
// Longer ones first where one begins another.
constexpr std::array units{
    Unit{U"号楼", true}, Unit{U"单元", true}, Unit{U"号院", false}, Unit{U"支弄", false},
    Unit{U"栋", true},   Unit{U"幢", true},   Unit{U"座", true},    Unit{U"室", true},
    Unit{U"房", true},   Unit{U"号", false},  Unit{U"弄", false},   Unit{U"楼", false},
    Unit{U"层", false},  Unit{U"户", false},  Unit{U"组", false},   Unit{U"门", false}};

// Names of places where people live end so.
constexpr std::u32string_view residential = U"区苑园寓村庭府湾墅里舍院城邸坊";

bool is_number(char32_t c) {
  return (c >= U'0' && c <= U'9') ||
         std::u32string_view(U"一二三四五六七八九十零〇两").find(c) != std::u32string_view::npos;
}

struct Link {
  std::size_t number_begin = 0, number_end = 0, end = 0;
  const Unit* unit = nullptr;
};

// The link at `at`: up to six figures (with a letter: A座, 3-2), then a unit.
Link read_link(const Cells& cells, std::size_t at) {
  Link link{.number_begin = at, .number_end = at, .end = at};
  while (link.number_end < cells.size() && link.number_end - at < 6) {
    const std::size_t i = link.number_end;
    const bool part = is_number(cells.at(i)) || (i == at && cells.is_letter(i)) ||
                      ((cells.at(i) == U'-' || cells.at(i) == U'#') && i > at && is_number(cells.at(i + 1)));
    if (!part) break;
    ++link.number_end;
  }
  if (link.number_end == at) return link;
  const std::u32string_view rest = std::u32string_view(cells.text).substr(link.number_end);
  for (const Unit& unit : units) {
    if (!rest.starts_with(unit.text)) continue;
    const std::u32string_view behind = rest.substr(unit.text.size());
    // 2室1厅, 3房间, 5号线, 4组合 … are no addresses.
    static constexpr std::array others{U"厅", U"间",   U"线", U"合", U"内", U"外",
                                       U"长", U"门口", U"次", U"友", U"产", U"子"};
    for (const std::u32string_view other : others)
      if (behind.starts_with(other)) return link;
    link.unit = &unit;
    link.end = link.number_end + unit.text.size();
    return link;
  }
  return link;
}

void mask_number(Cells& cells, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i)
    if (cells.is_word(i) || is_number(cells.at(i))) cells.mask(i, i + 1);
}

// 翠苑一区12-3-501: three figures joined, behind a residential name.
std::size_t read_triple(const Cells& cells, std::size_t at) {
  static constexpr std::array<std::size_t, 3> digits_max{3, 2, 4};
  std::size_t i = at;
  for (std::size_t part = 0; part < 3; ++part) {
    const std::size_t begin = i;
    while (cells.is_digit(i)) ++i;
    if (i == begin || i - begin > digits_max[part]) return at;
    if (part < 2 && cells.at(i) != U'-' && cells.at(i) != U'#') return at;
    if (part < 2) ++i;
  }
  return cells.is_word(i) || cells.at(i) == U'-' ? at : i;
}

bool is_residential(const Cells& cells, std::size_t at) {
  return at > 1 && residential.find(cells.text[at - 1]) != residential.npos;
}

}  // namespace

void mask_addresses(Cells& cells) {
  for (std::size_t i = 0; i < cells.size();) {
    const bool begins = (is_number(cells.at(i)) || cells.is_letter(i)) &&
                        !(i > 0 && cells.is_word(i) && cells.is_word(i - 1));
    if (!begins || cells.in_url[i]) {
      ++i;
      continue;
    }
    if (const std::size_t end = read_triple(cells, i); end > i && is_residential(cells, i)) {
      mask_number(cells, i, end);
      i = end;
      continue;
    }
    std::vector<Link> chain;
    int dwellings = 0;
    bool house_number = false;
    for (std::size_t at = i;;) {
      const Link link = read_link(cells, at);
      if (!link.unit) break;
      chain.push_back(link);
      dwellings += link.unit->dwelling;
      house_number = house_number || link.unit->text == U"号" || link.unit->text == U"弄" ||
                     link.unit->text == U"号院" ||
                     (link.unit->text == U"组" && is_residential(cells, link.number_begin));
      at = link.end;
      if (cells.at(at) == U' ' || cells.at(at) == U',' || cells.at(at) == U'，') ++at;
    }
    if (chain.empty()) {
      ++i;
      continue;
    }
    const bool village = chain.size() >= 2 && chain[0].unit->text == U"组" && is_residential(cells, i);
    // 5幢 beside 小区 is a home; 3栋教学楼 is none, for it needs a door: 室, 单元 or a second link.
    const bool lived_in = is_residential(cells, i) && (chain.size() >= 2 || chain[0].unit->text == U"室" ||
                                                       chain[0].unit->text == U"单元");
    if (dwellings >= 2 || (dwellings >= 1 && (house_number || lived_in)) || village)
      for (const Link& link : chain) mask_number(cells, link.number_begin, link.number_end);
    i = chain.back().end;
  }
}

}  // namespace tingchao::analyzer::masking
