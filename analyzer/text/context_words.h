#pragma once
// The words of rules/context.yaml in one matcher, each with the parts that it plays.

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/text/context.h"
#include "analyzer/text/literals.h"

namespace tingchao::analyzer {

inline constexpr std::size_t context_kinds = 5;  // ContextCue::Kind

class ContextWords {
 public:
  // What a word may be; one word may be several things.
  struct Part {
    enum Role : std::uint8_t {
      cue,      // puts its sentence, or for negated what follows in its clause, into the context
      after,    // negated only: closes a clause and governs what stands before it
      except,   // a longer word that contains a cue without being one: 有没有, 未成年
      stop,     // negated only: what follows is said again as a fact: 但, 导致
      now,      // past only: the sentence speaks of the present all the same
      years,    // past only: makes the sentence past together with a year long gone: 时任
      ago,      // past only: with a number before it: 年前
    } role = cue;
    ContextCue::Kind kind = ContextCue::Kind::negated;
    std::uint32_t reach = 0;  // characters that a negator governs at most
  };

  Literals matcher;
  std::vector<std::vector<Part>> parts;  // by literal
};

}  // namespace tingchao::analyzer
