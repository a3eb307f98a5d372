// Selectors as an operator may write them, on a page: a mistake names its column, and what is found are
// nodes of the page. The input: a selector, a NUL, the page (a small one of our own when absent).

#include <cstdint>
#include <string>
#include <string_view>

#include "core/utf8.h"
#include "crawler/extract/selector.h"

using namespace tingchao;
using namespace tingchao::crawler;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view text = input.substr(0, input.find('\0'));
  const std::string_view html =
      text.size() == size ? std::string_view("<div id=a class='b c'><p>一<a href=x>二</a></p><p>三</p></div>")
                          : input.substr(text.size() + 1);
  const auto selector = Selector::compile(to_valid_utf8(text));
  if (!selector) {
    TINGCHAO_ASSERT(!selector.error().detail.empty());
    return 0;
  }
  const Dom dom = Dom::parse(to_valid_utf8(html));
  SelectorTree tree(dom);
  const auto found = tree.select(*selector);
  TINGCHAO_ASSERT(found.size() <= found_max);
  for (const Found& one : found)
    TINGCHAO_ASSERT(one.node >= 0 && one.node < dom.size() && is_utf8(one.value));
  return 0;
}
