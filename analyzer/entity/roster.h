#pragma once
// The bureau's own schools, from the lists that it imports, under every name that people use for them.
// Immutable; may be shared between threads.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/entity/gazetteer.h"
#include "analyzer/rules.h"
#include "analyzer/segment/word_trie.h"
#include "core/result.h"

namespace tingchao::analyzer {

struct School {
  std::string id;         // its code in the roster, else its name (and district, where the name comes twice)
  std::string name;
  std::string district;
  std::int32_t place = -1;  // of the district
};

// What a name says about which school it is.
struct Alias {
  std::vector<std::int32_t> schools;  // several: the name alone does not tell
  bool bare = true;                   // says no place: 文三街小学
  bool common = true;                 // and every district has one: 实验小学, 二中
};

class Roster {
 public:
  // CSV with a heading (name, district, code, the rest aliases; 学校名称, 所在区, 代码 too) or without
  // one: name, district, aliases. Fails with bad_config naming file and line.
  static Result<Roster> build(const std::vector<NamedText>& lists, const Gazetteer& gazetteer);

  bool empty() const { return schools_.empty(); }
  const School& at(std::int32_t school) const { return schools_[static_cast<std::size_t>(school)]; }
  std::size_t size() const { return schools_.size(); }
  // The names that belong to one of them alone, for the segmenter.
  const std::vector<std::string>& words() const { return words_; }
  // The longest alias that begins at `at`; null: none.
  struct Found {
    std::size_t length = 0;
    const Alias* alias = nullptr;
  };
  template <class Visit>
  void each(std::u32string_view text, std::size_t at, Visit visit) const {
    names_.each(text, at, [&](WordTrie::Found found) { visit(Found{found.length, &aliases_[found.value]}); });
  }

 private:
  Result<void> read(const NamedText& list, const Gazetteer& gazetteer);
  void index_names(const Gazetteer& gazetteer);
  void add_names(std::int32_t school, const std::string& name, const Gazetteer& gazetteer);
  void add(std::u32string name, std::int32_t school, bool bare, bool common);

  std::vector<School> schools_;
  std::vector<std::vector<std::string>> given_;  // the aliases of the list, by school
  std::map<std::u32string, Alias> by_name_;      // while building
  WordTrie names_;
  std::vector<Alias> aliases_;
  std::vector<std::string> words_;
};

// One record of CSV (RFC 4180): fields unquoted and trimmed. Moves `at` behind it, counts its lines.
std::vector<std::string> csv_record(std::string_view text, std::size_t& at, int& line);

}  // namespace tingchao::analyzer
