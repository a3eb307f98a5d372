#pragma once
// What most commands begin with: the configuration that applies, and the store and rules it names.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "service/cli/commands.h"
#include "service/config.h"
#include "service/knowledge.h"
#include "store/store.h"

namespace tingchao::service {

Result<Config> choose_config(const ConfigChoice& choice);
// Reading commands work beside a running daemon; a store that does not exist yet is an error that
// says how it comes to be.
Result<std::unique_ptr<store::Store>> open_store(const Config& config, bool read_only);

// Every stored document first seen within [from, to], oldest first, a page at a time.
Result<void> each_stored(store::Store& store, Time from, Time to,
                         const std::function<void(store::StoredDocument)>& visit);

// Calls `take` with the number and text of each line that is not empty, of a file or of standard input (-); of a line
// over 16 MiB only the beginning. The number of lines.
Result<long> each_line(const std::string& path, const std::function<void(long, std::string_view)>& take);
// Every document of a file of the import form, in its order; bad lines are told and skipped. A file without a
// document is an error.
Result<void> each_imported(const std::string& path, const Console& console,
                           const std::function<void(Document)>& visit);

// "2026-04-15", "2026-04-15T22:40" or a span back from now: "24h", "7d". Empty gives `fallback`.
Result<Time> parse_when(const std::string& text, Time fallback, Time now);

// The hit in its line, `context` characters on each side, the matched bytes coloured.
std::string in_context(const Console& console, std::string_view text, Span span, int context, Colour colour);
Colour severity_colour(Severity severity);
Colour level_colour(int rank);
// "Ⅱ级橙  预警升级  某小学食堂…": what happened to a warning, for people.
std::string change_words(const Console& console, const WarningChange& change, const std::string& title);

}  // namespace tingchao::service
