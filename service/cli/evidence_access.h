#pragma once
// Who looks at evidence, written into the audit trail before anything is shown.

#include <string>

#include "core/result.h"
#include "store/store.h"

namespace tingchao::service {

// `by`, or the name of the account that runs the command.
std::string looker(const std::string& by);
// `action`: evidence.show, evidence.export, evidence.reextract.
Result<void> note_look(store::Store& store, const std::string& by, const std::string& action,
                       const std::string& subject, const std::string& note);

}  // namespace tingchao::service
