#pragma once
// What looks like a person's name, so that it is never proposed: a common surname before letters that are no word,
// with or without a title. Errs on the side of silence.

#include <functional>
#include <string_view>

namespace tingchao::analyzer {

// `knows`: whether the dictionary has a word.
bool looks_like_name(std::u32string_view word, const std::function<bool(std::u32string_view)>& knows);
// Whether what stands around [begin, end) calls it a person: 名叫…, …老师.
bool is_called_person(std::u32string_view text, std::size_t begin, std::size_t end);

}  // namespace tingchao::analyzer
