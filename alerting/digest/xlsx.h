#pragma once
// The ledger 舆情台账: one row a document that the report rests on, for filtering and filing. Every cell
// is text, so that no title can become a formula.

#include <string>

#include "alerting/digest.h"
#include "core/result.h"

namespace tingchao::alerting {

// Fails with io when the workbook cannot be made.
Result<std::string> write_ledger(const DigestInput& input);

}  // namespace tingchao::alerting
