// Ad-hoc scan. A plain text file is matched as it lies on disk, so that every reported offset cuts the
// matched text out of the file: ill-formed bytes are masked one for one, other charsets are decoded
// with a map back, and huge files are read in pieces that end at line breaks.
#include <algorithm>
#include <cstring>
#include <filesystem>

#include <boost/json.hpp>

#include "core/json.h"
#include "core/utf8.h"
#include "crawler/extract.h"
#include "service/cli/setup.h"
#include "service/cli/visit_url.h"
#include "service/files.h"

namespace tingchao::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 1u << 20;  // of a big file, at a time
constexpr std::size_t file_bytes_max = 1u << 30;
constexpr std::size_t binary_probe_bytes = 8192;

// A text to match and how its bytes lie in the file.
struct Piece {
  std::string text;               // valid UTF-8
  std::vector<std::uint32_t> at;  // empty: the same offsets; else file offset of each byte of text
  std::size_t base = 0;           // of the piece in the file
  std::size_t first_line = 1;
  std::size_t file_offset(std::uint32_t byte) const { return base + (at.empty() ? byte : at[byte]); }
};

class Scan {
 public:
  Scan(const ScanOptions& options, const Console& console, std::shared_ptr<const analyzer::Analyzer> analyzer)
      : options_(options), console_(console), analyzer_(std::move(analyzer)) {}

  void target(const std::string& target);
  int hits() const { return hits_; }
  int files() const { return files_; }
  bool target_failed() const { return target_failed_; }

 private:
  void directory(const std::string& path);
  void file(const std::string& path);
  void pieces(const std::string& name, const std::string& bytes);
  void text(const std::string& name, std::string_view bytes, std::size_t base, std::size_t first_line);
  void page(const std::string& name, const Page& page);
  void match(const std::string& name, const Document& document, const Piece* piece);
  void report(const std::string& name, const Document& document, const Piece* piece, const RuleMatch& match,
              const Hit& hit);

  const ScanOptions& options_;
  const Console& console_;
  std::shared_ptr<const analyzer::Analyzer> analyzer_;
  int hits_ = 0, files_ = 0;
  bool target_failed_ = false;
};

// Ill-formed bytes become '?', one for one, so that all offsets stay true.
std::size_t mask_ill_formed(std::string& text, std::size_t& first) {
  std::size_t masked = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    std::size_t length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 0;
    if (byte == 0 || length == 0 || i + length > text.size() ||
        (length > 1 && !is_utf8({text.data() + i, length}))) {
      if (masked++ == 0) first = i;
      text[i++] = '?';
    } else {
      i += length;
    }
  }
  return masked;
}

// Walks a two- or four-byte charset beside its decoded text; empty when they do not run alongside.
std::vector<std::uint32_t> map_back(std::string_view bytes, std::string_view text) {
  std::vector<std::uint32_t> at;
  at.reserve(text.size() + 1);
  std::size_t i = 0;
  for (std::size_t j = 0; j < text.size();) {
    if (i >= bytes.size()) return {};
    const std::size_t begin = j;
    next_char(text, j);
    at.insert(at.end(), j - begin, static_cast<std::uint32_t>(i));
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const auto trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0u;
    i += lead < 0x80 ? 1 : (trail >= 0x30 && trail <= 0x39) ? 4 : 2;
  }
  at.push_back(static_cast<std::uint32_t>(i));
  if (i != bytes.size()) return {};
  return at;
}

void Scan::target(const std::string& target) {
  if (target == "-") {
    auto bytes = read_stdin(file_bytes_max);
    if (!bytes) {
      console_.error(bytes.error());
      target_failed_ = true;
      return;
    }
    ++files_;
    pieces("-", *bytes);
  } else if (target.starts_with("http://") || target.starts_with("https://")) {
    auto fetched = fetch_page(target, options_.allow_networks);
    if (!fetched) {
      console_.error(fetched.error());
      target_failed_ = true;
      return;
    }
    ++files_;
    page(target, *fetched);
  } else {
    std::error_code error;
    const auto status = fs::status(target, error);
    if (!fs::exists(status)) {
      console_.error(
          {Errc::not_found, target + ": " + (error ? error.message() : "no such file"), "check the path"});
      target_failed_ = true;
    } else if (fs::is_directory(status)) {
      directory(target);
    } else {
      file(target);
    }
  }
}

