#pragma once
// What the mails of all reports share.

#include <string>
#include <string_view>

namespace tingchao::alerting {

// Some mail programs hide what lies beyond 102 KB.
inline constexpr std::size_t html_bytes_max = 90 * 1024;

// Without the template's indents and blank lines.
std::string without_blank_lines(std::string_view html);

}  // namespace tingchao::alerting
