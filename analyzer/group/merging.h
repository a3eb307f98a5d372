#pragma once
// When two stories are one, and what the one then counts. Pure.

#include "analyzer/group/story_index.h"

namespace tingchao::analyzer {

// Of two that are awake. Symmetric.
bool are_one(const Held& a, const Held& b, Vocabulary& vocabulary, Time now);
// Into the one that stays goes all that the other counted, heard and is about. Lists keep their bounds.
// O(members).
void absorb(Held& into, const Held& from, Time now);

}  // namespace tingchao::analyzer
