#pragma once
// Gathers from the store what a digest is made of, and has it written.

#include <string>

#include "alerting/digest.h"
#include "core/result.h"
#include "service/config.h"
#include "store/store.h"

namespace tingchao::service {

Result<alerting::DigestInput> gather_digest(store::Store& store, const Config& config, Time from, Time to,
                                            const std::string& period);
Result<alerting::Digest> write_digest(store::Store& store, const Config& config, Time from, Time to,
                                      const std::string& period);

}  // namespace tingchao::service
