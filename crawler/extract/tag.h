#pragma once
// The names of HTML elements as an enum, and what each kind of element does to the text in it and
// around it. Names that HTML does not have are Tag::other; their node keeps the name.

#include <cstdint>
#include <string_view>

namespace tingchao::crawler {

enum class Tag : std::uint8_t {
  text,   // not an element
  other,  // an element of a name not listed
  a, abbr, address, applet, area, article, aside, audio, b, base, basefont, bgsound, big, blink,
  blockquote, body, br, button, canvas, caption, center, cite, code, col, colgroup, datalist, dd, del,
  details, dialog, dir, div, dl, dt, em, embed, fieldset, figcaption, figure, font, footer, form,
  frame, frameset, h1, h2, h3, h4, h5, h6, head, header, hgroup, hr, html, i, iframe, img, input,
  ins, keygen, label, legend, li, link, listing, main, map, mark, marquee, menu, meta, nav, nobr,
  noembed, noframes, noscript, object, ol, optgroup, option, p, param, plaintext, pre, q, rp, rt,
  ruby, s, samp, script, search, section, select, small, source, span, strike, strong, style, sub,
  summary, sup, svg, table, tbody, td, template_, textarea, tfoot, th, thead, time, title, tr,
  track, tt, u, ul, var, video, wbr, xmp,
};

Tag tag_of(std::string_view lower_case_name);
std::string_view name(Tag tag);

// Has no content and no end tag.
bool is_void(Tag tag);
// Content is text up to its own end tag, markup in it means nothing.
bool is_raw_text(Tag tag);
// Begins and ends a line.
bool is_block(Tag tag);
// Stands for nothing a reader sees: script, style, form controls, embedded things.
bool is_unseen(Tag tag);
// Marks up words within a line; its end tag may be misplaced without harm.
bool is_formatting(Tag tag);
bool is_heading(Tag tag);

}  // namespace tingchao::crawler
