#include "crawler/extract/pager.h"

#include <algorithm>
#include <optional>

#include "core/utf8.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/selector.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t pages_max = 20;  // that one selector may give

void add(std::vector<std::string>& pages, const ParsedPage& parsed, std::string_view href) {
  std::string url = canonical_url(href, parsed.base());
  const bool elsewhere = url.empty() || site_of(url) != site_of(parsed.base());
  if (elsewhere || url == canonical_url(parsed.page().url) || pages.size() >= pages_max) return;
  if (std::find(pages.begin(), pages.end(), url) == pages.end()) pages.push_back(std::move(url));
}

bool says_next(std::string_view text) {
  for (const std::string_view word :
       {"下一页", "下页", "下一頁", "后一页", "下一页>", "下一页»", "Next", "next", "›", "»", ">>"}) {
    if (text == word) return true;
  }
  return text.starts_with("下一页") && count_chars(text) <= 6;
}

std::string by_link(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  std::string found;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::a && dom.tag(n) != Tag::link) continue;
    const std::string_view href = dom.attribute(n, "href");
    if (href.empty() || href.starts_with("javascript") || href.starts_with("#")) continue;
    if (dom.attribute(n, "rel") == "next") return std::string(href);
    if (dom.tag(n) == Tag::link || !found.empty()) continue;
    if (dom.has_class(n, "nxt") || says_next(label_of(dom, parsed.view().hidden, n)) ||
        dom.attribute(n, "title") == "下一页") {
      found = href;
    }
  }
  return found;
}

// createPageHTML(12, 0, "index", "html"): page k of n, whose files are index.html, index_1.html …
std::string by_script(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::script || dom.first_child(n) == no_node) continue;
    const std::string_view script = dom.text(dom.first_child(n));
    // Its definition may stand before the call: "function createPageHTML(_nPageCount, …".
    for (std::size_t at = script.find("createPageHTML("); at != std::string_view::npos;
         at = script.find("createPageHTML(", at + 1)) {
      const std::size_t open = at + 15;
      const std::size_t length = script.substr(open, 200).find(')');
      if (length == std::string_view::npos) continue;
      std::vector<std::string> arguments(1);
      for (const char c : script.substr(open, length)) {
        if (c == ',') {
          arguments.emplace_back();
        } else if (c != ' ' && c != '"' && c != '\'') {
          arguments.back().push_back(c);
        }
      }
      const auto is_number = [](const std::string& text) {
        return !text.empty() && text.size() < 7 && text.find_first_not_of("0123456789") == std::string::npos;
      };
      if (arguments.size() < 4 || !is_number(arguments[0]) || !is_number(arguments[1])) continue;
      const int next = std::stoi(arguments[1]) + 1;
      if (next >= std::stoi(arguments[0])) return {};
      return arguments[2] + "_" + std::to_string(next) + "." + arguments[3];
    }
  }
  return {};
}

std::optional<int> number(std::string_view text) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return std::stoi(std::string(text));
}

}  // namespace

std::vector<std::string> next_pages(const ParsedPage& parsed, const std::string& selector,
                                    std::string& note) {
  std::vector<std::string> pages;
  if (!selector.empty()) {
    const Result<Selector> compiled = Selector::compile(selector);
    if (!compiled) return pages;
    SelectorTree tree(parsed.dom());
    const std::vector<Found> found = tree.select(*compiled);
    for (const Found& one : found) {
      NodeId link = one.node;
      if (!one.is_value && parsed.dom().attribute(link, "href").empty())
        link = parsed.dom().find(Tag::a, link);
      if (one.is_value) {
        add(pages, parsed, one.value);
      } else if (link != no_node) {
        add(pages, parsed, parsed.dom().attribute(link, "href"));
      }
    }
    // The last page has no next one, which is no news; a first page without any is.
    if (found.empty() && page_number(parsed.page().url) == 1) {
      if (!note.empty()) note += "; ";
      note += "selector " + selector + " matched nothing";
    }
    return pages;
  }
  const std::string linked = by_link(parsed);
  if (!linked.empty()) {
    add(pages, parsed, linked);
  } else if (const std::string scripted = by_script(parsed); !scripted.empty()) {
    add(pages, parsed, scripted);
  }
  return pages;
}

namespace {

// An address without what tells the pages of one thread apart.
std::string without_page(std::string_view url) {
  const std::string canonical = document_url(url);
  const std::size_t mark = canonical.find('?');
  if (mark == std::string::npos) return canonical;
  std::string out = canonical.substr(0, mark);
  for (std::size_t at = mark + 1; at < canonical.size();) {
    const std::size_t end = std::min(canonical.find('&', at), canonical.size());
    const std::string_view pair = std::string_view(canonical).substr(at, end - at);
    const std::string_view name = pair.substr(0, pair.find('='));
    if (name != "page" && name != "pn" && name != "p" && name != "start" && name != "pg")
      out += "&" + std::string(pair);
    at = end + 1;
  }
  return out;
}

bool says_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// "20", "... 20": the number that a pager's link shows, or 0.
int shown_number(std::string_view text) {
  while (text.starts_with(".") || text.starts_with(" ")) text.remove_prefix(1);
  if (text.starts_with("…")) text = trim(text.substr(std::string_view("…").size()));
  return number(text).value_or(0);
}

}  // namespace

PagerEnds pager_ends(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  const std::string here = canonical_url(parsed.page().url), thread = without_page(parsed.page().url);
  PagerEnds ends;
  std::string greatest;
  int most = page_number(here);
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::a && dom.tag(n) != Tag::link) continue;
    const std::string_view href = dom.attribute(n, "href");
    if (href.empty() || href.starts_with("javascript") || href.starts_with("#")) continue;
    const bool before = dom.attribute(n, "rel") == "prev";
    const std::string text = dom.tag(n) == Tag::a ? label_of(dom, parsed.view().hidden, n) : std::string();
    if (text.size() > 40) continue;
    const bool previous = before || dom.has_class(n, "prev") ||
                          says_any(text, {"上一页", "上页", "上一頁", "前一页", "‹", "«"});
    const bool last =
        dom.has_class(n, "last") || says_any(text, {"尾页", "末页", "最后一页", "最后页", "末頁", "尾頁"});
    const int shown = shown_number(text);
    if (!previous && !last && shown <= most) continue;
    const std::string url = canonical_url(href, parsed.base());
    if (url.empty() || url == here || without_page(url) != thread) continue;
    if (previous && ends.previous.empty()) ends.previous = url;
    if (last && ends.last.empty()) ends.last = url;
    if (shown > most) {
      most = shown;
      greatest = url;
    }
  }
  if (ends.last.empty()) ends.last = greatest;
  return ends;
}

int page_number(std::string_view url) {
  const std::string canonical = document_url(url);
  for (const char* const name : {"page", "pn", "p", "pageNo", "pageIndex", "pg"}) {
    if (const auto value = query_value(canonical, name)) {
      if (const auto page = number(*value)) return std::max(1, *page);
    }
  }
  return 1;
}

}  // namespace tingchao::crawler
