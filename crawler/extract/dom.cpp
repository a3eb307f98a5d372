// Access to the flat tree; how it is built: dom_builder.cpp.

#include "crawler/extract/dom.h"

namespace tingchao::crawler {

std::string_view Dom::name(NodeId n) const {
  const Node& node = (*this)[n];
  return node.tag == Tag::other ? node.text : crawler::name(node.tag);
}

std::span<const HtmlAttribute> Dom::attributes(NodeId n) const {
  const Node& node = (*this)[n];
  return std::span(attributes_).subspan(node.attributes, node.attributes_end - node.attributes);
}

std::string_view Dom::attribute(NodeId n, std::string_view name) const {
  for (const HtmlAttribute& attribute : attributes(n)) {
    if (attribute.name == name) return attribute.value;
  }
  return {};
}

bool Dom::has_attribute(NodeId n, std::string_view name) const {
  for (const HtmlAttribute& attribute : attributes(n)) {
    if (attribute.name == name) return true;
  }
  return false;
}

bool Dom::has_class(NodeId n, std::string_view class_name) const {
  const std::string_view classes = attribute(n, "class");
  for (std::size_t at = classes.find(class_name); at != std::string_view::npos; at = classes.find(class_name, at + 1)) {
    const std::size_t end = at + class_name.size();
    const bool starts = at == 0 || static_cast<unsigned char>(classes[at - 1]) <= ' ';
    const bool ends = end == classes.size() || static_cast<unsigned char>(classes[end]) <= ' ';
    if (starts && ends) return true;
  }
  return false;
}

NodeId Dom::find(Tag tag, NodeId within) const {
  for (NodeId n = within; n < end(within); ++n) {
    if (this->tag(n) == tag) return n;
  }
  return no_node;
}

}  // namespace tingchao::crawler
