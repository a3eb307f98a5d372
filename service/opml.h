#pragma once
// Feed lists in OPML 2.0: the exchange format of every feed reader. Only what a list needs: outlines
// with a title and an xmlUrl, folders ignored.

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/source.h"

namespace tingchao::service {

std::string to_opml(const std::vector<Source>& sources, const std::string& title);
// Fails with bad_markup when there is no outline with an xmlUrl.
Result<std::vector<Source>> from_opml(std::string_view opml);
// As the `sources:` section of a configuration.
std::string to_yaml(const std::vector<Source>& sources);

}  // namespace tingchao::service
