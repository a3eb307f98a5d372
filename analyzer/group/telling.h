#pragma once
// Which stories are listed under a term: the inverted index by which those that share telling terms with a document
// are found.

#include <cstdint>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "analyzer/group/gathered.h"
#include "analyzer/group/held.h"

namespace tingchao::analyzer {

class TellingTerms {
 public:
  using Stories = boost::container::small_vector<Held*, 2>;  // most terms stand in few
  void list(std::uint64_t term, Held& held) { lists_[term].push_back(&held); }
  void strike(std::uint64_t term, const Held& held);
  // Null: none. Valid until the next change.
  const Stories* of(std::uint64_t term) const;
  // Those that share a telling text term or an anchor with the document, each with the weight of what it shares. A term
  // of thousands of stories tells none apart, and is passed over.
  void gather(const TermVector& document, Gathered& into) const;
  void clear() { lists_.clear(); }

 private:
  boost::unordered_flat_map<std::uint64_t, Stories> lists_;
};

}  // namespace tingchao::analyzer
