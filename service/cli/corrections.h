#pragma once
// Labelled texts out of the bureau's own work: the documents of warnings that a person ended are labels for the
// head relevance, 1 when the matter was handled, 0 when it was a false alarm, none of the bureau's, or dismissed.

#include <string>
#include <string_view>

#include "core/result.h"
#include "service/config.h"

namespace tingchao::service {

struct Corrections {
  std::string lines;  // "label TAB text" a line: title and the begin of the body
  int warnings = 0, ones = 0, zeros = 0;
};
// Every document counts once, by the latest verdict on it. Fails as the store does.
Result<Corrections> corrections_of(const Config& config);

// The texts that the shipped model of the head was learnt from, in the same form; for
// topic and severity the examples of the shipped rules among them. Fails with not_found for
// heads that none is shipped of.
Result<std::string> shipped_labels(std::string_view head);

}  // namespace tingchao::service
