// One decoder, which knows for each lead byte what may follow (Unicode 15, table 3-7), serves all.
#include "core/utf8.h"

#include <cstdint>
#include <cstring>

#include "core/result.h"

namespace tingchao {
namespace {

// The length of the well-formed sequence at `at`, or 0; `bad` gets how many bytes a maximal
// ill-formed subpart takes.
std::size_t sequence(std::string_view s, std::size_t at, std::size_t& bad) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  const unsigned lead = byte(at);
  bad = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  unsigned least = 0x80, most = 0xBF;
  if (lead == 0xE0) least = 0xA0;
  if (lead == 0xED) most = 0x9F;
  if (lead == 0xF0) least = 0x90;
  if (lead == 0xF4) most = 0x8F;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned c = byte(at + i);
    if (at + i >= s.size() || c < least || c > most) {
      bad = i;
      return 0;
    }
    least = 0x80;
    most = 0xBF;
  }
  return length;
}

bool is_border(std::string_view text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      // Markup comes in runs: eight bytes at a time.
      for (std::uint64_t eight = 0; bytes.size() - at >= sizeof eight; at += sizeof eight) {
        std::memcpy(&eight, bytes.data() + at, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0) break;
      }
      continue;
    }
    const std::size_t length = sequence(bytes, at, bad);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string to_valid_utf8(std::string_view bytes) {
  if (is_utf8(bytes) && bytes.find('\0') == std::string_view::npos) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size());
  std::size_t bad = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence(bytes, at, bad);
    if (length == 0 || bytes[at] == '\0') {
      out += "\xEF\xBF\xBD";
      at += length == 0 ? bad : 1;
    } else {
      out.append(bytes.substr(at, length));
      at += length;
    }
  }
  return out;
}

char32_t next_char(std::string_view text, std::size_t& at) {
  TINGCHAO_ASSERT(at < text.size());
  const auto lead = static_cast<unsigned char>(text[at]);
  const auto tail = [&](std::size_t i) -> char32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) & 0x3Fu : 0u;
  };
  char32_t c = lead;
  std::size_t length = 1;
  if (lead >= 0xF0) {
    c = (lead & 0x07u) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
    length = 4;
  } else if (lead >= 0xE0) {
    c = (lead & 0x0Fu) << 12 | tail(1) << 6 | tail(2);
    length = 3;
  } else if (lead >= 0xC0) {
    c = (lead & 0x1Fu) << 6 | tail(1);
    length = 2;
  }
  at = at + length < text.size() ? at + length : text.size();
  return c;
}

void append_char(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) c = 0xFFFD;  // these have no UTF-8 form
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x800) {
    const char bytes[] = {static_cast<char>(0xC0 | c >> 6), tail(0)};
    out.append(bytes, sizeof bytes);
  } else if (c < 0x10000) {
    const char bytes[] = {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
    out.append(bytes, sizeof bytes);
  } else {
    const char bytes[] = {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
    out.append(bytes, sizeof bytes);
  }
}

std::size_t count_chars(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string_view cut_bytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && !is_border(text, bytes_max)) --bytes_max;
  return text.substr(0, bytes_max);
}

std::string_view cut_chars(std::string_view text, std::size_t chars_max) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (is_border(text, at) && chars_max-- == 0) break;
  return text.substr(0, at);
}

bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2EBE0) ||
         (c >= 0x30000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F) ||
         c == 0x3007;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

namespace {

// How many bytes of a blank stand at the beginning: ASCII's, the no-break and the wide space, a byte order
// mark.
std::size_t leading_blank(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text.front();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (c == '\xC2') return text.starts_with("\xC2\xA0") ? 2 : 0;
  if (c == '\xE3') return text.starts_with("\xE3\x80\x80") ? 3 : 0;
  return c == '\xEF' && text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

std::size_t trailing_blank(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text.back();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (c == '\xA0') return text.ends_with("\xC2\xA0") ? 2 : 0;
  if (c == '\x80') return text.ends_with("\xE3\x80\x80") ? 3 : 0;
  return c == '\xBF' && text.ends_with("\xEF\xBB\xBF") ? 3 : 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (const std::size_t bytes = leading_blank(text)) text.remove_prefix(bytes);
  while (const std::size_t bytes = trailing_blank(text)) text.remove_suffix(bytes);
  return text;
}

}  // namespace tingchao