void Scan::directory(const std::string& path) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  fs::directory_iterator walk(path, error);
  for (; !error && walk != fs::directory_iterator(); walk.increment(error)) entries.push_back(*walk);
  if (error)
    console_.note("tingchao: " + path + ": " + error.message() +
                  "; skipped (give this user permission on it)");
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().string();
    if (entry.is_symlink(error)) {
      const auto to = fs::weakly_canonical(entry.path(), error);
      if (error) {
        console_.note("tingchao: " + name + ": a link that leads in a circle or nowhere; skipped");
        continue;
      }
      if (fs::is_directory(to, error)) {
        const auto here = fs::weakly_canonical(path, error).string();
        const bool loop = (here + "/").starts_with(to.string() + "/");
        console_.note("tingchao: " + name +
                      (loop ? ": links back to " + to.string() + ", a loop; skipped"
                            : ": a link to a directory; skipped (name " + to.string() + " itself)"));
        continue;
      }
    }
    if (entry.is_directory(error))
      directory(name);
    else if (entry.is_regular_file(error))
      file(name);
    else
      console_.note("tingchao: " + name + ": neither file nor directory; skipped");
  }
}

void Scan::file(const std::string& path) {
  auto bytes = read_file(path, file_bytes_max);
  if (!bytes) {
    console_.note("tingchao: " + describe(bytes.error()) + "; skipped");
    return;
  }
  if (++files_ % 50 == 0)
    console_.progress(std::to_string(files_) + " files, " + std::to_string(hits_) + " hits  " + path);
  const std::string_view probe = std::string_view(*bytes).substr(0, binary_probe_bytes);
  if (probe.find('\0') != std::string_view::npos) {
    console_.note("tingchao: " + path + ": binary (a NUL byte at " + std::to_string(probe.find('\0')) +
                  "); skipped");
    return;
  }
  if (options_.html || path.ends_with(".html") || path.ends_with(".htm")) {
    Page saved;
    saved.url = saved.requested_url = "file://" + path;
    saved.status = 200;
    saved.body = std::move(*bytes);
    page(path, saved);
    return;
  }
  pieces(path, *bytes);
}

void Scan::pieces(const std::string& name, const std::string& bytes) {
  if (bytes.size() > piece_bytes)
    console_.note("tingchao: " + name + ": " + std::to_string(bytes.size() >> 20) +
                  " MiB; read in pieces of 1 MiB that end at line breaks");
  std::size_t line = 1;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t length = std::min(piece_bytes, bytes.size() - at);
    if (at + length < bytes.size()) {
      const std::size_t end = std::string_view(bytes).substr(at, length).rfind('\n');
      if (end != std::string_view::npos)
        length = end + 1;
      else
        while (length > 1 && (static_cast<unsigned char>(bytes[at + length]) & 0xC0) == 0x80) --length;
    }
    const std::string_view piece = std::string_view(bytes).substr(at, length);
    text(name, piece, at, line);
    line += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
    at += length;
  }
}

void Scan::text(const std::string& name, std::string_view bytes, std::size_t base, std::size_t first_line) {
  Piece piece;
  piece.base = base;
  piece.first_line = first_line;
  piece.text.assign(bytes);
  if (!is_utf8(piece.text) || piece.text.find('\0') != std::string::npos) {
    crawler::Decoded decoded = crawler::decode(bytes, "");
    if (decoded.charset.name != "utf-8") piece.at = map_back(bytes, decoded.text);
    if (!piece.at.empty() && decoded.text.find("\xEF\xBF\xBD") == std::string::npos) {
      piece.text = std::move(decoded.text);
      console_.note("tingchao: " + name + ": read as " + decoded.charset.name);
    } else {
      piece.at.clear();
      std::size_t first = 0;
      const std::size_t masked = mask_ill_formed(piece.text, first);
      console_.note("tingchao: " + name + ": " + std::to_string(masked) +
                    " bytes are not UTF-8, the first at " + std::to_string(base + first) +
                    "; the rest was scanned");
    }
  }
  Document document;
  document.id = document.url = name;
  document.source = "scan";
  document.body = piece.text;
  match(name, document, &piece);
}

