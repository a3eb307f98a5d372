#pragma once
// Writes a message as one file of a directory, whole or not at all: whoever watches the directory
// never sees half a message, and a crash leaves either the file or nothing.

#include <string>
#include <string_view>

#include "core/result.h"

namespace tingchao::alerting {

// "<prefix>-<16 digits of the key>.<extension>": the same message twice is the same file.
std::string spool_name(std::string_view prefix, std::string_view key, std::string_view extension);

// Temporary file, fsync, rename, fsync of the directory; makes the directory when it is missing.
// Gives the path. Fails with io, naming path and cause.
Result<std::string> write_spool(const std::string& directory, const std::string& name, std::string_view bytes);

}  // namespace tingchao::alerting
