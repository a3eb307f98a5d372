// Guessing, in two steps: the shape of address with the best sum of scores over its links, and the
// place in the markup that most of those share. A link scores by the length of its title and a date
// beside it; links in navigation and to other sites score less.

#include "crawler/extract/list.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include <re2/re2.h>

#include "core/utf8.h"
#include "crawler/extract/density.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/link_candidate.h"
#include "crawler/extract/pager.h"
#include "crawler/extract/selector.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

// The address with what differs between articles blotted out: digits, long codes.
std::string shape_of(const std::string& url) {
  const UrlParts parts = url_parts(url);
  std::string shape(parts.host);
  const auto add = [&](std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t start = at;
      bool digits = false;
      while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0)) {
        digits = digits || (text[at] >= '0' && text[at] <= '9');
        ++at;
      }
      const std::string_view token = text.substr(start, at - start);
      if (!token.empty()) shape += digits ? "#" : std::string(token);
      if (at < text.size()) shape.push_back(text[at++]);
    }
  };
  add(parts.path);
  if (!parts.query.empty()) {
    shape.push_back('?');
    add(parts.query);
  }
  return shape;
}

// Tags and classes of the elements around a link: links of one list share them.
std::string place_of(const Dom& dom, NodeId n) {
  std::string place;
  for (int up = 0; n != no_node && up < 4; n = dom.parent(n), ++up) {
    place += dom.name(n);
    const std::string_view classes = trim(dom.attribute(n, "class"));
    if (up > 0) place += "." + std::string(classes.substr(0, classes.find(' ')));
    place.push_back('<');
  }
  place.erase(std::remove_if(place.begin(), place.end(), [](char c) { return c >= '0' && c <= '9'; }), place.end());
  return place;
}

struct Group {
  std::vector<std::size_t> members;
  double score = 0;
};

// Shorter ones are navigation.
constexpr int title_words_min = 6;

// How much a link looks like one to an article.
double score_of(const ParsedPage& parsed, const LinkCandidate& link, bool dated) {
  if (link.words < title_words_min) return -4;
  double score = std::min(link.words, 30) / 5.0 + (dated ? 6 : 0);
  const bool inside =
      around(parsed.dom(), link.node, [&](NodeId n) { return hint_of(parsed.dom(), n) < 0; }) != no_node;
  if (inside) score -= 4;
  if (site_of(link.url) != site_of(parsed.base())) score -= 3;
  return score;
}

std::vector<std::size_t> guess(const ParsedPage& parsed, const std::vector<LinkCandidate>& links) {
  std::vector<bool> rivals;
  for (const LinkCandidate& link : links) rivals.push_back(link.words >= title_words_min);
  std::map<std::string, Group> shapes;
  std::vector<std::string> places;
  std::vector<double> scores;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const bool dated =
        rivals[i] && date_beside(parsed, entry_of(parsed.dom(), links, rivals, i), links[i].node).has_value();
    scores.push_back(score_of(parsed, links[i], dated));
    places.push_back(place_of(parsed.dom(), links[i].node));
    // An article's address carries a number somewhere; a column's does not.
    const std::string shape = shape_of(links[i].url);
    Group& group = shapes[shape.find('#') == std::string::npos ? shape + places.back() : shape];
    group.members.push_back(i);
    group.score += scores.back();
  }
  const auto best = std::max_element(shapes.begin(), shapes.end(),
                                     [](const auto& a, const auto& b) { return a.second.score < b.second.score; });
  if (best == shapes.end() || best->second.score <= 0) return {};
  // The place that most of them share brings in its other links: a list may point to several sites.
  const std::vector<std::size_t>& members = best->second.members;
  std::map<std::string, std::size_t> counts;
  for (const std::size_t i : members) ++counts[places[i]];
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const bool member = std::binary_search(members.begin(), members.end(), i);
    const auto place = counts.find(places[i]);
    const bool same_place = place != counts.end() && place->second * 2 >= members.size() && place->second >= 3;
    if (scores[i] > 0 && (member || same_place)) chosen.push_back(i);
  }
  return chosen;
}

// Forums mark the link to a thread, among those to its author, its pages and its last reply.
std::vector<std::size_t> known_threads(const Dom& dom, const std::vector<LinkCandidate>& links) {
  for (const char* const name : {"xst", "j_th_tit", "topictitle", "DiscussionListItem-main"}) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (dom.has_class(links[i].node, name)) found.push_back(i);
    }
    if (!found.empty()) return found;
  }
  return {};
}

void remark(std::string& note, const std::string& what) {
  if (!note.empty()) note += "; ";
  note += what;
}

// What a visit of the list has found so far: one link an address, the longest title, in page order.
class Offers {
 public:
  void add(Link link) {
    const auto [at, fresh] = known_.emplace(document_url(link.url), links_.size());
    if (fresh) {
      if (links_.size() < links_max_of_page) links_.push_back(std::move(link));
      return;
    }
    if (at->second >= links_.size()) return;
    Link& first = links_[at->second];
    if (words_of(link.title) > words_of(first.title)) first.title = std::move(link.title);
    if (!first.published_at) first.published_at = link.published_at;
  }
  std::vector<Link> take() { return std::move(links_); }

