// One cursor runs over the buffer once. The only look-aheads are for the end of a comment and of raw
// text; each that fails is remembered, so that a page of a million unclosed <title> stays linear.

#include "crawler/extract/html_tokens.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_map>

#include <libxml/HTMLparser.h>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

std::string_view view(const char* begin, const char* end) { return {begin, std::size_t(end - begin)}; }

char* find(char* begin, char* end, char c) {
  void* const found = begin < end ? std::memchr(begin, c, std::size_t(end - begin)) : nullptr;
  return found ? static_cast<char*>(found) : end;
}

// The named references of HTML 4, as libxml2 lists them; the rest of HTML 5's is mathematics.
const std::unordered_map<std::string_view, char32_t>& named_references() {
  static const std::unordered_map<std::string_view, char32_t> names = [] {
    std::unordered_map<std::string_view, char32_t> map;
    for (unsigned code = 34; code < 10'000; ++code) {
      const htmlEntityDesc* const entity = htmlEntityValueLookup(code);
      if (entity) map.emplace(entity->name, char32_t(code));
    }
    map.insert({{"apos", U'\''}, {"NewLine", U'\n'}, {"Tab", U'\t'}, {"AMP", U'&'}, {"LT", U'<'}, {"GT", U'>'}});
    return map;
  }();
  return names;
}

// What pages mean by &#128; to &#159;: the characters of windows-1252.
constexpr char32_t windows_1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                       0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t numeric(char32_t code) {
  if (code >= 0x80 && code <= 0x9F) return windows_1252[code - 0x80];
  const bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
  if (control || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0xFFFD;
  return code;
}

struct Reference {
  char32_t c = 0;
  std::size_t length = 0;  // of the source, from '&'; 0: no reference
};

Reference read_numeric(std::string_view text) {
  std::size_t i = 2;
  const bool hex = i < text.size() && lower(text[i]) == 'x';
  if (hex) ++i;
  const std::size_t first = i;
  char32_t code = 0;
  for (; i < text.size(); ++i) {
    const char c = lower(text[i]);
    const int digit = is_digit(c) ? c - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) break;
    code = std::min<char32_t>(code * (hex ? 16 : 10) + char32_t(digit), 0x110000);
  }
  if (i == first) return {};
  if (i < text.size() && text[i] == ';') ++i;
  return {numeric(code), i};
}

Reference read_named(std::string_view text, bool in_attribute) {
  constexpr std::size_t name_max = 8;  // "thetasym"
  std::size_t end = 1;
  while (end < text.size() && end <= name_max && (is_letter(text[end]) || is_digit(text[end]))) ++end;
  const auto& names = named_references();
  if (end < text.size() && text[end] == ';') {
    const auto found = names.find(text.substr(1, end - 1));
    if (found != names.end()) return {found->second, end + 1};
  }
  // Latin-1's names, and the markup characters', may come without ';' and run into the next word.
  for (std::size_t length = std::min<std::size_t>(end - 1, 6); length >= 2; --length) {
    const auto found = names.find(text.substr(1, length));
    if (found == names.end() || found->second > 0xFF || found->first == "apos") continue;
    const char next = 1 + length < text.size() ? text[1 + length] : ' ';
    if (in_attribute && (next == '=' || is_letter(next) || is_digit(next))) return {};
    return {found->second, 1 + length};
  }
  return {};
}

}  // namespace

std::string_view resolve_references(char* text, std::size_t size, bool in_attribute) {
  char* const end = text + size;
  char* read = find(text, end, '&');
  char* write = read;
  while (read < end) {
    const std::string_view rest = view(read, end);
    Reference found;
    if (rest.size() > 2) found = rest[1] == '#' ? read_numeric(rest) : read_named(rest, in_attribute);
    if (found.length > 0) {
      std::string bytes;
      append_char(bytes, found.c);
      write = std::copy(bytes.begin(), bytes.end(), write);
      read += found.length;
    } else {
      *write++ = *read++;
    }
    char* const next = find(read, end, '&');
    std::memmove(write, read, std::size_t(next - read));
    write += next - read;
    read = next;
  }
  return view(text, write);
}

bool HtmlTokens::next(HtmlToken& token) {
  token.attributes.clear();
  token.self_closing = false;
  if (raw_ != Tag::text && raw_text(token)) return true;
  while (at_ < end_) {
    char* const start = at_;
    if (*at_ == '<' && markup(token)) return true;
    if (at_ != start) continue;  // a comment went by
    // Text up to the next '<' that begins markup; a lone one belongs to the text.
    at_ = find(at_ + 1, end_, '<');
    while (at_ < end_ && at_ + 1 < end_ && !is_letter(at_[1]) && at_[1] != '/' && at_[1] != '!' && at_[1] != '?') {
      at_ = find(at_ + 1, end_, '<');
    }
    token.kind = HtmlToken::Kind::text;
    token.tag = Tag::text;
    token.text = resolve_references(start, std::size_t(at_ - start), false);
    return true;
  }
  return false;
}

