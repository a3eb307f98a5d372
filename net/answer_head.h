#pragma once
// The head of an HTTP answer as it comes in, line by line, with what no honest server sends turned away:
// floods of headers, two different lengths (the start of a smuggled answer), compression upon compression.
// Private to net/. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "core/page.h"
#include "core/result.h"

namespace tingchao::net {

// A real answer has some 30 lines and 4 KiB; more than this is an attack. Interim answers (100 Continue)
// count, so that they cannot go on for ever either.
inline constexpr std::size_t header_lines_max = 200;
inline constexpr std::size_t header_bytes_max = 256u << 10;
// Some servers compress twice by mistake; nobody does three times.
inline constexpr int coding_layers_max = 2;

class AnswerHead {
 public:
  // One line with its line break, status lines and the empty line included. False: the answer is to be
  // refused, for the reason that objection() gives.
  bool take(std::string_view line);

  Headers headers;  // of the last status so far; names lower-case, folded lines joined
  int coding_layers() const { return layers_; }
  // too_large, bad_encoding or bad_markup, with words for people.
  const std::optional<Error>& objection() const { return objection_; }

 private:
  bool object(Errc code, std::string words);
  bool take_field(std::string name, std::string_view value);

  std::size_t lines_ = 0, bytes_ = 0;
  int layers_ = 0;
  std::string length_;
  std::optional<Error> objection_;
};

}  // namespace tingchao::net