 private:
  std::vector<Link> links_;
  std::unordered_map<std::string, std::size_t> known_;
};

struct Rules {
  std::optional<Selector> item, link, title, time;
};

std::optional<Selector> compiled(const std::string& text) {
  if (text.empty()) return std::nullopt;
  Result<Selector> selector = Selector::compile(text);
  return selector ? std::optional(std::move(*selector)) : std::nullopt;
}

// The link that a found thing is or holds.
std::optional<LinkCandidate> link_in(const ParsedPage& parsed, const Found& found) {
  const Dom& dom = parsed.dom();
  if (found.is_value) return link_candidate(parsed, found.node, found.value);
  for (NodeId n = found.node; n < dom.end(found.node); ++n) {
    if (dom.tag(n) != Tag::a) continue;
    if (auto link = link_candidate(parsed, n, dom.attribute(n, "href")); link && !link->title.empty()) return link;
  }
  const NodeId outside = around(dom, found.node, [&](NodeId n) { return dom.tag(n) == Tag::a; });
  if (outside == no_node) return std::nullopt;
  return link_candidate(parsed, outside, dom.attribute(outside, "href"));
}

std::string shown(const ParsedPage& parsed, const Found& found) {
  return found.is_value ? folded(found.value) : label_of(parsed.dom(), parsed.view().hidden, found.node);
}

void add_item(const ParsedPage& parsed, SelectorTree& tree, const Rules& rules, NodeId item, Offers& offers) {
  const std::vector<Found> found = rules.link ? tree.select(*rules.link, item) : std::vector<Found>{{item, {}, false}};
  if (found.empty()) return;
  const std::optional<LinkCandidate> link = link_in(parsed, found.front());
  if (!link) return;
  Link offer = offered_link(parsed, *link, item);
  if (rules.title) {
    const std::vector<Found> title = tree.select(*rules.title, item);
    if (!title.empty()) offer.title = shown(parsed, title.front());
  }
  if (rules.time) {
    const std::vector<Found> time = tree.select(*rules.time, item);
    const auto date = time.empty() ? std::nullopt : read_date(shown(parsed, time.front()), parsed.page().fetched_at);
    if (date) offer.published_at = date->at;
  }
  offers.add(std::move(offer));
}

void by_items(const ParsedPage& parsed, const Source& source, Offers& offers, std::string& note) {
  const Selectors& s = source.selectors;
  const Rules rules{compiled(s.item), compiled(s.link), compiled(s.title), compiled(s.time)};
  SelectorTree tree(parsed.dom());
  const std::vector<Found> found = rules.item ? tree.select(*rules.item) : tree.select(*rules.link);
  if (found.empty()) remark(note, "selector " + (rules.item ? s.item : s.link) + " matched nothing");
  std::vector<LinkCandidate> links;  // those found without an item around them
  for (const Found& one : found) {
    if (rules.item && !one.is_value) {
      add_item(parsed, tree, rules, one.node, offers);
    } else if (auto link = link_in(parsed, one)) {
      links.push_back(std::move(*link));
    }
  }
  const std::vector<bool> rivals(links.size(), true);
  for (std::size_t i = 0; i < links.size(); ++i) {
    offers.add(offered_link(parsed, links[i], entry_of(parsed.dom(), links, rivals, i)));
  }
}

void by_looks(const ParsedPage& parsed, const Source& source, Offers& offers) {
  const std::vector<LinkCandidate> links = link_candidates(parsed);
  std::vector<std::size_t> chosen;
  if (source.kind == SourceKind::board) chosen = known_threads(parsed.dom(), links);
  if (chosen.empty() && !source.link_pattern.empty()) {
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (!links[i].title.empty()) chosen.push_back(i);
    }
  } else if (chosen.empty()) {
    chosen = guess(parsed, links);
  }
  std::vector<bool> rivals(links.size());
  for (const std::size_t i : chosen) rivals[i] = true;
  for (const std::size_t i : chosen) {
    offers.add(offered_link(parsed, links[i], entry_of(parsed.dom(), links, rivals, i)));
  }
}

}  // namespace

Result<Extracted> extract_list(const ParsedPage& parsed, const Source& source) {
  Extracted out;
  out.charset = parsed.charset();
  Offers offers;
  if (!source.selectors.item.empty() || !source.selectors.link.empty()) {
    by_items(parsed, source, offers, out.note);
  } else {
    by_looks(parsed, source, offers);
  }
  out.links = offers.take();
  if (!source.link_pattern.empty()) {
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 pattern(source.link_pattern, options);
    if (!pattern.ok()) {
      return Error{Errc::bad_rule, "source " + source.id + ": link_pattern: " + pattern.error(), "see RE2's syntax"};
    }
    const std::size_t before = out.links.size();
    std::erase_if(out.links, [&](const Link& link) { return !RE2::PartialMatch(link.url, pattern); });
    if (before > 0 && out.links.empty())
      remark(out.note, "link_pattern matched none of " + std::to_string(before) + " links");
  }
  if (out.links.empty() && out.note.empty()) out.note = "no links to articles found";
  if (source.pages_max > 1) out.next_pages = next_pages(parsed, source.selectors.next, out.note);
  return out;
}

}  // namespace tingchao::crawler
