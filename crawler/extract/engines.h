#pragma once
// The content systems that Chinese pages are made with, by the ids and classes that their stock templates
// give to the article's text. A name that only one system uses names the system; names that many use,
// or that rich-text editors leave behind, tell that here is the text and no more.

#include <string_view>

#include "crawler/extract/dom.h"
#include "crawler/extract/page_meta.h"

namespace tingchao::crawler {

// "wechat", "trs", "ucap", "vsb", "webplus", "netease", "sina", "people", "tencent", "toutiao", "wordpress",
// "government"; "container" for a name that many systems use; empty when the element is no known container.
std::string_view engine_of(const Dom& dom, NodeId element);

// The page carries the meta tags that government sites are obliged to: ArticleTitle with PubDate or
// ContentSource.
bool has_government_meta(const PageMeta& meta);

}  // namespace tingchao::crawler
