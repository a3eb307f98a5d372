// What surrounds a link is the largest element that no rival shares, however the list is marked up.

#include "crawler/extract/link_candidate.h"

#include <algorithm>

#include "core/utf8.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/url.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t candidates_max = 8000;

bool is_file(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return false;
  const std::string suffix = ascii_lower(path.substr(dot + 1));
  for (const std::string_view known :
       {"jpg", "jpeg", "png", "gif",  "webp", "svg",  "ico", "css",  "js",  "zip", "rar", "7z", "apk",
        "exe", "pdf",  "doc", "docx", "xls",  "xlsx", "ppt", "pptx", "wps", "mp3", "mp4", "xml"}) {
    if (suffix == known) return true;
  }
  return false;
}

// The whole title where the visible one is cut: "关于开展暑期…".
std::string title_of_link(const ParsedPage& parsed, NodeId n) {
  const Dom& dom = parsed.dom();
  std::string shown = label_of(dom, parsed.view().hidden, n);
  std::string told = folded(dom.attribute(n, "title"));
  if (shown.empty() && !told.empty()) return told;
  if (shown.empty()) {
    const NodeId image = dom.find(Tag::img, n);
    return image == no_node ? std::string() : folded(dom.attribute(image, "alt"));
  }
  std::string_view stem = shown;
  for (const std::string_view dots : {"...", "…", "……", ".."}) {
    if (stem.ends_with(dots)) stem.remove_suffix(dots.size());
  }
  return told.size() > shown.size() && told.starts_with(trim(stem)) ? told : shown;
}

// 回复/查看 as Discuz! has it in a cell, or with labels.
Reach reach_beside(const ParsedPage& parsed, NodeId entry) {
  const Dom& dom = parsed.dom();
  Reach reach;
  const std::string text = label_of(dom, parsed.view().hidden, entry);
  reach.views = labelled_number(text, {"查看", "浏览", "阅读", "点击", "人气"});
  reach.replies = labelled_number(text, {"回复", "回帖", "跟帖", "评论"});
  const NodeId cell = first_of_class(dom, entry, "num");
  if (cell != no_node && !reach.replies) {
    const NodeId replies = dom.find(Tag::a, cell), views = dom.find(Tag::em, cell);
    const auto number = [&](NodeId n) -> std::optional<long> {
      return n == no_node ? std::nullopt : labelled_number("=" + label_of(dom, parsed.view().hidden, n), {"="});
    };
    reach.replies = number(replies);
    reach.views = number(views);
  }
  return reach;
}

}  // namespace

int words_of(std::string_view title) {
  int words = 0;
  bool in_word = false;
  for (std::size_t at = 0; at < title.size();) {
    const char32_t c = next_char(title, at);
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_han(c) || (letter && !in_word)) ++words;
    in_word = letter;
  }
  return words;
}

std::optional<LinkCandidate> link_candidate(const ParsedPage& parsed, NodeId n, std::string_view href) {
  if (href.empty() || href.starts_with('#') || ascii_lower(href.substr(0, 11)) == "javascript:") return std::nullopt;
  LinkCandidate out;
  out.node = n;
  out.url = canonical_url(href, parsed.base());
  if (out.url.empty() || is_file(url_parts(out.url).path)) return std::nullopt;
  out.identity = document_url(out.url);
  if (out.identity == document_url(parsed.page().url)) return std::nullopt;
  out.title = title_of_link(parsed, n);
  out.words = words_of(out.title);
  return out;
}

std::vector<LinkCandidate> link_candidates(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  std::vector<LinkCandidate> out;
  for (NodeId n = 0; n < dom.size() && out.size() < candidates_max; ++n) {
    if (dom.tag(n) != Tag::a || parsed.view().hidden[std::size_t(n)]) continue;
    if (auto link = link_candidate(parsed, n, dom.attribute(n, "href"))) out.push_back(std::move(*link));
  }
  return out;
}

NodeId entry_of(const Dom& dom, const std::vector<LinkCandidate>& links, const std::vector<bool>& rivals,
                std::size_t index) {
  constexpr std::size_t neighbours_max = 64;  // links to the same place within one entry
  const auto is_rival = [&](std::size_t i) { return rivals[i] && links[i].identity != links[index].identity; };
  NodeId entry = links[index].node;
  for (NodeId n = dom.parent(entry); n != no_node && n != dom.body(); n = dom.parent(n)) {
    std::size_t seen = 0;
    bool shared = false;
    for (std::size_t i = index; !shared && i-- > 0 && dom.contains(n, links[i].node);) {
      shared = is_rival(i) || ++seen > neighbours_max;
    }
    for (std::size_t i = index + 1; !shared && i < links.size() && dom.contains(n, links[i].node); ++i) {
      shared = is_rival(i) || ++seen > neighbours_max;
    }
    if (shared) break;
    entry = n;
  }
  return entry;
}

std::optional<DateReading> date_beside(const ParsedPage& parsed, NodeId entry, NodeId link) {
  const Dom& dom = parsed.dom();
  const Time now = parsed.page().fetched_at;
  std::vector<bool> hidden = parsed.view().hidden;
  hidden[std::size_t(link)] = true;
  // The exact moment behind a vague word: <span title="2024-5-21 11:01">昨天</span>.
  for (NodeId n = entry; n < dom.end(entry); ++n) {
    if (dom.is_text(n) || dom.tag(n) == Tag::a || dom.contains(link, n)) continue;
    for (const char* const attribute : {"datetime", "title"}) {
      const std::string_view value = dom.attribute(n, attribute);
      if (value.empty() || value.size() > 40) continue;
      if (auto exact = read_date(value, now)) return exact;
    }
  }
  if (entry != link) {
    const std::vector<DateReading> dates = dates_in(label_of(dom, hidden, entry), now, 1);
    if (!dates.empty()) return dates.front();
  }
  // A list that puts the date into the link itself has it at its end.
  const std::string whole = label_of(dom, parsed.view().hidden, link);
  const std::vector<DateReading> inside = dates_in(whole, now, 4);
  if (!inside.empty() && inside.back().end == whole.size() && !inside.back().year_guessed) return inside.back();
  return std::nullopt;
}

Link offered_link(const ParsedPage& parsed, const LinkCandidate& from, NodeId entry) {
  Link link;
  link.url = from.url;
  link.title = from.title;
  if (const auto date = date_beside(parsed, entry, from.node)) {
    link.published_at = date->at;
    // A title that ends with its own date.
    const std::vector<DateReading> inside = dates_in(link.title, parsed.page().fetched_at, 4);
    if (!inside.empty() && inside.back().end == link.title.size() && inside.back().at == date->at &&
        inside.back().begin > 0) {
      link.title = std::string(trim(std::string_view(link.title).substr(0, inside.back().begin)));
    }
  }
  link.reach = reach_beside(parsed, entry);
  return link;
}

}  // namespace tingchao::crawler
