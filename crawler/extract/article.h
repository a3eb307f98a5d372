#pragma once
// One article out of one page, by layers: the source's own selector, containers that content systems
// are known by, structured data, density, and at last whatever paragraphs there are. Each layer is
// held against the densest part of the page before it is believed.

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/source.h"
#include "crawler/extract/density.h"
#include "crawler/extract/title.h"

namespace tingchao::crawler {

struct Article {
  PageTitle title;
  std::string body;
  std::string layer;       // "rule", "engine trs" (see engines.h), "container", "structured", "density", "embedded",
                           // "baseline"; empty: no text
  double confidence = 0;   // 0…1
  std::string published;   // what the script says that the text was embedded in; or empty
  NodeId node = no_node;   // what the body was taken from
  std::size_t first_line = 0, last_line = 0;  // of the body, in PageView::lines; last < first: unknown
  std::string note;        // "selector .news matched nothing"
};

// A selector that does not parse is the caller's matter: see selector_mistake().
Article read_article(const PageView& page, const PageMeta& meta, const StructuredArticle& structured,
                     const Selectors& selectors);

}  // namespace tingchao::crawler
