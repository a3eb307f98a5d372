#pragma once
// What a page says about itself for machines: <meta> tags, among them the set that the standard for
// Chinese government sites asks for (ArticleTitle, PubDate, ContentSource …), and schema.org data as
// JSON-LD or microdata.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crawler/extract/dom.h"

namespace tingchao::crawler {

class PageMeta {
 public:
  explicit PageMeta(const Dom& dom);

  // The content of the first of these names that the page has and filled; names in lower case.
  // A <meta>'s name, property, itemprop and http-equiv are all names.
  std::string_view first(std::initializer_list<std::string_view> names) const;

  // <title>, white space folded.
  const std::string& page_title() const { return page_title_; }

 private:
  std::vector<std::pair<std::string, std::string_view>> entries_;
  std::string page_title_;
};

// Of the one thing on the page that is an article or a posting; all empty when there is none.
struct StructuredArticle {
  std::string headline, body, published, modified;
  NodeId body_node = no_node;  // microdata: the element that is the body
};

StructuredArticle structured_article(const Dom& dom);

}  // namespace tingchao::crawler
