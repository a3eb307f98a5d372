#pragma once
// The status page as one HTML document: open warnings with their clocks, the hottest stories, the
// health of sources, and the outbox.

#include <string>

#include "core/result.h"
#include "service/config.h"
#include "store/store.h"

namespace tingchao::service {

Result<std::string> status_page(store::Store& store, const Config& config);

}  // namespace tingchao::service
