// A page names itself up to four times: in <title> with the site's name behind, in og:title mostly
// without, in a headline and perhaps in structured data. A headline that is contained in <title> is
// believed before all; where there is none, the site's name is cut off by its looks.

#include "crawler/extract/title.h"

#include <algorithm>
#include <vector>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

// Between a title and the name of the site. A single '-' or '|' only counts with blanks around it or
// Chinese before it, for it stands in words too.
constexpr std::string_view separators[] = {"_", "|",  "--", "——",  " - ", " – ", " — ", "－",
                                           "-", "｜", "»",  " · ", "::",  "<",   ">"};

struct Cut {
  std::size_t at = std::string_view::npos;
  std::size_t length = 0;
};

Cut last_separator(std::string_view title) {
  Cut best;
  for (const std::string_view separator : separators) {
    const std::size_t at = title.rfind(separator);
    if (at == std::string_view::npos || at == 0) continue;
    if (separator == "-" && (static_cast<unsigned char>(title[at - 1]) < 0x80 && title[at - 1] != ' ')) continue;
    if (best.at == std::string_view::npos || at + separator.size() > best.at + best.length)
      best = {at, separator.size()};
  }
  return best;
}

bool names_a_site(std::string_view part, std::string_view separator) {
  static constexpr std::string_view words[] = {
      "网", "新闻", "频道", "日报", "晚报", "论坛", "在线", "资讯", "门户", "客户端", "头条", "首页", "社区", "贴吧", "百科", "知道",
      "政府", "教育局", "委员会", "官网", "官方", "专栏", "订阅", "媒体", "财经", "博客", "微博", "中心", "栏目", "公众号", "时报",
      "Powered", ".com", ".COM", ".cn", ".CN", "News", "Forum", "Discuz"};
  // A school in a forum's title may be what it is about; behind a lesser separator it stays.
  static constexpr std::string_view schools[] = {"小学", "中学", "学校", "大学", "学院", "幼儿园"};
  if (separator != "-" && separator != "－" &&
      std::any_of(std::begin(schools), std::end(schools),
                  [&](std::string_view word) { return part.ends_with(word); })) {
    return true;
  }
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return part.find(word) != std::string_view::npos; });
}

// A headline on the page that the <title> repeats.
struct Headline {
  std::string text;
  std::size_t line = 0;
  int rank = 0;
};

int headline_rank(const PageView& page, const Line& line) {
  const Dom& dom = page.dom;
  int rank = 0;
  for (NodeId n = dom.parent(line.node), up = 0; n != no_node && up < 4; n = dom.parent(n), ++up) {
    if (dom.tag(n) == Tag::h1) return 3;
    if (is_heading(dom.tag(n))) rank = std::max(rank, 2);
    const std::string names =
        ascii_lower(std::string(dom.attribute(n, "class")) + " " + std::string(dom.attribute(n, "id")));
    if (names.find("title") != std::string::npos || names.find("subject") != std::string::npos)
      rank = std::max(rank, 1);
  }
  return rank;
}

// The line that shows `wanted` (bare), best as a heading.
std::optional<std::size_t> line_showing(const PageView& page, std::string_view wanted) {
  std::optional<std::size_t> found;
  int best = -1;
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const Line& line = page.lines[i];
    if (line.text.size() > 3 * wanted.size() + 60) continue;
    const std::string text = bare(line.text);
    if (!text.starts_with(wanted) || text.size() > wanted.size() + 30) continue;
    const int rank = headline_rank(page, line) * 2 + (line.linked * 2 < line.words ? 1 : 0);
    if (rank > best) {
      best = rank;
      found = i;
    }
  }
  return found;
}

Headline best_headline(const PageView& page, const std::string& page_title) {
  const std::string whole = bare(page_title);
  Headline best;
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const Line& line = page.lines[i];
    if (line.text.size() > 600 || line.words < 4) continue;
    const int rank = headline_rank(page, line);
    if (rank == 0) continue;
    const std::string text = bare(line.text);
    // <title> must begin with it: what it ends with is the site's name, and headings carry that too.
    if (text.size() < 8 || !whole.starts_with(text)) continue;
    const std::size_t score = text.size() * 4 + std::size_t(rank);
    if (score > bare(best.text).size() * 4 + std::size_t(best.rank)) best = {line.text, i, rank};
  }
  return best;
}

}  // namespace

std::string bare(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_char(text, at);
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || is_han(c) || (c >= 0xC0 && c < 0x2000)) out.append(text.substr(start, at - start));
  }
  return ascii_lower(out);
}

std::string without_site_name(std::string_view title, std::string_view site_name) {
  std::string_view rest = trim(title);
  const std::string site = bare(site_name);
  for (int parts = 0; parts < 5; ++parts) {
    const Cut cut = last_separator(rest);
    if (cut.at == std::string_view::npos) break;
    const std::string_view head = trim(rest.substr(0, cut.at));
    const std::string_view tail = trim(rest.substr(cut.at + cut.length));
    const std::size_t tail_chars = count_chars(tail);
    if (bare(head).empty() || count_chars(head) < 4) break;
    const bool is_site = !site.empty() && bare(tail).find(site) != std::string::npos;
    const std::string_view separator = rest.substr(cut.at, cut.length);
    const bool keyword = separator == "|" && tail_chars <= 8;
    const bool column =
        (separator == "_" || separator == "--") && tail_chars <= 6 && tail_chars * 2 <= count_chars(head);
    if (!is_site && !keyword && !column && !(names_a_site(tail, separator) && tail_chars <= 24)) break;
    rest = head;
  }
  return std::string(rest);
}

// The part of <title> before its last separator, when the page shows just that and nothing longer as a line
// of its own: what is behind it is the site, whatever its name.
std::string shown_part(const PageView& page, std::string_view title) {
  for (int parts = 0; parts < 4; ++parts) {
    const Cut cut = last_separator(title);
    if (cut.at == std::string_view::npos) return {};
    title = trim(title.substr(0, cut.at));
    const std::string wanted = bare(title);
    if (count_chars(title) < 6 || wanted.empty()) return {};
    for (const Line& line : page.lines)
      if (line.linked * 2 <= line.words && line.text.size() <= title.size() + 6 && bare(line.text) == wanted)
        return std::string(title);
  }
  return {};
}

PageTitle page_title(const PageView& page, const PageMeta& meta, std::string_view headline) {
  const std::string_view site = meta.first({"og:site_name", "sitename", "application-name"});
  PageTitle title;
  title.text = folded(meta.first({"articletitle"}));
  const Headline shown = best_headline(page, meta.page_title());
  if (title.text.empty() && !shown.text.empty()) {
    title.text = shown.text;
    title.line = shown.line;
  }
  if (title.text.empty()) {
    const std::string open_graph = folded(meta.first({"og:title", "twitter:title"}));
    title.text = without_site_name(open_graph, site);
  }
  if (title.text.empty()) title.text = without_site_name(folded(headline), site);
  if (title.text.empty()) title.text = shown_part(page, trim(meta.page_title()));
  if (title.text.empty()) title.text = without_site_name(meta.page_title(), site);
  if (!title.line) {
    const std::string wanted = bare(title.text);
    if (wanted.size() >= 6) title.line = line_showing(page, wanted);
  }
  if (title.text.empty()) {
    // No title anywhere: the first heading.
    for (std::size_t i = 0; i < page.lines.size() && title.text.empty(); ++i) {
      if (headline_rank(page, page.lines[i]) < 2) continue;
      title.text = page.lines[i].text;
      title.line = i;
    }
  }
  return title;
}

}  // namespace tingchao::crawler
