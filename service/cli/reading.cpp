// fetch, extract and segment: one thing shown through the stations.
#include <boost/json.hpp>

#include "core/hash.h"
#include "core/json.h"
#include "core/utf8.h"
#include "crawler/extract.h"
#include "service/cli/setup.h"
#include "service/cli/visit_url.h"
#include "service/files.h"

namespace tingchao::service {
namespace {

constexpr std::size_t input_bytes_max = 64u << 20;

// The document as `extract` prints it: the noun's own members, with "text" for the body as in replay.
boost::json::object printed(const Document& document) {
  boost::json::object object = to_json(document);
  object["text"] = document.body;
  object.erase("body");
  return object;
}

void show_document(const Console& console, const Document& document) {
  console.line(console.paint(document.title.empty() ? "(no title)" : document.title, Colour::bold));
  std::string facts = document.url;
  if (document.published_at)
    facts += "\n发布 " + china_minute(*document.published_at) + "（" + name(document.published_by) +
             (document.published_to_the_minute ? "" : "，仅到日") + "）";
  else
    facts += "\n发布时间未知";
  facts += "  正文来源 " + document.layer + "  可信度 " + std::to_string(document.confidence).substr(0, 4);
  if (document.thread) facts += "  " + std::to_string(document.thread->floor) + " 楼";
  console.line(console.paint(facts, Colour::dim));
  console.line(document.body);
  console.line("");
}

int show_page(const Console& console, const Page& page, const Source& source, crawler::Role role) {
  const auto extracted = crawler::extract(page, source, role, "command");
  if (!extracted) return console.error(extracted.error());
  if (console.json()) {
    for (const Document& document : extracted->documents) console.line(to_line(printed(document)));
    for (const Link& link : extracted->links) {
      boost::json::object object{{"link", link.url}, {"title", link.title}};
      if (link.published_at) object["published_at"] = to_rfc3339(*link.published_at);
      console.line(to_line(object));
    }
  } else {
    console.line(
        console.paint("编码 " + extracted->charset.name + "（" + extracted->charset.why + "）", Colour::dim));
    for (const Document& document : extracted->documents) show_document(console, document);
    for (const Link& link : extracted->links) console.line(link.url + "  " + link.title);
    if (!extracted->note.empty()) console.note(extracted->note);
  }
  return extracted->documents.empty() && extracted->links.empty() ? nothing : done;
}

Result<std::string> read_input(const std::string& file) {
  return file == "-" ? read_stdin(input_bytes_max) : read_file(file, input_bytes_max);
}

}  // namespace

int run_extract(const ExtractOptions& options, const Console& console) {
  auto bytes = read_input(options.file);
  if (!bytes) return console.error(bytes.error());
  Page page;
  page.url = page.requested_url = options.url.empty() ? "http://local.invalid/" : options.url;
  page.status = 200;
  page.body = std::move(*bytes);
  page.fetched_at = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  if (!options.content_type.empty()) page.headers.emplace_back("content-type", options.content_type);
  Source source;
  source.id = "command";
  const auto kind = source_kind(options.kind);
  if (!kind)
    return console.error({Errc::bad_argument, "--kind '" + options.kind + "'",
                          "one of page, board, list, feed, sitemap, hotlist"});
  source.kind = *kind;
  const bool entry = source.kind == SourceKind::feed || source.kind == SourceKind::sitemap ||
                     source.kind == SourceKind::hotlist || source.kind == SourceKind::list;
  return show_page(console, page, source, entry ? crawler::Role::entry : crawler::Role::content);
}

int run_fetch(const FetchOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  std::vector<std::string> networks = config->allow_networks;
  networks.insert(networks.end(), options.allow_networks.begin(), options.allow_networks.end());
  auto page = fetch_page(options.url, networks);
  if (!page) return console.error(page.error());
  Source source;
  source.id = "command";
  source.kind = SourceKind::page;
  for (const Source& known : config->sources)
    for (const std::string& url : known.urls)
      if (url == options.url) source = known;
  if (!console.json()) {
    for (const Hop& hop : page->redirects) console.line(std::to_string(hop.status) + " " + hop.url + " →");
    console.line(std::to_string(page->status) + " " + page->url + "  " + page->address + "  " +
                 std::to_string(page->body.size()) + " bytes  " + std::to_string(page->took.count()) + " ms");
    console.line(console.paint(std::string("robots ") + name(page->robots) +
                                   (page->robots_rule.empty() ? "" : "：" + page->robots_rule),
                               Colour::dim));
    for (const auto& [header, value] : page->headers)
      console.line(console.paint(header + ": " + value, Colour::dim));
    console.line(console.paint("sha256 " + sha256_hex(page->body), Colour::dim));
    console.line("");
  }
  return show_page(console, *page, source,
                   source.kind == SourceKind::page ? crawler::Role::content : crawler::Role::entry);
}

int run_segment(const SegmentOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  KnowledgeFiles files = knowledge_files(*config);
  files.heads = {"segment"};
  if (!options.model.empty()) files.models["segment"] = options.model;
  auto analyzer = analyzer_with(files, nullptr);
  if (!analyzer) return console.error(analyzer.error());
  auto bytes = read_input(options.file);
  if (!bytes) return console.error(bytes.error());
  const std::string text = to_valid_utf8(*bytes);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::vector<Span> words = analyzer::segment(**analyzer, line);
    if (options.offsets || console.json()) {
      boost::json::array array;
      for (const Span& word : words)
        array.push_back(
            boost::json::array{line.substr(word.begin, word.end - word.begin), word.begin, word.end});
      out += to_line(array);
    } else {
      bool first = true;
      for (const Span& word : words) {
        const std::string_view shown = line.substr(word.begin, word.end - word.begin);
        if (trim(shown).empty()) continue;
        if (!first) out += ' ';
        out += shown;
        first = false;
      }
    }
    out += '\n';
    at = end + 1;
    if (out.size() > (1u << 16)) {
      out.pop_back();
      console.line(out);
      out.clear();
    }
  }
  if (!out.empty()) {
    out.pop_back();
    console.line(out);
  }
  return done;
}

}  // namespace tingchao::service