void Scan::page(const std::string& name, const Page& page) {
  Source source;
  source.id = "scan";
  source.kind = SourceKind::page;
  auto extracted = crawler::extract(page, source, crawler::Role::content, "scan");
  if (!extracted) {
    console_.note("tingchao: " + name + ": " + describe(extracted.error()) + "; skipped");
    return;
  }
  for (const Document& document : extracted->documents) match(name, document, nullptr);
}

void Scan::match(const std::string& name, const Document& document, const Piece* piece) {
  const Analysis analysis = analyzer_->analyze(document);
  for (const RuleMatch& match : analysis.matches)
    for (const Hit& hit : match.hits) report(name, document, piece, match, hit);
}

void Scan::report(const std::string& name, const Document& document, const Piece* piece,
                  const RuleMatch& match, const Hit& hit) {
  ++hits_;
  const std::string& text = hit.field == Field::title ? document.title : document.body;
  const std::string_view matched =
      std::string_view(text).substr(hit.span.begin, hit.span.end - hit.span.begin);
  const std::size_t begin = piece ? piece->file_offset(hit.span.begin) : hit.span.begin;
  const std::size_t end = piece ? piece->file_offset(hit.span.end) : hit.span.end;
  std::size_t line = piece ? piece->first_line : 1;
  line += static_cast<std::size_t>(std::count(text.begin(), text.begin() + hit.span.begin, '\n'));
  if (console_.json()) {
    boost::json::object object;
    object["file"] = name;
    if (!piece) object["field"] = tingchao::name(hit.field);  // offsets count the extracted field
    object["rule"] = match.rule;
    object["name"] = match.name;
    object["topic"] = match.topic;
    object["severity"] = std::string(1, static_cast<char>(match.severity));
    object["term"] = hit.term;
    object["begin"] = begin;
    object["end"] = end;
    object["line"] = line;
    object["text"] = matched;
    object["sentence"] =
        std::string_view(text).substr(hit.sentence.begin, hit.sentence.end - hit.sentence.begin);
    object["sentence_begin"] = piece ? piece->file_offset(hit.sentence.begin) : hit.sentence.begin;
    object["sentence_end"] = piece ? piece->file_offset(hit.sentence.end) : hit.sentence.end;
    if (!hit.folding.empty()) object["folding"] = hit.folding;
    console_.line(to_line(object));
    return;
  }
  std::string out =
      console_.paint(name, Colour::bold) + ":" + std::to_string(line) + " " +
      console_.paint("[" + std::to_string(begin) + "," + std::to_string(end) + ")", Colour::dim) + " " +
      console_.paint(match.name.empty() ? match.rule : match.name, severity_colour(match.severity)) + " ";
  out += in_context(console_, text, hit.span, options_.context, Colour::red);
  if (!hit.folding.empty()) out += console_.paint("  (" + hit.folding + ")", Colour::dim);
  console_.line(out);
}

}  // namespace

int run_scan(const ScanOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  KnowledgeFiles files = knowledge_files(*config);
  if (!options.rules.empty()) files.rules = options.rules;
  Result<std::shared_ptr<const analyzer::Analyzer>> analyzer;
  if (!options.query.empty()) {
    auto query = analyzer::compile_query(options.query, word_classes());
    if (!query) return console.error(query.error());
    analyzer = analyzer_with(files, *query);
  } else {
    analyzer = load_analyzer(files);
  }
  if (!analyzer) return console.error(analyzer.error());
  Scan scan(options, console, *analyzer);
  std::vector<std::string> targets = options.targets;
  if (targets.empty()) targets.emplace_back("-");
  for (const std::string& target : targets) scan.target(target);
  console.progress_end();
  if (console.interactive())
    console.note(std::to_string(scan.files()) + " files, " + std::to_string(scan.hits()) + " hits");
  if (scan.target_failed()) return failed;
  return scan.hits() > 0 ? done : nothing;
}

}  // namespace tingchao::service
