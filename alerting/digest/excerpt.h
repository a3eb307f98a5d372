#pragma once
// Chooses the sentence of a document that a reader should see: where a rule matched, else where its
// stance shows, else how it begins. Always bytes of the document, never a word of ours. Pure.

#include <string_view>

#include "core/analysis.h"
#include "core/document.h"

namespace tingchao::alerting {

// A view into `document`; empty when it has neither body nor title.
std::string_view telling_sentence(const Document& document, const Analysis& analysis);

}  // namespace tingchao::alerting
