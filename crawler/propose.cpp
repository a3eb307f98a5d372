// An item is the largest element around a link that holds no other of the links. Items that hang in
// containers of one form are one list; the largest list gives the selector: its container by id or class,
// then the item's tag.
#include "crawler/propose.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "crawler/extract.h"
#include "crawler/extract/dom.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t offers_max = 8;
constexpr int climb_max = 3;  // elements above a container that has neither id nor class

Dom tree_of(const Page& page) {
  return Dom::parse(decode(page.body, header(page.headers, "content-type")).text);
}

bool is_plain(std::string_view name) {  // no number of one page, nothing that a selector would have to escape
  return !name.empty() && name.size() <= 40 && std::isalpha(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalpha(c) || c == '-' || c == '_'; });
}

std::string first_class(const Dom& dom, NodeId node) {
  const std::string_view classes = dom.attribute(node, "class");
  for (std::size_t at = 0; at < classes.size();) {
    const std::size_t end = std::min(classes.find(' ', at), classes.size());
    if (is_plain(classes.substr(at, end - at))) return std::string(classes.substr(at, end - at));
    at = end + 1;
  }
  return "";
}

// "#list", "ul.news", or by its parents.
std::string selector_of(const Dom& dom, NodeId node, int climb = 0) {
  if (is_plain(dom.attribute(node, "id"))) return "#" + std::string(dom.attribute(node, "id"));
  const std::string tag(dom.name(node)), name = first_class(dom, node);
  if (!name.empty()) return tag + "." + name;
  const NodeId above = dom.parent(node);
  if (climb >= climb_max || above == no_node || above == dom.body()) return tag;
  return selector_of(dom, above, climb + 1) + " > " + tag;
}

struct LinkNode {
  NodeId node;
  std::string url;
};

std::vector<LinkNode> nodes_of(const Dom& dom, const Page& page, const std::vector<Link>& links) {
  std::set<std::string> wanted;
  for (const Link& link : links) wanted.insert(link.url);
  std::vector<LinkNode> found;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::a || !dom.has_attribute(n, "href")) continue;
    std::string url = canonical_url(dom.attribute(n, "href"), page.url);
    if (wanted.contains(url)) found.push_back({n, std::move(url)});
  }
  return found;
}

// `found` is in document order, so the links below an element are neighbours in it.
NodeId item_around(const Dom& dom, const std::vector<LinkNode>& found, std::size_t at) {
  const auto holds_another = [&](NodeId element) {
    const auto differs = [&](std::size_t i) {
      return dom.contains(element, found[i].node) && found[i].url != found[at].url;
    };
    for (std::size_t i = at; i-- > 0 && dom.contains(element, found[i].node);)
      if (differs(i)) return true;
    for (std::size_t i = at + 1; i < found.size() && dom.contains(element, found[i].node); ++i)
      if (differs(i)) return true;
    return false;
  };
  NodeId item = found[at].node;
  for (NodeId above = dom.parent(item); above != no_node && above != dom.body() && !holds_another(above);
       above = dom.parent(above))
    item = above;
  return item;
}

bool looks_like_feed(std::string_view href) {
  for (const char* sign :
       {"rss.xml", "feed.xml", "atom.xml", "/rss/", "/feed/", "index.rdf", "feed.json", "mod=rss"})
    if (href.find(sign) != std::string_view::npos) return true;
  return href.ends_with("/rss") || href.ends_with("/feed");
}

}  // namespace

std::vector<FeedOffer> feeds_offered(const Page& page) {
  const Dom dom = tree_of(page);
  std::vector<FeedOffer> declared, guessed;
  std::set<std::string> seen;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::a && dom.name(n) != "link") continue;
    const std::string_view href = dom.attribute(n, "href"), type = dom.attribute(n, "type");
    const bool is_declared =
        dom.attribute(n, "rel").find("alternate") != std::string_view::npos &&
        (type.find("rss") != std::string_view::npos || type.find("atom") != std::string_view::npos ||
         type.find("feed+json") != std::string_view::npos);
    if (!is_declared && !(dom.tag(n) == Tag::a && looks_like_feed(href))) continue;
    std::string url = canonical_url(href, page.url);
    if (url.empty() || !seen.insert(url).second) continue;
    (is_declared ? declared : guessed).push_back({std::move(url), std::string(dom.attribute(n, "title"))});
  }
  declared.insert(declared.end(), guessed.begin(), guessed.end());
  if (declared.size() > offers_max) declared.resize(offers_max);
  return declared;
}

std::vector<std::string> usual_feeds(std::string_view url) {
  std::vector<std::string> all;
  for (const char* path : {"/rss.xml", "/feed", "/feed.xml", "/atom.xml"})
    if (std::string each = canonical_url(path, url); !each.empty()) all.push_back(std::move(each));
  return all;
}

std::optional<ItemGuess> guess_item(const Page& page, const std::vector<Link>& links) {
  const Dom dom = tree_of(page);
  const std::vector<LinkNode> found = nodes_of(dom, page, links);
  std::map<std::string, std::set<std::string>> lists;  // selector → links
  for (std::size_t i = 0; i < found.size(); ++i) {
    const NodeId item = item_around(dom, found, i), container = dom.parent(item);
    if (container == no_node) continue;
    lists[selector_of(dom, container) + " > " + std::string(dom.name(item))].insert(found[i].url);
  }
  const auto best = std::max_element(lists.begin(), lists.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  if (best == lists.end() || best->second.size() < 3) return std::nullopt;
  return ItemGuess{best->first, static_cast<double>(best->second.size()) / static_cast<double>(links.size())};
}

std::string guess_link_pattern(const std::vector<Link>& links) {
  std::map<std::string, std::size_t> forms;
  for (const Link& link : links) {
    const std::size_t host = link.url.find("://");
    if (host == std::string::npos) continue;
    std::string form;
    for (std::size_t i = host + 3; i < link.url.size();) {
      const unsigned char c = static_cast<unsigned char>(link.url[i]);
      if (std::isdigit(c) && form.find('/') != std::string::npos) {
        form += "\\d+";
        while (i < link.url.size() && std::isdigit(static_cast<unsigned char>(link.url[i]))) ++i;
        continue;
      }
      if (!std::isalnum(c) && c != '/' && c != '-' && c != '_' && c < 0x80) form += '\\';
      form += static_cast<char>(c);
      ++i;
    }
    ++forms[form];
  }
  const auto best = std::max_element(forms.begin(), forms.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (best == forms.end() || best->second < 3 || best->second * 10 < links.size() * 9) return "";
  return best->first.find("\\d+") == std::string::npos ? "" : best->first;
}

}  // namespace tingchao::crawler
