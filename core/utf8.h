#pragma once
// UTF-8 as bytes: checking, walking and cutting without ever splitting a character. What needs
// Unicode tables (normalisation, properties) is the analyzer's matter, not this header's.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tingchao {

// Strict: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view bytes);

// Every ill-formed sequence replaced by U+FFFD (maximal subparts, as WHATWG and Unicode advise).
// NUL bytes become U+FFFD too, so the result is safe for C interfaces.
std::string to_valid_utf8(std::string_view bytes);

// Decodes the character at `at` (< text.size(), text valid) and moves `at` behind it.
char32_t next_char(std::string_view text, std::size_t& at);
void append_char(std::string& out, char32_t c);

std::size_t count_chars(std::string_view text);

// The longest prefix of at most `bytes_max` bytes / `chars_max` characters that ends on a border.
std::string_view cut_bytes(std::string_view text, std::size_t bytes_max);
std::string_view cut_chars(std::string_view text, std::size_t chars_max);

// Han ideographs: the URO, extensions A–H, compatibility block, and 〇.
inline bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2EBE0) ||
         (c >= 0x30000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F) ||
         c == 0x3007;
}

// ASCII only; Chinese and all else untouched.
std::string ascii_lower(std::string_view text);
// Without ASCII white space, NBSP and U+3000 at both ends.
std::string_view trim(std::string_view text);

}  // namespace tingchao
