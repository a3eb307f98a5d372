#pragma once
// Small questions to the tree that the readers of threads and lists ask again and again.

#include <functional>
#include <optional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "crawler/extract/page_text.h"

namespace tingchao::crawler {

// The first element below `within` (not itself) that has the class; no_node when there is none, or when
// `within` is no_node itself.
NodeId first_of_class(const Dom& dom, NodeId within, std::string_view class_name);
// … whose id begins with the prefix.
NodeId first_of_id(const Dom& dom, NodeId within, std::string_view prefix);
// The innermost element around `node` (itself included) that satisfies the condition.
NodeId around(const Dom& dom, NodeId node, const std::function<bool(NodeId)>& condition);

// The digits that an attribute's value ends with: "postmessage_123" → "123".
std::string_view trailing_digits(std::string_view value);

// Class names and id, lower case, for looking for hints in.
std::string names_of(const Dom& dom, NodeId node);
bool contains_any(std::string_view text, std::initializer_list<std::string_view> words);

// A number as pages write it, behind one of the labels: "查看: 1,234", "回复 57", "阅读 2.3万".
std::optional<long> labelled_number(std::string_view text, std::initializer_list<std::string_view> labels);

}  // namespace tingchao::crawler
