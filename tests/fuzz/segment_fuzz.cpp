// The segmenter on any text: words cover the stored bytes without gap or overlap, on borders of characters;
// the judges answer for any stretch. "model:" and "gold:" feed the reader of models and the trainer.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/segment/border_trainer.h"
#include "analyzer/segment/segmenter.h"
#include "analyzer/segment/shipped.h"
#include "core/result.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

const Segmenter& segmenter() {
  static const auto built = Segmenter::build({{"own.txt", "乐学营 3\n校服 2\n双减\n"}}, {});
  TINGCHAO_ASSERT(built.has_value());
  return **built;
}

void try_text(std::string_view bytes) {
  const std::string text = to_valid_utf8(bytes);
  TextView view = fold(text);
  segmenter().mark(view);
  const std::size_t size = view.folded.size();
  TINGCHAO_ASSERT(view.border.size() == size + 1 && view.border.front() == 1 && view.border.back() == 1);
  std::vector<std::uint8_t> again;
  segmenter().mark(view.folded, again);
  TINGCHAO_ASSERT(again == view.border);
  for (std::size_t begin = 0; begin < size; begin += 1 + size / 64)
    for (std::size_t length = 1; length <= 5 && begin + length <= size; length += 2) {
      const bool model = crosses_word(view, begin, begin + length);
      const bool judged = is_no_word(view, begin, begin + length);
      TINGCHAO_ASSERT(judged == is_no_word(view, begin, begin + length));
      if (length == 1) TINGCHAO_ASSERT(!model && !judged);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 20'000));
  if (input.starts_with("model:")) {
    const auto weights = BorderWeights::parse(input.substr(6), "m");
    if (weights) TINGCHAO_ASSERT(weights->to_bytes() == input.substr(6));
    if (!weights) TINGCHAO_ASSERT(weights.error().detail.starts_with("m: byte "));
    return 0;
  }
  if (input.starts_with("gold:")) {
    static const auto words = WordArray::open(shipped_words());
    BorderTraining how;
    how.epochs = 2;
    const auto trained = train_borders(input.substr(5, 2000), "g", *words, how);
    if (!trained) TINGCHAO_ASSERT(trained.error().detail.starts_with("g:"));
    if (trained) TINGCHAO_ASSERT(BorderWeights::parse(trained->weights.to_bytes(), "m").has_value());
    return 0;
  }
  try_text(input);
  return 0;
}
