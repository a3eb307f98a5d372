#pragma once
// Fills a Mustache template. The view is a JSON object, so whoever builds one knows nothing of the
// template engine; strings of the view are never read as template text.

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "core/result.h"

namespace tingchao::alerting {

// markdown: signs that steer Markdown become their full-width twins, since the messengers honour no backslash.
enum class Escape { html, none, markdown };

std::string plain_in_markdown(std::string_view raw);

// Fails with bad_config when the template is empty or ill-formed; `name` is the file's, for people.
Result<std::string> render(std::string_view name, std::string_view text, const boost::json::object& view,
                           Escape escape);

}  // namespace tingchao::alerting
