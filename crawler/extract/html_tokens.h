#pragma once
// HTML text as a stream of tags and pieces of text, in one pass and without memory of its own: names
// are lower-cased and character references resolved in place (both never grow), so tokens are views
// into the caller's buffer. Follows the tokenizer of the HTML standard where pages depend on it;
// comments, declarations and processing instructions are left out.

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "crawler/extract/tag.h"

namespace tingchao::crawler {

struct HtmlAttribute {
  std::string_view name, value;
};

struct HtmlToken {
  enum class Kind { text, start, end };
  Kind kind = Kind::text;
  Tag tag = Tag::text;
  std::string_view name;  // of a tag
  std::string_view text;
  std::vector<HtmlAttribute> attributes;
  bool self_closing = false;
};

// More attributes than any real element has (70 is the most seen); the rest is dropped.
inline constexpr std::size_t attributes_max = 128;

class HtmlTokens {
 public:
  // `buffer` must be valid UTF-8 and outlive the tokens; it is changed.
  HtmlTokens(char* buffer, std::size_t size) : at_(buffer), end_(buffer + size) {}

  // False at the end. The token's vector is reused.
  bool next(HtmlToken& token);

 private:
  bool markup(HtmlToken& token);
  void skip_comment();
  void read_tag(HtmlToken& token, char* name);
  bool read_attribute(HtmlToken& token);
  std::string_view attribute_value();
  bool raw_text(HtmlToken& token);

  char* at_;
  char* end_;
  Tag raw_ = Tag::text;               // the start tag just given was one whose content is raw
  std::array<bool, 256> unclosed_{};  // raw elements whose end tag does not come any more
};

// Resolves character references in place; returns the shorter view. In attributes "&copy=1" stays.
std::string_view resolve_references(char* text, std::size_t size, bool in_attribute);

}  // namespace tingchao::crawler
