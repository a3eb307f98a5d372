#pragma once
// The nouns as JSON: one form for the store, `--json`, the HTTP API, replay and import. Reading back
// what to_json wrote gives an equal value. Times are RFC 3339 in +08:00; absent optionals are left
// out; unknown members are ignored.

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "core/result.h"

namespace tingchao {

struct Source;
struct SourceHealth;
struct Document;
struct Analysis;
struct RuleMatch;
struct Story;
struct Level;
struct Reason;
struct Warning;
struct WarningChange;
struct Delivery;
struct Silence;

boost::json::object to_json(const Source& source);
boost::json::object to_json(const SourceHealth& health);
boost::json::object to_json(const Document& document);
boost::json::object to_json(const Analysis& analysis);
boost::json::object to_json(const RuleMatch& match);
boost::json::object to_json(const Story& story);
boost::json::object to_json(const Level& level);
boost::json::object to_json(const Reason& reason);
boost::json::object to_json(const Warning& warning);
boost::json::object to_json(const WarningChange& change);
boost::json::object to_json(const Delivery& delivery);
boost::json::object to_json(const Silence& silence);

// Fail with bad_markup, naming the member.
Result<Document> document_from_json(const boost::json::value& value);
Result<Analysis> analysis_from_json(const boost::json::value& value);
Result<Story> story_from_json(const boost::json::value& value);
Result<Warning> warning_from_json(const boost::json::value& value);
Result<WarningChange> warning_change_from_json(const boost::json::value& value);
Result<Silence> silence_from_json(const boost::json::value& value);

// One compact line, and back. Parsing is bounded: depth 32.
std::string to_line(const boost::json::value& value);
Result<boost::json::value> parse_json(std::string_view text);

// A line of `replay` and `import` (DESIGN §4): {"url","title","text","published_at","source","kind",
// "views","replies","rank"}; title or text, and published_at, are required. Fails with bad_markup.
Result<Document> document_from_import(std::string_view line);

}  // namespace tingchao
