#pragma once
// The rhythms of the sources that ask for adaptive visits, and what they share: the sources of one host
// spend one budget. I/O thread only.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/source.h"
#include "crawler/schedule/rhythm.h"
#include "store/store.h"

namespace tingchao::service {

class Revisits {
 public:
  explicit Revisits(const std::vector<Source>& sources);
  // What was learnt before; a rhythm that cannot be read is learnt anew. Fails with what the store says.
  Result<void> recall(store::Store& store);

  // A good visit at `now` found `items` since the one at `before` (nothing: the first one, when all is new
  // and tells no rhythm). Gives how long the source may be left alone; nothing: it goes by its interval.
  std::optional<Seconds> observe(const Source& source, std::optional<Time> before, Time now, int items);
  // What the store is to keep of it: key and value.
  std::optional<std::pair<std::string, std::string>> note_of(const Source& source) const;

 private:
  struct Member {
    Source source;
    std::string host;
    crawler::Rhythm rhythm;
  };
  std::map<std::string, Member> members_;  // by source id, adaptive ones alone
};

}  // namespace tingchao::service
