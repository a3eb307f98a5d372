#pragma once
// The full-text tokenizer `cjk_bigram`: every two neighbouring Han characters are a token, the last of
// a run also alone; runs of other letters and digits are words. Text is folded (NFKC, case, traditional
// to simplified) the way the analyzer folds, so that folded needles find unfolded text. FTS5's own
// trigram tokenizer finds nothing for words of two characters, which most Chinese words are.

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

struct sqlite3;

namespace tingchao::store {

Result<void> register_tokenizer(sqlite3* db);

// An FTS5 expression that matches every text which holds the AND of ORs of these literals, and maybe
// more; empty when they allow no narrowing (a literal without any Han character).
std::string match_expression(const std::vector<std::vector<std::string>>& needles);

}  // namespace tingchao::store
