#pragma once
// The report as a Word document in the look of an official paper: title 小标宋, headings 黑体, text 仿宋
// on A4, page numbers between dashes. Only the parts that such a paper needs; no macros, no styles of
// others.

#include <string>

#include "alerting/digest/outline.h"
#include "core/result.h"

namespace tingchao::alerting {

struct Pictures {
  std::string trend, topics;  // PNG; may be empty
};
// Fails with io when the archive cannot be made.
Result<std::string> write_docx(const Outline& outline, const Pictures& pictures);

}  // namespace tingchao::alerting
