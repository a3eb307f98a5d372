// One walk in document order. The ends of the blocks around the current node are kept on a small
// stack, so that leaving a block breaks the line as entering one does.

#include "crawler/extract/page_text.h"

#include <algorithm>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

// How much a white space character separates: not at all, as a soft source space, or for good.
enum class Space { none, invisible, soft, soft_break, hard };

Space space_of(char32_t c) {
  switch (c) {
    case U'\n': case U'\r': return Space::soft_break;
    case U' ': case U'\t': case U'\f': return Space::soft;
    case 0x00A0: case 0x3000: case 0x1680: case 0x202F: case 0x205F: return Space::hard;
    case 0x00AD: case 0x200B: case 0x2060: case 0xFEFF: case 0x200E: case 0x200F: return Space::invisible;
    default: return c >= 0x2000 && c <= 0x200A ? Space::hard : c < 0x20 ? Space::invisible : Space::none;
  }
}

// Characters between which a line break of the source means nothing (CSS Text 3, §4.1.3).
bool is_wide(char32_t c) { return is_han(c) || (c >= 0x3001 && c <= 0x30FF) || (c >= 0xFF00 && c <= 0xFFEF); }

bool is_mark(char32_t c) {
  switch (c) {
    case U'，': case U'。': case U'；': case U'：': case U'！': case U'？': case U'、': case U'…': case U'“': return true;
    default: return false;
  }
}

bool is_word(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c < 0x2000);
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

class LineWriter {
 public:
  void add(NodeId node, std::string_view text, bool linked, bool preformatted) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t start = at;
      const char32_t c = next_char(text, at);
      const Space space = space_of(c);
      if (space == Space::invisible) continue;
      if (space != Space::none) {
        if (preformatted && c == U'\n') {
          end_line();
        } else {
          pending_ = std::max(pending_, space);
        }
        continue;
      }
      put(node, c, text.substr(start, at - start), linked);
    }
  }

  void separate() { pending_ = Space::hard; }

  void end_line() {
    if (!line_.text.empty()) lines_.push_back(std::move(line_));
    line_ = {};
    pending_ = Space::none;
    previous_ = 0;
  }

  std::vector<Line> done() {
    end_line();
    return std::move(lines_);
  }

 private:
  void put(NodeId node, char32_t c, std::string_view bytes, bool linked) {
    // Numbers in two elements side by side are two numbers, held apart by a style that is not seen here.
    if (pending_ == Space::none && node != line_.last && is_digit(previous_) && is_digit(c)) pending_ = Space::soft;
    if (line_.text.empty()) {
      line_.node = node;
    } else if (pending_ != Space::none) {
      const bool joined = pending_ == Space::soft_break && is_wide(previous_) && is_wide(c);
      if (!joined) {
        line_.text.push_back(' ');
        previous_ = U' ';
      }
    }
    pending_ = Space::none;
    line_.text.append(bytes);
    line_.last = node;
    count(c, linked);
    previous_ = c;
  }

  void count(char32_t c, bool linked) {
    if (is_han(c)) {
      ++line_.han;
    } else if (is_mark(c) || ((c == ',' || c == '.' || c == '!' || c == '?' || c == ';') && is_word(previous_))) {
      ++line_.marks;
      return;
    } else if (!is_word(c) || is_word(previous_)) {
      return;
    }
    ++line_.words;
    if (linked) ++line_.linked;
  }

  std::vector<Line> lines_;
  Line line_;
  Space pending_ = Space::none;
  char32_t previous_ = 0;
};

std::string without_blanks(std::string_view text) {
  std::string out = ascii_lower(text);
  out.erase(std::remove_if(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; }),
            out.end());
  return out;
}

bool is_hidden(const Dom& dom, NodeId n) {
  const Tag tag = dom.tag(n);
  if (is_unseen(tag)) return true;
  for (const HtmlAttribute& attribute : dom.attributes(n)) {
    if (attribute.name == "hidden") return attribute.value != "until-found";
    if (attribute.name == "class") {
      if (dom.has_class(n, "jammer")) return true;
    } else if (attribute.name == "style" && !attribute.value.empty()) {
      const std::string style = without_blanks(attribute.value);
      if (style.find("display:none") != std::string::npos) return true;
      // Whole articles are made visible by a script once it runs; words within a line are not.
      const bool small = is_formatting(tag) || tag == Tag::p;
      const std::size_t size = style.find("font-size:0");
      const bool no_size = size != std::string::npos && style.substr(size + 11, 1).find_first_of(".123456789") != 0;
      if (small && (style.find("visibility:hidden") != std::string::npos || no_size)) return true;
    }
  }
  return false;
}

