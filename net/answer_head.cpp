#include "net/answer_head.h"

#include <algorithm>

#include "core/utf8.h"

namespace tingchao::net {
namespace {

constexpr std::size_t usual_lines = 16;

bool is_break(char c) { return c == '\r' || c == '\n' || c == '\0'; }

// How many codings of a Content-Encoding or Transfer-Encoding value are compressions.
int compressions(std::string_view value) {
  int count = 0;
  while (!value.empty()) {
    const std::string_view item = value.substr(0, value.find(','));
    value.remove_prefix(std::min(value.size(), item.size() + 1));
    const std::string coding = ascii_lower(trim(item.substr(0, item.find(';'))));
    count += !coding.empty() && coding != "identity" && coding != "none" && coding != "chunked";
  }
  return count;
}

}  // namespace

bool AnswerHead::object(Errc code, std::string words) {
  objection_ = Error{code, std::move(words), ""};
  return false;
}

bool AnswerHead::take(std::string_view line) {
  bytes_ += line.size();
  if (++lines_ > header_lines_max || bytes_ > header_bytes_max)
    return object(Errc::too_large, "more headers than any honest answer has");
  if (line.starts_with("HTTP/")) {  // a new answer: after 100 Continue
    headers.clear();
    layers_ = 0;
    length_.clear();
    return true;
  }
  const bool folded = line.starts_with(' ') || line.starts_with('\t');
  line = trim(line);
  if (line.empty()) return true;
  std::string clean;  // a CR or NUL within is to be read as a space (RFC 9110 §5.5)
  if (std::any_of(line.begin(), line.end(), is_break)) {
    clean = line;
    std::replace_if(clean.begin(), clean.end(), is_break, ' ');
    line = clean;
  }
  if (folded) {
    if (!headers.empty()) headers.back().second.append(" ").append(line);
    return true;
  }
  const auto colon = line.find(':');
  if (colon == line.npos) return true;
  return take_field(ascii_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
}

bool AnswerHead::take_field(std::string name, std::string_view value) {
  if (name == "content-length") {
    if (!length_.empty() && length_ != value)
      return object(Errc::bad_markup, "two different lengths, " + length_ + " and " + std::string(value));
    length_ = value;
  } else if (name == "content-encoding" || name == "transfer-encoding") {
    layers_ += compressions(value);
    if (layers_ > coding_layers_max)
      return object(Errc::bad_encoding, "compressed " + std::to_string(layers_) + " times over");
  }
  if (headers.empty()) headers.reserve(usual_lines);
  headers.emplace_back(std::move(name), std::string(value));
  return true;
}

}  // namespace tingchao::net
