#pragma once
// Templates that a user writes: what is wrong with one, told with its line and what mends it; a made-up
// warning to show one with; and what a reader will see of a message.

#include <string>
#include <string_view>

#include "alerting/notify.h"

namespace tingchao::alerting {

// Finds tags that are not closed or close nothing, tags that are not honoured here (partials, other
// delimiters), and names that have no value at their place, which would otherwise be silently empty. Fails
// with bad_config: every mistake on a line of its own, as "FILE:7: …（…）". `name` is the file's.
Result<void> check_template(std::string_view name, std::string_view text);

// Everything that a message can tell of, marked as an example.
Raised sample_raised(Time now);

// A message as its reader sees it: of a mail the subject and both parts, of a robot the Markdown, else the
// body.
struct Readable {
  std::string text, html;
};
Readable readable(const Delivery& delivery, const Channel& channel);

}  // namespace tingchao::alerting
