// The body is one JSON value, perhaps wrapped in a function call (JSONP). The pointers lead to the
// list and from each item to its parts; an item without a title is left out and counted.

#include "crawler/extract/hotlist.h"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>

#include "core/json.h"
#include "core/markup.h"
#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/extract/feed_forms.h"
#include "crawler/extract/parsed_page.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {
namespace {

namespace json = boost::json;

// "callback({…});" → "{…}"
std::string_view without_call(std::string_view text) {
  text = trim(text);
  const auto open = text.find('(');
  if (text.starts_with('{') || text.starts_with('[') || open == text.npos || open > 100) return text;
  const auto close = text.rfind(')');
  return close == text.npos || close < open ? text : text.substr(open + 1, close - open - 1);
}

const json::value* at(const json::value& value, std::string_view pointer) {
  boost::system::error_code error;
  const json::value* found = value.find_pointer(pointer, error);
  return error ? nullptr : found;
}

// A text or a number, as text; empty when there is none.
std::string text_at(const json::value& item, std::string_view pointer) {
  const json::value* value = at(item, pointer);
  if (!value) return {};
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_number()) return json::serialize(*value);
  return {};
}

std::optional<long> number_at(const json::value& item, std::string_view pointer) {
  if (pointer.empty()) return {};
  const json::value* value = at(item, pointer);
  if (!value) return {};
  if (value->is_string()) return heat_number(std::string_view(value->get_string()));
  if (value->is_int64()) return static_cast<long>(value->get_int64());
  if (value->is_double() && std::abs(value->get_double()) < 1e15) return std::lround(value->get_double());
  return {};
}

std::vector<const json::value*> items_of(const json::value& list) {
  std::vector<const json::value*> items;
  if (list.is_array())
    for (const json::value& item : list.get_array()) items.push_back(&item);
  else
    for (const auto& member : list.get_object()) items.push_back(&member.value());
  return items;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 15]);
    }
  }
  return out;
}

// `blank` carries what all items share.
Document document_of(const HotItem& item, const Page& page, const Document& blank) {
  Document document = blank;
  document.url = canonical_url(item.url);
  // The list's own address with the title behind it: opens the list, and names the item.
  if (document.url.empty()) document.url = canonical_url(page.url) + "#" + percent_encoded(item.title);
  document.title = item.title;
  document.published_at = page.fetched_at;
  document.published_by = DateOrigin::feed;
  document.published_to_the_minute = true;
  document.reach.rank = item.rank;
  document.reach.heat = item.heat;
  document.layer = "hotlist";
  seal(document);
  return document;
}

}  // namespace

std::optional<long> heat_number(std::string_view text) {
  std::size_t at = text.find_first_of("0123456789");
  if (at == text.npos) return {};
  double value = 0, digit_worth = 0;  // 0: before the point
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      if (digit_worth == 0) {
        value = value * 10 + (c - '0');
      } else {
        value += (c - '0') * digit_worth;
        digit_worth /= 10;
      }
    } else if (c == '.' && digit_worth == 0) {
      digit_worth = 0.1;
    } else if (c != ',') {
      break;
    }
    if (value > 1e15) return {};
  }
  const std::string_view unit = trim(text.substr(at));
  if (unit.starts_with("万") || unit.starts_with("萬") || unit.starts_with('w') || unit.starts_with('W')) value *= 1e4;
  if (unit.starts_with("亿") || unit.starts_with("億")) value *= 1e8;
  if (unit.starts_with("千") || unit.starts_with('k') || unit.starts_with('K')) value *= 1e3;
  if (value > 1e15) return {};
  return std::lround(value);
}

std::string pointer_mistake(std::string_view pointer) {
  if (!pointer.empty() && !pointer.starts_with('/')) return "must be empty or start with '/'";
  for (auto tilde = pointer.find('~'); tilde != pointer.npos; tilde = pointer.find('~', tilde + 1))
    if (tilde + 1 >= pointer.size() || (pointer[tilde + 1] != '0' && pointer[tilde + 1] != '1'))
      return "'~' stands only in ~0 (for ~) and ~1 (for /)";
  return {};
}

Result<Hotlist> parse_hotlist(std::string_view utf8, const HotlistPointers& pointers, std::string_view base_url) {
  const std::string place(base_url);
  for (const std::string* pointer : {&pointers.items, &pointers.title, &pointers.url, &pointers.rank, &pointers.heat})
    if (const std::string mistake = pointer_mistake(*pointer); !mistake.empty())
      return Error{Errc::bad_rule, "hotlist pointer '" + *pointer + "': " + mistake, "write a JSON pointer (RFC 6901)"};
  const Result<json::value> root = parse_json(without_call(utf8));
  if (!root) return Error{Errc::bad_markup, place + ": " + root.error().detail, root.error().mend};
  const json::value* list = at(*root, pointers.items);
  if (!list || !(list->is_array() || list->is_object()))
    return Error{Errc::bad_markup, place + ": hotlist pointer items '" + pointers.items + "' leads to no list",
                 "look at the answer and correct hotlist.items"};

  Hotlist out;
  int untitled = 0, position = 0;
  for (const json::value* value : items_of(*list)) {
    ++position;
    if (out.items.size() >= hotlist_items_max) break;
    HotItem item;
    item.title = plain_line(escape_markup(text_at(*value, pointers.title)));
    if (item.title.empty()) {
      ++untitled;
      continue;
    }
    const std::string url = pointers.url.empty() ? std::string() : text_at(*value, pointers.url);
    if (!url.empty()) item.url = resolve_reference(url, base_url).value_or("");
    const long rank = number_at(*value, pointers.rank).value_or(position);
    item.rank = static_cast<int>(std::clamp<long>(rank, 1, 1'000'000));
    item.heat = number_at(*value, pointers.heat);
    out.items.push_back(std::move(item));
  }
  if (out.items.empty() && untitled > 0)
    return Error{Errc::bad_markup,
                 place + ": hotlist pointer title '" + pointers.title + "' leads nowhere in any of " +
                     std::to_string(untitled) + " items",
                 "look at the answer and correct hotlist.title"};
  if (untitled > 0) out.note = std::to_string(untitled) + " items without a title left out";
  return out;
}

Result<Extracted> extract_hotlist(const Page& page, const Source& source) {
  Decoded decoded = decode(page.body, header(page.headers, "content-type"));
  const Result<Hotlist> list = parse_hotlist(decoded.text, source.hotlist, page.url);
  if (!list) return list.error();
  Extracted out;
  out.charset = std::move(decoded.charset);
  out.note = list->note;
  const Document blank = blank_document(page, source, {});
  for (const HotItem& item : list->items) out.documents.push_back(document_of(item, page, blank));
  return out;
}

}  // namespace tingchao::crawler
