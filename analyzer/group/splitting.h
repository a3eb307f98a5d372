#pragma once
// When one story is two: a text that names two schools, or none, can draw the troubles of both into one. Pure.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/group/frequencies.h"
#include "analyzer/group/layer.h"

namespace tingchao::analyzer {

// The documents settled last, so that a story can be told anew without some of them. Bounded by number; 2 KB a title.
class RecentMembers {
 public:
  explicit RecentMembers(std::size_t most) : most_(most) {}
  // Its number, under which a story lists it.
  std::uint64_t add(Arrived document);
  // null: too old.
  Arrived* find(std::uint64_t number);

 private:
  std::size_t most_;
  std::uint64_t first_ = 0;
  std::deque<Arrived> documents_;
};

// A story of more documents is not looked at: what has grown so far together is one.
inline constexpr std::size_t recent_members_max = 64;

struct Parting {
  std::vector<std::size_t> leaving;  // indices of the smaller part
  std::string cause;                 // Chinese
};
// Of all documents of a story, in the order of their turns. Two schools that at least two documents each name alone
// are two matters when half of all name one alone and few name both; two places only when, besides, the texts are less
// alike across than within.
std::optional<Parting> parting(const std::vector<const Arrived*>& members, Vocabulary& vocabulary, Time now);

// Divides a story all of whose documents are recent, if it is two: it is told anew without the smaller part, and so is
// that under an id of its own. Null: it is one, and nothing was changed; else `whole` is no more.
struct Parted {
  StorySplit split;
  std::vector<StoryMove> moves;
};
std::optional<Parted> part(Held& whole, Layer& layer, RecentMembers& recent, Vocabulary& vocabulary, Time at);

}  // namespace tingchao::analyzer