// At a '<'. True: `token` is a tag. False with at_ moved: something without meaning was skipped;
// with at_ unmoved: it is text.
bool HtmlTokens::markup(HtmlToken& token) {
  char* const after = at_ + 1;
  if (after >= end_) return false;
  if (is_letter(*after)) {
    token.kind = HtmlToken::Kind::start;
    read_tag(token, after);
    if (is_raw_text(token.tag) && !token.self_closing) raw_ = token.tag;
    return true;
  }
  if (*after == '/' && after + 1 < end_ && is_letter(after[1])) {
    token.kind = HtmlToken::Kind::end;
    read_tag(token, after + 1);
    return true;
  }
  if (*after == '!' || *after == '?' || *after == '/') skip_comment();
  return false;
}

void HtmlTokens::skip_comment() {
  const std::string_view rest = view(at_, end_);
  if (!rest.starts_with("<!--")) {
    char* const close = find(at_, end_, '>');
    at_ = close < end_ ? close + 1 : end_;
    return;
  }
  if (rest.starts_with("<!-->") || rest.starts_with("<!--->")) {
    at_ = find(at_, end_, '>') + 1;
    return;
  }
  for (char* dash = at_ + 4; (dash = find(dash, end_, '-')) < end_; ++dash) {
    const std::string_view tail = view(dash, end_);
    if (tail.starts_with("-->") || tail.starts_with("--!>")) {
      at_ = dash + (tail[2] == '>' ? 3 : 4);
      return;
    }
  }
  at_ = end_;
}

void HtmlTokens::read_tag(HtmlToken& token, char* name) {
  at_ = name;
  while (at_ < end_ && !is_space(*at_) && *at_ != '/' && *at_ != '>') {
    *at_ = lower(*at_);
    ++at_;
  }
  token.name = view(name, at_);
  token.tag = tag_of(token.name);
  token.text = {};
  while (read_attribute(token)) {
  }
}

// False when the tag is over; at_ is then behind it.
bool HtmlTokens::read_attribute(HtmlToken& token) {
  while (at_ < end_ && (is_space(*at_) || *at_ == '/')) {
    token.self_closing = *at_ == '/' && at_ + 1 < end_ && at_[1] == '>';
    ++at_;
  }
  if (at_ >= end_) return false;
  if (*at_ == '>') {
    ++at_;
    return false;
  }
  char* const name = at_;
  ++at_;  // a leading '=' is part of the name
  while (at_ < end_ && !is_space(*at_) && *at_ != '/' && *at_ != '>' && *at_ != '=') ++at_;
  std::transform(name, at_, name, lower);
  HtmlAttribute attribute{view(name, at_), {}};
  while (at_ < end_ && is_space(*at_)) ++at_;
  if (at_ < end_ && *at_ == '=') {
    ++at_;
    attribute.value = attribute_value();
  }
  auto& known = token.attributes;
  const bool again = std::any_of(known.begin(), known.end(),
                                 [&](const HtmlAttribute& a) { return a.name == attribute.name; });
  if (!again && known.size() < attributes_max) known.push_back(attribute);
  return true;
}

std::string_view HtmlTokens::attribute_value() {
  while (at_ < end_ && is_space(*at_)) ++at_;
  if (at_ >= end_ || *at_ == '>') return {};
  char* start = at_;
  char* stop;
  if (*at_ == '"' || *at_ == '\'') {
    start = at_ + 1;
    stop = find(start, end_, *at_);
    at_ = stop < end_ ? stop + 1 : end_;
  } else {
    while (at_ < end_ && !is_space(*at_) && *at_ != '>') ++at_;
    stop = at_;
  }
  return resolve_references(start, std::size_t(stop - start), true);
}

// The content of a raw element up to its end tag. False when there is none to give.
bool HtmlTokens::raw_text(HtmlToken& token) {
  const Tag element = raw_;
  raw_ = Tag::text;
  if (unclosed_[std::size_t(element)]) return false;
  const std::string_view wanted = name(element);
  for (char* open = at_; (open = find(open, end_, '<')) < end_; ++open) {
    const std::string_view rest = view(open, end_);
    if (rest.size() < wanted.size() + 3 || rest[1] != '/') continue;
    const char behind = rest[2 + wanted.size()];
    if (!is_space(behind) && behind != '>' && behind != '/') continue;
    if (!std::equal(wanted.begin(), wanted.end(), rest.begin() + 2, [](char a, char b) { return a == lower(b); }))
      continue;
    if (open == at_) return false;
    token.kind = HtmlToken::Kind::text;
    token.tag = Tag::text;
    const bool plain = element != Tag::title && element != Tag::textarea;
    token.text = plain ? view(at_, open) : resolve_references(at_, std::size_t(open - at_), false);
    at_ = open;
    return true;
  }
  // Never closed. A script runs to the end of the page, as in a browser; of the others, what a browser
  // would hide is read as page instead.
  unclosed_[std::size_t(element)] = true;
  if (element != Tag::script && element != Tag::style) return false;
  token.kind = HtmlToken::Kind::text;
  token.tag = Tag::text;
  token.text = view(at_, end_);
  at_ = end_;
  return !token.text.empty();
}

}  // namespace tingchao::crawler
