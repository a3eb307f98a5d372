#pragma once
// The parts of a Word file (ECMA-376) that are the same in every report, and the archive around them.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace tingchao::alerting {

// Text for XML 1.0: escaped, characters that XML forbids left out.
std::string xml_text(std::string_view text);

std::string styles_part();
std::string font_table_part();
enum class PageSide { odd, even };  // the page number stands outside: right, left
std::string footer_part(PageSide side);
std::string settings_part();
std::string content_types_part();
std::string package_relations_part();
std::string core_properties_part(std::string_view title, std::string_view creator);

// A ZIP archive of (name, bytes) in that order, with fixed times: the same parts, the same bytes.
Result<std::string> zip_parts(const std::vector<std::pair<std::string, std::string>>& parts);

}  // namespace tingchao::alerting
