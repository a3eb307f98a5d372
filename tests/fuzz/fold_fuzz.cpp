// The view for matching, of any bytes: the offset map never leaves the stored text nor splits a character,
// never runs backwards, and folding what is folded changes nothing.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/text/prepared.h"
#include "core/result.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

bool on_border(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text =
      to_valid_utf8({reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 20'000)});
  TextView view = fold(text);
  const std::size_t folded = view.folded.size();
  TINGCHAO_ASSERT(view.from.size() >= folded && view.until.size() >= folded);
  for (std::size_t i = 0; i < folded; ++i) {
    TINGCHAO_ASSERT(view.from[i] < view.until[i] && view.until[i] <= text.size());
    TINGCHAO_ASSERT(on_border(text, view.from[i]) && on_border(text, view.until[i]));
    TINGCHAO_ASSERT(i == 0 || view.from[i] >= view.from[i - 1]);
    TINGCHAO_ASSERT(view.at_byte(view.from[i]) <= i);
  }
  std::string once;
  for (const char32_t c : view.folded) append_char(once, c);
  TINGCHAO_ASSERT(fold(once).folded == view.folded);
  split(view);
  TINGCHAO_ASSERT(view.sentences.empty() || view.sentences.back() == folded);
  for (std::size_t i = 1; i < view.sentences.size(); ++i) TINGCHAO_ASSERT(view.sentences[i - 1] <= view.sentences[i]);
  for (std::size_t i = 1; i < view.paragraphs.size(); ++i)
    TINGCHAO_ASSERT(view.paragraphs[i - 1] <= view.paragraphs[i]);
  return 0;
}
