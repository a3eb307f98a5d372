#pragma once
// Tells copies: an exact hash of a text's letters and digits, and a sketch of its character bigrams from
// which the share of common bigrams (Jaccard) is estimated. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis.h"

namespace tingchao::analyzer {

inline constexpr std::size_t minhash_slots = 128;
// Shorter texts are compared bigram by bigram instead: a sketch of so few would be noise.
inline constexpr std::size_t minhash_han_min = 20;
// A slot that no bigram fell into.
inline constexpr std::uint32_t minhash_empty = 0xffffffff;

// The letters and digits of a folded text, without spaces and punctuation.
std::u32string letters_of(std::u32string_view folded);

// What is compared of a text: the body's letters, the title's before them where the body is short. Both folded.
std::u32string letters_compared(std::u32string_view title, std::u32string_view body);
// Of letters_compared().
Fingerprint fingerprint(std::u32string_view title, std::u32string_view body);

// Hashes of the character bigrams, sorted, distinct; a single letter counts as one.
std::vector<std::uint32_t> bigram_hashes(std::u32string_view letters);
// The slots of the bigrams.
std::vector<std::uint32_t> minhash(const std::vector<std::uint32_t>& bigrams);

// Exact, of two sorted sets.
double jaccard_of_sets(std::span<const std::uint32_t> set, std::span<const std::uint32_t> other);

}  // namespace tingchao::analyzer
