#include "crawler/extract/dom_query.h"

#include <algorithm>

#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

// "1,234", "2.3万", "12w": the number that the text begins with.
std::optional<long> scaled_number(std::string_view text) {
  double value = 0, place = 1;
  std::size_t i = 0;
  bool any = false, fraction = false;
  for (; i < text.size() && value < 1e15; ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      any = true;
      if (fraction) place /= 10;
      value = fraction ? value + (c - '0') * place : value * 10 + (c - '0');
    } else if (c == '.' && any && !fraction) {
      fraction = true;
    } else if (c != ',' || !any) {
      break;
    }
  }
  if (!any) return std::nullopt;
  const std::string_view unit = trim(text.substr(i));
  if (unit.starts_with("万") || unit.starts_with("w")) value *= 10'000;
  if (unit.starts_with("亿")) value *= 100'000'000;
  if (unit.starts_with("k")) value *= 1000;
  return long(value + 0.5);
}

}  // namespace

NodeId first_of_class(const Dom& dom, NodeId within, std::string_view class_name) {
  if (within == no_node) return no_node;
  for (NodeId n = within + 1; n < dom.end(within); ++n) {
    if (!dom.is_text(n) && dom.has_class(n, class_name)) return n;
  }
  return no_node;
}

NodeId first_of_id(const Dom& dom, NodeId within, std::string_view prefix) {
  if (within == no_node) return no_node;
  for (NodeId n = within + 1; n < dom.end(within); ++n) {
    if (!dom.is_text(n) && dom.attribute(n, "id").starts_with(prefix)) return n;
  }
  return no_node;
}

NodeId around(const Dom& dom, NodeId node, const std::function<bool(NodeId)>& condition) {
  for (; node != no_node; node = dom.parent(node)) {
    if (!dom.is_text(node) && condition(node)) return node;
  }
  return no_node;
}

std::string_view trailing_digits(std::string_view value) {
  std::size_t begin = value.size();
  while (begin > 0 && value[begin - 1] >= '0' && value[begin - 1] <= '9') --begin;
  return value.substr(begin);
}

std::string names_of(const Dom& dom, NodeId node) {
  std::string names(dom.attribute(node, "class"));
  names.push_back(' ');
  names += dom.attribute(node, "id");
  return ascii_lower(names);
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::optional<long> labelled_number(std::string_view text, std::initializer_list<std::string_view> labels) {
  for (const std::string_view label : labels) {
    for (std::size_t at = text.find(label); at != std::string_view::npos; at = text.find(label, at + 1)) {
      std::string_view rest = trim(text.substr(at + label.size()));
      for (const std::string_view filler : {"次数", "数", "量", "次", "：", ":", "("}) {
        if (rest.starts_with(filler)) rest = trim(rest.substr(filler.size()));
      }
      if (const auto value = scaled_number(rest)) return value;
    }
  }
  return std::nullopt;
}

}  // namespace tingchao::crawler
