#pragma once
// The title of what a page shows, without the name of the site behind it, and where on the page it
// stands: the article begins below it.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/extract/page_meta.h"
#include "crawler/extract/page_text.h"

namespace tingchao::crawler {

struct PageTitle {
  std::string text;
  std::optional<std::size_t> line;  // index into PageView::lines
};

PageTitle page_title(const PageView& page, const PageMeta& meta, std::string_view headline);

// "重要通知_某某新闻网" → "重要通知": what is behind the last separators, as far as it names a site.
std::string without_site_name(std::string_view title, std::string_view site_name = {});

// For comparing titles: letters, digits and Han characters only, lower case.
std::string bare(std::string_view text);

}  // namespace tingchao::crawler