struct Enclosing {
  NodeId end;
  Tag tag;
};

}  // namespace

std::vector<bool> hidden_nodes(const Dom& dom, Noscript noscript) {
  std::vector<bool> hidden(std::size_t(dom.size()));
  for (NodeId n = 0; n < dom.size(); ++n) {
    const NodeId parent = dom.parent(n);
    const bool above = parent != no_node && hidden[std::size_t(parent)];
    const bool unseen =
        dom.tag(n) == Tag::noscript ? noscript == Noscript::hidden : !dom.is_text(n) && is_hidden(dom, n);
    hidden[std::size_t(n)] = above || unseen;
  }
  return hidden;
}

std::vector<Line> lines_of(const Dom& dom, const std::vector<bool>& hidden, NodeId within) {
  LineWriter writer;
  std::vector<Enclosing> around;  // what ends a line, makes a link or keeps line breaks
  int links = 0, preformatted = 0;
  const auto leave = [&] {
    const Tag tag = around.back().tag;
    if (tag == Tag::a) --links;
    if (tag == Tag::pre || tag == Tag::listing) --preformatted;
    if (is_block(tag)) writer.end_line();
    around.pop_back();
  };
  for (NodeId n = within; n < dom.end(within);) {
    while (!around.empty() && around.back().end <= n) leave();
    if (hidden[std::size_t(n)] && n != within) {
      n = dom.end(n);
      continue;
    }
    const Tag tag = dom.tag(n);
    if (tag == Tag::text) {
      writer.add(n, dom.text(n), links > 0, preformatted > 0);
    } else if (tag == Tag::br) {
      writer.end_line();
    } else if (is_block(tag) || tag == Tag::a) {
      if (is_block(tag)) writer.end_line();
      if (tag == Tag::a) ++links;
      if (tag == Tag::pre || tag == Tag::listing) ++preformatted;
      around.push_back({dom.end(n), tag});
    } else if (tag == Tag::td || tag == Tag::th) {
      writer.separate();
    }
    ++n;
  }
  while (!around.empty()) leave();
  return writer.done();
}

PageView::PageView(const Dom& parsed) : dom(parsed), hidden(hidden_nodes(parsed)), lines(lines_of(parsed, hidden)) {
  constexpr int words_min = 60;
  const auto words_of = [](const std::vector<Line>& some) {
    int words = 0;
    for (const Line& line : some) words += line.words;
    return words;
  };
  const int shown = words_of(lines);
  if (shown >= words_min || dom.find(Tag::noscript) == no_node) return;
  std::vector<bool> with_noscript = hidden_nodes(dom, Noscript::seen);
  std::vector<Line> more = lines_of(dom, with_noscript);
  if (words_of(more) < 2 * shown + words_min) return;
  hidden = std::move(with_noscript);
  lines = std::move(more);
}

PageView::Range PageView::lines_in(NodeId node) const {
  const auto before = [](const Line& line, NodeId n) { return line.node < n; };
  const auto begin = std::lower_bound(lines.begin(), lines.end(), node, before);
  const auto end = std::lower_bound(begin, lines.end(), dom.end(node), before);
  return {std::size_t(begin - lines.begin()), std::size_t(end - lines.begin())};
}

std::string text_of(const Dom& dom, const std::vector<bool>& hidden, NodeId within) {
  std::string out;
  for (const Line& line : lines_of(dom, hidden, within)) {
    if (!out.empty()) out.push_back('\n');
    out += line.text;
  }
  return out;
}

std::string label_of(const Dom& dom, const std::vector<bool>& hidden, NodeId within) {
  std::string out = text_of(dom, hidden, within);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

std::string folded(std::string_view text) {
  LineWriter writer;
  writer.add(0, text, false, false);
  const std::vector<Line> lines = writer.done();
  return lines.empty() ? std::string() : lines.front().text;
}

}  // namespace tingchao::crawler
