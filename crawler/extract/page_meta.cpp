// JSON-LD is read leniently: pages put line breaks into its strings, wrap objects in lists and in
// @graph, and describe the site and the breadcrumb beside the article.

#include "crawler/extract/page_meta.h"

#include <algorithm>

#include <boost/json.hpp>

#include "core/json.h"
#include "core/utf8.h"
#include "crawler/extract/page_text.h"

namespace tingchao::crawler {
namespace {

namespace json = boost::json;

std::string_view string_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

bool is_article_type(std::string_view type) {
  return type.ends_with("Article") || type.ends_with("Posting") || type == "Report" || type == "Question" ||
         type == "WebPage";
}

bool is_article(const json::object& object) {
  const json::value* const type = object.if_contains("@type");
  if (type == nullptr) return object.contains("pubDate");  // Baidu's own dialect has no type
  if (type->is_string()) return is_article_type(type->get_string());
  if (!type->is_array()) return false;
  const json::array& types = type->get_array();
  return std::any_of(types.begin(), types.end(),
                     [](const json::value& t) { return t.is_string() && is_article_type(t.get_string()); });
}

void take(std::string& field, std::string_view value) {
  if (field.empty()) field = trim(value);
}

void read_object(const json::object& object, StructuredArticle& out) {
  take(out.headline, string_of(object, "headline"));
  take(out.headline, string_of(object, "title"));
  take(out.body, string_of(object, "articleBody"));
  take(out.published, string_of(object, "datePublished"));
  take(out.published, string_of(object, "pubDate"));
  take(out.modified, string_of(object, "dateModified"));
  take(out.modified, string_of(object, "upDate"));
}

// Objects in lists and below @graph and mainEntity; the parser has bounded the depth already.
void read_json(const json::value& root, StructuredArticle& out) {
  std::vector<const json::value*> open{&root};
  while (!open.empty()) {
    const json::value* const value = open.back();
    open.pop_back();
    if (const json::array* const list = value->if_array()) {
      for (auto it = list->rbegin(); it != list->rend(); ++it) open.push_back(&*it);
    } else if (const json::object* const object = value->if_object()) {
      if (is_article(*object)) read_object(*object, out);
      for (const char* key : {"mainEntity", "@graph"}) {
        if (const json::value* const inner = object->if_contains(key)) open.push_back(inner);
      }
    }
  }
}

void read_json_ld(const Dom& dom, StructuredArticle& out) {
  constexpr std::size_t bytes_max = 1u << 20;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::script || dom.attribute(n, "type").find("ld+json") == std::string_view::npos) continue;
    const NodeId content = dom.first_child(n);
    if (content == no_node || dom.text(content).size() > bytes_max) continue;
    std::string text(dom.text(content));
    // A raw control character is not allowed in a JSON string, and stands in many.
    std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    const auto parsed = parse_json(trim(text));
    if (parsed) read_json(*parsed, out);
  }
}

void read_microdata(const Dom& dom, StructuredArticle& out) {
  for (NodeId n = 0; n < dom.size(); ++n) {
    const std::string_view property = dom.attribute(n, "itemprop");
    if (property.empty()) continue;
    if (property == "articleBody" && out.body_node == no_node) out.body_node = n;
    const std::string_view content = dom.attribute(n, "content");
    const std::string_view value = content.empty() ? dom.attribute(n, "datetime") : content;
    if (property == "datePublished") take(out.published, value);
    if (property == "dateModified") take(out.modified, value);
    if (property == "headline") take(out.headline, content);
  }
}

}  // namespace

// No title is longer; an attack is.
constexpr std::size_t title_bytes_max = 2000;

PageMeta::PageMeta(const Dom& dom) {
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) == Tag::title && page_title_.empty()) {
      const NodeId child = dom.first_child(n);
      if (child != no_node) page_title_ = folded(cut_bytes(dom.text(child), title_bytes_max));
    }
    if (dom.tag(n) != Tag::meta) continue;
    const std::string_view content = dom.attribute(n, "content");
    if (trim(content).empty()) continue;
    for (const char* key : {"name", "property", "itemprop", "http-equiv"}) {
      const std::string_view name = dom.attribute(n, key);
      if (!name.empty()) entries_.emplace_back(ascii_lower(name), trim(content));
    }
  }
}

std::string_view PageMeta::first(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    for (const auto& [known, content] : entries_) {
      if (known == name) return content;
    }
  }
  return {};
}

StructuredArticle structured_article(const Dom& dom) {
  StructuredArticle out;
  read_json_ld(dom, out);
  read_microdata(dom, out);
  return out;
}

}  // namespace tingchao::crawler
