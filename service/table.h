#pragma once
// Rows of text as CSV (RFC 4180) or as an Excel workbook.

#include <string>
#include <vector>

#include "core/result.h"

namespace tingchao::service {

using Table = std::vector<std::vector<std::string>>;  // the first row holds the headings

// With a byte-order mark, so that Excel reads the Chinese; cells that a spreadsheet would take for a
// formula get an apostrophe in front.
std::string to_csv(const Table& table);
// Every cell is a string. Fails with io.
Result<std::string> to_xlsx(const Table& table, const std::string& sheet);

}  // namespace tingchao::service
