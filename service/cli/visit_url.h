#pragma once
// One polite request for the commands that look at a single URL: robots.txt first, address policy as
// configured plus what the user allows.

#include <string>
#include <vector>

#include "core/page.h"
#include "core/result.h"

namespace tingchao::service {

Result<Page> fetch_page(const std::string& url, const std::vector<std::string>& allow_networks);

}  // namespace tingchao::service
