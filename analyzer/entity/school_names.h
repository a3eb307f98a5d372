#pragma once
// How the names of schools are shortened in speech: 杭州市第二中学 is 杭州二中 and, at home, 二中;
// 实验小学 is 实小. Pure functions over folded text.

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tingchao::analyzer {

// 十一 → 11, 11 → 11; 0: not a numeral of 1 … 199.
int numeral_value(std::u32string_view text);
// 11 → 十一.
std::u32string chinese_numeral(int value);
// The length of the numeral (一 … 九十九, 1 … 199) that `text` begins with.
std::size_t numeral_length(std::u32string_view text);

// Shorter forms of a name without its division prefix, itself not included: 第二中学 → 二中, 2中.
std::set<std::u32string> short_forms(std::u32string_view core);

// True for a name that nearly every district has: 实验小学, 第一中学, 二中, 中心幼儿园.
bool is_common_name(std::u32string_view core);
// True for what is no name at all: 小学, 高级中学.
bool is_bare_type(std::u32string_view core);

// One form for all the ways to write a name, to compare schools outside the roster: numerals in
// Chinese, 第N中学 as N中, 市 and 县 of the place left out, 实验小学 as 实小.
std::u32string school_key(std::u32string_view name);

}  // namespace tingchao::analyzer
