// JSON Feed 1.0 and 1.1 (jsonfeed.org): one object with "items".

#include <boost/json.hpp>

#include "core/json.h"
#include "core/markup.h"
#include "core/utf8.h"
#include "crawler/extract/feed_date.h"
#include "crawler/extract/feed_forms.h"
#include "crawler/url_reference.h"

namespace tingchao::crawler {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) return {};
  if (value->is_string()) return std::string(cut_bytes(std::string_view(value->get_string()), feed_field_bytes_max));
  if (value->is_number()) return json::serialize(*value);  // ids are numbers often enough
  return {};
}

std::string author_of(const json::object& object) {
  if (const json::value* authors = object.if_contains("authors"); authors && authors->is_array())
    for (const json::value& author : authors->get_array())
      if (author.is_object()) return text_of(author.get_object(), "name");
  if (const json::value* author = object.if_contains("author"); author && author->is_object())
    return text_of(author->get_object(), "name");
  return {};
}

Entry entry_of(const json::object& item, std::string_view base_url) {
  Entry entry;
  entry.id = text_of(item, "id");
  for (const char* name : {"url", "external_url"}) {
    const std::string url = text_of(item, name);
    if (entry.url.empty() && !url.empty()) entry.url = resolve_reference(url, base_url).value_or("");
  }
  entry.title = plain_line(escape_markup(text_of(item, "title")));
  entry.content_html = text_of(item, "content_html");
  if (entry.content_html.empty()) entry.content_html = escape_markup(text_of(item, "content_text"));
  entry.summary_html = escape_markup(text_of(item, "summary"));
  entry.author = author_of(item);
  const auto published = parse_feed_date(text_of(item, "date_published"));
  const auto updated = parse_feed_date(text_of(item, "date_modified"));
  if (published) entry.published = published->at;
  if (updated) entry.updated = updated->at;
  entry.to_the_minute = published ? published->to_the_minute : updated && updated->to_the_minute;
  return entry;
}

}  // namespace

Result<Feed> parse_json_feed(std::string_view utf8, std::string_view base_url) {
  const Result<json::value> root = parse_json(utf8);
  const std::string place(base_url);
  if (!root) return Error{Errc::bad_markup, place + ": " + root.error().detail, root.error().mend};
  const json::value* items = root->is_object() ? root->get_object().if_contains("items") : nullptr;
  if (!items || !items->is_array())
    return Error{Errc::bad_markup, place + ": no JSON Feed: it has no array 'items'",
                 "if this is a list of hot topics, make it a source of kind hotlist"};
  Feed feed;
  feed.format = "json feed";
  feed.title = plain_line(escape_markup(text_of(root->get_object(), "title")));
  for (const json::value& item : items->get_array())
    if (item.is_object()) add_entry(feed, entry_of(item.get_object(), base_url));
  return feed;
}

}  // namespace tingchao::crawler
