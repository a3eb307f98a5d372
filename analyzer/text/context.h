#pragma once
// What a text says about its own facts: that they did not happen (未发现…), are false (辟谣), an
// exercise (演练), a film's (电影《…》) or long past (十年前). The words come from rules/context.yaml;
// what UNLESS makes of the marks: docs/rules.md.

#include <memory>
#include <vector>

#include "analyzer/rules.h"
#include "analyzer/text/prepared.h"
#include "core/result.h"

namespace tingchao::analyzer {

class ContextWords;

// Fails with bad_config, naming file, line and column. No files: no marks.
Result<std::shared_ptr<const ContextWords>> parse_context(const std::vector<NamedText>& files);

// Fills title_context and body_context, one a sentence. Needs split() on both views, and uses their
// word borders when they have them.
void mark_context(Prepared& prepared, const ContextWords& words);

}  // namespace tingchao::analyzer
