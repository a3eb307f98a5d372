#include "crawler/extract/article.h"

#include <algorithm>

#include "core/utf8.h"
#include "crawler/extract/embedded.h"
#include "crawler/extract/engines.h"
#include "crawler/extract/selector.h"

namespace tingchao::crawler {
namespace {

struct Reading {
  const PageView& page;
  const std::vector<double>& worths;
  std::optional<std::size_t> title_line;
};

Passage best_container(const Reading& reading, NodeId microdata) {
  const Dom& dom = reading.page.dom;
  const WorthSums sums(reading.page, reading.worths);
  NodeId best = no_node;
  double most = 0;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.is_text(n) || reading.page.hidden[std::size_t(n)]) continue;
    if (n != microdata && engine_of(dom, n).empty()) continue;
    if (sums.of(n) < most || sums.of(n) <= 0) continue;
    best = n;
    most = sums.of(n);
  }
  return best == no_node ? Passage{} : passage_of(reading.page, reading.worths, best, reading.title_line);
}

// "engine trs" for a container that one system alone uses or that stands on a page with its meta tags;
// containers within containers name the innermost that is told from others.
std::string layer_of(const Dom& dom, const PageMeta& meta, NodeId container) {
  for (NodeId n = container; n != no_node; n = dom.parent(n)) {
    const std::string_view engine = engine_of(dom, n);
    if (!engine.empty() && engine != "container") return "engine " + std::string(engine);
  }
  return has_government_meta(meta) ? "engine government" : "container";
}

// What a known container shows when the page has hardly any prose at all: a line and an attachment, a
// short post. Its lines are taken as they are.
std::optional<Passage> short_container(const PageView& page, NodeId microdata) {
  const Dom& dom = page.dom;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.is_text(n) || page.hidden[std::size_t(n)]) continue;
    if (n != microdata && engine_of(dom, n).empty()) continue;
    const PageView::Range range = page.lines_in(n);
    Passage passage;
    passage.node = n;
    int words = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      words += page.lines[i].words;
      passage.lines.push_back(i);
    }
    if (words >= 2) return passage;
  }
  return std::nullopt;
}

void take(Article& article, const PageView& page, const Passage& passage, std::string layer, double confidence) {
  article.body = body_of(page, passage);
  article.layer = std::move(layer);
  article.confidence = confidence;
  article.node = passage.node;
  if (passage.lines.empty()) return;
  article.first_line = passage.lines.front();
  article.last_line = passage.lines.back();
}

std::string joined_text(const PageView& page, SelectorTree& tree, const Selector& selector) {
  std::string out;
  NodeId done = 0;  // elements within one taken already would repeat it
  for (const Found& found : tree.select(selector)) {
    if (!found.is_value && found.node < done) continue;
    const std::string text = found.is_value ? folded(found.value) : text_of(page.dom, page.hidden, found.node);
    if (!found.is_value) done = page.dom.end(found.node);
    if (text.empty()) continue;
    if (!out.empty()) out.push_back('\n');
    out += text;
  }
  return out;
}

void note(Article& article, const std::string& selector) {
  if (!article.note.empty()) article.note += "; ";
  article.note += "selector " + selector + " matched nothing";
}

// The body and title that the source's own selectors give.
void read_by_rule(const PageView& page, const Selectors& selectors, Article& article) {
  if (selectors.body.empty() && selectors.title.empty()) return;
  SelectorTree tree(page.dom);
  if (!selectors.title.empty()) {
    const Result<Selector> selector = Selector::compile(selectors.title);
    const std::string text = selector ? folded(joined_text(page, tree, *selector)) : std::string();
    if (text.empty()) {
      note(article, selectors.title);
    } else {
      article.title.text = text;
    }
  }
  if (selectors.body.empty()) return;
  const Result<Selector> selector = Selector::compile(selectors.body);
  if (!selector) return;
  article.body = joined_text(page, tree, *selector);
  if (article.body.empty()) {
    note(article, selectors.body);
    return;
  }
  article.layer = "rule";
  article.confidence = 1.0;
  const std::vector<Found> found = tree.select(*selector);
  article.node = found.front().node;
  const PageView::Range range = page.lines_in(article.node);
  article.first_line = range.begin;
  article.last_line = range.empty() ? range.begin : range.end - 1;
}

// Every line that reads like a sentence, wherever it stands.
Passage baseline(const PageView& page) {
  Passage passage;
  passage.node = page.dom.body();
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const Line& line = page.lines[i];
    if (line.words >= 12 && line.marks > 0 && line.linked * 2 < line.words) passage.lines.push_back(i);
  }
  return passage;
}

// All that a page says which says hardly anything: a message, a riddle before the page itself.
Passage remnant(const PageView& page, const PageTitle& title) {
  constexpr int words_max = 120;
  Passage passage;
  passage.node = page.dom.body();
  int words = 0;
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const Line& line = page.lines[i];
    if (line.linked * 2 > line.words || is_furniture(line) || (title.line && *title.line == i)) continue;
    words += line.words;
    passage.lines.push_back(i);
  }
  return words > 0 && words <= words_max ? passage : Passage{};
}

// A page whose densest part is worth less shows hardly any text; its scripts may hold it.
constexpr double worth_of_little = 60;
// … and less than this is hardly a sentence.
constexpr double worth_of_nothing = 15;

// Of all prose on the page, how much is in the passage; and a few words are never sure.
double confidence_of(const Passage& passage) {
  const double length = std::min(1.0, passage.worth / 120);
  return std::clamp(0.3 + 0.5 * passage.share * length + 0.15 * length, 0.0, 0.9);
}

}  // namespace

Article read_article(const PageView& page, const PageMeta& meta, const StructuredArticle& structured,
                     const Selectors& selectors) {
  Article article;
  article.title = page_title(page, meta, structured.headline);
  read_by_rule(page, selectors, article);
  if (!article.body.empty()) return article;

  const std::vector<double> worths = line_worths(page, article.title.line);
  const Reading reading{page, worths, article.title.line};
  const Passage dense = densest(page, worths, article.title.line);
  const Passage container = best_container(reading, structured.body_node);
  const std::string described = folded(structured.body);
  if (!container.lines.empty() && container.worth >= 0.6 * dense.worth) {
    take(article, page, container, layer_of(page.dom, meta, container.node),
         container.worth >= 0.9 * dense.worth ? 0.95 : 0.85);
  } else if (count_chars(described) >= 80 && double(count_chars(described)) > 2 * dense.worth) {
    article.body = described;
    article.layer = "structured";
    article.confidence = 0.8;
  } else if (Embedded drawn = dense.worth < worth_of_little ? embedded_article(page.dom) : Embedded{};
             !drawn.text.empty()) {
    article.body = std::move(drawn.text);
    article.published = std::move(drawn.published);
    article.layer = "embedded";
    article.confidence = 0.6;
  } else if (auto brief = dense.worth < worth_of_nothing ? short_container(page, structured.body_node) : std::nullopt) {
    take(article, page, *brief, layer_of(page.dom, meta, brief->node), 0.5);
  } else if (!dense.lines.empty()) {
    take(article, page, dense, "density", confidence_of(dense));
  } else {
    Passage rest = baseline(page);
    const bool reads = !rest.lines.empty();
    if (!reads) rest = remnant(page, article.title);
    if (!rest.lines.empty()) take(article, page, rest, "baseline", reads ? 0.2 : 0.1);
  }
  return article;
}

}  // namespace tingchao::crawler
