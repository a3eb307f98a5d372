#pragma once
// The places, schools and public bodies that a document names, and whether it is the bureau's matter at
// all. Reads tables and rosters once; immutable, may be shared between threads.

#include <memory>
#include <string>
#include <vector>

#include "analyzer/entity/gazetteer.h"
#include "analyzer/entity/roster.h"
#include "analyzer/entity/school_pattern.h"
#include "analyzer/text/prepared.h"

namespace tingchao::analyzer {

// A school that is only spoken of (某中学, 全区中小学) is an entity without an id, for the rules' sake;
// an Analysis does not list it.
inline bool is_generic(const Entity& entity) { return entity.id.empty(); }

inline constexpr std::size_t entities_max = 200;

class EntityFinder {
 public:
  static Result<std::unique_ptr<EntityFinder>> build(const std::vector<NamedText>& gazetteers,
                                                     const std::vector<NamedText>& rosters, std::string_view region);

  // Fills prepared.entities, in order of the text, title first; borders must be marked. Overlapping
  // mentions of one kind are never reported twice.
  void find(Prepared& prepared) const;

  // Analysis::ours of a document with these entities.
  bool is_ours(const Document& document, const std::vector<Entity>& entities) const;

  const Gazetteer& gazetteer() const { return gazetteer_; }
  const Roster& roster() const { return roster_; }

 private:
  EntityFinder(Gazetteer gazetteer, Roster roster, const std::vector<NamedText>& tables);
  struct Reading;
  void read_field(Reading& reading, Field field) const;
  void add_schools(Reading& reading, Field field, const std::vector<PlaceMention>& places) const;
  const Alias* roster_alias(const Reading& reading, std::u32string_view text, std::size_t begin, std::size_t end) const;
  void add_known(Reading& reading, Field field, const Alias& alias, std::size_t begin, std::size_t end) const;
  void add_bodies(Reading& reading, Field field, const std::vector<PlaceMention>& places) const;

  Gazetteer gazetteer_;
  Roster roster_;
  SchoolPatterns patterns_;
  WordTrie bodies_;
};

}  // namespace tingchao::analyzer
