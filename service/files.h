#pragma once
// Files of the user's, read and written with errors that name the place and the mend.

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tingchao::service {

// Whole content. Fails with not_found, io (a directory, no permission) or too_large.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);
// All or nothing: a temporary file beside it, synced, then renamed over it.
Result<void> write_file(const std::string& path, std::string_view bytes);
// The files under a directory that end with `suffix`, sorted; a file path gives itself.
Result<std::vector<std::string>> files_under(const std::string& path, std::string_view suffix);
// Standard input to its end.
Result<std::string> read_stdin(std::size_t bytes_max);

}  // namespace tingchao::service
