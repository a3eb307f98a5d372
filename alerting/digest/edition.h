#pragma once
// What the mails of all reports share.

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "core/result.h"

namespace tingchao::alerting {

// Some mail programs hide what lies beyond 102 KB.
inline constexpr std::size_t html_bytes_max = 90 * 1024;

// Without the template's indents and blank lines.
std::string without_blank_lines(std::string_view html);

struct Edition {
  std::string html, text;
};
struct EditionTemplates {
  const char *html_name, *text_name;
  std::string_view html, text;
};
// Both parts of one view; while the HTML is over its bound the lists are shrunk and it is written again.
// `shrink`: false when nothing can get shorter. Fails as render(), or with too_large.
Result<Edition> fitted_edition(const EditionTemplates& templates, const std::function<boost::json::object()>& view,
                               const std::function<bool()>& shrink);

}  // namespace tingchao::alerting
