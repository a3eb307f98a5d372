// One sorted table of names, indexed by the enum; the properties are small sets over the enum.

#include "crawler/extract/tag.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace tingchao::crawler {
namespace {

// In the order of the enum, which is the order of the alphabet.
constexpr std::string_view names[] = {
    "a", "abbr", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont",
    "bgsound", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center",
    "cite", "code", "col", "colgroup", "datalist", "dd", "del", "details", "dialog", "dir", "div", "dl", "dt",
    "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i",
    "iframe", "img", "input", "ins", "keygen", "label", "legend", "li", "link", "listing", "main",
    "map", "mark", "marquee", "menu", "meta", "nav", "nobr", "noembed", "noframes", "noscript",
    "object", "ol", "optgroup", "option", "p", "param", "plaintext", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "script", "search", "section", "select", "small", "source", "span",
    "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td",
    "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u",
    "ul", "var", "video", "wbr", "xmp",
};
constexpr int first_named = int(Tag::a);

using Set = std::array<bool, 256>;

template <std::size_t N>
constexpr Set set_of(const Tag (&tags)[N]) {
  Set set{};
  for (const Tag tag : tags) set[std::size_t(tag)] = true;
  return set;
}

constexpr Set voids = set_of({Tag::area, Tag::base, Tag::basefont, Tag::bgsound, Tag::br, Tag::col, Tag::embed,
                              Tag::frame, Tag::hr, Tag::img, Tag::input, Tag::keygen, Tag::link, Tag::meta,
                              Tag::param, Tag::source, Tag::track, Tag::wbr});

constexpr Set raw_texts = set_of({Tag::script, Tag::style, Tag::textarea, Tag::title, Tag::xmp, Tag::iframe,
                                  Tag::noembed, Tag::noframes});

constexpr Set blocks = set_of({Tag::address, Tag::article, Tag::aside, Tag::blockquote, Tag::body, Tag::caption,
                               Tag::center, Tag::dd, Tag::details, Tag::dialog, Tag::dir, Tag::div, Tag::dl, Tag::dt,
                               Tag::fieldset, Tag::figcaption, Tag::figure, Tag::footer, Tag::form, Tag::frameset,
                               Tag::h1, Tag::h2, Tag::h3, Tag::h4, Tag::h5, Tag::h6, Tag::header, Tag::hgroup,
                               Tag::hr, Tag::html, Tag::legend, Tag::li, Tag::listing, Tag::main, Tag::menu, Tag::nav,
                               Tag::ol, Tag::optgroup, Tag::option, Tag::p, Tag::plaintext, Tag::pre, Tag::search,
                               Tag::section, Tag::summary, Tag::table, Tag::tbody, Tag::tfoot, Tag::thead, Tag::tr,
                               Tag::ul, Tag::xmp});

constexpr Set unseen = set_of({Tag::applet, Tag::area, Tag::audio, Tag::base, Tag::button, Tag::canvas, Tag::datalist,
                               Tag::embed, Tag::frame, Tag::head, Tag::iframe, Tag::input, Tag::link, Tag::map,
                               Tag::meta, Tag::noembed, Tag::noframes, Tag::object, Tag::optgroup, Tag::option,
                               Tag::param, Tag::rp, Tag::rt, Tag::script, Tag::select, Tag::source, Tag::style,
                               Tag::svg, Tag::template_, Tag::textarea, Tag::title, Tag::track, Tag::video});

constexpr Set formatting = set_of({Tag::a,      Tag::abbr,   Tag::b,    Tag::big,  Tag::cite, Tag::code,  Tag::em,
                                   Tag::font,   Tag::i,      Tag::mark, Tag::nobr, Tag::s,    Tag::small, Tag::span,
                                   Tag::strike, Tag::strong, Tag::sub,  Tag::sup,  Tag::tt,   Tag::u});

}  // namespace

Tag tag_of(std::string_view lower_case_name) {
  const auto found = std::lower_bound(std::begin(names), std::end(names), lower_case_name);
  if (found == std::end(names) || *found != lower_case_name) return Tag::other;
  return Tag(first_named + int(found - std::begin(names)));
}

std::string_view name(Tag tag) {
  if (tag == Tag::text) return "#text";
  return tag == Tag::other ? "other" : names[int(tag) - first_named];
}

bool is_void(Tag tag) { return voids[std::size_t(tag)]; }
bool is_raw_text(Tag tag) { return raw_texts[std::size_t(tag)]; }
bool is_block(Tag tag) { return blocks[std::size_t(tag)]; }
bool is_unseen(Tag tag) { return unseen[std::size_t(tag)]; }
bool is_formatting(Tag tag) { return formatting[std::size_t(tag)]; }
bool is_heading(Tag tag) { return tag >= Tag::h1 && tag <= Tag::h6; }

}  // namespace tingchao::crawler
