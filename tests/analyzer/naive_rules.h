#pragma once
// The rule language once more, as plainly as it can be written: every question is answered by looking
// at every character, pair and sentence. Slow and obvious; the matcher must agree with it exactly.

#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analyzer/text/prepared.h"

namespace tingchao::analyzer::naive {

enum class Kind {
  term, raw, whole, school, place, words, pattern,
  all, any, none, near, onear, sent, para, title, body, of, count, unless,
};

struct Expr {
  Kind kind = Kind::term;
  std::string term;     // of terms and patterns, as text
  int n = 0;            // NEAR, OF, COUNT
  std::string compare;  // COUNT
  std::string mark;     // UNLESS
  std::vector<Expr> parts;
};

// The one word class that expressions name, and what is in it.
inline const std::string words_class = "类";
inline const std::vector<std::string> words_in_class{"甲乙", "丁", "ab"};

std::string to_text(const Expr& expr);
Expr random_expr(std::mt19937& random, int depth);

// (field, begin, end) in folded characters; hits with the text of their leaf as the rule writes it.
using Bit = std::tuple<Field, std::size_t, std::size_t>;
using Hit = std::tuple<Field, std::size_t, std::size_t, std::string>;

bool holds(const Expr& expr, const Prepared& document);
std::set<Hit> hits(const Expr& expr, const Prepared& document);

}  // namespace tingchao::analyzer::naive
