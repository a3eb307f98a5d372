// Which reader a page belongs to: the source's kind decides for its entry pages; a page found through
// one is a thread when it shows itself as such, else an article.

#include "crawler/extract.h"

#include "core/utf8.h"
#include "crawler/extract/article.h"
#include "crawler/extract/date.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/hotlist.h"
#include "crawler/extract/list.h"
#include "crawler/extract/parsed_page.h"
#include "crawler/extract/selector.h"
#include "crawler/extract/sitemap.h"
#include "crawler/extract/thread.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

// The text that the source's time selector gives, from an attribute that machines read where there is one.
std::string time_by_rule(const ParsedPage& parsed, const Source& source, std::string& note) {
  if (source.selectors.time.empty()) return {};
  const Result<Selector> selector = Selector::compile(source.selectors.time);
  if (!selector) return {};
  SelectorTree tree(parsed.dom());
  for (const Found& found : tree.select(*selector)) {
    if (found.is_value) return found.value;
    for (const char* attribute : {"datetime", "content"}) {
      const std::string_view value = parsed.dom().attribute(found.node, attribute);
      if (!value.empty()) return std::string(value);
    }
    return label_of(parsed.dom(), parsed.view().hidden, found.node);
  }
  if (!note.empty()) note += "; ";
  note += "selector " + source.selectors.time + " matched nothing";
  return {};
}

// The address that the page's <link rel=canonical> names.
std::string_view told_canonical(const Dom& dom) {
  for (NodeId n = dom.head(); n < dom.end(dom.head()); ++n)
    if (dom.name(n) == "link" && ascii_lower(trim(dom.attribute(n, "rel"))) == "canonical")
      return dom.attribute(n, "href");
  return {};
}

constexpr double cut_confidence = 0.5;

Extracted read_page(const ParsedPage& parsed, const Source& source, std::string note) {
  const Page& page = parsed.page();
  Extracted out;
  out.charset = parsed.charset();
  const StructuredArticle structured = structured_article(parsed.dom());
  const Article article = read_article(parsed.view(), parsed.meta(), structured, source.selectors);
  out.note = std::move(note);
  if (!out.note.empty() && !article.note.empty()) out.note += "; ";
  out.note += article.note;
  if (article.body.empty() && article.title.text.empty()) {
    if (!out.note.empty()) out.note += "; ";
    out.note += "no text on the page";
    return out;
  }
  const std::string hint = canonical_hint(page.url, told_canonical(parsed.dom()));
  Document document = blank_document(parsed, source, document_url(hint.empty() ? page.url : hint));
  document.title = article.title.text;
  document.body = article.body;
  document.layer = article.layer;
  document.confidence = article.confidence;
  const DateSources sources{parsed.view(), parsed.meta(), structured, article, document.url,
                            header(page.headers, "last-modified"), page.fetched_at};
  const std::string by_rule = time_by_rule(parsed, source, out.note);
  if (const auto date = published_date(sources, by_rule)) {
    document.published_at = date->at;
    document.published_by = date->origin;
    document.published_to_the_minute = date->to_the_minute;
  }
  document.modified_at = modified_date(sources);
  seal(document);
  out.documents.push_back(std::move(document));
  return out;
}

// A document of a page that was cut says so: its end may be missing.
Extracted mark_cut(Extracted out, const Page& page) {
  if (!page.truncated) return out;
  if (!out.note.empty()) out.note += "; ";
  out.note += "the answer was cut at " + std::to_string(page.body.size()) + " bytes";
  for (Document& document : out.documents) {
    document.layer += " cut";
    document.confidence *= cut_confidence;
  }
  return out;
}

Result<void> check_selectors(const Source& source) {
  const Selectors& s = source.selectors;
  for (const std::string* const text : {&s.item, &s.link, &s.title, &s.time, &s.body, &s.next, &s.post, &s.author}) {
    if (text->empty()) continue;
    const Result<Selector> selector = Selector::compile(*text);
    if (!selector) {
      return Error{Errc::bad_rule, "source " + source.id + ": selector " + *text + ": " + selector.error().detail,
                   selector.error().mend};
    }
  }
  return {};
}

}  // namespace

Result<Extracted> extract(const Page& page, const Source& source, Role role, std::string_view salt) {
  const Result<void> selectors = check_selectors(source);
  if (!selectors) return selectors.error();
  if (role == Role::entry) {
    if (source.kind == SourceKind::feed) return extract_feed(page, source);
    if (source.kind == SourceKind::sitemap) return extract_sitemap(page, source);
    if (source.kind == SourceKind::hotlist) return extract_hotlist(page, source);
  }
  const Result<ParsedPage> parsed = ParsedPage::parse(page);
  if (!parsed) return parsed.error();
  const bool offers_links = source.kind == SourceKind::list || source.kind == SourceKind::board;
  if (role == Role::entry && offers_links) return extract_list(*parsed, source);
  std::string note;
  if (auto thread = extract_thread(*parsed, source, salt, note)) return mark_cut(std::move(*thread), page);
  return mark_cut(read_page(*parsed, source, std::move(note)), page);
}

void complete(Document& document, const Link& hint) {
  if (document.title.empty()) document.title = hint.title;
  document.content_hash = content_hash(document.title, document.body);
  if (document.thread && document.thread->floor > 1) return;  // a list speaks of the opening post
  if (hint.published_at) {
    const bool silent = !document.published_at || document.published_by == DateOrigin::header;
    const bool finer = !silent && !document.published_to_the_minute &&
                       china_midnight(*document.published_at) == china_midnight(*hint.published_at) &&
                       *hint.published_at != china_midnight(*hint.published_at);
    if (silent || finer) {
      document.published_at = hint.published_at;
      document.published_by = DateOrigin::feed;
      document.published_to_the_minute = *hint.published_at != china_midnight(*hint.published_at);
    }
  }
  const auto fill = [](auto& field, const auto& value) {
    if (!field) field = value;
  };
  fill(document.reach.views, hint.reach.views);
  fill(document.reach.replies, hint.reach.replies);
  fill(document.reach.likes, hint.reach.likes);
  fill(document.reach.heat, hint.reach.heat);
  fill(document.reach.rank, hint.reach.rank);
}

std::string selector_mistake(std::string_view selector) {
  if (trim(selector).empty()) return {};
  const Result<Selector> compiled = Selector::compile(selector);
  return compiled ? std::string() : compiled.error().detail;
}

}  // namespace tingchao::crawler
