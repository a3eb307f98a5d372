// Small decisions that all commands share, so that they are the same everywhere.
#include "service/cli/setup.h"

#include <set>

#include <cstdlib>
#include <filesystem>

#include "alerting/wording.h"
#include "core/json.h"
#include "core/utf8.h"

namespace tingchao::service {

constexpr std::size_t line_bytes_max = 16 << 20;
constexpr long errors_shown_max = 20;

Result<Config> choose_config(const ConfigChoice& choice) {
  if (!choice.file.empty()) return load_config(choice.file);
  for (const char* usual : {"tingchao.yaml", "/etc/tingchao/tingchao.yaml"}) {
    std::error_code ignored;
    if (std::filesystem::exists(usual, ignored)) return load_config(usual);
  }
  return Config{};
}

Result<std::unique_ptr<store::Store>> open_store(const Config& config, bool read_only) {
  std::string path = config.store;
  if (path.starts_with("sqlite:")) path = path.substr(7);
  std::error_code ignored;
  if (read_only && path.find("://") == std::string::npos && !std::filesystem::exists(path, ignored))
    return Error{Errc::not_found, path + ": no store there yet",
                 "start the daemon, `crawl --once` or `import` first, or name its configuration with -c"};
  return store::open(config.store, read_only);
}

Result<void> each_stored(store::Store& store, Time from, Time to,
                         const std::function<void(store::StoredDocument)>& visit) {
  constexpr int page = 2000;
  std::set<std::string> boundary;  // ids already taken at the second where the last page ended
  for (;;) {
    auto rows = store.documents_between(from, to, page);
    if (!rows) return rows.error();
    bool advanced = false;
    for (store::StoredDocument& each : *rows) {
      if (boundary.contains(each.document.id)) continue;
      if (each.document.fetched_at != from) boundary.clear();
      from = each.document.fetched_at;
      boundary.insert(each.document.id);
      advanced = true;
      visit(std::move(each));
    }
    if (!advanced || static_cast<int>(rows->size()) < page) return {};
  }
}

Result<long> each_line(const std::string& path, const std::function<void(long, std::string_view)>& take) {
  std::FILE* in = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (!in) return Error{Errc::not_found, path + ": cannot be opened", "check the path and permissions"};
  char* buffer = nullptr;
  std::size_t capacity = 0;
  long number = 0;
  for (ssize_t got; (got = ::getline(&buffer, &capacity, in)) > 0;) {
    std::string_view line(buffer, std::min(static_cast<std::size_t>(got), line_bytes_max));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    ++number;
    if (!line.empty()) take(number, line);
  }
  const bool broken = std::ferror(in) != 0;
  std::free(buffer);
  if (in != stdin) std::fclose(in);
  if (broken) return Error{Errc::io, path + ": reading failed after line " + std::to_string(number), ""};
  return number;
}

Result<void> each_imported(const std::string& path, const Console& console,
                           const std::function<void(Document)>& visit) {
  long errors = 0, documents = 0;
  const auto lines = each_line(path, [&](long number, std::string_view line) {
    auto document = document_from_import(line);
    if (document) {
      ++documents;
      return visit(std::move(*document));
    }
    if (++errors <= errors_shown_max)
      console.note("tingchao: " + path + ":" + std::to_string(number) + ": " + describe(document.error()) +
                   "; skipped");
  });
  if (!lines) return lines.error();
  if (errors > 0) console.note("tingchao: " + std::to_string(errors) + " lines skipped");
  if (documents > 0) return {};
  return Error{Errc::bad_argument, path + ": no document in it", "one JSON object a line, see docs/replay.md"};
}

Result<Time> parse_when(const std::string& text, Time fallback, Time now) {
  if (text.empty()) return fallback;
  if (const auto at = parse_time(text)) return *at;
  if (const auto span = parse_duration(text)) return now - *span;
  return Error{Errc::bad_argument, "'" + text + "' is no date, time or span",
               "write 2026-04-15, 2026-04-15T22:40 or a span back from now such as 24h or 7d"};
}

std::string in_context(const Console& console, std::string_view text, Span span, int context, Colour colour) {
  std::size_t begin = span.begin, end = span.end;
  for (int i = 0; i < context && begin > 0 && text[begin - 1] != '\n'; ++i) {
    --begin;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  }
  for (int i = 0; i < context && end < text.size() && text[end] != '\n'; ++i) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  }
  return std::string(begin > 0 && text[begin - 1] != '\n' ? "…" : "") +
         std::string(text.substr(begin, span.begin - begin)) +
         console.paint(text.substr(span.begin, span.end - span.begin), colour) +
         std::string(text.substr(span.end, end - span.end)) +
         (end < text.size() && text[end] != '\n' ? "…" : "");
}

Colour severity_colour(Severity severity) {
  switch (severity) {
    case Severity::a:
      return Colour::red;
    case Severity::b:
      return Colour::orange;
    case Severity::c:
      return Colour::yellow;
    default:
      return Colour::cyan;
  }
}

std::string change_words(const Console& console, const WarningChange& change, const std::string& title) {
  return console.paint(change.level.code + "级" + change.level.colour, level_colour(change.level.rank)) + "  " +
         pad(alerting::chinese_name(change.event), 10) + "  " + title;
}

Colour level_colour(int rank) {
  switch (rank) {
    case 1:
      return Colour::red;
    case 2:
      return Colour::orange;
    case 3:
      return Colour::yellow;
    default:
      return Colour::blue;
  }
}

}  // namespace tingchao::service
